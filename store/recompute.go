package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// recomputeChunk is how many people one transaction decides anew.
const recomputeChunk = 200

// Recompute decides every duty from first to last, both included, that was
// decided before, anew: after the calendar, the shifts or a policy has changed.
// Reports and what was sent stay; messages whose reason is gone are called off
// when they are about to go out. It tells how many people had a change; each
// change is on the record.
func (t *Turns) Recompute(ctx context.Context, first, last roster.Day) (people int, err error) {
	ids, err := t.Store.q().PeopleWithDuty(ctx, first, last)
	if err != nil {
		return 0, fmt.Errorf("find duties: %w", err)
	}
	now := t.Now()
	for len(ids) > 0 {
		chunk := ids[:min(recomputeChunk, len(ids))]
		ids = ids[len(chunk):]
		err := t.Store.inTx(ctx, func(tx pgx.Tx) error {
			for _, id := range chunk {
				changed, err := t.recomputeOne(ctx, db.New(tx), roster.EmployeeID(id), span{first, last}, now)
				if err != nil {
					return err
				}
				if changed {
					people++
				}
			}
			return nil
		})
		if err != nil {
			return people, err
		}
	}
	return people, nil
}

func (t *Turns) recomputeOne(ctx context.Context, q *db.Queries, id roster.EmployeeID, days span, now time.Time) (bool, error) {
	changes, err := t.recompute(ctx, q, id, days, now)
	if err != nil || len(changes) == 0 {
		return false, err
	}
	detail, err := json.Marshal(map[string]any{"days": changes})
	if err != nil {
		return false, fmt.Errorf("encode record: %w", err)
	}
	return true, noteDuty(ctx, q, now, note{"system", id, detail})
}

// note is a line of the record about a person's duties.
type note struct {
	actor   string
	subject roster.EmployeeID
	detail  json.RawMessage
}

func noteDuty(ctx context.Context, q *db.Queries, now time.Time, n note) error {
	if err := q.AddAudit(ctx, db.AddAuditParams{
		At: now, Actors: []string{n.actor}, Actions: []string{"duty.recompute"},
		Subjects: []string{keyOf(n.subject)}, Details: []json.RawMessage{n.detail},
	}); err != nil {
		return fmt.Errorf("keep record: %w", err)
	}
	return nil
}

// dutyChange is one day whose duty was decided anew.
type dutyChange struct {
	Day    roster.Day    `json:"day"`
	Before string        `json:"before,omitempty"`
	After  roster.State  `json:"after"`
	Reason roster.Reason `json:"reason"`
}

// recompute decides a person's duties anew from calendar, shifts and absences,
// and tells what changed. A deferral for an outage of ours stays.
func (t *Turns) recompute(ctx context.Context, q *db.Queries, id roster.EmployeeID, days span, now time.Time) ([]dutyChange, error) {
	f, err := factsOf(ctx, q, id, days)
	if err != nil {
		return nil, err
	}
	if t.Policy.Calendar != nil {
		f.calendar = t.Policy.Calendar(f.calendar.Days())
	}
	var changes []dutyChange
	for d := days.from; !d.After(days.to); d = d.Add(1) {
		before, known := f.before[d]
		facts := f.on(d)
		facts.Outage = known && before.Reason == string(roster.ReasonOutage)
		duty, times := roster.Plan(facts, id, d, t.Policy.Hours, t.Policy.Spread, t.Loc)
		if known && before.State == string(duty.State) && before.Reason == string(duty.Reason) {
			continue
		}
		arg := dutyParams(id, duty, times, now)
		if err := t.credit(ctx, q, &arg, times); err != nil {
			return nil, err
		}
		if err := q.PutDuty(ctx, arg); err != nil {
			return nil, fmt.Errorf("store duty: %w", err)
		}
		changes = append(changes, dutyChange{Day: d, Before: before.State, After: duty.State, Reason: duty.Reason})
	}
	return changes, nil
}

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
