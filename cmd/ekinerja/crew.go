package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store"
)

// crewCmd works on crews for whom a foreman reports.
type crewCmd struct {
	Import  crewImportCmd  `cmd:"" help:"Import crews from a CSV or XLSX file; for a foreman in the file, the file is the whole crew."`
	Contest crewContestCmd `cmd:"" help:"Write down that somebody without a telephone says a record about them is wrong; whoever decides is told."`
}

type crewImportCmd struct {
	config
	File   string `arg:"" type:"existingfile" help:"CSV or XLSX with the columns nip_mandor, no, nip."`
	DryRun bool   `help:"Show what would change and stop."`
	Yes    bool   `short:"y" help:"Do not ask."`
}

// Run reads, checks, shows the crews, asks, and applies.
func (c crewImportCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		return d.importCrews(ctx, f, gate{c.DryRun, c.Yes})
	})
}

func (d desk) importCrews(ctx context.Context, r io.Reader, g gate) error {
	all, problems := roster.ReadCrews(r, d.known.People)
	if !d.accept(problems) {
		return errNotImported
	}
	have, err := d.db.Crews(ctx)
	if err != nil {
		return err
	}
	d.showCrews(have, all)
	ok, err := d.pass(g)
	if err != nil || !ok {
		return err
	}
	if err := d.db.PutCrews(ctx, d.now, d.today, all); err != nil {
		return err
	}
	d.printf("imported: %d people in crews\n", len(all))
	return nil
}

// showCrews prints each crew of the file, with who comes and who leaves.
func (d desk) showCrews(have, all []roster.CrewPlace) {
	names := map[roster.EmployeeID]string{}
	for _, e := range d.known.People {
		names[e.ID] = e.Name
	}
	was, stays := map[roster.EmployeeID]roster.EmployeeID{}, map[roster.EmployeeID]bool{}
	for _, c := range have {
		was[c.Member] = c.Foreman
	}
	last := roster.EmployeeID(0)
	for _, c := range all {
		if c.Foreman != last {
			d.printf("%s\n", names[c.Foreman])
			last = c.Foreman
		}
		sign := "+"
		if was[c.Member] == c.Foreman {
			sign = " "
		}
		stays[c.Member] = true
		d.printf("  %s %2d %s\n", sign, c.Place, names[c.Member])
	}
	for _, c := range have {
		if !stays[c.Member] && inFile(all, c.Foreman) {
			d.printf("  - %2d %s leaves the crew of %s\n", c.Place, names[c.Member], names[c.Foreman])
		}
	}
}

func inFile(all []roster.CrewPlace, foreman roster.EmployeeID) bool {
	for _, c := range all {
		if c.Foreman == foreman {
			return true
		}
	}
	return false
}

type crewContestCmd struct {
	config
	Number string     `arg:"" name:"nip" help:"Staff number of the person."`
	Day    roster.Day `help:"The day in question (YYYY-MM-DD)." required:""`
	Said   string     `help:"What is wrong, in the person's own words." required:""`
}

// Run keeps the word and tells whoever decides.
func (c crewContestCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error { return d.contest(ctx, c) })
}

func (d desk) contest(ctx context.Context, c crewContestCmd) error {
	id := d.known.IDs()[c.Number]
	if id == 0 {
		return fmt.Errorf("%w: %s is not on the roster", errNotImported, roster.MaskNumber(c.Number))
	}
	words := d.settings.words
	err := d.db.ContestFor(ctx, d.now, store.HeardContest{
		Employee: id, Day: c.Day, Today: d.today, Said: conversations.Clip(c.Said, 300),
		Say: func(to conversations.Person, about conversations.Contest, kind roster.AbsenceKind) conversations.Message {
			return words.To(to).ContestHeard(to, about, kind)
		},
	})
	if err != nil {
		return err
	}
	d.printf("kept; whoever decides is told in the chat\n")
	return nil
}
