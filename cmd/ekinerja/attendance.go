package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

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
