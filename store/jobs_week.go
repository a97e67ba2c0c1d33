package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"ekinerja/bot"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store/db"
)

// WeekPeople are people with a due day in the week.
func (j Jobs) WeekPeople(ctx context.Context, w jobs.Week, after roster.EmployeeID, limit int) ([]roster.EmployeeID, error) {
	ids, err := j.Store.q().WeekPeople(ctx, db.WeekPeopleParams{After: int64(after), First: w.First, Last: w.Last, Most: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("read people of a week: %w", err)
	}
	return employees(ids), nil
}

func employees(ids []int64) []roster.EmployeeID {
	out := make([]roster.EmployeeID, len(ids))
	for i, id := range ids {
		out[i] = roster.EmployeeID(id)
	}
	return out
}

// PersonWeeks are the weeks of these people.
func (j Jobs) PersonWeeks(ctx context.Context, ids []roster.EmployeeID, w jobs.Week) ([]jobs.PersonWeek, error) {
	raw := make([]int64, len(ids))
	for i, id := range ids {
		raw[i] = int64(id)
	}
	q := j.Store.q()
	before := map[int64]*scoring.Result{}
	if !w.Month() {
		records, err := q.WeekRecords(ctx, raw, w.First.Add(-7))
		if err != nil {
			return nil, fmt.Errorf("read scores of the week before: %w", err)
		}
		for _, r := range records {
			var rec scoring.Record
			if err := json.Unmarshal(r.Record, &rec); err != nil {
				return nil, fmt.Errorf("read score of the week before: %w", err)
			}
			before[r.EmployeeID] = &rec.Result
		}
	}
	people, err := personDays(ctx, q, raw, w)
	for i, p := range people {
		people[i].Previous = before[int64(p.Person.ID)]
	}
	return people, err
}

// personDays are the days of these people with what was sent for them.
func personDays(ctx context.Context, q *db.Queries, ids []int64, w jobs.Week) ([]jobs.PersonWeek, error) {
	rows, err := q.PersonWeeks(ctx, db.PersonWeeksParams{First: w.First, Last: w.Last, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read weeks: %w", err)
	}
	var out []jobs.PersonWeek
	for _, r := range rows {
		if len(out) == 0 || int64(out[len(out)-1].Person.ID) != r.ID {
			out = append(out, jobs.PersonWeek{Person: named(r.ID, r.Person, r.Sex, r.Lang), Live: r.Live})
		}
		p := &out[len(out)-1]
		p.Days = append(p.Days, dayRow(r))
	}
	return out, nil
}

func dayRow(r db.PersonWeeksRow) jobs.DayRow {
	d := jobs.DayRow{
		Duty:  roster.Duty{Day: r.Day, State: roster.State(r.State), Reason: roster.Reason(r.Reason), Name: r.Name},
		Asked: r.AskedAt != nil,
	}
	if r.LateUntil != nil {
		d.LateUntil = *r.LateUntil
	}
	if r.ReportID != 0 {
		d.Report = &jobs.Sent{
			ID: r.ReportID, Late: r.Late, Minutes: int(r.Minutes), Additional: int(min(r.Additional, r.Minutes)),
			Grade: scoring.Suitability(r.Grade),
		}
		if r.Lapsed { // what is said after the time for reading does not count
			d.Report.Grade = scoring.Lapsed
		}
	}
	return d
}

// saveScores stores or replaces scores; those of one call are of one week.
func saveScores(ctx context.Context, q *db.Queries, now time.Time, scores []jobs.Score) error {
	if len(scores) == 0 {
		return nil
	}
	arg := db.SaveScoresParams{First: scores[0].Week.First, Last: scores[0].Week.Last, At: now}
	for _, s := range scores {
		raw, err := json.Marshal(s.Record)
		if err != nil {
			return fmt.Errorf("encode score: %w", err)
		}
		points := ""
		if !s.Record.Result.Empty {
			points = s.Record.Result.Score.String()
		}
		arg.Employees = append(arg.Employees, int64(s.Employee))
		arg.Rubrics = append(arg.Rubrics, s.Record.Rubric+"/"+s.Record.Version)
		arg.Records = append(arg.Records, raw)
		arg.Points = append(arg.Points, points)
	}
	if err := q.SaveScores(ctx, arg); err != nil {
		return fmt.Errorf("store scores: %w", err)
	}
	return nil
}

// Supervisors are reachable supervisors and whom they lead on a day.
func (j Jobs) Supervisors(ctx context.Context, day roster.Day, after roster.EmployeeID, limit int) ([]jobs.Team, error) {
	rows, err := j.Store.q().Supervisors(ctx, db.SupervisorsParams{Day: day, After: int64(after), Most: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("read supervisors: %w", err)
	}
	out := make([]jobs.Team, len(rows))
	for i, r := range rows {
		out[i] = jobs.Team{Head: named(r.ID, r.Name, r.Sex, r.Lang), Staff: employees(r.Staff)}
	}
	return out, nil
}

// Offices are OPDs with a linked group.
func (j Jobs) Offices(ctx context.Context, after int64, limit int) ([]jobs.Office, error) {
	rows, err := j.Store.q().OfficesWithGroup(ctx, after, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("read offices: %w", err)
	}
	out := make([]jobs.Office, len(rows))
	for i, r := range rows {
		out[i] = jobs.Office{OPD: r.ID, Name: r.Name, Staff: employees(r.Staff)}
		for n, chat := range r.Chats {
			out[i].Groups = append(out[i].Groups, bot.Address{Network: bot.Network(r.Networks[n]), ID: chat})
		}
	}
	return out, nil
}

// Rates are the stored weeks of an OPD.
func (j Jobs) Rates(ctx context.Context, opd int64, from roster.Day) ([]jobs.Rate, error) {
	rows, err := j.Store.q().OfficeRates(ctx, opd, from)
	if err != nil {
		return nil, fmt.Errorf("read rates of an office: %w", err)
	}
	out := make([]jobs.Rate, len(rows))
	for i, r := range rows {
		out[i] = jobs.Rate{First: r.FirstDay, Due: int(r.Due), In: int(r.Reports)}
	}
	return out, nil
}
