package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
)

// host starts lives of the program, one after the other, on the same database,
// Redis and network.
type host struct {
	t     *testing.T
	clock *clock // of the network and of every life
	env   []string
	log   *os.File // what all lives wrote

	mu    sync.Mutex
	polls chan struct{} // closed when the present life asks for updates
	aimed *aim          // at the present life; nil: at nothing
	given bool          // updates that are not confirmed
}

// aim waits for a moment at which a kill hurts most.
type aim struct {
	at  moment
	hit chan struct{} // closed at that moment
}

type moment string

const (
	// Updates have been handed over and are not confirmed.
	handedOver moment = "/getUpdates"
	// They have just been confirmed: the network forgets them.
	confirmed moment = "confirmed"
	// A message is on somebody's phone, and the answer that says so is not out.
	onThePhone moment = "/sendMessage"
)

func newHost(t *testing.T, clk *clock) *host {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "program.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	return &host{t: t, clock: clk, log: log}
}

// network serves a simulated network over TCP and notices who polls.
func (h *host) network(token string) *fakegram.Server {
	h.t.Helper()
	net := fakegram.New(fakegram.Config{
		Token: token, BotUsername: "ekinerja_solo_bot", BotName: "Laporan Harian Solo", Now: h.clock.Now,
	})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.serve(net, w, r) }))
	h.t.Cleanup(func() {
		net.Close()
		front.Close()
	})
	h.env = append(h.env, "EKINERJA_TELEGRAM_TOKEN="+token, "EKINERJA_TELEGRAM_API_URL="+front.URL)
	return net
}

// serve stands before the network and looks for the moment that is aimed at.
func (h *host) serve(net http.Handler, w http.ResponseWriter, r *http.Request) {
	const noUpdates = len(`{"ok":true,"result":[]}`)
	switch {
	case strings.HasSuffix(r.URL.Path, string(handedOver)):
		if h.polled() {
			h.strike(confirmed)
		}
		count := &counter{ResponseWriter: w}
		net.ServeHTTP(count, r)
		if count.n > noUpdates {
			h.gave()
			h.strike(handedOver)
		}
	case strings.HasSuffix(r.URL.Path, string(onThePhone)):
		answer := httptest.NewRecorder()
		net.ServeHTTP(answer, r)
		if answer.Code == http.StatusOK && h.strike(onThePhone) {
			<-r.Context().Done() // the life ends without this answer
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // the life may be gone
	default:
		net.ServeHTTP(w, r)
	}
}

// counter counts the bytes of an answer.
type counter struct {
	http.ResponseWriter
	n int
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += len(p)
	return c.ResponseWriter.Write(p)
}

// aim makes the next such moment known by closing the channel.
func (h *host) aim(at moment) <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.aimed = &aim{at: at, hit: make(chan struct{})}
	return h.aimed.hit
}

// strike reports whether this moment is the one that is aimed at.
func (h *host) strike(at moment) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.aimed == nil || h.aimed.at != at {
		return false
	}
	close(h.aimed.hit)
	h.aimed = nil
	return true
}

// polled notes a request for updates; it reports whether the same life was given
// some before, which are confirmed by it.
func (h *host) polled() (confirms bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.polls != nil {
		close(h.polls)
		h.polls = nil
	}
	confirms, h.given = h.given, false
	return confirms
}

func (h *host) gave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.given = true
}

// life is one process.
type life struct {
	cmd   *exec.Cmd
	leash io.Closer
	polls chan struct{} // closed at its first request for updates
	ended chan struct{} // closed when the process is gone
	err   error         // of the process; read after ended
}

// start begins a life whose clock shows what the network's shows.
func (h *host) start() *life {
	h.t.Helper()
	self, err := os.Executable()
	if err != nil {
		h.t.Fatal(err)
	}
	cmd := exec.Command(self, "serve")
	cmd.Stdout, cmd.Stderr = h.log, h.log
	cmd.Env = append([]string{
		childEnv + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "EKINERJA_LISTEN=127.0.0.1:0",
		"EKINERJA_LEASE=1s", // or each life would wait for the lease of the one before
		"EKINERJA_CLOCK_OFFSET=" + time.Until(h.clock.Now()).String(),
	}, h.env...)
	l := &life{cmd: cmd, polls: make(chan struct{}), ended: make(chan struct{})}
	if l.leash, err = cmd.StdinPipe(); err != nil {
		h.t.Fatal(err)
	}
	h.mu.Lock()
	h.polls, h.aimed, h.given = l.polls, nil, false
	h.mu.Unlock()
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	go func() {
		l.err = cmd.Wait()
		close(l.ended)
	}()
	h.t.Cleanup(l.kill)
	return l
}

// kill ends the process as a power cut would, and returns when it is gone.
func (l *life) kill() {
	_ = l.cmd.Process.Kill() // it may be gone
	<-l.ended
}

// works waits until the life asks for updates.
func (l *life) works(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	select {
	case <-l.polls:
		return nil
	case <-l.ended:
		return fmt.Errorf("the program ended by itself: %w", l.err)
	case <-ctx.Done():
		return errors.New("the program takes no updates")
	}
}

// meets waits for a moment, at most for d.
func (l *life) meets(ctx context.Context, hit <-chan struct{}, d time.Duration) error {
	select {
	case <-hit:
		return nil
	case <-time.After(d):
		return nil
	case <-l.ended:
		return fmt.Errorf("the program ended by itself: %w", l.err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lives waits for d, or answers an error if the life ends before.
func (l *life) lives(ctx context.Context, d time.Duration) error { return l.meets(ctx, nil, d) }

// stop asks the process to end, as a deployment does, and tells how long that took.
func (l *life) stop() (time.Duration, error) {
	start := time.Now()
	if err := l.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	select {
	case <-l.ended:
		return time.Since(start), l.err
	case <-time.After(20 * time.Second):
		return 0, errors.New("the program did not stop within 20 s of SIGTERM")
	}
}

// complaints are the lines of all lives that no kill excuses.
func (h *host) complaints() []string {
	h.t.Helper()
	data, err := os.ReadFile(h.log.Name())
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		for _, sign := range []string{"level=ERROR", "DATA RACE", "panic:", "goroutine "} {
			if strings.Contains(line, sign) {
				out = append(out, strings.TrimSpace(line))
			}
		}
	}
	return out
}
