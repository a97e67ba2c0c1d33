package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// weekBack is how many days before today a turn knows.
const weekBack = 7

// keyOf is the conversation of a person.
func keyOf(id roster.EmployeeID) string { return "e" + strconv.FormatInt(int64(id), 10) }

// employeeOf is whose conversation it is, 0 for a chat that we do not know.
func employeeOf(key string) roster.EmployeeID {
	rest, ok := strings.CutPrefix(key, "e")
	if !ok {
		return 0
	}
	id, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return 0
	}
	return roster.EmployeeID(id)
}

// load locks the conversation and reads all that a turn needs, in one round
// trip; what is read after the lock cannot be older than it. A busy or idle
// conversation leaves w.inbox 0.
func (t *Turns) load(ctx context.Context, tx pgx.Tx, w *work, version int64, cached []byte) error {
	id, today := employeeOf(w.key), roster.DayOf(w.now.In(t.Loc))
	var (
		lock     db.LockConversationRow
		people   []db.PeopleRow
		days     []db.DaysOfRow
		attempts int32
	)
	steps := []func(q *db.Queries) error{
		func(q *db.Queries) (err error) {
			lock, err = q.LockConversation(ctx, version, w.key)
			return err
		},
		func(q *db.Queries) (err error) { w.button, err = q.NextMessage(ctx, w.key); return err },
	}
	if id != 0 {
		steps = append(steps,
			func(q *db.Queries) (err error) {
				people, err = q.People(ctx, today, []int64{int64(id)})
				return err
			},
			func(q *db.Queries) (err error) { days, err = q.DaysOf(ctx, weekOf(id, today)); return err })
	} else {
		steps = append(steps, func(q *db.Queries) (err error) {
			attempts, err = q.Attempts(ctx, w.key, w.now.Add(-attemptsIn))
			return err
		})
	}
	err := readAll(ctx, tx, steps...)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // somebody else has it, or nothing is left
	}
	if err != nil {
		return fmt.Errorf("load turn: %w", err)
	}
	if at := w.button.NotBefore; at != nil && at.After(w.now) {
		return nil // it failed a moment ago; what came later waits behind it
	}
	w.version, w.inbox, w.tries, w.more = lock.Version, w.button.ID, int(w.button.Tries), w.button.More
	body := []byte(lock.Body)
	t.Sessions.served(version == lock.Version)
	if version == lock.Version {
		body = cached
	}
	if err := w.read(today); err != nil || w.rekey != "" {
		return err
	}
	w.turn.Attempts, w.turn.Flood = int(attempts), w.button.Flood
	if err := json.Unmarshal(body, &w.turn.Session); err != nil {
		// Beginning anew loses a draft; refusing would lose every message of the person.
		t.Log.Error("session unreadable, beginning anew", "key", w.key, "inbox_id", w.inbox, "error", err)
		w.turn.Session = conversations.Session{}
	}
	if len(people) > 0 {
		p := personOf(people[0])
		w.turn.Person = &p
		w.home = w.button.Bound == int64(p.ID) && !w.turn.Msg.Group
		if err := t.loadDays(ctx, tx, w, days); err != nil {
			return err
		}
		return w.loadRepeated(ctx, tx)
	}
	return nil
}

// repeatedFor is how long a question may be seen twice and confuse.
const repeatedFor = 10 * time.Minute

// loadRepeated fills the questions that may stand twice on the phone; only words
// that could answer one of several need them.
func (w *work) loadRepeated(ctx context.Context, tx pgx.Tx) error {
	stage := w.turn.Session.Stage
	if w.turn.About != nil || (stage != conversations.StageField && stage != conversations.StageObstacle) {
		return nil
	}
	from := w.turn.Msg.From
	rows, err := db.New(tx).RepeatedQuestions(ctx, db.RepeatedQuestionsParams{
		Network: string(from.Network), ChatID: from.ID, Since: w.now.Add(-repeatedFor),
	})
	if err != nil {
		return fmt.Errorf("find repeated questions: %w", err)
	}
	for _, r := range rows {
		w.turn.Repeated = append(w.turn.Repeated, conversations.About{
			Day: r.AboutDay, Question: r.AboutQuestion, Item: int(r.AboutItem),
		})
	}
	return nil
}

