package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

var (
	crashKills = flag.Int("crash.kills", 0, "how often the crash test kills the program; 0 means 30, or 8 with -short")
	crashSeed  = flag.Uint64("crash.seed", 0, "seed of the crash test; 0 draws one and prints it")
)

// crashPeople are enough to keep the program busy and few enough to be judged
// one by one.
const crashPeople = 60

// TestCrash kills the program with SIGKILL, again and again, while sixty people
// report, and then looks for anything that was lost or doubled.
//
// Everything is real but the network's other end: processes, Postgres, Redis
// where there is one, HTTP over TCP, the network's limits. Of ten kills two come
// while a life starts, four 0.2–0.7 s after it began to take updates, one just
// when it was handed some, two when it has just confirmed them, and one when the
// network has sent a message and the program does not know it yet.
//
// Between two lives up to three seconds are skipped on everybody's clock, as if
// the machine had been away.
//
// At the end the program lives on until nothing moves, and is then told to stop.
func TestCrash(t *testing.T) {
	t.Parallel()
	kills := *crashKills
	if kills == 0 {
		kills = 30
		if testing.Short() {
			kills = 8
		}
	}
	seed := *crashSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("repeat with -crash.kills=%d -crash.seed=%d", kills, seed)
	began := time.Now()
	c := newCrash(t, seed)
	c.kill(kills)
	stopped := c.settle()
	v := c.judge()
	v.kills, v.stopped, v.seconds = kills, stopped, time.Since(began)
	v.print(os.Stdout)
	c.condemn(v)
}

// crash is the test while it runs.
type crash struct {
	t      *testing.T
	rng    *rand.Rand
	host   *host
	net    *fakegram.Server
	url    string
	db     *store.Store
	people []*reporter
	crowd  []*fakegram.Person // who only listen
	groups []*fakegram.Group
	rest   atomic.Bool
	plans  atomic.Int64
}

func newCrash(t *testing.T, seed uint64) *crash {
	t.Helper()
	c := &crash{t: t, rng: rand.New(rand.NewPCG(seed, 1)), url: storetest.New(t)}
	// Monday 16.05: everybody has been asked for today by now, and Friday is closed.
	c.host = newHost(t, newClock(time.Until(time.Date(2026, 11, 23, 16, 5, 0, 0, time.FixedZone("WIB", 7*3600)))))
	c.host.env = []string{"EKINERJA_DATABASE_URL=" + c.url, "EKINERJA_REDIS_URL=" + storetest.Redis(t)}
	c.net = c.host.network("1720:crash-test")
	var err error
	if c.db, err = store.Open(t.Context(), store.Config{URL: c.url, MaxConns: 2}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.db.Close)
	c.seed(seed, crashPeople)
	return c
}

