package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestPing(t *testing.T) {
	t.Parallel()
	var asked, elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	dog := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path == "/moved-secret" {
			http.Redirect(w, r, other.URL, http.StatusFound)
		}
		if r.URL.Path == "/gone-secret" {
			http.NotFound(w, r)
		}
	}))
	defer dog.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	broken := errors.New("no row")
	for name, c := range map[string]struct {
		url   string
		well  error
		asked int64
		says  string
	}{
		"all is well":           {dog.URL + "/uuid", nil, 1, ""},
		"not ready":             {dog.URL + "/uuid", broken, 0, "no row"},
		"a redirect is refused": {dog.URL + "/moved-secret", nil, 1, "status 302"},
		"unknown there":         {dog.URL + "/gone-secret", nil, 1, "status 404"},
		"nobody there":          {gone.URL + "/secret", nil, 0, "refused"},
	} {
		before := asked.Load()
		var log overheard
		p := newPinger(c.url, func(context.Context) error { return c.well }, slog.New(slog.NewTextHandler(&log, nil)))
		p.beat(t.Context(), time.Now())
		if n := asked.Load() - before; n != c.asked {
			t.Errorf("%s: asked %d times, want %d", name, n, c.asked)
		}
		if got := log.String(); (c.says == "") != (got == "") || !strings.Contains(got, c.says) || strings.Contains(got, "secret") {
			t.Errorf("%s: log %q, want %q", name, got, c.says)
		}
	}
	if elsewhere.Load() != 0 {
		t.Error("a redirect was followed")
	}
}

// Who cannot be heard says so once an hour, and again after having been well.
func TestPingSaysItOnceAnHour(t *testing.T) {
	t.Parallel()
	var log overheard
	var err error
	dog := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer dog.Close()
	p := newPinger(dog.URL, func(context.Context) error { return err }, slog.New(slog.NewTextHandler(&log, nil)))
	for _, c := range []struct {
		minute int
		err    error
		lines  int
	}{
		{0, errDeaf, 1},
		{1, errDeaf, 1},
		{59, errDeaf, 1},
		{60, errDeaf, 2},
		{61, nil, 2},
		{62, errDeaf, 3},
	} {
		err = c.err
		p.beat(t.Context(), time.Date(2026, 11, 23, 8, c.minute, 0, 0, time.UTC))
		if n := strings.Count(log.String(), "watchdog not pinged"); n != c.lines {
			t.Errorf("minute %d: %d lines, want %d", c.minute, n, c.lines)
		}
	}
}

// A service that no update can reach is not well, however healthy it looks.
func TestWell(t *testing.T) {
	t.Parallel()
	s, _ := newOddStory(t, testLog(t))
	a := s.w.app
	if err := a.well(t.Context()); err != nil {
		t.Errorf("just polled: %v", err)
	}
	s.w.clock.Set(s.w.clock.Now().Add(deafAfter + time.Second))
	if err := a.well(t.Context()); !errors.Is(err, errDeaf) {
		t.Errorf("after five silent minutes: %v", err)
	}
	if _, err := a.Pump(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.well(t.Context()); err != nil {
		t.Errorf("polled again: %v", err)
	}
	s.w.db.Close()
	if err := a.well(t.Context()); err == nil || errors.Is(err, errDeaf) {
		t.Errorf("without a database: %v", err)
	}
}
