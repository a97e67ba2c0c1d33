package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// rig is a city of sixty harsh people under a service of one or more real
// processes, with something that can break on every line between them:
//
//	people ─▶ network ─▶ balancer ─▶ replicas ─▶ proxy ─▶ Postgres
//	             ▲                      │  └────▶ proxy ─▶ Redis
//	             └──────── proxy ◀──────┘
//
// The balancer takes the webhook's posts and gives each to a replica at random,
// as what stands before a service does. In poll mode it has nothing to do.
//
// People, processes and most judges are the crash test's.
type rig struct {
	*crash
	mode     mode
	replicas int
	servers  servers

	pg, redis, tg *proxy
	lives         []*life         // of this moment; nil: gone
	addrs         []string        // where they listen
	before        []string        // environment without what differs by replica
	skew          []time.Duration // how far each replica's clock is from everybody's
	watch         *stopwatch
	balancer      balancer
	points        *points // nil: nobody is killed at one
}

// mode is how updates come to the service.
type mode string

const (
	poll    mode = "poll"
	webhook mode = "webhook"
)

const chaosToken = "1720:chaos-test"

const chaosSecret = "a-secret-of-the-chaos-test"

// servers are where Postgres and Redis really are, and those that a case may stop.
type servers struct {
	postgres, redis string
	own             *postgres
	ownRedis        *redisServer
}

func newRig(t *testing.T, c chaosCase, seed uint64, s servers) *rig {
	t.Helper()
	r := &rig{
		crash: &crash{t: t, rng: rand.New(rand.NewPCG(seed, 1)), url: s.postgres},
		mode:  c.mode, replicas: c.replicas, servers: s, lives: make([]*life, c.replicas), addrs: make([]string, c.replicas),
	}
	// Monday 16.05: everybody has been asked for today by now, and Friday is closed.
	r.host = newHost(t, newClock(time.Until(time.Date(2026, 11, 23, 16, 5, 0, 0, time.FixedZone("WIB", 7*3600)))))
	r.network(seed)
	r.neighbours(s)
	var err error
	if r.db, err = store.Open(t.Context(), store.Config{URL: s.postgres, MaxConns: 2}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.db.Close)
	if !c.limits {
		r.net.SetLimits(fakegram.NoLimits())
		r.before = append(r.before, "EKINERJA_TELEGRAM_UNLIMITED=true")
	}
	r.watch = newStopwatch(t, r.net)
	r.seed(seed, cmp.Or(c.people, crashPeople))
	return r
}

// network is the crash test's with more memory, and with a proxy before it.
func (r *rig) network(seed uint64) {
	const token = chaosToken
	r.net = fakegram.New(fakegram.Config{
		Token: token, BotUsername: "ekinerja_solo_bot", BotName: "Laporan Harian Solo",
		Now: r.host.clock.Now, Seed: seed, KeepCalls: 1 << 17,
	})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) { r.passCall(w, q) }))
	r.balancer.rig = r
	hooks := httptest.NewServer(&r.balancer)
	r.t.Cleanup(func() {
		r.net.Close()
		front.CloseClientConnections()
		front.Close()
		hooks.CloseClientConnections()
		hooks.Close()
	})
	r.tg = newProxy(r.t, address{"tcp", front.Listener.Addr().String()})
	r.before = append(r.before, "EKINERJA_TELEGRAM_TOKEN="+token, "EKINERJA_TELEGRAM_API_URL=http://"+r.tg.Addr(),
		"EKINERJA_TELEGRAM_MODE="+string(r.mode), "EKINERJA_TELEGRAM_WEBHOOK_SECRET="+chaosSecret, "EKINERJA_PUBLIC_URL="+hooks.URL)
}

// neighbours puts proxies before Postgres and Redis.
func (r *rig) neighbours(s servers) {
	r.t.Helper()
	at, url := throughTCP(r.t, s.postgres)
	r.pg = newProxy(r.t, at)
	u, err := parseRedis(s.redis)
	if err != nil {
		r.t.Fatal(err)
	}
	r.redis = newProxy(r.t, u.at)
	r.before = append(r.before, "EKINERJA_DATABASE_URL="+url(r.pg.Addr()), "EKINERJA_REDIS_URL=redis://"+r.redis.Addr()+"/"+u.db)
}

// throughTCP tells where a Postgres listens, and its URL at another address.
func throughTCP(t *testing.T, raw string) (address, func(addr string) string) {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	at := address{"tcp", u.Host}
	if dir := u.Query().Get("host"); dir != "" {
		at = address{"unix", dir + "/.s.PGSQL." + u.Query().Get("port")}
	}
	return at, func(addr string) string {
		v := *u
		v.Host, v.RawQuery = addr, "sslmode=disable"
		return v.String()
	}
}

type redisPlace struct {
	at address
	db string
}

func parseRedis(raw string) (redisPlace, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return redisPlace{}, err
	case u.Scheme == "unix":
		return redisPlace{address{"unix", u.Path}, u.Query().Get("db")}, nil
	}
	return redisPlace{address{"tcp", u.Host}, strings.TrimPrefix(u.Path, "/")}, nil
}

// tell gives Redis one command, past the proxy, and returns what it answers.
func (r *rig) tell(command string) string {
	r.t.Helper()
	answer, err := ask(r.t.Context(), r.servers, command)
	if err != nil || !strings.HasPrefix(answer, "+OK") {
		r.t.Fatalf("%s: %q %v", command, answer, err)
	}
	_, answer, _ = strings.Cut(answer, "\n")
	return answer
}

