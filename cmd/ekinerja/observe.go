package main

import (
	"context"
	"sync/atomic"
	"time"

	"ekinerja/bot"
	"ekinerja/jobs"
	"ekinerja/store"
	"ekinerja/web"
)

// meter hears what happened, for metrics; the zero value hears nothing.
type meter struct {
	received func(kind string)
	refused  func()
	handled  func(seconds float64, err error)
	session  func(hit bool)
	reported func(messages, taps, seconds int)
	sent     func(outcome, class string, seconds float64)
	waited   func(class string, seconds float64)
	ran      func(job string, did bool, late float64, err error)
}

func meterOf(m *web.Metrics) meter {
	return meter{
		received: m.Received, refused: m.Refused, handled: m.Handled, session: m.Session, sent: m.Sent, waited: m.Waited, ran: m.Ran, reported: m.Reported,
	}
}

// jobRan tells the meter of a job's run.
func (a *app) jobRan(job string, r jobs.Result, err error) {
	if a.meter.ran == nil {
		return
	}
	late := -1.0
	if !r.Hour.IsZero() {
		late = a.clock.Now().Sub(r.Hour).Seconds()
	}
	a.meter.ran(job, r.Did, late, err)
}

// countedInbox counts what was taken in.
type countedInbox struct {
	bot.Inbox
	received func(kind string)
}

// Receive implements [bot.Inbox].
func (c countedInbox) Receive(ctx context.Context, account string, in []bot.Received) error {
	err := c.Inbox.Receive(ctx, account, in)
	if err != nil || c.received == nil {
		return err
	}
	for _, r := range in {
		c.received(string(r.Msg.Kind))
	}
	return nil
}

// heard is when updates were last known to reach us; safe for concurrent use.
type heard struct{ at atomic.Int64 }

func (h *heard) note(now time.Time) { h.at.Store(now.UnixNano()) }

// last is zero before the first note.
func (h *heard) last() time.Time {
	if n := h.at.Load(); n != 0 {
		return time.Unix(0, n)
	}
	return time.Time{}
}

// connect hands the metrics what is asked for at every scrape, and the names of
// what has not happened yet.
func (a *app) connect(m *web.Metrics) {
	m.Jobs(a.jobs.Names())
	m.Pool(func() web.PoolState {
		p := a.store.Pool()
		return web.PoolState{Acquired: p.Acquired, Idle: p.Idle, Most: p.Most, Waits: p.Waits, Waited: p.Waited}
	})
}

// measure looks how the service stands. What cannot be read now keeps its last
// figure: that the database is away is a figure of its own.
func (a *app) measure(ctx context.Context, m *web.Metrics) {
	ctx, cancel := context.WithTimeout(ctx, measurePatience)
	defer cancel()
	s := web.State{
		Heard: a.heard.last(), Redis: a.redis != nil && a.redis.Ping(ctx) == nil, Elsewhere: a.hook.wrong() == postedElsewhere,
		Ahead: time.Duration(a.watch.ahead.Load()),
	}
	err := a.readQueues(ctx, &s)
	if s.Ready = err == nil; !s.Ready {
		a.log.Warn("queues not measured", "error", err)
	}
	m.Now(s)
}

// measurePatience bounds one look.
const measurePatience = 10 * time.Second

func (a *app) readQueues(ctx context.Context, s *web.State) error {
	now := a.clock.Now()
	if err := a.store.Ready(ctx, now); err != nil {
		return err
	}
	c, err := a.store.Metrics(ctx, now)
	if err != nil {
		return err
	}
	s.InboxOldest, s.Outbox = c.InboxOldest, c.Outbox
	s.Inbox = map[string]int64{"new": c.InboxNew, "quarantined": c.InboxQuarantined}
	pressure, err := a.store.Pressure(ctx, now)
	if err != nil {
		return err
	}
	s.Pressure = map[string]int64{"enrolment": pressure.Refused, "pace": pressure.Floods}
	if s.Overdue, err = a.store.Overdue(ctx, now, a.s.policy.LastAsk); err != nil {
		return err
	}
	return a.readVerified(ctx, s)
}

// readVerified reads what the last nightly look found, whichever replica took it.
func (a *app) readVerified(ctx context.Context, s *web.State) error {
	v, err := a.store.LastVerified(ctx)
	if err != nil {
		return err
	}
	s.Verified, s.Broken = v.At, map[string]int64{}
	for _, i := range store.Invariants() {
		s.Broken[i.ID] = int64(v.Found[i.ID])
	}
	return nil
}

// verify looks for broken promises when it is time.
func (a *app) verify(ctx context.Context) {
	did, err := a.jobs.Verify(ctx, a.clock.Now())
	if err != nil && ctx.Err() == nil {
		a.log.Error("promises not looked at", "error", err)
	}
	if did.Did {
		a.wakeSender()
	}
}
