package store

import (
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

func (s *stage) number(n string) roster.EmployeeID {
	return roster.EmployeeID(one[int64](s, `SELECT id FROM employee WHERE number = $1`, n))
}

// ledOn is who leads somebody on a day, in the rows that everything reads.
func (s *stage) ledOn(number, day string) string {
	return one[string](s, `SELECT coalesce((SELECT b.number FROM employee b WHERE b.id = supervisor_on(e.id, $2::date)), '')
		FROM employee e WHERE e.number = $1`, number, day)
}

func newBureau(t *testing.T) *stage {
	t.Helper()
	s := newStage(t)
	s.importOn("2026-11-02", person("A", "Kepala", "", ""), person("B", "Kabid", "A", ""), person("C", "Sri", "B", ""), person("D", "Dian", "B", ""))
	return s
}

func TestAPlhLeadsForAWhile(t *testing.T) {
	t.Parallel()
	s := newBureau(t)
	ctx, day := t.Context(), roster.MustDay("2026-11-23")
	entry := roster.PostEntry{Code: "KABID", Name: "Kabid", OPD: "Dinas Kominfo", Holders: []roster.Holder{
		{Employee: s.number("B"), Kind: roster.Definitive, From: day},
		{Employee: s.number("D"), Kind: roster.Plh, From: day.Add(1), To: day.Add(3)},
	}}
	if n, err := s.store.PutPosts(ctx, s.clock.now(), day, []roster.PostEntry{entry}); n != 2 || err != nil {
		t.Fatalf("PutPosts() = %d, %v", n, err)
	}
	for _, tt := range []struct{ who, day, want string }{
		{"C", "2026-11-20", "B"},
		{"C", "2026-11-23", "B"},
		{"C", "2026-11-24", "D"},
		{"C", "2026-11-26", "D"},
		{"C", "2026-11-27", "B"},
		{"D", "2026-11-24", "A"},
		{"D", "2026-11-27", "B"},
		{"B", "2026-11-24", "A"},
	} {
		if got := s.ledOn(tt.who, tt.day); got != tt.want {
			t.Errorf("%s is led by %q on %s, want %q", tt.who, got, tt.day, tt.want)
		}
	}
	// The file's own supervisors stay what an export and the next import see.
	all, err := s.store.Employees(ctx, day.Add(1))
	if err != nil || all[2].Supervisor != "B" {
		t.Errorf("%+v %v", all[2], err)
	}
}

// A post below another one: from a day to come, since a day that has passed, and
// taken back before it came.
func TestAPostMovesBelowAnother(t *testing.T) {
	t.Parallel()
	s := newBureau(t)
	ctx, day := t.Context(), roster.MustDay("2026-11-23")
	entry := func(code, holder, above string, from roster.Day) roster.PostEntry {
		return roster.PostEntry{
			Code: code, Name: code, OPD: "Dinas Kominfo", Above: &roster.Above{Code: above, From: from},
			Holders: []roster.Holder{{Employee: s.number(holder), Kind: roster.Definitive, From: day}},
		}
	}
	put := func(on roster.Day, want int, entries ...roster.PostEntry) {
		t.Helper()
		if n, err := s.store.PutPosts(ctx, s.clock.now(), on, entries); n != want || err != nil {
			t.Fatalf("PutPosts() = %d, %v, want %d", n, err, want)
		}
	}
	leads := func(want string, days ...string) {
		t.Helper()
		got := ""
		for _, d := range days {
			got += s.ledOn("C", d)
		}
		if got != want {
			t.Errorf("C is led by %q, want %q", got, want)
		}
	}
	put(day, 0, entry("KADIS", "A", "", day), entry("KABID", "B", "KADIS", day), entry("STAF", "C", "KABID", day))
	put(day.Add(1), 1, entry("STAF", "C", "KADIS", roster.MustDay("2027-01-01")))
	leads("BBBAA", "2026-11-20", "2026-11-24", "2026-12-31", "2027-01-01", "2027-06-01")
	put(day.Add(2), 1, entry("STAF", "C", "KABID", day)) // taken back before its day
	leads("BB", "2026-12-31", "2027-01-01")
	put(day.Add(7), 1, entry("STAF", "C", "KADIS", day.Add(3))) // it was so since Thursday
	leads("BBA", "2026-11-26", "2026-11-29", "2026-11-30")      // what was decided stays
	facts, err := s.store.CommandFacts(ctx, day)
	if err != nil {
		t.Fatal(err)
	}
	c := s.number("C")
	if a, b := roster.NewCommand(facts).Superior(c, day.Add(2)), roster.NewCommand(facts).Superior(c, day.Add(3)); a != s.number("B") || b != s.number("A") {
		t.Errorf("the facts of the past say %d, then %d", a, b)
	}
}

func TestALongLeaveIsPassedOverAndGivenBack(t *testing.T) {
	t.Parallel()
	s := newBureau(t)
	ctx, day := t.Context(), roster.MustDay("2026-11-23")
	relink := func(want int) {
		t.Helper()
		if n, err := s.store.Relink(ctx, day, roster.PassLeave); n != want || err != nil {
			t.Errorf("Relink() = %d, %v, want %d", n, err, want)
		}
	}
	relink(0)
	s.exec(`INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_at)
		VALUES ($1, '2026-11-24', '2026-11-27', 'CT', 'import', 'confirmed', now())`, int64(s.number("B")))
	relink(2)
	relink(0)
	if a, b, c := s.ledOn("C", "2026-11-23"), s.ledOn("C", "2026-11-25"), s.ledOn("C", "2026-11-28"); a+b+c != "BAB" {
		t.Errorf("C is led by %s, %s, %s", a, b, c)
	}
	s.exec(`UPDATE absence SET state = 'refused'`)
	relink(2)
	if got := s.ledOn("C", "2026-11-25"); got != "B" {
		t.Errorf("after the leave was taken back C is led by %s", got)
	}
}

func TestAMutationHappensOnceOnItsDay(t *testing.T) {
	t.Parallel()
	s := newBureau(t)
	ctx, day := t.Context(), roster.MustDay("2026-12-01")
	moves := []roster.Move{{Employee: s.number("C"), Unit: new("Bidang Baru"), Post: new("Analis"), Supervisor: new("A")}}
	plan := func() int64 {
		t.Helper()
		id, err := s.store.PlanMutation(ctx, s.clock.now(), Mutation{Effective: day, Source: "m.csv"}, moves)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	apply := func(on roster.Day, want int) {
		t.Helper()
		if n, err := s.store.ApplyMutations(ctx, s.clock.now(), on); n != want || err != nil {
			t.Errorf("ApplyMutations(%s) = %d, %v, want %d", on, n, err, want)
		}
	}
	if err := s.store.CancelMutation(ctx, s.clock.now(), plan()); err != nil {
		t.Fatal(err)
	}
	apply(day, 0)
	id := plan()
	apply(day.Add(-1), 0)
	apply(day.Add(2), 1) // the service was away on the day
	apply(day.Add(2), 0)
	if err := s.store.CancelMutation(ctx, s.clock.now(), id); err == nil {
		t.Error("what was applied was taken back")
	}
	if a, b := s.ledOn("C", "2026-11-30"), s.ledOn("C", "2026-12-01"); a+b != "BA" {
		t.Errorf("C is led by %s, then %s", a, b)
	}
	if got := one[string](s, `SELECT e.post || ' ' || u.name FROM employee e JOIN unit u ON u.id = e.unit_id WHERE e.number = 'C'`); got != "Analis Bidang Baru" {
		t.Errorf("C is %s", got)
	}
	if n := one[int](s, `SELECT count(*) FROM audit WHERE action = 'roster.move'`); n != 1 {
		t.Errorf("%d moves on the record", n)
	}
}

// What is decided anew never makes a day due that cannot be answered any more, nor
// a told deadline earlier; and only who was asked for nothing is told.
func TestRedecideIsGentle(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := t.Context()
	words, err := conversations.NewWords(wib())
	if err != nil {
		t.Fatal(err)
	}
	id := s.person("Putri", "100")
	s.exec(`UPDATE employee SET pattern = 'SIF'`)
	day := today()
	put := func(from, to roster.Clock) {
		t.Helper()
		shift := roster.Shift{Employee: id, Day: day, Start: from, End: to, Name: "sif"}
		if err := s.store.ChangeShifts(ctx, s.clock.now(), []roster.ShiftChange{{Employee: id, Day: day, New: &shift}}); err != nil {
			t.Fatal(err)
		}
	}
	redo := func(at time.Time, people, told int) {
		t.Helper()
		s.clock.at.Store(at.UnixNano())
		done, err := s.turns.Redecide(ctx, Redo{First: day, Last: day, Why: "shifts", Words: words})
		if err != nil || done != (Redone{people, told}) {
			t.Errorf("Redecide() = %+v, %v, want %d changed, %d told", done, err, people, told)
		}
	}
	deadline := func() string {
		return one[time.Time](s, `SELECT deadline_at FROM duty`).In(wib()).Format("02 15.04")
	}
	put(roster.At24(14, 0), roster.At24(21, 0))
	if _, err := s.turns.recompute(ctx, s.store.q(), id, span{day, day}, on(day.String(), "06.00")); err != nil {
		t.Fatal(err)
	}
	if got := deadline(); got != "24 00.00" {
		t.Fatalf("deadline %s", got)
	}
	s.exec(`UPDATE duty SET asked_at = ask_at`)
	put(roster.At24(7, 0), roster.At24(14, 0))
	redo(on(day.String(), "20.30"), 1, 0)
	if got := deadline(); got != "24 00.00" {
		t.Errorf("a deadline that was told became %s", got)
	}
	free := []roster.ShiftChange{{Employee: id, Day: day}}
	if err := s.store.ChangeShifts(ctx, s.clock.now(), free); err != nil {
		t.Fatal(err)
	}
	redo(on(day.String(), "20.40"), 1, 1)
	redo(on(day.String(), "20.40"), 0, 0)
	put(roster.At24(7, 0), roster.At24(14, 0))
	redo(on(day.String(), "20.45"), 0, 0) // the question could not be answered in time
	if got := one[string](s, `SELECT detail->>'why' || ' ' || (detail->'days'->0->>'was') FROM audit
		WHERE action = 'duty.recompute' ORDER BY seq DESC LIMIT 1`); got != "shifts shift" {
		t.Errorf("the record says %q", got)
	}
}
