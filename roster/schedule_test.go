package roster

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPlanSpreadsTheQuestions(t *testing.T) {
	t.Parallel()
	loc := time.FixedZone("WIB", 7*3600)
	f, day := Facts{Pattern: FiveDays, Calendar: NewCalendar(Seed())}, MustDay("2026-11-23")
	const spread = 45 * time.Minute
	perMinute := map[int]int{}
	for id := EmployeeID(1); id <= 9000; id++ {
		d, at := Plan(f, id, day, DefaultHours(), spread, loc)
		after := at.AskAt.Sub(day.At(At24(15, 0), loc))
		if d.State != Due || after < 0 || after >= spread {
			t.Fatalf("employee %d: asked %v after 15.00, %s", id, after, d.State)
		}
		perMinute[int(after/time.Minute)]++
	}
	for m, n := range perMinute {
		if n < 150 || n > 250 {
			t.Errorf("minute %d has %d questions, want about 200", m, n)
		}
	}
	if len(perMinute) != 45 {
		t.Errorf("questions fall into %d minutes, want 45", len(perMinute))
	}
}

func TestPlanOfAFreeDayHasNoTimes(t *testing.T) {
	t.Parallel()
	f := Facts{Pattern: FiveDays, Calendar: NewCalendar(Seed())}
	d, at := Plan(f, 7, MustDay("2026-12-25"), DefaultHours(), time.Hour, time.UTC)
	if d.State != NotDue || at != (Times{}) {
		t.Errorf("got %+v, %+v", d, at)
	}
}

func TestPlanAlwaysLeavesTimeToAnswer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h := DefaultHours()
		h.AskBeforeEnd = time.Duration(rapid.IntRange(0, 480).Draw(t, "before")) * time.Minute
		h.AfterShift = time.Duration(rapid.IntRange(30, 720).Draw(t, "after")) * time.Minute
		spread := time.Duration(rapid.IntRange(0, 300).Draw(t, "spread")) * time.Minute
		day := MustDay("2026-11-23")
		start := Clock(rapid.IntRange(0, 1439).Draw(t, "start"))
		f := Facts{Pattern: Shifts, Shift: &Shift{Day: day, Start: start, End: start + Clock(rapid.IntRange(1, 1440).Draw(t, "length"))}}
		id := EmployeeID(rapid.Int64Range(1, 1<<40).Draw(t, "id"))
		d, at := Plan(f, id, day, h, spread, time.UTC)
		bare := h.Times(d, time.UTC)
		if at.AskAt.Before(bare.AskAt) || at.AskAt.Sub(bare.AskAt) > spread {
			t.Fatalf("asked at %v, want within %v of %v", at.AskAt, spread, bare.AskAt)
		}
		if left := at.Deadline.Sub(at.AskAt); left < AnswerTime {
			t.Fatalf("%v to answer (asked %v, deadline %v)", left, at.AskAt, at.Deadline)
		}
		if at.Deadline != bare.Deadline || at.LateUntil != bare.LateUntil {
			t.Fatalf("the spread moved a limit")
		}
	})
}
