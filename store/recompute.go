package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// recomputeChunk is how many people one transaction decides anew.
const recomputeChunk = 200

// Redo is what is decided anew, and why.
type Redo struct {
	First, Last roster.Day           // both included
	People      []roster.EmployeeID  // nil: everybody with a duty on these days
	Why         string               // "calendar", "shifts": kept in the record
	Words       *conversations.Words // tells those concerned; nil tells nobody
}

// Redone is how many people had a change, and how many of them were told.
type Redone struct{ People, Told int }

// Recompute is [Turns.Redecide] of everybody, silently.
func (t *Turns) Recompute(ctx context.Context, first, last roster.Day) (people int, err error) {
	done, err := t.Redecide(ctx, Redo{First: first, Last: last})
	return done.People, err
}

// Redecide decides duties that were decided before anew: after the calendar, the
// shifts or a policy has changed. Reports and what was sent stay; messages whose
// reason is gone are called off when they are about to go out. Each change is on
// the record, with what was before. A person is told only of a day on which we
// asked and no longer need an answer.
//
// Nobody loses by it: a day that was free does not become due when its question
// could no longer be answered in time, and a deadline that somebody was told is
// never earlier than that.
func (t *Turns) Redecide(ctx context.Context, r Redo) (done Redone, err error) {
	ids := make([]int64, len(r.People))
	for i, e := range r.People {
		ids[i] = int64(e)
	}
	if r.People == nil {
		if ids, err = t.Store.q().PeopleWithDuty(ctx, r.First, r.Last); err != nil {
			return done, fmt.Errorf("find duties: %w", err)
		}
	}
	for chunk := range slices.Chunk(ids, recomputeChunk) {
		var part Redone
		err := t.Store.inTx(ctx, func(tx pgx.Tx) error {
			part = Redone{}
			for _, id := range chunk {
				if err := t.redecideOne(ctx, db.New(tx), roster.EmployeeID(id), r, &part); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done.People, done.Told = done.People+part.People, done.Told+part.Told
	}
	if done.Told > 0 && t.Wake != nil {
		t.Wake()
	}
	return done, nil
}

func (t *Turns) redecideOne(ctx context.Context, q *db.Queries, id roster.EmployeeID, r Redo, done *Redone) error {
	now := t.Now()
	changes, err := t.decide(ctx, q, id, span{r.First, r.Last}, decision{now: now, gently: true})
	if err != nil || len(changes) == 0 {
		return err
	}
	done.People++
	detail, err := json.Marshal(struct {
		Why  string       `json:"why,omitempty"`
		Days []dutyChange `json:"days"`
	}{r.Why, changes})
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	if err := noteDuty(ctx, q, now, note{"system", id, detail}); err != nil || r.Words == nil {
		return err
	}
	told, err := t.tellFree(ctx, q, id, changes, r.Words)
	done.Told += min(1, told)
	return err
}

// tellFree tells a person of days that we asked about for nothing. A day whose
// late window is over is of no interest any more, and who has reported needs no
// such word.
func (t *Turns) tellFree(ctx context.Context, q *db.Queries, id roster.EmployeeID, changes []dutyChange, words *conversations.Words) (int, error) {
	var says []conversations.Say
	now := t.Now()
	for _, c := range changes {
		if !c.asked || c.Before != string(roster.Due) || c.After != roster.NotDue || c.until.Before(now) {
			continue
		}
		report, err := q.ReportOf(ctx, int64(id), c.Day)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return 0, fmt.Errorf("read report: %w", err)
		}
		if report.State == "submitted" {
			continue
		}
		rows, err := q.People(ctx, c.Day, []int64{int64(id)})
		if err != nil || len(rows) == 0 {
			return 0, err
		}
		p := personOf(rows[0])
		says = append(says, conversations.Say{
			Key: fmt.Sprintf("free/%s/%d/%d", c.Day, id, now.Unix()), Kind: conversations.KindNotice, Employee: id,
			Msg: words.To(p).NoLongerDue(p, c.duty),
		})
	}
	return len(says), enqueue(ctx, q, now, says)
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
	Was    string        `json:"was,omitempty"` // the reason before
	After  roster.State  `json:"after"`
	Reason roster.Reason `json:"reason"`

	duty  roster.Duty
	asked bool
	until time.Time // until when an answer would have counted
}

// decision is how duties are decided anew. Gently: only those decided before, and
// nobody may lose by it.
type decision struct {
	now    time.Time
	gently bool
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
		if known && same(before, duty) || how.gently && tooLate(before, duty, times, how.now) {
			continue
		}
		arg := dutyParams(id, duty, times, how.now)
		if err := t.credit(ctx, q, &arg, times); err != nil {
			return nil, err
		}
		keepPromise(&arg, before)
		if err := q.PutDuty(ctx, arg); err != nil {
			return nil, fmt.Errorf("store duty: %w", err)
		}
		c := dutyChange{Day: d, Before: before.State, Was: before.Reason, After: duty.State, Reason: duty.Reason, duty: duty, asked: before.AskedAt != nil}
		if before.LateUntil != nil {
			c.until = *before.LateUntil
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
