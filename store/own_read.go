package store

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Workdays are the person's working days between two, both included, whatever
// absence is noted.
func (r *Records) Workdays(ctx context.Context, id roster.EmployeeID, from, to roster.Day) ([]roster.Day, error) {
	f, err := factsOf(ctx, r.q, id, span{from, to})
	if err != nil {
		return nil, err
	}
	var days []roster.Day
	for d := from; !d.After(to); d = d.Add(1) {
		facts := f.on(d)
		facts.Absence, facts.Outage = nil, false
		if roster.DutyOf(facts, d).State == roster.Due {
			days = append(days, d)
		}
	}
	return days, nil
}

// Absences are those of the person that count and do not end before a day.
func (r *Records) Absences(ctx context.Context, id roster.EmployeeID, from roster.Day) ([]conversations.OwnAbsence, error) {
	rows, err := seenOf(ctx, r, id, func(q *db.Queries) ([]db.OwnAbsencesRow, error) {
		return q.OwnAbsences(ctx, int64(id), from)
	})
	if err != nil {
		return nil, fmt.Errorf("read absences: %w", err)
	}
	out := make([]conversations.OwnAbsence, len(rows))
	for i, a := range rows {
		out[i] = conversations.OwnAbsence{
			ID: a.ID, Kind: roster.AbsenceKind(a.Kind), From: a.FirstDay, To: a.LastDay,
			Confirmed: a.State == "confirmed", Letter: a.Letter, Claim: a.Claim,
		}
	}
	return out, nil
}

// Superior is who leads the person today, the nearest who still works.
func (r *Records) Superior(ctx context.Context, id roster.EmployeeID) (conversations.Person, bool, error) {
	at := int64(id)
	for range roster.MaxClimb {
		head, err := r.q.HeadOn(ctx, at, r.today)
		if err != nil {
			return conversations.Person{}, false, fmt.Errorf("find superior: %w", err)
		}
		if head.ID == 0 || head.ID == int64(id) {
			break
		}
		if at = head.ID; !head.Active {
			continue
		}
		stands, err := r.q.StandInNow(ctx, head.ID)
		if err != nil {
			return conversations.Person{}, false, fmt.Errorf("find who stands in: %w", err)
		}
		if stands != 0 && stands != int64(id) {
			head.ID = stands
		}
		people, err := r.people(ctx, []int64{head.ID})
		p, ok := people[roster.EmployeeID(head.ID)]
		return p, ok, err
	}
	return conversations.Person{}, false, nil
}

// Claim is what a message claimed, if viewer may decide about it; else false.
func (r *Records) Claim(ctx context.Context, viewer roster.EmployeeID, claim int64) (conversations.Claim, bool, error) {
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.ClaimOfRow, error) {
		return q.ClaimOf(ctx, db.ClaimOfParams{Claim: &claim, Viewer: int64(viewer), Today: r.today})
	})
	if err != nil || len(rows) == 0 {
		return conversations.Claim{}, false, wrapped("read claim", err)
	}
	row := rows[0]
	people, err := r.people(ctx, []int64{row.EmployeeID})
	if err != nil {
		return conversations.Claim{}, false, err
	}
	p, ok := people[roster.EmployeeID(row.EmployeeID)]
	return conversations.Claim{
		ID: claim, Absence: row.ID, Person: p, Kind: roster.AbsenceKind(row.Kind), From: row.FirstDay, To: row.LastDay,
		Waiting: row.State == "claimed", Refused: row.State == "refused" && row.DecidedBy == 0, Letter: row.Letter, Note: row.Note,
		Letters: int(row.Letters),
	}, ok, nil
}

// pendingDays is how long after its last day a claim still waits to be shown.
const pendingDays = 14

// Pending are the claims that wait for viewer, oldest first.
func (r *Records) Pending(ctx context.Context, viewer roster.EmployeeID) ([]conversations.Claim, error) {
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.PendingClaimsRow, error) {
		return q.PendingClaims(ctx, db.PendingClaimsParams{Since: r.today.Add(-pendingDays), Viewer: int64(viewer), Today: r.today})
	})
	if err != nil {
		return nil, fmt.Errorf("read claims: %w", err)
	}
	out := make([]conversations.Claim, len(rows))
	for i, c := range rows {
		out[i] = conversations.Claim{
			ID: c.Claim, Person: conversations.Person{ID: roster.EmployeeID(c.EmployeeID), Name: c.Name}, Kind: roster.AbsenceKind(c.Kind),
			From: c.FirstDay, To: c.LastDay, Waiting: true, Letter: c.Letter, Note: c.Note, Letters: int(c.Letters),
		}
	}
	return out, nil
}

// dayOfDuty is a duty without a report.
func dayOfDuty(r db.DutyWhyRow, loc *time.Location) conversations.WorkDay {
	return workDay(db.DaysOfRow{
		EmployeeID: r.EmployeeID, Day: r.Day, State: r.State, Reason: r.Reason, Name: r.Name, Starts: r.Starts, Ends: r.Ends,
		ShortForm: r.ShortForm, AskAt: r.AskAt, DeadlineAt: r.DeadlineAt, LateUntil: r.LateUntil, AskedAt: r.AskedAt,
	}, loc)
}
