package embedded_test

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"ekinerja/store/embedded"
)

// connect is a client of server that asks nothing of the network: left alone,
// the library looks "localhost" up to learn whether maintenance notices apply,
// and the first lookup of a process must not happen inside a bubble: the
// resolver's lock would belong to it and end the process at the next lookup.
func connect(server *embedded.Redis) *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr: "in-process", Dialer: server.Dial,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
}

func TestRedisSpeaksToGoRedis(t *testing.T) {
	t.Parallel()
	server := embedded.StartRedis(time.Now)
	t.Cleanup(server.Close)
	c := connect(server)
	t.Cleanup(func() { c.Close() })
	if err := c.Set(t.Context(), "greeting", "sugeng enjing", 0).Err(); err != nil {
		t.Fatal(err)
	}
	server.Flush()
	if err := c.Get(t.Context(), "greeting").Err(); !errors.Is(err, redis.Nil) {
		t.Errorf("after Flush: %v, want redis.Nil", err)
	}
	server.Close()
	if err := c.Ping(t.Context()).Err(); err == nil {
		t.Error("a closed server answers")
	}
}

// A long pipeline is written while its answers already come back: both sides
// must be able to be ahead of each other.
func TestRedisTakesALongPipeline(t *testing.T) {
	t.Parallel()
	server := embedded.StartRedis(time.Now)
	t.Cleanup(server.Close)
	c := connect(server)
	t.Cleanup(func() { c.Close() })
	pipe := c.Pipeline()
	for i := range 20_000 {
		pipe.Set(t.Context(), fmt.Sprintf("key:%d", i), i, 0)
	}
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := c.DBSize(t.Context()).Result(); err != nil || n != 20_000 {
		t.Errorf("%d keys, %v", n, err)
	}
}

// Live state is a matter of time limits: inside a bubble hours pass at once.
func TestRedisForgetsInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := embedded.StartRedis(time.Now)
		defer server.Close()
		c := connect(server)
		defer c.Close()
		if err := c.Set(t.Context(), "session", "open", 2*time.Hour).Err(); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Hour)
		if got, err := c.Get(t.Context(), "session").Result(); got != "open" {
			t.Errorf("after an hour: %q, %v", got, err)
		}
		<-time.After(time.Hour + time.Second)
		if err := c.Get(t.Context(), "session").Err(); !errors.Is(err, redis.Nil) {
			t.Errorf("after two hours: %v, want redis.Nil", err)
		}
	})
}

// A silent server must not hold a client for ever.
func TestRedisTakesAReadTimeout(t *testing.T) {
	t.Parallel()
	server := embedded.StartRedis(time.Now)
	t.Cleanup(server.Close)
	conn, err := server.Dial(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Read = %v, want a deadline", err)
	}
}

func TestRedisFollowsTheClockItIsGiven(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	var clock atomic.Pointer[time.Time]
	clock.Store(&noon)
	server := embedded.StartRedis(func() time.Time { return *clock.Load() })
	t.Cleanup(server.Close)
	c := connect(server)
	t.Cleanup(func() { c.Close() })
	if err := c.Set(t.Context(), "session", "open", 2*time.Hour).Err(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		at   time.Time
		left int64
	}{{noon.Add(time.Hour), 1}, {noon, 1}, {noon.Add(30 * time.Minute), 1}, {noon.Add(2 * time.Hour), 0}} {
		clock.Store(&step.at)
		if n, err := c.Exists(t.Context(), "session").Result(); err != nil || n != step.left {
			t.Errorf("at %v: %d keys, %v; want %d", step.at, n, err, step.left)
		}
		if at, err := c.Time(t.Context()).Result(); err != nil || !at.Equal(step.at) {
			t.Errorf("TIME = %v, %v; want %v", at, err, step.at)
		}
	}
}
