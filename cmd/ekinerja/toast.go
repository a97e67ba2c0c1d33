package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"ekinerja/bot"
)

const (
	toastWorkers = 8
	toastQueue   = 1000
	// toastLife is how long an answer to a tap is worth something: after about
	// so long Telegram takes none.
	toastLife = 15 * time.Second
	// sayToasts is after how many dropped toasts the log tells (again).
	sayToasts = 1000
)

// toasts answers taps beside the turns, so that a slow network does not hold
// those who work on what people say. While nobody runs it, it answers at once.
//
// A lost toast costs nothing, the effect of the tap is committed: what does not
// fit, or waited too long, is dropped and counted.
type toasts struct {
	send  func(ctx context.Context, m bot.MsgOut) error
	now   func() time.Time
	log   *slog.Logger
	queue chan toast

	running atomic.Bool
	dropped atomic.Int64
}

type toast struct {
	msg bot.MsgOut
	at  time.Time
}

func newToasts(send func(ctx context.Context, m bot.MsgOut) error, now func() time.Time, log *slog.Logger) *toasts {
	return &toasts{send: send, now: now, log: log, queue: make(chan toast, toastQueue)}
}

// show answers a tap, now or soon. It never waits while the workers run.
func (t *toasts) show(ctx context.Context, callbackID, text string) {
	m := bot.MsgOut{Callback: callbackID, Text: text}
	if !t.running.Load() {
		t.answer(ctx, m)
		return
	}
	select {
	case t.queue <- toast{m, t.now()}:
	default:
		t.drop()
	}
}

// run answers until ctx ends, and then what is still queued.
func (t *toasts) run(ctx context.Context) error {
	t.running.Store(true)
	defer t.running.Store(false)
	var workers sync.WaitGroup
	for range toastWorkers {
		workers.Go(func() { t.work(ctx) })
	}
	workers.Wait()
	return nil
}

func (t *toasts) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			select {
			case next := <-t.queue:
				t.late(ctx, next)
			default:
				return
			}
		case next := <-t.queue:
			t.late(ctx, next)
		}
	}
}

// late answers what came through the queue, if it is not too late.
func (t *toasts) late(ctx context.Context, next toast) {
	if t.now().Sub(next.at) > toastLife {
		t.drop()
		return
	}
	t.answer(context.WithoutCancel(ctx), next.msg) // the channel bounds each send
}

func (t *toasts) answer(ctx context.Context, m bot.MsgOut) {
	if err := t.send(ctx, m); err != nil {
		t.log.Debug("tap not answered", "error", err)
	}
}

func (t *toasts) drop() {
	if n := t.dropped.Add(1); n%sayToasts == 1 {
		t.log.Warn("taps not answered, the network is too slow", "dropped", n)
	}
}
