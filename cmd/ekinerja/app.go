package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"ekinerja/bot"
	"ekinerja/bot/telegram"
	"ekinerja/bot/whatsapp"
	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/store"
	"ekinerja/store/embedded"
)

// app is the running service: every part named once, wired here and nowhere else.
//
//	Telegram ─▶ adapter ─▶ inbox ─▶ dispatcher ─▶ turns ─▶ outbox ─▶ sender ─▶ Telegram
//	                                   clock ─▶ jobs ──────▲
type app struct {
	s        settings
	log      *slog.Logger
	clock    *clock
	store    *store.Store
	redis    *store.Redis
	adapter  *telegram.Adapter
	inbox    bot.Inbox
	dispatch *bot.Dispatcher
	sender   *bot.Sender
	jobs     *jobs.Runner
	watch    *watch
	keeper   *store.Keeper
	wake     chan struct{}
	toasts   *toasts
	replica  replica
	meter    meter
	heard    heard
	hook     hookWatch
	closed   sync.Once
	whatsapp *second // nil: Telegram alone
}

// webhookPath is where Telegram posts updates, below the public address.
const webhookPath = "/telegram/webhook"

// parts are what an app is built on.
type parts struct {
	store *store.Store
	clock *clock
	// redis is an in-process one unless the configuration names a server.
	redis *embedded.Redis
	http  *http.Client // nil: the real network
	log   *slog.Logger
	meter meter
	// settle is how long after the start nobody is escalated: what people
	// answered meanwhile comes in first.
	settle time.Duration
	// whatsapp is the number beside Telegram; nil: none.
	whatsapp *whatsapp.Adapter
	// holder names this process among its replicas; empty: it is the only one.
	holder string
}

func newApp(s settings, p parts) (*app, error) {
	a := &app{s: s, log: p.log, clock: p.clock, store: p.store, meter: p.meter, wake: make(chan struct{}, 1)}
	if err := a.openRedis(p.redis); err != nil {
		return nil, err
	}
	adapter, err := telegram.New(telegram.Config{
		Token: s.token(), APIURL: s.TelegramAPIURL, WebhookSecret: bot.Secret(s.TelegramWebhookSecret),
		HTTP: p.http, Now: a.clock.Now, Sleep: a.clock.Sleep, MayPoll: a.mayPoll, Heard: func() { a.heard.note(a.clock.Now()) },
		Refused: p.meter.refused,
	}, p.log)
	if err != nil {
		return nil, fmt.Errorf("%w: EKINERJA_TELEGRAM_TOKEN: %w", errConfig, err)
	}
	a.adapter = adapter
	a.keeper = a.newKeeper()
	a.replica.holder = p.holder
	a.toasts = newToasts(a.answerTap, a.clock.Now, p.log)
	a.watch = &watch{store: p.store, now: a.clock.Now, log: p.log, ask: func(ctx context.Context) error {
		_, err := adapter.Me(ctx)
		if err == nil && s.TelegramMode == "webhook" { // at night nobody posts anything
			a.heard.note(a.clock.Now())
		}
		return err
	}}
	if p.holder != "" { // only among replicas is time the real one
		a.watch.compare, a.watch.setRight = s.clocksOf(p.clock, p.store).skew, p.clock.SetRight
	}
	a.dispatch = &bot.Dispatcher{Waiting: a.waiting, Workers: turnWorkers(), Most: 32, Log: p.log}
	a.inbox = countedInbox{&store.Inbox{Store: p.store.Hot(), Now: a.clock.Now, Hint: a.dispatch.Hint, Pace: s.humanPace()}, p.meter.received}
	turns := a.turns()
	a.dispatch.Handle, a.dispatch.HandleAll = a.handle(turns), a.handleAll(turns)
	a.sender = &bot.Sender{
		Outbox: &store.Outbox{Store: p.store.Hot(), Network: telegramOnly(p.whatsapp), Blobs: s.blobs}, Channel: adapter, Pacer: a.pacer(), Workers: s.sends(),
		Log: p.log, Now: a.clock.Now, Sleep: a.clock.Sleep, Observe: a.watch.counted(p.meter.sent),
		Waited: p.meter.waited,
	}
	if p.whatsapp != nil {
		a.addWhatsApp(p.whatsapp)
	}
	a.jobs = jobs.New(jobs.Deps{
		Store: store.Jobs{Store: p.store}, Words: s.words, Policy: s.policy, Rubrics: s.rubrics, Loc: s.loc, Log: p.log, Settle: p.settle,
		Observe: a.jobRan,
		Follow: func(ctx context.Context, mark string) (int, error) {
			done, err := turns.Follow(ctx, mark, s.words)
			return done.People, err
		},
	})
	return a, nil
}

