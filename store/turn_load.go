package store

import (
	"context"
	"encoding/json"
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

// loaded is what the first round trip of a group brings.
type loaded struct {
	locks    []db.LockConversationsRow
	messages []db.NextMessagesRow
	people   []db.PeopleRow
	days     []db.RecentDaysRow
	attempts []db.AttemptsOfRow
}

// load locks the conversations and reads all that their turns need, in one round
// trip; what is read after the lock cannot be older than it. A busy or idle
// conversation leaves its work's inbox 0.
func (t *Turns) load(ctx context.Context, tx pgx.Tx, g *group) error {
	rows, err := g.ask(ctx, tx)
	if err != nil {
		return fmt.Errorf("load turn: %w", err)
	}
	locks := make(map[string]db.LockConversationsRow, len(rows.locks))
	for _, l := range rows.locks {
		locks[l.Key] = l
	}
	for _, m := range rows.messages {
		lock, ok := locks[m.Key]
		if !ok || (m.NotBefore != nil && m.NotBefore.After(g.now)) {
			continue // somebody else has it; or it failed a moment ago, and what came later waits behind it
		}
		w := g.byKey[m.Key]
		w.version, w.inbox, w.tries, w.more, w.button = lock.Version, m.ID, int(m.Tries), m.More, m
		if err := w.read(g.today); err != nil {
			return err
		}
	}
	t.openSessions(g, locks)
	for _, a := range rows.attempts {
		g.byKey[a.Key].turn.Attempts = int(a.Attempts)
	}
	if err := t.know(ctx, tx, g, rows); err != nil {
		return err
	}
	return g.loadRepeated(ctx, tx)
}

// ask makes the first round trip.
func (g *group) ask(ctx context.Context, tx pgx.Tx) (rows loaded, err error) {
	keys, versions := g.keys(), make([]int64, len(g.works))
	for i := range versions {
		versions[i] = g.copies[i].Version
	}
	steps := []func(q *db.Queries) error{
		func(q *db.Queries) (err error) {
			rows.locks, err = q.LockConversations(ctx, keys, versions)
			return err
		},
		func(q *db.Queries) (err error) { rows.messages, err = q.NextMessages(ctx, keys); return err },
	}
	people, chats := g.whose()
	if len(people) > 0 {
		steps = append(steps,
			func(q *db.Queries) (err error) { rows.people, err = q.People(ctx, g.today, people); return err },
			func(q *db.Queries) (err error) {
				rows.days, err = q.RecentDays(ctx, db.RecentDaysParams{Ids: people, FirstDay: g.today.Add(-weekBack), LastDay: g.today})
				return err
			})
	}
	if len(chats) > 0 {
		steps = append(steps, func(q *db.Queries) (err error) {
			rows.attempts, err = q.AttemptsOf(ctx, chats, g.now.Add(-attemptsIn))
			return err
		})
	}
	return rows, readAll(ctx, tx, steps...)
}

// openSessions reads where each person stands, from the copy if it is of the
// version that is locked.
func (t *Turns) openSessions(g *group, locks map[string]db.LockConversationsRow) {
	for i, w := range g.works {
		if w.inbox == 0 || w.rekey != "" {
			continue
		}
		body, kept := []byte(locks[w.key].Body), g.copies[i]
		t.Sessions.served(kept.Version == w.version)
		if kept.Version == w.version {
			body = kept.Body
		}
		if err := json.Unmarshal(body, &w.turn.Session); err != nil {
			// Beginning anew loses a draft; refusing would lose every message of the person.
			t.Log.Error("session unreadable, beginning anew", "key", w.key, "inbox_id", w.inbox, "error", err)
			w.turn.Session = conversations.Session{}
		}
	}
}

// know fills in who the people are and which days they have.
func (t *Turns) know(ctx context.Context, tx pgx.Tx, g *group, rows loaded) error {
	days := map[int64][]db.RecentDaysRow{}
	for _, d := range rows.days {
		days[d.EmployeeID] = append(days[d.EmployeeID], d)
	}
	people := make(map[int64]db.PeopleRow, len(rows.people))
	for _, p := range rows.people {
		people[p.ID] = p
	}
	for _, w := range g.todo() {
		row, ok := people[int64(employeeOf(w.key))]
		if w.rekey != "" {
			continue
		}
		if !ok {
			if err := w.loadFormer(ctx, db.New(tx)); err != nil {
				return err
			}
			continue
		}
		p := personOf(row)
		w.turn.Person = &p
		w.home = w.button.Bound == int64(p.ID) && !w.turn.Msg.Group
		if err := t.loadDays(ctx, tx, w, days[row.ID]); err != nil {
			return err
		}
	}
	return nil
}

// repeatedFor is how long a question may be seen twice and confuse.
const repeatedFor = 10 * time.Minute

// loadRepeated fills the questions that may stand twice on the phone; only words
// that could answer one of several need them.
func (g *group) loadRepeated(ctx context.Context, tx pgx.Tx) error {
	arg := db.RepeatedQuestionsParams{Since: g.now.Add(-repeatedFor)}
	for _, w := range g.todo() {
		stage := w.turn.Session.Stage
		if w.turn.Person == nil || w.turn.About != nil || (stage != conversations.StageField && stage != conversations.StageObstacle) {
			continue
		}
		from := w.turn.Msg.From
		arg.Keys, arg.Networks, arg.Chats = append(arg.Keys, w.key), append(arg.Networks, string(from.Network)), append(arg.Chats, from.ID)
	}
	if len(arg.Keys) == 0 {
		return nil
	}
	rows, err := db.New(tx).RepeatedQuestions(ctx, arg)
	if err != nil {
		return fmt.Errorf("find repeated questions: %w", err)
	}
	for _, r := range rows {
		w := g.byKey[r.Key]
		w.turn.Repeated = append(w.turn.Repeated, conversations.About{
			Day: r.AboutDay, Question: r.AboutQuestion, Item: int(r.AboutItem),
		})
	}
	return nil
}

func weekOf(id roster.EmployeeID, today roster.Day) db.RecentDaysParams {
	return db.RecentDaysParams{Ids: []int64{int64(id)}, FirstDay: today.Add(-weekBack), LastDay: today}
}

// read makes the turn of the message and of what it points to.
func (w *work) read(today roster.Day) error {
	row := w.button
	w.turn = conversations.Turn{Inbox: row.ID, Now: w.now, Today: today, Flood: row.Flood}
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
func (t *Turns) loadDays(ctx context.Context, tx pgx.Tx, w *work, days []db.RecentDaysRow) error {
	if len(days) == 0 || days[0].Day != w.turn.Today {
		q := db.New(tx)
		id := w.turn.Person.ID
		if _, err := t.recompute(ctx, q, id, span{w.turn.Today, w.turn.Today}, w.now); err != nil {
			return err
		}
		var err error
		if days, err = q.RecentDays(ctx, weekOf(id, w.turn.Today)); err != nil {
			return fmt.Errorf("read days: %w", err)
		}
	}
	for _, d := range days {
		w.turn.Days = append(w.turn.Days, workDay(db.DaysOfRow(d), t.Loc))
	}
	return nil
}

func personOf(r db.PeopleRow) conversations.Person {
	return conversations.Person{
		ID: roster.EmployeeID(r.ID), Name: r.Name, Sex: roster.Sex(r.Sex), Lang: r.Lang, OPD: r.Opd, Post: r.Post, Kind: roster.Kind(r.Kind),
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
	if r.ReportID != 0 {
		d.Report = &conversations.ReportHead{
			Submitted: r.ReportState == "submitted", Version: int(r.Version), Late: r.Late, Code: r.Code,
			Minutes: int(r.Minutes), Activities: int(r.Activities), Reviewed: r.Reviewed,
		}
		if r.SubmittedAt != nil {
			d.Report.SubmittedAt = *r.SubmittedAt
		}
	}
	return d
}
