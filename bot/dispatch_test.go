package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
)

// mailbox is conversations with a number of messages each.
type mailbox struct {
	mu      sync.Mutex
	waiting map[string]int
	busy    map[string]bool
	handled []string
	overlap bool
	fail    map[string]error // once
}

func (m *mailbox) add(key string, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.waiting == nil {
		m.waiting, m.busy = map[string]int{}, map[string]bool{}
	}
	m.waiting[key] += n
}

func (m *mailbox) keys(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for key, n := range m.waiting {
		if n > 0 {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

func (m *mailbox) handle(_ context.Context, key string) (bool, error) {
	m.mu.Lock()
	m.overlap = m.overlap || m.busy[key]
	m.busy[key] = true
	m.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy[key] = false
	if err := m.fail[key]; err != nil {
		delete(m.fail, key)
		return false, err
	}
	if m.waiting[key] == 0 {
		return false, nil
	}
	m.waiting[key]--
	m.handled = append(m.handled, key)
	return m.waiting[key] > 0, nil
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestDispatcherDrains(t *testing.T) {
	t.Parallel()
	var m mailbox
	d := &bot.Dispatcher{Handle: m.handle, Waiting: m.keys, Log: silent()}
	m.add("a", 3)
	m.add("b", 1)
	d.Hint("b")
	d.Hint("b")
	if err := d.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"b", "a", "a", "a"}, m.handled); diff != "" {
		t.Errorf("handled, hinted first (-want +got):\n%s", diff)
	}
}

func TestDispatcherDrainTellsErrorsAndGoesOn(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	m := mailbox{fail: map[string]error{"a": wrong}}
	m.add("a", 2)
	m.add("b", 1)
	d := &bot.Dispatcher{Handle: m.handle, Waiting: m.keys, Log: silent()}
	if err := d.Drain(t.Context()); !errors.Is(err, wrong) {
		t.Errorf("Drain: %v", err)
	}
	if len(m.handled) != 3 {
		t.Errorf("handled %v", m.handled)
	}
}

func TestDispatcherDrainEndsWhenStuck(t *testing.T) {
	t.Parallel()
	d := &bot.Dispatcher{
		Handle:  func(context.Context, string) (bool, error) { return false, nil },
		Waiting: func(context.Context) ([]string, error) { return []string{"a"}, nil },
		Log:     silent(),
	}
	if err := d.Drain(t.Context()); err == nil {
		t.Error("a conversation that never ends was drained")
	}
}

func TestDispatcherRunHandlesAllWithOneWorkerAKey(t *testing.T) {
	t.Parallel()
	var m mailbox
	ctx, cancel := context.WithCancel(t.Context())
	var left atomic.Int64
	const keys, each = 20, 50
	left.Store(keys * each)
	d := &bot.Dispatcher{Waiting: m.keys, Workers: 8, Log: silent()}
	d.Handle = func(ctx context.Context, key string) (bool, error) {
		before := m.count(key)
		more, err := m.handle(ctx, key)
		if before != m.count(key) && left.Add(-1) == 0 {
			cancel()
		}
		return more, err
	}
	for i := range keys {
		m.add(fmt.Sprint(i), each)
	}
	var hinters sync.WaitGroup
	for range 4 {
		hinters.Go(func() {
			for i := range keys {
				d.Hint(fmt.Sprint(i))
			}
		})
	}
	if err := d.Run(ctx); err != nil {
		t.Fatal(err)
	}
	hinters.Wait()
	if m.overlap {
		t.Error("two workers had the same conversation")
	}
	if left.Load() != 0 {
		t.Errorf("%d messages left", left.Load())
	}
}

func (m *mailbox) count(key string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.waiting[key]
}

// A hint that comes while its conversation is being handled must not be lost:
// the message it tells of may have come after the last look.
func TestDispatcherKeepsAHintOfABusyKey(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	d := &bot.Dispatcher{Waiting: func(context.Context) ([]string, error) { return nil, nil }, Workers: 2, Log: silent()}
	d.Handle = func(context.Context, string) (bool, error) {
		if calls++; calls == 1 {
			d.Hint("a")
		} else {
			cancel()
		}
		return false, nil
	}
	d.Hint("a")
	if err := d.Run(ctx); err != nil || calls != 2 {
		t.Errorf("calls %d, %v", calls, err)
	}
}

// groups records what a dispatcher hands over together.
type groups struct {
	mailbox
	sizes []int
	twice bool
}

func (g *groups) handleAll(ctx context.Context, keys []string) []bot.Handled {
	seen := map[string]bool{}
	out := make([]bot.Handled, len(keys))
	for i, key := range keys {
		g.twice = g.twice || seen[key]
		seen[key] = true
		out[i].More, out[i].Err = g.handle(ctx, key)
	}
	g.sizes = append(g.sizes, len(keys))
	return out
}

// Who waits goes together, in the order of the hints; a second message of a
// conversation goes in a later group, and who comes alone waits for nobody.
func TestDispatcherHandsOverGroups(t *testing.T) {
	t.Parallel()
	g := groups{}
	g.fail = map[string]error{"3": errors.New("wrong")} // must not keep the others back
	ctx, cancel := context.WithCancel(t.Context())
	d := &bot.Dispatcher{Workers: 1, Most: 4, Log: silent()}
	d.Waiting = func(context.Context) ([]string, error) { return nil, nil }
	d.HandleAll = func(ctx context.Context, keys []string) []bot.Handled {
		out := g.handleAll(ctx, keys)
		switch {
		case len(keys) == 1 && keys[0] == "alone":
			cancel()
		case len(g.handled) == 10:
			g.add("alone", 1)
			d.Hint("alone")
		}
		return out
	}
	for i := range 6 {
		g.add(fmt.Sprint(i), 2)
		d.Hint(fmt.Sprint(i))
	}
	if err := d.Run(ctx); err != nil {
		t.Fatal(err)
	}
	want := []string{"0", "1", "2", "4", "5", "0", "1", "2", "4", "5", "alone"}
	if diff := cmp.Diff(want, g.handled); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{4, 4, 3, 1}, g.sizes); diff != "" || g.twice {
		t.Errorf("groups (-want +got), a conversation twice: %v\n%s", g.twice, diff)
	}
}
