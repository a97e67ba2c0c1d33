//go:build unix

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot/fakegram"
	"ekinerja/store/storetest"
)

// twins are several real processes on one database and one network.
type twins struct {
	t       *testing.T
	url     string
	phone   *fakegram.Person
	updates []string // of all that was written
}

// twin is one of them. It reaches the network by a door of its own, so that one
// sees who polls.
type twin struct {
	*host
	life *life

	mu    sync.Mutex
	polls []time.Time
}

// newTwins makes the network's side of n processes; none is started.
func newTwins(t *testing.T, n int, lease time.Duration) (*twins, []*twin) {
	t.Helper()
	const token = "1720:replica-test"
	clk := newClock(time.Until(time.Date(2026, 11, 23, 16, 5, 0, 0, time.FixedZone("WIB", 7*3600))))
	net := fakegram.New(fakegram.Config{Token: token, BotUsername: "ekinerja_solo_bot", BotName: "Laporan Harian Solo", Now: clk.Now})
	ts := &twins{t: t, url: storetest.New(t), phone: net.Person(71001, "Sri", "+628120001")}
	ts.phone.Open()
	env := []string{
		"EKINERJA_DATABASE_URL=" + ts.url, "EKINERJA_REDIS_URL=" + storetest.Redis(t), "EKINERJA_TELEGRAM_TOKEN=" + token,
		"EKINERJA_LEASE=" + lease.String(),
	}
	var all []*twin
	for range n {
		w := &twin{host: newHost(t, clk)}
		door := httptest.NewServer(w.door(net))
		t.Cleanup(func() {
			net.Close() // or the door waits for open polls
			door.Close()
		})
		w.env = append(slices.Clone(env), "EKINERJA_TELEGRAM_API_URL="+door.URL)
		all = append(all, w)
	}
	return ts, all
}

// door notes the polls that pass through.
func (w *twin) door(net http.Handler) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/getUpdates") {
			w.mu.Lock()
			w.polls = append(w.polls, time.Now())
			w.mu.Unlock()
		}
		net.ServeHTTP(rw, r)
	}
}

// polled is when the process first polled after a moment; ok is false if never.
func (w *twin) polled(after time.Time) (at time.Time, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.polls, after.Before)
	if i < 0 {
		return at, false
	}
	return w.polls[i], true
}

// start begins the process's life and waits until it is one of so many.
func (ts *twins) start(w *twin, replicas int) {
	ts.t.Helper()
	w.life = w.start()
	eventually(ts.t, time.Minute, "the replica", func() bool {
		return len(storetest.Rows(ts.t, ts.url, `SELECT 1 FROM lease WHERE name LIKE 'replica:%'`)) == replicas
	})
}

func (w *twin) signal(s syscall.Signal) {
	w.t.Helper()
	if err := w.life.cmd.Process.Signal(s); err != nil {
		w.t.Fatal(err)
	}
}

// takesOver waits until the process polls after a moment, and logs how long that took.
func (w *twin) takesOver(what string, from time.Time, within time.Duration) {
	w.t.Helper()
	var at time.Time
	eventually(w.t, within+2*time.Second, "a poll of the other process", func() (ok bool) {
		at, ok = w.polled(from)
		return ok
	})
	took := at.Sub(from)
	w.t.Logf("%s: taken over after %v", what, took.Round(100*time.Millisecond))
	if took > within {
		w.t.Errorf("%s: taken over after %v, want %v at most", what, took, within)
	}
}

// say writes one message more.
func (ts *twins) say() {
	ts.t.Helper()
	sent, err := ts.phone.Send(fmt.Sprintf("pesan %d", len(ts.updates)))
	if err != nil {
		ts.t.Fatal(err)
	}
	ts.updates = append(ts.updates, strconv.FormatInt(sent.UpdateID, 10))
}

// dealtWith waits until everything written is stored and handled.
func (ts *twins) dealtWith() {
	ts.t.Helper()
	eventually(ts.t, 20*time.Second, "all that was written to be dealt with", func() bool {
		return len(storetest.Rows(ts.t, ts.url, `SELECT 1 FROM inbox WHERE state = 'done'`)) == len(ts.updates)
	})
}

// judge finds everything written once, in its order, and no complaint.
func (ts *twins) judge(all []*twin) {
	ts.t.Helper()
	got := []string{}
	for _, row := range storetest.Rows(ts.t, ts.url, `SELECT convert_from(raw, 'UTF8')::jsonb ->> 'update_id' FROM inbox ORDER BY id`) {
		got = append(got, row[0])
	}
	if diff := cmp.Diff(ts.updates, got); diff != "" {
		ts.t.Error(diff)
	}
	for _, w := range all {
		for _, line := range w.complaints() {
			ts.t.Error(line)
		}
	}
}

func eventually(t *testing.T, within time.Duration, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !done(); <-time.After(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain for %s", within, what)
		}
	}
}

// TestPollIsTakenOver: of two processes one polls. It is frozen, and the other
// takes over within 20 s; woken, it leaves the poll alone. The other is killed,
// and the first takes over in turn; a third is there at once when that one stops
// in order. Whatever was written meanwhile is there once.
func TestPollIsTakenOver(t *testing.T) {
	t.Parallel()
	lease, limit := 15*time.Second, 20*time.Second
	if testing.Short() {
		lease, limit = 3*time.Second, 5*time.Second
	}
	ts, all := newTwins(t, 3, lease)
	a, b, c := all[0], all[1], all[2]
	ts.start(a, 1)
	eventually(t, time.Minute, "the first poll", func() bool { _, ok := a.polled(time.Time{}); return ok })
	ts.start(b, 2)
	ts.say()
	ts.dealtWith()
	if _, ok := b.polled(time.Time{}); ok {
		t.Error("two processes poll")
	}

	frozen := time.Now()
	a.signal(syscall.SIGSTOP)
	ts.say() // goes to the open poll of the frozen one
	b.takesOver("frozen", frozen, limit)
	ts.dealtWith()
	woken := time.Now()
	a.signal(syscall.SIGCONT)
	ts.say()
	ts.dealtWith()
	if err := a.life.lives(t.Context(), lease/3+2*time.Second); err != nil {
		t.Fatal(err)
	}
	if at, ok := a.polled(woken); ok {
		t.Errorf("the old holder polled %v after it woke up", at.Sub(woken))
	}

	killed := time.Now()
	b.life.kill()
	ts.say()
	a.takesOver("killed", killed, limit)
	ts.dealtWith()

	ts.start(c, 3)
	stopping := time.Now()
	if _, err := a.life.stop(); err != nil {
		t.Fatal(err)
	}
	ts.say()
	c.takesOver("stopped", stopping, lease/4+2*time.Second)
	ts.dealtWith()
	ts.judge(all)
}
