package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Refusals of a link; the turn is tried again and then sees why.
var (
	// ErrInviteGone: the invitation was used or ran out between reading and using it.
	ErrInviteGone = errors.New("invitation is gone")
	// ErrWrongInvite: the invitation is for somebody else.
	ErrWrongInvite = errors.New("invitation is for somebody else")
	// ErrChatTaken: the chat is another person's.
	ErrChatTaken = errors.New("chat is bound to somebody else")
)

// applyRare makes those parts of an outcome true that must read first.
func (t *Turns) applyRare(ctx context.Context, tx pgx.Tx, w *work, out conversations.Outcome) error {
	if out.Link != nil {
		if err := t.link(ctx, tx, w, out); err != nil {
			return err
		}
	}
	if out.Refused {
		if err := attempt(ctx, db.New(tx), w); err != nil {
			return err
		}
	}
	if err := t.absent(ctx, tx, w, out.Absent); err != nil {
		return err
	}
	return t.own(ctx, tx, w, out.Own)
}

const (
	// attemptsIn is the time in which refused enrolments count.
	attemptsIn = time.Hour
	// fleetAttempts in that time, over all chats, are more than mistakes.
	fleetAttempts = 50
	// attemptsKept is how long they are known at all.
	attemptsKept = 7 * 24 * time.Hour
)

// attempt counts a refused enrolment; w.alarm is how many there were, when that
// is too many and nobody has been told in this hour.
func attempt(ctx context.Context, q *db.Queries, w *work) error {
	row, err := q.AddAttempt(ctx, db.AddAttemptParams{
		InboxID: w.inbox, Key: w.key, At: w.now, Since: w.now.Add(-attemptsIn), Most: fleetAttempts,
		Period: w.now.UTC().Truncate(attemptsIn).Format(time.RFC3339),
	})
	if err != nil {
		return fmt.Errorf("count refused enrolment: %w", err)
	}
	if row.Alarm {
		w.alarm = int(row.Attempts)
	}
	return nil
}

// link binds a chat for good and uses the invitation up. A person has one live
// chat a network: a fresh invitation moves it, and what waits goes along.
func (t *Turns) link(ctx context.Context, tx pgx.Tx, w *work, out conversations.Outcome) error {
	q, l := db.New(tx), *out.Link
	by := l.Chat.String()
	inv, err := q.UseInvite(ctx, db.UseInviteParams{At: &w.now, UsedBy: &by, TokenHash: l.Invite})
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrInviteGone
	}
	if err != nil {
		return fmt.Errorf("use invitation: %w", err)
	}
	if l.Employee == 0 {
		if inv.OpdID == nil {
			return fmt.Errorf("link group: %w", ErrWrongInvite)
		}
		if err := q.LinkGroup(ctx, db.LinkGroupParams{
			Network: string(l.Chat.Network), ChatID: l.Chat.ID, OpdID: *inv.OpdID, LinkedAt: w.now,
		}); err != nil {
			return fmt.Errorf("link group: %w", err)
		}
		return nil
	}
	if inv.EmployeeID == nil || *inv.EmployeeID != int64(l.Employee) {
		return fmt.Errorf("link person: %w", ErrWrongInvite)
	}
	old, err := bind(ctx, q, binding{l.Employee, l.Chat}, w.now)
	if err != nil {
		return err
	}
	if err := w.hadBefore(ctx, q, l, old); err != nil {
		return err
	}
	return handOver(ctx, q, w, l, out)
}

// hadBefore notes where the person was to be reached until now: in the chats that
// the link has closed, else in those of other networks.
func (w *work) hadBefore(ctx context.Context, q *db.Queries, l conversations.Link, closed []string) error {
	for _, chat := range closed {
		w.formerly = append(w.formerly, bot.Address{Network: l.Chat.Network, ID: chat})
	}
	if len(closed) > 0 {
		return nil
	}
	rows, err := q.ChatsElsewhere(ctx, int64(l.Employee), string(l.Chat.Network))
	if err != nil {
		return fmt.Errorf("find the person's other chats: %w", err)
	}
	for _, r := range rows {
		w.formerly = append(w.formerly, bot.Address{Network: bot.Network(r.Network), ID: r.ChatID})
	}
	return nil
}

// binding is one person's chat.
type binding struct {
	employee roster.EmployeeID
	chat     bot.Address
}

// bind makes the chat the person's only live one of its network and tells the
// chats that it replaces.
func bind(ctx context.Context, q *db.Queries, b binding, now time.Time) (old []string, err error) {
	network := string(b.chat.Network)
	old, err = q.CloseAddresses(ctx, db.CloseAddressesParams{
		At: &now, EmployeeID: int64(b.employee), Network: network, ChatID: b.chat.ID,
	})
	if err != nil {
		return nil, fmt.Errorf("close old address: %w", err)
	}
	id := int64(b.employee)
	err = q.BindAddress(ctx, db.BindAddressParams{EmployeeID: id, Network: network, ChatID: b.chat.ID, At: now})
	if violates(err, "address_chat") {
		err = ErrChatTaken
	}
	if err != nil {
		return nil, fmt.Errorf("bind address: %w", err)
	}
	for _, chat := range old {
		if err := q.RedirectPending(ctx, db.RedirectPendingParams{
			Network: network, NewChat: b.chat.ID, EmployeeID: &id, OldChat: chat,
		}); err != nil {
			return nil, fmt.Errorf("redirect messages: %w", err)
		}
	}
	return old, nil
}

// handOver lets the person's own conversation take over from that of the chat.
func handOver(ctx context.Context, q *db.Queries, w *work, l conversations.Link, out conversations.Outcome) error {
	key, id := keyOf(l.Employee), int64(l.Employee)
	body, err := marshal(out.Session)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	if err := q.EnsureConversation(ctx, db.EnsureConversationParams{
		Key: key, EmployeeID: &id, Body: body, UpdatedAt: w.now,
	}); err != nil {
		return fmt.Errorf("begin conversation: %w", err)
	}
	if key == w.key || l.Chat != w.turn.Msg.From {
		return nil
	}
	if err := q.RekeyInbox(ctx, db.RekeyInboxParams{NewKey: key, OldKey: w.key, ExceptID: w.inbox}); err != nil {
		return fmt.Errorf("hand messages over: %w", err)
	}
	w.hint, w.more = key, false
	return nil
}

// moveOn hands the messages of a chat that was bound meanwhile to the person's
// conversation, where they keep their order.
func (t *Turns) moveOn(ctx context.Context, tx pgx.Tx, w *work) error {
	q, id := db.New(tx), int64(employeeOf(w.rekey))
	if err := q.EnsureConversation(ctx, db.EnsureConversationParams{
		Key: w.rekey, EmployeeID: &id, Body: []byte("{}"), UpdatedAt: w.now,
	}); err != nil {
		return fmt.Errorf("begin conversation: %w", err)
	}
	if err := q.RekeyInbox(ctx, db.RekeyInboxParams{NewKey: w.rekey, OldKey: w.key}); err != nil {
		return fmt.Errorf("hand messages over: %w", err)
	}
	w.hint, w.more = w.rekey, false
	return nil
}
