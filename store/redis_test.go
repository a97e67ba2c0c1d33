package store

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/store/storetest"
)

func noOutcome() conversations.Outcome { return conversations.Outcome{} }

func newRedis(t *testing.T) *Redis {
	t.Helper()
	r, err := OpenRedis(RedisConfig{URL: storetest.Redis(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestOnlyNewerSessionsAreKept(t *testing.T) {
	t.Parallel()
	c := &Sessions{Redis: newRedis(t), Epoch: "one"}
	now := monday()
	for _, put := range []struct {
		version int64
		body    string
		want    string
	}{{2, "b", "b"}, {1, "a", "b"}, {2, "x", "b"}, {10, "c", "c"}} {
		c.Put(t.Context(), now, Copy{"e1", put.version, []byte(`"` + put.body + `"`)})
		if got := c.Get(t.Context(), now, "e1")[0].Body; string(got) != `"`+put.want+`"` {
			t.Errorf("after version %d: %q, want %q", put.version, got, put.want)
		}
	}
	other := &Sessions{Redis: c.Redis, Epoch: "two"}
	if v := other.Get(t.Context(), now, "e1")[0].Version; v != -1 {
		t.Errorf("another epoch sees version %d", v)
	}
	var none *Sessions
	none.Put(t.Context(), now, Copy{"e1", 1, nil})
	if v := none.Get(t.Context(), now, "e1")[0].Version; v != -1 {
		t.Errorf("no Redis has version %d", v)
	}
}

// Whatever Redis holds, the session of the next turn is the one that was committed.
func TestSessionSurvivesEveryRedis(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	key := keyOf(id)
	redis := newRedis(t)
	ours := &Sessions{Redis: redis, Epoch: s.store.Epoch()}
	s.turns.Sessions = ours
	stale := []byte(`{"stage":"confirm"}`)
	for i, c := range []struct {
		name  string
		spoil func()
	}{
		{"untouched", func() {}},
		{"flushed", func() { redis.client.FlushDB(context.Background()) }},
		{"stale", func() {
			redis.client.FlushDB(context.Background())
			ours.Put(context.Background(), s.clock.now(), Copy{key, 1, stale})
		}},
		{"from the future", func() { ours.Put(context.Background(), s.clock.now(), Copy{key, 1000, stale}) }},
		{"of another life", func() {
			redis.client.FlushDB(context.Background())
			(&Sessions{Redis: redis, Epoch: "old"}).Put(context.Background(), s.clock.now(), Copy{key, 4, stale})
		}},
	} {
		got := s.does(conversations.Outcome{Session: conversations.Session{Stage: conversations.StageAdd, Item: i + 1}})
		s.receive(s.text("100", c.name))
		c.spoil()
		s.handle(key)
		if got.Session.Item != i || (i > 0 && got.Session.Stage != conversations.StageAdd) {
			t.Errorf("%s: session %+v", c.name, got.Session)
		}
	}
	// The copy is really used: what the database holds is another body now.
	redis.client.FlushDB(t.Context())
	s.do("100", id, conversations.Outcome{Session: conversations.Session{Item: 7}})
	s.exec(`UPDATE conversation SET body = '{"item": 8}' WHERE key = $1`, key)
	if got := s.do("100", id, noOutcome()); got.Session.Item != 7 {
		t.Errorf("the copy was not used: %+v", got.Session)
	}
}

// lines counts what a logger wrote.
type lines struct {
	mu sync.Mutex
	n  int
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n += strings.Count(string(b), "\n")
	return len(b), nil
}

func TestRedisAwayCostsOneLineAndLittleTime(t *testing.T) {
	t.Parallel()
	dials, log := 0, &lines{}
	r, err := OpenRedis(RedisConfig{
		Dial: func(context.Context, string, string) (net.Conn, error) { dials++; return nil, errors.New("refused") },
		Log:  slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := &Sessions{Redis: r, Epoch: "one"}
	now := monday()
	for range 100 {
		if v := c.Get(t.Context(), now, "e1")[0].Version; v != -1 {
			t.Fatal("found something in no Redis")
		}
	}
	if dials > 10 {
		t.Errorf("%d dials while the breaker should be open", dials)
	}
	if log.n != 1 {
		t.Errorf("%d lines", log.n)
	}
	before := dials
	c.Get(t.Context(), now.Add(breakFor), "e1")
	if dials == before {
		t.Error("Redis is never asked again")
	}
	c.Get(t.Context(), now.Add(sayEvery), "e1")
	if log.n != 2 {
		t.Errorf("%d lines after 10 s", log.n)
	}
}

func TestBadURLsDoNotShowPasswords(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	_, err := OpenRedis(RedisConfig{URL: "http://x:" + secret + "@h:port"})
	_, err2 := Open(t.Context(), Config{URL: "postgres://x:" + secret + "@h:port/db"})
	for _, err := range []error{err, err2} {
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("error %v", err)
		}
	}
}

func TestOpenAndReady(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if len(s.store.Epoch()) != 36 {
		t.Errorf("epoch %q", s.store.Epoch())
	}
	for range 2 {
		if err := s.store.Ready(t.Context(), s.clock.now()); err != nil {
			t.Error(err)
		}
	}
	s.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err := s.store.Ready(t.Context(), s.clock.now().Add(time.Second)); err != nil {
		t.Errorf("after the server cut us off: %v", err)
	}
	if _, err := Open(t.Context(), Config{URL: storetest.Empty(t)}); err == nil || !strings.Contains(err.Error(), "migrated") {
		t.Errorf("a database without tables: %v", err)
	}
}
