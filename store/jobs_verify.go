package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/jobs"
	"ekinerja/scoring"
)

// Broken is what [Store.Verify] finds.
func (j Jobs) Broken(ctx context.Context, now time.Time, rubrics []scoring.Rubric) ([]jobs.Broken, error) {
	found, err := j.Store.Verify(ctx, now, rubrics)
	if err != nil {
		return nil, err
	}
	out := make([]jobs.Broken, len(found))
	for i, f := range found {
		out[i] = jobs.Broken{ID: f.ID, Count: int(f.Count), Example: f.Example}
	}
	return out, nil
}

// LastVerified is the newest nightly look that ended.
func (j Jobs) LastVerified(ctx context.Context) (jobs.Verified, error) {
	return j.Store.LastVerified(ctx)
}

// LastVerified is the newest nightly look that ended, of any replica; the zero
// value before the first.
func (s *Store) LastVerified(ctx context.Context) (jobs.Verified, error) {
	row, err := s.q().LastVerified(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return jobs.Verified{}, nil
	}
	if err != nil {
		return jobs.Verified{}, fmt.Errorf("read the last look at the promises: %w", err)
	}
	v := jobs.Verified{At: time.Unix(row.At, 0).UTC()}
	if err := json.Unmarshal(row.Counts, &v.Found); err != nil {
		return jobs.Verified{}, fmt.Errorf("read the last look at the promises: %w", err)
	}
	return v, nil
}
