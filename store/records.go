package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store/db"
)

// Records answers what only some turns need, inside the turn's transaction; it
// implements [conversations.Records].
type Records struct {
	q     *db.Queries
	loc   *time.Location
	today roster.Day
	scope scope
	// scorer and now make scores that are not stored yet.
	scorer jobs.Scorer
	now    time.Time
}

// Records reads outside any turn: for pages and exports.
func (s *Store) Records(today roster.Day, loc *time.Location) *Records {
	return &Records{q: s.q(), loc: loc, today: today}
}

// Report is the person's report of a day with its activities; of one that was
// sent and is being changed, what was sent. False when there is none.
func (r *Records) Report(ctx context.Context, id roster.EmployeeID, day roster.Day) (conversations.Report, bool, error) {
	row, err := seenOf(ctx, r, id, func(q *db.Queries) (db.Report, error) {
		return q.ReportOf(ctx, int64(id), day)
	})
	return r.withItems(ctx, row, err)
}

// LatestReport is the newest submitted report before a day; false when there is none.
func (r *Records) LatestReport(ctx context.Context, id roster.EmployeeID, before roster.Day) (conversations.Report, bool, error) {
	row, err := seenOf(ctx, r, id, func(q *db.Queries) (db.Report, error) {
		return q.LatestReport(ctx, int64(id), before)
	})
	return r.withItems(ctx, row, err)
}

func (r *Records) withItems(ctx context.Context, row db.Report, err error) (conversations.Report, bool, error) {
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Report{}, false, nil
	}
	if err != nil {
		return conversations.Report{}, false, fmt.Errorf("read report: %w", err)
	}
	rows, err := r.q.Activities(ctx, row.ID)
	if err != nil {
		return conversations.Report{}, false, fmt.Errorf("read activities: %w", err)
	}
	out := conversations.Report{Day: row.Day, Obstacle: row.Obstacle, Flow: row.Flow, Head: conversations.ReportHead{
		Submitted: row.State == "submitted", Version: int(row.Version), Late: row.Late,
		Minutes: int(row.Minutes), Activities: len(rows),
	}}
	if row.SubmittedAt != nil {
		out.Head.SubmittedAt = *row.SubmittedAt
	}
	if row.Code != nil {
		out.Head.Code = *row.Code
	}
	if err := json.Unmarshal(row.Extra, &out.Extra); err != nil {
		return out, false, fmt.Errorf("read answers of report %d: %w", row.ID, err)
	}
	for _, a := range rows {
		it, err := itemOf(a)
		if err != nil {
			return out, false, fmt.Errorf("read activity of report %d: %w", row.ID, err)
		}
		out.Items = append(out.Items, it)
	}
	return out, true, nil
}

func itemOf(a db.Activity) (parse.Item, error) {
	it := parse.Item{Description: a.Description, Unit: a.Unit, Obstacle: a.Obstacle, Source: a.Source}
	if a.Quantity != nil {
		if err := it.Quantity.UnmarshalJSON([]byte(*a.Quantity)); err != nil {
			return it, err
		}
	}
	if a.Minutes != nil {
		it.Minutes = int(*a.Minutes)
	}
	if a.Starts != nil {
		it.Start = *a.Starts
	}
	if a.Ends != nil {
		it.End = *a.Ends
	}
	if err := json.Unmarshal(a.More, &it.More); err != nil {
		return it, err
	}
	if len(it.More) == 0 {
		it.More = nil
	}
	return it, nil
}

// Scores are the newest weekly results, newest first.
func (r *Records) Scores(ctx context.Context, id roster.EmployeeID, limit int) ([]conversations.WeekScore, error) {
	rows, err := seenOf(ctx, r, id, func(q *db.Queries) ([]db.WeekScoresRow, error) {
		return q.WeekScores(ctx, int64(id), int32(limit))
	})
	if err != nil {
		return nil, fmt.Errorf("read scores: %w", err)
	}
	out := make([]conversations.WeekScore, len(rows))
	for i, row := range rows {
		var rec scoring.Record
		if err := json.Unmarshal(row.Record, &rec); err != nil {
			return nil, fmt.Errorf("read score: %w", err)
		}
		out[i] = conversations.WeekScore{First: row.FirstDay, Last: row.LastDay, Result: rec.Result}
	}
	return out, nil
}

// History is the person's days between two dates, both included, newest first.
func (r *Records) History(ctx context.Context, id roster.EmployeeID, from, to roster.Day) ([]conversations.WorkDay, error) {
	rows, err := seenOf(ctx, r, id, func(q *db.Queries) ([]db.DaysOfRow, error) {
		return q.DaysOf(ctx, db.DaysOfParams{EmployeeID: int64(id), FirstDay: from, LastDay: to})
	})
	if err != nil {
		return nil, fmt.Errorf("read days: %w", err)
	}
	return workDays(rows, r.loc), nil
}

// Invite is an unused, unexpired invitation by its token; false when there is
// none, without telling why not.
func (r *Records) Invite(ctx context.Context, token string, now time.Time) (conversations.Invite, bool, error) {
	row, err := r.q.FindInvite(ctx, hashOf(token), now)
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Invite{}, false, nil
	}
	if err != nil {
		return conversations.Invite{}, false, fmt.Errorf("read invitation: %w", err)
	}
	inv := conversations.Invite{OPD: row.Opd, Hash: row.TokenHash, Linked: row.Linked}
	if row.EmployeeID == 0 {
		return inv, true, nil
	}
	people, err := r.people(ctx, []int64{row.EmployeeID})
	if err != nil {
		return conversations.Invite{}, false, err
	}
	p, ok := people[roster.EmployeeID(row.EmployeeID)]
	inv.Person = &p
	return inv, ok, nil
}

// Silent are the members of an escalation that viewer received, with what is
// known of them now; none when viewer did not receive it.
func (r *Records) Silent(ctx context.Context, viewer roster.EmployeeID, escalation int64) ([]conversations.Silent, error) {
	rows, err := r.q.SilentMembers(ctx, escalation, int64(viewer))
	if err != nil {
		return nil, fmt.Errorf("read escalation: %w", err)
	}
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.EmployeeID
	}
	people, err := r.people(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []conversations.Silent
	for _, row := range rows {
		p, active := people[roster.EmployeeID(row.EmployeeID)]
		if !active {
			continue
		}
		out = append(out, conversations.Silent{
			Person: p, Day: row.Day, InARow: int(row.InARow), Action: row.Action,
			Reported: row.Reported, Settled: row.Settled, Reached: row.Reached,
		})
	}
	return out, r.laddered(ctx, viewer, escalation, out)
}

func (r *Records) people(ctx context.Context, ids []int64) (map[roster.EmployeeID]conversations.Person, error) {
	rows, err := r.q.People(ctx, r.today, ids)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	out := make(map[roster.EmployeeID]conversations.Person, len(rows))
	for _, row := range rows {
		out[roster.EmployeeID(row.ID)] = personOf(row)
	}
	return out, nil
}
