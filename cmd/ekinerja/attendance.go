package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"ekinerja/roster"
	"ekinerja/store"
)

// attendanceCmd works on attendance machines and what they recorded.
type attendanceCmd struct {
	Import  attendanceImportCmd  `cmd:"" help:"Import punches from attlog.dat, CSV or XLSX; the same file again changes nothing."`
	Pull    attendancePullCmd    `cmd:"" help:"Fetch the punches of a machine that answers SOAP (Solution X series)."`
	Device  deviceCmd            `cmd:"" help:"Which machines may send."`
	Pins    pinsCmd              `cmd:"" help:"Whose PIN is whose."`
	Measure attendanceMeasureCmd `cmd:"" help:"Measure the receiver with simulated machines on a database of its own."`
}

type deviceCmd struct {
	Add    deviceAddCmd    `cmd:"" help:"Let a machine send; prints the address to set in it. One that is there already gets a new secret."`
	List   deviceListCmd   `cmd:"" help:"Show the machines, when they were last heard and how their clocks go."`
	Revoke deviceRevokeCmd `cmd:"" help:"End a machine's right to send; what it sent stays."`
	Resend deviceResendCmd `cmd:"" help:"Ask a machine for all its records at its next greeting."`
}

type deviceAddCmd struct {
	config
	Serial string `arg:"" help:"The serial number, as on its back or in its menu."`
	Name   string `help:"Where it hangs."`
	Zone   string `default:"+07:00" help:"Its clock's distance from UTC."`
	Open   bool   `help:"No secret in the path, for firmware that cannot set one: then its serial number is all that proves it."`
}

// serials are what the database takes.
var serials = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// errDevice marks a machine that was described wrongly.
var errDevice = errors.New("machine")

// Run adds the machine and prints what to set in it. The secret exists only there.
func (c deviceAddCmd) Run(ctx context.Context, io streams) error {
	at, err := time.Parse("-07:00", c.Zone)
	if err != nil {
		return fmt.Errorf("%w: --zone %q: want +07:00, +08:00 or +09:00", errDevice, c.Zone)
	}
	_, offset := at.Zone()
	if !serials.MatchString(c.Serial) {
		return fmt.Errorf("%w: serial number %q: want 1 to 40 letters, digits, - and _", errDevice, c.Serial)
	}
	return c.with(ctx, io, func(d desk) error {
		token, err := d.db.AddDevice(ctx, d.now, store.NewDevice{
			Serial: c.Serial, Name: c.Name, Offset: time.Duration(offset) * time.Second, Open: c.Open,
		})
		if err != nil {
			return err
		}
		d.printf("%s may send. Set in the machine (Comm., Cloud server / ADMS):\n", c.Serial)
		path := "/adms/" + token
		if c.Open {
			path = ""
		}
		listen := d.settings.ADMSListen
		if listen == "" {
			listen = "(EKINERJA_ADMS_LISTEN is not set: serve does not listen for machines)"
		}
		d.printf("  server address: your server, path %s/iclock; serve listens on %s\n", path, listen)
		if !c.Open {
			d.printf("  the path is shown only now; adding the machine again makes a new one\n")
		}
		return nil
	})
}

type deviceListCmd struct{ config }

// Run prints a line a machine.
func (c deviceListCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		devices, err := d.db.Devices(ctx)
		if err != nil {
			return err
		}
		newest, err := d.db.NewestPunches(ctx)
		if err != nil {
			return err
		}
		for _, x := range devices {
			d.printf("%s\n", d.deviceLine(x, newest[x.ID]))
		}
		d.printf("%d machines\n", len(devices))
		return nil
	})
}

func (d desk) deviceLine(x store.Device, newest time.Time) string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return t.In(d.settings.loc).Format("2006-01-02 15:04")
	}
	notes := []string{"heard " + at(x.LastSeen), "newest punch " + at(newest)}
	if x.Revoked {
		notes = append(notes, "revoked")
	}
	if x.Open {
		notes = append(notes, "no secret")
	}
	if x.Skew.Wrong() {
		way := "behind"
		if x.Skew.Off > 0 {
			way = "ahead"
		}
		notes = append(notes, fmt.Sprintf("CLOCK WRONG: about %s %s", x.Skew.Off.Abs().Round(time.Minute), way))
	}
	return strings.TrimSpace(x.Serial+"  "+x.Name) + ": " + strings.Join(notes, ", ")
}

