package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/jobs"
	"ekinerja/roster"
)

// leads makes a turn that may fail, and tells whether it was accepted.
func (d desk) leads(chat string, id roster.EmployeeID, l conversations.Lead) bool {
	d.t.Helper()
	d.does(conversations.Outcome{Lead: &l})
	d.receive(d.text(chat, "x"))
	if _, err := d.turns.Handle(d.t.Context(), keyOf(id)); err != nil {
		d.exec(`UPDATE inbox SET state = 'done' WHERE state <> 'done'`) // it would be tried again
		return false
	}
	return true
}

// turn lets the clock look at stand-ins on a day, and tells what it did.
func (d desk) turn(day roster.Day) (did []conversations.DelegationTurn) {
	d.t.Helper()
	_, err := Jobs{d.store}.TurnDelegations(d.t.Context(), d.clock.now(), day, func(t jobs.DelegationTurn) []conversations.Say {
		did = append(did, t.How)
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return did
}

// A stand-in reads on the named days and on no other; the clock does each turn once.
func TestAStandInReadsOnTheNamedDays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	name := func(from, to roster.Day) bool {
		return d.leads("2", d.head, conversations.Lead{Delegated: &conversations.NewDelegation{StandIn: d.stranger, From: from, To: to}})
	}
	waits := func(when string, head, stand int) {
		t.Helper()
		if h, s := d.unread(d.head), d.unread(d.stranger); h != head || s != stand {
			t.Errorf("%s %d wait for the superior and %d for the stand-in, want %d and %d", when, h, s, head, stand)
		}
	}
	if !name(d.day.Add(1), d.day.Add(3)) {
		t.Fatal("not named")
	}
	if name(d.day.Add(3), d.day.Add(4)) {
		t.Error("two stand-ins for one day")
	}
	turns := func(day roster.Day, want ...conversations.DelegationTurn) {
		t.Helper()
		if diff := cmp.Diff(want, d.turn(day)); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", day, diff)
		}
	}
	turns(d.day)
	waits("before,", 1, 0)
	turns(d.day.Add(1), conversations.DelegationBegins)
	turns(d.day.Add(1))
	waits("on the days,", 0, 1)
	turns(d.day.Add(3))
	turns(d.day.Add(4), conversations.DelegationOver)
	turns(d.day.Add(4))
	waits("after,", 1, 0)

	// Only the two of them may end one.
	if !name(d.day.Add(7), d.day.Add(8)) {
		t.Fatal("not named again")
	}
	id := one[int64](d.stage, `SELECT max(id) FROM delegation`)
	if d.leads("1", d.writer, conversations.Lead{Undelegated: &conversations.Undelegated{ID: id}}) {
		t.Error("somebody else ended it")
	}
	if d.leads("2", d.head, conversations.Lead{Undelegated: &conversations.Undelegated{ID: id, Refused: true}}) {
		t.Error("the superior refused for the stand-in")
	}
	if !d.leads("3", d.stranger, conversations.Lead{Undelegated: &conversations.Undelegated{ID: id, Refused: true}}) {
		t.Error("the stand-in may not refuse")
	}
	turns(d.day.Add(7))
}

// A decree overrules a stand-in that a superior has named.
func TestAPlhOverrulesAStandIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if !d.leads("2", d.head, conversations.Lead{Delegated: &conversations.NewDelegation{StandIn: d.stranger, From: d.day, To: d.day.Add(3)}}) {
		t.Fatal("not named")
	}
	d.turn(d.day)
	d.exec(`INSERT INTO post (code, name, unit_id) SELECT 'KABID', 'Kabid', min(id) FROM unit`)
	d.exec(`INSERT INTO assignment (post_id, employee_id, kind, valid_from, valid_to)
		SELECT p.id, x.id, x.kind, '2026-01-01', NULL FROM post p, (VALUES ($1::bigint, 'definitif'), ($2::bigint, 'plh')) x(id, kind)`, d.head, d.writer)
	if diff := cmp.Diff([]conversations.DelegationTurn{conversations.DelegationOverruled}, d.turn(d.day.Add(1))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// An obstacle takes each step once, from the state in which it was seen, and is
// shown to its reporter and holder only.
func TestAnObstacleGoesItsWay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	ask := conversations.Lead{Blocked: &conversations.NewBlocker{Day: d.day, Due: d.day.Add(1), Kind: "alat", Said: "jaringan mati", Holder: d.head}}
	if !d.leads("1", d.writer, ask) || d.leads("1", d.writer, ask) {
		t.Fatal("help is asked for once a day")
	}
	records := d.store.Records(d.day, wib())
	seen := map[roster.EmployeeID]bool{}
	var b conversations.Blocker
	for _, id := range []roster.EmployeeID{d.writer, d.head, d.stranger} {
		got, found, err := records.Blocker(t.Context(), id, d.writer, d.day)
		if err != nil {
			t.Fatal(err)
		}
		if seen[id] = found; found {
			b = got
		}
	}
	if !seen[d.writer] || !seen[d.head] || seen[d.stranger] {
		t.Errorf("it is seen by %v", seen)
	}
	step := func(chat string, id roster.EmployeeID, was, is conversations.BlockerState, did string, due roster.Day) bool {
		return d.leads(chat, id, conversations.Lead{Moved: &conversations.BlockerStep{ID: b.ID, Was: was, State: is, Did: did, Holder: d.head, Due: due}})
	}
	remind := func(day roster.Day, before time.Time, reminded, closed int) {
		t.Helper()
		r, c, err := Jobs{d.store}.RemindBlockers(t.Context(), d.clock.now(), day, before, func(b conversations.Blocker) conversations.Say {
			return say("blocker/"+day.String(), b.Holder.ID, conversations.KindNotice)
		})
		if r != reminded || c != closed || err != nil {
			t.Errorf("on %s %d are reminded, %d closed, %v; want %d, %d", day, r, c, err, reminded, closed)
		}
	}
	never := d.clock.now().AddDate(-1, 0, 0)
	remind(d.day.Add(1), never, 0, 0) // its day is not over
	remind(d.day.Add(2), never, 1, 0)
	remind(d.day.Add(3), never, 0, 0) // once
	if !step("2", d.head, conversations.BlockerOpen, conversations.BlockerAccepted, "accepted", d.day.Add(5)) ||
		step("2", d.head, conversations.BlockerOpen, conversations.BlockerAccepted, "accepted", d.day.Add(5)) {
		t.Error("it is accepted once")
	}
	remind(d.day.Add(6), never, 1, 0) // another day, another word
	if !step("2", d.head, conversations.BlockerAccepted, conversations.BlockerDone, "done", d.day.Add(5)) {
		t.Error("it cannot be done")
	}
	remind(d.day.Add(7), d.clock.now().Add(time.Hour), 0, 1)
	remind(d.day.Add(7), d.clock.now().Add(time.Hour), 0, 0)
	if got := one[string](d.stage, `SELECT string_agg(did, ' ' ORDER BY id) FROM blocker_step`); got != "asked accepted done expired" {
		t.Errorf("the record says %q", got)
	}
}

