package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"ekinerja/roster"
	"ekinerja/store"
)

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
