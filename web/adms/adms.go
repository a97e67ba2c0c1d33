// Package adms takes what attendance machines push: the protocol that their makers
// call ADMS or iclock, in which the machine is the HTTP client and everything is
// plain text.
//
//	machine                                              we
//	GET  /iclock/cdata?SN=…&options=all              ──▶ what to send, and from where on
//	POST /iclock/cdata?SN=…&table=ATTLOG&Stamp=…     ──▶ OK: n, after the commit
//	POST /iclock/cdata?SN=…&table=OPERLOG|BIODATA|…  ──▶ OK; read to its end and dropped
//	POST /iclock/fdata?SN=…                          ──▶ OK; the same
//	GET  /iclock/getrequest?SN=…                     ──▶ OK: there is nothing to do
//	POST /iclock/devicecmd, /iclock/registry, GET /iclock/ping ──▶ OK
//
// Whatever is not answered by OK the machine sends again, so OK is only said of
// what is committed, and a second sending changes nothing. Templates of fingers and
// faces, photos and names are never kept, never logged and never looked at.
//
// The protocol has no proof of who sends. A machine must be on the list of serial
// numbers, and its path carries a secret, /adms/{secret}/iclock/…, unless it was
// added as one whose firmware cannot.
package adms

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"ekinerja/roster"
	"ekinerja/store"
)

// Limits of what a machine may send at once.
const (
	maxPunches = 2 << 20  // bytes of a push of records: about 50,000
	maxDropped = 10 << 20 // of anything else, which is read and dropped
	maxAtOnce  = 64       // pushes that are read at the same time
)

// listEvery is how long the list of machines is believed: a revoked one is refused
// so much later.
const listEvery = 15 * time.Second

// Machines are the rows of which machines may send.
type Machines interface {
	Devices(ctx context.Context) ([]store.Device, error)
	// ResendTold notes that a machine was asked for everything.
	ResendTold(ctx context.Context, id int64) error
	// SeeDevices notes when machines were last heard.
	SeeDevices(ctx context.Context, seen map[int64]time.Time) error
}

// Config is what a receiver needs; all of it.
type Config struct {
	Machines Machines
	// Keep returns when a push is committed.
	Keep func(ctx context.Context, p store.Push) error
	Now  func() time.Time
	Log  *slog.Logger
}

// Receiver answers machines. Make it with [New].
type Receiver struct {
	cfg  Config
	mux  *http.ServeMux
	room chan struct{} // one for each push that is read

	mu        sync.Mutex
	devices   map[string]store.Device // by serial number
	listed    time.Time               // when they were read
	seen      map[int64]time.Time     // since the last flush
	strangers map[string]time.Time    // refused serial numbers and when that was logged
}

// New makes the receiver.
func New(cfg Config) *Receiver {
	r := &Receiver{
		cfg: cfg, mux: http.NewServeMux(), room: make(chan struct{}, maxAtOnce),
		seen: map[int64]time.Time{}, strangers: map[string]time.Time{},
	}
	r.mux.HandleFunc("/iclock/{what}", r.serve)
	r.mux.HandleFunc("/adms/{secret}/iclock/{what}", r.serve)
	return r
}

// ServeHTTP answers one request of a machine.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.mux.ServeHTTP(w, req) }

// Flush notes which machines were heard since the last time.
func (r *Receiver) Flush(ctx context.Context) error {
	r.mu.Lock()
	seen := r.seen
	r.seen = map[int64]time.Time{}
	r.mu.Unlock()
	return r.cfg.Machines.SeeDevices(ctx, seen)
}

func (r *Receiver) serve(w http.ResponseWriter, req *http.Request) {
	d, ok, err := r.admit(req)
	switch {
	case err != nil:
		r.cfg.Log.Error("machines not listed", "error", err)
		say(w, http.StatusServiceUnavailable, "busy")
		return
	case !ok: // the same words whatever is wrong: a stranger learns nothing
		say(w, http.StatusForbidden, "forbidden")
		return
	}
	what := strings.TrimSuffix(strings.ToLower(req.PathValue("what")), ".aspx")
	switch {
	case what == "cdata" && req.Method == http.MethodGet:
		r.greet(w, req, d)
	case what == "cdata" && req.Method == http.MethodPost && strings.EqualFold(param(req, "table"), "ATTLOG"):
		r.punches(w, req, d)
	case what == "cdata" || what == "fdata" || what == "devicecmd" || what == "getrequest" || what == "registry" || what == "ping" || what == "push":
		drop(w, req)
	default:
		say(w, http.StatusNotFound, "unknown")
	}
}

