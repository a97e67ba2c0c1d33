package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/jobs"
	"ekinerja/store/db"
)

// forgetJob names the rows of job_run that say how far forgetting has come.
const forgetJob = "forget"

// ForgetRaw empties inbox.raw of the next messages received before a moment and
// returns how many it looked through. What the message said stays in inbox.msg.
func (j Jobs) ForgetRaw(ctx context.Context, now, before time.Time, limit int) (int, error) {
	return j.forget(ctx, now, "raw", func(q *db.Queries, after int64) (int64, int64, error) {
		old, err := q.OldMessages(ctx, db.OldMessagesParams{After: after, Before: before, Most: int32(limit)})
		if err != nil || old.N == 0 {
			return after, 0, err
		}
		return old.Upto, old.N, q.ForgetRaw(ctx, after, old.Upto)
	})
}

// ForgetPictures drops outbox.photo of the next messages queued before a moment
// and returns how many it looked through.
func (j Jobs) ForgetPictures(ctx context.Context, now, before time.Time, limit int) (int, error) {
	return j.forget(ctx, now, "pictures", func(q *db.Queries, after int64) (int64, int64, error) {
		old, err := q.OldSendings(ctx, db.OldSendingsParams{After: after, Before: before, Most: int32(limit)})
		if err != nil || old.N == 0 {
			return after, 0, err
		}
		return old.Upto, old.N, q.ForgetPictures(ctx, after, old.Upto)
	})
}

// forget does one step behind a mark: ids rise with time, so no row is looked at
// twice and no index on times is needed. Of two replicas at the same step one
// does it.
func (j Jobs) forget(ctx context.Context, now time.Time, what string, step func(*db.Queries, int64) (upto, n int64, err error)) (int, error) {
	mark, err := j.Progress(ctx, forgetJob, what)
	if err != nil {
		return 0, err
	}
	var n int64
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		var upto int64
		if upto, n, err = step(q, mark.After); err != nil || n == 0 {
			return err
		}
		ours, err := advance(ctx, q, now, jobs.Run{Job: forgetJob, Period: what, From: mark.After, To: upto})
		if !ours {
			n = 0 // somebody else emptied the same rows
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("forget %s: %w", what, err)
	}
	return int(n), nil
}
