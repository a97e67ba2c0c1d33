package telegram

import (
	"bytes"
	"context"
	"errors"
	"image"
	pngpkg "image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
)

const (
	canary     = "AAcanary-token_0123456789"
	testToken  = "7001:" + canary
	testSecret = "canary-webhook-secret-0123456789"
)

var morning = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// logBook is a log that tests read.
type logBook struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// store is an inbox in memory that may refuse.
type store struct {
	mu     sync.Mutex
	refuse int // how many Receive calls still fail
	calls  int
	in     []bot.Received
}

var errNoDatabase = errors.New("no database")

func (s *store) Receive(_ context.Context, account string, in []bot.Received) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if account != "7001" {
		return errors.New("wrong account " + account)
	}
	if s.refuse > 0 {
		s.refuse--
		return errNoDatabase
	}
	s.in = append(s.in, in...)
	return nil
}

func (s *store) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.in {
		out = append(out, r.Msg.Text)
	}
	return out
}

// adapterAt is an adapter whose rests take no time and are noted in rests.
func adapterAt(t *testing.T, url string) (a *Adapter, log *logBook, rests *[]time.Duration) {
	t.Helper()
	log, rests = &logBook{}, &[]time.Duration{}
	a, err := New(Config{
		Token: testToken, APIURL: url, WebhookSecret: testSecret,
		Now: func() time.Time { return morning },
		Sleep: func(ctx context.Context, d time.Duration) error {
			*rests = append(*rests, d)
			return ctx.Err()
		},
	}, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	a.jitter = func() float64 { return 0.5 }
	t.Cleanup(a.http.CloseIdleConnections)
	return a, log, rests
}

// network is a simulated Telegram on a port; at the end it tells what was
// against the rules of the Bot API.
func network(t *testing.T) (*fakegram.Server, *Adapter) {
	t.Helper()
	srv := fakegram.New(fakegram.Config{
		Token: testToken, BotUsername: "kinerja_bot", BotName: "Kinerja",
		Now: func() time.Time { return morning }, Limits: fakegram.NoLimits(),
	})
	web := httptest.NewServer(srv)
	t.Cleanup(func() {
		srv.Close()
		web.CloseClientConnections()
		web.Close()
		for _, v := range srv.Violations() {
			t.Errorf("%s broke a rule: %s", v.Method, v.Description)
		}
	})
	a, _, _ := adapterAt(t, web.URL)
	return srv, a
}

// api is a Bot API that answers every call with what answer writes.
func api(t *testing.T, answer http.HandlerFunc) (*Adapter, *logBook, *[]time.Duration) {
	t.Helper()
	web := httptest.NewServer(answer)
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	return adapterAt(t, web.URL)
}

func bodyOf(r *http.Request) string {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func ani() bot.Address { return bot.Address{Network: bot.Telegram, ID: "501"} }

// png is the smallest picture that a strict network takes.
func png() []byte {
	var buf bytes.Buffer
	if err := pngpkg.Encode(&buf, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return buf.Bytes()
}
