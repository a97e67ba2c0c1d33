package store

import (
	"context"
	"fmt"
	"time"

	"ekinerja/roster"
)

// Tally is what a span of days came to.
type Tally struct {
	People, Asked, OnTime, Late, Missing int
	Reminders, Escalations, Sendings     int
	MeanScore                            float64 // of the week that begins the span; 0 when none was computed
}

// Tally counts the duties of two days and all between. Missing are due and not
// reported; reminders and escalations are those that were sent, ever.
func (s *Store) Tally(ctx context.Context, from, to roster.Day) (Tally, error) {
	t, err := s.q().Tally(ctx, from, to)
	if err != nil {
		return Tally{}, fmt.Errorf("count the days from %s to %s: %w", from, to, err)
	}
	return Tally{
		People: int(t.People), Asked: int(t.Asked), OnTime: int(t.OnTime), Late: int(t.Late), Missing: int(t.Missing),
		Reminders: int(t.Reminders), Escalations: int(t.Escalations), Sendings: int(t.Sendings), MeanScore: t.MeanScore,
	}, nil
}

// Broken names what must never be found in the database and was; empty is good.
func (s *Store) Broken(ctx context.Context, now time.Time) ([]string, error) {
	rows, err := s.q().Broken(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("look for broken promises: %w", err)
	}
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%d %s", r.N, r.Name))
	}
	return out, nil
}

// LastMoment is when the database last took a message in or queued one; false
// when it never did.
func (s *Store) LastMoment(ctx context.Context) (time.Time, bool, error) {
	at, err := s.q().LastMoment(ctx)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find the last moment: %w", err)
	}
	return at, !at.IsZero(), nil
}
