package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Handler decides what one message does; see [conversations.Handler].
type Handler interface {
	Handle(ctx context.Context, t conversations.Turn, r conversations.Records) (conversations.Outcome, error)
}

// Consoler is a [Handler] that has words for a person whose message could not be
// handled. Key, receiver and kind of what it says are filled in here.
type Consoler interface {
	Quarantined(p conversations.Person) conversations.Say
}

// Policy is what decides the times of a duty, besides calendar and roster.
type Policy struct {
	Hours  roster.Hours
	Spread time.Duration // see [roster.Plan]
	// Relief is what people get back after an outage; the zero value is the
	// default one.
	Relief roster.Relief
	// Calendar adds what the city's policy knows of the stored dates, such as
	// the hours of Ramadan; nil adds nothing.
	Calendar func([]roster.CalendarDay) roster.Calendar
}

// Turns handles messages, one a transaction, in order within a conversation.
//
// Fill the fields before the first use and leave them alone after.
type Turns struct {
	Store    *Store
	Sessions *Sessions // nil: no Redis
	Handler  Handler
	Log      *slog.Logger
	Now      func() time.Time
	Loc      *time.Location // of the city
	Policy   Policy
	// Toast answers a pressed button, also with an empty text; every press is
	// answered once it has been dealt with. It is called after the commit and
	// should not block: the next message of the person waits for it.
	Toast func(ctx context.Context, callbackID, text string)
	// Wake tells the sender that there is something to send; it must not block.
	Wake func()
	// Hint names a conversation that has something new; it must not block.
	Hint func(key string)
}

// Handle deals with the oldest message of a conversation, if its time has come
// and nobody else is at it. more says that another message waits behind it.
//
// The message's own failure is not an error that stops anything: it is tried
// again after 1 s, 5 s, 30 s and 2 min, and after the fifth time set aside
// ("quarantined") so that later messages go on; the error is only returned for
// the log. A failure of the database leaves everything as it was.
func (t *Turns) Handle(ctx context.Context, key string) (more bool, err error) {
	now := t.Now()
	w, err := t.attempt(ctx, key, now)
	if violates(err, "report_code_key") { // a receipt's code that exists already; chance brings another
		w, err = t.attempt(ctx, key, now)
	}
	if err == nil {
		return w.more, nil
	}
	err = fmt.Errorf("handle a message of conversation %s: %w", key, err)
	if w.inbox == 0 || ctx.Err() != nil || passing(err) {
		return false, err
	}
	gaveUp, failErr := t.fail(ctx, w, now, err)
	return gaveUp && w.more, errors.Join(err, failErr)
}

// work is one message on its way through a turn.
type work struct {
	key     string
	now     time.Time
	version int64 // of the conversation
	inbox   int64 // 0: there is nothing to do
	tries   int
	more    bool
	rekey   string // the conversation in which the message belongs now
	turn    conversations.Turn
	home    bool // the message came from a chat of the person
	button  db.NextMessageRow
	body    json.RawMessage // the new session
	says    bool
	hint    string
	alarm   int // refused enrolments of the fleet in the last hour; 0: no alarm
	// formerly are the chats of the person that a link has just closed.
	formerly []string
}

// attempt tries once. Whatever the error, the work tells how far it came.
// A panic, ours or the handler's, is an error like any other: one message must
// not stop the service for everybody.
func (t *Turns) attempt(ctx context.Context, key string, now time.Time) (w work, err error) {
	w = work{key: key, now: now}
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
			t.Log.Error("turn panicked", "inbox_id", w.inbox, "error", err, "stack", string(debug.Stack()))
		}
	}()
	version, cached := t.Sessions.Get(ctx, now, key)
	var out conversations.Outcome
	err = t.Store.inBatchedTx(ctx, func(tx pgx.Tx) (err error) {
		if err = t.load(ctx, tx, &w, version, cached); err != nil || w.inbox == 0 {
			return err
		}
		if w.rekey != "" {
			return t.moveOn(ctx, tx, &w)
		}
		if out, err = t.Handler.Handle(ctx, w.turn, &Records{q: db.New(tx), loc: t.Loc, today: w.turn.Today}); err != nil {
			return err
		}
		return t.apply(ctx, tx, &w, out)
	})
	if err != nil || w.inbox == 0 {
		return w, err
	}
	t.tell(ctx, w, out)
	t.after(ctx, w, out)
	return w, nil
}

// panicked names a panic without its value, which may quote a message.
func panicked(p any) error {
	if e, ok := p.(runtime.Error); ok {
		return fmt.Errorf("turn panicked: %w", e)
	}
	return fmt.Errorf("turn panicked with %T", p)
}

// tell leaves what leads from the network's message to the rows that answer it.
func (t *Turns) tell(ctx context.Context, w work, out conversations.Outcome) {
	if !t.Log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	keys := make([]string, len(out.Say))
	for i, s := range out.Say {
		keys[i] = s.Key
	}
	m := w.turn.Msg
	t.Log.DebugContext(ctx, "message handled", "inbox_id", w.inbox, "key", w.key, "kind", m.Kind, "external_id", m.ExternalID,
		"tries", w.tries, "ignored", out.Ignored, "moved_to", w.rekey, "outbox_keys", keys)
}

// after does what is worth nothing unless the transaction was committed.
func (t *Turns) after(ctx context.Context, w work, out conversations.Outcome) {
	if w.alarm > 0 {
		t.Log.Error("enrolment is refused too often: somebody may be guessing", "attempts_in_an_hour", w.alarm)
	}
	if w.hint != "" && t.Hint != nil {
		t.Hint(w.hint)
	}
	if w.rekey != "" {
		return
	}
	t.Sessions.Put(ctx, w.now, w.key, w.version+1, w.body)
	t.answerTap(ctx, w.turn.Msg, out.Toast)
	if w.says && t.Wake != nil {
		t.Wake()
	}
}

func (t *Turns) answerTap(ctx context.Context, m bot.MsgIn, text string) {
	if m.Kind == bot.KindTap && m.CallbackID != "" && t.Toast != nil {
		t.Toast(ctx, m.CallbackID, text)
	}
}
