package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// imports is what a leave file with one row does; it tells the verdict and how many
// were told.
func (s *stage) imports(row roster.Absence, overrule bool) (roster.LeaveVerdict, int) {
	s.t.Helper()
	row.Confirmed = true
	stored, err := s.store.Absences(s.t.Context(), []roster.EmployeeID{row.Employee}, row.From, row.To)
	if err != nil {
		s.t.Fatal(err)
	}
	c := roster.CompareLeave([]roster.LeaveEntry{{Line: 2, Absence: row}}, stored)[0]
	if !c.Writes(overrule) {
		return c.Verdict, 0
	}
	words, err := conversations.NewWords(wib())
	if err != nil {
		s.t.Fatal(err)
	}
	told, err := s.turns.ImportLeave(s.t.Context(), []roster.LeaveChange{c}, words)
	if err != nil {
		s.t.Fatal(err)
	}
	return c.Verdict, told
}

// kept are the absences that count, "CT 23-25 confirmed".
func (s *stage) kept(id roster.EmployeeID) []string {
	s.t.Helper()
	return one[[]string](s, `SELECT coalesce(array_agg(kind || ' ' || to_char(first_day, 'DD') || '-' || to_char(last_day, 'DD') || ' ' || state
		ORDER BY first_day, id), '{}') FROM absence WHERE employee_id = $1 AND state <> 'refused'`, id)
}

// TestLeaveFileSettlesAClaim of its days; the other days go on waiting, and a
// second import changes nothing and tells nobody.
func TestLeaveFileSettlesAClaim(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct {
		row     roster.Absence
		verdict roster.LeaveVerdict
		kept    []string
	}{
		"all of it":    {roster.Absence{Kind: roster.AnnualLeave, From: today(), To: today().Add(2)}, roster.LeaveConfirms, []string{"CT 23-25 confirmed"}},
		"its middle":   {roster.Absence{Kind: roster.AnnualLeave, From: today().Add(1), To: today().Add(1)}, roster.LeaveConfirms, []string{"CT 23-23 claimed", "CT 24-24 confirmed", "CT 25-25 claimed"}},
		"longer":       {roster.Absence{Kind: roster.AnnualLeave, From: today(), To: today().Add(4)}, roster.LeaveConfirms, []string{"CT 23-27 confirmed"}},
		"another kind": {roster.Absence{Kind: roster.SickLeave, From: today(), To: today().Add(2)}, roster.LeaveCorrects, []string{"CS 23-25 confirmed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClaimed(t)
			k.row.Employee = c.sri
			if v, told := c.imports(k.row, false); v != k.verdict || told != 1 {
				t.Errorf("%s, %d told", v, told)
			}
			if diff := cmp.Diff(k.kept, c.kept(c.sri)); diff != "" {
				t.Error(diff)
			}
			if v, told := c.imports(k.row, false); v != roster.LeaveKnown || told != 0 {
				t.Errorf("again: %s, %d told", v, told)
			}
			if got := one[int](c.stage, `SELECT count(*) FROM outbox WHERE key LIKE 'leavefile/%' AND employee_id = $1`, c.sri); got != 1 {
				t.Errorf("told %d times", got)
			}
			pending, err := c.store.Records(today(), wib()).Pending(t.Context(), c.head)
			if waits := name == "its middle"; err != nil || (len(pending) > 0) != waits {
				t.Errorf("the superior's list: %v, %v", pending, err)
			}
			if got := one[int](c.stage, `SELECT count(*) FROM audit WHERE action = 'duty.recompute' AND detail->>'why' = 'leave file' AND subject = $1`, keyOf(c.sri)); got != 1 {
				t.Errorf("%d lines in the record", got)
			}
		})
	}
}

// TestLeaveFileMakesTheDayFree that was claimed, and one that was due.
func TestLeaveFileMakesTheDayFree(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	row := roster.Absence{Employee: c.sri, Kind: roster.AnnualLeave, From: today(), To: today().Add(2)}
	c.imports(row, false)
	if got := one[string](c.stage, `SELECT state || ' ' || reason FROM duty WHERE employee_id = $1 AND day = $2`, c.sri, today()); got != "not_due leave" {
		t.Errorf("Monday is %s", got)
	}
	row.To = today()
	if v, _ := c.imports(row, false); v != roster.LeaveShortens {
		t.Errorf("a shorter row %s", v)
	}
	if got := one[string](c.stage, `SELECT state FROM duty WHERE employee_id = $1 AND day = $2`, c.sri, today().Add(1)); got != "due" {
		t.Errorf("Tuesday is %s", got)
	}
}

// TestTheSuperiorsWordStands against the file until it is overruled.
func TestTheSuperiorsWordStands(t *testing.T) {
	t.Parallel()
	for name, approve := range map[string]bool{"confirmed": true, "refused": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClaimed(t)
			c.do("200", c.head, c.decision(approve))
			row := roster.Absence{Employee: c.sri, Kind: roster.AnnualLeave, From: today().Add(1), To: today().Add(2)}
			before := c.kept(c.sri)
			if v, told := c.imports(row, false); v != roster.LeaveContradicts || told != 0 {
				t.Errorf("%s, %d told", v, told)
			}
			if diff := cmp.Diff(before, c.kept(c.sri)); diff != "" {
				t.Error(diff)
			}
			if v, told := c.imports(row, true); v != roster.LeaveContradicts || told != 1 {
				t.Errorf("overruled: %s, %d told", v, told)
			}
			if diff := cmp.Diff([]string{"CT 24-25 confirmed"}, c.kept(c.sri)); diff != "" {
				t.Error(diff)
			}
			if v, _ := c.imports(row, false); v != roster.LeaveKnown {
				t.Errorf("again: %s", v)
			}
		})
	}
}

// TestLeaveFileSeesWhatMoved between comparing and importing, and then changes nothing.
func TestLeaveFileSeesWhatMoved(t *testing.T) {
	t.Parallel()
	c := newClaimed(t)
	row := roster.LeaveEntry{Line: 2, Absence: roster.Absence{Employee: c.sri, Kind: roster.AnnualLeave, From: today(), To: today().Add(2), Confirmed: true}}
	other := roster.LeaveEntry{Line: 3, Absence: roster.Absence{Employee: c.stranger, Kind: roster.AnnualLeave, From: today(), To: today(), Confirmed: true}}
	stored, err := c.store.Absences(t.Context(), []roster.EmployeeID{c.sri, c.stranger}, row.From, row.To)
	if err != nil {
		t.Fatal(err)
	}
	c.do("200", c.head, c.decision(false))
	changes := roster.CompareLeave([]roster.LeaveEntry{other, row}, stored)
	if _, err := c.turns.ImportLeave(t.Context(), changes, nil); !errors.Is(err, ErrLeaveMoved) {
		t.Errorf("imported: %v", err)
	}
	if got := c.kept(c.stranger); len(got) > 0 {
		t.Errorf("half of the file is there: %v", got)
	}
}
