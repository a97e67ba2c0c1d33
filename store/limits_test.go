package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ekinerja/bot"
	"ekinerja/store/embedded"
	"ekinerja/store/storetest"
)

// wholeMicros are Telegram's rates as Redis keeps them.
func wholeMicros() bot.Rates {
	r := bot.TelegramRates()
	for c := range r.Classes {
		r.Classes[c].Every = time.Duration(micros(r.Classes[c].Every)) * time.Microsecond
	}
	return r
}

// servers are a real Redis and the one in the process.
func servers(t *testing.T) map[string]*Redis {
	t.Helper()
	inside := embedded.StartRedis(time.Now)
	t.Cleanup(inside.Close)
	r, err := OpenRedis(RedisConfig{Dial: inside.Dial, Patience: patient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	server, err := OpenRedis(RedisConfig{URL: storetest.Redis(t), Patience: patient})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return map[string]*Redis{"server": server, "in process": r}
}

// patient is for tests of answers on a busy machine, not of their speed.
const patient = 10 * time.Second

var accounts atomic.Int64

// account is one that nobody used before.
func account() string { return fmt.Sprint("telegram:", accounts.Add(1)) }

func chat(n int) bot.Address {
	if n < 0 {
		return telegram(fmt.Sprint(-1000 + n))
	}
	return telegram(fmt.Sprint(1000 + n))
}

// TestLimitsAreThePace: whatever is asked, Redis answers as the model does.
func TestLimitsAreThePace(t *testing.T) {
	t.Parallel()
	for name, redis := range servers(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				now := monday()
				l := NewLimits(LimitsConfig{
					Redis: redis, Account: account(), Rates: wholeMicros(), Now: func() time.Time { return now }, OwnTime: true,
				})
				model := bot.NewPace(wholeMicros())
				for range rapid.IntRange(1, 60).Draw(t, "steps") {
					now = now.Add(time.Duration(rapid.IntRange(0, 120_000).Draw(t, "µs")) * time.Microsecond)
					switch rapid.IntRange(0, 13).Draw(t, "what") {
					case 0:
						now = now.Add(time.Duration(rapid.IntRange(0, 80).Draw(t, "s")) * time.Second)
					case 13: // the clock is put back
						now = now.Add(-time.Duration(rapid.IntRange(1, 7200).Draw(t, "back")) * time.Second)
					case 1:
						r := restOf(now, time.Duration(rapid.IntRange(1, 9).Draw(t, "rest"))*time.Second)
						_ = l.Pause(context.Background(), r)
						model.Pause(r)
					case 2:
						got, _ := l.Next(context.Background(), now)
						if want := model.Next(now); got != want {
							t.Fatalf("Next = %v, the model says %v", got, want)
						}
					default:
						to, class := chat(rapid.IntRange(-2, 4).Draw(t, "who")), bot.Priority(rapid.IntRange(-1, 4).Draw(t, "class"))
						got, _ := l.Take(context.Background(), now, to, class)
						if want := model.Take(now, to, class); got != want {
							t.Fatalf("Take(%s, %s) = %v, the model says %v", to.ID, class, got, want)
						}
					}
				}
			})
		})
	}
}

func restOf(now time.Time, d time.Duration) bot.Rest { return bot.Rest{From: now, Until: now.Add(d)} }

// grant is a message that was allowed.
type grant struct {
	at    time.Time
	to    string
	class bot.Priority
}

