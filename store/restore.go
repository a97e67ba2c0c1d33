package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/store/db"
)

// Restored is what was done to a database that came back from a copy.
type Restored struct {
	Epoch   string // the new one
	Unclear int64  // messages that the lost life may have sent
}

// Restored makes a database that was restored from a copy fit to serve. Call it
// once, before the first program serves from it:
//
//   - A new epoch: what Redis remembers is of a life that went on after the copy.
//     Versions will be the same as there, contents will not.
//   - What waited to be sent may have been sent since the copy. It becomes
//     unclear, and the rules for that decide: evidence first, then replies and
//     questions once more, after their reason was looked at again; reminders and
//     digests never.
//   - A line in the record.
func (s *Store) Restored(ctx context.Context, now time.Time) (Restored, error) {
	var done Restored
	err := s.inTx(ctx, func(tx pgx.Tx) (err error) {
		q := db.New(tx)
		if done.Epoch, err = q.NewEpoch(ctx); err != nil {
			return fmt.Errorf("begin epoch: %w", err)
		}
		if done.Unclear, err = q.DoubtWaiting(ctx, now); err != nil {
			return fmt.Errorf("doubt waiting messages: %w", err)
		}
		return nil
	})
	if err != nil {
		return done, err
	}
	s.epoch = done.Epoch
	_, err = s.Seal(ctx) // nobody else will before the first look at it
	return done, err
}
