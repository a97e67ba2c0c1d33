package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// newOddStory is a story whose service also knows a webhook, and whose log may
// hold errors.
func newOddStory(t *testing.T, log *slog.Logger) (s *story, url string) {
	t.Helper()
	url = storetest.New(t)
	return oddStoryOn(t, log, url), url
}

// oddStoryOn is one on a database that the test has made.
func oddStoryOn(t *testing.T, log *slog.Logger, url string) *story {
	t.Helper()
	set, err := config{
		Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: "127.0.0.1:0", TelegramWebhookSecret: canarySecret,
	}.check()
	if err != nil {
		t.Fatal(err)
	}
	s := &story{t: t, ctx: t.Context(), shown: map[int64]int64{}, toasts: map[int64]int{}, token: map[string]string{}, started: true}
	db, err := store.Open(s.ctx, store.Config{URL: url, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	at := roster.MustDay("2026-11-23").At(roster.At24(15, 50), time.FixedZone("WIB", 7*3600))
	if s.w, err = newWorld(s.ctx, set, db, stoppedClock(at), 1720, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.w.close)
	if err := s.tick(); err != nil {
		t.Fatal(err)
	}
	return s
}

// hostile are texts that break naive programs.
func hostile() map[string]string {
	return map[string]string{
		"only zero width":    "\u200b\u200b\u200d\ufeff",
		"zero width between": "ra\u200bpat; 1 ra\u200dpat; 60 menit",
		"right to left":      "rapat \u202egnilaes\u202c; 2 berkas; 30 menit",
		"isolates unclosed":  "\u2067\u2067\u2066 rapat; 1 rapat; 30 menit",
		"zalgo":              "r" + strings.Repeat("\u0300\u0489", 400) + "apat; 1 rapat; 30 menit",
		"emoji 4096 units":   strings.Repeat("😀", 2048),
		"emoji in a family":  strings.Repeat("👩‍👩‍👧‍👦", 200),
		"markup":             `<b>rapat</b> *tebal* _miring_ [x](tg://user?id=1) {{.Nama}} ${PATH}; 1 rapat; 30 menit`,
		"SQL":                `'; DROP TABLE report; -- rapat; 1 rapat; 30 menit`,
		"escapes as typed":   `rapat \u0000 \ud800 \x00 %s %n; 1 rapat; 30 menit`,
		"one long word":      strings.Repeat("a", 4096),
		"four thousand rows": strings.Repeat("a\n", 2048),
		"private use":        "rapat \ue02a\uf8ff; 1 rapat; 30 menit",
		"line separators":    "rapat\u2028\u2029\u0085; 1 rapat; 30 menit",
		"numbers":            "rapat; 99999999999999999999999999 berkas; -1e400 menit",
	}
}

// TestHostileTextIsKeptAndShownSafely sends each text through the whole program:
// it is kept as typed, the network refuses nothing of what we say, and an
// ordinary report goes through after all of them.
func TestHostileTextIsKeptAndShownSafely(t *testing.T) {
	t.Parallel()
	s, url := newOddStory(t, testLog(t))
	sri := s.phone("sri")
	for name, text := range hostile() {
		before := len(sri.Seen())
		if _, err := sri.Send(text); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := s.settle(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(sri.Seen()) < before+2 {
			t.Errorf("%s: no answer", name)
		}
		kept := storetest.Rows(t, url, `SELECT msg->>'text', convert_from(raw, 'UTF8')::json->'message'->>'text', state FROM inbox ORDER BY id DESC LIMIT 1`)[0]
		if kept[1] != strings.TrimSpace(text) || kept[2] != "done" {
			t.Errorf("%s: kept as %.80q, state %s", name, kept[1], kept[2])
		}
		s.w.clock.Set(s.w.clock.Now().Add(10 * time.Second))
	}
	s.reportsStill(url)
}

// reportsStill sends an ordinary report, and looks at the whole database.
func (s *story) reportsStill(url string) {
	s.t.Helper()
	for _, what := range []string{"/batal", "[Batal]", "Verifikasi berkas PBB; 25 berkas; 120 menit", "[Kirim]"} {
		s.w.clock.Set(s.w.clock.Now().Add(time.Minute))
		if err := s.act("sri", what); err != nil {
			s.t.Fatalf("%s: %v", what, err)
		}
		if err := s.settle(); err != nil {
			s.t.Fatal(err)
		}
	}
	if rows := storetest.Rows(s.t, url, `SELECT a.description FROM activity a JOIN report r ON r.id = a.report_id WHERE r.state = 'submitted'`); len(rows) != 1 {
		s.t.Errorf("sent activities: %v", rows)
		for _, m := range s.phone("sri").Seen() {
			s.t.Logf("%v %.300q", m.FromBot, m.Text)
		}
	}
	for _, v := range s.w.net.Violations() {
		s.t.Errorf("the network refused %s: %s", v.Method, v.Description)
	}
	for _, m := range s.phone("sri").Seen() {
		if m.FromBot && (!utf8.ValidString(m.Text) || strings.ContainsAny(m.Text, "\x00\u202e\u202c\u2067\u2066\ue02a")) {
			s.t.Errorf("shown: %.200q", m.Text)
		}
	}
	found, err := s.w.verify(s.ctx)
	if err != nil || len(found) > 0 {
		s.t.Errorf("promises: %v %v", found, err)
	}
}

// TestHostileBytesAreKept posts updates that no well-formed client sends: lone
// surrogates, NUL, broken UTF-8, broken JSON, deep nesting. Each is taken,
// its bytes are kept, and the service lives on.
func TestHostileBytesAreKept(t *testing.T) {
	t.Parallel()
	s, url := newOddStory(t, slog.New(slog.DiscardHandler))
	hook, err := s.w.app.adapter.Handler(s.w.app.inbox)
	if err != nil {
		t.Fatal(err)
	}
	chat := s.phone("sri").ID
	update := func(id int, text string) string {
		return fmt.Sprintf(`{"update_id":%[1]d,"message":{"message_id":%[1]d,"date":%[2]d,"from":{"id":%[3]d,"is_bot":false,"first_name":"S"},`+
			`"chat":{"id":%[3]d,"type":"private"},"text":"%[4]s"}}`, id, s.w.clock.Now().Unix(), chat, text)
	}
	bodies := []string{
		update(9001, `rapat \ud800; 1 rapat; 30 menit`), update(9002, `\udc00\ud83d rapat`), update(9003, `a\u0000b\u0000`),
		update(9004, "rapat \xff\xfe\xc0\xaf"), update(9005, "\xed\xa0\x80"), update(9006, "rapat \x00 mentah"),
		`{"update_id":9007`, "", strings.Repeat(`{"a":`, 5000), `{"update_id":9008,"message":{"chat":{"id":"x"}}}`,
		`{"update_id":9009,"message":{"message_id":1,"date":99999999999999999,"from":{"id":1},"chat":{"id":1,"type":"private"},"text":"x"}}`,
	}
	for _, body := range bodies {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, webhookPath, strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", canarySecret)
		rec := httptest.NewRecorder()
		hook.ServeHTTP(rec, r)
		if rec.Code != http.StatusOK {
			t.Errorf("%.60q: %d %s", body, rec.Code, rec.Body)
		}
		if n := storetest.Rows(t, url, `SELECT count(*) FROM inbox WHERE raw = decode($1, 'hex')`, fmt.Sprintf("%x", body))[0][0]; n != "1" {
			t.Errorf("%.60q is kept %s times", body, n)
		}
	}
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	for _, row := range storetest.Rows(t, url, `SELECT msg FROM inbox WHERE state = 'done'`) {
		if !json.Valid([]byte(row[0])) || !utf8.ValidString(row[0]) {
			t.Errorf("kept message: %.200q", row[0])
		}
	}
	if n := storetest.Rows(t, url, `SELECT count(*) FROM inbox WHERE state = 'new'`)[0][0]; n != "0" {
		t.Errorf("%s messages are stuck", n)
	}
	s.exec(url, "DELETE FROM inbox WHERE state = 'quarantined'") // looked at by a person
	s.reportsStill(url)
}

func (s *story) exec(url, sql string) {
	s.t.Helper()
	storetest.Rows(s.t, url, sql)
}