// param is a query parameter whose name some firmware writes in small letters.
func param(req *http.Request, name string) string {
	for k, v := range req.URL.Query() {
		if strings.EqualFold(k, name) && len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the machine has gone and will come again
}

// drop reads what was sent to its end, keeps nothing of it and says OK: a machine
// that hears something else would send its templates for ever.
func drop(w http.ResponseWriter, req *http.Request) {
	n, err := io.Copy(io.Discard, io.LimitReader(req.Body, maxDropped))
	if err != nil {
		return // it broke off, and will come again
	}
	if n == maxDropped {
		w.Header().Set("Connection", "close") // the rest is not waited for
	}
	say(w, http.StatusOK, "OK")
}

// greet tells a machine what to send. Some firmware asks only for the time.
func (r *Receiver) greet(w http.ResponseWriter, req *http.Request, d store.Device) {
	if strings.EqualFold(param(req, "type"), "time") {
		say(w, http.StatusOK, r.cfg.Now().In(d.Zone).Format("2006-01-02T15:04:05-07:00"))
		return
	}
	if param(req, "options") == "" {
		say(w, http.StatusOK, "OK")
		return
	}
	stamp := d.Stamp
	if stamp == "" || d.Resend {
		stamp = "0" // all of it: twice is no harm, never would be
	}
	if d.Resend {
		if err := r.cfg.Machines.ResendTold(req.Context(), d.ID); err != nil {
			r.cfg.Log.Error("machine's greeting not noted", "device", d.ID, "error", err)
		}
		r.forgetList()
	}
	say(w, http.StatusOK, options(d, stamp))
}

// options are the settings of the push, for both dialects: older firmware reads
// Stamp and OpStamp, newer ATTLOGStamp and OPERLOGStamp, each leaves the other.
// Nothing but records is asked for; what comes all the same is dropped.
func options(d store.Device, stamp string) string {
	_, offset := time.Time{}.In(d.Zone).Zone()
	const secondsAnHour = 3600
	return strings.Join([]string{
		"GET OPTION FROM: " + d.Serial,
		"Stamp=" + stamp, "ATTLOGStamp=" + stamp, "OpStamp=9999", "OPERLOGStamp=9999", "PhotoStamp=9999", "ATTPHOTOStamp=9999",
		"ErrorDelay=60", "Delay=30", "TransTimes=00:00;14:05", "TransInterval=1", "TransFlag=1000000000",
		"TimeZone=" + strconv.Itoa(offset/secondsAnHour), "Realtime=1", "Encrypt=0", "ServerVer=2.2.14", "SupportPing=1", "",
	}, "\n")
}

// punches keeps the records of a push and says OK after the commit.
func (r *Receiver) punches(w http.ResponseWriter, req *http.Request, d store.Device) {
	select {
	case r.room <- struct{}{}:
		defer func() { <-r.room }()
	case <-req.Context().Done():
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxPunches))
	if err != nil {
		say(w, http.StatusRequestEntityTooLarge, "too large")
		return
	}
	found, skipped := roster.ReadPunchLines(string(body), d.Zone)
	now := r.cfg.Now()
	d.Skew = d.Skew.After(found, now)
	d.Skew.Mark(found, now)
	stamp := param(req, "Stamp")
	if len(stamp) > 20 || strings.ContainsFunc(stamp, func(c rune) bool { return c < '0' || c > '9' }) {
		stamp = ""
	}
	if err := r.cfg.Keep(req.Context(), store.Push{Device: d.ID, Zone: d.Zone, Stamp: stamp, Skew: d.Skew, Punches: found}); err != nil {
		r.cfg.Log.Error("push not kept, the machine sends again", "device", d.ID, "records", len(found), "error", err)
		say(w, http.StatusServiceUnavailable, "busy")
		return
	}
	r.now(d)
	if skipped > 0 {
		r.cfg.Log.Warn("lines of a push are no records", "device", d.ID, "lines", skipped)
		say(w, http.StatusOK, "OK") // a number that is smaller than theirs would bring them back for ever
		return
	}
	say(w, http.StatusOK, "OK: "+strconv.Itoa(len(found)))
}
