package jobs

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Reviewer is somebody for whom reports wait to be read.
type Reviewer struct {
	Person  conversations.Person
	Waiting int
	Oldest  roster.Day
}

// Reviews are the rows of what superiors have not read.
type Reviews interface {
	// Reviewers are people with a live address for whom reports of first or later
	// wait, in the order of their ids, above after.
	Reviewers(ctx context.Context, first roster.Day, after roster.EmployeeID, limit int) ([]Reviewer, error)
}

// ReviewPolicy is when superiors are told what waits for them.
type ReviewPolicy struct {
	On        bool
	At, Until roster.Clock
}

// review tells each superior once a working day how many reports wait.
type review struct{ Deps }

func (j review) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	p, day := j.Policy.Review, today(now)
	if c := clockOf(now); !p.On || c < p.At || c >= p.Until || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil || !j.Policy.Calendar(days).IsWorkday(roster.FiveDays, day) {
		return res, err
	}
	at, err := j.Store.Progress(ctx, "review", day.String())
	for err == nil && !at.Done {
		var n int
		if at, n, err = j.step(ctx, now, day, at); err == nil {
			res.did("told", n)
		}
	}
	res.Hour = day.At(p.At, j.Loc)
	return res, err
}

func (j review) step(ctx context.Context, now time.Time, day roster.Day, at Progress) (Progress, int, error) {
	list, err := j.Store.Reviewers(ctx, day.Add(-lookBack), roster.EmployeeID(at.After), chunk)
	if err != nil {
		return at, 0, err
	}
	run := Run{Job: "review", Period: day.String(), From: at.After, To: at.After, Done: len(list) < chunk}
	var b Batch
	for _, r := range list {
		run.To = int64(r.Person.ID)
		b.Says = append(b.Says, conversations.Say{
			Key: fmt.Sprintf("review/%s/%d", day, r.Person.ID), Kind: conversations.KindSummary, Employee: r.Person.ID,
			Msg:       j.Words.To(r.Person).Waiting(r.Person, r.Waiting, r.Oldest, now),
			ExpiresAt: day.At(roster.At24(21, 0), j.Loc),
		})
	}
	ours, err := j.Store.Commit(ctx, now, run, b)
	if err != nil || !ours {
		return Progress{After: run.To, Done: true}, 0, err // somebody else goes on from here
	}
	return Progress{After: run.To, Done: run.Done}, len(b.Says), nil
}
