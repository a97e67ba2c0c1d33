package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// span is a run of days, both ends included.
type span struct{ from, to roster.Day }

// maxAbsence bounds a run of days marked in a chat (a long leave is three months).
const maxAbsence = 400

// Refusals of what a chat asks for.
var (
	// ErrNotTheirs: days of a person who is not in the marker's line of command.
	ErrNotTheirs = errors.New("not in the own line of command")
	// ErrDays: a run of days that ends before it begins, or is endless.
	ErrDays = errors.New("impossible run of days")
)

// absent notes absences and decides the days anew.
func (t *Turns) absent(ctx context.Context, tx pgx.Tx, w *work, changes []conversations.AbsenceChange) error {
	if len(changes) > 0 && w.turn.Person == nil {
		return fmt.Errorf("mark absence: %w", errStranger)
	}
	q := db.New(tx)
	for _, c := range changes {
		if c.To.IsZero() {
			c.To = c.From
		}
		if c.From.IsZero() || c.To.Before(c.From) || c.To.Sub(c.From) > maxAbsence {
			return fmt.Errorf("mark absence: %w", ErrDays)
		}
		if err := t.absence(ctx, q, w, c); err != nil {
			return err
		}
	}
	return nil
}

func (t *Turns) absence(ctx context.Context, q *db.Queries, w *work, c conversations.AbsenceChange) error {
	viewer := int64(w.turn.Person.ID)
	may, err := q.MayMark(ctx, db.MayMarkParams{Viewer: viewer, EmployeeID: int64(c.Employee), Day: w.turn.Today, FirstDay: c.From})
	if err != nil {
		return fmt.Errorf("check line of command: %w", err)
	}
	if !may {
		return fmt.Errorf("mark absence: %w", ErrNotTheirs)
	}
	arg := db.AddAbsenceParams{
		EmployeeID: int64(c.Employee), FirstDay: c.From, LastDay: c.To, Kind: string(c.Kind),
		Source: "chat", State: "claimed", NotedBy: &viewer, NotedAt: w.now,
	}
	if c.Confirmed {
		arg.Source, arg.State = "supervisor", "confirmed"
	}
	if err := q.AddAbsence(ctx, arg); err != nil {
		return fmt.Errorf("mark absence: %w", err)
	}
	changes, err := t.recompute(ctx, q, c.Employee, span{c.From, c.To}, w.now)
	if err != nil {
		return err
	}
	detail, err := json.Marshal(map[string]any{"kind": c.Kind, "from": c.From, "to": c.To, "days": changes, "inbox": w.inbox})
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	if err := q.AddAudit(ctx, db.AddAuditParams{
		At: w.now, Actors: []string{keyOf(w.turn.Person.ID)}, Actions: []string{"duty.recompute"},
		Subjects: []string{keyOf(c.Employee)}, Details: []json.RawMessage{detail},
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
	var changes []dutyChange
	for d := days.from; !d.After(days.to); d = d.Add(1) {
		before, known := f.before[d]
		facts := f.on(d)
		facts.Outage = known && before.Reason == string(roster.ReasonOutage)
		duty, times := roster.Plan(facts, id, d, t.Policy.Hours, t.Policy.Spread, t.Loc)
		if known && before.State == string(duty.State) && before.Reason == string(duty.Reason) {
			continue
		}
		if err := q.PutDuty(ctx, dutyParams(id, duty, times, now)); err != nil {
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
