package store

import (
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// desk is a writer with a sent report, the superior of that day and a stranger.
type desk struct {
	*stage
	writer, head, stranger roster.EmployeeID
	day                    roster.Day
}

func newDesk(t *testing.T) desk {
	t.Helper()
	s := newStage(t)
	d := desk{stage: s, writer: s.person("Sri", "1"), head: s.person("Bambang", "2"), stranger: s.person("Tono", "3")}
	d.day = roster.DayOf(monday())
	s.exec(`INSERT INTO reporting_line (employee_id, supervisor_id, valid_from) VALUES ($1, $2, '2026-01-01')`, d.writer, d.head)
	d.send()
	return d
}

func (d desk) send() {
	d.t.Helper()
	d.do("1", d.writer, conversations.Outcome{Report: &conversations.ReportChange{
		Day: d.day, Submit: true, At: d.clock.now(), Items: []parse.Item{{Description: "Rapat", Minutes: 60, Source: "rapat 60 menit"}},
	}})
}

// mark is a verdict on the first sending.
func (d desk) mark() conversations.Outcome {
	return conversations.Outcome{Marks: []conversations.Mark{{
		Employee: d.writer, Day: d.day, Version: 1, State: conversations.Approved, Grade: scoring.Cukup,
	}}}
}

// refused reports that the turn of somebody fails and changes nothing.
func (d desk) refused(chat string, id roster.EmployeeID, out conversations.Outcome) {
	d.t.Helper()
	d.does(out)
	d.receive(d.text(chat, "x"))
	if _, err := d.turns.Handle(d.t.Context(), keyOf(id)); err == nil {
		d.t.Error("accepted")
	}
	if n := one[int](d.stage, `SELECT count(*) FROM review`); n != 0 {
		d.t.Errorf("%d verdicts are kept", n)
	}
}

func (d desk) unread(id roster.EmployeeID) int {
	d.t.Helper()
	rows, err := d.store.Records(d.day, wib()).Unread(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return len(rows)
}

func TestOnlyTheSuperiorJudges(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if h, s := d.unread(d.head), d.unread(d.stranger); h != 1 || s != 0 {
		t.Errorf("%d wait for the superior, %d for a stranger; want 1 and 0", h, s)
	}
	d.refused("3", d.stranger, d.mark())
}

// Who has changed a report is not judged by what it was before.
func TestVerdictIsOfOneSending(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.send()
	d.refused("2", d.head, d.mark())
	d = newDesk(t)
	d.do("2", d.head, d.mark())
	if n := d.unread(d.head); n != 0 {
		t.Errorf("%d wait after the verdict", n)
	}
	d.send()
	if n := d.unread(d.head); n != 1 {
		t.Errorf("%d wait after another sending, want 1", n)
	}
	if _, found, err := d.store.Records(d.day, wib()).Verdict(t.Context(), d.writer, d.day); found || err != nil {
		t.Errorf("the new sending has a verdict: %v", err)
	}
}

func TestVerdictTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	inbox := d.do("2", d.head, d.mark()).Inbox
	since := d.clock.now().Add(-10 * time.Minute)
	records := d.store.Records(d.day, wib())
	for who, want := range map[roster.EmployeeID]int{d.head: 1, d.stranger: 0} {
		if got, err := records.Reviewed(t.Context(), who, inbox, since); err != nil || len(got) != want {
			t.Errorf("%d verdicts of %d, %v; want %d", len(got), who, err, want)
		}
	}
	d.do("3", d.stranger, conversations.Outcome{Unmark: inbox})
	if n := d.unread(d.head); n != 0 {
		t.Error("a stranger took a verdict back")
	}
	d.do("2", d.head, conversations.Outcome{Unmark: inbox})
	if n := d.unread(d.head); n != 1 {
		t.Errorf("%d wait after it was taken back, want 1", n)
	}
	if got, err := records.Reviewed(t.Context(), d.head, inbox, since); err != nil || len(got) != 0 {
		t.Errorf("it may be taken back again: %v, %v", got, err)
	}
}

// The superior of the day reads; when that one has left, who leads now.
func TestReaderAfterAMove(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.exec(`UPDATE reporting_line SET valid_to = '2026-11-24'`)
	d.exec(`INSERT INTO reporting_line (employee_id, supervisor_id, valid_from) VALUES ($1, $2, '2026-11-24')`, d.writer, d.stranger)
	if h, s := d.unread(d.head), d.unread(d.stranger); h != 1 || s != 0 {
		t.Errorf("after a move %d wait for the superior of the day, %d for the new one; want 1 and 0", h, s)
	}
	d.exec(`UPDATE employee SET active = false WHERE id = $1`, d.head)
	if s := d.unread(d.stranger); s != 1 {
		t.Errorf("%d wait for the new superior after the old one left, want 1", s)
	}
}
