package bot

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"
)

// Defaults of a Sender.
const (
	defaultWorkers  = 16
	defaultTimeout  = 15 * time.Second
	defaultIdle     = time.Second
	defaultHold     = 2 * time.Second
	defaultMaxTries = 50
	firstBackoff    = 2 * time.Second
	longestBackoff  = 5 * time.Minute
	settleTimeout   = 5 * time.Second
	settleRest      = time.Second // after a settle went wrong
)

// Sender carries outbox rows to a channel: one try a claim, at most one message
// in flight a chat (the outbox sees to that), never faster than the pacer says.
//
//	              ┌────────── wait ≤ Hold: in process ◀─┐
//	              ▼                                     │
//	claimed ─▶ ask pacer ─▶ free ─▶ Channel.Send ─┬─ ok ─────────▶ sent
//	              │                               ├─ Retry ──────▶ pending, backed off; failed after MaxTries
//	              │                               ├─ Throttled ──▶ pending, untried; the account rests
//	              │                               ├─ Moved ──────▶ pending at the new address
//	              │                               ├─ Unclear ────▶ unclear (also: a panic, an unknown error)
//	              │                               └─ Blocked, Final ▶ failed
//	              └─ wait > Hold, or shutdown ▶ pending, untried
//
// With a pacer that is a [Foreseer], [Sender.Run] claims a message only when one
// may go, and puts back at once what its class or its chat holds up: what is
// claimed when the process dies may have been sent, so it should be little.
//
// A Sender never repeats an unclear send: it cannot know, the outbox can learn.
// When the network looks ill it goes on with one message at a time, after
// growing rests, so that an outage spoils few rows.
//
// Fill the exported fields before the first use and leave them alone after.
type Sender struct {
	Outbox  Outbox
	Channel Channel
	Pacer   Pacer // nil: no limit
	Log     *slog.Logger
	Now     func() time.Time // the application's clock, for Run
	// Sleep waits for d of the application's clock; nil waits in real time.
	Sleep func(ctx context.Context, d time.Duration) error
	// Observe, when set, sees every try: its outcome ("sent" or an [Outcome]),
	// its class and the seconds of the application's clock it took.
	Observe func(outcome, class string, seconds float64)
	// Waited, when set, sees every wait that the pacer imposes: the class of the
	// message that waits, "account" before one is chosen, and its length in seconds.
	Waited func(class string, seconds float64)

	Workers  int           // sends in flight, 16
	Timeout  time.Duration // of one send, in real time, 15 s
	Idle     time.Duration // between looks at an empty outbox without a wake-up, 1 s
	Hold     time.Duration // longest wait for a pacer without foresight with a claim in hand, 2 s
	MaxTries int           // tries that end Retry before the row fails, 50
	// Jitter spreads back-offs; in [0,1). Nil is random.
	Jitter func() float64

	gate gate
}

// Drain claims and sends, one at a time in the outbox's order, until nothing
// can be sent now. next is how long until something that had to wait may go,
// 0 if nothing had to. The error is the outbox's; what was sent stays counted.
// It never sleeps: tests and headless runs move the clock themselves.
func (s *Sender) Drain(ctx context.Context, now func() time.Time) (sent int, next time.Duration, err error) {
	for ctx.Err() == nil {
		if rest := s.gate.wait(now()); rest > 0 {
			return sent, rest, nil
		}
		claims, err := s.Outbox.Claim(ctx, now(), s.gate.limit(s.workers()))
		if err != nil {
			return sent, 0, fmt.Errorf("claim messages: %w", err)
		}
		done := make([]Settlement, len(claims))
		before := sent
		for i, c := range claims {
			done[i] = s.put(ctx, c, now, 0)
			switch done[i].State {
			case SettledSent:
				sent++
			case SettledPending:
				next = sooner(next, done[i].NotBefore.Sub(now()))
			case SettledUnclear, SettledFailed: // nothing to wait for
			}
		}
		if err := s.record(ctx, now(), done); err != nil {
			return sent, 0, err
		}
		if sent == before { // a whole batch of which nothing could go
			return sent, next, nil
		}
	}
	return sent, next, nil
}

// sooner is the shorter of two waits, of which 0 means none; a wait that is
// already over counts as the shortest there is.
func sooner(a, b time.Duration) time.Duration {
	b = max(b, 1)
	if a == 0 {
		return b
	}
	return min(a, b)
}

// record settles, also during shutdown.
func (s *Sender) record(ctx context.Context, now time.Time, done []Settlement) error {
	if len(done) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := s.Outbox.Settle(ctx, now, done); err != nil {
		return fmt.Errorf("settle messages: %w", err)
	}
	return nil
}

// put carries one claim to its settlement, waiting at most hold for the pacer.
func (s *Sender) put(ctx context.Context, c Claimed, now func() time.Time, hold time.Duration) Settlement {
	if wait, ok := s.mayGo(ctx, c, now, hold); !ok {
		return putBack(c, now().Add(wait))
	}
	return s.try(ctx, c, now)
}

// putBack settles a claim that was not tried.
func putBack(c Claimed, notBefore time.Time) Settlement {
	return Settlement{
		ID: c.ID, Attempt: c.Attempt, To: c.Msg.To, State: SettledPending, NotBefore: notBefore, Untried: true,
	}
}

