package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// OfficeDays are the days of the offices that viewer looks after, summed up.
func (r *Records) OfficeDays(ctx context.Context, viewer roster.EmployeeID, role roster.Role, first, last roster.Day) ([]conversations.OfficeDay, error) {
	if err := r.own(viewer); err != nil {
		return nil, err
	}
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.OfficeDaysRow, error) {
		return q.OfficeDays(ctx, db.OfficeDaysParams{First: first, Last: last, Viewer: int64(viewer), Role: string(role), Today: r.today})
	})
	if err != nil {
		return nil, fmt.Errorf("read days of offices: %w", err)
	}
	out := make([]conversations.OfficeDay, len(rows))
	for i, o := range rows {
		out[i] = conversations.OfficeDay{
			OPD: o.Opd, Due: int(o.Due), Sent: int(o.Sent), Late: int(o.Late), Away: int(o.Away), Answered: int(o.Answered), Missing: int(o.Missing),
		}
	}
	return out, nil
}

// OfficeStaff is how many people those offices have.
func (r *Records) OfficeStaff(ctx context.Context, viewer roster.EmployeeID, role roster.Role) ([]conversations.OfficeStaff, error) {
	if err := r.own(viewer); err != nil {
		return nil, err
	}
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.OfficeStaffRow, error) {
		return q.OfficeStaff(ctx, db.OfficeStaffParams{Viewer: int64(viewer), Role: string(role), Today: r.today})
	})
	if err != nil {
		return nil, fmt.Errorf("count people of offices: %w", err)
	}
	out := make([]conversations.OfficeStaff, len(rows))
	for i, o := range rows {
		out[i] = conversations.OfficeStaff{OPD: o.Opd, People: int(o.People), Reached: int(o.Reached)}
	}
	return out, nil
}

// OfficePeople are the people of the offices that viewer administers, on a day.
func (r *Records) OfficePeople(ctx context.Context, viewer roster.EmployeeID, day roster.Day) ([]conversations.OfficePerson, error) {
	if err := r.own(viewer); err != nil {
		return nil, err
	}
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.OfficePeopleRow, error) {
		return q.OfficePeople(ctx, db.OfficePeopleParams{Day: day, Viewer: int64(viewer), Today: r.today})
	})
	if err != nil {
		return nil, fmt.Errorf("read people of an office: %w", err)
	}
	out := make([]conversations.OfficePerson, len(rows))
	for i, p := range rows {
		out[i] = conversations.OfficePerson{
			Name: p.Name, Unit: p.Unit, OPD: p.Opd, Live: p.Live, State: roster.State(p.State), Reason: roster.Reason(p.Reason), Sent: p.Sent,
		}
	}
	return out, nil
}

// OfficeOpen is what waits for a decision in the offices that viewer looks after.
func (r *Records) OfficeOpen(ctx context.Context, viewer roster.EmployeeID, role roster.Role) ([]conversations.OfficeOpen, error) {
	if err := r.own(viewer); err != nil {
		return nil, err
	}
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.OfficeOpenRow, error) {
		return q.OfficeOpen(ctx, db.OfficeOpenParams{Today: r.today, Viewer: int64(viewer), Role: string(role)})
	})
	if err != nil {
		return nil, fmt.Errorf("read what waits in offices: %w", err)
	}
	out := make([]conversations.OfficeOpen, len(rows))
	for i, o := range rows {
		out[i] = conversations.OfficeOpen{What: conversations.OpenWhat(o.What), OPD: o.Opd, N: int(o.N), Since: o.Since}
	}
	return out, nil
}

// OfficeCases are missing reports that wait for the personnel office.
func (r *Records) OfficeCases(ctx context.Context, viewer roster.EmployeeID) ([]conversations.OfficeCase, error) {
	if err := r.own(viewer); err != nil {
		return nil, err
	}
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.OfficeCasesRow, error) {
		return q.OfficeCases(ctx, int64(viewer), r.today)
	})
	if err != nil {
		return nil, fmt.Errorf("read what the personnel office decides: %w", err)
	}
	out := make([]conversations.OfficeCase, len(rows))
	for i, c := range rows {
		out[i] = conversations.OfficeCase{ID: c.ID, Name: c.Name, OPD: c.Opd, What: conversations.OpenWhat(c.State), Since: c.Since}
	}
	return out, nil
}