// turnWorkers is how many groups of conversations are handled at a time. Fewer
// workers make larger groups, and a larger group costs each of its messages less:
// on two cores two of them take a sixth more messages than four, and answer sooner
// (docs/performance.md). One would let a slow statement stop everybody.
func turnWorkers() int { return max(2, runtime.GOMAXPROCS(0)/2) }

func (a *app) openRedis(inProcess *embedded.Redis) (err error) {
	cfg := store.RedisConfig{URL: a.s.RedisURL, Log: a.log}
	if cfg.URL == "" {
		if inProcess == nil {
			return nil
		}
		cfg.Dial = inProcess.Dial
	}
	if a.redis, err = store.OpenRedis(cfg); err != nil {
		return fmt.Errorf("%w: EKINERJA_REDIS_URL: %w", errConfig, err)
	}
	return nil
}

func (a *app) turns() *store.Turns {
	t := &store.Turns{
		Store: a.store.Hot(), Log: a.log, Now: a.clock.Now, Loc: a.s.loc,
		Handler: weighing{&conversations.Handler{Words: a.s.words, Flow: a.s.flow, City: a.s.City, Hours: a.s.policy.Hours, Review: a.s.policy.Reading, Help: a.s.policy.Blocker.Help, Offices: a.s.policy.OfficeRules()}, a.meter.reported},
		Policy:  a.s.storePolicy(),
		Scorer:  a.s.scorer(),
		Toast:   a.toasts.show, Wake: a.wakeSender, Hint: a.dispatch.Hint,
	}
	if a.redis != nil {
		t.Sessions = &store.Sessions{Redis: a.redis, Epoch: a.store.Epoch(), Observe: a.meter.session}
	}
	return t
}

func (a *app) handle(turns *store.Turns) func(context.Context, string) (bool, error) {
	return func(ctx context.Context, key string) (bool, error) {
		start := a.clock.Now()
		more, err := turns.Handle(ctx, key)
		if a.meter.handled != nil {
			a.meter.handled(a.clock.Now().Sub(start).Seconds(), err)
		}
		return more, err
	}
}

func (a *app) handleAll(turns *store.Turns) func(context.Context, []string) []bot.Handled {
	return func(ctx context.Context, keys []string) []bot.Handled {
		start := a.clock.Now()
		all := turns.HandleAll(ctx, keys)
		if a.meter.handled != nil {
			took := a.clock.Now().Sub(start).Seconds()
			for _, h := range all {
				a.meter.handled(took, h.Err)
			}
		}
		return all
	}
}

func (a *app) waiting(ctx context.Context) ([]string, error) {
	return a.store.Hot().Waiting(ctx, a.clock.Now(), 500)
}

