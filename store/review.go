package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store/db"
)

// reviewBack is for how many days a report waits to be read.
const reviewBack = 31

// Unread are the reports that wait for a reviewer, oldest first.
func (r *Records) Unread(ctx context.Context, reviewer roster.EmployeeID) ([]conversations.Unread, error) {
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.UnreadReportsRow, error) {
		return q.UnreadReports(ctx, int64(reviewer), r.today.Add(-reviewBack))
	})
	if err != nil {
		return nil, fmt.Errorf("read unread reports: %w", err)
	}
	out := make([]conversations.Unread, len(rows))
	for i, row := range rows {
		out[i] = conversations.Unread{
			Report: row.ID, Employee: roster.EmployeeID(row.EmployeeID), Name: row.Name, For: row.StandsFor, Day: row.Day,
			Version: int(row.Version), Late: row.Late, Minutes: int(row.Minutes), Activities: int(row.Activities),
			Obstacle: row.Obstacle, SentAt: row.SentAt,
		}
	}
	return out, nil
}

// Verdict is what was said of the last sending of a day's report; false when it waits.
func (r *Records) Verdict(ctx context.Context, id roster.EmployeeID, day roster.Day) (conversations.Verdict, bool, error) {
	row, err := seenOf(ctx, r, id, func(q *db.Queries) (db.VerdictOfRow, error) {
		return q.VerdictOf(ctx, int64(id), day)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Verdict{}, false, nil
	}
	if err != nil {
		return conversations.Verdict{}, false, fmt.Errorf("read verdict: %w", err)
	}
	return conversations.Verdict{
		State: conversations.VerdictState(row.Verdict), Grade: scoring.Suitability(row.Grade),
		Note: row.Note, At: row.At, Reviewer: row.Reviewer,
	}, true, nil
}

// Reviewed are the verdicts of one message that their reviewer may still take
// back, with whom they are about.
func (r *Records) Reviewed(ctx context.Context, reviewer roster.EmployeeID, inbox int64, since time.Time) ([]conversations.Mark, error) {
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.ReviewsOfRow, error) {
		return q.ReviewsOf(ctx, db.ReviewsOfParams{InboxID: inbox, ReviewerID: int64(reviewer), Since: since})
	})
	if err != nil {
		return nil, fmt.Errorf("read verdicts: %w", err)
	}
	out := make([]conversations.Mark, len(rows))
	for i, row := range rows {
		out[i] = conversations.Mark{
			Employee: roster.EmployeeID(row.EmployeeID), Day: row.Day,
			State: conversations.VerdictState(row.Verdict), Grade: scoring.Suitability(row.Grade),
		}
	}
	return out, nil
}

// Colleague is a person by id, as of today; false when not active.
func (r *Records) Colleague(ctx context.Context, id roster.EmployeeID) (conversations.Person, bool, error) {
	people, err := r.people(ctx, []int64{int64(id)})
	p, ok := people[id]
	return p, ok, err
}

// review makes a reviewer's verdicts true, and takes back what was undone.
func (wr *writer) review(ctx context.Context, w *work, out conversations.Outcome) {
	if w.turn.Person == nil {
		return
	}
	q, me := db.New(wr), int64(w.turn.Person.ID)
	if out.Unmark != 0 {
		wr.any("undo verdicts", q.UndoReviews(ctx, db.UndoReviewsParams{At: w.now, InboxID: out.Unmark, ReviewerID: me}))
	}
	if len(out.Marks) == 0 {
		return
	}
	arg := db.AddReviewsParams{Reviewer: me, InboxID: w.inbox, At: w.now}
	for _, m := range out.Marks {
		arg.Employees = append(arg.Employees, int64(m.Employee))
		arg.Days = append(arg.Days, m.Day.String())
		arg.Versions = append(arg.Versions, int32(m.Version))
		arg.Verdicts = append(arg.Verdicts, string(m.State))
		arg.Grades = append(arg.Grades, string(m.Grade))
		arg.Notes = append(arg.Notes, m.Note)
	}
	wr.any("keep verdicts", q.AddReviews(ctx, arg))
}
