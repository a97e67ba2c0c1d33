package jobs

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"ekinerja/roster"
)

// Facts are what decides one person's duty of a day.
type Facts struct {
	Employee roster.EmployeeID
	Pattern  roster.Pattern
	Shift    *roster.Shift // listed for the day; nil for none
	Absences []roster.Absence
}

// Planned is a computed duty with its moments.
type Planned struct {
	Employee roster.EmployeeID
	Duty     roster.Duty
	Times    roster.Times
}

// Duties are the rows that say who owes a report.
type Duties interface {
	// Calendar is every special date.
	Calendar(ctx context.Context) ([]roster.CalendarDay, error)
	// WithoutDuty are active people without a row for the day, in the order of
	// their ids, above after, at most limit.
	WithoutDuty(ctx context.Context, day roster.Day, after roster.EmployeeID, limit int) ([]Facts, error)
	// AddDuties stores duties; one that exists stays. It returns how many were new.
	AddDuties(ctx context.Context, now time.Time, planned []Planned) (int, error)
	// CountDuties tells the database that there are many more than before. It counts
	// by itself too, minutes later, and plans by the old number until then.
	CountDuties(ctx context.Context) error
}

// atALook is how many people without a duty are read at once: reading goes through
// everybody each time, whatever it finds.
const atALook = 20_000

// manyDuties are more than the database should learn of by chance.
const manyDuties = 5000

// duty plans today and tomorrow, so that everybody's day is known before it
// begins and a person added today still has one. What another policy has planned is
// decided anew first, but nobody's day waits for that.
type duty struct {
	Deps
	look     *glance
	followed *atomic.Bool
}

func (j duty) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	err := errors.Join(j.follow(ctx, &res), j.ahead(ctx, now, &res))
	return res, err
}

// follow decides anew what another policy has planned, once a process.
func (j duty) follow(ctx context.Context, res *Result) error {
	if j.Follow == nil || j.followed.Load() {
		return nil
	}
	n, err := j.Follow(ctx, j.Policy.HoursMark())
	res.did("replanned", n)
	if err == nil {
		j.followed.Store(true)
	}
	return err
}

// ahead plans today and tomorrow.
func (j duty) ahead(ctx context.Context, now time.Time, res *Result) error {
	if !j.look.due(now) {
		return nil
	}
	all := 0
	for _, day := range []roster.Day{today(now), today(now).Add(1)} {
		n, err := j.plan(ctx, now, day)
		res.did("planned", n)
		if all += n; err != nil {
			return err
		}
	}
	if all >= manyDuties {
		if err := j.Store.CountDuties(ctx); err != nil {
			return err
		}
	}
	j.look.done(now)
	return nil
}

func (j duty) plan(ctx context.Context, now time.Time, day roster.Day) (int, error) {
	var calendar *roster.Calendar // read when somebody is without a duty
	added := 0
	for after := roster.EmployeeID(0); ; {
		facts, err := j.Store.WithoutDuty(ctx, day, after, atALook)
		if err != nil || len(facts) == 0 {
			return added, err
		}
		if calendar == nil {
			days, err := j.Store.Calendar(ctx)
			if err != nil {
				return added, err
			}
			c := j.Policy.Calendar(days)
			calendar = &c
		}
		for some := range slices.Chunk(facts, chunk) {
			planned := make([]Planned, len(some))
			for i, f := range some {
				planned[i] = j.Policy.plan(f, *calendar, day, j.Loc)
			}
			n, err := j.Store.AddDuties(ctx, now, planned)
			added += n
			if err != nil {
				return added, err
			}
		}
		if len(facts) < atALook {
			return added, nil
		}
		after = facts[len(facts)-1].Employee
	}
}

func (p Policy) plan(f Facts, c roster.Calendar, day roster.Day, loc *time.Location) Planned {
	facts := roster.Facts{Pattern: f.Pattern, Calendar: c, Shift: f.Shift, Absence: roster.AbsenceOn(f.Absences, day)}
	d, t := roster.Plan(facts, f.Employee, day, p.Hours, p.Spread, loc)
	return Planned{Employee: f.Employee, Duty: d, Times: t}
}
