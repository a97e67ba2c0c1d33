package store

import (
	"context"
	"fmt"
	"time"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// PanelRow is one activity as it is stored, for people who watch.
type PanelRow struct {
	Name        string
	Day         roster.Day
	Submitted   bool
	Late        bool
	Code        string // empty until it was sent
	At          time.Time
	Description string
	Quantity    string // "25", "2.5", empty
	Unit        string
	Minutes     int    // 0: not said
	Start, End  string // "08:15", empty
	Obstacle    string
	Source      string // the person's own words
	// Linked: it is known what the activity serves; Plan is the item's number in
	// the plan, empty for an additional duty.
	Linked bool
	Plan   string
}

// Panel is the newest activities of a day, drafts included, newest report first.
func (s *Store) Panel(ctx context.Context, day roster.Day, limit int) ([]PanelRow, error) {
	rows, err := s.q().PanelActivities(ctx, day, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("read newest activities: %w", err)
	}
	out := make([]PanelRow, len(rows))
	for i, r := range rows {
		out[i] = PanelRow{
			Name: r.Name, Day: r.Day, Submitted: r.State == "submitted", Late: r.Late, Code: r.Code, At: r.StartedAt,
			Description: r.Description, Quantity: r.Quantity, Unit: r.Unit, Minutes: int(r.Minutes), Source: r.Source,
			Start: r.Starts, End: r.Ends, Obstacle: r.Obstacle, Linked: r.Linked, Plan: r.PlanCode,
		}
		if r.SubmittedAt != nil {
			out[i].At = *r.SubmittedAt
		}
	}
	return out, nil
}

// Metrics are counts of what waits.
type Metrics struct {
	InboxNew         int64
	InboxOldest      time.Duration // age of the oldest unhandled message
	InboxQuarantined int64
	Outbox           map[string]int64 // messages by state: pending, sending, unclear
}

// Metrics counts what waits now.
func (s *Store) Metrics(ctx context.Context, now time.Time) (Metrics, error) {
	m := Metrics{Outbox: map[string]int64{}}
	err := readAll(ctx, s.pool,
		func(q *db.Queries) error {
			in, err := q.InboxState(ctx, now)
			m.InboxNew, m.InboxOldest, m.InboxQuarantined = in.Waiting, age(now, in.Oldest), in.Quarantined
			return err
		},
		func(q *db.Queries) error {
			rows, err := q.OutboxStates(ctx)
			for _, r := range rows {
				m.Outbox[r.State] += r.Rows
			}
			return err
		})
	if err != nil {
		return m, fmt.Errorf("count what waits: %w", err)
	}
	return m, nil
}

// Pressure is how often limits on single chats were met in the last hour.
type Pressure struct {
	Refused int64 // enrolments
	Floods  int64 // messages that came faster than they are read
}

// Pressure counts what single chats tried too often in the hour before now.
func (s *Store) Pressure(ctx context.Context, now time.Time) (Pressure, error) {
	p, err := s.q().Pressure(ctx, now.Add(-attemptsIn))
	if err != nil {
		return Pressure{}, fmt.Errorf("count pressure: %w", err)
	}
	return Pressure{Refused: p.Refused, Floods: p.Floods}, nil
}
