package store

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store/db"
)

// tale is an office in which a week has been played by the real handler and the
// real jobs: Sri reports, Diam is silent until he begins a draft, and Bu Kepala
// is told of him.
type tale struct {
	*office
	sri, diam, boss roster.EmployeeID
	kept            map[string]string // newest token of a button, by chat and label
	delivered       int
}

func newTale(t *testing.T) *tale {
	t.Helper()
	o := newOffice(t)
	words, err := conversations.NewWords(wib())
	if err != nil {
		t.Fatal(err)
	}
	flow, err := conversations.DefaultFlow()
	if err != nil {
		t.Fatal(err)
	}
	o.turns.Handler = &conversations.Handler{Words: words, Flow: flow, City: "Pemkot Surakarta"}
	o.clock.at.Store(on(mon, "05.30").UnixNano())
	tl := &tale{office: o, kept: map[string]string{}}
	tl.boss, tl.sri, tl.diam = o.person("Bu Kepala", "300"), o.person("Sri Wahyuni", "100"), o.person("Diam", "200")
	for _, id := range []roster.EmployeeID{tl.sri, tl.diam} {
		o.exec(`INSERT INTO reporting_line VALUES ($1, $2, '2026-01-01', NULL)`, int64(id), int64(tl.boss))
	}
	return tl
}

// at runs the jobs of a moment and delivers what they say.
func (tl *tale) at(day, hour string) {
	tl.t.Helper()
	tl.tick(on(day, hour))
	tl.deliver()
}

// deliver sends everything that waits; the network takes it all.
func (tl *tale) deliver() {
	tl.t.Helper()
	for {
		rows := tl.claim()
		if len(rows) == 0 {
			return
		}
		var done []bot.Settlement
		for _, c := range rows {
			tl.delivered++
			done = append(done, sent(c, "s"+string(rune('a'+tl.delivered%26))+c.Msg.To.ID))
			for _, b := range slices.Concat(c.Msg.Buttons...) {
				tl.kept[c.Msg.To.ID+b.Label] = b.Token
			}
		}
		tl.settle(done...)
	}
}

// says types words in a person's chat, and the service answers.
func (tl *tale) says(id roster.EmployeeID, chat, words string) {
	tl.t.Helper()
	tl.receive(tl.text(chat, words))
	tl.handle(keyOf(id))
	tl.deliver()
}

// taps presses the newest button of that label.
func (tl *tale) taps(id roster.EmployeeID, chat, label string) {
	tl.t.Helper()
	token, ok := tl.kept[chat+label]
	if !ok {
		tl.t.Fatalf("chat %s has no button %q", chat, label)
	}
	tl.receive(tl.tap(chat, token))
	tl.handle(keyOf(id))
	tl.deliver()
}

// week plays the tale to Friday evening.
func (tl *tale) week() {
	tl.t.Helper()
	for _, day := range []string{mon, tue, wed, thu, fri} {
		tl.at(day, "05.30")
		tl.at(day, "08.00")
		tl.at(day, "15.45")
		if day == mon || day == wed {
			tl.says(tl.sri, "100", "Verifikasi berkas PBB; 25 berkas; 120 menit\nRapat koordinasi; 1 rapat; 180 menit")
			tl.taps(tl.sri, "100", "Kirim")
		}
	}
	tl.says(tl.diam, "200", "Membersihkan ruang; 4 ruang; 120 menit")
	tl.at(fri, "16.01")
	tl.says(tl.boss, "300", "besok saya sakit")
	if _, err := tl.store.Seal(tl.t.Context()); err != nil {
		tl.t.Fatal(err)
	}
}

// mutation is something that must not be able to happen.
type mutation struct {
	id, what string // the one invariant that it breaks
	sql      []string
}

const lastDigest = `INSERT INTO audit (at, actor, action, subject, detail)
	SELECT '2026-11-27 12:00Z', 'system', 'score.kept', 'e' || employee_id, jsonb_build_object('period', period, 'first', first_day, 'sha256',
	  encode(sha256(convert_to(rubric || E'\n' || coalesce(points, '') || E'\n' || record::text, 'UTF8')), 'hex')) FROM score_period`

