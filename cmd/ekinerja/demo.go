package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"ekinerja/roster"
	"ekinerja/web"
	"ekinerja/web/demo"
)

// demoCmd shows everything with simulated phones.
type demoCmd struct {
	Listen  string   `default:"127.0.0.1:8080" help:"Address of the page."`
	DataDir string   `help:"Where the demo's Postgres lives (default: demo in the user's data directory; a script uses a new one)."`
	Script  string   `enum:",week" default:"" help:"week: play a working week without a browser and print what happened."`
	JSON    bool     `help:"With --script: print the closing table as JSON."`
	Date    string   `help:"First day, YYYY-MM-DD (default: today or the next working day; a script: the Monday of that week)."`
	Watch   []string `help:"With --script: whose transcripts to print." default:"sri,putri,bambang"`
	Verbose bool     `help:"Show the service's log."`
}

// Run shows the page, or plays the script.
func (c demoCmd) Run(ctx context.Context, io streams) error {
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := newLog(io.err, level)
	s, err := config{Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: c.Listen}.check()
	if err != nil {
		return err
	}
	day, err := c.firstDay(s)
	if err != nil {
		return err
	}
	if c.Script == "week" {
		return c.week(ctx, s, day.Monday(), log, io)
	}
	return c.page(ctx, s, day, log, io)
}

func (c demoCmd) firstDay(s settings) (roster.Day, error) {
	if c.Date != "" {
		return roster.ParseDay(c.Date)
	}
	cal := roster.NewCalendar(roster.Seed())
	day := roster.DayOf(newClock(0).Now().In(s.loc))
	if c.Script == "" && !cal.IsWorkday(roster.FiveDays, day) {
		day = cal.NextWorkday(roster.FiveDays, day)
	}
	return day, nil
}

// page runs the demo in the browser until it is stopped.
func (c demoCmd) page(ctx context.Context, s settings, day roster.Day, log *slog.Logger, io streams) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another with --listen", c.Listen, err)
	}
	s.DataDir = c.DataDir
	if s.DataDir == "" {
		s.DataDir = filepath.Join(defaultDataDir(), "demo")
	}
	db, err := s.openDatabase(ctx, log, bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer db.Close()
	start := day.At(roster.At24(14, 55), s.loc)
	if last, ok, err := db.LastMoment(ctx); err != nil {
		return errors.Join(err, listener.Close())
	} else if ok && last.After(start) {
		start = last
	}
	clk := newClock(0)
	clk.Set(start)
	w, err := newWorld(ctx, s, db.Store, clk, time.Now().Unix(), log)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer w.close()
	return c.show(ctx, w, listener, io)
}

// show serves the page over a running service.
func (c demoCmd) show(ctx context.Context, w *world, listener net.Listener, io streams) error {
	if err := w.linkGroup(ctx, w.actors[0].employee.OPD); err != nil {
		return err
	}
	if err := w.seedPlans(ctx); err != nil {
		return err
	}
	svc := &demoService{world: w}
	w.service = svc
	page, err := demo.New(w.demoConfig(svc))
	if err != nil {
		return err
	}
	srv := web.NewServer(c.Listen, page)
	g, ctx := errgroup.WithContext(ctx)
	if err := svc.Start(ctx); err != nil {
		return err
	}
	g.Go(func() error {
		if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		return errors.Join(svc.Kill(context.WithoutCancel(ctx)), srv.Close())
	})
	_, _ = fmt.Fprintf(io.out, "The demo is at http://%s — Ctrl-C stops it.\n", listener.Addr())
	return g.Wait()
}

// week plays a working week on a database of its own.
func (c demoCmd) week(ctx context.Context, s settings, monday roster.Day, log *slog.Logger, io streams) error {
	dir, err := os.MkdirTemp("", "ekinerja-week-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a new one each time
	s.DataDir = dir
	if c.DataDir != "" {
		s.DataDir = c.DataDir
	}
	db, err := s.openDatabase(ctx, log, bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	return playWeek(ctx, s, db.Store, monday, weekOptions{watch: c.Watch, json: c.JSON, log: log, io: io})
}

// demoService is the service under the page's fault buttons.
type demoService struct {
	world *world
	mu    sync.Mutex
	stop  context.CancelFunc
	done  chan struct{}
}

// Start runs a fresh service on the same database.
func (d *demoService) Start(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stop != nil {
		return nil
	}
	if d.done != nil {
		if err := d.world.startApp(ctx); err != nil {
			return err
		}
	}
	ctx, d.stop = context.WithCancel(context.WithoutCancel(ctx))
	d.done = make(chan struct{})
	go func(a *app, done chan struct{}) {
		defer close(done)
		if err := a.Run(ctx); err != nil {
			d.world.log.Error("service ended", "error", err)
		}
	}(d.world.app, d.done)
	return nil
}

// Kill ends the service at once: what it had not committed is gone, as when the
// process is killed.
func (d *demoService) Kill(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stop != nil {
		d.stop()
		<-d.done
		d.world.app.Close()
	}
	d.stop = nil
	return nil
}

// Running reports whether the service runs.
func (d *demoService) Running() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stop != nil
}

// FlushRedis empties the live state.
func (d *demoService) FlushRedis(context.Context) error {
	d.world.redis.Flush()
	return nil
}