// fullest counts the fullest window of a length among the grants that fit.
func fullest(all []grant, window time.Duration, fits func(grant) bool) (most int) {
	for i, first := range all {
		n := 0
		for _, g := range all[i:] {
			if g.at.Sub(first.at) >= window {
				break
			}
			if fits(g) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// checkWindows holds the grants, in order of time, against Telegram's limits.
func checkWindows(t *testing.T, all []grant) {
	t.Helper()
	for c, limit := range []int{25, 20, 15, 10} {
		if n := fullest(all, time.Second, func(g grant) bool { return g.class >= bot.Priority(c) }); n > limit {
			t.Errorf("class %d and below: %d in a second, limit %d", c, n, limit)
		}
	}
	for n := -2; n < 6; n++ {
		window, limit := time.Second, 3
		if n < 0 {
			window, limit = time.Minute, 18
		}
		if got := fullest(all, window, func(g grant) bool { return g.to == chat(n).ID }); got > limit {
			t.Errorf("chat %d: %d within %s, limit %d", n, got, window, limit)
		}
	}
}

// TestLimitsHoldForManyReplicas: however the questions of several processes mix,
// no sliding second (minute, for a group) holds more than is allowed (F9).
func TestLimitsHoldForManyReplicas(t *testing.T) {
	t.Parallel()
	url := storetest.Redis(t)
	for seed := range uint64(8) {
		name := account()
		var at atomic.Int64
		at.Store(monday().UnixMicro())
		var mu sync.Mutex
		var run sync.WaitGroup
		byTime := map[int64][]grant{}
		for replica := range uint64(4) {
			r, err := OpenRedis(RedisConfig{URL: url, Patience: patient})
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(seed, replica))
			l := NewLimits(LimitsConfig{Redis: r, Account: name, Rates: bot.TelegramRates(), OwnTime: true})
			run.Go(func() {
				defer r.Close()
				for range 400 {
					now := time.UnixMicro(at.Add(rng.Int64N(12_000)))
					to, class := chat(rng.IntN(12)-2), bot.Priority(rng.IntN(4))
					wait, ok := l.ask(t.Context(), now, class, to)
					if ok && wait == 0 {
						mu.Lock()
						byTime[now.UnixMicro()] = append(byTime[now.UnixMicro()], grant{now, to.ID, class})
						mu.Unlock()
					}
				}
			})
		}
		run.Wait()
		all := inOrder(byTime)
		checkWindows(t, all)
		if len(all) < 100 {
			t.Errorf("only %d messages were allowed: the limits were not reached", len(all))
		}
	}
}

func inOrder(byTime map[int64][]grant) (all []grant) {
	for _, at := range slices.Sorted(maps.Keys(byTime)) {
		all = append(all, byTime[at]...)
	}
	return all
}

// TestLimitsByRedisTime: without own time the server's clock decides, however
// wrong the clocks of the processes are.
func TestLimitsByRedisTime(t *testing.T) {
	t.Parallel()
	for name, redis := range servers(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acc := account()
			var taken atomic.Int64
			var run sync.WaitGroup
			start := time.Now()
			for replica := range 3 {
				wrong := time.Duration(replica-1) * time.Hour
				l := NewLimits(LimitsConfig{Redis: redis, Account: acc, Rates: bot.TelegramRates()})
				run.Go(func() {
					for n := 0; time.Since(start) < 1200*time.Millisecond; n++ {
						wait, err := l.Take(t.Context(), time.Now().Add(wrong), chat(replica*10_000+n), bot.PriorityReply)
						if err != nil {
							t.Error(err)
						}
						if wait == 0 {
							taken.Add(1)
							continue
						}
						<-time.After(wait)
					}
				})
			}
			run.Wait()
			most := int64(time.Since(start)/(40*time.Millisecond)) + 1
			if n := taken.Load(); n > most || n < most/2 {
				t.Errorf("%d messages, want at most %d and not many fewer", n, most)
			}
		})
	}
}

// TestPauseIsShared: one process was told to rest, and all rest; what Redis
// forgot meanwhile is told again.
func TestPauseIsShared(t *testing.T) {
	t.Parallel()
	redis, c := newRedis(t), newClock()
	conf := LimitsConfig{Redis: redis, Account: account(), Rates: wholeMicros(), Now: c.now, OwnTime: true}
	told, other := NewLimits(conf), NewLimits(conf)
	_ = told.Pause(t.Context(), restOf(c.now(), 6*time.Second))
	if w, _ := other.Take(t.Context(), c.now(), chat(1), bot.PriorityReply); w != 6*time.Second {
		t.Errorf("another process waits %v, want 6s", w)
	}
	redis.client.FlushDB(t.Context())
	_, _ = told.Next(t.Context(), c.now())
	if w, _ := other.Next(t.Context(), c.now()); w != 6*time.Second {
		t.Errorf("after Redis forgot: %v, want 6s", w)
	}
	c.advance(6 * time.Second)
	if w, _ := other.Take(t.Context(), c.now(), chat(1), bot.PriorityReply); w != 0 {
		t.Errorf("after the rest: %v", w)
	}
	if w, _ := told.Take(t.Context(), c.now(), chat(2), bot.PriorityReply); w != 80*time.Millisecond {
		t.Errorf("half speed is %v, want 80ms", w)
	}
}

