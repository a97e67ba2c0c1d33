package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"ekinerja/roster"
)

// planCmd works on plans of work (RHK) and on activity banks.
type planCmd struct {
	Import     planImportCmd     `cmd:"" help:"Import plans of work from a CSV or XLSX file: shows what would change, then changes it in one transaction. For a person and period in the file, the file is the whole plan."`
	Export     planExportCmd     `cmd:"" help:"Write the plans in the columns that import reads."`
	Bank       bankImportCmd     `cmd:"" help:"Import an activity bank with standard minutes. For an office in the file, the file is its whole bank."`
	ExportBank planExportBankCmd `cmd:"" name:"export-bank" help:"Write the activity banks in the columns that bank reads."`
}

// planFile are the flags of both imports.
type planFile struct {
	config
	File   string `arg:"" type:"existingfile" help:"CSV or XLSX."`
	DryRun bool   `help:"Show what would change and stop."`
	Yes    bool   `short:"y" help:"Do not ask."`
}

type planImportCmd struct {
	planFile `help:"Columns: nip, no_rhk, uraian, indikator, target, satuan, periode (2026 or 2026-TW4)."`
}

// Run reads, checks, shows the difference, asks, and applies.
func (c planImportCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(db *database, f *os.File, s settings) error {
		now := newClock(s.ClockOffset).Now()
		today := roster.DayOf(now.In(s.loc))
		people, err := db.Employees(ctx, today)
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for _, e := range people {
			known[e.Number] = true
		}
		file, problems, err := roster.ReadPlans(f, known)
		if err != nil {
			return fmt.Errorf("read %s: %w", c.File, err)
		}
		if err := accepted(io, problems); err != nil {
			return err
		}
		current, err := db.Plans(ctx)
		if err != nil {
			return err
		}
		change := roster.ComparePlans(current, file)
		printPlans(io.out, change)
		if !c.goOn(io, change.Empty()) {
			return c.stopped(change.Empty())
		}
		if err := db.ApplyPlans(ctx, now, today, change); err != nil {
			return err
		}
		_, err = fmt.Fprintf(io.out, "imported: %d added, %d changed, %d ended\n", len(change.Added), len(change.Changed), len(change.Ended))
		return err
	})
}

type bankImportCmd struct {
	planFile `help:"Columns: opd, unit, kegiatan, satuan, menit."`
}

// Run reads, checks, shows the difference, asks, and applies.
func (c bankImportCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(db *database, f *os.File, s settings) error {
		places, err := db.Places(ctx)
		if err != nil {
			return err
		}
		file, problems, err := roster.ReadBank(f, places)
		if err != nil {
			return fmt.Errorf("read %s: %w", c.File, err)
		}
		if err := accepted(io, problems); err != nil {
			return err
		}
		current, err := db.Bank(ctx)
		if err != nil {
			return err
		}
		change := roster.CompareBanks(current, file)
		printBank(io.out, change)
		if !c.goOn(io, change.Empty()) {
			return c.stopped(change.Empty())
		}
		now := newClock(s.ClockOffset).Now()
		if err := db.ApplyBank(ctx, now, roster.DayOf(now.In(s.loc)), change); err != nil {
			return err
		}
		_, err = fmt.Fprintf(io.out, "imported: %d added, %d changed, %d ended\n", len(change.Added), len(change.Changed), len(change.Ended))
		return err
	})
}

// with opens file and database for an import.
func (c planFile) with(ctx context.Context, io streams, do func(*database, *os.File, settings) error) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	return do(db, f, s)
}

// goOn reports whether the import is to be applied.
func (c planFile) goOn(io streams, nothing bool) bool {
	return !c.DryRun && !nothing && (c.Yes || agreed(io))
}

// stopped is no error when that was asked for, or when there was nothing to do.
func (c planFile) stopped(nothing bool) error {
	if c.DryRun || nothing {
		return nil
	}
	return errNotImported
}

