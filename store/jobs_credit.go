package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Uncredited are outages whose effect is not all done.
func (j Jobs) Uncredited(ctx context.Context, now time.Time) ([]jobs.Outage, error) {
	rows, err := j.Store.q().UncreditedOutages(ctx)
	if err != nil {
		return nil, fmt.Errorf("read outages: %w", err)
	}
	out := make([]jobs.Outage, len(rows))
	for i, r := range rows {
		out[i] = jobs.Outage{ID: r.ID, Note: r.Note, Running: r.EndedAt == nil, Outage: roster.Outage{
			Channel: r.Channel, From: r.StartedAt, To: now,
		}}
		if r.EndedAt != nil {
			out[i].To = *r.EndedAt
		}
	}
	return out, nil
}

// Touched are due days that outages touch, each with all that concern the person.
func (j Jobs) Touched(ctx context.Context, query jobs.TouchedQuery) ([]jobs.Touched, error) {
	rows, err := j.Store.q().TouchedDuties(ctx, db.TouchedDutiesParams{
		After: int64(query.After), AfterDay: query.AfterDay, Everything: query.Soon.IsZero(), Soon: query.Soon,
		Outages: query.Outages, At: query.Now, Most: int32(query.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("read days that outages touch: %w", err)
	}
	out := make([]jobs.Touched, len(rows))
	var ids []int64
	since := query.Now
	for i, r := range rows {
		out[i] = touched(r)
		ids = append(ids, r.EmployeeID)
		if r.AskAt.Before(since) {
			since = r.AskAt
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	of, err := outagesOf(ctx, j.Store.q(), query.Now, since, slices.Compact(ids))
	for i := range out {
		out[i].Outages = of[out[i].Person.ID]
	}
	return out, err
}

func touched(r db.TouchedDutiesRow) jobs.Touched {
	return jobs.Touched{
		Person: named(r.EmployeeID, r.Name, r.Sex, r.Lang), Live: r.Live, Day: r.Day, Reason: roster.Reason(r.Reason),
		Planned: roster.Times{AskAt: r.AskAt, Deadline: r.PlannedDeadline, LateUntil: r.PlannedLate},
		Times:   roster.Times{AskAt: r.AskAt, Deadline: r.DeadlineAt, LateUntil: r.LateUntil},
		Draft:   r.ReportState == "draft", Reported: r.ReportState == "submitted", Late: r.Late, SaidAt: r.SaidAt,
	}
}

// outagesOf are the outages that concern people and were not over at since.
func outagesOf(ctx context.Context, q *db.Queries, now, since time.Time, ids []int64) (map[roster.EmployeeID][]jobs.Outage, error) {
	rows, err := q.OutagesOfPeople(ctx, db.OutagesOfPeopleParams{At: now, Since: since, Employees: ids})
	if err != nil {
		return nil, fmt.Errorf("read outages of people: %w", err)
	}
	of := map[roster.EmployeeID][]jobs.Outage{}
	for _, r := range rows {
		id := roster.EmployeeID(r.EmployeeID)
		of[id] = append(of[id], jobs.Outage{ID: r.ID, Note: r.Note, Outage: roster.Outage{
			Channel: r.Channel, From: r.StartedAt, To: r.EndedAt,
		}})
	}
	return of, nil
}

// Credit moves times, corrects reports and queues messages in one transaction.
func (j Jobs) Credit(ctx context.Context, now time.Time, c jobs.Credits) (done jobs.Credited, err error) {
	if len(c.Moved) == 0 {
		return done, nil
	}
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if done, err = move(ctx, q, now, c); err != nil || len(c.Says) == 0 {
			return err
		}
		arg := db.TellInsteadParams{At: now}
		arg.Employees, arg.Days = movedKeys(c.Told)
		if err := q.TellInstead(ctx, arg); err != nil {
			return fmt.Errorf("call off questions: %w", err)
		}
		return enqueue(ctx, q, now, c.Says)
	})
	return done, err
}

func move(ctx context.Context, q *db.Queries, now time.Time, c jobs.Credits) (done jobs.Credited, err error) {
	var arg db.MoveDeadlinesParams
	arg.Employees, arg.Days = movedKeys(c.Moved)
	var onTime []jobs.Moved
	for _, m := range c.Moved {
		arg.PlannedDeadlines, arg.PlannedLates = append(arg.PlannedDeadlines, m.Planned.Deadline), append(arg.PlannedLates, m.Planned.LateUntil)
		arg.Deadlines, arg.Lates = append(arg.Deadlines, m.New.Deadline), append(arg.Lates, m.New.LateUntil)
		if m.OnTime {
			onTime = append(onTime, m)
		}
	}
	moved, err := q.MoveDeadlines(ctx, arg)
	if err != nil {
		return done, fmt.Errorf("move deadlines: %w", err)
	}
	done.Moved = int(moved)
	if moved > 0 {
		if err := q.ExtendQuestions(ctx, slices.Compact(slices.Clone(arg.Employees))); err != nil {
			return done, fmt.Errorf("keep questions: %w", err)
		}
	}
	if len(onTime) > 0 {
		fix := db.CorrectLateParams{At: now, Outages: c.Outages}
		fix.Employees, fix.Days = movedKeys(onTime)
		fixed, err := q.CorrectLate(ctx, fix)
		if err != nil {
			return done, fmt.Errorf("correct late reports: %w", err)
		}
		done.Corrected = len(fixed)
	}
	if done.Moved+done.Corrected == 0 {
		return done, nil
	}
	if err := q.ScoreAgain(ctx, mondaysOf(c.Moved)); err != nil {
		return done, fmt.Errorf("have weeks scored again: %w", err)
	}
	return done, nil
}

func movedKeys(all []jobs.Moved) (employees []int64, days []string) {
	for _, m := range all {
		employees, days = append(employees, int64(m.Person.ID)), append(days, m.Day.String())
	}
	return employees, days
}

func mondaysOf(all []jobs.Moved) []string {
	var mondays []string
	for _, m := range all {
		if day := m.Day.Monday().String(); !slices.Contains(mondays, day) {
			mondays = append(mondays, day)
		}
	}
	return mondays
}

// FinishOutages notes that all is done for outages.
func (j Jobs) FinishOutages(ctx context.Context, now time.Time, ids []int64) error {
	if _, err := j.Store.q().FinishOutages(ctx, now, ids); err != nil {
		return fmt.Errorf("finish outages: %w", err)
	}
	return nil
}
