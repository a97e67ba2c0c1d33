package store

import (
	"fmt"
	"testing"

	"ekinerja/roster"
)

// 829 people of Solo took up new posts on one day (3 January 2022): shown before,
// taken back, planned again, and true on their day for everybody at once.
func TestHundredsMoveOnOneDay(t *testing.T) {
	t.Parallel()
	const movers = 829
	s := newStage(t)
	ctx, day := t.Context(), roster.MustDay("2026-12-01")
	people := []roster.Employee{person("OLD", "Lama", "", ""), person("NEW", "Baru", "", "")}
	for i := range movers {
		people = append(people, person(fmt.Sprintf("M%03d", i), "Pegawai", "OLD", ""))
	}
	s.importOn("2026-11-02", people...)
	all, err := s.store.Employees(ctx, day.Add(-1))
	if err != nil {
		t.Fatal(err)
	}
	facts, err := s.store.CommandFacts(ctx, day.Add(-1))
	if err != nil {
		t.Fatal(err)
	}
	known := roster.Known{Day: day.Add(-1), Facts: facts, People: all}
	var moves []roster.Move
	var ids []roster.EmployeeID
	for _, e := range all {
		if e.Supervisor == "OLD" {
			moves, ids = append(moves, roster.Move{Employee: e.ID, Unit: new("Bidang Baru"), Supervisor: new("NEW")}), append(ids, e.ID)
		}
	}
	if n := len(roster.Reroutes(facts, facts.WithMoves(moves, known.IDs(), day), ids, day)); n != movers {
		t.Errorf("%d are shown to have another superior", n)
	}
	plan := func() int64 {
		t.Helper()
		id, err := s.store.PlanMutation(ctx, s.clock.now(), Mutation{Effective: day, Source: "mutasi.csv"}, moves)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	if err := s.store.CancelMutation(ctx, s.clock.now(), plan()); err != nil {
		t.Fatal(err)
	}
	plan()
	led := func(by, on string) int {
		return one[int](s, `SELECT count(*) FROM employee e JOIN employee b ON b.number = $1 WHERE supervisor_on(e.id, $2::date) = b.id`, by, on)
	}
	for _, on := range []roster.Day{day.Add(-1), day, day} {
		if _, err := s.store.ApplyMutations(ctx, s.clock.now(), on); err != nil {
			t.Fatal(err)
		}
		if n := led("NEW", "2026-12-01"); on == day && n != movers || on != day && n != 0 {
			t.Errorf("after %s %d are led by the new superior", on, n)
		}
	}
	if n := led("OLD", "2026-11-30"); n != movers {
		t.Errorf("of the day before it is kept of %d who led them", n)
	}
	if n := one[int](s, `SELECT count(*) FROM audit WHERE action = 'roster.move'`); n != movers {
		t.Errorf("%d moves are on the record", n)
	}
}