// accepted prints what is wrong with a file, each with its line, what was found
// and the mend. A file with a fault is refused as a whole.
func accepted(io streams, problems []roster.Problem) error {
	for _, p := range problems {
		found := ""
		if p.Value != "" && p.Column != "" {
			found = fmt.Sprintf(" (found %q)", p.Value)
		}
		_, _ = fmt.Fprintf(io.err, "%s%s\n", p, found)
	}
	if !roster.Accepted(problems) {
		return fmt.Errorf("%w: mend the rows above", errNotImported)
	}
	return nil
}

func printPlans(w io.Writer, c roster.PlanChange) {
	line := func(it roster.PlanItem) string {
		return fmt.Sprintf("%s  %s RHK %s: %s", roster.MaskNumber(it.Number), it.Period, it.Code, it.Text)
	}
	printSome(w, "+", len(c.Added), func(i int) string { return line(c.Added[i]) })
	printSome(w, "~", len(c.Changed), func(i int) string { return line(c.Changed[i]) + "\n    was: " + c.Before[i].Text })
	printSome(w, "-", len(c.Ended), func(i int) string { return line(c.Ended[i]) })
	_, _ = fmt.Fprintf(w, "in all: %d added, %d changed, %d ended, %d unchanged\n", len(c.Added), len(c.Changed), len(c.Ended), c.Unchanged)
}

func printBank(w io.Writer, c roster.BankChange) {
	line := func(e roster.Standard) string {
		where := e.OPD
		if e.Unit != "" {
			where += " / " + e.Unit
		}
		return fmt.Sprintf("%s: %s, %d minutes (%s)", where, e.Name, e.Minutes, e.Result)
	}
	printSome(w, "+", len(c.Added), func(i int) string { return line(c.Added[i]) })
	printSome(w, "~", len(c.Changed), func(i int) string {
		return fmt.Sprintf("%s; was %d minutes (%s)", line(c.Changed[i]), c.Before[i].Minutes, c.Before[i].Result)
	})
	printSome(w, "-", len(c.Ended), func(i int) string { return line(c.Ended[i]) })
	_, _ = fmt.Fprintf(w, "in all: %d added, %d changed, %d ended, %d unchanged\n", len(c.Added), len(c.Changed), len(c.Ended), c.Unchanged)
}

// printSome prints the first changes of a kind, and how many more there are.
func printSome(w io.Writer, sign string, n int, line func(int) string) {
	for i := range min(n, maxShown) {
		_, _ = fmt.Fprintf(w, "%s %s\n", sign, line(i))
	}
	if n > maxShown {
		_, _ = fmt.Fprintf(w, "%s … and %d more\n", sign, n-maxShown)
	}
}

type planExportCmd struct {
	config
	File string `arg:"" help:"File to write; .csv or .xlsx."`
}

// Run writes the plans of active people as they stand.
func (c planExportCmd) Run(ctx context.Context, out streams) error {
	return writeFile(ctx, c.config, out, c.File, func(db *database, w io.Writer, xlsx bool) (int, error) {
		items, err := db.Plans(ctx)
		if err != nil {
			return 0, err
		}
		roster.SortPlan(items)
		return len(items), roster.WritePlans(w, items, xlsx)
	})
}

type planExportBankCmd struct {
	config
	File string `arg:"" help:"File to write; .csv or .xlsx."`
}

// Run writes the activity banks as they stand.
func (c planExportBankCmd) Run(ctx context.Context, out streams) error {
	return writeFile(ctx, c.config, out, c.File, func(db *database, w io.Writer, xlsx bool) (int, error) {
		entries, err := db.Bank(ctx)
		if err != nil {
			return 0, err
		}
		roster.SortBank(entries)
		return len(entries), roster.WriteBank(w, entries, xlsx)
	})
}

// writeFile opens the database and writes what it has into a new file.
func writeFile(ctx context.Context, c config, out streams, path string, write func(*database, io.Writer, bool) (int, error)) (err error) {
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(out.err, slog.LevelWarn), nil)
	if err != nil {
		return err
	}
	defer db.Close()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	n, err := write(db, f, strings.HasSuffix(strings.ToLower(path), ".xlsx"))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out.out, "%d rows written to %s\n", n, path)
	return err
}
