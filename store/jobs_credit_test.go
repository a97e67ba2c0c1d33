package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/roster"
)

// away is an outage of Telegram: lost at from, noticed each minute, back at to.
func (o *office) away(from, to time.Time) {
	o.t.Helper()
	if _, err := o.store.Reached(o.t.Context(), ReachTelegram, from); err != nil {
		o.t.Fatal(err)
	}
	for at := from.Add(time.Minute); at.Before(to); at = at.Add(time.Minute) {
		if _, err := o.store.Lost(o.t.Context(), ReachTelegram, at); err != nil {
			o.t.Fatal(err)
		}
	}
	if to.IsZero() {
		return
	}
	if _, err := o.store.Reached(o.t.Context(), ReachTelegram, to); err != nil {
		o.t.Fatal(err)
	}
}

// until is the deadline of a person's Monday, as people read it.
func (o *office) until(id roster.EmployeeID) string {
	return one[time.Time](o.stage, "SELECT deadline_at FROM duty WHERE employee_id = $1 AND day = $2::date", int64(id), mon).
		In(wib()).Format("02 15.04")
}

// ledger is channel, minutes and whether it was credited, oldest first.
func (o *office) ledger() []string {
	o.t.Helper()
	rows, err := o.store.pool.Query(o.t.Context(), `SELECT channel || ' ' || coalesce((extract(epoch FROM ended_at - started_at) / 60)::integer::text, 'runs')
		|| CASE WHEN credited_at IS NULL THEN '' ELSE ' credited' END FROM outage ORDER BY id`)
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			o.t.Fatal(err)
		}
		out = append(out, line)
	}
	return out
}

func (o *office) wantLedger(want ...string) {
	o.t.Helper()
	if diff := cmp.Diff(want, o.ledger()); diff != "" {
		o.t.Error(diff)
	}
}