func weekOf(id roster.EmployeeID, today roster.Day) db.DaysOfParams {
	return db.DaysOfParams{EmployeeID: int64(id), FirstDay: today.Add(-weekBack), LastDay: today}
}

// read makes the turn of the message and of what it points to.
func (w *work) read(today roster.Day) error {
	row := w.button
	w.turn = conversations.Turn{Inbox: row.ID, Now: w.now, Today: today}
	if err := json.Unmarshal(row.Msg, &w.turn.Msg); err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	if row.Bound != 0 && !w.turn.Msg.Group && employeeOf(w.key) == 0 {
		w.rekey = keyOf(roster.EmployeeID(row.Bound))
		return nil
	}
	if row.Quoted {
		w.turn.About = &conversations.About{Day: row.AboutDay, Question: row.AboutQuestion, Item: int(row.AboutItem)}
	}
	return w.readTap()
}

// readTap says what the pressed button is to this conversation. One of another
// conversation is unknown here, whatever it is there.
func (w *work) readTap() error {
	row := w.button
	if w.turn.Msg.Token == "" {
		return nil
	}
	w.turn.Tap = &conversations.Tap{State: conversations.TapUnknown}
	if row.TokenHash == nil || row.ButtonKey != w.key {
		return nil
	}
	tap := conversations.Tap{State: conversations.TapFresh, Action: conversations.Action(row.Action)}
	if err := json.Unmarshal(row.Args, &tap.Args); err != nil {
		return fmt.Errorf("read button: %w", err)
	}
	switch {
	case row.UsedInboxID != nil:
		tap.State = conversations.TapUsed
	case row.ExpiresAt != nil && !w.now.Before(*row.ExpiresAt):
		tap.State = conversations.TapExpired
	}
	w.turn.Tap = &tap
	return nil
}

// loadDays fills the person's days. Today's duty is computed here when no job
// has done so yet: whoever writes early must not be told that nothing is due.
func (t *Turns) loadDays(ctx context.Context, tx pgx.Tx, w *work, days []db.DaysOfRow) error {
	if len(days) == 0 || days[0].Day != w.turn.Today {
		q := db.New(tx)
		id := w.turn.Person.ID
		if _, err := t.recompute(ctx, q, id, span{w.turn.Today, w.turn.Today}, w.now); err != nil {
			return err
		}
		var err error
		if days, err = q.DaysOf(ctx, weekOf(id, w.turn.Today)); err != nil {
			return fmt.Errorf("read days: %w", err)
		}
	}
	w.turn.Days = workDays(days, t.Loc)
	return nil
}

func personOf(r db.PeopleRow) conversations.Person {
	return conversations.Person{
		ID: roster.EmployeeID(r.ID), Name: r.Name, Sex: roster.Sex(r.Sex), Lang: r.Lang, OPD: r.Opd, Post: r.Post,
		Phone: r.Phone, Supervisor: r.Supervisor, Staff: int(r.Staff),
	}
}

func workDays(rows []db.DaysOfRow, loc *time.Location) []conversations.WorkDay {
	days := make([]conversations.WorkDay, len(rows))
	for i, r := range rows {
		days[i] = workDay(r, loc)
	}
	return days
}

func workDay(r db.DaysOfRow, loc *time.Location) conversations.WorkDay {
	d := conversations.WorkDay{Day: r.Day, Asked: r.AskedAt != nil, Duty: roster.Duty{
		Day: r.Day, State: roster.State(r.State), Reason: roster.Reason(r.Reason), Name: r.Name,
		Start: roster.Clock(r.Starts), End: roster.Clock(r.Ends), ShortForm: r.ShortForm,
	}}
	if r.AskAt != nil && r.DeadlineAt != nil && r.LateUntil != nil {
		d.Times = roster.Times{AskAt: *r.AskAt, Deadline: *r.DeadlineAt, LateUntil: *r.LateUntil}
		d.Duty.Next = roster.DayOf(r.LateUntil.In(loc))
	}
	if r.ReportID != nil {
		d.Report = &conversations.ReportHead{
			Submitted: r.ReportState == "submitted", Version: int(r.Version), Late: r.Late, Code: r.Code,
			Minutes: int(r.Minutes), Activities: int(r.Activities),
		}
		if r.SubmittedAt != nil {
			d.Report.SubmittedAt = *r.SubmittedAt
		}
	}
	return d
}