func (a *app) wakeSender() {
	a.whatsapp.wakeUp()
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// Setup tells the network who we are: the command menu and how updates come.
func (a *app) Setup(ctx context.Context) error {
	for _, lang := range []string{"", "en"} {
		words := lang
		if words == "" {
			words = "id"
		}
		if err := a.adapter.SetCommands(ctx, lang, a.s.words.Menu(words)); err != nil {
			return err
		}
	}
	if a.s.TelegramMode == "webhook" {
		return a.adapter.SetWebhook(ctx, a.hookURL(), 20)
	}
	return nil
}

// Run works until ctx ends; in-flight sends and turns are finished.
func (a *app) Run(ctx context.Context) error {
	a.look(ctx) // what we slept through is known before anybody's words are judged
	g, ctx := errgroup.WithContext(ctx)
	if a.s.TelegramMode != "webhook" {
		g.Go(func() error { return a.poll(ctx) })
	}
	g.Go(func() error { return a.dispatch.Run(ctx) })
	g.Go(func() error { return a.toasts.run(ctx) })
	g.Go(func() error { return a.every(ctx, announceEvery, a.announce) })
	g.Go(func() error { return a.sender.Run(ctx, a.wake) })
	g.Go(func() error { return a.runWhatsApp(ctx) })
	g.Go(func() error { return a.every(ctx, 2*time.Second, a.tick) })
	g.Go(func() error { return a.every(ctx, 5*time.Second, a.sweep) })
	g.Go(func() error { return a.every(ctx, time.Second, a.keepForever) })
	g.Go(func() error { return a.every(ctx, time.Hour, a.sweepBlobs) })
	g.Go(func() error { return a.every(ctx, time.Minute, a.verify) })
	g.Go(func() error { return a.every(ctx, lookEvery, a.look) })
	return g.Wait()
}

// every calls f each d of the application's clock, but never more often than
// ten times a real second.
func (a *app) every(ctx context.Context, d time.Duration, f func(context.Context)) error {
	for ctx.Err() == nil {
		f(ctx)
		least := time.NewTimer(100 * time.Millisecond)
		_ = a.clock.Sleep(ctx, d) // it only fails with ctx, which ends the loop
		select {
		case <-ctx.Done():
		case <-least.C:
		}
		least.Stop()
	}
	return nil
}

func (a *app) tick(ctx context.Context) {
	did, err := a.jobs.Tick(ctx, a.clock.Now())
	if err != nil && ctx.Err() == nil {
		a.log.Error("jobs had failures", "error", err)
	}
	if len(did) > 0 {
		a.wakeSender()
	}
	a.weeklyBurden(ctx, did)
}

func (a *app) sweep(ctx context.Context) {
	if _, err := a.store.SweepOutbox(ctx, a.clock.Now()); err != nil && ctx.Err() == nil {
		a.log.Error("outbox not swept", "error", err)
	}
	if _, err := a.store.Seal(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("record not sealed", "error", err)
	}
}

// Pump does in the calling goroutine, until nothing is left to do now, what Run
// does with many: tests and headless runs know when the service is at rest. It
// returns how long until a message that had to wait may go, 0 for none. While the
// network is known to be away it takes nothing in, and waits for nothing.
func (a *app) Pump(ctx context.Context) (next time.Duration, err error) {
	for {
		n, err := a.adapter.PollOnce(ctx, a.inbox, 0)
		away := a.watch.failing.Load()
		if err != nil && !away {
			return 0, fmt.Errorf("take updates: %w", err)
		}
		if err := a.dispatch.Drain(ctx); err != nil {
			return 0, err
		}
		if err := a.keepEvidence(ctx); err != nil {
			return 0, err
		}
		sent, _, err := a.sender.Drain(ctx, a.clock.Now)
		if err != nil {
			return 0, err
		}
		beside, err := a.whatsapp.drain(ctx, a.clock)
		if err != nil {
			return 0, err
		}
		if away {
			return 0, nil
		}
		if n == 0 && sent == 0 && beside == 0 {
			return a.waits(ctx)
		}
	}
}

// waits is how long until the next pending message may go; at least a
// millisecond, so that a clock moved by it reaches the moment.
func (a *app) waits(ctx context.Context) (time.Duration, error) {
	at, ok, err := a.store.NextOutbox(ctx)
	if err != nil || !ok {
		return 0, err
	}
	return max(at.Sub(a.clock.Now()), time.Millisecond), nil
}

// Close lets go of what the app opened itself, once; the store is its owner's.
func (a *app) Close() {
	a.closed.Do(func() {
		if a.redis == nil {
			return
		}
		if err := a.redis.Close(); err != nil {
			a.log.Warn("redis not closed", "error", err)
		}
	})
}