// ask selects a Redis database, and says one thing to it.
func ask(ctx context.Context, s servers, command string) (string, error) {
	place, err := parseRedis(s.redis)
	if err != nil {
		return "", err
	}
	c, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, place.at.network, place.at.place)
	if err != nil {
		return "", err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second)) // a socket of this machine has deadlines
	if _, err := fmt.Fprintf(c, "SELECT %s\r\n%s\r\nQUIT\r\n", place.db, command); err != nil {
		return "", err
	}
	all, err := io.ReadAll(c)
	answer := strings.ReplaceAll(string(all), "\r", "")
	return strings.TrimSuffix(strings.TrimSpace(answer), "\n+OK"), err
}

// begin starts all replicas that do not run and waits until each is ready.
func (r *rig) begin() {
	r.t.Helper()
	for i := range r.lives {
		if r.lives[i] == nil {
			r.startOne(i)
		}
	}
	for i := range r.lives {
		r.ready(i)
	}
}

// startOne starts a replica at a free port and does not wait for it.
func (r *rig) startOne(i int) {
	r.t.Helper()
	l, err := new(net.ListenConfig).Listen(r.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close() // a moment later the replica listens there
	r.host.env = append(slices.Clone(r.before), "EKINERJA_LISTEN="+addr)
	if r.skew != nil {
		r.host.env = append(r.host.env, "EKINERJA_CLOCK_WRONG="+r.skew[i].String())
	}
	life := r.host.start()
	r.balancer.mu.Lock()
	r.lives[i], r.addrs[i] = life, addr
	r.balancer.mu.Unlock()
}

// ready waits until a replica stores what it is given.
func (r *rig) ready(i int) {
	r.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		resp, err := http.Get("http://" + r.addrs[i] + "/readyz") //nolint:noctx // bounded by the deadline around it
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("replica %d is not ready within a minute: %v\n%v", i, err, r.host.complaints())
		}
		r.live(50 * time.Millisecond)
	}
}

// killOne ends a replica as a power cut does.
func (r *rig) killOne(i int) {
	r.balancer.mu.Lock()
	l := r.lives[i]
	r.lives[i] = nil
	r.balancer.mu.Unlock()
	if l != nil {
		l.kill()
	}
}

// end stops all replicas in order.
func (r *rig) end() {
	r.t.Helper()
	for i, l := range r.lives {
		if l == nil {
			continue
		}
		if _, err := l.stop(); err != nil {
			r.t.Fatalf("stop replica %d in order: %v\n%v", i, err, r.host.complaints())
		}
		r.balancer.mu.Lock()
		r.lives[i] = nil
		r.balancer.mu.Unlock()
	}
}

// live lets d pass; a replica that ends by itself fails the test.
func (r *rig) live(d time.Duration) {
	r.t.Helper()
	select {
	case <-time.After(d):
	case <-r.t.Context().Done():
		r.t.Fatal("the test is over")
	}
	for i, l := range r.lives {
		if l == nil {
			continue
		}
		select {
		case <-l.ended:
			r.t.Fatalf("replica %d ended by itself: %v\n%v", i, l.err, r.host.complaints())
		default:
		}
	}
}

// gap is a time between the two, drawn from the seed.
func (r *rig) gap(from, to time.Duration) time.Duration { return from + r.upTo(to-from) }

// settle lets the service live until nothing moves and nothing is in doubt, as
// the crash test does, with all replicas.
func (r *rig) settle() {
	r.t.Helper()
	r.rest.Store(true)
	const mostLives = 12
	for range mostLives {
		r.begin()
		r.quiet()
		again := !r.doubts() && r.ask()
		if again {
			r.quiet()
		}
		r.end()
		if !again && !r.doubts() && r.plans.Load() == 0 {
			return
		}
		r.skip(35 * time.Second)
	}
	r.t.Errorf("no rest after %d orderly lives", mostLives)
}

// quiet waits until nothing can move any more without the clock being moved on.
func (r *rig) quiet() {
	r.t.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	for still := 0; still < 4; still++ {
		if time.Now().After(deadline) {
			r.t.Fatalf("no rest within three minutes: %d plans, %d updates, %d posts\n%v",
				r.plans.Load(), r.net.Pending(), r.balancer.flying.Load(), r.host.complaints())
		}
		r.live(120 * time.Millisecond)
		if r.plans.Load() > 0 || r.net.Pending() > 0 || r.balancer.flying.Load() > 0 || r.moving() {
			still = -1
		}
	}
}

// everybody lets each person do something at once, before the service answers.
func (r *rig) everybody(do func(*reporter) error) {
	r.t.Helper()
	for _, p := range r.people {
		p.mu.Lock()
		err := do(p)
		p.mu.Unlock()
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

// heckle makes every person do something more the moment a bubble comes.
func (r *rig) heckle(do func(p *reporter, m fakegram.Message)) {
	ctx, end := context.WithCancel(r.t.Context())
	var wg sync.WaitGroup
	for _, p := range r.people {
		wg.Go(func() {
			for after := int64(0); ; {
				m, err := p.phone.Await(ctx, after, nil)
				if err != nil {
					return
				}
				after = m.ID
				if !m.FromBot {
					continue
				}
				r.plans.Add(1)
				do(p, m)
				r.plans.Add(-1)
			}
		})
	}
	r.t.Cleanup(func() {
		end()
		wg.Wait()
	})
}

// count is one number that the database answers.
func (r *rig) count(sql string, args ...any) string {
	r.t.Helper()
	rows := storetest.Rows(r.t, r.url, sql, args...)
	if len(rows) == 0 {
		return "0"
	}
	return rows[0][0]
}

// today is the day that people report in this test.
func today() roster.Day { return roster.MustDay("2026-11-23") }
