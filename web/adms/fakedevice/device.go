// Package fakedevice is an attendance machine, simulated: written from the table of
// the protocol and not from the receiver that it talks to. It is as strict as a
// machine: whatever is not the expected answer counts as none, is noted as a
// violation, and what was sent is sent again.
//
// It is for tests, for the demo and for measuring; no machine of an office runs it.
package fakedevice

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Dialect is how a firmware differs from the others.
type Dialect struct {
	Name     string
	Registry bool   // it introduces itself before it greets, and pings
	StampKey string // the option that it reads: "Stamp" or "ATTLOGStamp"
	Suffix   string // ".aspx" of some
	LineEnd  string
	Pad      int  // width to which PINs are padded with spaces
	Fields   int  // columns of a record, 4 to 7
	Small    bool // names of parameters in small letters
	PlainOK  bool // it only looks whether the answer begins with OK
	AsksTime bool // it sets its clock by ours
	Batch    int  // records it sends at once
}

// Dialects are the firmwares that were seen in the field.
func Dialects() []Dialect {
	return []Dialect{
		{Name: "X100-C 2010", StampKey: "Stamp", LineEnd: "\n", Fields: 5, Batch: 50, PlainOK: true},
		{Name: "Solution X606", StampKey: "Stamp", LineEnd: "\r\n", Pad: 9, Fields: 7, Batch: 20},
		{Name: "iClock 700 aspx", StampKey: "Stamp", Suffix: ".aspx", LineEnd: "\n", Fields: 7, Batch: 100},
		{Name: "SpeedFace-V5L", StampKey: "ATTLOGStamp", Registry: true, LineEnd: "\n", Fields: 7, Batch: 30, AsksTime: true},
		{Name: "small letters", StampKey: "ATTLOGStamp", Registry: true, LineEnd: "\n", Fields: 4, Batch: 1, Small: true},
	}
}

// Config is what a machine is set to by whoever hangs it up.
type Config struct {
	Base    string // the server's address, with the path up to /iclock
	Serial  string
	Zone    *time.Location
	Dialect Dialect
	Client  *http.Client
	// LoseAnswer, when set, says which of the machine's requests (from 1) hears no
	// answer although it arrived.
	LoseAnswer func(n int) bool
}

// Device is one machine. It may be used by one goroutine at a time, besides
// [Device.Violations].
type Device struct {
	cfg      Config
	records  []string // all it holds, the first is number 1
	sent     int      // how many of them were answered by OK
	others   []other  // what it wants to send besides
	greeted  bool
	requests int
	clock    time.Duration // how wrong its clock is

	mu         sync.Mutex
	violations []string
}

type other struct{ table, body string }

// New hangs a machine up.
func New(cfg Config) *Device { return &Device{cfg: cfg} }

// SetClock makes its clock wrong.
func (d *Device) SetClock(off time.Duration) { d.clock = off }

// Punch records that somebody stood before it.
func (d *Device) Punch(pin string, at time.Time) {
	columns := []string{
		fmt.Sprintf("%*s", d.cfg.Dialect.Pad, pin), at.Add(d.clock).In(d.cfg.Zone).Format(time.DateTime), "255", "1", "0", "0", "0",
	}
	d.records = append(d.records, strings.Join(columns[:max(2, min(d.cfg.Dialect.Fields, len(columns)))], "\t"))
}

