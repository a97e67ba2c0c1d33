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

	"ekinerja/bot/fakegram"
	"ekinerja/store/storetest"
)

// twin is one of several real processes on one database and one network. It
// reaches the network by a door of its own, so that one sees who polls.
type twin struct {
	*host
	life *life

	mu    sync.Mutex
	polls []time.Time
}

// twins starts the network's side of n processes.
func newTwins(t *testing.T, n int, lease time.Duration) (net *fakegram.Server, url string, all []*twin) {
	t.Helper()
	const token = "1720:replica-test"
	clk := newClock(time.Until(time.Date(2026, 11, 23, 16, 5, 0, 0, time.FixedZone("WIB", 7*3600))))
	net = fakegram.New(fakegram.Config{Token: token, BotUsername: "ekinerja_solo_bot", BotName: "Laporan Harian Solo", Now: clk.Now})
	t.Cleanup(net.Close)
	url = storetest.New(t)
	redis := storetest.Redis(t)
	for range n {
		w := &twin{host: newHost(t, clk)}
		door := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/getUpdates") {
				w.mu.Lock()
				w.polls = append(w.polls, time.Now())
				w.mu.Unlock()
			}
			net.ServeHTTP(rw, r)
		}))
		t.Cleanup(func() {
			net.Close() // or the door waits for open polls
			door.Close()
		})
		w.env = []string{
			"EKINERJA_DATABASE_URL=" + url, "EKINERJA_REDIS_URL=" + redis, "EKINERJA_TELEGRAM_TOKEN=" + token,
			"EKINERJA_TELEGRAM_API_URL=" + door.URL, "EKINERJA_LEASE=" + lease.String(),
		}
		all = append(all, w)
	}
	return net, url, all
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

func (w *twin) signal(s syscall.Signal) {
	w.t.Helper()
	if err := w.life.cmd.Process.Signal(s); err != nil {
		w.t.Fatal(err)
	}
}

// takesOver waits until the process polls, and tells how long that took.
func (w *twin) takesOver(from time.Time, within time.Duration) time.Duration {
	w.t.Helper()
	var at time.Time
	eventually(w.t, within+2*time.Second, "a poll of the other process", func() (ok bool) {
		at, ok = w.polled(from)
		return ok
	})
	took := at.Sub(from)
	if took > within {
		w.t.Errorf("took over after %v, want %v at most", took, within)
	}
	return took
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
	net, url, all := newTwins(t, 3, lease)
	a, b, c := all[0], all[1], all[2]
	ctx := t.Context()
	phone := net.Person(71001, "Sri", "+628120001")
	phone.Open()
	var updates []string
	say := func() {
		t.Helper()
		sent, err := phone.Send(fmt.Sprintf("pesan %d", len(updates)))
		if err != nil {
			t.Fatal(err)
		}
		updates = append(updates, strconv.FormatInt(sent.UpdateID, 10))
	}
	dealtWith := func() {
		t.Helper()
		eventually(t, 20*time.Second, "all that was written to be dealt with", func() bool {
			return len(storetest.Rows(t, url, `SELECT 1 FROM inbox WHERE state = 'done'`)) == len(updates)
		})
	}
	replicas := func(n int) {
		t.Helper()
		eventually(t, time.Minute, "the replicas", func() bool {
			return len(storetest.Rows(t, url, `SELECT 1 FROM lease WHERE name LIKE 'replica:%'`)) == n
		})
	}

	a.life = a.start()
	eventually(t, time.Minute, "the first poll", func() bool { _, ok := a.polled(time.Time{}); return ok })
	b.life = b.start()
	replicas(2)
	say()
	dealtWith()
	if _, ok := b.polled(time.Time{}); ok {
		t.Error("two processes poll")
	}

	frozen := time.Now()
	a.signal(syscall.SIGSTOP)
	say() // goes to the open poll of the frozen one
	t.Logf("frozen: taken over after %v", b.takesOver(frozen, limit).Round(100*time.Millisecond))
	dealtWith()
	woken := time.Now()
	a.signal(syscall.SIGCONT)
	say()
	dealtWith()
	if err := a.life.lives(ctx, lease/3+2*time.Second); err != nil {
		t.Fatal(err)
	}
	if at, ok := a.polled(woken); ok {
		t.Errorf("the old holder polled %v after it woke up", at.Sub(woken))
	}

	killed := time.Now()
	b.life.kill()
	say()
	t.Logf("killed: taken over after %v", a.takesOver(killed, limit).Round(100*time.Millisecond))
	dealtWith()

	c.life = c.start()
	replicas(3)
	stopping := time.Now()
	if _, err := a.life.stop(); err != nil {
		t.Fatal(err)
	}
	say()
	t.Logf("stopped: taken over after %v", c.takesOver(stopping, lease/4+2*time.Second).Round(100*time.Millisecond))
	dealtWith()

	got := storetest.Rows(t, url, `SELECT convert_from(raw, 'UTF8')::jsonb ->> 'update_id' FROM inbox ORDER BY id`)
	for i, row := range got {
		if row[0] != updates[i] {
			t.Errorf("message %d is update %s, want %s", i, row[0], updates[i])
		}
	}
	for _, w := range all {
		for _, line := range w.complaints() {
			t.Error(line)
		}
	}
}
