package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store"
)

// shiftsCmd works on shift lists.
type shiftsCmd struct {
	Import shiftsImportCmd `cmd:"" help:"Import a month's shifts of a unit: shows what would change, then changes it and decides the duties anew."`
}

type shiftsImportCmd struct {
	config
	File   string `arg:"" type:"existingfile" help:"CSV or XLSX: either nip, nama, 1, 2, … 31 with a code in each cell, or nip, tanggal, kode."`
	Unit   string `required:"" help:"The unit, as the roster spells it; or a whole OPD."`
	Month  string `required:"" help:"The month, as in 2026-12."`
	DryRun bool   `help:"Show what would change and stop."`
	Yes    bool   `short:"y" help:"Do not ask."`
}

// Run reads, checks, shows the difference, asks, and applies.
func (c shiftsImportCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		return d.importShifts(ctx, f, shiftList{c.Unit, c.Month, gate{c.DryRun, c.Yes}})
	})
}

type shiftList struct {
	unit, month string
	gate        gate
}

func (d desk) importShifts(ctx context.Context, r io.Reader, l shiftList) error {
	first, err := time.Parse("2006-01", l.month)
	if err != nil {
		return fmt.Errorf("%w: --month %q: want a month like 2026-12", errNotImported, l.month)
	}
	q := roster.ShiftQuery{Month: roster.DayOf(first), Codes: d.settings.policy.Shifts, People: d.ofUnit(l.unit)}
	if len(q.People) == 0 {
		return fmt.Errorf("%w: nobody belongs to a unit or OPD %q; spell it as the roster does", errNotImported, l.unit)
	}
	list, problems := roster.ReadShifts(r, q)
	if !d.accept(problems) {
		return errNotImported
	}
	ids := make([]roster.EmployeeID, len(q.People))
	for i, p := range q.People {
		ids[i] = p.ID
	}
	last := roster.DayOf(first.AddDate(0, 1, -1))
	stored, err := d.db.ShiftsOf(ctx, ids, q.Month, last)
	if err != nil {
		return err
	}
	changes := roster.CompareShifts(stored, list)
	d.showShifts(changes, q, list)
	if len(changes) == 0 {
		return nil
	}
	ok, err := d.pass(l.gate)
	if err != nil || !ok {
		return err
	}
	return d.putShifts(ctx, changes)
}

func (d desk) ofUnit(unit string) []roster.Employee {
	return slices.DeleteFunc(slices.Clone(d.known.People), func(e roster.Employee) bool {
		return !strings.EqualFold(e.Unit, unit) && !strings.EqualFold(e.OPD, unit)
	})
}

// showShifts prints the changes, one line a person, and whom the list forgets.
func (d desk) showShifts(changes []roster.ShiftChange, q roster.ShiftQuery, list roster.ShiftList) {
	shown, last := 0, roster.EmployeeID(0)
	for _, c := range changes {
		if c.Employee == last {
			if shown <= maxShown {
				d.printf(", %d %s", c.Day.Date, shiftText(c))
			}
			continue
		}
		if last != 0 && shown <= maxShown {
			d.printf("\n")
		}
		last = c.Employee
		if shown++; shown <= maxShown {
			d.printf("~ %s: %d %s", d.name(c.Employee), c.Day.Date, shiftText(c))
		}
	}
	if last != 0 {
		d.printf("\n")
	}
	d.printf("%s: %d days of %d people change\n", q.Month.String()[:7], len(changes), shown)
	listed := map[roster.EmployeeID]bool{}
	for _, s := range slices.Concat(list.Shifts, list.Free) {
		listed[s.Employee] = true
	}
	for _, p := range q.People {
		if p.Pattern == roster.Shifts && !listed[p.ID] {
			d.printf("not in the list, stays as it is: %s\n", p.Name)
		}
	}
}

func shiftText(c roster.ShiftChange) string {
	name := func(s *roster.Shift) string {
		if s == nil {
			return "libur"
		}
		return s.Name
	}
	if c.Old == nil {
		return name(c.New)
	}
	return name(c.Old) + " → " + name(c.New)
}

func (d desk) putShifts(ctx context.Context, changes []roster.ShiftChange) error {
	if err := d.db.ChangeShifts(ctx, d.now, changes); err != nil {
		return err
	}
	redo := store.Redo{First: changes[0].Day, Last: changes[0].Day, Why: "shifts", Words: d.settings.words}
	for _, c := range changes {
		redo.People = append(redo.People, c.Employee)
		if c.Day.Before(redo.First) {
			redo.First = c.Day
		}
		if c.Day.After(redo.Last) {
			redo.Last = c.Day
		}
	}
	redo.People = slices.Compact(redo.People)
	done, err := d.turns().Redecide(ctx, redo)
	if err != nil {
		return err
	}
	d.printf("imported: %d days; the duties of %d people were decided anew, %d were told\n", len(changes), done.People, done.Told)
	return nil
}

// turns decides duties anew, at the desk's time.
func (d desk) turns() *store.Turns {
	return &store.Turns{
		Store: d.db, Now: func() time.Time { return d.now }, Loc: d.settings.loc, Policy: d.settings.storePolicy(),
		Handler: &conversations.Handler{Words: d.settings.words, Flow: d.settings.flow, City: d.settings.City},
	}
}