// Enrol takes somebody's finger, face and photo, which machines push too.
func (d *Device) Enrol(pin, name, template string) {
	d.others = append(d.others,
		other{"OPERLOG", "USER PIN=" + pin + "\tName=" + name + "\tPri=0\tPasswd=\tCard=\tGrp=1\n" +
			"FP PIN=" + pin + "\tFID=6\tSize=" + strconv.Itoa(len(template)) + "\tValid=1\tTMP=" + template + "\n" +
			"FACE PIN=" + pin + "\tFID=0\tSize=" + strconv.Itoa(len(template)) + "\tValid=1\tTMP=" + template + "\n" +
			"OPLOG 30\t0\t2026-11-23 07:00:00\t" + pin + "\t0\t0\t0\n"},
		other{"BIODATA", "BIODATA Pin=" + pin + "\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\tMajorVer=5\tTmp=" + template + "\n"},
		other{"BIOPHOTO", "BIOPHOTO PIN=" + pin + "\tFileName=" + pin + ".jpg\tType=9\tSize=4\tContent=" + template + "\n"},
		other{"USERINFO", "USERINFO PIN=" + pin + "\tName=" + name + "\n"})
}

// Waiting is how many records were not answered by OK yet.
func (d *Device) Waiting() int { return len(d.records) - d.sent }

// Forget makes it believe that nothing was sent, as after a new firmware.
func (d *Device) Forget() { d.sent, d.greeted = 0, false }

// Violations are the answers that no server may give.
func (d *Device) Violations() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.violations)
}

func (d *Device) violate(format string, args ...any) error {
	err := fmt.Errorf(d.cfg.Serial+": "+format, args...)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.violations = append(d.violations, err.Error())
	return err
}

// errLost is a network that swallowed the answer.
type lostError struct{}

func (lostError) Error() string { return "no answer" }

// ErrLost says that the answer did not arrive; the machine tries again.
var ErrLost error = lostError{}

// Talk is one round of a machine: it greets when it has not, sends what it holds,
// and asks whether there is anything to do. An error leaves the rest for the next
// round.
func (d *Device) Talk(ctx context.Context) error {
	if !d.greeted {
		if err := d.greet(ctx); err != nil {
			return err
		}
	}
	if err := d.push(ctx); err != nil {
		return err
	}
	for len(d.others) > 0 {
		o := d.others[0]
		if err := d.ok(ctx, http.MethodPost, "cdata", url.Values{"table": {o.table}, "OpStamp": {"1"}}, o.body); err != nil {
			return err
		}
		d.others = d.others[1:]
	}
	if d.cfg.Dialect.Registry {
		if err := d.ok(ctx, http.MethodGet, "ping", nil, ""); err != nil {
			return err
		}
	}
	return d.poll(ctx)
}

func (d *Device) greet(ctx context.Context) error {
	if d.cfg.Dialect.Registry {
		if err := d.ok(ctx, http.MethodPost, "registry", nil, "~DeviceName="+d.cfg.Dialect.Name+",MAC=00:17:61:00:00:01,TransactionCount=0"); err != nil {
			return err
		}
	}
	if d.cfg.Dialect.AsksTime {
		text, err := d.ask(ctx, http.MethodGet, "cdata", url.Values{"type": {"time"}}, "")
		if err != nil {
			return err
		}
		if _, err := time.Parse("2006-01-02T15:04:05-07:00", text); err != nil {
			return d.violate("the time is %q", text)
		}
	}
	text, err := d.ask(ctx, http.MethodGet, "cdata", url.Values{"options": {"all"}, "pushver": {"2.2.2"}, "language": {"69"}}, "")
	if err != nil {
		return err
	}
	return d.obey(text)
}

// obey takes the options of the greeting.
func (d *Device) obey(text string) error {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if lines[0] != "GET OPTION FROM: "+d.cfg.Serial {
		return d.violate("the greeting begins with %q", lines[0])
	}
	options := map[string]string{}
	for _, line := range lines[1:] {
		key, value, found := strings.Cut(line, "=")
		if !found || key != strings.TrimSpace(key) || strings.ContainsAny(line, "\r\t") {
			return d.violate("the option %q", line)
		}
		options[key] = value
	}
	for _, key := range []string{d.cfg.Dialect.StampKey, "ErrorDelay", "Delay", "TransInterval", "Realtime", "Encrypt", "TimeZone"} {
		if _, err := strconv.Atoi(options[key]); err != nil {
			return d.violate("the option %s is %q", key, options[key])
		}
	}
	if options["Encrypt"] != "0" || options["Realtime"] != "1" {
		return d.violate("it is to be silent or to encrypt")
	}
	if flags := options["TransFlag"]; len(flags) < 10 || strings.Trim(flags, "01") != "" || flags[0] != '1' {
		return d.violate("TransFlag is %q", flags)
	}
	stamp, _ := strconv.Atoi(options[d.cfg.Dialect.StampKey])
	if stamp < d.sent {
		d.sent = stamp // asked for everything again
	}
	d.greeted = true
	return nil
}

