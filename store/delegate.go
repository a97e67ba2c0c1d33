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

// StandIns are who may read for a superior, in the order in which they are offered.
func (r *Records) StandIns(ctx context.Context, superior roster.EmployeeID) ([]conversations.Person, error) {
	if err := r.own(superior); err != nil {
		return nil, err
	}
	ids, err := r.q.StandInCandidates(ctx, r.today, int64(superior))
	if err != nil {
		return nil, fmt.Errorf("find stand-ins: %w", err)
	}
	people, err := r.people(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []conversations.Person
	for _, id := range ids {
		if p, ok := people[roster.EmployeeID(id)]; ok {
			out = append(out, p)
		}
	}
	return out, nil
}

// Delegations are those of a person, on either side, that are to come or run.
func (r *Records) Delegations(ctx context.Context, id roster.EmployeeID) ([]conversations.Delegation, error) {
	if err := r.own(id); err != nil {
		return nil, err
	}
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.DelegationsOfRow, error) { return q.DelegationsOf(ctx, int64(id)) })
	if err != nil {
		return nil, fmt.Errorf("read delegations: %w", err)
	}
	var ids []int64
	for _, g := range rows {
		ids = append(ids, g.SuperiorID, g.StandInID)
	}
	people, err := r.people(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]conversations.Delegation, len(rows))
	for i, g := range rows {
		out[i] = conversations.Delegation{
			ID: g.ID, Superior: people[roster.EmployeeID(g.SuperiorID)], Stands: people[roster.EmployeeID(g.StandInID)],
			From: g.FirstDay, To: g.LastDay, Active: g.State == "active",
		}
	}
	return out, nil
}

// delegated notes a stand-in, or ends one before its time. One that begins today
// is active at once: the clock need not be waited for.
func delegated(ctx context.Context, q *db.Queries, w *work, l *conversations.Lead) error {
	me := int64(w.turn.Person.ID)
	if d := l.Delegated; d != nil {
		n, err := q.AddDelegation(ctx, db.AddDelegationParams{
			SuperiorID: me, StandInID: int64(d.StandIn), FirstDay: d.From, LastDay: d.To, InboxID: w.inbox, At: w.now,
		})
		if err := oneRow("name a stand-in", n, err); err != nil {
			return err
		}
	}
	if d := l.Undelegated; d != nil {
		state := "ended"
		if d.Refused {
			state = "refused"
		}
		n, err := q.EndDelegation(ctx, db.EndDelegationParams{State: state, At: w.now, ID: d.ID, Person: me})
		return oneRow("end a stand-in", n, err)
	}
	return nil
}

// TurnDelegations begins and ends what the day says, and queues what say makes of
// each turn, with how many reports were read and how many wait.
func (j Jobs) TurnDelegations(ctx context.Context, now time.Time, day roster.Day,
	say func(jobs.DelegationTurn) []conversations.Say,
) (int, error) {
	rows, err := j.Store.q().DelegationsToTurn(ctx, day)
	if err != nil {
		return 0, fmt.Errorf("read delegations: %w", err)
	}
	turned := 0
	for _, g := range rows {
		err := j.Store.inTx(ctx, func(tx pgx.Tx) error {
			q := db.New(tx)
			n, err := q.TurnDelegation(ctx, db.TurnDelegationParams{Becomes: g.Becomes, At: now, ID: g.ID, Was: g.State})
			if err != nil || n == 0 {
				return wrapped("turn a delegation", err)
			}
			turned++
			t, err := delegationTurn(ctx, q, g, day)
			if err != nil {
				return err
			}
			if err := noteCounts(ctx, q, now, "delegation."+g.Becomes, map[string]int{"id": int(g.ID), "done": t.Done, "waits": t.Waits}); err != nil {
				return err
			}
			return enqueue(ctx, q, now, say(t))
		})
		if err != nil {
			return turned, err
		}
	}
	return turned, nil
}

func delegationTurn(ctx context.Context, q *db.Queries, g db.DelegationsToTurnRow, day roster.Day) (jobs.DelegationTurn, error) {
	t := jobs.DelegationTurn{How: conversations.DelegationTurn(g.Becomes), Begun: g.State == "active"}
	people, err := q.People(ctx, day, []int64{g.SuperiorID, g.StandInID})
	if err != nil {
		return t, fmt.Errorf("read people of a delegation: %w", err)
	}
	t.Delegation = conversations.Delegation{ID: g.ID, From: g.FirstDay, To: g.LastDay}
	for _, p := range people {
		if p.ID == g.SuperiorID {
			t.Superior = personOf(p)
		} else {
			t.Stands = personOf(p)
		}
	}
	count, err := q.DelegationReads(ctx, day.Add(-reviewBack), g.ID)
	if err != nil {
		return t, fmt.Errorf("count what a stand-in has read: %w", err)
	}
	t.Done, t.Waits = int(count.Done), int(count.Waits)
	return t, nil
}

// standing are the superiors for whom somebody acts now, with who does.
func standing(ctx context.Context, q *db.Queries) (map[roster.EmployeeID]roster.EmployeeID, error) {
	rows, err := q.ActiveDelegations(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who stands in: %w", err)
	}
	out := make(map[roster.EmployeeID]roster.EmployeeID, len(rows))
	for _, g := range rows {
		out[roster.EmployeeID(g.SuperiorID)] = roster.EmployeeID(g.StandInID)
	}
	return out, nil
}

// overlaid adds today's links to stand-ins: of several links that hold the one that
// began last counts. Nobody is led by themself.
func overlaid(lines []roster.Line, stands map[roster.EmployeeID]roster.EmployeeID, today roster.Day) []roster.Line {
	for _, l := range lines {
		to, some := stands[l.Supervisor]
		if some && to != l.Employee && !today.Before(l.From) && (l.To.IsZero() || !today.After(l.To)) {
			lines = append(lines, roster.Line{Employee: l.Employee, Supervisor: to, From: today, To: today})
		}
	}
	return lines
}
