package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// scope is who reads in a transaction, and on which day. What they are shown of
// others goes through two walls: the condition of the query itself, and the
// policies of the database (migrations/0020_scope.sql), under which the rows of
// strangers do not exist. docs/scope.md has who sees what.
//
// The second wall guards against a condition that was forgotten, not against SQL
// that somebody else wrote: whoever may send statements may also step back.
type scope struct {
	tx     pgx.Tx // nil: no turn; whoever reads is the service itself
	viewer roster.EmployeeID
	day    roster.Day
}

// enterWall and leaveWall are one round trip each; a turn that reads nothing of
// others pays neither.
const (
	enterWall = `SELECT set_config('ekinerja.viewer', $1, true), set_config('ekinerja.day', $2, true), set_config('role', 'ekinerja_viewer', true)`
	leaveWall = `SELECT set_config('role', 'none', true)`
)

// behind lets f read as the viewer.
func (s scope) behind(ctx context.Context, f func(q *db.Queries) error) error {
	viewer := ""
	if s.viewer != 0 {
		viewer = strconv.FormatInt(int64(s.viewer), 10)
	}
	if _, err := s.tx.Exec(ctx, enterWall, viewer, s.day.String()); err != nil {
		return fmt.Errorf("read as a viewer: %w", err)
	}
	err := f(db.New(s.tx))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err // the transaction is over, and the role with it
	}
	if _, leave := s.tx.Exec(ctx, leaveWall); leave != nil {
		return fmt.Errorf("read as the service again: %w", leave)
	}
	return err
}

// behind lets f read what may be shown to the person of the turn. Outside a turn
// the service reads for itself.
func (r *Records) behind(ctx context.Context, f func(q *db.Queries) error) error {
	if r.scope.tx == nil {
		return f(r.q)
	}
	return r.scope.behind(ctx, f)
}

// about lets f read about a person: of somebody else only what may be shown.
func (r *Records) about(ctx context.Context, id roster.EmployeeID, f func(q *db.Queries) error) error {
	if id == r.scope.viewer {
		return f(r.q)
	}
	return r.behind(ctx, f)
}

// inTurn are the records that a turn reads for the person who writes.
func inTurn(tx pgx.Tx, w *work, t *Turns) *Records {
	r := &Records{q: db.New(tx), loc: t.Loc, today: w.turn.Today, scope: scope{tx: tx, day: w.turn.Today}, scorer: t.Scorer, now: w.now}
	if p := w.turn.Person; p != nil {
		r.scope.viewer = p.ID
	} else if p := w.turn.Former; p != nil {
		r.scope.viewer = p.ID // rights on the own data stay
	}
	return r
}

// For runs f with the records as a person sees them, in a transaction that changes
// nothing: for pages and exports that show somebody something.
func (s *Store) For(ctx context.Context, viewer roster.EmployeeID, today roster.Day, f func(r *Records) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return f(&Records{q: db.New(tx), today: today, scope: scope{tx: tx, viewer: viewer, day: today}})
	})
}

// seen reads what may be shown to the person of the turn.
func seen[T any](ctx context.Context, r *Records, f func(q *db.Queries) (T, error)) (out T, err error) {
	err = r.behind(ctx, func(q *db.Queries) (err error) { out, err = f(q); return err })
	return out, err
}

// seenOf reads about a person: all of the own, of others what may be shown.
func seenOf[T any](ctx context.Context, r *Records, id roster.EmployeeID, f func(q *db.Queries) (T, error)) (out T, err error) {
	err = r.about(ctx, id, func(q *db.Queries) (err error) { out, err = f(q); return err })
	return out, err
}

// own refuses to read about anybody else in a turn what only the person may have.
func (r *Records) own(id roster.EmployeeID) error {
	if r.scope.tx != nil && id != r.scope.viewer {
		return ErrNotTheirs
	}
	return nil
}
