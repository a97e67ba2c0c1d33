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

	"ekinerja/bot"
	"ekinerja/store/blobs"
	"ekinerja/store/db"
)

const (
	// sendLease outlasts one send with its waiting; after it the row is unclear.
	sendLease = 20 * time.Second
	// unclearGrace is how long evidence may arrive before a repetition.
	unclearGrace = 30 * time.Second
	// evidenceLife is how long evidence is looked for.
	evidenceLife = 7 * 24 * time.Hour
	// buttonsKept is how long expired buttons are still known as such.
	buttonsKept = 14 * 24 * time.Hour
)

// Outbox gives out what must be sent; it implements [bot.Outbox].
//
//	        guard gone ─▶ superseded      too late ─▶ expired
//	           ▲                             ▲
//	           └────────── pending ──────────┘
//	                        │  ▲
//	                 Claim  │  │ Settle: surely not sent
//	                        ▼  │
//	        sent ◀──────── sending ───────▶ failed (refused for good, blocked)
//	          ▲              │
//	evidence  │              ▼ lease over, or the network did not answer
//	          └────────── unclear ─▶ pending, once (replies and questions)
type Outbox struct {
	Store *Store
	// Network is whose messages are given out; empty: all.
	Network bot.Network
	// Blobs are the bytes of evidence that messages show; nil: none do.
	Blobs blobs.Store
}

// Claim leases up to limit messages that are due for 20 seconds. A guard is
// checked in the same statement: a report that was committed before it is seen,
// one that commits while the message travels is not.
func (o *Outbox) Claim(ctx context.Context, now time.Time, limit int) ([]bot.Claimed, error) {
	for {
		rows, err := o.Store.q().ClaimMessages(ctx, db.ClaimMessagesParams{
			At: now, Most: int32(limit), LeaseUntil: now.Add(sendLease), Network: string(o.Network),
		})
		if violates(err, "outbox_sending") { // another claimer took a row of the same chat
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("claim messages: %w", err)
		}
		claimed, err := o.claimedOf(ctx, rows)
		// A batch that ended whole without sending hides what is behind it.
		if err != nil || len(claimed) > 0 || len(rows) == 0 {
			return claimed, err
		}
	}
}

func (o *Outbox) claimedOf(ctx context.Context, rows []db.ClaimMessagesRow) ([]bot.Claimed, error) {
	var out []bot.Claimed
	for _, r := range rows {
		if r.State != "sending" {
			continue
		}
		c := bot.Claimed{ID: r.ID, Attempt: int(r.Attempt), Untried: int(r.Untried), Priority: bot.Priority(r.Priority), Key: r.Key, Inbox: answers(r.Key)}
		var m outMessage
		if err := json.Unmarshal(r.Body, &m); err != nil {
			return nil, fmt.Errorf("read message %d: %w", r.ID, err)
		}
		if m.Photo = r.Photo; m.FileName != "" {
			m.File, m.Photo = r.Photo, nil
		}
		c.Msg = o.whole(ctx, m)
		c.Msg.Ref = o.Store.epoch + "/" + r.Key
		c.Msg.To = bot.Address{Network: bot.Network(r.Network), ID: r.ChatID}
		out = append(out, c)
	}
	return out, nil
}

// answers is the row of the inbox that a message of this key answers, 0 for none.
func answers(key string) int64 {
	kind, rest, _ := strings.Cut(key, "/")
	if kind != "reply" && kind != "quarantine" {
		return 0
	}
	id, _, _ := strings.Cut(rest, "/")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Settle records how claims ended; a claim that is no longer the row's newest
// changes nothing, so settling twice is settling once.
func (o *Outbox) Settle(ctx context.Context, now time.Time, done []bot.Settlement) error {
	if len(done) == 0 {
		return nil
	}
	w := &writer{}
	q := db.New(w)
	w.any("settle messages", q.SettleMessages(ctx, settleParams(now, done)))
	for _, d := range done {
		if d.MovedTo != "" {
			w.move(ctx, d.To, d.MovedTo)
		}
	}
	return o.Store.inTx(ctx, func(tx pgx.Tx) error { return w.flush(ctx, tx) })
}

func settleParams(now time.Time, done []bot.Settlement) db.SettleMessagesParams {
	arg := db.SettleMessagesParams{At: now}
	for _, d := range done {
		untried := int32(0)
		if d.Untried {
			untried = 1
		}
		arg.Ids = append(arg.Ids, d.ID)
		arg.Attempts = append(arg.Attempts, int32(d.Attempt))
		arg.States = append(arg.States, string(d.State))
		arg.MessageIds = append(arg.MessageIds, clean(d.MessageID))
		arg.NotBefores = append(arg.NotBefores, d.NotBefore)
		arg.Untried = append(arg.Untried, untried)
		arg.Outcomes = append(arg.Outcomes, string(d.Outcome))
		arg.Codes = append(arg.Codes, int32(d.Code))
		arg.MovedTo = append(arg.MovedTo, d.MovedTo)
	}
	return arg
}

// move gives a chat its new id wherever something is still to come.
func (w *writer) move(ctx context.Context, from bot.Address, to string) {
	q := db.New(w)
	network := string(from.Network)
	w.any("move address", q.MoveAddress(ctx, db.MoveAddressParams{NewChat: to, Network: network, OldChat: from.ID}))
	w.any("move group", q.MoveGroup(ctx, db.MoveGroupParams{NewChat: to, Network: network, OldChat: from.ID}))
	w.any("move waiting messages", q.MovePending(ctx, db.MovePendingParams{NewChat: to, Network: network, OldChat: from.ID}))
}

// Swept is what a sweep of the outbox found.
type Swept struct{ Abandoned, Confirmed, Repeated int64 }

// SweepOutbox ends the leases of senders that are gone and decides about what
// may have been sent:
//
//   - An answer about the same day and question, or a pressed button (seen by
//     [Turns]), proves that it arrived: sent.
//   - A reply or a question without such evidence for 30 s is sent once more;
//     two copies at most, and the guard is checked again.
//   - A reminder, an escalation or a summary is never repeated: better none than
//     two. It stays unclear, for everybody to see.
//
// It also drops buttons that expired two weeks ago, and refused enrolments after one.
func (s *Store) SweepOutbox(ctx context.Context, now time.Time) (Swept, error) {
	var done Swept
	var err error
	q := s.q()
	if done.Abandoned, err = q.ExpireLeases(ctx, now); err != nil {
		return done, fmt.Errorf("end leases: %w", err)
	}
	if done.Confirmed, err = q.ConfirmUnclear(ctx, now.Add(-evidenceLife)); err != nil {
		return done, fmt.Errorf("confirm messages: %w", err)
	}
	if done.Repeated, err = q.ResendUnclear(ctx, now, now.Add(-unclearGrace)); err != nil {
		return done, fmt.Errorf("repeat messages: %w", err)
	}
	if err := q.DropOldButtons(ctx, now.Add(-buttonsKept)); err != nil {
		return done, fmt.Errorf("drop old buttons: %w", err)
	}
	if err := q.DropOldAttempts(ctx, now.Add(-attemptsKept)); err != nil {
		return done, fmt.Errorf("drop old attempts: %w", err)
	}
	return done, nil
}

// NextOutbox is when the next waiting message becomes due, possibly in the past;
// false when nothing waits.
func (s *Store) NextOutbox(ctx context.Context) (time.Time, bool, error) {
	at, err := s.q().NextDue(ctx)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find next message: %w", err)
	}
	return at, true, nil
}