// A foreman's report is each member's own, and falls when the member is right.
func TestACrewsReportCanBeContested(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	member := d.person("Galih", "4")
	d.exec(`INSERT INTO reporting_line (employee_id, supervisor_id, valid_from) VALUES ($1, $2, '2026-01-01')`, member, d.head)
	crew := func(of ...roster.EmployeeID) conversations.Lead {
		return conversations.Lead{Crew: &conversations.CrewReport{
			Day: d.day, At: d.clock.now(), Items: []parse.Item{{Description: "Menyapu taman", Minutes: 240}}, Members: of,
		}}
	}
	if d.leads("3", d.stranger, crew(member)) {
		t.Error("somebody reported for whom they do not lead as a crew")
	}
	if err := d.store.PutCrews(t.Context(), d.clock.now(), d.day, []roster.CrewPlace{{Foreman: d.stranger, Place: 1, Member: member}}); err != nil {
		t.Fatal(err)
	}
	if !d.leads("3", d.stranger, crew(member)) {
		t.Fatal("the foreman may not report")
	}
	records := d.store.Records(d.day, wib())
	state := func() string {
		return one[string](d.stage, `SELECT state FROM report WHERE employee_id = $1`, member)
	}
	n, found, err := records.Noted(t.Context(), member, d.day, "crew")
	if !found || err != nil || n.By != d.head || state() != "submitted" {
		t.Fatalf("Noted() = %+v, %v, %v; the report is %s", n, found, err, state())
	}
	said := conversations.Lead{Contested: &conversations.NewContest{Day: d.day, Report: n.Report, Asks: n.By, Said: "saya di rumah"}}
	if !d.leads("4", member, said) || d.leads("4", member, said) {
		t.Error("a word against it is kept once")
	}
	if _, found, err := records.Contest(t.Context(), d.stranger, member, d.day); found || err != nil {
		t.Errorf("the foreman decides about the own report: %v", err)
	}
	c, found, err := records.Contest(t.Context(), d.head, member, d.day)
	if !found || err != nil {
		t.Fatalf("it does not wait for the superior: %v", err)
	}
	settle := conversations.Lead{Settled: &conversations.ContestSettled{Contest: c, Granted: true}}
	if !d.leads("2", d.head, settle) || d.leads("2", d.head, settle) {
		t.Error("it is decided once")
	}
	if got := state(); got != "draft" { // which only its person may send
		t.Errorf("the report is %s", got)
	}
}

// A clarification is one at a time and takes each step from where it stands; what
// people have begun to decide, the clock does not overtake.
func TestAClarificationTakesEachStepOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id, head := s.person("Edi", "1"), s.person("Bagus", "2")
	move := func(c jobs.ClarifyChange, want bool) {
		t.Helper()
		done, err := Jobs{s.store}.Clarify(t.Context(), s.clock.now(), c, func(int64) []conversations.Say { return nil })
		if done != want || err != nil {
			t.Errorf("Clarify(%+v) = %v, %v, want %v", c, done, err, want)
		}
	}
	begin := jobs.ClarifyChange{Person: id, Missed: []roster.Day{today().Add(-3), today().Add(-1)}}
	move(begin, true)
	move(begin, false)
	open, err := Jobs{s.store}.OpenClarifications(t.Context(), s.clock.now())
	if err != nil || len(open) != 1 {
		t.Fatalf("%+v, %v", open, err)
	}
	if diff := cmp.Diff(begin.Missed, open[0].Missed); diff != "" {
		t.Errorf("missed (-want +got):\n%s", diff)
	}
	step := func(to string, want bool) {
		t.Helper()
		move(jobs.ClarifyChange{ID: open[0].ID, Move: to, Holder: head}, want)
	}
	step("drafted", false) // nobody has forwarded it
	step("care", false)    // nobody has asked for it
	step("review", true)
	step("review", false)
	step("forwarded", true)
	step("accepted", false)
	step("drafted", true)
	step("void", false) // it stops for a person
	if got := one[string](s, `SELECT state || ' ' || (settled_at IS NULL) FROM clarification`); got != "drafted true" {
		t.Errorf("it is %s", got)
	}
}