// try carries one claim that may go to its settlement.
func (s *Sender) try(ctx context.Context, c Claimed, now func() time.Time) Settlement {
	start := now()
	id, err := s.send(ctx, c)
	r := s.settle(ctx, c, now(), id, err)
	s.observe(c, r, now().Sub(start))
	return r
}

// mayGo asks the pacer until it agrees, the patience is used up (wait says what
// is left then) or ctx ends. While the account rests nothing is held: after the
// rest not all may go at once. Answers to taps are not paced: they are no
// messages, and late they are worth nothing.
func (s *Sender) mayGo(ctx context.Context, c Claimed, now func() time.Time, hold time.Duration) (wait time.Duration, ok bool) {
	for {
		if wait = s.gate.wait(now()); wait > 0 {
			return wait, false
		}
		if s.Pacer == nil || c.Msg.Callback != "" {
			return 0, true
		}
		wait, err := s.Pacer.Take(ctx, now(), c.Msg.To, c.Priority)
		if err != nil {
			s.logOf(c).Warn("pacer gives no answer, message waits", "error", err)
			return s.hold(), false
		}
		if wait <= 0 {
			return 0, true
		}
		s.waited(c.Priority.String(), wait)
		if wait > hold || s.sleep(ctx, wait) != nil {
			return wait, false
		}
		hold -= wait
	}
}

// send tries once. Shutdown does not cut it: a cut send would be unclear.
func (s *Sender) send(ctx context.Context, c Claimed) (id string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timeout())
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			// The value may quote a message; its type and the stack cannot.
			s.logOf(c).Error("send panicked", "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			id, err = "", fmt.Errorf("send panicked: %T", p)
		}
	}()
	return s.Channel.Send(ctx, c.Msg)
}

// settle turns the result of a try into the row's next state.
func (s *Sender) settle(ctx context.Context, c Claimed, now time.Time, id string, err error) Settlement {
	r := Settlement{ID: c.ID, Attempt: c.Attempt, To: c.Msg.To}
	if err == nil {
		s.gate.well()
		r.State, r.MessageID = SettledSent, id
		s.logOf(c).Debug("message sent", "attempt", c.Attempt, "class", c.Priority.String(), "message_id", id)
		return r
	}
	se := OutcomeOf(err)
	r.Outcome, r.Code = se.Outcome, se.Code
	if se.RetryAfter > 0 {
		s.rest(ctx, Rest{From: now, Until: now.Add(se.RetryAfter + time.Second)})
	}
	if se.Outcome == Retry || se.Outcome == Unclear {
		s.gate.ill(now)
	} else {
		s.gate.well()
	}
	s.decide(&r, c, now, se)
	s.logOf(c).Info("message not sent", "attempt", c.Attempt, "state", r.State,
		"outcome", r.Outcome, "code", r.Code, "error", se.Err)
	return r
}

func (s *Sender) decide(r *Settlement, c Claimed, now time.Time, se *SendError) {
	tries := c.Attempt - c.Untried
	switch se.Outcome {
	case Throttled:
		r.State, r.NotBefore, r.Untried = SettledPending, now.Add(se.RetryAfter+time.Second), true
	case Retry:
		r.State, r.NotBefore = SettledPending, now.Add(s.backoff(tries))
	case Moved:
		r.State, r.NotBefore, r.MovedTo = SettledPending, now, se.MovedTo
	case Blocked, Final:
		r.State = SettledFailed
	default:
		r.State = SettledUnclear
	}
	if r.State == SettledPending && !r.Untried && tries >= s.maxTries() {
		r.State, r.NotBefore = SettledFailed, time.Time{}
	}
}

// rest stops the whole account, here and for everybody who shares the pacer.
func (s *Sender) rest(ctx context.Context, r Rest) {
	s.gate.rest(r)
	s.Log.Warn("network asks for rest", "until", r.Until)
	p, ok := s.Pacer.(Pauser)
	if !ok {
		return
	}
	if err := p.Pause(context.WithoutCancel(ctx), r); err != nil {
		s.Log.Warn("pacer not told to rest", "error", err)
	}
}

// backoff is 2 s, 4 s, … 5 min, less up to a half.
func (s *Sender) backoff(tries int) time.Duration {
	d := min(firstBackoff<<min(max(tries-1, 0), 10), longestBackoff)
	jitter := s.Jitter
	if jitter == nil {
		jitter = rand.Float64
	}
	return d - time.Duration(jitter()*float64(d)/2)
}

func (s *Sender) sleep(ctx context.Context, d time.Duration) error {
	if s.Sleep != nil {
		return s.Sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func (s *Sender) workers() int           { return or(s.Workers, defaultWorkers) }
func (s *Sender) timeout() time.Duration { return or(s.Timeout, defaultTimeout) }
func (s *Sender) idle() time.Duration    { return or(s.Idle, defaultIdle) }
func (s *Sender) hold() time.Duration    { return or(s.Hold, defaultHold) }
func (s *Sender) maxTries() int          { return or(s.MaxTries, defaultMaxTries) }

func or[T int | time.Duration](v, byDefault T) T {
	if v > 0 {
		return v
	}
	return byDefault
}
