package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// longestAnswer bounds how long before its deadline a question can have been
// due; see [roster.Hours.Check].
const longestAnswer = 36 * time.Hour

// asideAtOnce keeps the locks of one statement few.
const asideAtOnce = 5000

// WithoutDuty are active people without a duty on the day.
func (j Jobs) WithoutDuty(ctx context.Context, day roster.Day, after roster.EmployeeID, limit int) ([]jobs.Facts, error) {
	q := j.Store.q()
	rows, err := q.WithoutDuty(ctx, db.WithoutDutyParams{Day: day, After: int64(after), Most: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("read people without a duty: %w", err)
	}
	facts, ids := make([]jobs.Facts, len(rows)), make([]int64, len(rows))
	at := make(map[int64]*jobs.Facts, len(rows))
	for i, r := range rows {
		facts[i] = jobs.Facts{Employee: roster.EmployeeID(r.ID), Pattern: roster.Pattern(r.Pattern)}
		if r.Starts != nil && r.Ends != nil && r.Label != nil {
			facts[i].Shift = &roster.Shift{
				Employee: roster.EmployeeID(r.ID), Day: day, Start: roster.Clock(*r.Starts), End: roster.Clock(*r.Ends), Name: *r.Label,
			}
		}
		ids[i], at[r.ID] = r.ID, &facts[i]
	}
	if len(ids) == 0 {
		return nil, nil
	}
	absences, err := q.AbsencesOn(ctx, ids, day)
	if err != nil {
		return nil, fmt.Errorf("read absences: %w", err)
	}
	for _, a := range absences {
		f := at[a.EmployeeID]
		f.Absences = append(f.Absences, roster.Absence{
			Employee: f.Employee, Kind: roster.AbsenceKind(a.Kind), From: a.FirstDay, To: a.LastDay, Confirmed: a.State == "confirmed",
		})
	}
	return facts, nil
}

// AddDuties stores duties that are not there yet.
func (j Jobs) AddDuties(ctx context.Context, now time.Time, planned []jobs.Planned) (int, error) {
	arg := db.AddDutiesParams{At: now}
	preferred, err := preferredHours(ctx, j.Store.q(), people(planned))
	if err != nil {
		return 0, err
	}
	for _, p := range planned {
		d, t := p.Duty, p.Times
		if at, ok := preferred[p.Employee]; ok {
			t = t.Prefer(d, at, t.AskAt.Location())
		}
		arg.Employees = append(arg.Employees, int64(p.Employee))
		arg.Days = append(arg.Days, d.Day.String())
		arg.States = append(arg.States, string(d.State))
		arg.Reasons = append(arg.Reasons, string(d.Reason))
		arg.Names = append(arg.Names, d.Name)
		arg.Starts = append(arg.Starts, int32(d.Start))
		arg.Ends = append(arg.Ends, int32(d.End))
		arg.ShortForms = append(arg.ShortForms, d.ShortForm)
		arg.AskAts = append(arg.AskAts, t.AskAt)
		arg.Deadlines = append(arg.Deadlines, t.Deadline)
		arg.LateUntils = append(arg.LateUntils, t.LateUntil)
	}
	n, err := j.Store.q().AddDuties(ctx, arg)
	if err != nil {
		return 0, fmt.Errorf("store duties: %w", err)
	}
	return int(n), nil
}

// CountDuties has Postgres look how many duties there are.
func (j Jobs) CountDuties(ctx context.Context) error {
	if _, err := j.Store.pool.Exec(ctx, "ANALYZE duty"); err != nil {
		return fmt.Errorf("count duties: %w", err)
	}
	return nil
}

func people(planned []jobs.Planned) []int64 {
	ids := make([]int64, len(planned))
	for i, p := range planned {
		ids[i] = int64(p.Employee)
	}
	return ids
}

// ToAsk are people whose time to be asked has come.
func (j Jobs) ToAsk(ctx context.Context, query jobs.AskQuery) ([]jobs.Candidate, error) {
	rows, err := j.Store.q().ToAsk(ctx, db.ToAskParams{
		At: query.Now, Since: query.Now.Add(-longestAnswer), Before: query.Now.Add(query.Last),
		After: int64(query.After), Most: int32(query.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("read whom to ask: %w", err)
	}
	people := candidates(rows)
	return people, j.addUsuals(ctx, people)
}

func candidates(rows []db.ToAskRow) []jobs.Candidate {
	out := make([]jobs.Candidate, len(rows))
	for i, r := range rows {
		out[i] = jobs.Candidate{
			Person: named(r.ID, r.Name, r.Sex, r.Lang), Day: r.Day, Reason: roster.Reason(r.Reason), Short: r.ShortForm,
			Deadline: r.DeadlineAt, LateUntil: r.LateUntil, Draft: r.Draft, Recent: r.Recent,
		}
	}
	return out
}

// Unreachable sets aside and counts people who would be asked now but cannot be.
func (j Jobs) Unreachable(ctx context.Context, query jobs.AskQuery) (int, error) {
	q, since := j.Store.q(), query.Now.Add(-longestAnswer)
	if err := q.TakeReachedBack(ctx, query.Now, since); err != nil {
		return 0, fmt.Errorf("look who is reachable again: %w", err)
	}
	for more := int64(asideAtOnce); more == asideAtOnce; {
		var err error
		arg := db.SetUnreachedAsideParams{At: query.Now, Since: since, Most: asideAtOnce}
		if more, err = q.SetUnreachedAside(ctx, arg); err != nil {
			return 0, fmt.Errorf("set unreachable people aside: %w", err)
		}
	}
	n, err := q.Unreachable(ctx, db.UnreachableParams{At: query.Now, Since: since, Before: query.Now.Add(query.Last)})
	if err != nil {
		return 0, fmt.Errorf("count unreachable people: %w", err)
	}
	return int(n), nil
}

// personDay is the key of a duty.
type personDay struct {
	id  int64
	day roster.Day
}

// Ask marks and queues in one transaction.
func (j Jobs) Ask(ctx context.Context, now time.Time, says []conversations.Say) (asked int, err error) {
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		arg := db.MarkAskedParams{At: now}
		arg.Employees, arg.Days = dutyKeys(says)
		rows, err := q.MarkAsked(ctx, arg)
		if err != nil {
			return fmt.Errorf("mark as asked: %w", err)
		}
		marked := map[personDay]bool{}
		for _, r := range rows {
			marked[personDay{r.EmployeeID, r.Day}] = true
		}
		asked = len(rows)
		return enqueue(ctx, q, now, only(says, marked))
	})
	return asked, err
}

func dutyKeys(says []conversations.Say) (employees []int64, days []string) {
	for _, s := range says {
		employees, days = append(employees, int64(s.Employee)), append(days, s.About.Day.String())
	}
	return employees, days
}

// only are the messages whose duty this transaction marked.
func only(says []conversations.Say, marked map[personDay]bool) []conversations.Say {
	return slices.DeleteFunc(slices.Clone(says), func(s conversations.Say) bool {
		return !marked[personDay{int64(s.Employee), s.About.Day}]
	})
}

// ToRemind are people to be reminded.
func (j Jobs) ToRemind(ctx context.Context, query jobs.RemindQuery) ([]jobs.Candidate, error) {
	var rows []db.ToAskRow
	var err error
	if query.Late {
		var found []db.ToRemindAfterDeadlineRow
		found, err = j.Store.q().ToRemindAfterDeadline(ctx, db.ToRemindAfterDeadlineParams{
			Step: int32(query.Step), At: query.Now, Until: query.Now.Add(query.Before), After: int64(query.After),
			Today: roster.DayOf(query.Now), Most: int32(query.Limit),
		})
		for _, r := range found {
			rows = append(rows, db.ToAskRow(r))
		}
	} else {
		var found []db.ToRemindBeforeDeadlineRow
		found, err = j.Store.q().ToRemindBeforeDeadline(ctx, db.ToRemindBeforeDeadlineParams{
			Step: int32(query.Step), At: query.Now, Until: query.Now.Add(query.Before), Lead: query.Before,
			After: int64(query.After), Most: int32(query.Limit),
		})
		for _, r := range found {
			rows = append(rows, db.ToAskRow(r))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read whom to remind: %w", err)
	}
	return candidates(rows), nil
}

// Remind marks and queues in one transaction.
func (j Jobs) Remind(ctx context.Context, now time.Time, step int, says []conversations.Say) (reminded int, err error) {
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		arg := db.MarkRemindedParams{Step: int32(step)}
		arg.Employees, arg.Days = dutyKeys(says)
		rows, err := q.MarkReminded(ctx, arg)
		if err != nil {
			return fmt.Errorf("mark as reminded: %w", err)
		}
		marked := map[personDay]bool{}
		for _, r := range rows {
			marked[personDay{r.EmployeeID, r.Day}] = true
		}
		reminded = len(rows)
		return enqueue(ctx, q, now, only(says, marked))
	})
	return reminded, err
}
