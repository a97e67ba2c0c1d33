package jobs

import (
	"context"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// Week is the days that are scored together: a calendar week, Monday to Sunday, or a
// calendar month.
type Week struct{ First, Last roster.Day }

func weekOf(day roster.Day) Week { return Week{day.Monday(), day.Monday().Add(6)} }

// PersonWeek is one person's week as it is known now.
type PersonWeek struct {
	Person   conversations.Person
	Live     bool // has a live address
	Days     []DayRow
	Previous *scoring.Result // of the week before, nil when there is none
	// Attendance is what machines have recorded; nil when there is nothing.
	Attendance *scoring.Attendance
}

// DayRow is a stored duty with what was sent for it.
type DayRow struct {
	Duty      roster.Duty
	LateUntil time.Time
	Asked     bool
	Report    *Sent
}

// Sent is a sent report.
type Sent struct {
	ID      int64
	Late    bool
	Minutes int
	// Additional are those of Minutes that serve no item of the plan (RHK).
	Additional int
	Grade      scoring.Suitability // of the superior for what was sent last; empty: none
}

// Score is a week's score to be stored.
type Score struct {
	Employee roster.EmployeeID
	Week     Week
	Record   scoring.Record
}

// Weeks are the rows that scores are made from.
type Weeks interface {
	// WeekPeople are people with a due day in the week, in the order of their
	// ids, above after.
	WeekPeople(ctx context.Context, w Week, after roster.EmployeeID, limit int) ([]roster.EmployeeID, error)
	// PersonWeeks are the weeks of these people, in the order of their ids.
	PersonWeeks(ctx context.Context, ids []roster.EmployeeID, w Week) ([]PersonWeek, error)
}

// entry is what a day counts at now. A day whose late window is open is not
// judged yet. Nobody loses by our silence: an unanswered day on which we never
// asked is forgiven, and a late answer to it is on time. What was asked for and
// reported stays known when the day becomes free later: it may count, it never hurts.
func entry(d DayRow, now time.Time) scoring.Entry {
	e := scoring.Entry{Day: d.Duty.Day, Due: true, Mark: scoring.Pending}
	switch d.Duty.State {
	case roster.NotDue:
		e.Reason = string(d.Duty.Reason)
		e.Excused = excuse(d.Duty.Reason)
		e.Due = e.Excused
		return reportedBefore(e, d)
	case roster.Deferred:
		e.Reason, e.Excused = string(d.Duty.Reason), true
		return reportedBefore(e, d)
	case roster.Due:
	}
	switch {
	case d.Report != nil:
		e = sent(e, d)
	case now.Before(d.LateUntil):
	case !d.Asked:
		e.Mark, e.Reason = scoring.Waived, "not_asked"
	default:
		e.Mark = scoring.Missing
	}
	return e
}

// sent is a day with its report.
func sent(e scoring.Entry, d DayRow) scoring.Entry {
	e.Mark, e.Minutes, e.Report, e.Suitability = scoring.OnTime, d.Report.Minutes, d.Report.ID, d.Report.Grade
	e.Additional = d.Report.Additional
	if d.Report.Late && d.Asked {
		e.Mark = scoring.Late
	}
	if e.Suitability == scoring.Lapsed {
		e.Reason = scoring.VerificationLapsed
	}
	return e
}

// reportedBefore keeps the report of a day on which we asked and which became
// free afterwards. A report of one's own accord on a free day is none of these.
func reportedBefore(e scoring.Entry, d DayRow) scoring.Entry {
	if d.Report == nil || !d.Asked {
		return e
	}
	e = sent(e, d)
	e.WasDue = true
	return e
}

// excuse tells leave and illness from days that are free for everybody.
func excuse(r roster.Reason) bool {
	switch r {
	case roster.ReasonLeave, roster.ReasonSick, roster.ReasonMaternity, roster.ReasonStudy:
		return true
	default:
		return false
	}
}

// record scores a person's week or month. A month's own target counts when all its
// days are known; until then each day has its target.
func record(p PersonWeek, rubric scoring.Rubric, w Week, now time.Time) scoring.Record {
	entries := make([]scoring.Entry, len(p.Days))
	for i, d := range p.Days {
		entries[i] = entry(d, now)
	}
	return rubric.RecordOf(scoring.Inputs{Entries: entries, Attendance: p.Attendance, Month: w.Month() && today(now).After(w.Last)})
}

// summaryDay is the day on which the week is summed up: the policy's, or the
// last working day of the office when that one is free; zero when all are.
func summaryDay(c roster.Calendar, w Week, want time.Weekday) roster.Day {
	for d := w.First; !d.After(w.Last); d = d.Add(1) {
		if d.Weekday() == want && c.IsWorkday(roster.FiveDays, d) {
			return d
		}
	}
	for d := w.Last; !d.Before(w.First); d = d.Add(-1) {
		if c.IsWorkday(roster.FiveDays, d) {
			return d
		}
	}
	return roster.Day{}
}

// weekly are the jobs that sum a week up.
type weekly struct{ Deps }

// lastRecap is when a recap of the week is no longer worth sending, on Sunday.
func lastRecap() roster.Clock { return roster.At24(20, 0) }

// due is the week to sum up and its day; false before the hour, when the week is
// over, and in quiet hours.
func (j weekly) due(ctx context.Context, now time.Time, at roster.Clock) (Week, roster.Day, bool, error) {
	w := weekOf(today(now))
	// Cheap first: this runs every few seconds.
	if j.Policy.Quiet.Holds(now) || now.After(w.Last.At(lastRecap(), j.Loc)) {
		return w, roster.Day{}, false, nil
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil {
		return w, roster.Day{}, false, err
	}
	day := summaryDay(j.Policy.Calendar(days), w, j.Policy.Weekly.Day)
	return w, day, !day.IsZero() && !now.Before(day.At(at, j.Loc)), nil
}

// step does one step of a period from where it stands and says where that ends.
type step func(ctx context.Context, after int64) (Run, Batch, error)

// steps runs a period's steps until it is done, somebody else runs it, or most
// steps were taken: the next tick goes on.
func (j weekly) steps(ctx context.Context, now time.Time, name, period string, most int, next step) (Result, error) {
	var res Result
	at, err := j.Store.Progress(ctx, name, period)
	for n := 0; err == nil && !at.Done && n < most; n++ {
		run, batch, err := next(ctx, at.After)
		if err != nil {
			return res, err
		}
		run.Job, run.Period, run.From = name, period, at.After
		ours, err := j.Store.Commit(ctx, now, run, batch)
		if err != nil || !ours {
			return res, err
		}
		for name, n := range run.Counts {
			res.did(name, n)
		}
		at = Progress{After: run.To, Done: run.Done}
	}
	return res, err
}
