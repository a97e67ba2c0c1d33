package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"ekinerja/roster"
	"ekinerja/store"
)

// rosterPostsCmd works on the chairs of the organisation.
type rosterPostsCmd struct {
	Import postsImportCmd `cmd:"" help:"Import posts and who holds them from a CSV or XLSX file: shows who would be led by whom, then changes it."`
}

type postsImportCmd struct {
	config
	File   string `arg:"" type:"existingfile" help:"CSV or XLSX with the columns kode_jabatan, jabatan, opd, unit, kode_atasan, atasan_mulai, nip, status, mulai, selesai, surat."`
	DryRun bool   `help:"Show what would change and stop."`
	Yes    bool   `short:"y" help:"Do not ask."`
}

// Run reads, checks, shows the difference, asks, and applies.
func (c postsImportCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }() // only read
		entries, problems := roster.ReadPosts(f, d.known)
		if !d.accept(problems) {
			return errNotImported
		}
		return d.putPosts(ctx, entries, gate{c.DryRun, c.Yes})
	})
}

type rosterAssignCmd struct {
	config
	Number string     `arg:"" name:"nip" help:"Who takes the post: NIP or staff number."`
	As     string     `help:"By what right." enum:"plh,plt,pj,definitif" default:"plh"`
	Of     string     `help:"Whose post: the number of its holder. Needs no posts to be imported." xor:"post" required:""`
	Post   string     `help:"Which post: its code." xor:"post" required:""`
	From   roster.Day `help:"First day (YYYY-MM-DD); today when left out."`
	Until  roster.Day `help:"Last day; a Plh needs one."`
	Letter string     `help:"Number of the letter."`
	DryRun bool       `help:"Show what would change and stop."`
	Yes    bool       `short:"y" help:"Do not ask."`
}

// Run puts one person on one post.
func (c rosterAssignCmd) Run(ctx context.Context, io streams) error {
	return c.with(ctx, io, func(d desk) error {
		entry, err := d.assignment(c)
		if err != nil {
			return err
		}
		return d.putPosts(ctx, []roster.PostEntry{entry}, gate{c.DryRun, c.Yes})
	})
}

// desk is where an administrator changes who leads whom.
type desk struct {
	io       streams
	db       *store.Store
	settings settings
	now      time.Time
	today    roster.Day
	known    roster.Known
}

// gate says whether a change is only shown, or made without a question.
type gate struct{ dry, yes bool }

// with opens the database and reads what a change is compared with.
func (c config) with(ctx context.Context, io streams, do func(desk) error) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	d, err := openDesk(ctx, io, db.Store, s, newClock(s.ClockOffset).Now())
	if err != nil {
		return err
	}
	return do(d)
}

func openDesk(ctx context.Context, io streams, db *store.Store, s settings, now time.Time) (d desk, err error) {
	d = desk{io: io, db: db, settings: s, now: now, today: roster.DayOf(now.In(s.loc))}
	d.known.Day = d.today
	if d.known.People, err = db.Employees(ctx, d.today); err != nil {
		return d, err
	}
	d.known.Facts, err = db.CommandFacts(ctx, d.today)
	return d, err
}

func (d desk) printf(format string, args ...any) { _, _ = fmt.Fprintf(d.io.out, format, args...) }

// accept prints what is wrong with a file, and tells whether it may be used.
func (d desk) accept(problems []roster.Problem) bool {
	for _, p := range problems {
		_, _ = fmt.Fprintln(d.io.err, p)
	}
	return roster.Accepted(problems)
}

// pass asks, unless nothing has to be asked.
func (d desk) pass(g gate) (bool, error) {
	switch {
	case g.dry:
		return false, nil
	case !g.yes && !agreed(d.io):
		return false, errNotImported
	}
	return true, nil
}

func (d desk) putPosts(ctx context.Context, entries []roster.PostEntry, g gate) error {
	after := d.known.Facts.WithPosts(entries, d.today)
	d.showPosts(entries)
	for _, day := range d.turningDays(entries) {
		d.showReroutes(roster.Reroutes(d.known.Facts, after, d.ids(), day), day)
	}
	ok, err := d.pass(g)
	if err != nil || !ok {
		return err
	}
	n, err := d.db.PutPosts(ctx, d.now, d.today, entries)
	if err != nil {
		return err
	}
	d.printf("done: %d posts, the line of command of %d people changes\n", len(entries), n)
	return nil
}

func (d desk) ids() []roster.EmployeeID {
	ids := make([]roster.EmployeeID, len(d.known.People))
	for i, e := range d.known.People {
		ids[i] = e.ID
	}
	return ids
}

// turningDays are today and the first days of what begins later, at most a few.
func (d desk) turningDays(entries []roster.PostEntry) []roster.Day {
	const most = 5
	days := []roster.Day{d.today}
	for _, e := range entries {
		for _, h := range e.Holders {
			days = append(days, h.From)
		}
		if e.Above != nil {
			days = append(days, e.Above.From)
		}
	}
	days = slices.DeleteFunc(days, func(day roster.Day) bool { return day.Before(d.today) })
	slices.SortFunc(days, func(a, b roster.Day) int { return a.Sub(b) })
	days = slices.Compact(days)
	return days[:min(most, len(days))]
}

