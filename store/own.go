package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// errNotWaiting: a claim was decided between reading and deciding it; the turn is
// tried again and then sees how.
var errNotWaiting = errors.New("does not wait for a decision any more")

// own makes those changes of an outcome true that concern people's own days and rights.
func (t *Turns) own(ctx context.Context, tx pgx.Tx, w *work, o conversations.Own) error {
	if o == (conversations.Own{}) {
		return nil
	}
	if w.turn.Person == nil {
		return fmt.Errorf("change own days: %w", errStranger)
	}
	q := db.New(tx)
	if o.Decided != nil {
		if err := t.settleClaim(ctx, q, w, *o.Decided); err != nil {
			return err
		}
	}
	if o.Ended != nil {
		if err := t.endAbsence(ctx, q, w, *o.Ended); err != nil {
			return err
		}
	}
	if err := t.askTime(ctx, q, w, o.AskTime); err != nil {
		return err
	}
	return ownRights(ctx, q, w, o)
}

// settleClaim settles a claim and decides its days anew. A refused one gives the days
// that have come already at least the granted time.
func (t *Turns) settleClaim(ctx context.Context, q *db.Queries, w *work, d conversations.Decision) error {
	viewer := int64(w.turn.Person.ID)
	claim, err := q.ClaimOf(ctx, db.ClaimOfParams{Claim: &d.Claim, Viewer: viewer, Today: w.turn.Today})
	if err == nil && (len(claim) == 0 || claim[0].ID != d.Absence || claim[0].EmployeeID != int64(d.Employee)) {
		err = ErrNotTheirs
	}
	if err != nil {
		return fmt.Errorf("decide claim: %w", err)
	}
	arg := db.DecideAbsenceParams{State: "confirmed", DecidedBy: &viewer, At: &w.now, ID: d.Absence}
	if !d.Approve {
		arg.State, arg.Decision = "refused", d.Reason
		if err := q.KeepOldClaim(ctx, d.From, d.Absence); err != nil {
			return fmt.Errorf("keep old days: %w", err)
		}
		if err := q.CutAbsence(ctx, d.From, d.Absence); err != nil {
			return fmt.Errorf("keep old days: %w", err)
		}
	}
	n, err := q.DecideAbsence(ctx, arg)
	if err == nil && n == 0 {
		err = errNotWaiting
	}
	if err != nil {
		return fmt.Errorf("decide claim: %w", err)
	}
	return t.afterAbsence(ctx, q, w, became{d.Employee, span{d.From, d.To}, d.Grace, arg.State})
}

// endAbsence takes an absence of the person who writes back, or shortens it.
func (t *Turns) endAbsence(ctx context.Context, q *db.Queries, w *work, e conversations.AbsenceEnd) error {
	id := int64(w.turn.Person.ID)
	var n int64
	var err error
	if e.Last.IsZero() {
		n, err = q.WithdrawAbsence(ctx, db.WithdrawAbsenceParams{At: &w.now, ID: e.Absence, EmployeeID: id})
	} else {
		n, err = q.ShortenAbsence(ctx, db.ShortenAbsenceParams{LastDay: e.Last, ID: e.Absence, EmployeeID: id})
	}
	if err == nil && n == 0 {
		err = errNotWaiting
	}
	if err != nil {
		return fmt.Errorf("end absence: %w", err)
	}
	return t.afterAbsence(ctx, q, w, became{w.turn.Person.ID, span{e.From, e.To}, e.Grace, "ended"})
}

// became is what an absence turned into, and for whom.
type became struct {
	employee roster.EmployeeID
	days     span
	grace    conversations.Grace
	state    string
}

func (t *Turns) afterAbsence(ctx context.Context, q *db.Queries, w *work, b became) error {
	today := w.turn.Today
	if !b.grace.Deadline.IsZero() {
		for d := b.days.from; !d.After(b.days.to) && !d.After(today); d = d.Add(1) {
			if err := q.GrantGrace(ctx, db.GrantGraceParams{
				EmployeeID: int64(b.employee), Day: d, DeadlineAt: b.grace.Deadline, LateUntil: b.grace.LateUntil, At: w.now,
			}); err != nil {
				return fmt.Errorf("grant time: %w", err)
			}
		}
	}
	changes, err := t.recompute(ctx, q, b.employee, b.days, w.now)
	if err != nil {
		return err
	}
	if !b.grace.Deadline.IsZero() {
		if err := q.TakeGrace(ctx, db.TakeGraceParams{
			At: w.now, EmployeeID: int64(b.employee), FirstDay: b.days.from, LastDay: b.days.to,
		}); err != nil {
			return fmt.Errorf("grant time: %w", err)
		}
	}
	detail, err := json.Marshal(map[string]any{
		"state": b.state, "from": b.days.from, "to": b.days.to, "days": changes, "inbox": w.inbox,
	})
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	return noteDuty(ctx, q, w.now, note{keyOf(w.turn.Person.ID), b.employee, detail})
}

