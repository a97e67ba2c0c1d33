package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ekinerja/bot/fakegram"
	"ekinerja/store/storetest"
	"ekinerja/web"
)

// lines are the lines of a log in JSON that say msg.
func (s *overheard) lines(t *testing.T, msg string) []map[string]any {
	t.Helper()
	var found []map[string]any
	d := json.NewDecoder(bytes.NewReader([]byte(s.String())))
	for d.More() {
		var l map[string]any
		if err := d.Decode(&l); err != nil {
			t.Fatal(err)
		}
		if l["msg"] == msg {
			found = append(found, l)
		}
	}
	return found
}

// TestMessageCanBeFollowed: an operator who has the network's id of a message
// finds its row, what it caused, and whether that was sent.
func TestMessageCanBeFollowed(t *testing.T) {
	t.Parallel()
	var log overheard
	s, url := newOddStory(t, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	s.w.net.Inject(fakegram.Fault{Kind: fakegram.FaultError, Method: "sendMessage", Next: 1})
	const words = "Verifikasi berkas PBB; 25 berkas; 120 menit"
	m, err := s.phone("sri").Send(words)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	var handled map[string]any
	for _, l := range log.lines(t, "message handled") {
		if id, _ := l["external_id"].(string); strings.HasSuffix(id, ":"+strconv.FormatInt(m.MessageID, 10)) {
			handled = l
		}
	}
	if handled == nil {
		t.Fatalf("no line about message %d:\n%s", m.MessageID, log.String())
	}
	keys, _ := handled["outbox_keys"].([]any)
	if len(keys) == 0 {
		t.Fatalf("the line does not say what was caused: %v", handled)
	}
	for _, msg := range []string{"message not sent", "message sent"} { // refused once, then sent
		rows := 0
		for _, l := range log.lines(t, msg) {
			if l["inbox_id"] != handled["inbox_id"] {
				continue
			}
			rows++
			id := strconv.FormatFloat(l["outbox_id"].(float64), 'f', -1, 64)
			row := storetest.Rows(t, url, `SELECT key, state FROM outbox WHERE id = $1::bigint`, id)
			if len(row) != 1 || row[0][0] != keys[0] || row[0][1] != "sent" {
				t.Errorf("%s: row %s is %v, want %v, sent", msg, id, row, keys[0])
			}
		}
		if rows != 1 {
			t.Errorf("%d lines %q about what message %v caused, want 1", rows, msg, handled["inbox_id"])
		}
	}
	s.tellsNobody(log.String(), words)
}

// tellsNobody looks for what identifies the people of the seed, and for words.
func (s *story) tellsNobody(log, words string) {
	s.t.Helper()
	private := strings.Split(words, ";")
	for _, a := range s.w.actors {
		private = append(private, a.employee.Name, a.employee.Number, strings.TrimPrefix(a.employee.Phone, "+62"))
	}
	for _, p := range private {
		if p = strings.TrimSpace(p); p != "" && strings.Contains(log, p) {
			s.t.Errorf("the log has %q", p)
		}
	}
}

// TestStoryMovesTheFigures: the hooks of the whole program lead to the metrics.
func TestStoryMovesTheFigures(t *testing.T) {
	t.Parallel()
	s, _ := newOddStory(t, testLog(t))
	metrics := web.NewMetrics()
	s.w.app.Close()
	s.w.meter = meterOf(metrics)
	if err := s.w.startApp(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.w.app.connect(metrics)
	for _, line := range []string{"sri> Verifikasi berkas PBB; 25 berkas; 120 menit", "sri> [Kirim]", "@ 2026-11-24 08.05"} {
		if err := s.line(line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	s.w.app.measure(t.Context(), metrics)
	mux, err := s.w.app.routes(metrics)
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, series := range []string{
		`ekinerja_inbox_received_total{kind="text"}`, `ekinerja_inbox_received_total{kind="tap"}`, `ekinerja_turns_total{result="done"}`,
		`ekinerja_turn_seconds_count`, `ekinerja_session_lookups_total{result="hit"}`, `ekinerja_session_lookups_total{result="miss"}`,
		`ekinerja_sends_total{class="reply",outcome="sent"}`, `ekinerja_sends_total{class="reminder",outcome="sent"}`,
		`ekinerja_send_seconds_count{class="reply"}`, `ekinerja_send_wait_seconds_count{class="reminder"}`,
		`ekinerja_job_runs_total{result="done",task="remind"}`, `ekinerja_job_runs_total{result="idle",task="week"}`,
		`ekinerja_job_lateness_seconds_count{task="escalate"}`, `ekinerja_network_heard_timestamp_seconds`,
		`ekinerja_ready`, `ekinerja_redis_up`, `ekinerja_pool_connections{state="idle"}`, `ekinerja_pool_most_connections`,
	} {
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(series) + ` [1-9]`).MatchString(rec.Body.String()) {
			t.Errorf("%s did not move", series)
		}
	}
	if !strings.Contains(rec.Body.String(), "ekinerja_question_overdue_seconds 0\n") {
		t.Error("a question is overdue though all were asked")
	}
}