type deviceRevokeCmd struct {
	config
	Serial string `arg:"" help:"The serial number."`
}

// Run revokes the machine.
func (c deviceRevokeCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		if err := d.db.RevokeDevice(ctx, d.now, c.Serial); err != nil {
			return err
		}
		d.printf("%s may not send any more\n", c.Serial)
		return nil
	})
}

type deviceResendCmd struct {
	config
	Serial string `arg:"" help:"The serial number."`
}

// Run asks for everything again.
func (c deviceResendCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		if err := d.db.ResendDevice(ctx, c.Serial); err != nil {
			return err
		}
		d.printf("%s is asked for all its records when it greets again (at its next start, or within the hour)\n", c.Serial)
		return nil
	})
}

type attendanceImportCmd struct {
	config
	File   string            `arg:"" type:"existingfile" help:"attlog.dat of a machine's USB port, or CSV or XLSX with pin and waktu, or pin, tanggal and jam (or masuk and pulang)."`
	Device string            `help:"Serial number of the machine; not needed when the file's name begins with it."`
	Map    map[string]string `help:"How the file calls its columns: --map 'pin=No. Mesin;waktu=Stempel'."`
	DryRun bool              `help:"Show what would be new and stop."`
	Yes    bool              `short:"y" help:"Do not ask."`
}

// Run reads, checks, counts what is new, asks, and keeps it.
func (c attendanceImportCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		return d.importPunches(ctx, f, punchImport{filepath.Base(c.File), c.Device, c.Map, gate{c.DryRun, c.Yes}})
	})
}

// punchImport is how a file of punches is to be imported.
type punchImport struct {
	source, device string
	names          map[string]string
	gate           gate
}

func (d desk) importPunches(ctx context.Context, r io.Reader, p punchImport) error {
	device, err := d.deviceOf(ctx, p)
	if err != nil {
		return err
	}
	file, problems := roster.ReadPunches(r, roster.PunchQuery{Zone: device.Zone, Names: p.names})
	if !d.accept(problems) {
		return errNotImported
	}
	return d.keepPunches(ctx, device, file, p)
}

// deviceOf is the machine a file is of: the one that was named, or whose serial
// number the file's name begins with, as machines name their files.
func (d desk) deviceOf(ctx context.Context, p punchImport) (store.Device, error) {
	name := p.device
	if name == "" {
		name, _, _ = strings.Cut(p.source, "_")
		name = strings.TrimSuffix(name, filepath.Ext(name))
	}
	device, err := d.db.Device(ctx, name)
	if errors.Is(err, store.ErrNoDevice) {
		return device, fmt.Errorf("%w: no machine %q is known; add it, or say --device (ekinerja attendance device list)", errNotImported, name)
	}
	return device, err
}

// keepPunches shows what is new in a file, asks, and keeps it.
func (d desk) keepPunches(ctx context.Context, device store.Device, file roster.PunchFile, p punchImport) error {
	if len(file.Punches) == 0 {
		return fmt.Errorf("%w: there is no punch in it (%d lines are none)", errNotImported, file.Skipped)
	}
	roster.Skew{}.Mark(file.Punches, d.now)
	known, err := d.db.KnownPunches(ctx, device.ID, file.Punches)
	if err != nil {
		return err
	}
	d.showPunches(file, known)
	stranger, err := d.withoutPIN(ctx, device, file.Punches)
	if err != nil {
		return err
	}
	if len(stranger) > 0 {
		d.printf("%d PINs are nobody's yet, such as %s; they are kept and count once their PIN is imported\n",
			len(stranger), strings.Join(stranger[:min(5, len(stranger))], ", "))
	}
	if ok, err := d.pass(p.gate); err != nil || !ok {
		return err
	}
	fresh, err := d.db.ImportPunches(ctx, d.now, store.PunchBatch{
		Push: store.Push{Device: device.ID, Zone: device.Zone, Punches: file.Punches}, Source: p.source, Skipped: file.Skipped,
	})
	if err != nil {
		return err
	}
	d.printf("imported: %d new punches of %s\n", fresh, device.Serial)
	return nil
}

