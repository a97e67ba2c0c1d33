package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"ekinerja/bot/telegram"
	"ekinerja/migrations"
	"ekinerja/roster"
	"ekinerja/store"
)

// doctorCmd says in plain words what is wrong.
type doctorCmd struct{ config }

// examination collects findings; bad ones make the command fail.
type examination struct {
	out io.Writer
	bad int
}

func (e *examination) good(format string, args ...any) {
	_, _ = fmt.Fprintf(e.out, "ok    "+format+"\n", args...)
}

func (e *examination) note(format string, args ...any) {
	_, _ = fmt.Fprintf(e.out, "note  "+format+"\n", args...)
}

func (e *examination) wrong(format string, args ...any) {
	e.bad++
	_, _ = fmt.Fprintf(e.out, "WRONG "+format+"\n", args...)
}

// Run examines configuration, connections, clock, people and queues.
func (c doctorCmd) Run(ctx context.Context, io streams) error {
	e := &examination{out: io.out}
	s, err := c.check()
	if err != nil {
		e.wrong("%v", err)
		return e.verdict()
	}
	e.good("configuration is readable; time zone %s, asked before the end of work: %s", s.Timezone, s.policy.Hours.AskBeforeEnd)
	e.calendar(s)
	e.telegram(ctx, s)
	e.database(ctx, s, io)
	return e.verdict()
}

func (e *examination) verdict() error {
	if e.bad == 0 {
		_, _ = fmt.Fprintln(e.out, "nothing is wrong")
		return nil
	}
	return fmt.Errorf("%d things are wrong; see above", e.bad)
}

func (e *examination) calendar(s settings) {
	now := newClock(s.ClockOffset).Now().In(s.loc)
	cal := roster.NewCalendar(roster.Seed())
	if !cal.HasYear(now.Year()) {
		e.note("the built-in calendar has no holidays for %d; import them: ekinerja calendar import FILE", now.Year())
	}
	if now.Month() >= time.October && !cal.HasYear(now.Year()+1) {
		e.note("no holidays for %d yet; import the SKB when it is out", now.Year()+1)
	}
}

func (e *examination) telegram(ctx context.Context, s settings) {
	if err := s.checkTelegram(); err != nil {
		e.wrong("Telegram: %v", err)
		return
	}
	a, err := telegram.New(telegram.Config{Token: s.token(), APIURL: s.TelegramAPIURL, Now: time.Now}, slog.New(slog.DiscardHandler))
	if err != nil {
		e.wrong("Telegram: %v", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	name, err := a.Me(ctx)
	if err != nil {
		e.wrong("Telegram cannot be reached: %v; check the token and the way out to %s", err, s.TelegramAPIURL)
		return
	}
	e.good("Telegram knows the bot as @%s; updates come by %s", name, s.TelegramMode)
}

func (e *examination) database(ctx context.Context, s settings, io streams) {
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelError), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		e.wrong("Postgres: %v", err)
		return
	}
	defer db.Close()
	now := newClock(s.ClockOffset).Now()
	if err := db.Ready(ctx, now); err != nil {
		e.wrong("Postgres does not take writes: %v", err)
		return
	}
	version, err := migrations.Version(ctx, db.url)
	if err != nil {
		e.wrong("Postgres: %v", err)
		return
	}
	e.good("Postgres takes writes; schema version %d", version)
	if s.DatabaseURL == "" {
		e.note("this is the private Postgres in %s, for trying out; set EKINERJA_DATABASE_URL for real use", s.DataDir)
	}
	e.clock(ctx, db.Store, s)
	e.redis(ctx, s)
	e.people(ctx, db.Store, roster.DayOf(now.In(s.loc)))
	e.queues(ctx, db.Store, now)
	e.evidence(ctx, db.Store, s)
	e.burden(ctx, db.Store, roster.DayOf(now.In(s.loc)))
	e.promises(ctx, db.Store, s, now)
}

func (e *examination) clock(ctx context.Context, db *store.Store, s settings) {
	found, err := s.clocksOf(newClock(s.ClockOffset+s.ClockWrong), db).skew(ctx)
	skew := found.machine
	switch {
	case err != nil:
		e.wrong("clocks cannot be compared: %v", err)
	case skew > mostSkew:
		e.wrong("this machine's clock is %s ahead of the database server's; keep both right with systemd-timesyncd or chrony", skew.Round(time.Second))
	case skew < -mostSkew:
		e.wrong("this machine's clock is %s behind the database server's; keep both right with systemd-timesyncd or chrony", -skew.Round(time.Second))
	default:
		e.good("the clocks of this machine and of the database server agree")
	}
}

func (e *examination) redis(ctx context.Context, s settings) {
	if s.RedisURL == "" {
		e.note("no EKINERJA_REDIS_URL: live state is kept in each process, which is right for one process only")
		return
	}
	r, err := store.OpenRedis(store.RedisConfig{URL: s.RedisURL, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		e.wrong("Redis: %v", err)
		return
	}
	defer func() { _ = r.Close() }() // only asked
	if err := r.Ping(ctx); err != nil {
		e.wrong("Redis cannot be reached: %v; the service works without it, but slower", err)
		return
	}
	e.good("Redis answers")
}

func (e *examination) people(ctx context.Context, db *store.Store, today roster.Day) {
	people, err := db.Employees(ctx, today)
	if err != nil {
		e.wrong("the roster cannot be read: %v", err)
		return
	}
	if len(people) == 0 {
		e.wrong("the roster is empty; import it: ekinerja roster import FILE.csv")
		return
	}
	top := 0
	for _, p := range people {
		if p.Supervisor == "" {
			top++
		}
	}
	e.good("%d people on the roster, %d of them without a supervisor", len(people), top)
	unreached, err := db.Unreached(ctx)
	if err != nil {
		e.wrong("addresses cannot be read: %v", err)
		return
	}
	if len(unreached) > 0 {
		e.note("%d people cannot be reached; make invitations: ekinerja roster invite", len(unreached))
	}
}

func (e *examination) queues(ctx context.Context, db *store.Store, now time.Time) {
	m, err := db.Metrics(ctx, now)
	if err != nil {
		e.wrong("the queues cannot be read: %v", err)
		return
	}
	if m.InboxNew > 0 && m.InboxOldest > 5*time.Minute {
		e.wrong("%d messages wait, the oldest for %s; is a serve process running?", m.InboxNew, m.InboxOldest.Round(time.Second))
	}
	if m.InboxQuarantined > 0 {
		e.wrong("%d messages could not be handled and are set aside (inbox, state quarantined)", m.InboxQuarantined)
	}
	if n := m.Outbox["unclear"]; n > 0 {
		e.note("%d messages may or may not have reached people (outbox, state unclear)", n)
	}
	e.good("%d messages in wait, %d messages out wait", m.InboxNew, m.Outbox["pending"])
}

func (e *examination) promises(ctx context.Context, db *store.Store, s settings, now time.Time) {
	found, err := db.Verify(ctx, now, s.rubrics)
	if err != nil {
		e.wrong("the promises cannot be checked: %v", err)
		return
	}
	for _, f := range found {
		e.wrong("%s", f)
	}
	if len(found) == 0 {
		e.good("%d promises about the stored rows hold", len(store.Invariants()))
	}
}