func mutations() []mutation {
	const anInbox = `INSERT INTO inbox (network, account, ext_id, key, provider_at, received_at, msg, raw, state)
		SELECT network, account, 'other', key, provider_at, received_at, msg, raw, `
	const aReply = `(SELECT min(id) FROM outbox WHERE kind = 'reply')`
	return []mutation{
		{"I20", "kept evidence whose blob is being deleted", []string{
			`INSERT INTO blob (hash, size, mime, state, made_at) VALUES (sha256('x'), 1, 'image/png', 'going', '2026-11-23 09:00Z')`,
			`INSERT INTO evidence (inbox_id, employee_id, day, kind, state, hash, sent_at, created_at, not_before, settled_at)
			 SELECT inbox_id, employee_id, day, 'photo', 'kept', sha256('x'), provider_at, provider_at, provider_at, provider_at FROM answer LIMIT 1`,
		}},
		{"I20", "evidence that waits for two hours without a reason", []string{
			`INSERT INTO evidence (inbox_id, employee_id, day, kind, state, file_id, sent_at, created_at, not_before)
			 SELECT inbox_id, employee_id, day, 'photo', 'awaited', 'f', provider_at, provider_at, provider_at FROM answer
			 ORDER BY provider_at LIMIT 1`,
		}},
		{"I1", "a message waits", []string{anInbox + `'new' FROM inbox ORDER BY id LIMIT 1`}},
		{"I2", "an answer of somebody else", []string{`UPDATE answer SET employee_id = (SELECT max(id) FROM employee) WHERE inbox_id = (SELECT min(inbox_id) FROM answer)`}},
		{"I2", "a message without any answer", []string{anInbox + `'done' FROM inbox WHERE msg->>'kind' = 'text' ORDER BY id LIMIT 1`}},
		{"I3", "a draft without its activity", []string{`DELETE FROM activity a USING report r WHERE r.id = a.report_id AND r.state = 'draft'`}},
		{"I3", "a draft that is gone", []string{`DELETE FROM report WHERE state = 'draft'`}},
		{"I4", "a key twice", []string{
			`ALTER TABLE outbox DROP CONSTRAINT outbox_key_key`,
			`INSERT INTO outbox (key, kind, priority, network, chat_id, body, not_before, created_at)
			 SELECT key, kind, priority, network, chat_id, body, not_before, created_at FROM outbox WHERE id = ` + aReply,
		}},
		{"I4", "a question twice", []string{`INSERT INTO outbox (key, kind, priority, employee_id, network, chat_id, body, about_day, not_before, created_at)
			SELECT 'again', kind, priority, employee_id, network, chat_id, body, about_day, not_before, created_at FROM outbox WHERE kind = 'ask' LIMIT 1`}},
		{"I5", "a send that hangs", []string{`UPDATE outbox SET state = 'sending', sent_at = NULL, lease_until = created_at WHERE id = ` + aReply}},
		{"I6", "an escalation of who answered", []string{`INSERT INTO escalation_member (escalation_id, employee_id, day, in_a_row)
			SELECT min(escalation_id), 2, '2026-11-23', 1 FROM escalation_member`}},
		{"I7", "a period that stays half done", []string{`UPDATE job_run SET started_at = started_at - interval '1 day', result = '{"after": 1, "done": false}'
			WHERE (job, period) = (SELECT job, period FROM job_run ORDER BY started_at DESC LIMIT 1)`}},
		{"I7", "somebody who was not asked", []string{`UPDATE duty SET asked_at = NULL WHERE employee_id = 3 AND day = '2026-11-25'`}},
		{"I9", "a block without a record", []string{`UPDATE address SET state = 'blocked' WHERE chat_id = '200'`}},
		{"I9", "two live chats", []string{`INSERT INTO address (employee_id, network, chat_id, state, bound_at) SELECT employee_id, network, '999', state, bound_at FROM address WHERE chat_id = '100'`}},
		{"I10", "a circle of command", []string{`INSERT INTO reporting_line VALUES (1, 2, '2026-06-01', NULL)`}},
		{"I10", "two supervisors at once", []string{`INSERT INTO reporting_line VALUES (2, 3, '2026-02-01', '2026-03-01')`}},
		{"I11", "a better score, with its digest", []string{
			`UPDATE score_period SET points = '100', record = jsonb_set(record, '{result,score}', '"100"') WHERE employee_id = 3`,
			lastDigest + ` WHERE employee_id = 3`,
		}},
		{"I11", "better points only, with their digest", []string{`UPDATE score_period SET points = '100' WHERE employee_id = 3`, lastDigest + ` WHERE employee_id = 3`}},
		{"I12", "another actor", []string{`UPDATE audit SET actor = 'system ' WHERE link = 2`}},
		{"I12", "a line taken out", []string{`DELETE FROM audit WHERE link = 2`}},
		{"I12", "the last line taken off", []string{`DELETE FROM audit WHERE link = (SELECT max(link) FROM audit)`}},
		{"I12", "a line let loose", []string{`UPDATE audit SET link = NULL, prev_hash = NULL, hash = NULL WHERE link = (SELECT max(link) FROM audit)`}},
		{"I12", "a line that sealing never saw", []string{`INSERT INTO audit (at, actor, action, subject) VALUES ('2026-11-23 12:00Z', 'system', 'x', 'y')`}},
		{"I13", "an old button", []string{`UPDATE button SET expires_at = '2026-10-01Z' WHERE used_inbox_id IS NULL`}},
		{"I13", "an old attempt", []string{`INSERT INTO enrol_attempt VALUES (1, 'utelegram:1', '2026-10-01Z')`}},
		{"I14", "three copies", []string{`INSERT INTO outbox_copy SELECT outbox_id, n, message_id, at FROM outbox_copy, generate_series(7, 8) n WHERE outbox_id = ` + aReply}},
		{"I15", "a message set aside", []string{`UPDATE inbox SET state = 'quarantined' WHERE msg->>'kind' = 'tap'`}},
		{"I16", "a sent report without activities", []string{`DELETE FROM activity a USING report r WHERE r.id = a.report_id AND r.state = 'submitted'`}},
		{"I17", "a version that is gone", []string{`DELETE FROM report_version`}},
		{"I18", "a kept version with other words", []string{`UPDATE report_version SET body = jsonb_set(body, '{obstacle}', '"listrik padam"')`}},
		{"I19", "an outage that nobody gives back", []string{`INSERT INTO outage (channel, started_at, ended_at) VALUES ('telegram', '2026-11-20Z', '2026-11-21Z')`}},
		{"I19", "late, and yet before the deadline", []string{`UPDATE report SET late = true WHERE state = 'submitted'`}},
		{"I18", "the same, with its own hash", []string{
			`UPDATE report_version SET body = jsonb_set(body, '{obstacle}', '"listrik padam"')`,
			`UPDATE report_version SET hash = sha256(convert_to(body::text, 'UTF8'))`,
		}},
	}
}

