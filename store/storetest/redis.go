package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// databases is how many tests of one binary can have a Redis database each.
const databases = 4096

// live is the Redis of this test binary: begun by the first test that asks.
var live = sync.OnceValues(startRedis)

// Redis gives one test an empty Redis database of its own and returns its URL
// for redis.ParseURL. Keys are apart from those of other tests; channels of
// publish and subscribe are not: put the test's name into theirs.
//
// Where redis-server is missing, an imitation in this process takes its place,
// except when CI is "true": then the test fails.
func Redis(t testing.TB) string {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		return imitation(t, err)
	}
	r, err := live()
	if err != nil {
		t.Fatalf("start Redis for tests: %v", err)
	}
	n := r.next.Add(1) - 1
	if n >= databases {
		t.Fatalf("more than %d tests want a Redis database", databases)
	}
	u := url.URL{Scheme: "unix", Path: r.socket, RawQuery: "db=" + strconv.FormatInt(n, 10)}
	return u.String()
}

func imitation(t testing.TB, why error) string {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("redis-server is missing, and CI is true: %v", why)
	}
	t.Logf("*** redis-server is missing: tested against an imitation ***")
	m := miniredis.NewMiniRedis()
	if err := m.Start(); err != nil {
		t.Fatalf("start imitation of Redis: %v", err)
	}
	t.Cleanup(m.Close)
	return "redis://" + m.Addr() + "/0"
}

// redis is a redis-server that tests share.
type redis struct {
	socket string
	next   atomic.Int64
	leash  io.Closer // see sweepAfterDeath
}

func startRedis() (*redis, error) {
	dir, err := scratch()
	if err != nil {
		return nil, err
	}
	r := &redis{socket: filepath.Join(dir, "r.sock")}
	if r.leash, err = sweepAfterDeath(dir, r.socket); err != nil {
		return nil, err
	}
	ended, err := r.launch(dir)
	if err == nil {
		err = r.await(ended)
	}
	if err != nil {
		r.leash.Close()
		return nil, err
	}
	return r, nil
}

// launch starts the process; what it returns is closed when it has ended.
func (r *redis) launch(dir string) (<-chan struct{}, error) {
	cmd := exec.Command("redis-server", "--port", "0", "--unixsocket", r.socket, "--unixsocketperm", "700",
		"--dir", dir, "--save", "", "--appendonly", "no", "--databases", strconv.Itoa(databases),
		"--daemonize", "no", "--logfile", filepath.Join(dir, "redis.log"))
	cmd.SysProcAttr = tethered()
	started, ended := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the server ends with the thread that started it
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // it ends when we do
			close(ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("run redis-server: %w", err)
	}
	return ended, nil
}

// await returns when the server answers.
func (r *redis) await(ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if c, err := (&net.Dialer{}).DialContext(ctx, "unix", r.socket); err == nil {
			return c.Close()
		}
		select {
		case <-ended:
			log, _ := os.ReadFile(filepath.Join(filepath.Dir(r.socket), "redis.log"))
			return errors.New("redis-server ended: " + string(log))
		case <-ctx.Done():
			return fmt.Errorf("wait for redis-server: %w", ctx.Err())
		case <-tick.C:
		}
	}
}
