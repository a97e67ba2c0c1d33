package store

import (
	"context"
	"fmt"

	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// ReadSpeeds are the reports of a span that somebody has to read.
func (j Jobs) ReadSpeeds(ctx context.Context, first, last roster.Day) ([]jobs.ReadSpeed, error) {
	rows, err := j.Store.q().ReviewSpeeds(ctx, first, last)
	if err != nil {
		return nil, fmt.Errorf("read how soon reports are read: %w", err)
	}
	out := make([]jobs.ReadSpeed, len(rows))
	for i, r := range rows {
		out[i] = jobs.ReadSpeed{OPD: r.Opd, SentAt: r.SentAt, ReadAt: r.ReadAt}
	}
	return out, nil
}

// Listed are people with many days without a report in a span.
func (j Jobs) Listed(ctx context.Context, first, last roster.Day, least int) ([]jobs.Listed, error) {
	rows, err := j.Store.q().MonthListed(ctx, db.MonthListedParams{Today: last.Add(1), First: first, Last: last, Least: int32(least)})
	if err != nil {
		return nil, fmt.Errorf("read the list of a month: %w", err)
	}
	out := make([]jobs.Listed, len(rows))
	for i, r := range rows {
		out[i] = jobs.Listed{Name: r.Name, Number: r.Number, Post: r.Post, OPD: r.Opd, Superior: r.Superior, Missed: int(r.Missed)}
	}
	return out, nil
}
