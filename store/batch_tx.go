package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// inBatchedTx is [Store.inTx] for an f that begins with a batch: BEGIN travels
// with it, which spares every message a round trip. f must do nothing before.
func (s *Store) inBatchedTx(ctx context.Context, f func(tx pgx.Tx) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer conn.Release()
	t := &batchedTx{conn: conn}
	defer t.undo(ctx)
	if err := f(t); err != nil {
		return err
	}
	if t.committed {
		return nil
	}
	return t.Commit(ctx)
}

// batchedTx is a transaction that begins with its first batch.
type batchedTx struct {
	pgx.Tx // nil until then
	conn   *pgxpool.Conn
	// committed: COMMIT travelled with the last batch, and all of it succeeded.
	committed bool
}

// SendBatch sends a batch; the first begins the transaction.
func (t *batchedTx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if t.Tx != nil {
		return t.Tx.SendBatch(ctx, b)
	}
	all := &pgx.Batch{}
	all.BeginTx(pgx.TxOptions{})
	all.QueuedQueries = append(all.QueuedQueries, b.QueuedQueries...)
	results := t.conn.SendBatch(ctx, all)
	t.Tx = results.Tx()
	_, _ = results.Exec() // BEGIN; had it failed, so does all that follows
	return results
}

// undo rolls back what was not committed.
func (t *batchedTx) undo(ctx context.Context) {
	if t.Tx != nil && !t.committed {
		_ = t.Rollback(ctx) // after a commit there is nothing to do; else pgx closes the connection
	}
}
