package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

func items() []parse.Item {
	return []parse.Item{
		{Description: "Verifikasi berkas PBB", Quantity: parse.Int(25), Unit: "berkas", Minutes: 120, Start: "08:00", End: "10:00", Source: "verifikasi 25 berkas PBB 08.00-10.00"},
		{Description: "Rapat", Quantity: parse.Milli(2500), Unit: "jam", More: []parse.Result{{Quantity: parse.Int(1), Unit: "kegiatan"}}, Source: "rapat 2,5 jam"},
	}
}

func change(submit bool) *conversations.ReportChange {
	return &conversations.ReportChange{
		Day: today(), Submit: submit, At: monday(), Flow: "harian/1", Items: items(), Obstacle: "listrik padam",
		Extra: map[string]string{"rencana": "lanjut"},
	}
}

// do makes one turn with this outcome.
func (s *stage) do(chat string, id roster.EmployeeID, out conversations.Outcome) *conversations.Turn {
	s.t.Helper()
	got := s.does(out)
	s.receive(s.text(chat, "x"))
	s.handle(keyOf(id))
	return got
}

func (s *stage) report(id roster.EmployeeID) (conversations.Report, bool) {
	s.t.Helper()
	r, ok, err := s.store.Records(today(), wib()).Report(context.Background(), id, today())
	if err != nil {
		s.t.Fatal(err)
	}
	return r, ok
}

func TestReportDraftSubmitResend(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.due(id, "due")
	remind := say("remind", id, conversations.KindRemind)
	remind.Guard, remind.About.Day = conversations.GuardUnreported, today()
	s.enqueue(remind)

	s.do("100", id, conversations.Outcome{Report: change(false)})
	draft, ok := s.report(id)
	if diff := cmp.Diff(items(), draft.Items, cmpopts.EquateComparable(parse.Number{})); !ok || draft.Head.Submitted || diff != "" {
		t.Errorf("draft %+v (-want +got):\n%s", draft.Head, diff)
	}

	receipt := conversations.Say{
		Key: "receipt", Kind: conversations.KindReply, To: telegram("100"),
		Msg: conversations.Message{Text: "Kode {{KODE}}, simpan.", Bold: []bot.Span{{Start: 5, End: 13}}},
	}
	s.do("100", id, conversations.Outcome{Report: change(true), Say: []conversations.Say{receipt}})
	first, _ := s.report(id)
	want := conversations.ReportHead{Submitted: true, Version: 1, SubmittedAt: monday().UTC(), Code: first.Head.Code, Minutes: 120, Activities: 2}
	if diff := cmp.Diff(want, first.Head); diff != "" || len(first.Head.Code) != 8 {
		t.Errorf("first sending (-want +got):\n%s", diff)
	}
	if got := s.state("remind"); got != "superseded" {
		t.Errorf("the reminder is %s", got)
	}
	if got := s.texts(s.claim()); len(got) != 1 || got[0] != "Kode "+first.Head.Code+", simpan." {
		t.Errorf("receipt %q", got)
	}

	// A draft of a sent report does not touch it; a discard leaves it; a second
	// sending keeps time, lateness and code of the first.
	lesser := change(false)
	lesser.Items, lesser.Obstacle = lesser.Items[1:], "lain"
	s.do("100", id, conversations.Outcome{Report: lesser})
	s.do("100", id, conversations.Outcome{Report: &conversations.ReportChange{Day: today(), Discard: true}})
	if r, _ := s.report(id); len(r.Items) != 2 || r.Head != first.Head || r.Obstacle != first.Obstacle {
		t.Errorf("a draft changed what was sent: %+v", r.Head)
	}
	again := change(true)
	again.Items, again.Late, again.At = again.Items[:1], true, monday().Add(5*time.Hour)
	got := s.do("100", id, conversations.Outcome{Report: again})
	if h := got.Days[0].Report; h == nil || *h != first.Head {
		t.Errorf("the turn knows %+v", h)
	}
	second, _ := s.report(id)
	want.Version, want.Activities = 2, 1
	if diff := cmp.Diff(want, second.Head); diff != "" {
		t.Errorf("second sending (-want +got):\n%s", diff)
	}
	if n := one[int](s, `SELECT count(*) FROM report_version WHERE hash = sha256(convert_to(body::text, 'UTF8'))`); n != 2 {
		t.Errorf("%d versions with a right hash", n)
	}
}

func TestDiscardThrowsADraftAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.do("100", id, conversations.Outcome{Report: change(false)})
	s.do("100", id, conversations.Outcome{Report: &conversations.ReportChange{Day: today(), Discard: true}})
	if _, ok := s.report(id); ok {
		t.Error("the draft is still there")
	}
}

