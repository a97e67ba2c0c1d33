package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
)

// balancer gives each update to a replica at random.
type balancer struct {
	rig *rig
	// copies is how many more times every update is posted, to any replica, up
	// to late later.
	copies int
	late   time.Duration
	// hurried takes the network's post at once and passes it on without waiting
	// for earlier ones: messages of one person travel side by side.
	hurried bool
	flying  atomic.Int64

	mu sync.Mutex // guards rig.lives and rig.addrs too
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		http.Error(w, "cut", http.StatusBadRequest)
		return
	}
	for range b.copies {
		b.later(body, rand.N(b.late))
	}
	if b.hurried {
		b.later(body, rand.N(20*time.Millisecond))
		return
	}
	if b.rig.points.at("before", "post of an update") || b.pass(q.Context(), body) != nil ||
		b.rig.points.at("after", "post of an update") { // stored, and posted again
		http.Error(w, "no replica", http.StatusServiceUnavailable)
	}
}

// later passes an update on until a replica has taken it, beginning after d.
func (b *balancer) later(body []byte, d time.Duration) {
	b.flying.Add(1)
	ctx := b.rig.t.Context()
	go func() {
		defer b.flying.Add(-1)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(d):
			}
			if b.pass(ctx, body) == nil {
				return
			}
			d = 100 * time.Millisecond
		}
	}()
}

// pass tries the replicas that live in a random order.
func (b *balancer) pass(ctx context.Context, body []byte) error {
	b.mu.Lock()
	var to []string
	for i, l := range b.rig.lives {
		if l != nil {
			to = append(to, b.rig.addrs[i])
		}
	}
	b.mu.Unlock()
	rand.Shuffle(len(to), func(i, j int) { to[i], to[j] = to[j], to[i] })
	err := errors.New("no replica lives")
	for _, addr := range to {
		if err = post(ctx, addr, body); err == nil {
			return nil
		}
	}
	return err
}

func post(ctx context.Context, addr string, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+webhookPath, bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("X-Telegram-Bot-Api-Secret-Token", chaosSecret)
	resp, err := http.DefaultClient.Do(q)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("replica answers %s", resp.Status)
	}
	return nil
}

// stopwatch measures how long people wait: from the first thing they did since
// our last message to our next one.
type stopwatch struct {
	mu     sync.Mutex
	since  map[int64]time.Time
	waits  []time.Duration
	healed time.Time     // the fault is over; zero when it is not, or the first answer came
	back   time.Duration // the longest from the end of a fault to the next message
}

func newStopwatch(t *testing.T, net *fakegram.Server) *stopwatch {
	t.Helper()
	w := &stopwatch{since: map[int64]time.Time{}}
	events, stop := net.Watch()
	t.Cleanup(stop)
	go func() {
		for e := range events {
			w.see(e, time.Now())
		}
	}()
	return w
}

func (w *stopwatch) see(e fakegram.Event, at time.Time) {
	if e.Kind != fakegram.EventMessage {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !e.Message.FromBot {
		if w.since[e.ChatID].IsZero() {
			w.since[e.ChatID] = at
		}
		return
	}
	if began := w.since[e.ChatID]; !began.IsZero() {
		w.waits = append(w.waits, at.Sub(began))
	}
	delete(w.since, e.ChatID)
	if !w.healed.IsZero() {
		w.back = max(w.back, at.Sub(w.healed))
		w.healed = time.Time{}
	}
}

// heals notes the end of a fault.
func (w *stopwatch) heals() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.healed = time.Now()
}

// again forgets what was measured so far.
func (w *stopwatch) again() {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.since)
	w.waits = nil
}

// quantile is the wait that a share of all does not exceed.
func (w *stopwatch) quantile(share float64) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.waits) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(w.waits))
	return s[min(int(share*float64(len(s))), len(s)-1)]
}
