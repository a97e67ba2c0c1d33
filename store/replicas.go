package store

import (
	"context"
	"fmt"
	"time"
)

// forgetReplica is when a process that is gone is forgotten altogether.
const forgetReplica = 24 * time.Hour

// Announce tells the others that this process lives, and counts all that lived
// within the last ttl, itself included. Call it several times in a ttl.
func (s *Store) Announce(ctx context.Context, now time.Time, holder string, ttl time.Duration) (replicas int, err error) {
	if err := s.q().AnnounceReplica(ctx, holder, now.Add(ttl)); err != nil {
		return 0, fmt.Errorf("announce replica: %w", err)
	}
	n, err := s.q().CountReplicas(ctx, now, now.Add(-forgetReplica))
	if err != nil {
		return 0, fmt.Errorf("count replicas: %w", err)
	}
	return int(n), nil
}
