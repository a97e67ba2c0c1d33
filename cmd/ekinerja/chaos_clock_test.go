package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot/fakegram"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// city is the demo's city on a database of its own, whose clock the test moves:
// for faults that last hours.
type city struct {
	*world
	t   *testing.T
	url string
	row row
	// expected is in the words of a finding that the fault itself explains.
	expected string
	// first is the number of the first actor where only some of the city act.
	first int
}

func newCity(t *testing.T, seed uint64, at roster.Clock) *city {
	t.Helper()
	return newCityOn(t, seed, today(), at, func(*settings) {})
}

// newCityOn begins on another day, with settings of its own.
func newCityOn(t *testing.T, seed uint64, day roster.Day, at roster.Clock, change func(*settings)) *city {
	t.Helper()
	set, err := config{Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: "127.0.0.1:0"}.check()
	if err != nil {
		t.Fatal(err)
	}
	change(&set)
	c := &city{t: t, url: storetest.New(t), row: row{setup: "in process, fast clock"}, expected: "(nothing)"}
	db, err := store.Open(t.Context(), store.Config{URL: c.url, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	clk := stoppedClock(day.At(at, set.loc))
	if c.world, err = newWorld(t.Context(), set, db, clk, int64(1720+seed%1000), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

// step moves the clock on and lets the service do what is due.
func (c *city) step(d time.Duration) {
	c.t.Helper()
	c.clock.Set(c.clock.Now().Add(d))
	c.app.look(c.t.Context())
	if _, err := c.app.jobs.Tick(c.t.Context(), c.clock.Now()); err != nil {
		c.t.Fatal(err)
	}
	c.sweepAndPump()
}

func (c *city) sweepAndPump() {
	c.t.Helper()
	c.app.sweep(c.t.Context())
	for range 2000 {
		next, err := c.app.Pump(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		if next == 0 || next > 2*time.Second {
			return
		}
		c.clock.Set(c.clock.Now().Add(next))
	}
	c.t.Fatalf("no rest at %s: these wait %v", c.clock.Now(), storetest.Rows(c.t, c.url,
		`SELECT id, kind, state, chat_id, not_before, about_day FROM outbox WHERE state NOT IN ('sent', 'superseded', 'expired') ORDER BY id DESC LIMIT 20`))
}

// through moves to a time of the day in steps.
func (c *city) through(until time.Time, step time.Duration) {
	c.t.Helper()
	for c.clock.Now().Before(until) {
		c.step(min(step, until.Sub(c.clock.Now())))
	}
}

func (c *city) at(day roster.Day, clock roster.Clock) time.Time {
	return day.At(clock, c.settings.loc)
}

// report lets everybody who was asked report, and tells how many did.
func (c *city) report() (n int) {
	c.t.Helper()
	for i, a := range c.actors {
		if last, ok := a.phone.Last(); !ok || !last.FromBot || c.asked(a) == 0 {
			continue
		}
		if _, err := a.phone.Send(fmt.Sprintf("Verifikasi berkas %s; %d berkas; 60 menit", newDeed(c.first+i, 0).mark, i+2)); err != nil {
			c.t.Fatal(err)
		}
		n++
	}
	for range 3 {
		c.step(20 * time.Second)
		for _, a := range c.actors {
			for _, m := range slices.Backward(a.phone.Seen()) {
				if m.FromBot && (has(m, "Kirim") || has(m, "Tidak ada")) {
					label := "Kirim"
					if !has(m, label) {
						label = "Tidak ada"
					}
					_, _ = a.phone.Tap(m.ID, label) // a second tap on the same is one of the harsh things people do
					break
				}
			}
		}
	}
	c.step(20 * time.Second)
	return n
}

func (c *city) asked(a actor) int {
	n := 0
	for _, m := range a.phone.Seen() {
		if has(m, "Tidak bekerja") {
			n++
		}
	}
	return n
}

func (c *city) blame(format string, a ...any) {
	c.t.Helper()
	c.row.wrong++
	c.t.Errorf("WRONG: "+format, a...)
}

// judged closes the books: everybody's line is in a report that was sent once.
func (c *city) judged(reported int) row {
	c.t.Helper()
	got := storetest.Rows(c.t, c.url, `SELECT a.description, count(*), min(r.state) FROM activity a
		JOIN report r ON r.id = a.report_id WHERE r.day = '2026-11-23' GROUP BY 1`)
	if reported >= 0 && len(got) != reported {
		c.row.lost = reported - len(got)
		c.t.Errorf("LOST: %d people reported, %d activities are stored", reported, len(got))
	}
	for _, r := range got {
		if r[1] != "1" {
			c.row.doubled++
			c.t.Errorf("DOUBLED: %v", r)
		}
		if r[2] != "submitted" {
			c.blame("%v is not sent", r)
		}
	}
	c.invariants()
	c.row.in = len(storetest.Rows(c.t, c.url, `SELECT id FROM inbox`))
	c.row.out = len(storetest.Rows(c.t, c.url, `SELECT id FROM outbox WHERE state = 'sent'`))
	return c.row
}

func (c *city) invariants() {
	c.t.Helper()
	found, err := c.verify(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range found {
		if !strings.Contains(f.String(), c.expected) {
			c.blame("%s", f)
		}
	}
	for _, v := range c.net.Violations() {
		c.blame("the network refused %s: %s", v.Method, v.Description)
	}
	for _, d := range storetest.Rows(c.t, c.url, `SELECT kind, employee_id, about_day, count(*) FROM outbox
		WHERE kind <> 'reply' AND about_day IS NOT NULL GROUP BY kind, employee_id, chat_id, about_day, key HAVING count(*) > 1`) {
		c.row.doubled++
		c.t.Errorf("DOUBLED: %v", d)
	}
}

// poisonous panics at one word.
type poisonous struct{ *conversations.Handler }

const poisonWord = "xracun"

func (p poisonous) Handle(ctx context.Context, t conversations.Turn, r conversations.Records) (conversations.Outcome, error) {
	if strings.Contains(t.Msg.Text, poisonWord) {
		panic("poison")
	}
	return p.Handler.Handle(ctx, t, r)
}

func poison(t *testing.T, seed uint64, n int) row {
	t.Helper()
	c := newCity(t, seed, roster.At24(14, 0))
	turns := c.app.turns()
	turns.Handler = poisonous{turns.Handler.(weighing).Handler}
	handle := c.app.handle(turns)
	c.app.dispatch.Handle = func(ctx context.Context, key string) (bool, error) {
		more, err := handle(ctx, key)
		if err != nil && strings.Contains(err.Error(), "panicked") {
			err = nil // while it runs, the service only logs it
		}
		return more, err
	}
	c.through(c.at(today(), roster.At24(16, 15)), 5*time.Minute)
	for i := range n {
		if _, err := c.actors[i].phone.Send("Verifikasi berkas " + poisonWord); err != nil {
			t.Fatal(err)
		}
	}
	reported := c.report()
	for range 10 {
		c.step(time.Minute)
	}
	if got := storetest.Rows(t, c.url, `SELECT tries, count(*) FROM inbox WHERE state = 'quarantined' GROUP BY 1`); len(got) != 1 ||
		got[0][0] != "5" || got[0][1] != fmt.Sprint(n) {
		c.blame("quarantined are %v, want %d after 5 tries", got, n)
	}
	c.expected = "(I15,"
	c.report() // who was held up behind the poison taps now
	c.row.times, c.row.note = n, "set aside after 5 tries"
	for _, r := range storetest.Rows(t, c.url, `SELECT id FROM inbox WHERE state = 'new'`) {
		c.blame("message %v waits behind the poison", r)
	}
	_ = reported // they report twice here, so only what every case is judged by
	c.invariants()
	c.row.in = len(storetest.Rows(t, c.url, `SELECT id FROM inbox`))
	c.row.out = len(storetest.Rows(t, c.url, `SELECT id FROM outbox WHERE state = 'sent'`))
	return c.row
}

// longRest: nothing reaches the network in the minute it asked for.
func longRest(t *testing.T, seed uint64, n int) row {
	t.Helper()
	c := newCity(t, seed, roster.At24(14, 0))
	c.step(0)
	c.net.Inject(fakegram.Fault{Kind: fakegram.FaultTooMany, Method: "sendMessage", RetryAfter: time.Minute, Next: n})
	for end := c.at(today(), roster.At24(16, 30)); c.net.Counts()["sendMessage 429"] < n && c.clock.Now().Before(end); {
		c.step(10 * time.Second)
	}
	c.through(c.clock.Now().Add(3*time.Minute), 10*time.Second)
	var refused time.Time
	early, later := 0, 0
	for _, call := range c.net.Calls() {
		switch {
		case call.Method != "sendMessage":
		case call.Status == 429:
			refused = call.At
		case !refused.IsZero() && call.At.Sub(refused) < time.Minute:
			early++
		case !refused.IsZero():
			later++
		}
	}
	if refused.IsZero() || early > 0 || later == 0 {
		c.blame("refused at %v, then %d messages within the minute and %d after it", refused, early, later)
	}
	c.row.times, c.row.back, c.row.note = n, time.Minute, "0 sent in the 60 s"
	return c.judged(c.report())
}

// planned is what the jobs queued, without what depends on chance.
func (c *city) planned() []string {
	var out []string
	for _, r := range storetest.Rows(c.t, c.url, `SELECT kind, coalesce(employee_id::text, chat_id), coalesce(about_day::text, ''), count(*)
		FROM outbox WHERE kind <> 'reply' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`) {
		out = append(out, strings.Join(r, " "))
	}
	return out
}

// cutTicks plays a day and the next morning twice: once undisturbed, once with every tick cut off
// somewhere before another process does it again.
func cutTicks(t *testing.T, seed uint64, _ int) row {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 28))
	const step = 15 * time.Minute
	play := func(cut bool) *city {
		c := newCity(t, seed, roster.At24(5, 30))
		for c.clock.Now().Before(c.at(today().Add(1), roster.At24(9, 0))) {
			if cut {
				ctx, kill := context.WithTimeout(t.Context(), time.Duration(rng.Int64N(int64(15*time.Millisecond))))
				_, err := c.app.jobs.Tick(ctx, c.clock.Now().Add(step))
				kill()
				if err != nil {
					c.row.times++
				}
				c.app.Close()
				if err := c.startApp(t.Context()); err != nil {
					t.Fatal(err)
				}
				c.app.look(t.Context()) // it was away for a moment only
			}
			c.step(step)
		}
		return c
	}
	plain, cut := play(false), play(true)
	if diff := cmp.Diff(plain.planned(), cut.planned()); diff != "" {
		cut.blame("the jobs queued something else (-undisturbed +cut off):\n%s", diff)
	}
	cut.row.note = fmt.Sprintf("%d messages of jobs, the same as undisturbed", len(plain.planned()))
	return cut.judged(-1)
}

// longAway: what a job owes is done once when the service is back, however long
// it was away.
func longAway(t *testing.T, seed uint64, _ int) row {
	t.Helper()
	c := newCity(t, seed, roster.At24(5, 30))
	for i, away := range []time.Duration{5 * time.Minute, 3 * time.Hour, 48 * time.Hour} {
		day := roster.DayOf(c.clock.Now().In(c.settings.loc))
		if i > 0 {
			day = day.Add(1)
		}
		c.through(c.at(day, roster.At24(14, 59)), 20*time.Minute)
		c.app.Close()
		c.clock.Set(c.clock.Now().Add(away))
		if err := c.startApp(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.step(0)
		c.through(c.clock.Now().Add(3*time.Hour), 10*time.Minute)
	}
	c.row.times = 3
	return c.judged(-1)
}
