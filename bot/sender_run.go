package bot

import (
	"context"
	"time"
)

// Run sends until ctx ends: up to Workers at once, looking at the outbox when
// woken (wake may be nil, and is never closed), when a send has ended, and every
// Idle. At the end it lets the sends in
// flight finish (each bounded by Timeout) and settles them. It always returns nil.
//
// One goroutine claims and settles; the workers only send.
func (s *Sender) Run(ctx context.Context, wake <-chan struct{}) error {
	r := run{s: s, done: make(chan Settlement, s.workers())}
	for ctx.Err() == nil {
		r.claim(ctx)
		if len(r.ended) > 0 && !r.failed { // what may not go yet does not stay claimed
			r.settle(ctx)
		}
		r.wait(ctx, wake)
		r.settle(ctx)
	}
	for r.flying > 0 {
		r.land(<-r.done)
		r.drain()
	}
	r.settle(ctx)
	return nil
}

// run is the state of one Run; only its own goroutine touches it.
type run struct {
	s      *Sender
	done   chan Settlement
	flying int
	ended  []Settlement  // not settled yet
	failed bool          // the last settle failed
	pause  time.Duration // until the pacer lets anything go again, 0 if now
}

// mostPause is how long nothing is claimed after a message that may not go yet:
// no longer than others may have to wait for their turn.
const mostPause = 50 * time.Millisecond

// claim fills the free workers. While results cannot be settled it claims
// nothing: the database is ill.
func (r *run) claim(ctx context.Context) {
	r.pause = 0
	free := r.s.gate.limit(r.s.workers()) - r.flying
	if free <= 0 || r.failed || r.s.gate.wait(r.s.Now()) > 0 {
		return
	}
	pacer, foresees := r.s.Pacer.(Foreseer)
	if !foresees {
		for _, c := range r.take(ctx, free) {
			r.fly(ctx, c, r.s.hold())
		}
		return
	}
	for ; free > 0 && r.pause == 0; free-- {
		if wait, err := pacer.Next(ctx, r.s.Now()); wait > 0 || err != nil {
			r.pause = max(wait, time.Millisecond)
			r.s.waited("account", r.pause)
			return
		}
		claims := r.take(ctx, 1)
		if len(claims) == 0 {
			return
		}
		r.launch(ctx, claims[0])
	}
}

// take claims up to most messages.
func (r *run) take(ctx context.Context, most int) []Claimed {
	claims, err := r.s.Outbox.Claim(ctx, r.s.Now(), most)
	if err != nil && ctx.Err() == nil {
		r.s.Log.Warn("messages not claimed", "error", err)
	}
	return claims
}

// launch sends a claim that may go now, and puts back one that may not: its
// class or its chat has to wait, or the account began to rest.
func (r *run) launch(ctx context.Context, c Claimed) {
	wait, ok := r.s.mayGo(ctx, c, r.s.Now, 0)
	if !ok {
		r.ended = append(r.ended, putBack(c, r.s.Now().Add(wait)))
		r.pause = min(max(wait, time.Millisecond), mostPause)
		return
	}
	r.flying++
	go func() { r.done <- r.s.try(ctx, c, r.s.Now) }()
}

// fly sends a claim as soon as the pacer agrees.
func (r *run) fly(ctx context.Context, c Claimed, hold time.Duration) {
	r.flying++
	go func() { r.done <- r.s.put(ctx, c, r.s.Now, hold) }()
}

// wait blocks until there is something to do.
func (r *run) wait(ctx context.Context, wake <-chan struct{}) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	select {
	case res := <-r.done:
		r.land(res)
		r.drain()
	case <-wake:
	case <-r.after(ctx):
	}
}

// after fires when the outbox is worth another look, or ctx ends.
func (r *run) after(ctx context.Context) <-chan struct{} {
	d := r.s.idle()
	switch {
	case r.failed:
		d = settleRest
	case r.pause > 0:
		d = r.pause
	case r.flying == 0:
		d = max(d, r.s.gate.wait(r.s.Now()))
	}
	fired := make(chan struct{})
	go func() {
		defer close(fired)
		_ = r.s.sleep(ctx, d) // either way it is time to look
	}()
	return fired
}

func (r *run) land(res Settlement) {
	r.flying--
	r.ended = append(r.ended, res)
}

// drain takes what else has ended, so that it is settled in one go.
func (r *run) drain() {
	for {
		select {
		case res := <-r.done:
			r.land(res)
		default:
			return
		}
	}
}

// settle records what has ended, also during shutdown. What cannot be recorded
// is kept for the next time; the fence makes a second time harmless.
func (r *run) settle(ctx context.Context) {
	if err := r.s.record(ctx, r.s.Now(), r.ended); err != nil {
		r.failed = true
		r.s.Log.Warn("results kept for another try", "count", len(r.ended), "error", err)
		return
	}
	r.failed, r.ended = false, nil
}
