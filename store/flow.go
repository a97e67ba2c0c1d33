package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// ErrFlowChanged: a version of a flow asks something else than when it was first
// served. Drafts and reports name the version they were made with, so that would
// change what people have answered; a new version mends it.
var ErrFlowChanged = errors.New("this version of the flow was served with other questions")

// KeepFlow remembers a version of the questions before it is served; see
// [ErrFlowChanged]. Keeping the same once more changes nothing.
func (s *Store) KeepFlow(ctx context.Context, f conversations.Flow, now time.Time) error {
	hash := f.Hash()
	if err := s.q().KeepFlow(ctx, db.KeepFlowParams{Ref: f.Ref(), Hash: hash[:], Body: f.Text, At: now}); err != nil {
		return fmt.Errorf("keep flow %s: %w", f.Ref(), err)
	}
	kept, err := s.q().FlowHash(ctx, f.Ref())
	if err != nil {
		return fmt.Errorf("read flow %s: %w", f.Ref(), err)
	}
	if !bytes.Equal(kept, hash[:]) {
		return fmt.Errorf("keep flow %s: %w", f.Ref(), ErrFlowChanged)
	}
	return nil
}

// Flow is a version of the questions that was served before; false when it never was.
func (r *Records) Flow(ctx context.Context, ref string) (conversations.Flow, bool, error) {
	body, err := r.q.FlowBody(ctx, ref)
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Flow{}, false, nil
	}
	if err != nil {
		return conversations.Flow{}, false, fmt.Errorf("read flow %s: %w", ref, err)
	}
	f, err := conversations.ParseFlow(ref, body)
	return f, err == nil, err
}

// burden notes what a sending cost its writer; what the deadline sent was not counted.
func (wr *writer) burden(ctx context.Context, id roster.EmployeeID, c *conversations.ReportChange) {
	if b := c.Burden; b.Messages+b.Taps > 0 {
		wr.any("note burden", db.New(wr).NoteBurden(ctx, db.NoteBurdenParams{
			EmployeeID: int64(id), Day: c.Day, Messages: int32(b.Messages), Taps: int32(b.Taps), Seconds: int32(b.Seconds),
		}))
	}
}

// Burden is what reports of some days cost: medians over those that were counted.
type Burden struct {
	Reports  int     `json:"reports"`
	Messages float64 `json:"median_messages"`
	Taps     float64 `json:"median_taps"`
	Seconds  float64 `json:"median_seconds"`
}

// Burden looks what the reports of the days from first to last cost their writers.
func (s *Store) Burden(ctx context.Context, first, last roster.Day) (Burden, error) {
	r, err := s.q().Burden(ctx, first, last)
	if err != nil {
		return Burden{}, fmt.Errorf("read burden: %w", err)
	}
	return Burden{Reports: int(r.Reports), Messages: r.Messages, Taps: r.Taps, Seconds: r.Seconds}, nil
}