func (d desk) showPunches(file roster.PunchFile, known int) {
	first, last, doubt := file.Punches[0].At, file.Punches[0].At, 0
	people := map[string]bool{}
	for _, p := range file.Punches {
		people[p.PIN] = true
		if p.Doubt {
			doubt++
		}
		if p.At.Before(first) {
			first = p.At
		}
		if p.At.After(last) {
			last = p.At
		}
	}
	d.printf("%d punches of %d PINs from %s to %s, %d of them kept already\n",
		len(file.Punches), len(people), first.Format("2006-01-02 15:04"), last.Format("2006-01-02 15:04"), known)
	if file.Skipped > 0 {
		d.printf("%d lines are no punches and were left out\n", file.Skipped)
	}
	if doubt > 0 {
		d.printf("%d punches lie in the future: the machine's clock is wrong; they are kept and prove no minute\n", doubt)
	}
}

// withoutPIN are the file's PINs that nobody has, in order of appearance.
func (d desk) withoutPIN(ctx context.Context, device store.Device, punches []roster.Punch) ([]string, error) {
	pins, err := d.db.PINs(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, p := range pins {
		if p.Device == "" || p.Device == device.Serial {
			known[p.PIN] = true
		}
	}
	var out []string
	for _, p := range punches {
		if !known[p.PIN] {
			known[p.PIN] = true
			out = append(out, p.PIN)
		}
	}
	return out, nil
}

type pinsCmd struct {
	Import pinsImportCmd `cmd:"" help:"Import whose PIN is whose: shows what would change, then changes it in one transaction."`
}

type pinsImportCmd struct {
	config
	File   string `arg:"" type:"existingfile" help:"CSV or XLSX with the columns nip, pin, and where needed mesin (serial number), mulai, sampai."`
	DryRun bool   `help:"Show what would change and stop."`
	Yes    bool   `short:"y" help:"Do not ask."`
}

// Run reads, checks, shows the difference, asks, and applies.
func (c pinsImportCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		return d.importPINs(ctx, f, gate{c.DryRun, c.Yes})
	})
}

func (d desk) importPINs(ctx context.Context, r io.Reader, g gate) error {
	devices, err := d.db.Devices(ctx)
	if err != nil {
		return err
	}
	q := roster.PINQuery{People: d.known.IDs(), Today: d.today}
	for _, x := range devices {
		q.Devices = append(q.Devices, x.Serial)
	}
	file, problems := roster.ReadPINs(r, q)
	if !d.accept(problems) {
		return errNotImported
	}
	stored, err := d.db.PINs(ctx)
	if err != nil {
		return err
	}
	changes := roster.ComparePINs(stored, file)
	for i, c := range changes {
		if i == maxShown {
			d.printf("… and %d more\n", len(changes)-maxShown)
			break
		}
		d.printf("+ PIN %s%s: %s from %s%s\n", c.New.PIN, onMachine(c.New), d.name(c.New.Employee), c.New.From, d.tookFrom(c))
	}
	d.printf("in all: %d rows, %d change something\n", len(file), len(changes))
	if len(changes) == 0 {
		return nil
	}
	if ok, err := d.pass(g); err != nil || !ok {
		return err
	}
	n, err := d.db.PutPINs(ctx, d.now, file)
	if err != nil {
		return err
	}
	d.printf("imported: %d PINs\n", n)
	return nil
}

func onMachine(p roster.PIN) string {
	if p.Device == "" {
		return ""
	}
	return " on " + p.Device
}

func (d desk) tookFrom(c roster.PINChange) string {
	for _, o := range c.Ends {
		if o.Employee != c.New.Employee {
			return ", until then " + d.name(o.Employee)
		}
	}
	return ""
}
