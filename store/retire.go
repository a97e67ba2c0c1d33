package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNobody: nobody active has that number.
var ErrNobody = errors.New("nobody active has this number")

// Retire ends a person's service: from now on nothing is asked of them, nor is
// their silence passed on; their chat is told by the jobs, and what is kept of
// them stays. It goes into the record.
func (s *Store) Retire(ctx context.Context, now time.Time, number string) error {
	_, err := s.q().Retire(ctx, now, number)
	if errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("retire: %w", ErrNobody)
	}
	return wrapped("retire", err)
}
