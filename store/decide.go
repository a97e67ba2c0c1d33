package store

import (
	"context"
	"fmt"
	"time"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// decision is how duties are decided anew. Gently: only those decided before, and
// nobody may lose by it. With hours, a duty that is what it was gets new hours
// too, when they lie ahead.
type decision struct {
	now           time.Time
	gently, hours bool
}

// recompute decides a person's duties anew from calendar, shifts and absences,
// and tells what changed. A deferral for an outage of ours stays.
func (t *Turns) recompute(ctx context.Context, q *db.Queries, id roster.EmployeeID, days span, now time.Time) ([]dutyChange, error) {
	return t.decide(ctx, q, id, days, decision{now: now})
}

func (t *Turns) decide(ctx context.Context, q *db.Queries, id roster.EmployeeID, days span, how decision) ([]dutyChange, error) {
	f, err := factsOf(ctx, q, id, days)
	if err != nil {
		return nil, err
	}
	if t.Policy.Calendar != nil {
		f.calendar = t.Policy.Calendar(f.calendar.Days())
	}
	preferred, err := preferredHours(ctx, q, []int64{int64(id)})
	if err != nil {
		return nil, err
	}
	var changes []dutyChange
	for d := days.from; !d.After(days.to); d = d.Add(1) {
		before, known := f.before[d]
		if how.gently && !known {
			continue
		}
		facts := f.on(d)
		facts.Outage = known && before.Reason == string(roster.ReasonOutage)
		duty, times := roster.Plan(facts, id, d, t.Policy.Hours, t.Policy.Spread, t.Loc)
		if at, ok := preferred[id]; ok {
			times = times.Prefer(duty, at, t.Loc)
		}
		if known && same(before, duty) && !how.hours || how.gently && tooLate(before, duty, times, how.now) {
			continue
		}
		arg := dutyParams(id, duty, times, how.now)
		if err := t.credit(ctx, q, &arg, times); err != nil {
			return nil, err
		}
		keepPromise(&arg, before)
		if how.hours && !follows(&arg, before, how.now) {
			continue
		}
		if err := q.PutDuty(ctx, arg); err != nil {
			return nil, fmt.Errorf("store duty: %w", err)
		}
		c := dutyChange{Day: d, Before: before.State, Was: before.Reason, After: duty.State, Reason: duty.Reason, duty: duty, asked: before.AskedAt != nil}
		if before.LateUntil != nil {
			c.until = *before.LateUntil
		}
		if how.hours && before.DeadlineAt != nil && arg.DeadlineAt != nil {
			c.Hours = &hoursChange{before.AskAt.In(t.Loc), before.DeadlineAt.In(t.Loc), arg.AskAt.In(t.Loc), arg.DeadlineAt.In(t.Loc)}
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// same reports that a stored duty says what was decided now.
func same(before db.Duty, d roster.Duty) bool {
	return before.State == string(d.State) && before.Reason == string(d.Reason) &&
		before.Starts == int32(d.Start) && before.Ends == int32(d.End)
}

// tooLate reports that a day which was free would become due when its question
// can no longer be answered in time.
func tooLate(before db.Duty, d roster.Duty, t roster.Times, now time.Time) bool {
	return before.State == string(roster.NotDue) && d.State == roster.Due && now.After(t.Deadline.Add(-roster.AnswerTime))
}

// keepPromise leaves a deadline that the person was told of where it was, when
// the new one would be earlier.
func keepPromise(arg *db.PutDutyParams, before db.Duty) {
	if before.AskedAt == nil || arg.State != string(roster.Due) {
		return
	}
	if later(before.DeadlineAt, arg.DeadlineAt) {
		arg.DeadlineAt = before.DeadlineAt
	}
	if later(before.LateUntil, arg.LateUntil) {
		arg.LateUntil = before.LateUntil
	}
}

func later(a, b *time.Time) bool { return a != nil && b != nil && a.After(*b) }

func dutyParams(id roster.EmployeeID, d roster.Duty, t roster.Times, now time.Time) db.PutDutyParams {
	return db.PutDutyParams{
		EmployeeID: int64(id), Day: d.Day, State: string(d.State), Reason: string(d.Reason), Name: d.Name,
		Starts: int32(d.Start), Ends: int32(d.End), ShortForm: d.ShortForm,
		AskAt: moment(t.AskAt), DeadlineAt: moment(t.Deadline), LateUntil: moment(t.LateUntil), ComputedAt: now,
	}
}

// credit moves the times of a duty for the outages that touch it.
func (t *Turns) credit(ctx context.Context, q *db.Queries, d *db.PutDutyParams, planned roster.Times) error {
	if planned == (roster.Times{}) {
		return nil
	}
	of, err := outagesOf(ctx, q, d.ComputedAt, planned.AskAt, []int64{d.EmployeeID})
	if err != nil {
		return err
	}
	var spans []roster.Outage
	for _, o := range of[roster.EmployeeID(d.EmployeeID)] {
		spans = append(spans, o.Outage)
	}
	relief := t.Policy.Relief
	if relief == (roster.Relief{}) {
		relief = roster.DefaultRelief(t.Loc)
	}
	if moved := roster.Credit(planned, spans, relief); moved != planned {
		d.PlannedDeadline, d.PlannedLate = d.DeadlineAt, d.LateUntil
		d.DeadlineAt, d.LateUntil = &moved.Deadline, &moved.LateUntil
	}
	return nil
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// facts are what decides a person's duties over some days.
type facts struct {
	pattern  roster.Pattern
	calendar roster.Calendar
	absences []roster.Absence
	shifts   map[roster.Day]roster.Shift
	before   map[roster.Day]db.Duty
}

func factsOf(ctx context.Context, q *db.Queries, id roster.EmployeeID, days span) (facts, error) {
	f := facts{shifts: map[roster.Day]roster.Shift{}, before: map[roster.Day]db.Duty{}}
	fail := func(err error) (facts, error) { return f, fmt.Errorf("read what decides a duty: %w", err) }
	pattern, err := q.PatternOfEmployee(ctx, int64(id))
	if err != nil {
		return fail(err)
	}
	f.pattern = roster.Pattern(pattern)
	if f.calendar, err = calendarOf(ctx, q); err != nil {
		return fail(err)
	}
	absences, err := q.AbsencesOf(ctx, db.AbsencesOfParams{EmployeeID: int64(id), FirstDay: days.from, LastDay: days.to})
	if err != nil {
		return fail(err)
	}
	for _, a := range absences {
		f.absences = append(f.absences, roster.Absence{
			Employee: id, Kind: roster.AbsenceKind(a.Kind), From: a.FirstDay, To: a.LastDay, Confirmed: a.State == "confirmed",
		})
	}
	shifts, err := q.ShiftsOf(ctx, db.ShiftsOfParams{EmployeeID: int64(id), FirstDay: days.from, LastDay: days.to})
	if err != nil {
		return fail(err)
	}
	for _, s := range shifts {
		f.shifts[s.Day] = roster.Shift{
			Employee: id, Day: s.Day, Start: roster.Clock(s.Starts), End: roster.Clock(s.Ends), Name: s.Label,
		}
	}
	duties, err := q.DutiesOf(ctx, db.DutiesOfParams{EmployeeID: int64(id), FirstDay: days.from, LastDay: days.to})
	if err != nil {
		return fail(err)
	}
	for _, d := range duties {
		f.before[d.Day] = d
	}
	return f, nil
}

func (f facts) on(d roster.Day) roster.Facts {
	out := roster.Facts{Pattern: f.pattern, Calendar: f.calendar, Absence: roster.AbsenceOn(f.absences, d)}
	if s, ok := f.shifts[d]; ok {
		out.Shift = &s
	}
	return out
}

// calendarOf is the stored calendar; the one built in where nothing is stored yet.
func calendarOf(ctx context.Context, q *db.Queries) (roster.Calendar, error) {
	rows, err := q.CalendarDays(ctx)
	if err != nil {
		return roster.Calendar{}, fmt.Errorf("read calendar: %w", err)
	}
	if len(rows) == 0 {
		return roster.NewCalendar(roster.Seed()), nil
	}
	days := make([]roster.CalendarDay, len(rows))
	for i, r := range rows {
		days[i] = roster.CalendarDay{Day: r.Day, Kind: roster.CalendarKind(r.Kind), Name: r.Name, Basis: r.Basis}
	}
	return roster.NewCalendar(days), nil
}
