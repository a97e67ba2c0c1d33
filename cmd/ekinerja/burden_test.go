package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ekinerja/store"
	"ekinerja/store/storetest"
)

// TestBurdenIsToldOnMondays: what the week's reports cost their writers is one line
// in the log, on Monday and never again.
func TestBurdenIsToldOnMondays(t *testing.T) {
	t.Parallel()
	set, err := config{Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: "127.0.0.1:0", DataDir: t.TempDir()}.check()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Config{URL: storetest.New(t), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	var log bytes.Buffer
	monday := mustMonday(t).At(0, time.FixedZone("WIB", 7*3600))
	w, err := newWorld(t.Context(), set, db, stoppedClock(monday.Add(15*time.Hour)), 1720, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	for _, c := range []struct {
		after time.Duration
		want  int
	}{
		{16 * time.Hour, 0},
		{4*24*time.Hour + 16*time.Hour, 0},
		{6*24*time.Hour + 12*time.Hour, 0},
		{7*24*time.Hour + 5*time.Hour + time.Minute, 1},
		{7*24*time.Hour + 12*time.Hour, 1},
		{8*24*time.Hour + 12*time.Hour, 1},
	} {
		w.clock.Set(monday.Add(c.after))
		w.app.tick(t.Context())
		if got := strings.Count(log.String(), "burden of the week"); got != c.want {
			t.Errorf("%v after Monday's midnight: told %d times, want %d", c.after, got, c.want)
		}
	}
}
