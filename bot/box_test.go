package bot_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"ekinerja/bot"
)

// box is an outbox in memory with the rules of the real one: due rows only, the
// most urgent first, one in flight a chat, settlements fenced by attempt.
type box struct {
	mu     sync.Mutex
	rows   []*row
	claims int
	err    error // of Settle
	broken int   // settles that still fail with err
}

type row struct {
	bot.Claimed
	state     bot.Settled // "sending" while claimed
	notBefore time.Time
	last      bot.Settlement
}

const sending bot.Settled = "sending"

func newBox(msgs ...bot.Claimed) *box {
	b := &box{}
	for i, m := range msgs {
		m.ID = int64(i + 1)
		b.rows = append(b.rows, &row{Claimed: m, state: bot.SettledPending})
	}
	return b
}

func (b *box) Claim(_ context.Context, now time.Time, limit int) ([]bot.Claimed, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.claims++
	busy := map[bot.Address]bool{}
	for _, r := range b.rows {
		if r.state == sending {
			busy[r.Msg.To] = true
		}
	}
	due := slices.Clone(b.rows)
	slices.SortStableFunc(due, func(x, y *row) int { return cmp.Compare(x.Priority, y.Priority) })
	var out []bot.Claimed
	for _, r := range due {
		if r.state != bot.SettledPending || r.notBefore.After(now) || busy[r.Msg.To] || len(out) == limit {
			continue
		}
		busy[r.Msg.To] = true
		r.state = sending
		r.Attempt++
		out = append(out, r.Claimed)
	}
	return out, nil
}

func (b *box) Settle(ctx context.Context, _ time.Time, all []bot.Settlement) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if b.broken > 0 {
		b.broken--
		return b.err
	}
	for _, s := range all {
		r := b.rows[s.ID-1]
		if r.state != sending || r.Attempt != s.Attempt {
			return fmt.Errorf("row %d attempt %d settled as attempt %d in state %s", s.ID, r.Attempt, s.Attempt, r.state)
		}
		r.state, r.notBefore, r.last = s.State, s.NotBefore, s
		if s.Untried {
			r.Untried++
		}
		if s.MovedTo != "" {
			r.Msg.To.ID = s.MovedTo
		}
	}
	return nil
}

func (b *box) states() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, r := range b.rows {
		out = append(out, string(r.state))
	}
	return strings.Join(out, " ")
}

// wire is a channel whose sends end as told.
type wire struct {
	mu   sync.Mutex
	sent []string
	send func(ctx context.Context, m bot.MsgOut) error
}

func (*wire) Network() bot.Network { return bot.Telegram }

func (w *wire) Send(ctx context.Context, m bot.MsgOut) (string, error) {
	if w.send != nil {
		if err := w.send(ctx, m); err != nil {
			return "", err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, m.To.ID+":"+m.Text)
	return fmt.Sprint(len(w.sent)), nil
}

func (w *wire) log() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sent)
}

func to(chat, text string) bot.Claimed {
	return bot.Claimed{Msg: bot.MsgOut{To: bot.Address{Network: bot.Telegram, ID: chat}, Text: text}}
}

func urgent(p bot.Priority, c bot.Claimed) bot.Claimed {
	c.Priority = p
	return c
}

func sender(b *box, w *wire) *bot.Sender {
	return &bot.Sender{
		Outbox: b, Channel: w, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Jitter: func() float64 { return 0 },
	}
}

func at(t time.Time) func() time.Time { return func() time.Time { return t } }