// push sends records in batches; each is done when it is answered by OK.
func (d *Device) push(ctx context.Context) error {
	for d.sent < len(d.records) {
		end := min(d.sent+d.cfg.Dialect.Batch, len(d.records))
		batch := d.records[d.sent:end]
		text, err := d.ask(ctx, http.MethodPost, "cdata", url.Values{"table": {"ATTLOG"}, "Stamp": {strconv.Itoa(end)}},
			strings.Join(batch, d.cfg.Dialect.LineEnd)+d.cfg.Dialect.LineEnd)
		if err != nil {
			return err
		}
		if text != "OK" && text != "OK: "+strconv.Itoa(len(batch)) && (!d.cfg.Dialect.PlainOK || !strings.HasPrefix(text, "OK")) {
			return d.violate("the answer to %d records is %q", len(batch), text)
		}
		d.sent = end
	}
	return nil
}

// poll asks for commands and answers them.
func (d *Device) poll(ctx context.Context) error {
	text, err := d.ask(ctx, http.MethodGet, "getrequest", url.Values{"INFO": {"Ver 8.0.4.2,1,1," + strconv.Itoa(len(d.records))}}, "")
	if err != nil || text == "OK" {
		return err
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		rest, isCommand := strings.CutPrefix(line, "C:")
		id, command, whole := strings.Cut(rest, ":")
		if !isCommand || !whole || command == "" {
			return d.violate("the command %q", line)
		}
		name, _, _ := strings.Cut(command, " ")
		if err := d.ok(ctx, http.MethodPost, "devicecmd", nil, "ID="+id+"&Return=0&CMD="+name+"\n"); err != nil {
			return err
		}
	}
	return nil
}

func (d *Device) ok(ctx context.Context, method, what string, query url.Values, body string) error {
	text, err := d.ask(ctx, method, what, query, body)
	if err == nil && text != "OK" {
		err = d.violate("the answer to %s is %q", what, text)
	}
	return err
}

// ask sends one request and checks what any machine checks of an answer.
func (d *Device) ask(ctx context.Context, method, what string, query url.Values, body string) (string, error) {
	name := "SN"
	if d.cfg.Dialect.Small {
		name = "sn"
	}
	all := url.Values{name: {d.cfg.Serial}}
	for k, v := range query {
		if d.cfg.Dialect.Small {
			k = strings.ToLower(k)
		}
		all[k] = v
	}
	d.requests++
	req, err := http.NewRequestWithContext(ctx, method, d.cfg.Base+"/iclock/"+what+d.cfg.Dialect.Suffix+"?"+all.Encode(), strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("User-Agent", "iClock Proxy/1.09")
	res, err := d.cfg.Client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	switch {
	case err != nil:
		return "", err
	case d.cfg.LoseAnswer != nil && d.cfg.LoseAnswer(d.requests):
		return "", ErrLost
	case res.StatusCode != http.StatusOK:
		return "", fmt.Errorf("%s: answered by %d", what, res.StatusCode)
	case !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain"):
		return "", d.violate("%s answered as %q", what, res.Header.Get("Content-Type"))
	case res.ContentLength < 0: // machines cannot take a body in pieces
		return "", d.violate("%s answered without a length", what)
	}
	return string(raw), nil
}