// within runs f in a transaction that is undone, without triggers and foreign
// keys: as somebody would who owns the database.
func (s *stage) within(f func(tx pgx.Tx)) {
	s.t.Helper()
	tx, err := s.store.pool.Begin(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(s.t.Context()) }()
	if _, err := tx.Exec(s.t.Context(), "SET LOCAL session_replication_role = replica"); err != nil {
		s.t.Fatal(err)
	}
	f(tx)
}

// broken verifies inside a transaction and names what does not hold.
func (s *stage) broken(tx pgx.Tx) []string {
	s.t.Helper()
	found, err := verify(s.t.Context(), db.New(tx), s.clock.now(), []scoring.Rubric{scoring.Solo()})
	if err != nil {
		s.t.Fatal(err)
	}
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.ID
		if f.Name == "" || f.Count < 1 || f.Example == "" {
			s.t.Errorf("finding %+v says too little", f)
		}
	}
	return ids
}

// TestEachInvariantCanFail: a healthy database has no findings, and every
// mutation of it breaks exactly one invariant; each is broken at least once.
func TestEachInvariantCanFail(t *testing.T) {
	t.Parallel()
	tl := newTale(t)
	tl.week()
	found, err := tl.store.Verify(t.Context(), tl.clock.now(), []scoring.Rubric{scoring.Solo()})
	if err != nil || len(found) != 0 {
		t.Fatalf("the healthy database: %v %v", found, err)
	}
	hit := map[string]bool{}
	for _, m := range mutations() {
		tl.within(func(tx pgx.Tx) {
			for _, sql := range m.sql {
				tag, err := tx.Exec(t.Context(), sql)
				if err != nil {
					t.Fatalf("%s: %v", m.what, err)
				}
				if !strings.HasPrefix(sql, "ALTER") && tag.RowsAffected() == 0 {
					t.Errorf("%s changed nothing", m.what)
				}
			}
			if got := tl.broken(tx); !slices.Equal(got, []string{m.id}) {
				t.Errorf("%s: broken are %v, want %s", m.what, got, m.id)
			}
		})
		hit[m.id] = true
	}
	for _, i := range Invariants() {
		if !hit[i.ID] {
			t.Errorf("nothing breaks %s (%s)", i.ID, i.Name)
		}
	}
}

// TestForgedScoreIsNotOnRecord: other inputs and the score that really follows
// from them; only the record knows better.
func TestForgedScoreIsNotOnRecord(t *testing.T) {
	t.Parallel()
	tl := newTale(t)
	tl.week()
	tl.within(func(tx pgx.Tx) {
		var raw json.RawMessage
		if err := tx.QueryRow(t.Context(), `SELECT record FROM score_period WHERE employee_id = $1`, int64(tl.sri)).Scan(&raw); err != nil {
			t.Fatal(err)
		}
		var rec scoring.Record
		if err := json.Unmarshal(raw, &rec); err != nil {
			t.Fatal(err)
		}
		rec = scoring.Solo().Record(rec.Inputs[:1], rec.Attendance)
		forged, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), `UPDATE score_period SET record = $1, points = $2 WHERE employee_id = $3`,
			forged, rec.Result.Score.String(), int64(tl.sri)); err != nil {
			t.Fatal(err)
		}
		if got := tl.broken(tx); !slices.Equal(got, []string{"I18"}) {
			t.Errorf("broken are %v, want I18", got)
		}
	})
}

// TestRuleThatNobodyKnows: a score whose rule is not configured cannot be checked.
func TestRuleThatNobodyKnows(t *testing.T) {
	t.Parallel()
	tl := newTale(t)
	tl.week()
	found, err := tl.store.Verify(t.Context(), tl.clock.now(), nil)
	if err != nil || len(found) != 1 || found[0].ID != "I11" || !strings.Contains(found[0].String(), "score e") {
		t.Errorf("findings %v %v", found, err)
	}
}