// seed puts people on the roster and gives them phones.
func (c *crash) seed(seed uint64, count int) {
	c.t.Helper()
	ctx, now := c.t.Context(), c.host.clock.Now()
	day := roster.MustDay("2026-11-23")
	incoming := make([]roster.Employee, count)
	for i := range incoming {
		incoming[i] = roster.Employee{
			Number: fmt.Sprintf("K%03d", i), Name: fmt.Sprintf("Pegawai %03d", i), Kind: roster.NonASN, Sex: roster.Male,
			OPD: "Dinas Uji", Unit: "Bidang Uji", Phone: fmt.Sprintf("+62812000%04d", i), Pattern: roster.FiveDays,
		}
		if i > 0 {
			incoming[i].Supervisor = "K000"
		}
	}
	if err := c.db.ApplyImport(ctx, now, day, incoming, nil); err != nil {
		c.t.Fatal(err)
	}
	people, err := c.db.Employees(ctx, day)
	if err != nil {
		c.t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i, e := range people {
		chat := int64(50_001 + i)
		if err := c.db.BindAddress(ctx, now, e.ID, bot.Address{Network: bot.Telegram, ID: strconv.FormatInt(chat, 10)}); err != nil {
			c.t.Fatal(err)
		}
		r := &reporter{
			phone: c.net.Person(chat, e.Name, e.Phone), number: e.Number, index: i, manner: manner(i) % manners,
			rng: rand.New(rand.NewPCG(seed, uint64(chat))), rest: &c.rest, plans: &c.plans, known: map[string]int{},
		}
		r.phone.Open()
		c.people = append(c.people, r)
	}
	ctx, end := context.WithCancel(ctx)
	for _, r := range c.people {
		wg.Go(func() { r.live(ctx) })
	}
	c.t.Cleanup(func() {
		end()
		wg.Wait()
	})
}

// kill is the test's first part: short lives.
func (c *crash) kill(kills int) {
	c.t.Helper()
	for i := range kills {
		l := c.host.start()
		if err := c.await(l, i%10); err != nil {
			c.t.Fatalf("%v\n%v", err, c.host.complaints())
		}
		l.kill()
		c.skip(c.upTo(3 * time.Second))
	}
	c.rest.Store(true)
}

// await returns when a life has to end; which is the sort of end, of ten.
func (c *crash) await(l *life, which int) error {
	ctx := c.t.Context()
	if which == 2 || which == 7 {
		return l.lives(ctx, c.upTo(300*time.Millisecond))
	}
	if err := l.works(ctx); err != nil {
		return err
	}
	whole := 200*time.Millisecond + c.upTo(500*time.Millisecond)
	var at moment
	switch which {
	case 4:
		at = handedOver
	case 1, 9:
		at = confirmed
	case 6:
		at = onThePhone
	default:
		return l.lives(ctx, whole)
	}
	if err := l.lives(ctx, whole/2); err != nil { // let it do something first
		return err
	}
	if err := l.meets(ctx, c.host.aim(at), 10*time.Second); err != nil || at != handedOver {
		return err
	}
	return l.lives(ctx, c.upTo(4*time.Millisecond))
}

func (c *crash) upTo(d time.Duration) time.Duration { return time.Duration(c.rng.Int64N(int64(d))) }

// skip moves everybody's clock on; no life may be running.
func (c *crash) skip(d time.Duration) { c.host.clock.Set(c.host.clock.Now().Add(d)) }

// settle is the second part: the program lives until nothing moves. What may
// have been sent when a life ended waits for its lease and for evidence, half a
// minute each: the clock is moved on for it, between two orderly lives. Whoever
// still misses something then asks for it.
func (c *crash) settle() (stopped time.Duration) {
	c.t.Helper()
	ctx := c.t.Context()
	const mostLives = 12
	for range mostLives {
		l := c.host.start()
		if err := l.works(ctx); err != nil {
			c.t.Fatal(err)
		}
		c.quiet(l)
		again := !c.doubts() && c.ask()
		if again {
			c.quiet(l)
		}
		took, err := l.stop()
		if err != nil {
			c.t.Fatalf("stop in order: %v\n%v", err, c.host.complaints())
		}
		stopped = max(stopped, took)
		if !again && !c.doubts() && c.plans.Load() == 0 {
			return stopped
		}
		c.skip(35 * time.Second)
	}
	c.t.Errorf("no rest after %d orderly lives", mostLives)
	return stopped
}

// doubts tells of messages that are still to come, or to come a second time.
func (c *crash) doubts() bool {
	c.t.Helper()
	return len(storetest.Rows(c.t, c.url, `SELECT id FROM outbox WHERE state IN ('pending', 'sending')
		OR state = 'unclear' AND NOT resent AND kind IN ('reply', 'ask')`)) > 0
}

// ask lets whoever misses something ask for it.
func (c *crash) ask() bool {
	asked := false
	for _, r := range c.people {
		asked = r.ask() || asked
	}
	return asked
}

// quiet waits until nothing can move any more without the clock being moved on.
func (c *crash) quiet(l *life) {
	c.t.Helper()
	still := 0
	for deadline := time.Now().Add(2 * time.Minute); still < 4; {
		if time.Now().After(deadline) {
			c.t.Fatalf("no rest within two minutes\n%v", c.host.complaints())
		}
		if err := l.lives(c.t.Context(), 150*time.Millisecond); err != nil {
			c.t.Fatal(err)
		}
		still++
		if c.plans.Load() > 0 || c.net.Pending() > 0 || c.moving() {
			still = 0
		}
	}
}

// moving tells of work that the program can do at its present time.
func (c *crash) moving() bool {
	c.t.Helper()
	now := c.host.clock.Now().Format(time.RFC3339Nano)
	return len(storetest.Rows(c.t, c.url, `SELECT 1 FROM inbox WHERE state = 'new'
		UNION ALL SELECT 1 FROM outbox o WHERE o.state = 'pending' AND o.not_before <= $1::timestamptz + interval '10 seconds'
			AND NOT EXISTS (SELECT FROM outbox s WHERE s.chat_id = o.chat_id AND s.state = 'sending')
		UNION ALL SELECT 1 FROM duty WHERE state = 'due' AND asked_at IS NULL AND day = '2026-11-23'
		UNION ALL SELECT 1 WHERE NOT EXISTS (SELECT FROM duty)`, now)) > 0
}
