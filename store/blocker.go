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

// Blocker is the obstacle of reporter's day, if viewer is the reporter or has it.
func (r *Records) Blocker(ctx context.Context, viewer, reporter roster.EmployeeID, day roster.Day) (conversations.Blocker, bool, error) {
	if err := r.own(viewer); err != nil {
		return conversations.Blocker{}, false, err
	}
	row, err := seen(ctx, r, func(q *db.Queries) (db.Blocker, error) {
		return q.BlockerOf(ctx, db.BlockerOfParams{ReporterID: int64(reporter), Day: day, Viewer: int64(viewer)})
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return conversations.Blocker{}, false, nil
	}
	if err != nil {
		return conversations.Blocker{}, false, fmt.Errorf("read obstacle: %w", err)
	}
	b := blockerOf(row)
	people, err := r.people(ctx, []int64{row.ReporterID, holderOf(row)})
	if err != nil {
		return b, false, err
	}
	b.Reporter, b.Holder = people[b.Reporter.ID], people[b.Holder.ID]
	tried, err := seen(ctx, r, func(q *db.Queries) ([]int64, error) { return q.BlockerTried(ctx, row.ID) })
	if err != nil {
		return b, false, fmt.Errorf("read who had an obstacle: %w", err)
	}
	for _, id := range tried {
		b.Tried = append(b.Tried, roster.EmployeeID(id))
	}
	return b, b.Reporter.ID != 0, nil
}

func blockerOf(row db.Blocker) conversations.Blocker {
	return conversations.Blocker{
		ID: row.ID, Reporter: conversations.Person{ID: roster.EmployeeID(row.ReporterID)},
		Holder: conversations.Person{ID: roster.EmployeeID(holderOf(row))}, Day: row.Day, Due: row.DueDay, Kind: row.Kind, Said: row.Said,
		State: conversations.BlockerState(row.State), MadeAt: row.MadeAt,
	}
}

func holderOf(row db.Blocker) int64 {
	if row.HolderID == nil {
		return 0
	}
	return *row.HolderID
}

// Blockers are those that a person has or has told of, oldest first.
func (r *Records) Blockers(ctx context.Context, id roster.EmployeeID) ([]conversations.Blocker, error) {
	if err := r.own(id); err != nil {
		return nil, err
	}
	rows, err := seen(ctx, r, func(q *db.Queries) ([]db.BlockersWithRow, error) { return q.BlockersWith(ctx, int64(id)) })
	if err != nil {
		return nil, fmt.Errorf("read obstacles: %w", err)
	}
	out := make([]conversations.Blocker, len(rows))
	for i, row := range rows {
		out[i] = conversations.Blocker{
			ID: row.ID, Reporter: conversations.Person{ID: roster.EmployeeID(row.ReporterID), Name: row.Reporter},
			Day: row.Day, Due: row.DueDay, Kind: row.Kind, Said: row.Said, State: conversations.BlockerState(row.State), MadeAt: row.MadeAt,
		}
		if row.HolderID != nil {
			out[i].Holder = conversations.Person{ID: roster.EmployeeID(*row.HolderID), Name: row.Holder}
		}
	}
	return out, nil
}

// Routed is who a route leads to today; false for nobody with a chat.
func (r *Records) Routed(ctx context.Context, to conversations.HelpRoute) (conversations.Person, bool, error) {
	var id int64
	var err error
	switch {
	case to.Number != "":
		id, err = r.q.PersonByNumber(ctx, to.Number)
	case to.Post != "":
		id, err = r.q.PostHolderOn(ctx, to.Post, r.today)
	case to.ToOPD != "":
		id, err = r.q.HeadOfPlace(ctx, db.HeadOfPlaceParams{Day: r.today, Opd: to.ToOPD, Unit: to.ToUnit})
	}
	if err != nil {
		return conversations.Person{}, false, fmt.Errorf("find who is responsible: %w", err)
	}
	return r.byID(ctx, id)
}

// blocked notes an obstacle that goes to somebody, or a step on its way.
func blocked(ctx context.Context, q *db.Queries, w *work, l *conversations.Lead) error {
	me := int64(w.turn.Person.ID)
	if b := l.Blocked; b != nil {
		id, err := q.AddBlocker(ctx, db.AddBlockerParams{
			ReporterID: me, Day: b.Day, Kind: b.Kind, Said: b.Said, HolderID: int64(b.Holder), DueDay: b.Due, At: w.now,
		})
		if errors.Is(err, pgx.ErrNoRows) {
			err = errLead
		}
		if err != nil {
			return fmt.Errorf("ask for help: %w", err)
		}
		return blockerStep(ctx, q, w, db.AddBlockerStepParams{BlockerID: id, Did: "asked", ToID: int64(b.Holder)})
	}
	s := l.Moved
	if s == nil {
		return nil
	}
	n, err := q.MoveBlocker(ctx, db.MoveBlockerParams{
		State: string(s.State), HolderID: int64(s.Holder), DueDay: s.Due, At: w.now, ID: s.ID, Was: string(s.Was),
	})
	if err := oneRow("move an obstacle", n, err); err != nil {
		return err
	}
	return blockerStep(ctx, q, w, db.AddBlockerStepParams{BlockerID: s.ID, Did: s.Did, Note: s.Note, ToID: int64(s.Holder)})
}

func blockerStep(ctx context.Context, q *db.Queries, w *work, arg db.AddBlockerStepParams) error {
	arg.ActorID, arg.InboxID, arg.At = int64(w.turn.Person.ID), w.inbox, w.now
	return wrapped("note a step of an obstacle", q.AddBlockerStep(ctx, arg))
}

// RemindBlockers reminds holders of what is over its day, once each, and closes
// what was said to be done before a moment and of which its reporter says nothing.
func (j Jobs) RemindBlockers(ctx context.Context, now time.Time, day roster.Day, before time.Time,
	say func(conversations.Blocker) conversations.Say,
) (reminded, closed int, err error) {
	rows, err := j.Store.q().BlockersToRemind(ctx, day)
	if err != nil {
		return 0, 0, fmt.Errorf("read late obstacles: %w", err)
	}
	for _, r := range rows {
		b := conversations.Blocker{
			ID: r.ID, Kind: r.Kind, Said: r.Said, Day: r.Day, Due: r.DueDay, State: conversations.BlockerState(r.State),
			Reporter: conversations.Person{ID: roster.EmployeeID(r.ReporterID), Name: r.Reporter},
			Holder:   named(r.HolderID, r.Holder, r.Sex, r.Lang),
		}
		err := j.Store.inTx(ctx, func(tx pgx.Tx) error {
			q := db.New(tx)
			n, err := q.NoteBlockerReminded(ctx, now, b.ID)
			if err != nil || n == 0 {
				return wrapped("note a reminder", err)
			}
			reminded++
			return enqueue(ctx, q, now, []conversations.Say{say(b)})
		})
		if err != nil {
			return reminded, 0, err
		}
	}
	closed, err = j.closeBlockers(ctx, now, before)
	return reminded, closed, err
}

func (j Jobs) closeBlockers(ctx context.Context, now, before time.Time) (closed int, err error) {
	ids, err := j.Store.q().BlockersUnconfirmed(ctx, before)
	if err != nil {
		return 0, fmt.Errorf("read obstacles without a word: %w", err)
	}
	for _, id := range ids {
		err := j.Store.inTx(ctx, func(tx pgx.Tx) error {
			q := db.New(tx)
			n, err := q.ExpireBlocker(ctx, &now, id)
			if err != nil || n == 0 {
				return wrapped("close an obstacle", err)
			}
			closed++
			return wrapped("note a step", q.AddBlockerStep(ctx, db.AddBlockerStepParams{BlockerID: id, Did: "expired", At: now}))
		})
		if err != nil {
			return closed, err
		}
	}
	return closed, nil
}

// OldestBlockers are the open obstacles of each office with the head of the
// office; offices of which nobody can be told are left out.
func (j Jobs) OldestBlockers(ctx context.Context, day roster.Day) ([]jobs.OfficeBlockers, error) {
	rows, err := j.Store.q().OldestBlockers(ctx)
	if err != nil {
		return nil, fmt.Errorf("read oldest obstacles: %w", err)
	}
	var all []jobs.OfficeBlockers
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].OPD != r.Opd {
			all = append(all, jobs.OfficeBlockers{OPD: r.Opd})
		}
		o := &all[len(all)-1]
		o.Open = append(o.Open, conversations.Blocker{
			ID: r.ID, Kind: r.Kind, Said: r.Said, Due: r.DueDay, MadeAt: r.MadeAt, State: conversations.BlockerState(r.State),
			Reporter: conversations.Person{Name: r.Reporter}, Holder: conversations.Person{Name: r.Holder},
		})
	}
	var out []jobs.OfficeBlockers
	rec := &Records{q: j.Store.q(), today: day}
	for _, o := range all {
		head, found, err := rec.Routed(ctx, conversations.HelpRoute{ToOPD: o.OPD})
		if err != nil {
			return nil, err
		}
		if o.Head = head; found {
			out = append(out, o)
		}
	}
	return out, nil
}
