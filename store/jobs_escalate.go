package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Silent are people with a silent day that no digest told of.
func (j Jobs) Silent(ctx context.Context, query jobs.SilentQuery) ([]jobs.Silent, error) {
	rows, err := j.Store.q().SilentDays(ctx, db.SilentDaysParams{First: query.First, At: query.Now, Back: query.Back})
	if err != nil {
		return nil, fmt.Errorf("read silent days: %w", err)
	}
	var out []jobs.Silent
	for _, r := range rows {
		id := roster.EmployeeID(r.ID)
		if len(out) == 0 || out[len(out)-1].ID != id {
			out = append(out, jobs.Silent{ID: id, Name: r.Name, Live: r.Live})
		}
		s := &out[len(out)-1]
		s.Days = append(s.Days, jobs.SilentDay{Day: r.Day, Reported: r.Reported, Told: r.Told, Asked: r.Asked})
	}
	return out, j.climbed(ctx, out, query)
}

// Command is the line of command since a day, and who of it is there today.
func (j Jobs) Command(ctx context.Context, since, today roster.Day) (jobs.Command, error) {
	q := j.Store.q()
	c := jobs.Command{Heads: map[roster.EmployeeID]conversations.Person{}, Live: map[roster.EmployeeID]bool{}, Away: map[roster.EmployeeID]bool{}}
	lines, err := q.CommandLines(ctx, since)
	if err != nil {
		return c, fmt.Errorf("read line of command: %w", err)
	}
	seen := map[int64]bool{}
	for _, l := range lines {
		id := roster.EmployeeID(l.EmployeeID)
		c.Lines = append(c.Lines, roster.Line{Employee: id, Supervisor: roster.EmployeeID(l.SupervisorID), From: l.ValidFrom, To: l.LastDay})
		if l.Active && !seen[l.EmployeeID] {
			seen[l.EmployeeID] = true
			c.Staff = append(c.Staff, id)
		}
	}
	stands, err := standing(ctx, q)
	if err != nil {
		return c, err
	}
	c.Lines = overlaid(c.Lines, stands, today)
	heads, err := q.CommandHeads(ctx, today)
	if err != nil {
		return c, fmt.Errorf("read heads: %w", err)
	}
	for _, h := range heads {
		id := roster.EmployeeID(h.ID)
		c.Heads[id], c.Live[id], c.Away[id] = named(h.ID, h.Name, h.Sex, h.Lang), h.Live, h.Away
	}
	return c, j.staffed(ctx, &c, today)
}

// Superseded are digests that lost their reason before they were sent, anew.
func (j Jobs) Superseded(ctx context.Context, day roster.Day) ([]jobs.Escalation, error) {
	rows, err := j.Store.q().SupersededDigests(ctx, day)
	if err != nil {
		return nil, fmt.Errorf("read superseded digests: %w", err)
	}
	var out []jobs.Escalation
	for _, r := range rows {
		if len(out) == 0 || int64(out[len(out)-1].To.ID) != r.ReceiverID {
			to := named(r.ReceiverID, r.Receiver, r.Sex, r.Lang)
			e := jobs.Escalation{To: to, Day: day, Revision: int(r.Revision) + 1}
			if err := json.Unmarshal(r.Notes, &e.Notes); err != nil {
				return nil, fmt.Errorf("read notes of a digest: %w", err)
			}
			out = append(out, e)
		}
		if r.EmployeeID == 0 { // only of offices
			continue
		}
		e := &out[len(out)-1]
		e.Members = append(e.Members, conversations.DigestMember{
			ID: roster.EmployeeID(r.EmployeeID), Name: r.Name, Day: r.Day, InARow: int(r.InARow), Live: r.Live,
			Step: r.Step, AckDays: int(r.AckDays), InMonth: int(r.InMonth),
		})
	}
	return out, nil
}

// Escalate stores digests and queues their messages in one transaction.
func (j Jobs) Escalate(ctx context.Context, now time.Time, run jobs.Run, all []jobs.Escalation,
	say func(jobs.Escalation, int64) conversations.Say,
) (added int, err error) {
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if run.Job != "" {
			if ours, err := advance(ctx, q, now, run); err != nil || !ours {
				return err
			}
		}
		if len(all) == 0 {
			return nil
		}
		says, err := addEscalations(ctx, q, now, all, say)
		if err != nil {
			return err
		}
		added = len(says)
		return enqueue(ctx, q, now, says)
	})
	return added, err
}

// errSeveralDays says that digests of one call are of several days.
var errSeveralDays = errors.New("digests of several days")

func addEscalations(ctx context.Context, q *db.Queries, now time.Time, all []jobs.Escalation,
	say func(jobs.Escalation, int64) conversations.Say,
) ([]conversations.Say, error) {
	arg := db.AddEscalationsParams{Day: all[0].Day, At: now}
	of := map[int64]jobs.Escalation{}
	for _, e := range all {
		if e.Day != arg.Day {
			return nil, fmt.Errorf("store digests: %w", errSeveralDays)
		}
		of[int64(e.To.ID)] = e
		notes, err := notesOf(e)
		if err != nil {
			return nil, err
		}
		arg.Notes = append(arg.Notes, notes)
		arg.Receivers, arg.Revisions = append(arg.Receivers, int64(e.To.ID)), append(arg.Revisions, int32(e.Revision))
	}
	rows, err := q.AddEscalations(ctx, arg)
	if err != nil {
		return nil, fmt.Errorf("store digests: %w", err)
	}
	var members db.AddEscalationMembersParams
	says := make([]conversations.Say, len(rows))
	for i, r := range rows {
		e := of[r.ReceiverID]
		says[i] = say(e, r.ID)
		for _, m := range e.Members {
			members.Escalations = append(members.Escalations, r.ID)
			members.Employees = append(members.Employees, int64(m.ID))
			members.Days = append(members.Days, m.Day.String())
			members.InARows = append(members.InARows, int32(m.InARow))
			members.Steps = append(members.Steps, m.Step)
			members.AckDays = append(members.AckDays, int32(m.AckDays))
			members.InMonths = append(members.InMonths, int32(m.InMonth))
		}
	}
	if err := q.AddEscalationMembers(ctx, members); err != nil {
		return nil, fmt.Errorf("store members of digests: %w", err)
	}
	return says, nil
}
