package store

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// notInData are the tables that lead to a person and of which /dataku shows
// nothing, each with its reason.
func notInData() map[string]string { return map[string]string{} }

// TestEverythingHasEveryTable: whatever table leads to a person, by itself or by a
// report, /dataku reads; a new one is shown, or has a reason not to be.
func TestEverythingHasEveryTable(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	tables := one[[]string](s, `SELECT array_agg(DISTINCT k.table_name::text)
		FROM information_schema.key_column_usage k
		JOIN information_schema.referential_constraints r USING (constraint_schema, constraint_name)
		JOIN information_schema.table_constraints u ON u.constraint_schema = r.unique_constraint_schema AND u.constraint_name = r.unique_constraint_name
		WHERE u.table_name IN ('employee', 'report')`)
	query, err := os.ReadFile("queries/data.sql")
	if err != nil || len(tables) < 20 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, table := range append(tables, "audit") {
		_, left := notInData()[table]
		shown := regexp.MustCompile(`\b(FROM|JOIN) ` + table + ` `).Match(query)
		if shown == left {
			t.Errorf("table %s: read by DataOf %v, with a reason not to be %v", table, shown, left)
		}
	}
}

// TestEverythingShowsWhatOthersDid with a person's days: verdicts, decisions, who
// looked; and not what the person's superior did with others.
func TestEverythingShowsWhatOthersDid(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	c.do("100", c.sri, conversations.Outcome{Report: change(true)})
	c.do("200", c.head, c.decision(false))
	c.exec(`INSERT INTO review (report_id, version, reviewer_id, verdict, note, inbox_id, at)
		SELECT id, 1, $1, 'returned', 'Lampirkan foto, ya', 1, $2 FROM report`, c.head, c.clock.now())
	c.exec(`INSERT INTO plan_item (employee_id, code, said, year, quarter, valid_from, created_at)
		VALUES ($1, 'RHK-7', 'Berkas terverifikasi', 2026, 0, '2026-01-01', $2)`, c.sri, c.clock.now())
	c.exec(`INSERT INTO blob (hash, size, mime, made_at) VALUES (sha256('foto'), 4711, 'image/png', $1)`, c.clock.now())
	c.exec(`INSERT INTO evidence (inbox_id, employee_id, day, kind, state, hash, sent_at, created_at, not_before, settled_at)
		SELECT min(id), $1, $2, 'photo', 'kept', sha256('foto'), $3, $3, $3, $3 FROM inbox`, c.sri, today(), c.clock.now())
	c.exec(`INSERT INTO invite (token_hash, employee_id, created_at, expires_at) VALUES (sha256('rahasia'), $1, $2, $2)`, c.sri, c.clock.now())
	c.exec(`INSERT INTO outbox (key, kind, priority, network, chat_id, body, not_before, state, message_id, created_at, settled_at, sent_at)
		VALUES ('x', 'recap', 1, 'telegram', '100', '{"text": "isi pesan"}', $1, 'sent', '5', $1, $1, $1)`, c.clock.now())
	data, err := c.store.Records(today(), wib()).Everything(t.Context(), c.sri)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Lampirkan foto, ya", "RHK-7", "4711", one[string](c.stage, `SELECT encode(sha256('foto'), 'hex')`), `"undangan": [`,
		`"jenis": "recap"`, `"alasan_keputusan": "hadir"`, `"diputuskan_oleh": "Kepala"`, `"duty.recompute"`, `"percakapan": {`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the data have no %s", want)
		}
	}
	for _, secret := range []string{one[string](c.stage, `SELECT encode(sha256('rahasia'), 'hex')`), "isi pesan"} {
		if strings.Contains(string(data), secret) {
			t.Errorf("the data have %s", secret)
		}
	}
	data, err = c.store.Records(today(), wib()).Everything(t.Context(), c.head)
	if err != nil || !strings.Contains(string(data), "meninjau laporan") || strings.Contains(string(data), "Sri") || strings.Contains(string(data), "foto, ya") {
		t.Errorf("the superior's: %v, %s", err, data)
	}
}

// TestEverythingHasWhatAnsweredNothing: of a person's own words also those that
// answered no question, once they were answered; not what somebody else wrote, not
// even in the same chat before, and nothing twice.
func TestEverythingHasWhatAnsweredNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	first, other := s.person("Lama", "100"), s.person("Lain", "300")
	writes := func(id roster.EmployeeID, chat, words string, answer bool) {
		t.Helper()
		s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
			out := conversations.Outcome{Session: turn.Session, Say: []conversations.Say{{
				Key: fmt.Sprintf("reply/%d/0", turn.Inbox), Kind: conversations.KindReply, To: turn.Msg.From,
				Msg: conversations.Message{Text: "Baik."},
			}}}
			if answer {
				out.Answer = &conversations.Answer{Day: today(), Question: "activities", Said: words}
			}
			return out, nil
		})
		s.receive(s.text(chat, words))
		s.handle(keyOf(id))
		for _, c := range s.claim() {
			s.settle(sent(c, fmt.Sprint("m", c.ID)))
		}
		s.clock.advance(time.Minute)
	}
	writes(first, "100", "Rahasia pemilik lama", false)
	s.exec(`UPDATE address SET state = 'closed', ended_at = $2 WHERE employee_id = $1`, int64(first), s.clock.now())
	s.clock.advance(time.Minute)
	sri := s.person("Sri", "100")
	writes(sri, "100", "Apakah besok libur?", false)
	writes(sri, "100", "Rapat; 1 kegiatan; 60 menit", true)
	writes(other, "300", "Rahasia orang lain", false)
	data, err := s.store.Records(today(), wib()).Everything(t.Context(), sri)
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]int{"Apakah besok libur?": 1, "Rapat; 1 kegiatan; 60 menit": 1, "Rahasia": 0} {
		if n := strings.Count(string(data), words); n != want {
			t.Errorf("%q stands there %d times, want %d", words, n, want)
		}
	}
}
