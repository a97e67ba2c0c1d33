package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"ekinerja/bot"
)

func TestDrainSendsInOrder(t *testing.T) {
	t.Parallel()
	b := newBox(to("7", "a"), to("7", "b"), urgent(bot.PriorityReminder, to("8", "x")), to("9", "q"), to("7", "c"))
	b.rows[3].notBefore = start.Add(time.Hour)
	w := &wire{}
	sent, next, err := sender(b, w).Drain(t.Context(), at(start))
	if sent != 4 || next != 0 || err != nil {
		t.Errorf("Drain = %d, %v, %v; want 4, 0, nil", sent, next, err)
	}
	if diff := gocmp.Diff([]string{"7:a", "8:x", "7:b", "7:c"}, w.log()); diff != "" {
		t.Error(diff)
	}
	if got := b.states(); got != "sent sent sent pending sent" {
		t.Errorf("states are %q", got)
	}
	if b.rows[1].last.MessageID != "3" {
		t.Errorf("second message of the chat has id %q, want 3", b.rows[1].last.MessageID)
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	fail := func(o bot.SendError) error { o.Err = errors.New("no"); return &o }
	for name, c := range map[string]struct {
		err     error
		attempt int // before the claim
		want    bot.Settlement
	}{
		"retry backs off": {
			fail(bot.SendError{Outcome: bot.Retry, Code: 502}), 2,
			bot.Settlement{State: bot.SettledPending, NotBefore: start.Add(8 * time.Second), Outcome: bot.Retry, Code: 502},
		},
		"retry comes to an end": {
			fail(bot.SendError{Outcome: bot.Retry}), 49,
			bot.Settlement{State: bot.SettledFailed, Outcome: bot.Retry},
		},
		"throttled does not count": {
			fail(bot.SendError{Outcome: bot.Throttled, Code: 429, RetryAfter: 7 * time.Second}), 99,
			bot.Settlement{
				State: bot.SettledPending, NotBefore: start.Add(8 * time.Second), Untried: true, Outcome: bot.Throttled, Code: 429,
			},
		},
		"unclear is for the outbox": {
			fail(bot.SendError{Outcome: bot.Unclear}), 0,
			bot.Settlement{State: bot.SettledUnclear, Outcome: bot.Unclear},
		},
		"an unknown error is unclear": {
			errors.New("?"), 0,
			bot.Settlement{State: bot.SettledUnclear, Outcome: bot.Unclear},
		},
		"blocked": {
			fail(bot.SendError{Outcome: bot.Blocked, Code: 403}), 0,
			bot.Settlement{State: bot.SettledFailed, Outcome: bot.Blocked, Code: 403},
		},
		"final": {
			fail(bot.SendError{Outcome: bot.Final, Code: 400}), 0,
			bot.Settlement{State: bot.SettledFailed, Outcome: bot.Final, Code: 400},
		},
		"moved": {
			fail(bot.SendError{Outcome: bot.Moved, Code: 400, MovedTo: "-100"}), 0,
			bot.Settlement{State: bot.SettledPending, NotBefore: start, Outcome: bot.Moved, Code: 400, MovedTo: "-100"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			msg := to("7", "a")
			msg.Attempt = c.attempt
			b := newBox(msg)
			w := &wire{send: func(context.Context, bot.MsgOut) error { return c.err }}
			first := &firstSettle{box: b}
			s := sender(b, w)
			s.Outbox = first
			if _, _, err := s.Drain(t.Context(), at(start)); err != nil {
				t.Fatal(err)
			}
			c.want.ID, c.want.Attempt, c.want.To = 1, c.attempt+1, msg.Msg.To
			if diff := gocmp.Diff([]bot.Settlement{c.want}, first.got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// firstSettle keeps the first settlements and takes only one claim.
type firstSettle struct {
	*box
	got []bot.Settlement
}

func (f *firstSettle) Claim(ctx context.Context, now time.Time, limit int) ([]bot.Claimed, error) {
	if f.got != nil {
		return nil, nil
	}
	return f.box.Claim(ctx, now, limit)
}

func (f *firstSettle) Settle(ctx context.Context, now time.Time, s []bot.Settlement) error {
	if f.got == nil {
		f.got = s
	}
	return f.box.Settle(ctx, now, s)
}

func TestMovedGroupGetsIt(t *testing.T) {
	t.Parallel()
	b, w := newBox(to("-5", "a")), &wire{}
	w.send = func(_ context.Context, m bot.MsgOut) error {
		if m.To.ID == "-5" {
			return &bot.SendError{Outcome: bot.Moved, MovedTo: "-1005", Err: errors.New("moved")}
		}
		return nil
	}
	s := sender(b, w)
	for range 2 {
		if _, _, err := s.Drain(t.Context(), at(start)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := gocmp.Diff([]string{"-1005:a"}, w.log()); diff != "" {
		t.Error(diff)
	}
}

func TestThrottleRestsTheAccount(t *testing.T) {
	t.Parallel()
	b, w := newBox(to("1", "a"), to("2", "b"), to("3", "c")), &wire{}
	calls := 0
	w.send = func(context.Context, bot.MsgOut) error {
		if calls++; calls == 2 {
			return &bot.SendError{Outcome: bot.Throttled, RetryAfter: 5 * time.Second, Err: errors.New("429")}
		}
		return nil
	}
	s := sender(b, w)
	s.Pacer = bot.NewLocalPacer(bot.Rates{})
	for _, step := range []struct {
		after time.Duration
		sent  int
		next  time.Duration
	}{{0, 1, 6 * time.Second}, {5 * time.Second, 0, time.Second}, {6 * time.Second, 2, 0}} {
		sent, next, err := s.Drain(t.Context(), at(start.Add(step.after)))
		if sent != step.sent || next != step.next || err != nil {
			t.Errorf("after %v: Drain = %d, %v, %v; want %d, %v", step.after, sent, next, err, step.sent, step.next)
		}
	}
	if calls != 4 {
		t.Errorf("network asked %d times, want 4", calls)
	}
	if b.rows[2].Untried != 1 {
		t.Error("the message behind the throttled one was not put back as untried")
	}
}

func TestDrainSaysWhenThePacerLetsGo(t *testing.T) {
	t.Parallel()
	b, w := newBox(to("1", "a"), to("1", "b"), to("1", "c"), to("1", "d"), to("2", "x")), &wire{}
	s := sender(b, w)
	s.Pacer = bot.NewLocalPacer(bot.Rates{Private: bot.Rate{Every: time.Second, Burst: 3}})
	var waits []string
	s.Waited = func(class string, seconds float64) { waits = append(waits, fmt.Sprint(class, " ", seconds)) }
	sent, next, err := s.Drain(t.Context(), at(start))
	if sent != 4 || next != time.Second || err != nil {
		t.Errorf("Drain = %d, %v, %v; want 4, 1s, nil", sent, next, err)
	}
	if diff := gocmp.Diff([]string{"reply 1"}, waits); diff != "" {
		t.Errorf("waits that were told of: %s", diff)
	}
	if sent, _, _ = s.Drain(t.Context(), at(start.Add(next))); sent != 1 {
		t.Errorf("then %d sent, want 1", sent)
	}
}

func TestIllNetworkIsProbedGently(t *testing.T) {
	t.Parallel()
	var msgs []bot.Claimed
	for i := range 300 {
		msgs = append(msgs, to(fmt.Sprint(i), "a"))
	}
	b, w := newBox(msgs...), &wire{}
	calls, broken := 0, true
	w.send = func(context.Context, bot.MsgOut) error {
		calls++
		if broken {
			return errors.New("timeout")
		}
		return nil
	}
	s := sender(b, w)
	now := start
	for now.Before(start.Add(10 * time.Minute)) {
		_, next, err := s.Drain(t.Context(), at(now))
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(max(next, time.Millisecond))
	}
	if calls > 25 {
		t.Errorf("%d messages spoilt by ten minutes of outage, want at most 25", calls)
	}
	broken = false
	left := 300 - calls
	if sent, _, _ := s.Drain(t.Context(), at(now.Add(time.Minute))); sent != left {
		t.Errorf("%d sent after the outage, want %d", sent, left)
	}
}

func TestPanicIsUnclear(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b, w := newBox(to("1", "a"), to("2", "b")), &wire{}
	w.send = func(_ context.Context, m bot.MsgOut) error {
		if m.To.ID == "1" {
			panic("teks rahasia")
		}
		return nil
	}
	s := sender(b, w)
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	if sent, _, err := s.Drain(t.Context(), at(start)); sent != 1 || err != nil {
		t.Errorf("Drain = %d, %v; want 1, nil", sent, err)
	}
	if got := b.states(); got != "unclear sent" {
		t.Errorf("states are %q", got)
	}
	if out := log.String(); strings.Contains(out, "rahasia") || !strings.Contains(out, "send panicked") {
		t.Errorf("log is %s", out)
	}
}

func TestTapAnswersAreNotPaced(t *testing.T) {
	t.Parallel()
	tap := to("1", "ok")
	tap.Msg.Callback = "cb"
	b, w := newBox(to("1", "a"), tap), &wire{}
	s := sender(b, w)
	s.Pacer = bot.NewLocalPacer(bot.Rates{Private: bot.Rate{Every: time.Hour, Burst: 1}})
	if sent, _, _ := s.Drain(t.Context(), at(start)); sent != 2 {
		t.Errorf("%d sent, want 2", sent)
	}
}

func TestObserve(t *testing.T) {
	t.Parallel()
	b, w := newBox(to("1", "a"), urgent(bot.PriorityReminder, to("2", "b"))), &wire{}
	w.send = func(_ context.Context, m bot.MsgOut) error {
		if m.To.ID == "2" {
			return &bot.SendError{Outcome: bot.Blocked, Err: errors.New("x")}
		}
		return nil
	}
	var seen []string
	s := sender(b, w)
	s.Observe = func(outcome, class string, seconds float64) {
		seen = append(seen, fmt.Sprint(outcome, " ", class, " ", seconds))
	}
	if _, _, err := s.Drain(t.Context(), at(start)); err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff([]string{"sent reply 0", "blocked reminder 0"}, seen); diff != "" {
		t.Error(diff)
	}
}
