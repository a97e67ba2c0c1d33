package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/conversations"
	"ekinerja/store/storetest"
	"ekinerja/web"
)

// overheard is everything the service wrote for operators while a test ran.
type overheard struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *overheard) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *overheard) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// canaryWords are in every message that the canary's story types.
const canaryWords = "KANARIKATA"

// quoting is a handler that breaks in the ways that would tell most: with an
// error of ours, and with a panic whose value is the message.
type quoting struct{ *conversations.Handler }

func (q quoting) Handle(ctx context.Context, t conversations.Turn, r conversations.Records) (conversations.Outcome, error) {
	switch {
	case strings.Contains(t.Msg.Text, "panik"):
		panic(fmt.Sprintf("cannot handle %+v of %+v", t.Msg, t.Person))
	case strings.Contains(t.Msg.Text, "salah"):
		out, err := q.Handler.Handle(ctx, t, r)
		out.Answer = &conversations.Answer{Question: strings.Repeat("x", 10), Said: t.Msg.Text} // day zero: Postgres refuses
		return out, err
	}
	return q.Handler.Handle(ctx, t, r)
}

// TestNoSecretIsToldToOperators plays a story with failures of every part at
// debug level and looks for the token, the webhook's secret, invitations, and
// for anybody's number, name, phone or words, in logs, metrics, health pages and
// returned errors; for the token and the secret also in every row of the database.
func TestNoSecretIsToldToOperators(t *testing.T) {
	t.Parallel()
	var log overheard
	s, url := canaryStory(t, &log)
	s.nightAndMorning(&log, url)
	metrics := web.NewMetrics()
	mux, err := s.w.app.routes(metrics)
	if err != nil {
		t.Fatal(err)
	}
	s.w.app.measure(t.Context(), metrics)
	for _, path := range []string{"/metrics", "/readyz", "/healthz"} {
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		_, _ = fmt.Fprintf(&log, "%s %d\n%s", path, rec.Code, rec.Body)
	}
	text := log.String()
	if strings.Count(text, "\n") < 30 || !strings.Contains(text, "panicked") || !strings.Contains(text, "ekinerja_") {
		t.Fatalf("too little was said to prove anything:\n%s", text)
	}
	secrets := map[string]string{
		"token": "simulated-network", "webhook secret": canarySecret, "words": canaryWords, "invitation": s.token["zaenab"],
	}
	for _, a := range s.w.actors {
		secrets["number of "+a.key] = a.employee.Number
		secrets["name of "+a.key] = a.employee.Name
		secrets["phone of "+a.key] = strings.TrimPrefix(a.employee.Phone, "+62")
	}
	for what, secret := range secrets {
		if i := strings.Index(text, secret); secret != "" && i >= 0 {
			t.Errorf("%s was told: …%s…", what, text[max(0, i-200):min(len(text), i+80)])
		}
	}
	for _, table := range storetest.Rows(t, url, `SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'`) {
		for _, row := range storetest.Rows(t, url, `SELECT x::text FROM `+table[0]+` x`) {
			if strings.Contains(row[0], "simulated-network") || strings.Contains(row[0], canarySecret) {
				t.Errorf("table %s holds the token or the secret: %s", table[0], row[0])
			}
		}
	}
	dumpTellsNoSecret(t, url)
}

// dumpTellsNoSecret reads a dump, as somebody would who finds one. Bytes are in it
// as hexadecimal digits.
func dumpTellsNoSecret(t *testing.T, url string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plain.sql")
	pgTool(t, "pg_dump", "--file", file, url)
	dump, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(dump, []byte(canaryWords)) || !bytes.Contains(dump, fmt.Appendf(nil, "%x", canaryWords)) {
		t.Error("the dump does not hold what people wrote: it proves nothing")
	}
	for _, secret := range []string{"simulated-network", canarySecret} {
		if bytes.Contains(dump, []byte(secret)) || bytes.Contains(dump, fmt.Appendf(nil, "%x", secret)) {
			t.Errorf("a dump holds %s", secret)
		}
	}
}

// nightAndMorning goes on from the day of failures: the look of the night finds
// what was set aside, the morning reminds and passes on, and an operator asks.
func (s *story) nightAndMorning(log *overheard, url string) {
	s.t.Helper()
	for _, at := range []string{"2026-11-23 21.00", "2026-11-24 02.35", "2026-11-24 07.35", "2026-11-24 08.05"} {
		if err := s.line("@ " + at); err != nil {
			s.t.Fatal(err)
		}
		s.w.app.verify(s.ctx)
	}
	if !strings.Contains(log.String(), "promise broken") {
		s.t.Error("the night found nothing, though a message was set aside")
	}
	_ = run(s.ctx, []string{"verify", "--database-url", url}, streams{out: log, err: log}) // it finds that message too
}

const canarySecret = "KanariRahasiaWebhook_1720"

// canaryStory is a day with every sort of failure in it.
func canaryStory(t *testing.T, log *overheard) (s *story, url string) {
	t.Helper()
	s, url = newOddStory(t, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	turns := s.w.app.turns()
	turns.Handler = quoting{turns.Handler.(weighing).Handler}
	s.w.app.dispatch.Handle = s.w.app.handle(turns)
	lines := []string{
		"sri> Verifikasi berkas " + canaryWords + "; 25 berkas; 120 menit", "sri> [Kirim]", "sri> (ubah) rapat " + canaryWords,
		"zaenab> (undangan: zaenab)", "zaenab> (kontak orang lain)", "zaenab> (undangan palsu)",
		"sri> (foto: " + canaryWords + ")", "sri> (stiker)", "sri> /status " + canaryWords,
		"bambang> salah " + canaryWords, "bambang> panik " + canaryWords,
	}
	for _, line := range lines {
		who, what, _ := strings.Cut(line, "> ")
		if err := s.act(who, what); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for _, f := range []fakegram.Fault{
			{Kind: fakegram.FaultCut, Method: "sendMessage", Next: 1},
			{Kind: fakegram.FaultError, Method: "answerCallbackQuery", Next: 1},
			{Kind: fakegram.FaultDown, Method: "getUpdates", Next: 1},
			{Kind: fakegram.FaultBlocked, Method: "sendMessage", ChatID: 70_003, Next: 1},
		} {
			s.w.net.Inject(f)
		}
		for range 12 { // tries go on until the message is set aside
			if _, err := s.w.app.Pump(t.Context()); err != nil {
				_, _ = fmt.Fprintln(log, "pump:", err)
			}
			s.w.clock.Set(s.w.clock.Now().Add(50 * time.Second))
			s.w.app.sweep(t.Context())
		}
		s.w.net.ClearFaults()
	}
	s.forge(log)
	return s, url
}

// forge posts to the webhook with a wrong secret, and nonsense with the right one.
func (s *story) forge(log *overheard) {
	s.t.Helper()
	hook, err := s.w.app.adapter.Handler(s.w.app.inbox)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, secret := range []string{"wrong-" + canaryWords, canarySecret} {
		for _, body := range []string{`{"update_id":1,"message":{"text":"` + canaryWords + `"}}`, canaryWords, strings.Repeat(canaryWords, 1<<17)} {
			r := httptest.NewRequestWithContext(s.ctx, http.MethodPost, webhookPath, strings.NewReader(body))
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
			rec := httptest.NewRecorder()
			hook.ServeHTTP(rec, r)
			_, _ = fmt.Fprintln(log, "webhook:", rec.Code, rec.Body)
		}
	}
}