func (d desk) showPosts(entries []roster.PostEntry) {
	for i, e := range entries {
		if i == maxShown {
			d.printf("… and %d more posts\n", len(entries)-maxShown)
			return
		}
		if e.Above != nil && e.Above.From.After(d.today) {
			d.printf("%s  %s: from %s below %s\n", e.Code, e.Name, e.Above.From, cmp.Or(e.Above.Code, "nobody"))
		}
		if len(e.Holders) == 0 {
			d.printf("%s  %s: vacant\n", e.Code, e.Name)
		}
		for _, h := range e.Holders {
			until := ""
			if !h.To.IsZero() {
				until = " until " + h.To.String()
			}
			d.printf("%s  %s: %s (%s) from %s%s\n", e.Code, e.Name, d.name(h.Employee), h.Kind, h.From, until)
		}
	}
}

// name is how a person is shown to an administrator.
func (d desk) name(e roster.EmployeeID) string {
	if e == 0 {
		return "the HR inbox"
	}
	for _, p := range d.known.People {
		if p.ID == e {
			return p.Name
		}
	}
	return "somebody who has left"
}

// showReroutes prints whose superior changes on a day, by office, and who is left
// without one.
func (d desk) showReroutes(all []roster.Reroute, day roster.Day) {
	office := make(map[roster.EmployeeID]string, len(d.known.People))
	for _, p := range d.known.People {
		office[p.ID] = p.OPD
	}
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b roster.Reroute) int { return strings.Compare(office[a.Employee], office[b.Employee]) })
	d.printf("from %s, %d people have another superior\n", day, len(all))
	left, last, shown := 0, "", 0
	for _, r := range all {
		if r.New == 0 {
			left++
		}
		if shown == maxShown {
			continue
		}
		if office[r.Employee] != last {
			last = office[r.Employee]
			d.printf("%s\n", last)
		}
		d.printf("  %s: %s → %s\n", d.name(r.Employee), d.name(r.Old), d.name(r.New))
		if shown++; shown == maxShown {
			d.printf("  … and %d more\n", len(all)-maxShown)
		}
	}
	if left > 0 {
		d.printf("%d of them are left without a superior: what they report goes to the HR inbox\n", left)
	}
}

var errAssign = errors.New("cannot assign")

// assignment is the post with its holders as they are and the new one.
func (d desk) assignment(c rosterAssignCmd) (roster.PostEntry, error) {
	to, err := d.personOf(c.Number)
	if err != nil {
		return roster.PostEntry{}, err
	}
	e, err := d.postFor(c)
	if err != nil {
		return e, err
	}
	h := roster.Holder{Employee: to.ID, Kind: roster.Holding(c.As), From: c.From, To: c.Until, Letter: c.Letter}
	if h.From.IsZero() {
		h.From = d.today
	}
	switch {
	case h.Kind == roster.Plh && h.To.IsZero():
		return e, fmt.Errorf("%w: a Plh has a last day: --until", errAssign)
	case !h.To.IsZero() && h.To.Before(h.From):
		return e, fmt.Errorf("%w: the last day is before the first", errAssign)
	}
	if h.Kind == roster.Definitive { // one at a time
		for i, old := range e.Holders {
			if old.Kind == roster.Definitive && (old.To.IsZero() || !old.To.Before(h.From)) {
				e.Holders[i].To = h.From.Add(-1)
			}
		}
		e.Holders = slices.DeleteFunc(e.Holders, func(o roster.Holder) bool { return !o.To.IsZero() && o.To.Before(o.From) })
	}
	e.Holders = append(e.Holders, h)
	return e, nil
}

func (d desk) personOf(number string) (roster.Employee, error) {
	for _, p := range d.known.People {
		if p.Number == strings.TrimSpace(number) {
			return p, nil
		}
	}
	return roster.Employee{}, fmt.Errorf("%w: nobody on the roster has the number %s", errAssign, roster.MaskNumber(number))
}

// postFor finds the post of an assignment. Whose post has never been imported has
// one made of their name in the roster: a Plh needs no organisation chart.
func (d desk) postFor(c rosterAssignCmd) (roster.PostEntry, error) {
	f := d.known.Facts
	if c.Of == "" {
		for _, p := range f.Posts {
			if strings.EqualFold(p.Code, c.Post) {
				return d.entryOf(p), nil
			}
		}
		return roster.PostEntry{}, fmt.Errorf("%w: no post has the code %s", errAssign, c.Post)
	}
	of, err := d.personOf(c.Of)
	if err != nil {
		return roster.PostEntry{}, err
	}
	for _, a := range f.Assignments {
		if a.Employee == of.ID && a.Kind == roster.Definitive && a.To.IsZero() {
			i := slices.IndexFunc(f.Posts, func(p roster.Post) bool { return p.ID == a.Post })
			return d.entryOf(f.Posts[i]), nil
		}
	}
	return roster.PostEntry{
		Code: fmt.Sprintf("JAB-%d", of.ID), Name: of.Post, OPD: of.OPD, Unit: of.Unit,
		Holders: []roster.Holder{{Employee: of.ID, Kind: roster.Definitive, From: d.today}},
	}, nil
}

func (d desk) entryOf(p roster.Post) roster.PostEntry {
	e := roster.PostEntry{Code: p.Code, Name: p.Name, OPD: p.OPD, Unit: p.Unit}
	for _, a := range d.known.Facts.Assignments {
		if a.Post == p.ID {
			e.Holders = append(e.Holders, roster.Holder{Employee: a.Employee, Kind: a.Kind, From: a.From, To: a.To, Letter: a.Letter})
		}
	}
	return e
}
