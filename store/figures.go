package store

import (
	"context"
	"fmt"
	"time"

	"ekinerja/store/db"
)

// PoolFigures are how the connections to the database are used.
type PoolFigures struct {
	Acquired, Idle, Most int32
	// Waits is how often somebody had to wait for a connection, since the start,
	// and Waited for how long in all.
	Waits  int64
	Waited time.Duration
}

// Pool is how the connections for messages are used now.
func (s *Store) Pool() PoolFigures {
	p := s.hot.pool.Stat()
	return PoolFigures{
		Acquired: p.AcquiredConns(), Idle: p.IdleConns(), Most: p.MaxConns(),
		Waits: p.EmptyAcquireCount(), Waited: p.EmptyAcquireWaitTime(),
	}
}

// Overdue is how late the oldest question is that [Jobs.ToAsk] should have found
// before now and that nobody has asked; 0 when there is none. last is how long
// before a deadline nobody is asked any more.
func (s *Store) Overdue(ctx context.Context, now time.Time, last time.Duration) (time.Duration, error) {
	since, err := s.q().OverdueQuestion(ctx, db.OverdueQuestionParams{
		At: now, Since: now.Add(-longestAnswer), Before: now.Add(last),
	})
	if err != nil {
		return 0, fmt.Errorf("find overdue question: %w", err)
	}
	return age(now, since), nil
}

// age is 0 also when Postgres, which knows no nanoseconds, gives now back.
func age(now, since time.Time) time.Duration {
	return max(now.Sub(since), 0).Truncate(time.Millisecond)
}
