package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Crew is the crew of a foreman on a day, in the order of the roll.
func (r *Records) Crew(ctx context.Context, foreman roster.EmployeeID, day roster.Day) ([]conversations.CrewMember, error) {
	if err := r.own(foreman); err != nil {
		return nil, err
	}
	rows, err := r.q.CrewOf(ctx, day, int64(foreman))
	if err != nil {
		return nil, fmt.Errorf("read crew: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, m := range rows {
		ids[i] = m.ID
	}
	people, err := r.people(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []conversations.CrewMember
	for _, m := range rows {
		if p, ok := people[roster.EmployeeID(m.ID)]; ok {
			out = append(out, conversations.CrewMember{Place: int(m.Place), Person: p, Sent: m.Sent, Ours: m.ByForeman, Live: m.Live})
		}
	}
	return out, nil
}

// errNotCrew: a report for somebody who is in another crew, or in none.
var errNotCrew = errors.New("not in the own crew")

// crewSent makes a report for each member who was there, as if they had sent it:
// with a version, a code and the line in the record. What a member has sent with
// the own hand stays.
func (t *Turns) crewSent(ctx context.Context, tx pgx.Tx, wr *writer, w *work, c *conversations.CrewReport) error {
	if c == nil {
		return nil
	}
	q, foreman := db.New(tx), w.turn.Person.ID
	crew, err := (&Records{q: q, loc: t.Loc, today: w.turn.Today}).Crew(ctx, foreman, c.Day)
	if err != nil {
		return err
	}
	own := map[roster.EmployeeID]conversations.CrewMember{}
	for _, m := range crew {
		own[m.Person.ID] = m
	}
	for _, id := range c.Members {
		m, ok := own[id]
		if !ok {
			return fmt.Errorf("report for a crew: %w", errNotCrew)
		}
		if m.Sent && !m.Ours {
			continue
		}
		one := *w // the same message, as if the member had sent it
		one.turn.Person, one.turn.Days = &m.Person, nil
		change := &conversations.ReportChange{Day: c.Day, Submit: true, Late: c.Late, At: c.At, Flow: c.Flow, Items: c.Items}
		if _, err := wr.report(ctx, tx, &one, change); err != nil {
			return err
		}
		wr.any("note whose hand it was", db.New(wr).NoteCrewReport(ctx, db.NoteCrewReportParams{
			Foreman: int64(foreman), InboxID: w.inbox, At: w.now, EmployeeID: int64(id), Day: c.Day,
		}))
	}
	return nil
}

// Crews are all crews as they stand.
func (s *Store) Crews(ctx context.Context) ([]roster.CrewPlace, error) {
	rows, err := s.q().AllCrews(ctx)
	if err != nil {
		return nil, fmt.Errorf("read crews: %w", err)
	}
	out := make([]roster.CrewPlace, len(rows))
	for i, r := range rows {
		out[i] = roster.CrewPlace{Foreman: roster.EmployeeID(r.ForemanID), Place: int(r.Place), Member: roster.EmployeeID(r.EmployeeID)}
	}
	return out, nil
}

// PutCrews makes the crews of the foremen in a file what the file says, from a day
// on. Whoever is in another crew leaves it.
func (s *Store) PutCrews(ctx context.Context, now time.Time, day roster.Day, all []roster.CrewPlace) error {
	end := db.EndCrewMembersParams{Day: day}
	add := db.AddCrewMembersParams{Day: day}
	for _, c := range all {
		foreman, member := int64(c.Foreman), int64(c.Member)
		end.Foremen, end.Members = append(end.Foremen, foreman), append(end.Members, member)
		add.Foremen, add.Members, add.Places = append(add.Foremen, foreman), append(add.Members, member), append(add.Places, int32(c.Place))
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.EndCrewMembers(ctx, end); err != nil {
			return fmt.Errorf("end crews: %w", err)
		}
		if err := q.AddCrewMembers(ctx, add); err != nil {
			return fmt.Errorf("add crews: %w", err)
		}
		return noteCounts(ctx, q, now, "crew.import", map[string]int{"members": len(all)})
	})
}
