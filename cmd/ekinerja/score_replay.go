package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ekinerja/conversations/picture"
	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store"
)

type scoreReplayCmd struct {
	config
	Rubric string     `required:"" type:"existingfile" help:"TOML file with the rule to try."`
	From   roster.Day `required:"" help:"First day (YYYY-MM-DD)."`
	To     roster.Day `required:"" help:"Last day."`
	List   int        `default:"10" help:"How many people to name who rise and who fall most."`
	PNG    string     `name:"png" help:"Write a picture of both distributions to this file."`
	JSON   bool       `name:"json" help:"Print JSON with every person."`
}

// replay is what a draft would have changed.
type replay struct {
	Rule   string        `json:"rule"`
	Scores scoring.Shift `json:"scores"` // by stored score
	People scoring.Shift `json:"people"` // by person, the mean of the own scores
	OPDs   []opdShift    `json:"opds"`
	Each   []moved       `json:"each"` // people, the hardest fall first

	before, after [10]int
	diffs         []decimal.Decimal
}

type opdShift struct {
	OPD    string        `json:"opd"`
	People scoring.Shift `json:"people"`
}

// moved is a person's mean under both rules.
type moved struct {
	ID     roster.EmployeeID `json:"-"`
	Number string            `json:"number"`
	Name   string            `json:"name"`
	OPD    string            `json:"opd"`
	Scores int               `json:"scores"`
	Before decimal.Decimal   `json:"before"`
	After  decimal.Decimal   `json:"after"`
	By     decimal.Decimal   `json:"by"`

	sum scoring.Change // of all scores
}

// Run compares and changes nothing.
func (c scoreReplayCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	if c.To.Before(c.From) {
		return wrong("--to", c.To.String(), "a day that is not before --from")
	}
	raw, err := os.ReadFile(c.Rubric)
	if err != nil {
		return err
	}
	draft, err := scoring.Parse(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("%w: %s: %w", errConfig, c.Rubric, err)
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	r := replay{Rule: draft.Name + " " + draft.Version}
	if err := db.Booked(ctx, c.From, c.To, func(b store.Booked) { r.add(b, draft) }); err != nil {
		return err
	}
	r.sum()
	if c.PNG != "" {
		if err := r.draw(c); err != nil {
			return err
		}
	}
	if c.JSON {
		out := json.NewEncoder(io.out)
		out.SetIndent("", "  ")
		return out.Encode(r)
	}
	r.print(io, c.List)
	return nil
}

// add takes one stored score in; those of a person come one after the other.
func (r *replay) add(b store.Booked, draft scoring.Rubric) {
	change, ok := scoring.Compare(b.Record, draft)
	if !ok {
		return
	}
	r.diffs = append(r.diffs, change.By())
	r.before[band(change.Before)]++
	r.after[band(change.After)]++
	if n := len(r.Each); n == 0 || r.Each[n-1].ID != b.Employee {
		r.Each = append(r.Each, moved{ID: b.Employee, Number: b.Number, Name: b.Name})
	}
	m := &r.Each[len(r.Each)-1]
	m.OPD = b.OPD // of the newest
	m.Scores++
	m.sum = m.sum.Plus(change)
}

func band(score decimal.Decimal) int {
	return int(min(9, max(0, score.Div(decimal.NewFromInt(10)).IntPart())))
}

// sum makes means of the sums, and the figures of the whole and of each office.
func (r *replay) sum() {
	of := map[string][]decimal.Decimal{}
	var people []decimal.Decimal
	for i := range r.Each {
		m := &r.Each[i]
		mean := m.sum.Mean(m.Scores)
		m.Before, m.After, m.By = mean.Before, mean.After, mean.By()
		people = append(people, m.By)
		of[m.OPD] = append(of[m.OPD], m.By)
	}
	r.Scores, r.People = scoring.ShiftOf(r.diffs), scoring.ShiftOf(people)
	for opd, diffs := range of {
		r.OPDs = append(r.OPDs, opdShift{opd, scoring.ShiftOf(diffs)})
	}
	slices.SortFunc(r.OPDs, func(a, b opdShift) int { return strings.Compare(a.OPD, b.OPD) })
	slices.SortStableFunc(r.Each, func(a, b moved) int { return cmp.Or(a.By.Cmp(b.By), cmp.Compare(a.ID, b.ID)) })
}

func (r *replay) print(io streams, list int) {
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(io.out, format, args...) }
	p("%s on %d stored scores of %d people; nothing was changed\n\n", r.Rule, len(r.diffs), len(r.Each))
	row := func(name string, s scoring.Shift) {
		p("%-40s %6d %6d %6d %9s %9s %9s\n", name, s.Up, s.Down, s.Same, signed(s.Median), signed(s.Lowest), signed(s.Highest))
	}
	p("%-40s %6s %6s %6s %9s %9s %9s\n", "", "rise", "fall", "same", "median", "lowest", "highest")
	row("scores", r.Scores)
	row("people, by their mean", r.People)
	for _, o := range r.OPDs {
		row("  "+o.OPD, o.People)
	}
	falls, rises := r.Each, slices.Clone(r.Each)
	slices.Reverse(rises)
	named := func(title string, all []moved, sign int) {
		n := 0
		for _, m := range all {
			if n == list || m.By.Sign() != sign {
				break
			}
			if n++; n == 1 {
				p("\n%s\n", title)
			}
			p("  %s %s (%s): %s → %s (%s)\n", m.Number, m.Name, m.OPD, scoring.Shown(m.Before), scoring.Shown(m.After), signed(m.By))
		}
	}
	named("who falls most", falls, -1)
	named("who rises most", rises, 1)
}

func signed(d decimal.Decimal) string {
	d = scoring.Shown(d)
	if d.IsPositive() {
		return "+" + d.String()
	}
	return d.String()
}

func (r *replay) draw(c scoreReplayCmd) error {
	raw, err := picture.Shift(picture.ShiftChart{
		Title: "Sebaran skor menurut " + r.Rule, Subtitle: fmt.Sprintf("%s s.d. %s, %d orang", c.From, c.To, len(r.Each)),
		Before: r.before, After: r.after, BeforeIs: "tersimpan", AfterIs: r.Rule, Count: "% dari seluruh skor", Nothing: "Tidak ada skor",
	})
	if err != nil {
		return fmt.Errorf("draw distributions: %w", err)
	}
	return os.WriteFile(c.PNG, raw, 0o600)
}
