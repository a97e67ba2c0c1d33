package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"ekinerja/conversations"
	"ekinerja/store/db"
)

// maxErrorText bounds what is kept of an error, in bytes.
const maxErrorText = 300

// pauses are the back-offs after the first, second, … failed try; after one more
// the message is set aside.
func pauses() []time.Duration {
	return []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute}
}

// fail counts a try that went wrong and tells whether it was the last; then the
// person is told that the message is kept.
func (t *Turns) fail(ctx context.Context, w work, now time.Time, cause error) (gaveUp bool, err error) {
	steps := pauses()
	text := harmless(cause)
	err = t.Store.inTx(ctx, func(tx pgx.Tx) error {
		state, err := db.New(tx).FailMessage(ctx, db.FailMessageParams{
			Error: &text, RetryAt: now.Add(steps[min(w.tries, len(steps)-1)]), Most: int32(len(steps) + 1),
			ID: w.inbox, Tries: int32(w.tries),
		})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // it was handled after all, here or elsewhere
		}
		if err != nil {
			return fmt.Errorf("count failed try: %w", err)
		}
		gaveUp = state == "quarantined"
		return t.console(ctx, tx, w, gaveUp)
	})
	t.Log.Debug("message not handled", "inbox_id", w.inbox, "key", w.key, "tries", w.tries+1, "quarantined", gaveUp, "error", text)
	if err == nil && gaveUp {
		t.Log.Error("message quarantined", "inbox_id", w.inbox, "key", w.key, "error", text)
		t.answerTap(ctx, w.turn.Msg, "")
	}
	return gaveUp, err
}

// console queues the words for a person whose message was set aside.
func (t *Turns) console(ctx context.Context, tx pgx.Tx, w work, gaveUp bool) error {
	c, ok := t.Handler.(Consoler)
	if !gaveUp || !ok || w.turn.Person == nil {
		return nil
	}
	s := c.Quarantined(*w.turn.Person)
	s.Key, s.Kind, s.Employee = fmt.Sprintf("quarantine/%d", w.inbox), conversations.KindReply, w.turn.Person.ID
	return Enqueue(ctx, tx, w.now, w.address([]conversations.Say{s}, ""))
}

// harmless is an error's text for the record. The server's own messages may
// quote values, so only their code and place are kept.
func harmless(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		text = fmt.Sprintf("postgres %s %s", e.Code, e.ConstraintName)
	}
	return clean(text[:min(len(text), maxErrorText)])
}
