package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"ekinerja/jobs"
	"ekinerja/roster"
)

// A policy of other hours: a question ahead moves, whoever was asked loses nothing,
// what is closed stays, and all of it once.
func TestThePlanFollowsThePolicy(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx, day := t.Context(), today().Add(1) // a Tuesday
	for _, name := range []string{"Putri", "Sri", "Agus"} {
		id := s.person(name, "1"+name)
		if _, err := s.turns.recompute(ctx, s.store.q(), id, span{day.Add(-1), day.Add(1)}, on(day.String(), "06.00")); err != nil {
			t.Fatal(err)
		}
	}
	s.exec(`UPDATE duty SET asked_at = ask_at FROM employee e WHERE e.id = employee_id AND e.name = 'Sri' AND day = $1`, day)
	hours := func(name string, day roster.Day) string {
		at := func(column string) string {
			return one[time.Time](s, `SELECT `+column+` FROM duty d JOIN employee e ON e.id = d.employee_id WHERE e.name = $1 AND d.day = $2`, name, day).In(wib()).Format("15.04")
		}
		return at("ask_at") + " " + at("deadline_at") + " " + at("late_until")
	}
	follow := func(mark string, want int) {
		t.Helper()
		done, err := s.turns.Follow(ctx, mark, nil)
		if err != nil || done != (Redone{People: want}) {
			t.Errorf("Follow(%s) = %+v, %v, want %d changed", mark, done, err, want)
		}
	}
	expect := func(what, name string, day roster.Day, want string) {
		t.Helper()
		if got := hours(name, day); got != want {
			t.Errorf("%s: %s on %s has %s, want %s", what, name, day, got, want)
		}
	}
	s.clock.at.Store(on(day.String(), "10.00").UnixNano())
	follow("a", 0) // by which policy it was planned is not known: by this one
	before := map[string]string{"yesterday": hours("Agus", day.Add(-1)), "today": hours("Agus", day)}

	s.turns.Policy.Hours.Deadline, s.turns.Policy.Hours.AskBeforeEnd = roster.At24(19, 0), 2*time.Hour
	follow("b", 3)
	follow("b", 0)
	expect("closed", "Agus", day.Add(-1), before["yesterday"])
	expect("ahead", "Agus", day, "14.00 19.00 16.00")
	expect("told of 21.00", "Sri", day, before["today"])
	expect("tomorrow", "Sri", day.Add(1), "14.00 19.00 16.00")

	s.turns.Policy.Hours.Deadline = roster.At24(22, 0)
	follow("c", 3)
	expect("later for who was asked", "Sri", day, before["today"][:5]+" 22.00 16.00")
	s.clock.at.Store(on(day.String(), "18.50").UnixNano())
	s.turns.Policy.Hours.Deadline = roster.At24(19, 0)
	follow("d", 3) // of tomorrow only
	expect("no time left to answer", "Agus", day, "14.00 22.00 16.00")
	if got := one[string](s, `SELECT concat_ws(' ', detail->>'why', detail->'days'->0->>'day', detail->'days'->0->'hours'->>'was_until', detail->'days'->0->'hours'->>'until')
		FROM audit WHERE action = 'duty.recompute' ORDER BY seq DESC LIMIT 1`); got != "policy 2026-11-25 2026-11-25T22:00:00+07:00 2026-11-25T19:00:00+07:00" {
		t.Errorf("the record says %q", got)
	}
}

// What was planned cannot be decided anew: that is tried again at the next tick, and
// nobody's day waits for it.
func TestDaysArePlannedWhateverFollows(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.person("Sri", "1")
	broken, tries := errors.New("broken"), 0
	d := o.deps(t, o.store)
	d.Follow = func(context.Context, string) (int, error) {
		if tries++; tries == 1 {
			return 0, broken
		}
		return 0, nil
	}
	run := jobs.New(d)
	did, err := run.Tick(t.Context(), on(mon, "07.00"))
	if !errors.Is(err, broken) || did["duty"].Counts["planned"] != 2 {
		t.Errorf("%v, %v", did["duty"].Counts, err)
	}
	for _, at := range []string{"07.01", "07.02"} {
		if _, err := run.Tick(t.Context(), on(mon, at)); err != nil || tries != 2 {
			t.Errorf("at %s %d tries, %v", at, tries, err)
		}
	}
}
