package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"ekinerja/store/db"
)

// sender is what a batch needs of a transaction or a pool.
type sender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// readAll runs the steps' queries in one round trip. Each step makes exactly one
// query of db and is called twice: once to learn the query, once to read its rows.
func readAll(ctx context.Context, tx sender, steps ...func(q *db.Queries) error) error {
	learn := &learning{}
	for _, step := range steps {
		if err := step(db.New(learn)); !errors.Is(err, errLearned) {
			return fmt.Errorf("prepare batch: %w", err)
		}
	}
	results := tx.SendBatch(ctx, &learn.batch)
	var failed error
	for _, step := range steps {
		if failed = step(db.New(replay{results})); failed != nil {
			break
		}
	}
	return errors.Join(failed, results.Close())
}

var errLearned = errors.New("query learned")

// learning is a database that only notes what it is asked.
type learning struct{ batch pgx.Batch }

func (l *learning) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	l.batch.Queue(sql, args...)
	return pgconn.CommandTag{}, errLearned
}

func (l *learning) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	l.batch.Queue(sql, args...)
	return nil, errLearned
}

func (l *learning) QueryRow(_ context.Context, sql string, args ...any) pgx.Row {
	l.batch.Queue(sql, args...)
	return learned{}
}

type learned struct{}

func (learned) Scan(...any) error { return errLearned }

// replay answers with the results of a batch, in order.
type replay struct{ results pgx.BatchResults }

func (r replay) Exec(context.Context, string, ...any) (pgconn.CommandTag, error) {
	return r.results.Exec()
}

func (r replay) Query(context.Context, string, ...any) (pgx.Rows, error) { return r.results.Query() }

func (r replay) QueryRow(context.Context, string, ...any) pgx.Row { return r.results.QueryRow() }

// writer collects statements that nobody waits for, to run them in one round
// trip. It is a database to sqlc's methods; their errors are always nil here and
// are checked by [writer.flush].
type writer struct {
	learning
	together
	steps []writeStep
	last  bool // nothing follows in the transaction
}

// writeStep is what a statement is called in errors and how many rows it must change.
type writeStep struct {
	what string
	rows int64 // -1: any number, or checked by the statement itself
}

// selfChecked says that the server itself refuses whatever must be refused, so
// that COMMIT may travel with the statements.
func (w *writer) selfChecked() bool {
	return !slices.ContainsFunc(w.steps, func(s writeStep) bool { return s.rows >= 0 })
}

func (w *writer) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	_, _ = w.learning.Exec(ctx, sql, args...)
	w.steps = append(w.steps, writeStep{"", -1})
	return pgconn.CommandTag{}, nil
}

// Query notes a statement whose answer is of no interest.
func (w *writer) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	_, err := w.Exec(ctx, sql, args...)
	return noRows{}, err
}

// queue notes a statement that is not of db.
func (w *writer) queue(ctx context.Context, sql string) error {
	_, err := w.Exec(ctx, sql)
	return err
}

// any names the statement just noted.
func (w *writer) any(what string, _ error) { w.steps[len(w.steps)-1].what = what }

// one names the statement just noted; it must change exactly one row.
func (w *writer) one(what string, _ error) { w.steps[len(w.steps)-1] = writeStep{what, 1} }

// errFenced says that a row was not as it was read: somebody else was here.
var errFenced = errors.New("changed meanwhile")

func (w *writer) flush(ctx context.Context, tx sender) error {
	if len(w.steps) == 0 {
		return nil
	}
	own, _ := tx.(*batchedTx)
	ends := own != nil && w.last && w.selfChecked()
	if ends {
		w.any("commit", w.queue(ctx, "commit"))
	}
	results := tx.SendBatch(ctx, &w.batch)
	var failed error
	for _, s := range w.steps {
		tag, err := results.Exec()
		if codeOf(err) == codeDivision {
			err = errFenced
		}
		if err == nil && s.rows >= 0 && tag.RowsAffected() != s.rows {
			err = errFenced
		}
		if err != nil {
			failed = fmt.Errorf("%s: %w", s.what, err)
			break
		}
	}
	if err := results.Close(); failed == nil && err != nil {
		failed = fmt.Errorf("write batch: %w", err)
	}
	w.batch, w.steps = pgx.Batch{}, nil
	if ends && failed == nil {
		own.committed = true
	}
	return failed
}

// noRows is the answer that nobody reads.
type noRows struct{}

func (noRows) Close()                                       {}
func (noRows) Err() error                                   { return nil }
func (noRows) CommandTag() pgconn.CommandTag                { return pgconn.CommandTag{} }
func (noRows) FieldDescriptions() []pgconn.FieldDescription { return nil }
func (noRows) Next() bool                                   { return false }
func (noRows) Scan(...any) error                            { return pgx.ErrNoRows }
func (noRows) Values() ([]any, error)                       { return nil, pgx.ErrNoRows }
func (noRows) RawValues() [][]byte                          { return nil }
func (noRows) Conn() *pgx.Conn                              { return nil }
func (noRows) TypeMap() *pgtype.Map                         { return nil }
