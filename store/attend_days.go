package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

const (
	// aroundDays are read before and after the days that are asked for: a window may
	// begin the day before, a shift may end the day after.
	aroundDays = 2
	// usedDays is how far back it is looked which machines somebody uses.
	usedDays = 30
)

// Machined are reachable people whom a machine knows on a day.
func (j Jobs) Machined(ctx context.Context, day roster.Day, after roster.EmployeeID, limit int) ([]conversations.Person, error) {
	rows, err := j.Store.q().PresencePeople(ctx, db.PresencePeopleParams{After: int64(after), Day: day, Most: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("read people with a pin: %w", err)
	}
	out := make([]conversations.Person, len(rows))
	for i, r := range rows {
		out[i] = named(r.ID, r.Name, r.Sex, r.Lang)
	}
	return out, nil
}

// Presences are the days of people of whom a machine has recorded anything in the
// last month. Where no machine knows anybody this is one cheap question.
func (j Jobs) Presences(ctx context.Context, query jobs.PresenceQuery) (map[roster.EmployeeID]jobs.Presence, error) {
	return presences(ctx, j.Store.q(), query)
}

func presences(ctx context.Context, q *db.Queries, query jobs.PresenceQuery) (map[roster.EmployeeID]jobs.Presence, error) {
	r := presenceReader{q: q, query: query, found: map[int64]*jobs.Presence{}}
	for _, id := range query.IDs {
		r.ids = append(r.ids, int64(id))
	}
	if err := r.machines(ctx); err != nil || len(r.found) == 0 {
		return nil, err
	}
	for _, read := range []func(context.Context) error{r.punches, r.days} {
		if err := read(ctx); err != nil {
			return nil, err
		}
	}
	out := make(map[roster.EmployeeID]jobs.Presence, len(r.found))
	for id, p := range r.found {
		out[roster.EmployeeID(id)] = *p
	}
	return out, nil
}

type presenceReader struct {
	q     *db.Queries
	query jobs.PresenceQuery
	ids   []int64
	found map[int64]*jobs.Presence
}

// machines finds which machines each person uses, and when those worked.
func (r *presenceReader) machines(ctx context.Context) error {
	first, last := r.query.First, r.query.Last.Add(aroundDays)
	rows, err := r.q.MachinesOf(ctx, db.MachinesOfParams{FirstDay: first.Add(-usedDays), LastDay: last, Ids: r.ids})
	if err != nil {
		return fmt.Errorf("read who uses which machine: %w", err)
	}
	hours := map[int64]roster.MachineHours{}
	var devices []int64
	for _, row := range rows {
		if hours[row.DeviceID] == nil {
			hours[row.DeviceID] = roster.MachineHours{}
			devices = append(devices, row.DeviceID)
		}
		p := r.found[row.EmployeeID]
		if p == nil {
			p = &jobs.Presence{}
			r.found[row.EmployeeID] = p
		}
		p.Machine.Used = append(p.Machine.Used, hours[row.DeviceID])
	}
	if len(devices) == 0 {
		return nil
	}
	worked, err := r.q.MachineHours(ctx, db.MachineHoursParams{
		Devices: devices, First: first.Add(-aroundDays).At(0, time.UTC), Last: last.Add(1).At(0, time.UTC),
	})
	if err != nil {
		return fmt.Errorf("read when machines worked: %w", err)
	}
	for _, w := range worked {
		hours[w.DeviceID][w.Hour.UTC()] = int(w.People)
	}
	return nil
}

func (r *presenceReader) punches(ctx context.Context) error {
	rows, err := r.q.PunchesOf(ctx, db.PunchesOfParams{
		FirstDay: r.query.First.Add(-aroundDays), LastDay: r.query.Last.Add(aroundDays), Ids: r.ids,
	})
	if err != nil {
		return fmt.Errorf("read punches: %w", err)
	}
	for _, row := range rows {
		if p := r.found[row.EmployeeID]; p != nil {
			p.Machine.Punches = append(p.Machine.Punches, roster.Punch{PIN: row.Pin, At: row.At, Doubt: row.Doubt})
		}
	}
	return nil
}

func (r *presenceReader) days(ctx context.Context) error {
	rows, err := r.q.PresenceDays(ctx, db.PresenceDaysParams{
		At: r.query.Now, Ids: r.ids, FirstDay: r.query.First.Add(-1), LastDay: r.query.Last.Add(1),
	})
	if err != nil {
		return fmt.Errorf("read days of presence: %w", err)
	}
	for _, row := range rows {
		p := r.found[row.EmployeeID]
		if p == nil {
			continue
		}
		d := jobs.PresenceDay{
			Duty: roster.Duty{
				Day: row.Day, State: roster.State(row.State), Reason: roster.Reason(row.Reason),
				Start: roster.Clock(row.Starts), End: roster.Clock(row.Ends),
			},
			Asked: row.AskedAt != nil, Reported: row.Reported, Held: row.Held,
		}
		if row.DeadlineAt != nil {
			d.Deadline = *row.DeadlineAt
		}
		p.Days = append(p.Days, d)
	}
	return nil
}

// AskPresence notes questions and queues their messages, each person and day once,
// in one transaction with the step of the job; false when somebody else was faster.
func (j Jobs) AskPresence(ctx context.Context, now time.Time, run jobs.Run, asks []jobs.PresenceAsk, says []conversations.Say) (ours bool, err error) {
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if ours, err = advance(ctx, q, now, run); err != nil || !ours || len(asks) == 0 {
			return err
		}
		arg := db.AddPresenceQuestionsParams{At: now}
		var seen []int64
		var seenDays []string
		for _, a := range asks {
			arg.Employees, arg.Days = append(arg.Employees, int64(a.Employee)), append(arg.Days, a.Day.String())
			arg.Kinds, arg.PunchAts = append(arg.Kinds, string(a.What)), append(arg.PunchAts, a.Punch)
			if a.What == roster.Seen {
				seen, seenDays = append(seen, int64(a.Employee)), append(seenDays, a.Day.String())
			}
		}
		rows, err := q.AddPresenceQuestions(ctx, arg)
		if err != nil {
			return fmt.Errorf("note questions: %w", err)
		}
		marked := map[personDay]bool{}
		for _, r := range rows {
			marked[personDay{r.EmployeeID, r.Day}] = true
		}
		if err := q.RemindedByPresence(ctx, seen, seenDays); err != nil {
			return fmt.Errorf("note reminders: %w", err)
		}
		return enqueue(ctx, q, now, only(says, marked))
	})
	return ours && err == nil, err
}
