package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
)

type scoreExplainCmd struct {
	config
	Number string `name:"nip" required:"" help:"NIP or staff number."`
	Month  string `required:"" help:"Month (YYYY-MM)."`
	Lang   string `default:"id" enum:"id,en" help:"Language of the explanation."`
	JSON   bool   `name:"json" help:"Print JSON: the inputs, the rule and every term, with the explanation."`
}

// explanation is what explain prints as JSON.
type explanation struct {
	Number  string           `json:"number"`
	Month   string           `json:"month"`
	Running bool             `json:"running"` // the month is not over
	Rule    scoring.Rubric   `json:"rule"`
	Hash    string           `json:"hash"`
	Record  scoring.Record   `json:"record"`
	Codes   map[int64]string `json:"receipts"` // by the report's id in record
	Summary []string         `json:"summary"`
	Days    []dayExplained   `json:"days"`
}

type dayExplained struct {
	Day  roster.Day `json:"day"`
	Said []string   `json:"said"`
}

// Run prints what /nilai would show the person, and each day.
func (c scoreExplainCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	first, err := time.Parse("2006-01", c.Month)
	if err != nil {
		return wrong("--month", c.Month, "a month as 2026-11")
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	now := newClock(s.ClockOffset).Now()
	d, err := openDesk(ctx, io, db.Store, s, now)
	if err != nil {
		return err
	}
	person, err := d.personOf(c.Number)
	if err != nil {
		return err
	}
	m, found, err := db.Explaining(now, s.scorer()).Month(ctx, person.ID, roster.DayOf(first))
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("nothing is known of %s in %s, or no configured rubric was in force (rubrics in EKINERJA_POLICY)", roster.MaskNumber(c.Number), c.Month)
	}
	e := explain(s.words.In(c.Lang), m)
	e.Number, e.Month = c.Number, c.Month
	if c.JSON {
		out := json.NewEncoder(io.out)
		out.SetIndent("", "  ")
		return out.Encode(e)
	}
	for _, line := range e.Summary {
		d.printf("%s\n", line)
	}
	for _, day := range e.Days {
		d.printf("\n%s\n", strings.Join(day.Said, "\n"))
	}
	d.printf("\n%s %s, rule %s: %s\n", m.Record.Rubric, m.Record.Version, e.Hash, m.Rubric.Basis)
	return nil
}

// explain is a month in words: as a whole, and each day that counts or could have.
func explain(say conversations.Speaker, m conversations.MonthScore) explanation {
	e := explanation{Running: m.Running, Rule: m.Rubric, Hash: m.Rubric.Hash(), Record: m.Record, Codes: m.Codes}
	e.Summary = strings.Split(say.MonthScore(m).Text, "\n")
	for _, t := range m.Record.Result.Terms {
		if t.Removed != scoring.NotDue {
			e.Days = append(e.Days, dayExplained{t.Day, strings.Split(say.DayScore(m, t).Text, "\n")})
		}
	}
	return e
}
