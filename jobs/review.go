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
// of RaisedOn are the ones that went up. Chosen is the hour that they have chosen; with
// [NoHour] they are those who have chosen none from From until Until.
type ReviewQuery struct {
	First, Today, RaisedOn roster.Day
	DueBefore              time.Time

	Chosen, From, Until roster.Clock

	After roster.EmployeeID
	Limit int
}

// NoHour is no hour of a day: somebody goes by the policy's.
const NoHour = roster.Clock(-1)

// Reviews are the rows of what superiors have not read.
type Reviews interface {
	Readers
	Raises
	Boards
}

// Readers are the rows of whom to tell what waits, and when.
type Readers interface {
	// ReadingHours are the hours that superiors have chosen, from one until another.
	ReadingHours(ctx context.Context, from, until roster.Clock) ([]roster.Clock, error)
	// Reviewers are people with a live address who have to be told, in the order of
	// their ids.
	Reviewers(ctx context.Context, q ReviewQuery) ([]Reviewer, error)
	// TellReviewers makes a step true: all that waits for these people is noted as
	// told, what was sent before DueBefore as reminded of, and the messages are
	// queued. False when somebody else did the step.
	TellReviewers(ctx context.Context, now time.Time, run Run, t ReviewsTold) (bool, error)
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
	p, from, c := j.Policy.Review, j.Policy.Reading.From, clockOf(now)
	if !p.On || c < min(from, p.At) || c >= p.Until || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	hours, err := j.Store.ReadingHours(ctx, from, min(p.Until, c+1))
	if err != nil || len(hours) == 0 && c < p.At {
		return res, err
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil {
		return res, err
	}
	calendar, day := j.Policy.Calendar(days), today(now)
	if !calendar.IsWorkday(roster.FiveDays, day) {
		return res, nil
	}
	q := ReviewQuery{
		First: day.Add(-lookBack), Today: day, DueBefore: sentBefore(calendar, day, p.RemindAfter, j.Loc), Limit: chunk, From: from, Until: p.Until,
	}
	if c >= p.At {
		raised, done, err := j.raise(ctx, now, calendar)
		res.did("raised", raised)
		if err != nil || !done { // what goes up is in the notice of the day
			return res, err
		}
		hours = append(hours, NoHour)
		res.Hour = day.At(p.At, j.Loc)
	}
	for _, q.Chosen = range hours {
		q.RaisedOn = day
		if q.Chosen != NoHour && q.Chosen < p.At { // today nothing has gone up yet
			q.RaisedOn = workdayBefore(calendar, day)
		}
		told, err := j.tell(ctx, now, q)
		if res.did("told", told); err != nil {
			return res, err
		}
	}
	return res, nil
}

// tell tells those of one hour, each hour once a day.
func (j review) tell(ctx context.Context, now time.Time, q ReviewQuery) (told int, err error) {
	at, err := j.Store.Progress(ctx, "review", q.period())
	for err == nil && !at.Done {
		var n int
		at, n, err = j.step(ctx, now, q, at)
		told += n
	}
	return told, err
}

// period is the day, with the hour that was chosen.
func (q ReviewQuery) period() string {
	if q.Chosen == NoHour {
		return q.Today.String()
	}
	return q.Today.String() + " " + q.Chosen.String()
}

// workdayBefore is the last working day before a day, of the month before it.
func workdayBefore(c roster.Calendar, day roster.Day) roster.Day {
	for range 31 {
		if day = day.Add(-1); c.IsWorkday(roster.FiveDays, day) {
			break
		}
	}
	return day
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
	run := Run{Job: "review", Period: q.period(), From: at.After, To: at.After, Done: len(list) < q.Limit}
	told := ReviewsTold{ReviewQuery: q}
	for _, r := range list {
		run.To = int64(r.Person.ID)
		told.Readers = append(told.Readers, r.Person.ID)
		told.Says = append(told.Says, conversations.Say{
			Key: fmt.Sprintf("review/%s/%d", q.period(), r.Person.ID), Kind: conversations.KindSummary, Employee: r.Person.ID,
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
