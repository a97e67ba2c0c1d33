package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ekinerja/bot"
)

func TestToastsAtOnceWhileNobodyRuns(t *testing.T) {
	t.Parallel()
	var got []string
	q := newToasts(func(_ context.Context, m bot.MsgOut) error { got = append(got, m.Callback+m.Text); return nil },
		time.Now, slog.New(slog.DiscardHandler))
	q.show(t.Context(), "1", "Tersimpan")
	if len(got) != 1 || got[0] != "1Tersimpan" {
		t.Errorf("answered %v", got)
	}
}

// TestToastsNeverHoldATurn: with a network that does not answer, showing ten
// times what fits returns at once, and the rest is counted.
func TestToastsNeverHoldATurn(t *testing.T) {
	t.Parallel()
	free, began := make(chan struct{}), make(chan struct{}, toastWorkers)
	var sent atomic.Int64
	q := newToasts(func(context.Context, bot.MsgOut) error {
		if sent.Add(1) <= toastWorkers {
			began <- struct{}{}
		}
		<-free
		return nil
	}, time.Now, slog.New(slog.DiscardHandler))
	ctx, end := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { _ = q.run(ctx) })
	for range toastWorkers { // until the workers are stuck, one after the other
		for !q.running.Load() {
			<-time.After(time.Millisecond)
		}
		q.show(t.Context(), "id", "")
		<-began
	}
	for range 10 * toastQueue {
		q.show(t.Context(), "id", "")
	}
	if n := q.dropped.Load(); n != 9*toastQueue {
		t.Errorf("%d dropped, want %d", n, 9*toastQueue)
	}
	end()
	close(free)
	run.Wait()
	if n := sent.Load(); n != toastWorkers+toastQueue {
		t.Errorf("%d answered, want all that were queued: %d", n, toastWorkers+toastQueue)
	}
}

func TestOldToastsAreDropped(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	clk := stoppedClock(time.Unix(0, 0))
	q := newToasts(func(context.Context, bot.MsgOut) error { sent.Add(1); return nil }, clk.Now, slog.New(slog.DiscardHandler))
	q.queue <- toast{at: clk.Now()}
	clk.Set(clk.Now().Add(toastLife + 1))
	q.queue <- toast{at: clk.Now()}
	ctx, end := context.WithCancel(t.Context())
	end()
	_ = q.run(ctx)
	if sent.Load() != 1 || q.dropped.Load() != 1 {
		t.Errorf("%d answered, %d dropped; want one each", sent.Load(), q.dropped.Load())
	}
}