// TestLimitsWithoutRedis: each process takes its share and the pause holds;
// when Redis is back it is asked again and learns of the pause.
func TestLimitsWithoutRedis(t *testing.T) {
	t.Parallel()
	inside := embedded.StartRedis(time.Now)
	t.Cleanup(inside.Close)
	var away atomic.Bool
	r, err := OpenRedis(RedisConfig{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		if away.Load() {
			return nil, errors.New("refused")
		}
		return inside.Dial(ctx, network, addr)
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	away.Store(true)
	c := newClock()
	conf := LimitsConfig{Redis: r, Account: account(), Rates: wholeMicros(), Now: c.now, OwnTime: true}
	l := NewLimits(conf)
	for i, count := range []struct{ among, want int }{{0, 32}, {1, 32}, {2, 125}, {5, 50}} { // at the start one of 8, whatever the first count says
		among, want := count.among, count.want
		if i > 0 {
			l.Among(t.Context(), among)
		}
		c.advance(time.Minute)
		taken := 0
		for n := range 10_000 {
			if w, _ := l.Take(t.Context(), c.now(), chat(n), bot.PriorityReply); w == 0 {
				taken++
			}
			c.advance(time.Millisecond)
		}
		if taken != want {
			t.Errorf("%d in 10 s as one of %d, want %d", taken, among, want)
		}
	}
	_ = l.Pause(t.Context(), restOf(c.now(), 20*time.Second))
	l.Among(t.Context(), 3)
	if w, _ := l.Next(t.Context(), c.now()); w != 20*time.Second {
		t.Errorf("during a pause: %v, want 20s", w)
	}
	away.Store(false)
	// The client itself waits up to a second of real time before it dials again.
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
		c.advance(breakFor)
		_ = l.Pause(t.Context(), restOf(c.now(), 20*time.Second))
		if w, _ := NewLimits(conf).Next(t.Context(), c.now()); w == 20*time.Second {
			return
		}
	}
	t.Error("another process does not hear of the pause when Redis is back")
}

// TestClockPutBackStopsNobody: arrival times of a rehearsal in the future count for nothing.
func TestClockPutBackStopsNobody(t *testing.T) {
	t.Parallel()
	c := newClock()
	l := NewLimits(LimitsConfig{Redis: newRedis(t), Account: account(), Rates: wholeMicros(), Now: c.now, OwnTime: true})
	_, _ = l.Take(t.Context(), c.now().Add(9*time.Hour), chat(1), bot.PrioritySummary)
	if w, _ := l.Take(t.Context(), c.now(), chat(1), bot.PrioritySummary); w != 0 {
		t.Errorf("waits %v", w)
	}
}

// TestClockPutBackEndsARest: a rest of half a minute does not become one of hours,
// wherever it is remembered.
func TestClockPutBackEndsARest(t *testing.T) {
	t.Parallel()
	redis, c := newRedis(t), newClock()
	conf := LimitsConfig{Redis: redis, Account: account(), Rates: wholeMicros(), Now: c.now, OwnTime: true}
	told, other, alone := NewLimits(conf), NewLimits(conf), NewLimits(LimitsConfig{Rates: wholeMicros(), Now: c.now})
	rest := restOf(c.now(), 30*time.Second)
	_, _ = told.Pause(t.Context(), rest), alone.Pause(t.Context(), rest)
	for _, step := range []struct{ by, want time.Duration }{{-time.Millisecond, 30*time.Second + time.Millisecond}, {-time.Hour, 0}} {
		c.advance(step.by)
		for name, l := range map[string]*Limits{"told": told, "other": other, "without Redis": alone} {
			if w, _ := l.Next(t.Context(), c.now()); w != step.want {
				t.Errorf("%s, clock put back by %s: waits %s, want %s", name, step.by, w, step.want)
			}
		}
	}
	_ = told.Pause(t.Context(), restOf(c.now(), 5*time.Second))
	if w, _ := other.Next(t.Context(), c.now()); w != 5*time.Second {
		t.Errorf("told again: waits %s, want 5s", w)
	}
}

func BenchmarkLimits(b *testing.B) {
	r, err := OpenRedis(RedisConfig{URL: storetest.Redis(b)})
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	l := NewLimits(LimitsConfig{Redis: r, Account: account(), Rates: bot.TelegramRates(), OwnTime: true})
	now := monday()
	for n := 0; b.Loop(); n++ {
		now = now.Add(100 * time.Millisecond)
		if w, ok := l.ask(b.Context(), now, bot.PrioritySummary, chat(n)); !ok || w != 0 {
			b.Fatal(w, ok)
		}
	}
}
