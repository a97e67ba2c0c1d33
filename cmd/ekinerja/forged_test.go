package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"ekinerja/store/storetest"
)

// forgedAlone is from how many updates on the test is run alone, and can say
// what memory they cost.
const forgedAlone = 100_000

var forgedCount = flag.Int("forged.count", 500, "how many forged and replayed updates are posted; 100000 in make forged")

// forgery is a post that must change nothing.
type forgery struct {
	name, secret, body string
	status             int
}

// forgeries are of every sort; update makes a well-formed one by its number.
func forgeries(update func(id int) string, replayed []string) []forgery {
	fresh := func() string { return update(50_000_000 + rand.IntN(1_000_000)) }
	out := []forgery{
		{"no secret", "", fresh(), http.StatusUnauthorized},
		{"another secret of that length", strings.ToUpper(canarySecret), fresh(), http.StatusUnauthorized},
		{"a part of the secret", canarySecret[:len(canarySecret)-1], fresh(), http.StatusUnauthorized},
		{"the secret and more", canarySecret + "x", fresh(), http.StatusUnauthorized},
		{"a megabyte and more, without the secret", "", strings.Repeat("x", 1<<20+1), http.StatusUnauthorized},
		{"a megabyte and more, with the secret", canarySecret, strings.Repeat(" ", 1<<20) + fresh(), http.StatusRequestEntityTooLarge},
	}
	for _, old := range replayed {
		out = append(out, forgery{"an update of before", canarySecret, old, http.StatusOK})
	}
	return out
}

// pick is a forgery by chance; large ones are rare, or nothing else is tried.
func pick(all []forgery) forgery {
	for {
		if f := all[rand.IntN(len(all))]; len(f.body) < 1<<20 || rand.IntN(50) == 0 {
			return f
		}
	}
}

// TestForgedUpdatesChangeNothing (T7, T8): the webhook's address is known to
// somebody who does not know its secret, or who repeats what was posted before.
// Nothing of it is stored, and somebody who reports meanwhile is answered.
func TestForgedUpdatesChangeNothing(t *testing.T) {
	t.Parallel()
	var log overheard
	s, url := newOddStory(t, slog.New(slog.NewTextHandler(&log, nil)))
	hook, err := s.w.app.adapter.Handler(s.w.app.inbox)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(hook)
	t.Cleanup(web.Close)
	chat := s.phone("sri").ID
	update := func(id int) string {
		return fmt.Sprintf(`{"update_id":%[1]d,"message":{"message_id":%[1]d,"date":%[2]d,"from":{"id":%[3]d,"is_bot":false,"first_name":"S"},`+
			`"chat":{"id":%[3]d,"type":"private"},"text":"/bantuan"}}`, id, s.w.clock.Now().Unix(), chat)
	}
	replayed := []string{`{"update_id":9`, "nonsense"} // kept for a person to look at, once
	for id := 9101; id <= 9102; id++ {
		replayed = append(replayed, update(id))
	}
	for _, body := range replayed {
		if status := postAs(t.Context(), web.URL, canarySecret, body); status != http.StatusOK {
			t.Fatalf("%.40q: %d", body, status)
		}
	}
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	s.exec(url, "UPDATE inbox SET state = 'ignored' WHERE state = 'quarantined'")
	honest := s.phone("bambang").ID
	rows := func() string {
		return storetest.Rows(t, url, `SELECT count(*) FROM inbox WHERE msg->'from'->>'id' IS DISTINCT FROM $1`, fmt.Sprint(honest))[0][0]
	}
	before, heap := rows(), heapInUse()
	s.whileForged(web.URL, forgeries(update, replayed))
	if after := rows(); after != before {
		t.Errorf("%s messages are stored, want %s as before", after, before)
	}
	if grown := heapInUse() - heap; *forgedCount >= forgedAlone {
		t.Logf("%d forged updates; the heap has %+d kB", *forgedCount, grown/1024)
		if grown > 32<<20 {
			t.Errorf("the heap grew by %d bytes", grown)
		}
	}
	if n := strings.Count(log.String(), "wrong secret"); n == 0 || n > 100 {
		t.Errorf("the log tells of wrong secrets %d times", n)
	}
	s.says("sri", "Verifikasi berkas PBB; 25 berkas; 120 menit", "[Kirim]")
	if found, err := s.w.verify(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("promises: %v %v", found, err)
	}
}

// says lets somebody do things, each answered before the next.
func (s *story) says(who string, all ...string) {
	s.t.Helper()
	for _, what := range all {
		if err := s.act(who, what); err != nil {
			s.t.Errorf("%s: %v", what, err)
		}
		if err := s.settle(); err != nil {
			s.t.Errorf("%s: %v", what, err)
		}
		s.w.clock.Set(s.w.clock.Now().Add(20 * time.Second))
	}
}

// whileForged posts forgeries from several places at once; in the middle of them
// somebody asks something and is answered.
func (s *story) whileForged(url string, all []forgery) {
	s.t.Helper()
	g, ctx := errgroup.WithContext(s.ctx)
	const places = 8
	for range places {
		g.Go(func() error {
			for range *forgedCount / places {
				f := pick(all)
				if status := postAs(ctx, url, f.secret, f.body); status != f.status {
					return fmt.Errorf("%s: status %d, want %d", f.name, status, f.status)
				}
			}
			return nil
		})
	}
	bambang := s.phone("bambang")
	before := len(bambang.Seen())
	s.says("bambang", "Rapat pimpinan; 2 rapat; 240 menit", "/status")
	if err := g.Wait(); err != nil {
		s.t.Error(err)
	}
	if n := len(bambang.Seen()); n < before+4 {
		s.t.Errorf("who reported meanwhile saw %d bubbles, their own included", n-before)
	}
}

// postAs posts an update with a secret and answers the status, 0 when there was no answer.
func postAs(ctx context.Context, url, secret, body string) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return 0
	}
	if secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body) // so that the connection serves again
	_ = resp.Body.Close()
	return resp.StatusCode
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse)
}
