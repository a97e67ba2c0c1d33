package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"ekinerja/store/embedded"
	"ekinerja/web"
)

// serveCmd serves a real bot.
type serveCmd struct {
	config
	Verbose bool `help:"Log more."`
}

// Run starts every part and works until it is told to stop.
func (c serveCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	if err := s.checkTelegram(); err != nil {
		return err
	}
	easeGarbage()
	stop, err := profile(c.Pprof)
	if err != nil {
		return err
	}
	defer stop()
	level := slog.LevelInfo
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := newLog(io.err, level)
	db, err := s.openDatabase(ctx, log, bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	if s.DatabaseURL == "" {
		log.Warn("the private postgres is for trying out; set EKINERJA_DATABASE_URL for real use", "data_dir", s.DataDir)
	}
	clk := newClock(s.ClockOffset + s.ClockWrong)
	metrics := web.NewMetrics()
	p := parts{store: db.Store, clock: clk, log: log, meter: meterOf(metrics), settle: 2 * time.Minute, holder: newHolder()}
	if s.RedisURL == "" {
		p.redis = embedded.StartRedis(clk.Now)
		defer p.redis.Close()
	}
	if s.whatsAppOn() {
		adapter, sessions, err := s.openWhatsApp(ctx, db.Store, clk, nil, log)
		if err != nil {
			return err
		}
		defer sessions.Close()
		p.whatsapp = adapter
	}
	a, err := newApp(s, p)
	if err != nil {
		return err
	}
	defer a.Close()
	a.watch.lookClock(ctx) // before anything is dated by it
	if err := a.keepFlow(ctx); err != nil {
		return err
	}
	return a.serve(ctx, metrics)
}

// serve runs the app and its HTTP server until ctx ends.
func (a *app) serve(ctx context.Context, metrics *web.Metrics) error {
	mux, err := a.routes(metrics)
	if err != nil {
		return err
	}
	srv := web.NewServer(a.s.Listen, mux)
	a.connect(metrics)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		a.log.Info("listening", "addr", a.s.Listen, "mode", a.s.TelegramMode)
		if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("listen on %s: %w", a.s.Listen, err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		// ctx is over; the server gets its own time to finish what it holds.
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		return srv.Shutdown(stop)
	})
	g.Go(func() error { return a.setupAndWatch(ctx) })
	g.Go(func() error { return a.serveMachines(ctx) })
	g.Go(func() error { return a.Run(ctx) })
	g.Go(func() error {
		return a.every(ctx, 15*time.Second, func(ctx context.Context) { a.measure(ctx, metrics) })
	})
	g.Go(func() error { return a.pingAlways(ctx) })
	err = g.Wait()
	a.log.Info("stopped")
	return err
}

// setupUntilDone tells the network who we are, however long it is away.
func (a *app) setupUntilDone(ctx context.Context) error {
	rest := time.Second
	for err := a.Setup(ctx); err != nil && ctx.Err() == nil; err = a.Setup(ctx) {
		a.log.Warn("network not told about our commands; trying again", "error", err)
		_ = a.clock.Sleep(ctx, rest) // it only fails with ctx, which ends the loop
		rest = min(2*rest, time.Minute)
	}
	return nil
}

func (a *app) routes(metrics *web.Metrics) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.Handle("/", web.Ops(web.OpsConfig{
		Ready:   func(ctx context.Context) error { return a.store.Ready(ctx, a.clock.Now()) },
		Updates: func() string { return cmp.Or(a.hook.wrong(), a.whatsapp.wrong()) },
		Metrics: metrics,
	}))
	if a.s.TelegramMode == "webhook" {
		hook, err := a.adapter.Handler(a.inbox)
		if err != nil {
			return nil, err
		}
		mux.Handle("POST "+webhookPath, hook)
	}
	return mux, nil
}
