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
	// Fresh are those nobody told of yet, Due those that have waited long enough to
	// be reminded of, Raised those that went up today.
	Fresh, Due, Raised int
}

// ReviewQuery chooses whom to tell what waits: readers of reports of First or later
// with something new, or something sent before DueBefore and not reminded of. Those
// of Today are the ones that went up.
type ReviewQuery struct {
	First, Today roster.Day
	DueBefore    time.Time
	After        roster.EmployeeID
	Limit        int
}

// Reviews are the rows of what superiors have not read.
type Reviews interface {
	// Reviewers are people with a live address who have to be told, in the order of
	// their ids.
	Reviewers(ctx context.Context, q ReviewQuery) ([]Reviewer, error)
	// TellReviewers makes a step true: all that waits for these people is noted as
	// told, what was sent before DueBefore as reminded of, and the messages are
	// queued. False when somebody else did the step.
	TellReviewers(ctx context.Context, now time.Time, run Run, t ReviewsTold) (bool, error)
	Raises
	Boards
}

// ReviewsTold are the readers of a step and what they are told.
type ReviewsTold struct {
	ReviewQuery
	Readers []roster.EmployeeID
	Says    []conversations.Say
}

// ReviewPolicy is when superiors are told what waits for them, and how long reports
// may wait, in working days.
type ReviewPolicy struct {
	On                   bool
	At, Until            roster.Clock
	RemindAfter, UpAfter int
}

// review tells each superior once about a report and once more when it has waited;
// what waits longer goes up:
//
//	          told with the next notice        RemindAfter        UpAfter
//	sent ───────┬──────────────────────────────────┬─────────────────┬──▶
//	            ▼                                  ▼                 ▼
//	         waiting ────────────────────────▶ reminded ───────▶ lapsed: with whoever
//	            │                                  │              leads the superior,
//	            └────────────── read ◀─────────────┘              accepted for the score
type review struct{ Deps }

func (j review) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	p, day := j.Policy.Review, today(now)
	if c := clockOf(now); !p.On || c < p.At || c >= p.Until || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil {
		return res, err
	}
	calendar := j.Policy.Calendar(days)
	if !calendar.IsWorkday(roster.FiveDays, day) {
		return res, nil
	}
	raised, done, err := j.raise(ctx, now, calendar)
	res.did("raised", raised)
	if err != nil || !done { // what goes up is in the notice of the day
		return res, err
	}
	q := ReviewQuery{First: day.Add(-lookBack), Today: day, DueBefore: sentBefore(calendar, day, p.RemindAfter, j.Loc), Limit: chunk}
	at, err := j.Store.Progress(ctx, "review", day.String())
	for err == nil && !at.Done {
		var n int
		if at, n, err = j.step(ctx, now, q, at); err == nil {
			res.did("told", n)
		}
	}
	res.Hour = day.At(p.At, j.Loc)
	return res, err
}

// sentBefore is the moment before which a report was sent for which n working days
// are over on a day.
func sentBefore(c roster.Calendar, day roster.Day, n int, loc *time.Location) time.Time {
	d := day
	for left := n; left > 0; d = d.Add(-1) {
		if c.IsWorkday(roster.FiveDays, d) {
			left--
		}
	}
	return d.Add(1).At(0, loc)
}

func (j review) step(ctx context.Context, now time.Time, q ReviewQuery, at Progress) (Progress, int, error) {
	q.After = roster.EmployeeID(at.After)
	list, err := j.Store.Reviewers(ctx, q)
	if err != nil {
		return at, 0, err
	}
	run := Run{Job: "review", Period: q.Today.String(), From: at.After, To: at.After, Done: len(list) < q.Limit}
	told := ReviewsTold{ReviewQuery: q}
	for _, r := range list {
		run.To = int64(r.Person.ID)
		told.Readers = append(told.Readers, r.Person.ID)
		told.Says = append(told.Says, conversations.Say{
			Key: fmt.Sprintf("review/%s/%d", q.Today, r.Person.ID), Kind: conversations.KindSummary, Employee: r.Person.ID,
			Msg: j.Words.To(r.Person).QueueNotice(conversations.QueueNotice{
				To: r.Person, Waiting: r.Waiting, Oldest: r.Oldest, Fresh: r.Fresh, Due: r.Due, Raised: r.Raised,
				RemindAfter: j.Policy.Review.RemindAfter, UpAfter: j.Policy.Review.UpAfter, Now: now,
			}),
			ExpiresAt: q.Today.At(roster.At24(21, 0), j.Loc),
		})
	}
	ours, err := j.Store.TellReviewers(ctx, now, run, told)
	if err != nil || !ours {
		return Progress{After: run.To, Done: true}, 0, err // somebody else goes on from here
	}
	return Progress{After: run.To, Done: run.Done}, len(told.Says), nil
}
