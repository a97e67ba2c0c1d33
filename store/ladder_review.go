package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// quietAboutLapse is how long a writer is not told again that a report was not read:
// a superior who never reads would otherwise be a message a day.
const quietAboutLapse = 14 * 24 * time.Hour

// ReadingHours are the hours that superiors have chosen, from one until another.
func (j Jobs) ReadingHours(ctx context.Context, from, until roster.Clock) ([]roster.Clock, error) {
	rows, err := j.Store.q().ReadingHours(ctx, int32(from), int32(until))
	if err != nil {
		return nil, fmt.Errorf("read hours of reading: %w", err)
	}
	out := make([]roster.Clock, len(rows))
	for i, m := range rows {
		out[i] = roster.Clock(m)
	}
	return out, nil
}

// Reviewers are people with a chat who have to be told what waits for them.
func (j Jobs) Reviewers(ctx context.Context, q jobs.ReviewQuery) ([]jobs.Reviewer, error) {
	rows, err := j.Store.q().ReviewerLoads(ctx, db.ReviewerLoadsParams{
		DueBefore: q.DueBefore, First: q.First, After: int64(q.After), Today: q.RaisedOn, Most: int32(q.Limit),
		Chosen: int32(q.Chosen), Earliest: int32(q.From), Until: int32(q.Until),
	})
	if err != nil {
		return nil, fmt.Errorf("read reviewers: %w", err)
	}
	out := make([]jobs.Reviewer, len(rows))
	for i, r := range rows {
		out[i] = jobs.Reviewer{
			Person: named(r.ID, r.Name, r.Sex, r.Lang), Waiting: int(r.Waiting), Oldest: r.Oldest,
			Fresh: int(r.Fresh), Due: int(r.Due), Raised: int(r.Raised),
		}
	}
	return out, nil
}

// TellReviewers notes what readers are told of and queues the messages.
func (j Jobs) TellReviewers(ctx context.Context, now time.Time, run jobs.Run, t jobs.ReviewsTold) (bool, error) {
	return j.stepped(ctx, now, run, func(q *db.Queries) error {
		ids := make([]int64, len(t.Readers))
		for i, id := range t.Readers {
			ids[i] = int64(id)
		}
		return wrapped("note what readers are told", q.TellReviews(ctx, db.TellReviewsParams{
			At: now, DueBefore: t.DueBefore, Readers: ids, First: t.First,
		}))
	}, t.Says)
}

// Overdue are reports whose time to be read is over.
func (j Jobs) Overdue(ctx context.Context, q jobs.OverdueQuery) ([]jobs.Overdue, error) {
	rows, err := j.Store.q().OverdueReviews(ctx, db.OverdueReviewsParams{
		ToldSince: q.Now.Add(-quietAboutLapse), First: q.First, SentBefore: q.SentBefore, After: q.After, Most: int32(q.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("read overdue reports: %w", err)
	}
	out := make([]jobs.Overdue, len(rows))
	for i, r := range rows {
		out[i] = jobs.Overdue{
			Report: r.ID, Version: int(r.Version), Day: r.Day, Writer: named(r.WriterID, r.Writer, r.Sex, r.Lang),
			Superior: named(r.HeadID, r.Head, r.HeadSex, r.HeadLang), Told: r.Told,
		}
	}
	return out, nil
}

// Raise takes reports to whoever leads their superior.
func (j Jobs) Raise(ctx context.Context, now time.Time, run jobs.Run, all []jobs.Raised, says []conversations.Say) (bool, error) {
	return j.stepped(ctx, now, run, func(q *db.Queries) error {
		arg := db.RaiseReviewsParams{At: now, Today: roster.DayOf(now)}
		for _, r := range all {
			arg.Reports = append(arg.Reports, r.Report)
			arg.Versions = append(arg.Versions, int32(r.Version))
			arg.Tos = append(arg.Tos, int64(r.To))
		}
		return wrapped("take reports up", q.RaiseReviews(ctx, arg))
	}, says)
}

// stepped makes a step of a period, what it changes and its messages true together;
// false when somebody else was faster.
func (j Jobs) stepped(ctx context.Context, now time.Time, run jobs.Run, change func(*db.Queries) error, says []conversations.Say) (ours bool, err error) {
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if ours, err = advance(ctx, q, now, run); err != nil || !ours {
			return err
		}
		if err := change(q); err != nil {
			return err
		}
		return enqueue(ctx, q, now, says)
	})
	return ours && err == nil, err
}
