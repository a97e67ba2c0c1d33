package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store"
)

type weekOptions struct {
	watch []string
	json  bool
	log   *slog.Logger
	io    streams
}

// closing is the table at the end of a played week.
type closing struct {
	People      int      `json:"people"`
	Asked       int      `json:"asked"`
	Answered    int      `json:"answered"`
	OnTime      int      `json:"on_time"`
	Late        int      `json:"late"`
	Missing     int      `json:"missing"`
	Reminders   int      `json:"reminders"`
	Escalations int      `json:"escalations"`
	MeanScore   float64  `json:"mean_score"`
	Messages    float64  `json:"median_messages"`
	Taps        float64  `json:"median_taps"`
	Seconds     float64  `json:"median_seconds"`
	Broken      []string `json:"broken_invariants"`
}

// stage is a played week while it runs.
type stage struct {
	w      *world
	people []*person
	loc    *time.Location
}

// playWeek plays Monday 05.30 to the next Monday 09.00: by then Friday's silence
// has gone up the line and the week's scores are final but for its late window.
func playWeek(ctx context.Context, s settings, db *store.Store, monday roster.Day, o weekOptions) error {
	clk := stoppedClock(monday.At(roster.At24(5, 30), s.loc))
	w, err := newWorld(ctx, s, db, clk, 1720, o.log)
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.linkGroup(ctx, w.actors[0].employee.OPD); err != nil {
		return err
	}
	if err := w.seedPlans(ctx); err != nil {
		return err
	}
	st := &stage{w: w, loc: s.loc}
	for i := range w.actors {
		st.people = append(st.people, newPerson(&w.actors[i], i, s.loc))
	}
	for d := range 8 {
		if !o.json {
			_, _ = fmt.Fprintf(o.io.err, "\rplaying %s ", monday.Add(d))
		}
		if err := st.day(ctx, monday.Add(d), d == 7); err != nil {
			return fmt.Errorf("play %s: %w", monday.Add(d), err)
		}
	}
	if !o.json {
		_, _ = fmt.Fprint(o.io.err, "\r                     \r")
	}
	table, err := st.close(ctx, monday)
	if err != nil {
		return err
	}
	return o.report(st, table)
}

// day plays one day in steps of five minutes; nights and free days in longer ones.
func (st *stage) day(ctx context.Context, d roster.Day, last bool) error {
	end := roster.At24(23, 0)
	if last {
		end = roster.At24(9, 0)
	}
	for at := roster.At24(5, 30); at <= end; {
		if err := st.step(ctx, d.At(at, st.loc)); err != nil {
			return err
		}
		at += 5
		if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			at += 10
		}
	}
	return nil
}

// step moves the clock and lets everybody do what is theirs until all is quiet.
func (st *stage) step(ctx context.Context, to time.Time) error {
	if to.After(st.w.clock.Now()) {
		st.w.clock.Set(to)
	}
	st.w.app.look(ctx)
	if _, err := st.w.app.jobs.Tick(ctx, st.w.clock.Now()); err != nil {
		return err
	}
	for range 10_000 {
		next, err := st.w.app.Pump(ctx)
		if err != nil {
			return err
		}
		did := false
		for _, p := range st.people {
			p.look(st.w.clock.Now())
			did = p.act(st.w.clock.Now()) || did
		}
		switch {
		case next > 0: // the network's pace: time must pass
			st.w.clock.Set(st.w.clock.Now().Add(next))
		case !did:
			return nil
		}
	}
	return fmt.Errorf("no rest after 10,000 rounds at %s", to)
}