func TestAbsenceDecidesTheDutyAnew(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id, boss, stranger := s.person("Sri", "100"), s.person("Kepala", "200"), s.person("Lain", "300")
	s.exec(`INSERT INTO reporting_line VALUES ($1, $2, '2026-01-01', NULL)`, id, boss)
	duty := func() string {
		return one[string](s, `SELECT state || ' ' || reason FROM duty WHERE employee_id = $1 AND day = '2026-11-23'`, id)
	}
	mark := conversations.AbsenceChange{Employee: id, From: today(), Kind: roster.SickDay}

	s.do("100", id, conversations.Outcome{Absent: []conversations.AbsenceChange{mark}})
	if got := duty(); got != "deferred sick" {
		t.Errorf("claimed: %s", got)
	}
	mark.Confirmed, mark.To = true, today().Add(2)
	s.do("200", boss, conversations.Outcome{Absent: []conversations.AbsenceChange{mark}})
	if got := duty(); got != "not_due sick" {
		t.Errorf("confirmed: %s", got)
	}
	if got := one[string](s, `SELECT detail->'days'->0->>'before' FROM audit WHERE action = 'duty.recompute' AND actor = $1`, keyOf(boss)); got != "deferred" {
		t.Errorf("the record says it was %q", got)
	}

	// A holiday that is announced now changes days that were decided before, and is told.
	holiday := roster.CalendarDay{Day: today(), Kind: roster.Libur, Name: "Pilkada"}
	if err := s.store.ImportCalendar(t.Context(), []roster.CalendarDay{holiday}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2, 0} {
		if n, err := s.turns.Recompute(t.Context(), today(), today()); n != want || err != nil {
			t.Errorf("recompute %d: %d people %v, want %d", i, n, err, want)
		}
	}
	if got := duty(); got != "not_due holiday" {
		t.Errorf("after the holiday: %s", got)
	}

	s.does(conversations.Outcome{Absent: []conversations.AbsenceChange{mark}})
	s.receive(s.text("300", "x"))
	if _, err := s.turns.Handle(t.Context(), keyOf(stranger)); err == nil || !strings.Contains(err.Error(), ErrNotTheirs.Error()) {
		t.Errorf("somebody else's supervisor: %v", err)
	}
	if n := one[int](s, `SELECT count(*) FROM absence`); n != 2 {
		t.Errorf("%d absences", n)
	}
}

func TestPanelShowsTheNewestFirst(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.person("Sri", "100"), s.person("Budi", "200")
	s.do("100", a, conversations.Outcome{Report: change(true)})
	s.clock.advance(time.Minute)
	s.do("200", b, conversations.Outcome{Report: change(false)})
	rows, err := s.store.Panel(t.Context(), today(), 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || rows[0].Name != "Budi" || rows[0].Submitted || !rows[2].Submitted || rows[1].Quantity != "2.5" || rows[0].Minutes != 120 {
		t.Errorf("rows %+v", rows)
	}
	m, err := s.store.Metrics(t.Context(), s.clock.now())
	if err != nil || m.InboxNew != 0 || m.InboxOldest != 0 {
		t.Errorf("metrics %+v %v", m, err)
	}
}

func TestSupervisorActsOnlyOnTheOwnDigest(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id, boss, other := s.person("Sri", "100"), s.person("Kepala", "200"), s.person("Lain", "300")
	s.due(id, "due")
	s.escalate(id, boss)
	acted := conversations.Outcome{Acted: []conversations.Acted{{Escalation: 1, Employee: id, Action: "nudge"}}}
	s.do("300", other, acted)
	if got := one[string](s, `SELECT action FROM escalation_member`); got != "" {
		t.Errorf("a stranger's act counted: %s", got)
	}
	var seen [2][]conversations.Silent
	for i, chat := range []string{"300", "200"} {
		s.acts.set(func(_ conversations.Turn, r conversations.Records) (_ conversations.Outcome, err error) {
			seen[i], err = r.Silent(t.Context(), []roster.EmployeeID{other, boss}[i], 1)
			return acted, err
		})
		s.receive(s.text(chat, "x"))
		s.handle(keyOf([]roster.EmployeeID{other, boss}[i]))
	}
	if len(seen[0]) != 0 || len(seen[1]) != 1 || seen[1][0].Person.Name != "Sri" || !seen[1][0].Reached || seen[1][0].Settled {
		t.Errorf("seen %+v", seen)
	}
	if got := one[string](s, `SELECT action FROM escalation_member`); got != "nudge" {
		t.Errorf("action %q", got)
	}
}

// What is tried again by the name of a constraint must be called so.
func TestNamesOfConstraints(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.person("Sri", "100"), s.person("Budi", "200")
	s.reported(a)
	_, err := s.store.pool.Exec(t.Context(), `INSERT INTO report (employee_id, day, state, version, unit_id, started_at, submitted_at, code)
		SELECT $1, day, state, 1, unit_id, started_at, submitted_at, code FROM report`, b)
	if !violates(err, "report_code_key") {
		t.Errorf("a receipt code twice: %v", err)
	}
	s.enqueue(say("a", a, conversations.KindReply), say("b", a, conversations.KindReply))
	_, err = s.store.pool.Exec(t.Context(), `UPDATE outbox SET state = 'sending', lease_until = $1`, s.clock.now())
	if !violates(err, "outbox_sending") {
		t.Errorf("two messages of a chat under way: %v", err)
	}
}
