package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Jobs are the rows of the timed jobs; it implements [jobs.Store]. What marks a
// thing as done and the messages about it are always one transaction.
type Jobs struct{ Store *Store }

var _ jobs.Store = Jobs{}

// Calendar is every special date; the ones built in where none is stored yet.
func (j Jobs) Calendar(ctx context.Context) ([]roster.CalendarDay, error) {
	rows, err := j.Store.q().CalendarDays(ctx)
	if err != nil {
		return nil, fmt.Errorf("read calendar: %w", err)
	}
	if len(rows) == 0 {
		return roster.Seed(), nil
	}
	days := make([]roster.CalendarDay, len(rows))
	for i, r := range rows {
		days[i] = roster.CalendarDay{Day: r.Day, Kind: roster.CalendarKind(r.Kind), Name: r.Name, Basis: r.Basis}
	}
	return days, nil
}

// Progress is how far a period of a job is.
func (j Jobs) Progress(ctx context.Context, job, period string) (jobs.Progress, error) {
	row, err := j.Store.q().JobProgress(ctx, job, period)
	if errors.Is(err, pgx.ErrNoRows) {
		return jobs.Progress{}, nil
	}
	if err != nil {
		return jobs.Progress{}, fmt.Errorf("read progress of %s: %w", job, err)
	}
	return jobs.Progress{After: row.After, Done: row.Done}, nil
}

// Commit makes a step and its batch true; false when somebody else was faster.
func (j Jobs) Commit(ctx context.Context, now time.Time, run jobs.Run, b jobs.Batch) (ours bool, err error) {
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if ours, err = advance(ctx, q, now, run); err != nil || !ours {
			return err
		}
		if err := saveScores(ctx, q, now, b.Scores); err != nil {
			return err
		}
		return enqueue(ctx, q, now, b.Says)
	})
	return ours && err == nil, err
}

// advance moves a period from one step to the next; false when it does not stand
// where the step begins.
func advance(ctx context.Context, q *db.Queries, now time.Time, run jobs.Run) (bool, error) {
	counts := run.Counts
	if counts == nil {
		counts = map[string]int{}
	}
	raw, err := json.Marshal(counts)
	if err != nil {
		return false, fmt.Errorf("encode counts: %w", err)
	}
	n, err := q.AdvanceJob(ctx, db.AdvanceJobParams{
		Job: run.Job, Period: run.Period, At: now, After: run.To, Done: run.Done, Counts: raw, FromID: run.From,
	})
	if err != nil {
		return false, fmt.Errorf("advance %s: %w", run.Job, err)
	}
	return n == 1, nil
}

// OfPattern are active people of a pattern whom we can reach.
func (j Jobs) OfPattern(ctx context.Context, p roster.Pattern, after roster.EmployeeID, limit int) ([]conversations.Person, error) {
	rows, err := j.Store.q().PeopleOfPattern(ctx, db.PeopleOfPatternParams{Pattern: string(p), After: int64(after), Most: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("read people of a pattern: %w", err)
	}
	people := make([]conversations.Person, len(rows))
	for i, r := range rows {
		people[i] = named(r.ID, r.Name, r.Sex, r.Lang)
	}
	return people, nil
}

// named is what a message needs to know of its receiver.
func named(id int64, name, sex, lang string) conversations.Person {
	return conversations.Person{ID: roster.EmployeeID(id), Name: name, Sex: roster.Sex(sex), Lang: lang}
}
