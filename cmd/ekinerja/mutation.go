package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ekinerja/roster"
	"ekinerja/store"
)

// mutationCmd moves many people on one day.
type mutationCmd struct {
	Plan   mutationPlanCmd   `cmd:"" help:"Show who moves where and who would lead them, then keep it until its day; serve applies it."`
	List   mutationListCmd   `cmd:"" help:"Show what is planned and what was done."`
	Cancel mutationCancelCmd `cmd:"" help:"Take a planned mutation back, before its day."`
}

type mutationPlanCmd struct {
	config
	File   string     `arg:"" type:"existingfile" help:"CSV or XLSX with the columns nip, jabatan, opd, unit, kode_jabatan, nip_atasan; an empty cell stays as it is."`
	On     roster.Day `required:"" help:"The day from which it holds (YYYY-MM-DD)."`
	DryRun bool       `help:"Show what would change and stop."`
	Yes    bool       `short:"y" help:"Do not ask."`
}

// Run shows what a file would change and plans it.
func (c mutationPlanCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		return d.planMutation(ctx, f, mutationPlan{c.On, filepath.Base(c.File), gate{c.DryRun, c.Yes}})
	})
}

type mutationPlan struct {
	on     roster.Day
	source string
	gate   gate
}

func (d desk) planMutation(ctx context.Context, r io.Reader, p mutationPlan) error {
	if p.on.Before(d.today) {
		return fmt.Errorf("%w: %s is over; what was reported keeps its superior, so plan it for today or later", errNotImported, p.on)
	}
	moves, problems := roster.ReadMoves(r, d.known)
	if !d.accept(problems) {
		return errNotImported
	}
	d.showMoves(moves)
	after := d.known.Facts.WithMoves(moves, d.known.IDs(), p.on)
	d.showReroutes(roster.Reroutes(d.known.Facts, after, d.ids(), p.on), p.on)
	ok, err := d.pass(p.gate)
	if err != nil || !ok {
		return err
	}
	id, err := d.db.PlanMutation(ctx, d.now, store.Mutation{Effective: p.on, Source: p.source}, moves)
	if err != nil {
		return err
	}
	d.printf("planned as mutation %d: %d people on %s. Take it back with: ekinerja roster mutation cancel %d\n", id, len(moves), p.on, id)
	return nil
}

// showMoves prints who moves where, the office they go to first.
func (d desk) showMoves(moves []roster.Move) {
	byID := make(map[roster.EmployeeID]roster.Employee, len(d.known.People))
	for _, p := range d.known.People {
		byID[p.ID] = p
	}
	count := map[string]int{}
	var offices []string
	for i, m := range moves {
		p := byID[m.Employee]
		to := p.OPD
		if m.OPD != nil {
			to = *m.OPD
		}
		if count[to]++; count[to] == 1 {
			offices = append(offices, to)
		}
		if i < maxShown {
			d.printf("~ %s  %s: %s\n", roster.MaskNumber(p.Number), p.Name, moveText(p, m))
		} else if i == maxShown {
			d.printf("~ … and %d more\n", len(moves)-maxShown)
		}
	}
	for _, o := range offices {
		d.printf("%s: %d people\n", o, count[o])
	}
}

func moveText(p roster.Employee, m roster.Move) string {
	text := ""
	add := func(what, old string, now *string) {
		if now == nil || *now == old {
			return
		}
		if text != "" {
			text += ", "
		}
		text += fmt.Sprintf("%s: %q → %q", what, old, *now)
	}
	add("opd", p.OPD, m.OPD)
	add("unit", p.Unit, m.Unit)
	add("post", p.Post, m.Post)
	if m.Code != nil {
		add("post code", "", m.Code)
	}
	if text == "" {
		return "another supervisor"
	}
	return text
}

type mutationListCmd struct{ config }

// Run lists the newest mutations.
func (c mutationListCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		all, err := d.db.Mutations(ctx, maxShown)
		if err != nil {
			return err
		}
		for _, m := range all {
			d.printf("%d  %s  %-9s  %d people  %s\n", m.ID, m.Effective, m.State, m.People, m.Source)
		}
		d.printf("%d mutations\n", len(all))
		return nil
	})
}

type mutationCancelCmd struct {
	config
	ID int64 `arg:"" help:"Number of the mutation."`
}

// Run takes a planned mutation back.
func (c mutationCancelCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error { return d.cancelMutation(ctx, c.ID) })
}

func (d desk) cancelMutation(ctx context.Context, id int64) error {
	if err := d.db.CancelMutation(ctx, d.now, id); err != nil {
		return err
	}
	d.printf("mutation %d is taken back; nothing has changed\n", id)
	return nil
}