// ownRights notes what needs no duty decided anew.
func ownRights(ctx context.Context, q *db.Queries, w *work, o conversations.Own) error {
	id := int64(w.turn.Person.ID)
	if o.Withdrew != nil {
		n, err := q.WithdrawReport(ctx, db.WithdrawReportParams{
			EmployeeID: id, Day: o.Withdrew.Day, Reason: o.Withdrew.Reason, At: w.now, InboxID: w.inbox,
		})
		if err == nil && n == 0 {
			err = errFenced
		}
		if err != nil {
			return fmt.Errorf("take report back: %w", err)
		}
	}
	if o.Opened != nil {
		if err := q.NoteRead(ctx, db.NoteReadParams{
			ReaderID: id, At: w.now, EmployeeID: int64(o.Opened.Employee), Day: o.Opened.Day, Reason: o.Opened.Reason,
		}); err != nil {
			return fmt.Errorf("note reading: %w", err)
		}
	}
	if o.ReadTime != nil {
		minute := int32(o.ReadTime.At)
		if o.ReadTime.Reset {
			minute = -1
		}
		if err := q.SetReadTime(ctx, minute, id); err != nil {
			return fmt.Errorf("set hour of reading: %w", err)
		}
	}
	if !o.Snoozed.IsZero() {
		if err := q.Snooze(ctx, db.SnoozeParams{At: w.now, EmployeeID: id, Day: o.Snoozed}); err != nil {
			return fmt.Errorf("put reminder off: %w", err)
		}
	}
	if o.Confirmed {
		from := w.turn.Msg.From
		if err := q.ConfirmPhone(ctx, db.ConfirmPhoneParams{EmployeeID: id, Network: string(from.Network), ChatID: from.ID}); err != nil {
			return fmt.Errorf("confirm number: %w", err)
		}
	}
	return nil
}

// askTime keeps the hour at which the person likes to be asked, and moves the
// questions that are planned already and still to be asked.
func (t *Turns) askTime(ctx context.Context, q *db.Queries, w *work, a *conversations.AskTime) error {
	if a == nil {
		return nil
	}
	id := w.turn.Person.ID
	minute := int32(a.At)
	if a.Reset {
		minute = -1
	}
	if err := q.SetAskTime(ctx, minute, int64(id)); err != nil {
		return fmt.Errorf("set hour of asking: %w", err)
	}
	days := span{w.turn.Today, w.turn.Today.Add(plannedAhead)}
	f, err := factsOf(ctx, q, id, days)
	if err != nil {
		return err
	}
	if t.Policy.Calendar != nil {
		f.calendar = t.Policy.Calendar(f.calendar.Days())
	}
	for d := days.from; !d.After(days.to); d = d.Add(1) {
		duty, times := roster.Plan(f.on(d), id, d, t.Policy.Hours, t.Policy.Spread, t.Loc)
		if !a.Reset {
			times = times.Prefer(duty, a.At, t.Loc)
		}
		if times == (roster.Times{}) || !times.AskAt.After(w.now) {
			continue
		}
		if err := q.MoveQuestion(ctx, db.MoveQuestionParams{AskAt: times.AskAt, EmployeeID: int64(id), Day: d}); err != nil {
			return fmt.Errorf("move question: %w", err)
		}
	}
	return nil
}

// plannedAhead is how many days ahead duties are stored.
const plannedAhead = 1

// preferredHours are the hours at which people like to be asked, of those who said so.
func preferredHours(ctx context.Context, q *db.Queries, ids []int64) (map[roster.EmployeeID]roster.Clock, error) {
	rows, err := q.AskPrefs(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read hours of asking: %w", err)
	}
	at := make(map[roster.EmployeeID]roster.Clock, len(rows))
	for _, r := range rows {
		at[roster.EmployeeID(r.ID)] = roster.Clock(r.AskPref)
	}
	return at, nil
}

// wrapped says what was tried; nil stays nil.
func wrapped(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
