package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"ekinerja/bot"
)

// pass lets d of a bubble's fake time pass.
func pass(d time.Duration) { <-time.After(d) }

// TestRun is live: a burst of work for several chats, one slow, on fake time.
func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var msgs []bot.Claimed
		for i := range 60 {
			msgs = append(msgs, to(fmt.Sprint(i%6), fmt.Sprintf("%02d", i)))
		}
		b, w := newBox(msgs...), &wire{}
		w.send = func(context.Context, bot.MsgOut) error { pass(100 * time.Millisecond); return nil }
		s := sender(b, w)
		s.Pacer = bot.NewLocalPacer(bot.TelegramRates())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx, nil) }()
		pass(12 * time.Second) // 10 a chat at 1/s after a burst of 3
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := len(w.log()); n != 60 {
			t.Fatalf("%d sent, want 60: %s", n, b.states())
		}
		last := map[string]string{}
		for _, line := range w.log() {
			chat, text, _ := strings.Cut(line, ":")
			if text < last[chat] {
				t.Errorf("chat %s got %s after %s", chat, text, last[chat])
			}
			last[chat] = text
		}
		if b.claims > 200 {
			t.Errorf("the outbox was asked %d times for 60 messages", b.claims)
		}
	})
}

func TestRunFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, w := newBox(to("1", "a"), to("1", "b"), to("2", "c")), &wire{}
		w.send = func(ctx context.Context, _ bot.MsgOut) error {
			pass(3 * time.Second)
			return ctx.Err()
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- sender(b, w).Run(ctx, nil) }()
		pass(time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if got := b.states(); got != "sent pending sent" {
			t.Errorf("states are %q", got)
		}
	})
}

func TestRunGivesUpAHangingSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, w := newBox(to("1", "a")), &wire{}
		w.send = func(ctx context.Context, _ bot.MsgOut) error { <-ctx.Done(); return ctx.Err() }
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		begin := time.Now()
		go func() { ended <- sender(b, w).Run(ctx, nil) }()
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took != 15*time.Second {
			t.Errorf("took %v, want 15s", took)
		}
		if got := b.states(); got != "unclear" {
			t.Errorf("state is %q", got)
		}
	})
}

func TestRunPutsBackWhatWaitsAtShutdown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, w := newBox(to("1", "a"), to("2", "b")), &wire{}
		s := sender(b, w)
		s.Pacer = bot.NewLocalPacer(bot.Rates{Classes: [4]bot.Rate{{Every: time.Second, Burst: 1}}})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx, nil) }()
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if b.states() != "sent pending" && b.states() != "pending sent" {
			t.Errorf("states are %q", b.states())
		}
	})
}

// TestRunKeepsResultsOverADeadDatabase: nothing more is sent while results
// cannot be recorded, and no result is lost.
func TestRunKeepsResultsOverADeadDatabase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, w := newBox(to("1", "a"), to("2", "b")), &wire{}
		b.err, b.broken = errors.New("no database"), 5
		s := sender(b, w)
		s.Workers = 1
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx, nil) }()
		pass(3500 * time.Millisecond)
		if diff := gocmp.Diff([]string{"1:a"}, w.log()); diff != "" {
			t.Error(diff)
		}
		pass(10 * time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if diff := gocmp.Diff([]string{"1:a", "2:b"}, w.log()); diff != "" {
			t.Error(diff)
		}
		if got := b.states(); got != "sent sent" {
			t.Errorf("states are %q", got)
		}
	})
}

// TestRunProbesAnIllNetwork: sixteen that fail at once are one sign of illness,
// so the rest is short; then one message at a time finds out.
func TestRunProbesAnIllNetwork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var msgs []bot.Claimed
		for i := range 100 {
			msgs = append(msgs, to(fmt.Sprint(i), "a"))
		}
		b, w := newBox(msgs...), &wire{}
		begin := time.Now()
		var mu sync.Mutex
		var tries []int // seconds since begin
		w.send = func(context.Context, bot.MsgOut) error {
			mu.Lock()
			tries = append(tries, int(time.Since(begin).Seconds()))
			mu.Unlock()
			pass(100 * time.Millisecond)
			return errors.New("timeout")
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- sender(b, w).Run(ctx, nil) }()
		pass(10 * time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		// A few may follow before the fifth of the sixteen has come back.
		first := slices.IndexFunc(tries, func(s int) bool { return s > 0 })
		if first < 16 || first > 20 {
			t.Errorf("%d tries before the first rest, want 16 to 20", first)
		}
		if diff := gocmp.Diff([]int{1, 3, 7}, tries[max(first, 0):]); diff != "" {
			t.Error(diff)
		}
	})
}

// always is a pacer that never lets go.
type always time.Duration

func (a always) Take(context.Context, time.Time, bot.Address, bot.Priority) (time.Duration, error) {
	return time.Duration(a), nil
}

// TestRunHoldsAClaimNotTooLong: the lease must not end while a claim waits.
func TestRunHoldsAClaimNotTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBox(to("1", "a"))
		s := sender(b, &wire{})
		s.Pacer = always(700 * time.Millisecond)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		begin := time.Now()
		go func() { ended <- s.Run(ctx, nil) }()
		pass(2 * time.Second)
		synctest.Wait()
		b.mu.Lock()
		last := b.rows[0].last
		b.mu.Unlock()
		want := bot.Settlement{
			ID: 1, Attempt: 1, State: bot.SettledPending, To: last.To, Untried: true, NotBefore: begin.Add(2100 * time.Millisecond),
		}
		if diff := gocmp.Diff(want, last); diff != "" {
			t.Error(diff)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestRunWakesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, w := newBox(to("1", "a")), &wire{}
		b.rows[0].notBefore = time.Now().Add(time.Hour)
		s := sender(b, w)
		s.Idle = 24 * time.Hour
		wake := make(chan struct{}, 1)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx, wake) }()
		pass(2 * time.Hour)
		if n := len(w.log()); n != 0 {
			t.Fatalf("%d sent before the wake-up", n)
		}
		wake <- struct{}{}
		synctest.Wait()
		if n := len(w.log()); n != 1 {
			t.Errorf("%d sent after the wake-up, want 1", n)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