// close counts, and looks for anything that must never happen.
func (st *stage) close(ctx context.Context, monday roster.Day) (closing, error) {
	t, err := st.w.db.Tally(ctx, monday, monday.Add(6))
	if err != nil {
		return closing{}, err
	}
	b, err := st.w.db.Burden(ctx, monday, monday.Add(6))
	if err != nil {
		return closing{}, err
	}
	c := closing{
		People: t.People, Asked: t.Asked, Answered: t.OnTime + t.Late, OnTime: t.OnTime, Late: t.Late,
		Missing: t.Missing, Reminders: t.Reminders, Escalations: t.Escalations, MeanScore: t.MeanScore,
		Messages: b.Messages, Taps: b.Taps, Seconds: b.Seconds,
		Broken: []string{},
	}
	found, err := st.w.verify(ctx)
	if err != nil {
		return c, err
	}
	for _, f := range found {
		c.Broken = append(c.Broken, f.String())
	}
	for _, v := range st.w.net.Violations() {
		c.Broken = append(c.Broken, fmt.Sprintf("the network refused %s: %s", v.Method, v.Description))
	}
	receipts := 0
	for _, p := range st.people {
		receipts += p.reports
		c.Broken = append(c.Broken, p.failed...)
		c.Broken = append(c.Broken, doubled(p)...)
	}
	if receipts != t.Sendings {
		c.Broken = append(c.Broken, fmt.Sprintf("%d receipts were seen for %d reports sent", receipts, t.Sendings))
	}
	return c, nil
}

// doubled finds questions a person saw twice.
func doubled(p *person) (out []string) {
	seen := map[string]bool{}
	for _, m := range p.phone.Seen() {
		if !m.FromBot || !has(m, "Tidak bekerja") {
			continue
		}
		key := m.Text + m.At.In(p.loc).Format(time.DateOnly)
		if seen[key] {
			out = append(out, fmt.Sprintf("%s saw a question twice at %s", p.key, m.At))
		}
		seen[key] = true
	}
	return out
}

// report prints the transcripts and the table; broken invariants are an error.
func (o weekOptions) report(st *stage, c closing) error {
	if o.json {
		if err := json.NewEncoder(o.io.out).Encode(c); err != nil {
			return err
		}
	} else {
		for _, p := range st.people {
			if slices.Contains(o.watch, p.key) {
				transcript(o.io.out, p, st.loc)
			}
		}
		c.print(o.io.out)
	}
	if len(c.Broken) > 0 {
		return fmt.Errorf("%d promises were broken; see the table", len(c.Broken))
	}
	return nil
}

func transcript(w io.Writer, p *person, loc *time.Location) {
	_, _ = fmt.Fprintf(w, "── %s (%s, %s)\n", p.employee.Name, p.employee.Post, p.employee.OPD)
	for _, m := range p.phone.Seen() {
		who := p.key
		if m.FromBot {
			who = "bot"
		}
		text := strings.ReplaceAll(m.Text, "\n", "\n                ")
		if text == "" {
			text = "(" + m.Kind + ")"
		}
		_, _ = fmt.Fprintf(w, "%s %5s> %s%s\n", m.At.In(loc).Format("02/01 15.04"), who, text, labels(m))
	}
	_, _ = fmt.Fprintln(w)
}

func labels(m fakegram.Message) string {
	var b strings.Builder
	for _, row := range m.Buttons {
		b.WriteString("\n                ")
		for _, k := range row {
			b.WriteString("[" + k.Text + "] ")
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func (c closing) print(w io.Writer) {
	for _, row := range []struct {
		name  string
		value any
	}{
		{"people", c.People},
		{"asked", c.Asked},
		{"answered", c.Answered},
		{"on time", c.OnTime},
		{"late", c.Late},
		{"missing", c.Missing},
		{"reminders", c.Reminders},
		{"escalations", c.Escalations},
		{"mean score", fmt.Sprintf("%.2f", c.MeanScore)},
		{"median messages", c.Messages},
		{"median taps", c.Taps},
		{"median seconds", c.Seconds},
		{"broken invariants", len(c.Broken)},
	} {
		_, _ = fmt.Fprintf(w, "%-18s %v\n", row.name, row.value)
	}
	for _, b := range c.Broken {
		_, _ = fmt.Fprintf(w, "BROKEN: %s\n", b)
	}
}
