package main

import (
	"context"
	"io"
	"os"

	"ekinerja/roster"
)

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