// OfficeBlockers are the oldest open obstacles of the offices in viewer's care.
func (r *Records) OfficeBlockers(ctx context.Context, viewer roster.EmployeeID) ([]conversations.OfficeBlocker, error) {
	if err := r.own(viewer); err != nil {
		return nil, err
	}
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.OfficeBlockersRow, error) {
		return q.OfficeBlockers(ctx, int64(viewer), r.today)
	})
	if err != nil {
		return nil, fmt.Errorf("read the oldest obstacles: %w", err)
	}
	out := make([]conversations.OfficeBlocker, len(rows))
	for i, b := range rows {
		out[i] = conversations.OfficeBlocker{
			Kind: b.Kind, Said: b.Said, OPD: b.Opd, Reporter: b.Reporter, Holder: b.Holder, Due: b.DueDay, MadeAt: b.MadeAt,
		}
	}
	return out, nil
}

// NumberedInCare is who has a staff number among the people in viewer's care. Staff
// numbers are not shown to viewers, so this is asked by the service; its condition is
// the only wall.
func (r *Records) NumberedInCare(ctx context.Context, viewer roster.EmployeeID, number string) (conversations.Person, bool, error) {
	if err := r.own(viewer); err != nil {
		return conversations.Person{}, false, err
	}
	id, err := r.q.NumberedInCare(ctx, db.NumberedInCareParams{Number: number, Viewer: int64(viewer), Today: r.today})
	if err != nil {
		return conversations.Person{}, false, fmt.Errorf("find a staff number: %w", err)
	}
	return r.byID(ctx, id)
}

// justNow is how long a message may be on its way before it counts as waiting.
const justNow = 10 * time.Second

// recently is how far back an operator is told of outages.
const recently = 24 * time.Hour

// Service is how the service is, for an operator. Messages are closed to viewers, so
// this is asked by the service; it counts and names nobody.
func (r *Records) Service(ctx context.Context, viewer roster.EmployeeID, now time.Time) (conversations.ServiceState, bool, error) {
	if err := r.own(viewer); err != nil {
		return conversations.ServiceState{}, false, err
	}
	row, err := r.q.ServiceState(ctx, db.ServiceStateParams{At: now, Before: now.Add(-justNow), Viewer: int64(viewer), Today: r.today})
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.ServiceState{}, false, nil
	}
	if err != nil {
		return conversations.ServiceState{}, false, fmt.Errorf("read how the service is: %w", err)
	}
	s := conversations.ServiceState{
		Outbox: int(row.Outbox), Unclear: int(row.Unclear), Inbox: int(row.Inbox), Quarantined: int(row.Quarantined),
		OutboxSince: row.OutboxSince, InboxSince: row.InboxSince, People: int(row.People), Reached: int(row.Reached),
	}
	outages, err := r.q.RecentOutages(ctx, now.Add(-recently))
	if err != nil {
		return s, false, fmt.Errorf("read outages: %w", err)
	}
	for _, o := range outages {
		x := conversations.OutageSeen{Channel: o.Channel, Started: o.StartedAt}
		if o.EndedAt != nil {
			x.Ended = *o.EndedAt
		}
		s.Outages = append(s.Outages, x)
	}
	return s, true, nil
}

// LeaderNews is what a leader may see of a week and of the one before.
func (j Jobs) LeaderNews(ctx context.Context, viewer roster.EmployeeID, week jobs.Week, today roster.Day) (n conversations.LeaderNews, err error) {
	n.First, n.Last = week.First, week.First.Add(4)
	err = j.Store.For(ctx, viewer, today, func(r *Records) error {
		if n.Days, err = r.OfficeDays(ctx, viewer, roster.Leader, week.First, week.Last); err != nil {
			return err
		}
		if n.Before, err = r.OfficeDays(ctx, viewer, roster.Leader, week.First.Add(-7), week.First.Add(-1)); err != nil {
			return err
		}
		n.Open, err = r.OfficeOpen(ctx, viewer, roster.Leader)
		return err
	})
	return n, err
}