func TestOutageIsMeasured(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	at := on(mon, "16.00")
	for _, c := range []struct {
		after time.Duration
		works bool
	}{
		{0, true},
		{30 * time.Second, false}, // once is nothing
		{60 * time.Second, false},
		{90 * time.Second, false}, // it runs already
		{10 * time.Minute, true},  // back for half a minute
		{10*time.Minute + 30*time.Second, true},
		{11 * time.Minute, false},
		{11*time.Minute + 30*time.Second, false}, // the same goes on
		{20 * time.Minute, true},
	} {
		var err error
		if c.works {
			_, err = o.store.Reached(t.Context(), ReachTelegram, at.Add(c.after))
		} else {
			_, err = o.store.Lost(t.Context(), ReachTelegram, at.Add(c.after))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	o.wantLedger("telegram 20")
	// We slept: the first heartbeat after it knows, later ones do not look back.
	for _, c := range []struct{ after, asleep, want time.Duration }{
		{0, 2 * time.Minute, 0},
		{2 * time.Minute, 2 * time.Minute, 0},
		{time.Hour, 0, 0},
		{3 * time.Hour, 2 * time.Minute, 2 * time.Hour},
		{time.Hour, 2 * time.Minute, 0}, // a clock that was set back
	} {
		if away, err := o.store.Beat(t.Context(), at.Add(c.after), c.asleep); err != nil || away != c.want {
			t.Errorf("after %v: away for %v, %v; want %v", c.after, away, err, c.want)
		}
	}
	o.wantLedger("telegram 20", "self 120")
}

func TestOutageMovesDeadlines(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sri, teguh, umi := o.person("Sri", "1"), o.person("Teguh", "2"), o.person("Umi", "")
	o.tick(on(mon, "15.46")) // all with a chat are asked
	o.reported(teguh, mon, false, 300)
	o.away(on(mon, "16.00"), on(mon, "16.40"))
	away := map[string]int{"ask.unreachable": 1} // Umi
	o.want(on(mon, "16.41"), away)               // it may yet go on
	o.want(on(mon, "16.45"), map[string]int{"ask.unreachable": 1, "credit.moved": 3, "credit.outages": 1})
	o.wantLedger("telegram 40 credited")
	for _, id := range []roster.EmployeeID{sri, teguh, umi} {
		if got := o.until(id); got != "23 21.40" {
			t.Errorf("%d: until %s", id, got)
		}
	}
	// Only who still owes and has a chat is told, and once.
	if o.sent("outage/") != 1 || o.words("outage/1/1") == "" {
		t.Errorf("told: %v", o.keys())
	}
	o.want(on(mon, "16.50"), away)
	// A second outage counts from the planned times, not from the moved ones.
	o.away(on(mon, "18.00"), on(mon, "18.20"))
	o.tick(on(mon, "18.30"))
	if got := o.until(sri); got != "24 06.30" { // 22.00 and later is night
		t.Errorf("after a second one: until %s", got)
	}
	// An absence that is taken back decides the day anew, with what was given back.
	o.exec("UPDATE duty SET state = 'not_due', reason = 'sick', ask_at = NULL, deadline_at = NULL, late_until = NULL, planned_deadline = NULL, planned_late = NULL")
	o.clock.at.Store(on(mon, "19.00").UnixNano())
	if _, err := o.turns.Recompute(t.Context(), roster.MustDay(mon), roster.MustDay(mon)); err != nil {
		t.Fatal(err)
	}
	if got := o.until(sri); got != "24 06.30" {
		t.Errorf("decided anew: until %s", got)
	}
}

func TestNobodyIsBlamedWhileItRuns(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.tick(on(mon, "14.50"))
	l.away(on(mon, "14.51"), time.Time{})
	if _, err := l.store.Lost(t.Context(), ReachTelegram, on(mon, "14.53")); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"15.46", "17.00", "20.30", "20.59", "21.30"} {
		if did := l.tick(on(mon, at)); did["ask.asked"]+did["remind.reminded"]+did["escalate.digests"] != 0 {
			t.Errorf("%s: %v", at, did)
		}
	}
	if got := l.until(l.sri); got < "24 06.30" {
		t.Errorf("while it runs: until %s", got)
	}
	l.tick(on(tue, "08.00"))
	l.wantMembers()
	// Back at 09.00: the word about it asks, nothing else does.
	if _, err := l.store.Reached(t.Context(), ReachTelegram, on(tue, "09.00")); err != nil {
		t.Fatal(err)
	}
	l.tick(on(tue, "09.05"))
	l.tick(on(tue, "09.10"))
	if asked, told := l.sent("ask/"), l.sent("outage/"); asked != 0 || told != 5 {
		t.Errorf("asked %d, told %d", asked, told)
	}
	if n := one[int64](l.stage, "SELECT count(*) FROM duty WHERE asked_at IS NOT NULL AND day = $1::date", mon); n != 5 {
		t.Errorf("%d count as asked", n)
	}
	// Silence after that is silence.
	l.tick(on(wed, "08.00"))
	if len(l.members()) != 4 {
		t.Errorf("members: %v", l.members())
	}
}

func TestLateReportsAreCorrected(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sri, teguh := o.person("Sri", "1"), o.person("Teguh", "2")
	o.tick(on(mon, "15.46"))
	for id, at := range map[roster.EmployeeID]time.Time{sri: on(mon, "21.30"), teguh: on(tue, "10.00")} {
		o.reported(id, mon, true, 300)
		o.exec("UPDATE report SET submitted_at = $2 WHERE employee_id = $1", int64(id), at)
	}
	o.exec("INSERT INTO job_run (job, period, started_at) VALUES ('score', $1, $2), ('score', '2026-11-16/3', $2)", mon+"/1", on(mon, "05.00"))
	id, err := o.store.AddOutage(t.Context(), Outage{
		Channel: "declared:bkn", From: on(mon, "18.00"), To: on(mon, "18.45"), DeclaredBy: "admin", Note: "aplikasi BKN",
	})
	if err != nil {
		t.Fatal(err)
	}
	o.want(on(tue, "11.00"), map[string]int{"credit.moved": 2, "credit.corrected": 1, "credit.outages": 1})
	if late := one[int64](o.stage, "SELECT employee_id FROM report WHERE late"); late != int64(teguh) {
		t.Errorf("late is %d", late)
	}
	if n := one[int64](o.stage, "SELECT count(*) FROM audit WHERE action = 'report.on_time' AND subject = $1 AND detail->'outages' = to_jsonb(ARRAY[$2::bigint])",
		keyOf(sri), id); n != 1 {
		t.Errorf("%d lines in the record", n)
	}
	for period, want := range map[string]int64{mon + "/1": 0, "2026-11-16/3": 1} {
		if n := one[int64](o.stage, "SELECT count(*) FROM job_run WHERE job = 'score' AND period = $1", period); n != want {
			t.Errorf("%d runs of %s are kept, want %d", n, period, want)
		}
	}
	all, err := o.store.Outages(t.Context(), 10)
	if err != nil || len(all) != 1 || all[0].Told != 1 || all[0].CreditedAt.IsZero() || all[0].DeclaredBy != "admin" {
		t.Errorf("ledger: %+v, %v", all, err)
	}
}

func TestOutageOfOneOffice(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sri, wati := o.person("Sri", "1"), o.person("Wati", "2")
	o.exec("INSERT INTO opd (name) VALUES ('Dinas Kesehatan')")
	o.exec("INSERT INTO unit (opd_id, name) SELECT id, 'Puskesmas' FROM opd WHERE name = 'Dinas Kesehatan'")
	o.exec("UPDATE employee SET unit_id = (SELECT id FROM unit WHERE name = 'Puskesmas') WHERE id = $1", int64(wati))
	o.tick(on(mon, "15.46"))
	declared := Outage{Channel: "declared:listrik", OPD: "Dinas Kesehatan", From: on(mon, "17.00"), To: on(mon, "17.30"), Note: "listrik padam"}
	if _, err := o.store.AddOutage(t.Context(), declared); err != nil {
		t.Fatal(err)
	}
	o.tick(on(mon, "17.00")) // known beforehand, told at once
	if s, w := o.until(sri), o.until(wati); s != "23 21.00" || w != "23 21.30" || o.sent("outage/") != 1 {
		t.Errorf("until %s and %s, %d told", s, w, o.sent("outage/"))
	}
	declared.OPD = "Dinas Rahasia"
	if _, err := o.store.AddOutage(t.Context(), declared); !errors.Is(err, ErrOPD) {
		t.Errorf("an OPD that is not there: %v", err)
	}
}

// TestShortOutagesAreNotTold: a minute moves deadlines, and disturbs nobody.
func TestShortOutagesAreNotTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sri := o.person("Sri", "1")
	o.tick(on(mon, "15.46"))
	o.away(on(mon, "20.40"), on(mon, "20.43"))
	o.tick(on(mon, "20.50"))
	if got := o.until(sri); got != "23 21.43" || o.sent("outage/") != 0 {
		t.Errorf("until %s, %d told", got, o.sent("outage/"))
	}
}
