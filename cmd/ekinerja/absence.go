package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"ekinerja/roster"
)

// absenceCmd works on days away.
type absenceCmd struct {
	Import absenceImportCmd `cmd:"" help:"Import leave and other absences from the leave system's file: shows what would change, then changes it in one transaction and decides the duties anew."`
}

type absenceImportCmd struct {
	config
	File     string `arg:"" type:"existingfile" help:"CSV or XLSX with the columns nip, jenis, dari, sampai, nomor_surat."`
	DryRun   bool   `help:"Show what would change and stop."`
	Yes      bool   `short:"y" help:"Do not ask."`
	SkipBad  bool   `help:"Import the good rows although others are bad; lists what was skipped."`
	Overrule bool   `help:"Import rows too that contradict what a superior decided in the chat."`
}

// Run reads, checks, shows the difference, asks, and applies.
func (c absenceImportCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		return d.importLeave(ctx, f, leaveFile{c.SkipBad, c.Overrule, gate{c.DryRun, c.Yes}})
	})
}

// leaveFile is how a leave file is to be imported.
type leaveFile struct {
	skipBad, overrule bool
	gate              gate
}

func (d desk) importLeave(ctx context.Context, r io.Reader, l leaveFile) error {
	rows, problems := roster.ReadLeave(r, d.known.IDs())
	if !d.accept(problems) {
		if !l.skipBad || len(rows) == 0 {
			return fmt.Errorf("%w: mend the rows above, or leave them out with --skip-bad", errNotImported)
		}
		lines := badLines(problems)
		d.printf("%d rows skipped, lines %v\n", len(lines), lines)
	}
	stored, err := d.storedAbsences(ctx, rows)
	if err != nil {
		return err
	}
	all := roster.CompareLeave(rows, stored)
	d.showLeave(all, l.overrule)
	var changes []roster.LeaveChange
	for _, c := range all {
		if c.Writes(l.overrule) {
			changes = append(changes, c)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	ok, err := d.pass(l.gate)
	if err != nil || !ok {
		return err
	}
	told, err := d.turns().ImportLeave(ctx, changes, d.settings.words)
	if err != nil {
		return err
	}
	d.printf("imported: %d rows; %d people were told\n", len(changes), told)
	return nil
}

// storedAbsences are what is kept about the days of the file.
func (d desk) storedAbsences(ctx context.Context, rows []roster.LeaveEntry) ([]roster.StoredAbsence, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	first, last := rows[0].From, rows[0].To
	ids := make([]roster.EmployeeID, len(rows))
	for i, r := range rows {
		ids[i] = r.Employee
		if r.From.Before(first) {
			first = r.From
		}
		if r.To.After(last) {
			last = r.To
		}
	}
	return d.db.Absences(ctx, ids, first, last)
}

// showLeave prints the rows that change something or cannot, and counts all kinds.
func (d desk) showLeave(all []roster.LeaveChange, overrule bool) {
	count := map[roster.LeaveVerdict]int{}
	shown := 0
	for _, c := range all {
		count[c.Verdict]++
		if c.Verdict == roster.LeaveKnown {
			continue
		}
		if shown++; shown > maxShown && c.Verdict != roster.LeaveContradicts {
			continue
		}
		d.printf("line %d, %s: %s %s to %s, %s%s\n", c.Line, d.name(c.Employee), c.Kind, c.From, c.To, c.Verdict, d.leaveBefore(c, overrule))
	}
	if shown > maxShown {
		d.printf("… and more; all are counted here\n")
	}
	d.printf("in all: %d new, %d already there, %d confirm a claim, %d contradict a claim, %d shorten, %d change, %d contradict a superior\n",
		count[roster.LeaveNew], count[roster.LeaveKnown], count[roster.LeaveConfirms], count[roster.LeaveCorrects],
		count[roster.LeaveShortens], count[roster.LeaveChanges], count[roster.LeaveContradicts])
}

// leaveBefore says what is kept otherwise.
func (d desk) leaveBefore(c roster.LeaveChange, overrule bool) string {
	text := func(s *roster.StoredAbsence) string { return fmt.Sprintf("%s %s to %s", s.Kind, s.From, s.To) }
	switch {
	case c.Against != nil:
		did := "confirmed"
		if c.Against.Refused {
			did = "refused"
		}
		end := "; left as it is, --overrule imports the row"
		if overrule {
			end = "; overruled"
		}
		return fmt.Sprintf(": %s %s %s%s", d.name(c.Against.BySuperior), did, text(c.Against), end)
	case c.Into != nil && c.Verdict != roster.LeaveConfirms:
		return ": was " + text(c.Into)
	}
	return ""
}
