package store

import (
	"strings"
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// claimed is a stage on which Sri has claimed Monday to Wednesday and Kepala leads her.
type claimed struct {
	*stage
	sri, head, stranger roster.EmployeeID
	absence             int64
}

const claimMessage = 77

func newClaimed(t *testing.T) *claimed {
	t.Helper()
	s := newStage(t)
	c := &claimed{stage: s, sri: s.person("Sri", "100"), head: s.person("Kepala", "200"), stranger: s.person("Lain", "300")}
	s.exec(`INSERT INTO reporting_line VALUES ($1, $2, '2026-01-01', NULL)`, c.sri, c.head)
	s.do("100", c.sri, conversations.Outcome{Absent: []conversations.AbsenceChange{{
		Employee: c.sri, From: today(), To: today().Add(2), Kind: roster.AnnualLeave, Claim: claimMessage, Asks: c.head, Note: "acara",
	}}})
	c.absence = one[int64](s, `SELECT id FROM absence`)
	return c
}

func (c *claimed) decision(approve bool) conversations.Outcome {
	return conversations.Outcome{Own: conversations.Own{Decided: &conversations.Decision{
		Claim: claimMessage, Absence: c.absence, Employee: c.sri, From: today(), To: today().Add(2), Approve: approve, Reason: "hadir",
		Grace: conversations.Grace{Deadline: monday().Add(29 * time.Hour), LateUntil: monday().Add(48 * time.Hour)},
	}}}
}

func (c *claimed) duty(day roster.Day) string {
	return one[string](c.stage, `SELECT state || ' ' || to_char(deadline_at AT TIME ZONE 'Asia/Jakarta', 'DD HH24.MI')
		FROM duty WHERE employee_id = $1 AND day = $2`, c.sri, day)
}

// TestOnlyTheOwnHeadDecides: a claim is nothing to anybody else, in reading and
// in deciding.
func TestOnlyTheOwnHeadDecides(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	records := c.store.Records(today(), wib())
	for id, want := range map[roster.EmployeeID]bool{c.head: true, c.stranger: false, c.sri: false} {
		if _, found, err := records.Claim(t.Context(), id, claimMessage); err != nil || found != want {
			t.Errorf("employee %d: found %v, %v", id, found, err)
		}
	}
	c.does(c.decision(true))
	c.receive(c.text("300", "setuju"))
	if _, err := c.turns.Handle(t.Context(), keyOf(c.stranger)); err == nil || !strings.Contains(err.Error(), ErrNotTheirs.Error()) {
		t.Errorf("a stranger decided: %v", err)
	}
	if got := c.duty(today()); !strings.HasPrefix(got, "deferred") {
		t.Errorf("the duty is %s", got)
	}
	c.do("200", c.head, c.decision(true))
	if got := one[string](c.stage, `SELECT state FROM duty WHERE day = '2026-11-23' AND employee_id = $1`, c.sri); got != "not_due" {
		t.Errorf("approved, the duty is %s", got)
	}
}

// TestRefusalGivesTimeThatStays: what a refusal grants survives every later
// computation, and never takes time away.
func TestRefusalGivesTimeThatStays(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	c.do("200", c.head, c.decision(false))
	check := func(when string) {
		t.Helper()
		if got := c.duty(today()); got != "due 24 21.00" {
			t.Errorf("%s: Monday is %s", when, got)
		}
		if got := c.duty(today().Add(1)); got != "due 24 21.00" {
			t.Errorf("%s: Tuesday is %s", when, got)
		}
	}
	check("refused")
	c.exec(`UPDATE duty SET state = 'deferred', reason = 'outage' WHERE employee_id = $1`, c.sri)
	c.exec(`UPDATE duty SET state = 'due', reason = 'workday', deadline_at = ask_at + interval '5 hours' WHERE employee_id = $1 AND day = '2026-11-23'`, c.sri)
	if got := c.duty(today()); got != "due 24 21.00" {
		t.Errorf("computed anew, Monday is %s", got)
	}
	if got := one[bool](c.stage, `SELECT asked_at IS NOT NULL FROM duty WHERE employee_id = $1 AND day = '2026-11-23'`, c.sri); !got {
		t.Error("the message that tells of the refusal has not asked")
	}
}

// TestTakenBackReportKeepsItsVersions: it is a draft again, its versions and its
// code stay, and sent again it is judged by the new sending.
func TestTakenBackReportKeepsItsVersions(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.do("100", id, conversations.Outcome{Report: change(true)})
	first, _ := s.report(id)
	s.do("100", id, conversations.Outcome{Own: conversations.Own{Withdrew: &conversations.Withdrawal{Day: today(), Reason: "salah hari"}}})
	if r, ok := s.report(id); !ok || r.Head.Submitted || len(r.Items) != 2 || r.Head.Code != first.Head.Code {
		t.Errorf("taken back: %+v", r.Head)
	}
	s.do("100", id, conversations.Outcome{Report: &conversations.ReportChange{Day: today(), Discard: true}})
	again := change(true)
	again.At, again.Late = monday().Add(6*time.Hour), true
	s.do("100", id, conversations.Outcome{Report: again})
	second, _ := s.report(id)
	if h := second.Head; !h.Submitted || h.Version != 2 || !h.Late || !h.SubmittedAt.Equal(again.At) || h.Code != first.Head.Code {
		t.Errorf("sent again: %+v", h)
	}
	receipt, found, err := s.store.Records(today(), wib()).Receipt(t.Context(), id, roster.Day{}, "")
	if err != nil || !found || receipt.Versions != 2 || len(receipt.SHA256) != 64 || len(receipt.Readers) != 0 {
		t.Errorf("%+v, %v, %v", receipt, found, err)
	}
}

// TestReadingIsNotedOnce for its writer to see.
func TestReadingIsNotedOnce(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	c.do("100", c.sri, conversations.Outcome{Report: change(true)})
	for range 2 {
		c.do("200", c.head, conversations.Outcome{Own: conversations.Own{Opened: &conversations.Opened{Employee: c.sri, Day: today()}}})
	}
	records := c.store.Records(today(), wib())
	receipt, _, err := records.Receipt(t.Context(), c.sri, today(), "")
	if err != nil || len(receipt.Readers) != 1 || receipt.Readers[0].Name != "Kepala" {
		t.Errorf("%+v, %v", receipt.Readers, err)
	}
	for id, want := range map[roster.EmployeeID]bool{c.head: true, c.sri: true, c.stranger: false} {
		if may, err := records.MayRead(t.Context(), id, c.sri, today()); err != nil || may != want {
			t.Errorf("employee %d may read: %v, %v", id, may, err)
		}
	}
}

// TestEverythingIsOnlyTheOwn: a person's data names nothing that others wrote.
func TestEverythingIsOnlyTheOwn(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	c.do("100", c.sri, conversations.Outcome{Report: change(true)})
	secret := change(true)
	secret.Items[0].Description = "Rahasia orang lain"
	c.do("300", c.stranger, conversations.Outcome{Report: secret})
	data, err := c.store.Records(today(), wib()).Everything(t.Context(), c.sri)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"laporan"`, `"acara"`, `"sha256"`, `"kanal"`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the data have no %s", want)
		}
	}
	if strings.Contains(string(data), "Rahasia") {
		t.Error("the data hold what somebody else wrote")
	}
}

// TestWhoHasLeftIsKnown: nothing is asked of them, and they are no stranger.
func TestWhoHasLeftIsKnown(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	number := one[string](s, `SELECT number FROM employee WHERE id = $1`, id)
	if err := s.store.Retire(t.Context(), s.clock.now(), number); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Retire(t.Context(), s.clock.now(), number); err == nil {
		t.Error("retired twice")
	}
	got := s.does(conversations.Outcome{})
	s.receive(s.text("100", "/dataku"))
	s.handle(keyOf(id))
	if got.Person != nil || got.Former == nil || got.Former.ID != id {
		t.Errorf("person %v, former %v", got.Person, got.Former)
	}
}
