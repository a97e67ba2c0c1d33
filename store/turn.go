package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
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

// Turns handles messages, in order within a conversation. Messages of several
// conversations that wait at the same time share a transaction; each has its own
// when they cannot.
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
	// Scorer makes the scores that a person asks for before they are stored; without
	// rubrics there are none.
	Scorer jobs.Scorer
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
	g, err := t.attempt(ctx, now, key)
	if violates(err, "report_code_key") { // a receipt's code that exists already; chance brings another
		g, err = t.attempt(ctx, now, key)
	}
	w := g.works[0]
	if err == nil {
		return w.more, nil
	}
	err = fmt.Errorf("handle a message of conversation %s: %w", key, err)
	if w.inbox == 0 || ctx.Err() != nil || passing(err) {
		return false, err
	}
	gaveUp, failErr := t.fail(ctx, *w, now, err)
	return gaveUp && w.more, errors.Join(err, failErr)
}

// HandleAll does for several conversations what [Turns.Handle] does for one, the
// oldest message of each in one transaction: beginning and ending statements and
// transactions is most of what a message costs. When anything goes wrong, all of
// it is undone and each is handled alone, so that a message that cannot be
// handled takes nobody with it and only its own tries are counted. The answers
// are in the order of the keys, of which none may come twice.
func (t *Turns) HandleAll(ctx context.Context, keys []string) []bot.Handled {
	out := make([]bot.Handled, len(keys))
	if len(keys) > 1 {
		g, err := t.attempt(ctx, t.Now(), keys...)
		if err == nil || (away(err) && ctx.Err() == nil) {
			for i, w := range g.works {
				out[i] = bot.Handled{More: w.more && err == nil, Err: err}
			}
			return out
		}
		t.Log.Debug("messages are handled one by one", "count", len(keys), "error", harmless(err))
	}
	for i, key := range keys {
		out[i].More, out[i].Err = t.Handle(ctx, key)
	}
	return out
}

// away reports whether the database is not to be had at all, so that trying each
// message by itself would only wait again.
func away(err error) bool { return passing(err) && !strings.HasPrefix(codeOf(err), "40") }

// attempt tries once. Whatever the error, the works tell how far they came.
// A panic, ours or the handler's, is an error like any other: one message must
// not stop the service for everybody.
func (t *Turns) attempt(ctx context.Context, now time.Time, keys ...string) (g *group, err error) {
	g = newGroup(now, t.Loc, keys)
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
			if len(keys) == 1 { // of several each is tried again, and then tells
				t.Log.Error("turn panicked", "inbox_id", g.works[0].inbox, "error", err, "stack", string(debug.Stack()))
			}
		}
	}()
	g.copies = t.Sessions.Get(ctx, now, keys...)
	err = t.Store.inBatchedTx(ctx, func(tx pgx.Tx) error {
		if err := t.load(ctx, tx, g); err != nil {
			return err
		}
		wr := &writer{last: true}
		for _, w := range g.todo() {
			if err := t.turn(ctx, tx, wr, w); err != nil {
				return err
			}
		}
		return wr.finish(ctx, tx, now)
	})
	if err == nil {
		t.after(ctx, g)
	}
	return g, err
}

// turn lets the handler decide one message and notes what becomes true.
func (t *Turns) turn(ctx context.Context, tx pgx.Tx, wr *writer, w *work) (err error) {
	if w.rekey != "" {
		return t.moveOn(ctx, tx, w)
	}
	w.out, err = t.Handler.Handle(ctx, w.turn, inTurn(tx, w, t))
	if err != nil {
		return err
	}
	return t.apply(ctx, tx, wr, w)
}

// panicked names a panic without its value, which may quote a message.
func panicked(p any) error {
	if e, ok := p.(runtime.Error); ok {
		return fmt.Errorf("turn panicked: %w", e)
	}
	return fmt.Errorf("turn panicked with %T", p)
}

// after does what is worth nothing unless the transaction was committed.
func (t *Turns) after(ctx context.Context, g *group) {
	says, kept := false, []Copy{}
	for _, w := range g.todo() {
		t.tell(ctx, w)
		if w.alarm > 0 {
			t.Log.Error("enrolment is refused too often: somebody may be guessing", "attempts_in_an_hour", w.alarm)
		}
		if w.hint != "" && t.Hint != nil {
			t.Hint(w.hint)
		}
		if w.rekey == "" {
			kept = append(kept, Copy{Key: w.key, Version: w.version + 1, Body: w.body})
			says = says || w.says
		}
	}
	if says && t.Wake != nil {
		t.Wake()
	}
	t.Sessions.Put(ctx, g.now, kept...)
	for _, w := range g.todo() {
		if w.rekey == "" {
			t.answerTap(ctx, w.turn.Msg, w.toast())
		}
	}
}

// tell leaves what leads from the network's message to the rows that answer it.
func (t *Turns) tell(ctx context.Context, w *work) {
	if !t.Log.Enabled(ctx, slog.LevelDebug) {
		return
	}
	keys := make([]string, len(w.out.Say))
	for i, s := range w.out.Say {
		keys[i] = s.Key
	}
	m := w.turn.Msg
	t.Log.DebugContext(ctx, "message handled", "inbox_id", w.inbox, "key", w.key, "kind", m.Kind, "external_id", m.ExternalID,
		"tries", w.tries, "ignored", w.out.Ignored, "moved_to", w.rekey, "outbox_keys", keys)
}

// toast is the short answer to a tap. Where it would be a message of its own it is
// left out when the turn says something to the same chat anyway.
func (w *work) toast() string {
	here := w.turn.Msg.From
	said := slices.ContainsFunc(w.out.Say, func(s conversations.Say) bool { return s.To == here })
	if here.Network == bot.WhatsApp && said {
		return ""
	}
	return w.out.Toast
}

func (t *Turns) answerTap(ctx context.Context, m bot.MsgIn, text string) {
	if m.Kind == bot.KindTap && m.CallbackID != "" && t.Toast != nil {
		t.Toast(ctx, m.CallbackID, text)
	}
}
