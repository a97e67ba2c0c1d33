package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ekinerja/bot"
	"ekinerja/store/db"
)

// undecodable is the name that adapters give to what they could not read.
const undecodable = "undecodable"

// Inbox takes messages in; it implements [bot.Inbox].
type Inbox struct {
	Store *Store
	Now   func() time.Time
	// Hint, when set, is told after the commit which conversations have
	// something new. It must not block; a lost hint is made good by [Store.Waiting].
	Hint func(key string)
	// Pace bounds what one chat may send; the zero Pace bounds nothing.
	Pace Pace

	gather gather
}

// Pace is how many messages of one chat are read, by the network's own time.
// What is beyond it is kept, and one message an hour is answered with a warning.
// Taps count apart: who marks the own staff presses faster than anybody writes.
type Pace struct{ Minute, Day, TapMinute, TapDay int }

// HumanPace is more than anybody writes who reports a day's work.
func HumanPace() Pace { return Pace{Minute: 20, Day: 300, TapMinute: 60, TapDay: 900} }

// paced reports whether a message counts: news of the network itself never does.
func (p Pace) paced(m bot.MsgIn) bool {
	switch m.Kind {
	case bot.KindBlocked, bot.KindBack, bot.KindMoved:
		return false
	default:
		return p != Pace{} && m.Odd != undecodable
	}
}

// Receive stores the batch in one statement and returns after the commit. A
// message that is already there, from however long ago, changes nothing. What
// could not be decoded is kept for a person to look at and handled by nobody.
//
// Batches that come while another is being stored are stored together after it,
// with one commit: nobody waits longer than for two.
func (in *Inbox) Receive(ctx context.Context, account string, batch []bot.Received) error {
	if len(batch) == 0 {
		return nil
	}
	return in.gather.add(ctx, account, batch, in.store)
}

// store stores a batch by itself.
func (in *Inbox) store(ctx context.Context, account string, batch []bot.Received) error {
	arg := db.ReceiveMessagesParams{
		Account: clean(account), ReceivedAt: in.Now(), Minute: int32(in.Pace.Minute), Day: int32(in.Pace.Day),
		TapMinute: int32(in.Pace.TapMinute), TapDay: int32(in.Pace.TapDay),
	}
	for i, r := range batch {
		arg.Paced = append(arg.Paced, in.Pace.paced(r.Msg))
		arg.Taps = append(arg.Taps, r.Msg.Kind == bot.KindTap)
		if err := addReceived(&arg, i, r); err != nil {
			return err
		}
	}
	keys, err := in.Store.q().ReceiveMessages(ctx, arg)
	if codeOf(err) == codeDeadlock { // two deliveries of the same messages in another order
		keys, err = in.Store.q().ReceiveMessages(ctx, arg)
	}
	if err != nil {
		return fmt.Errorf("store messages: %w", err)
	}
	if in.Hint != nil {
		for _, key := range keys {
			in.Hint(key)
		}
	}
	return nil
}

func addReceived(arg *db.ReceiveMessagesParams, ord int, r bot.Received) error {
	m := r.Msg
	if y := m.At.Year(); y < 1 || y > 9999 { // no such moment can be written down; refusing it would stop all that follows
		m.At = arg.ReceivedAt
	}
	body, err := marshal(m)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	state := "new"
	if m.Kind == bot.KindOther && m.Odd == undecodable {
		state = "quarantined"
	}
	raw := r.Raw
	if raw == nil {
		raw = []byte{}
	}
	arg.Networks = append(arg.Networks, clean(string(m.From.Network)))
	arg.Chats = append(arg.Chats, clean(m.From.ID))
	arg.IsGroup = append(arg.IsGroup, m.Group)
	arg.ExtIds = append(arg.ExtIds, clean(m.ExternalID))
	arg.ProviderAts = append(arg.ProviderAts, m.At)
	arg.Msgs = append(arg.Msgs, body)
	arg.Raws = append(arg.Raws, raw)
	arg.States = append(arg.States, state)
	arg.Ords = append(arg.Ords, int32(ord))
	return nil
}

// Waiting tells which conversations have a message whose time has come, the
// longest waiting first: what lost hints and ended back-offs leave behind.
func (s *Store) Waiting(ctx context.Context, now time.Time, limit int) ([]string, error) {
	keys, err := s.q().WaitingKeys(ctx, now, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("find waiting conversations: %w", err)
	}
	return keys, nil
}

// clean drops what a text column refuses: zero bytes and broken UTF-8.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// marshal encodes v for a jsonb column, which refuses the escape \u0000.
func marshal(v any) (json.RawMessage, error) {
	b, err := json.Marshal(v)
	if err != nil || !bytes.Contains(b, []byte(`\u0000`)) {
		return b, err
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] == '\\' && bytes.HasPrefix(b[i:], []byte(`\u0000`)):
			i += len(`\u0000`) - 1
		case b[i] == '\\' && i+1 < len(b): // an escape, perhaps of the backslash itself
			out = append(out, b[i], b[i+1])
			i++
		default:
			out = append(out, b[i])
		}
	}
	return out, nil
}
