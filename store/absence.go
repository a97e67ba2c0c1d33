package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// span is a run of days, both ends included.
type span struct{ from, to roster.Day }

// maxAbsence bounds a run of days marked in a chat (a long leave is three months).
const maxAbsence = 400

// Refusals of what a chat asks for.
var (
	// ErrNotTheirs: days of a person who is not in the marker's line of command.
	ErrNotTheirs = errors.New("not in the own line of command")
	// ErrDays: a run of days that ends before it begins, or is endless.
	ErrDays = errors.New("impossible run of days")
)

// absent notes absences and decides the days anew.
func (t *Turns) absent(ctx context.Context, tx pgx.Tx, w *work, changes []conversations.AbsenceChange) error {
	if len(changes) > 0 && w.turn.Person == nil {
		return fmt.Errorf("mark absence: %w", errStranger)
	}
	q := db.New(tx)
	for _, c := range changes {
		if c.To.IsZero() {
			c.To = c.From
		}
		if c.From.IsZero() || c.To.Before(c.From) || c.To.Sub(c.From) > maxAbsence {
			return fmt.Errorf("mark absence: %w", ErrDays)
		}
		if err := t.absence(ctx, q, w, c); err != nil {
			return err
		}
	}
	return nil
}

// known is an id, nil for none.
func known(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func (t *Turns) absence(ctx context.Context, q *db.Queries, w *work, c conversations.AbsenceChange) error {
	viewer := int64(w.turn.Person.ID)
	may, err := q.MayMark(ctx, db.MayMarkParams{Viewer: viewer, EmployeeID: int64(c.Employee), Day: w.turn.Today, FirstDay: c.From})
	if err != nil {
		return fmt.Errorf("check line of command: %w", err)
	}
	if !may {
		return fmt.Errorf("mark absence: %w", ErrNotTheirs)
	}
	arg := db.ClaimAbsenceParams{
		EmployeeID: int64(c.Employee), FirstDay: c.From, LastDay: c.To, Kind: string(c.Kind),
		Source: "chat", State: "claimed", NotedBy: &viewer, NotedAt: w.now,
		Letter: c.Letter, Note: c.Note, Claim: known(c.Claim), Asks: known(int64(c.Asks)),
	}
	if c.Confirmed {
		arg.Source, arg.State = "supervisor", "confirmed"
	}
	if err := q.ClaimAbsence(ctx, arg); err != nil {
		return fmt.Errorf("mark absence: %w", err)
	}
	changes, err := t.recompute(ctx, q, c.Employee, span{c.From, c.To}, w.now)
	if err != nil {
		return err
	}
	detail, err := json.Marshal(map[string]any{"kind": c.Kind, "from": c.From, "to": c.To, "days": changes, "inbox": w.inbox})
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	return noteDuty(ctx, q, w.now, note{keyOf(w.turn.Person.ID), c.Employee, detail})
}
