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

// LastMoment is when the database last took a message in or queued one; false
// when it never did.
func (s *Store) LastMoment(ctx context.Context) (time.Time, bool, error) {
	at, err := s.q().LastMoment(ctx)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find the last moment: %w", err)
	}
	return at, !at.IsZero(), nil
}
