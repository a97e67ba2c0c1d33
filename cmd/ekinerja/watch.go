package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"ekinerja/bot"
	"ekinerja/store"
)

const (
	// lookEvery is how often everything that people depend on is tried.
	lookEvery = 30 * time.Second
	// asleep is how long our own heartbeat must have been missing at a start to
	// count as an outage: a restart is none.
	asleep = 2 * time.Minute
	// lookPatience bounds one try.
	lookPatience = 10 * time.Second
)

// watch measures by real round trips whether people can reach us, and writes
// into the ledger of outages when they could not:
//
//	look ─▶ our clock and the database server's differ? ─▶ ours is set right
//	 │
//	 └────▶ database takes our heartbeat? ─ no ─▶ remembered here until it does
//	             │ yes
//	             ├─ first look, and the last heartbeat is old ─▶ "self" was away
//	             ├─ it did not a while ago ─▶ "postgres" was away
//	             ▼
//	        Telegram answers, or took a message just now? ─ yes ─▶ its outage ends
//	             │ no
//	             └─ and nobody has reached it for a minute ─▶ its outage begins
type watch struct {
	store *store.Store
	// ask is one round trip to the network.
	ask func(ctx context.Context) error
	now func() time.Time
	log *slog.Logger

	// compare, when set, is how far our clock is ahead of the database server's,
	// and setRight puts it forward.
	compare  func(ctx context.Context) (skew, error)
	setRight func(d time.Duration)

	ahead   atomic.Int64 // nanoseconds of the machine's last skew
	heard   atomic.Int64 // Unix nanoseconds of the last message the network took
	failing atomic.Bool  // the network did not answer the last look

	mu   sync.Mutex
	beat time.Time // last heartbeat that was stored, zero before the first
	down time.Time // since when the database is away, zero when it is not
}

// sent notes that the network took a message.
func (w *watch) sent() { w.heard.Store(w.now().UnixNano()) }

// look tries everything once. What it finds is logged, and it never fails: the
// next look finds the same again.
func (w *watch) look(ctx context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lookClock(ctx)
	alive := w.lookDatabase(ctx)
	answers := w.lookNetwork(ctx)
	if ctx.Err() != nil {
		return
	}
	if w.failing.Swap(!answers) == answers {
		w.log.Info("network looked at", "network", store.ReachTelegram, "answers", answers)
	}
	if !alive {
		return // what the ledger misses now is in the database's own outage
	}
	heard := w.now().Sub(time.Unix(0, w.heard.Load())) < lookEvery
	if err := w.note(ctx, answers || heard); err != nil && ctx.Err() == nil {
		w.log.Warn("reach not noted", "network", store.ReachTelegram, "error", err)
	}
}

func (w *watch) note(ctx context.Context, works bool) error {
	if works {
		ended, err := w.store.Reached(ctx, store.ReachTelegram, w.now())
		if ended {
			w.log.Warn("outage is over", "channel", store.ReachTelegram)
		}
		return err
	}
	began, err := w.store.Lost(ctx, store.ReachTelegram, w.now())
	if began {
		w.log.Warn("outage began", "channel", store.ReachTelegram)
	}
	return err
}

// lookNetwork asks the network who we are. An answer that refuses us is an
// outage as well: people cannot report. One that tells us to wait is none.
func (w *watch) lookNetwork(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	err := w.ask(ctx)
	return err == nil || bot.OutcomeOf(err).Outcome == bot.Throttled
}

// lookDatabase stores our heartbeat, and the outages that it proves.
func (w *watch) lookDatabase(ctx context.Context) bool {
	now, first := w.now(), time.Duration(0)
	if w.beat.IsZero() {
		first = asleep
	}
	trying, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	away, err := w.store.Beat(trying, now, first)
	if err == nil && !w.down.IsZero() && now.Sub(w.down) > asleep {
		_, err = w.store.AddOutage(trying, store.Outage{Channel: store.ReachPostgres, From: w.down, To: now})
	}
	if err != nil {
		w.missed(ctx, now, err)
		return false
	}
	if away > 0 {
		w.log.Warn("outage is over", "channel", store.ReachSelf, "seconds", away.Seconds())
	}
	if !w.down.IsZero() {
		w.log.Warn("outage is over", "channel", store.ReachPostgres, "seconds", now.Sub(w.down).Seconds())
	}
	w.beat, w.down = now, time.Time{}
	return true
}

// missed remembers since when the database is away.
func (w *watch) missed(ctx context.Context, now time.Time, err error) {
	if ctx.Err() != nil || !w.down.IsZero() {
		return
	}
	if w.down = w.beat; w.down.IsZero() {
		w.down = now
	}
	w.log.Warn("database does not take writes", "error", err)
}

// look tries everything that people depend on, and moves deadlines at once
// where something was away: before anybody's words are called late.
func (a *app) look(ctx context.Context) {
	a.watch.look(ctx)
	if err := a.jobs.Credit(ctx, a.clock.Now()); err != nil && ctx.Err() == nil {
		a.log.Error("outages not credited", "error", err)
	}
}

// counted makes the watch hear of messages that went out, beside the metrics.
func (w *watch) counted(next func(outcome, class string, seconds float64)) func(string, string, float64) {
	return func(outcome, class string, seconds float64) {
		if outcome == string(bot.SettledSent) {
			w.sent()
		}
		if next != nil {
			next(outcome, class, seconds)
		}
	}
}
