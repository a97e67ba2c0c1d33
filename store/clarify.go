package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// ToClarify are people whose reports are missing for long.
func (j Jobs) ToClarify(ctx context.Context, q jobs.ClarifyQuery) ([]jobs.Unexplained, error) {
	rows, err := j.Store.q().ToClarify(ctx, db.ToClarifyParams{
		First: q.First, At: q.Now, Today: roster.DayOf(q.Now), Days: int32(q.Days), Most: int32(q.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("read whose reports are missing: %w", err)
	}
	out := make([]jobs.Unexplained, len(rows))
	for i, r := range rows {
		out[i] = jobs.Unexplained{Person: named(r.ID, r.Name, r.Sex, r.Lang)}
		if out[i].Missed, err = daysOf(r.Missed); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// daysOf reads an array of dates, which travels as text.
func daysOf(texts []string) ([]roster.Day, error) {
	out := make([]roster.Day, len(texts))
	for i, t := range texts {
		var err error
		if out[i], err = roster.ParseDay(t); err != nil {
			return nil, fmt.Errorf("read days: %w", err)
		}
	}
	return out, nil
}

// OpenClarifications are those that are not settled.
func (j Jobs) OpenClarifications(ctx context.Context, _ time.Time) ([]jobs.Clarification, error) {
	rows, err := j.Store.q().OpenClarifications(ctx)
	if err != nil {
		return nil, fmt.Errorf("read clarifications: %w", err)
	}
	out := make([]jobs.Clarification, len(rows))
	for i, r := range rows {
		out[i] = jobs.Clarification{
			ID: r.ID, Person: named(r.EmployeeID, r.Name, r.Sex, r.Lang), OPD: r.Opd, Post: r.Post, Number: r.Number,
			Still: int(r.Still), State: jobs.ClarifyState(r.State), Since: r.Since,
			Explained: r.Explained, Kind: r.Kind, Said: r.Said, Reminded: r.Reminded,
			Holder: conversations.Person{ID: roster.EmployeeID(r.HolderID), Name: r.Holder}, Level: int(r.Level),
		}
		if out[i].Missed, err = daysOf(r.Missed); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Clarify makes one step true with its messages.
func (j Jobs) Clarify(ctx context.Context, now time.Time, c jobs.ClarifyChange, say func(int64) []conversations.Say) (done bool, err error) {
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		id, err := moveClarification(ctx, q, now, c)
		if err != nil || id == 0 {
			return err
		}
		done = true
		return enqueue(ctx, q, now, say(id))
	})
	return done && err == nil, err
}

// moveClarification is the row that a step changed, 0 when it does not stand there.
func moveClarification(ctx context.Context, q *db.Queries, now time.Time, c jobs.ClarifyChange) (int64, error) {
	if c.ID == 0 {
		missed := make([]string, len(c.Missed))
		for i, d := range c.Missed {
			missed[i] = d.String()
		}
		ids, err := q.BeginClarification(ctx, db.BeginClarificationParams{
			EmployeeID: int64(c.Person), Missed: missed, Today: roster.DayOf(now), At: now,
		})
		if err != nil || len(ids) == 0 {
			return 0, wrapped("begin a clarification", err)
		}
		return ids[0], nil
	}
	n, err := q.MoveClarification(ctx, db.MoveClarificationParams{
		Move: c.Move, Today: roster.DayOf(now), At: now, Holder: int64(c.Holder), ID: c.ID,
	})
	if err != nil || n == 0 {
		return 0, wrapped("move a clarification", err)
	}
	return c.ID, nil
}

// Clarification is one that viewer may see, and as whom.
func (r *Records) Clarification(ctx context.Context, viewer roster.EmployeeID, id int64) (conversations.Clarification, bool, error) {
	row, err := seen(ctx, r, func(q *db.Queries) (db.ClarificationForRow, error) {
		return q.ClarificationFor(ctx, db.ClarificationForParams{Viewer: int64(viewer), ID: id, Today: r.today})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Clarification{}, false, nil
	}
	if err != nil {
		return conversations.Clarification{}, false, fmt.Errorf("read clarification: %w", err)
	}
	people, err := r.people(ctx, []int64{row.EmployeeID})
	if err != nil {
		return conversations.Clarification{}, false, err
	}
	p, active := people[roster.EmployeeID(row.EmployeeID)]
	c := conversations.Clarification{ID: row.ID, Person: p, As: conversations.ClarifyRole(row.SeenAs), Explained: row.Explained}
	switch state := jobs.ClarifyState(row.State); c.As {
	case conversations.ClarifySelf:
		c.Open = state == jobs.ClarifyAsked || state == jobs.ClarifyReview || state == jobs.ClarifyForwarded
	case conversations.ClarifyReader:
		c.Open = state == jobs.ClarifyReview
	case conversations.ClarifyOffice:
		c.Open = state == jobs.ClarifyCare || state == jobs.ClarifyDrafted
	}
	return c, active, nil
}

// clarified makes true what a turn decided about missing reports. Each statement
// checks again that the person may, and that it stands where the turn saw it.
func (wr *writer) clarified(ctx context.Context, w *work, c *conversations.Clarified) {
	if c == nil || w.turn.Person == nil {
		return
	}
	q, me, today := db.New(wr), int64(w.turn.Person.ID), w.turn.Today
	switch {
	case c.Kind != "":
		wr.any("keep an explanation", q.ExplainClarification(ctx, db.ExplainClarificationParams{
			Kind: c.Kind, Said: c.Said, At: w.now, Today: today, ID: c.ID, EmployeeID: me,
		}))
	case c.Decision != "":
		wr.any("keep a superior's decision", q.RuleClarification(ctx, db.RuleClarificationParams{
			Decision: c.Decision, ByID: me, Today: today, At: w.now, ID: c.ID,
		}))
	case c.Closed != "":
		wr.any("close a clarification", q.CloseClarification(ctx, db.CloseClarificationParams{
			Decision: c.Closed, ByID: me, Today: today, At: w.now, ID: c.ID,
		}))
	}
}
