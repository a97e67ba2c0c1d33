package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Unexplained is somebody whose reports are missing for long.
type Unexplained struct {
	Person conversations.Person
	Missed []roster.Day // oldest first
}

// ClarifyQuery chooses whom to ask: Days or more due days from First on without a
// report, that are closed, were asked about and are newer than any that were asked
// about before.
type ClarifyQuery struct {
	Now   time.Time
	First roster.Day
	Days  int
	Limit int
}

// ClarifyChange is a step of the clock. Of a new one ID is 0.
type ClarifyChange struct {
	ID     int64
	Person roster.EmployeeID
	Missed []roster.Day
	Move   string
	Holder roster.EmployeeID // in review
}

// Clarifications are the rows of what people are asked about missing reports.
type Clarifications interface {
	ToClarify(ctx context.Context, q ClarifyQuery) ([]Unexplained, error)
	// OpenClarifications are those that are not settled.
	OpenClarifications(ctx context.Context, now time.Time) ([]Clarification, error)
	// Clarify makes one step true and queues what say makes of its id, in one
	// transaction. False when the row is no longer where the step begins.
	Clarify(ctx context.Context, now time.Time, c ClarifyChange, say func(id int64) []conversations.Say) (bool, error)
}

// clarify asks people first whose reports are missing for long. It counts working
// days and prepares; what follows is decided by people, and a day without a report
// is never a day of absence:
//
//	missing for long ─▶ asked ──────────── own words or a button ──▶ explained
//	                      │                                             │
//	                      │ no answer in time                           ├─▶ care: counselling, or our own
//	                      ▼                                             │   fault: the personnel office helps
//	                   review: the superior reads ◀─────────────────────┘
//	                      │          │
//	                      │          └─ Terima, or nobody read it in time ─▶ accepted
//	                      ▼ Teruskan, or nothing was ever explained
//	                   forwarded ─▶ drafted: a letter for a person of the personnel office
//	                                   └─ sent, or not needed ─▶ closed
//
// An explanation that comes while it is forwarded takes it back to the superior. When
// the days are excused after all (leave entered late, an outage), it is void.
type clarify struct{ Deps }

func (j clarify) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	p, day := j.Policy.Clarify, today(now)
	if c := clockOf(now); !p.On || c < p.At || c >= p.Until || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil {
		return res, err
	}
	l := ladder{calendar: j.Policy.Calendar(days)}
	if !l.calendar.IsWorkday(roster.FiveDays, day) {
		return res, nil
	}
	if err := j.begin(ctx, now, l, &res); err != nil {
		return res, err
	}
	return res, j.proceed(ctx, now, l, &res)
}

// begin asks those whose reports are missing for long, once a working day.
func (j clarify) begin(ctx context.Context, now time.Time, l ladder, res *Result) error {
	p, day := j.Policy.Clarify, today(now)
	at, err := j.Store.Progress(ctx, "clarify", day.String())
	if err != nil || at.Done {
		return err
	}
	people, err := j.Store.ToClarify(ctx, ClarifyQuery{Now: now, First: l.back(day, p.Window), Days: p.Days, Limit: chunk})
	if err != nil {
		return err
	}
	for _, u := range people {
		n := conversations.ClarifyAsk{To: u.Person, Missed: u.Missed, Until: l.forth(day, p.Answer), Now: now}
		ok, err := j.Store.Clarify(ctx, now, ClarifyChange{Person: u.Person.ID, Missed: u.Missed}, func(id int64) []conversations.Say {
			return []conversations.Say{{
				Key: fmt.Sprintf("clarify/%d/ask", id), Kind: conversations.KindNotice, Employee: u.Person.ID,
				Msg: j.Words.To(u.Person).AskToExplain(id, n),
			}}
		})
		if err != nil {
			return err
		}
		if ok {
			res.did("asked", 1)
		}
	}
	res.Hour = day.At(p.At, j.Loc)
	_, err = j.Store.Commit(ctx, now, Run{Job: "clarify", Period: day.String(), Done: len(people) < chunk}, Batch{})
	return err
}

// back is the day before which lie n working days until a day; forth the day after
// which they are over.
func (l ladder) back(day roster.Day, n int) roster.Day {
	d := day
	for left := n; left > 0; {
		d = d.Add(-1)
		if l.calendar.IsWorkday(roster.FiveDays, d) {
			left--
		}
	}
	return d
}

func (l ladder) forth(day roster.Day, n int) roster.Day {
	d := day
	for left := n; left > 0; {
		d = d.Add(1)
		if l.calendar.IsWorkday(roster.FiveDays, d) {
			left--
		}
	}
	return d
}

// proceed takes the steps of the clock.
func (j clarify) proceed(ctx context.Context, now time.Time, l ladder, res *Result) error {
	all, err := j.Store.OpenClarifications(ctx, now)
	if err != nil {
		return err
	}
	day := today(now)
	var command *Command // read when a step has to find somebody
	for _, c := range all {
		move := j.Policy.Clarify.next(c, l.workdays(c.Since, day))
		if move == clarifyWaits {
			continue
		}
		if command == nil {
			read, err := j.Store.Command(ctx, day, day)
			if err != nil {
				return err
			}
			read.index = roster.NewLines(read.Lines)
			command = &read
		}
		change, says, err := j.step(c, move, *command, clarifyDay{now, l})
		if errors.Is(err, errNobodyThere) {
			res.saw("hr", 1)
			continue
		}
		if err != nil {
			return err
		}
		done, err := j.Store.Clarify(ctx, now, change, func(int64) []conversations.Say { return says })
		if err != nil {
			return err
		}
		if done {
			res.did(change.Move, 1)
		}
	}
	return nil
}
