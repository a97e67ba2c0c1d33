package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// Mutation is a planned move of many people on one day.
type Mutation struct {
	ID        int64
	Effective roster.Day
	State     string // planned, applied or cancelled
	Source    string // name of the file
	People    int
}

// ErrNotPlanned: a mutation that is not there, or is applied or cancelled already.
var ErrNotPlanned = errors.New("no such planned mutation")

// PlanMutation keeps moves until their day; [Store.ApplyMutations] makes them true.
func (s *Store) PlanMutation(ctx context.Context, now time.Time, m Mutation, moves []roster.Move) (id int64, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if id, err = q.AddMutation(ctx, db.AddMutationParams{Effective: m.Effective, Source: m.Source, At: now}); err != nil {
			return fmt.Errorf("plan mutation: %w", err)
		}
		arg := db.AddMovesParams{Mutation: id}
		for _, v := range moves {
			raw, err := json.Marshal(map[string]*string{
				"post": v.Post, "opd": v.OPD, "unit": v.Unit, "code": v.Code, "supervisor": v.Supervisor,
			})
			if err != nil {
				return fmt.Errorf("encode move: %w", err)
			}
			arg.Employees, arg.Moves = append(arg.Employees, int64(v.Employee)), append(arg.Moves, raw)
		}
		if err := q.AddMoves(ctx, arg); err != nil {
			return fmt.Errorf("plan moves: %w", err)
		}
		return noteRoster(ctx, q, now, "mutation.plan", map[string]any{"mutation": id, "people": len(moves), "day": m.Effective})
	})
	return id, err
}

// CancelMutation takes a planned mutation back; [ErrNotPlanned] when it is none.
func (s *Store) CancelMutation(ctx context.Context, now time.Time, id int64) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		n, err := q.CancelMutation(ctx, &now, id)
		switch {
		case err != nil:
			return fmt.Errorf("cancel mutation: %w", err)
		case n == 0:
			return fmt.Errorf("cancel mutation %d: %w", id, ErrNotPlanned)
		}
		return noteRoster(ctx, q, now, "mutation.cancel", map[string]any{"mutation": id})
	})
}

// Mutations are the newest, at most limit.
func (s *Store) Mutations(ctx context.Context, limit int) ([]Mutation, error) {
	rows, err := s.q().Mutations(ctx, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("read mutations: %w", err)
	}
	out := make([]Mutation, len(rows))
	for i, r := range rows {
		out[i] = Mutation{ID: r.ID, Effective: r.Effective, State: r.State, Source: r.Source, People: int(r.People)}
	}
	return out, nil
}

// ApplyMutations makes the planned moves true whose day has come, each mutation
// once and in a transaction of its own. It tells how many people moved. One that
// comes after its day (the service was away) counts from its day on all the same,
// but no report's superior and nothing that was sent changes.
func (s *Store) ApplyMutations(ctx context.Context, now time.Time, day roster.Day) (moved int, err error) {
	for {
		n, found := 0, false
		err := s.inTx(ctx, func(tx pgx.Tx) error {
			q := db.New(tx)
			due, err := q.DueMutation(ctx, day)
			if errors.Is(err, pgx.ErrNoRows) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("find mutation: %w", err)
			}
			found = true
			n, err = applyMutation(ctx, q, now, due)
			return err
		})
		if err != nil || !found {
			return moved, err
		}
		moved += n
	}
}

func applyMutation(ctx context.Context, q *db.Queries, now time.Time, m db.DueMutationRow) (int, error) {
	rows, err := q.MovesOf(ctx, m.ID)
	if err != nil {
		return 0, fmt.Errorf("read moves: %w", err)
	}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"add offices", func() error { return q.MoveOffices(ctx, m.ID) }},
		{"add units", func() error { return q.MoveUnits(ctx, m.ID) }},
		{"move people", func() error { return q.MovePeople(ctx, m.ID) }},
		{"drop later links", func() error { return q.MoveDropLinks(ctx, m.ID, m.Effective) }},
		{"end links", func() error { return q.MoveEndLinks(ctx, m.Effective, m.ID) }},
		{"add links", func() error { return q.MoveAddLinks(ctx, m.Effective, m.ID) }},
		{"drop later assignments", func() error { return q.MoveDropAssignments(ctx, m.ID, m.Effective) }},
		{"end assignments", func() error { return q.MoveEndAssignments(ctx, m.Effective, m.ID) }},
		{"add assignments", func() error { return q.MoveAddAssignments(ctx, m.Effective, m.ID) }},
		{"note moves", func() error { return q.NoteMoves(ctx, db.NoteMovesParams{At: now, Day: m.Effective, ID: m.ID}) }},
		{"settle mutation", func() error { return q.SettleMutation(ctx, &now, m.ID) }},
	} {
		if err := step.do(); err != nil {
			return 0, fmt.Errorf("apply mutation %d: %s: %w", m.ID, step.what, err)
		}
	}
	if _, err := relink(ctx, q, m.Effective); err != nil {
		return 0, err
	}
	return len(rows), noteRoster(ctx, q, now, "mutation.apply", map[string]any{"mutation": m.ID, "people": len(rows)})
}

// noteRoster is a line of the record about the roster as a whole.
func noteRoster(ctx context.Context, q *db.Queries, now time.Time, action string, detail map[string]any) error {
	raw, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	if err := q.AddAudit(ctx, db.AddAuditParams{
		At: now, Actors: []string{"system"}, Actions: []string{action}, Subjects: []string{"roster"}, Details: []json.RawMessage{raw},
	}); err != nil {
		return fmt.Errorf("keep record: %w", err)
	}
	return nil
}
