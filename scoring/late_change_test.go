package scoring

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ekinerja/roster"
)

// T22: whatever day becomes free or excused afterwards, with or without a report,
// the score is not lower than it was.
func TestNoLateChangeWorsensAScore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rubric, attendance := anyRubric().Draw(t, "rubric"), anyAttendance().Draw(t, "attendance")
		var days []Entry
		for i := range rapid.IntRange(1, 25).Draw(t, "days") {
			e := anyEntry().Draw(t, "entry")
			e.Day = roster.MustDay("2026-12-21").Add(i)
			e.WasDue = (!e.Due || e.Excused) && rapid.Bool().Draw(t, "was due")
			days = append(days, e)
		}
		if rubric.Presence != nil || rubric.Ceiling != nil {
			// What was attended is a share of the days that are left; a day that is no
			// work day after all is not one of them.
			attendance = nil
		}
		month := rapid.Bool().Draw(t, "of a month")
		before := rubric.Score(Inputs{days, attendance, nil, month})
		after := append([]Entry(nil), days...)
		for i := range after {
			// A day that is free already earns its holder something in two formulas (a
			// credit, or its share of the month's target); as a holiday it would not.
			already := after[i].removed() != "" && (rubric.credits(after[i]) || rubric.Minutes.Month > 0)
			if rapid.IntRange(0, 2).Draw(t, "changes") > 0 || !after[i].Due || already {
				continue
			}
			if after[i].removed() == "" {
				after[i].WasDue = after[i].reported()
			}
			if rapid.Bool().Draw(t, "holiday") {
				after[i].Due, after[i].Excused = false, false
			} else {
				after[i].Excused = true
			}
		}
		now := rubric.Score(Inputs{after, attendance, nil, month})
		if before.Empty || now.Empty && before.OnTime+before.Late == 0 {
			return // there was no score, or nothing but silence is left out of it
		}
		if now.Empty || now.Score.LessThan(before.Score) {
			t.Fatalf("the score fell from %s to %s (empty %v)", before.Score, now.Score, now.Empty)
		}
		if now.P.GreaterThan(hundred()) {
			t.Fatalf("P is %s", now.P)
		}
	})
}

func TestADayThatBecameFree(t *testing.T) {
	t.Parallel()
	rubric := Solo()
	good := Entry{Due: true, Mark: OnTime, Minutes: 300}
	poor := Entry{Due: true, Mark: Late, Minutes: 60}
	on := func(e Entry, n int) Entry { e.Day = roster.MustDay("2026-11-23").Add(n); return e }
	excused := func(e Entry) Entry { e.Excused, e.WasDue, e.Reason = true, true, "leave"; return e }
	for _, tt := range []struct {
		name string
		days []Entry
		p    string
		due  int
	}{
		{"a good day stays", []Entry{on(poor, 0), on(excused(good), 1)}, "71", 2},
		{"a poor day goes", []Entry{on(good, 0), on(excused(poor), 1)}, "100", 1},
		{"the only day stays", []Entry{on(excused(poor), 0)}, "42", 1},
		{"of two the better stays", []Entry{on(poor, 0), on(excused(poor), 1), on(excused(good), 2)}, "71", 2},
		{"of one's own accord it never counts", []Entry{on(poor, 0), on(Entry{Mark: OnTime, Minutes: 300}, 1)}, "42", 1},
	} {
		got := rubric.Period(tt.days, nil)
		if want := decimal.RequireFromString(tt.p); !got.P.Equal(want) || got.DueDays != tt.due {
			t.Errorf("%s: P %s of %d days, want %s of %d", tt.name, got.P, got.DueDays, tt.p, tt.due)
		}
	}
}
