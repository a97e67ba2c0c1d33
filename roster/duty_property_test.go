package roster

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func genDay() *rapid.Generator[Day] {
	return rapid.Custom(func(t *rapid.T) Day { return MustDay("2026-10-01").Add(rapid.IntRange(0, 500).Draw(t, "day")) })
}

func genCalendar() *rapid.Generator[Calendar] {
	return rapid.Custom(func(t *rapid.T) Calendar {
		var days []CalendarDay
		for _, d := range rapid.SliceOfN(genDay(), 0, 40).Draw(t, "days") {
			kind := rapid.SampledFrom([]CalendarKind{Libur, CutiBersama, HariKerjaKhusus}).Draw(t, "kind")
			days = append(days, CalendarDay{d, kind, "x", ""})
		}
		from := genDay().Draw(t, "ramadan")
		return NewCalendar(days).WithRamadan(from, from.Add(29))
	})
}

func genFacts(day Day) *rapid.Generator[Facts] {
	return rapid.Custom(func(t *rapid.T) Facts {
		f := Facts{
			Pattern:  rapid.SampledFrom([]Pattern{FiveDays, SixDays, Shifts, "?"}).Draw(t, "pattern"),
			Calendar: genCalendar().Draw(t, "calendar"),
			Outage:   rapid.Bool().Draw(t, "outage"),
		}
		if rapid.Bool().Draw(t, "listed") {
			start := Clock(rapid.IntRange(0, 24*60-1).Draw(t, "start"))
			f.Shift = &Shift{Day: day, Start: start, End: start + Clock(rapid.IntRange(-600, 24*60).Draw(t, "length"))}
		}
		if rapid.Bool().Draw(t, "absent") {
			f.Absence = &Absence{
				Kind: rapid.SampledFrom(AbsenceKinds()).Draw(t, "kind"), Confirmed: rapid.Bool().Draw(t, "confirmed"),
				From: day.Add(-rapid.IntRange(-1, 3).Draw(t, "before")), To: day.Add(rapid.IntRange(-1, 3).Draw(t, "after")),
			}
		}
		if rapid.Bool().Draw(t, "dated") {
			f.EmployedFrom = day.Add(rapid.IntRange(-3, 1).Draw(t, "from"))
		}
		return f
	})
}

// stateOf is the closed set: which states a reason may stand with.
func stateOf(r Reason) map[State]bool {
	switch r {
	case ReasonWorkday, ReasonSpecialWorkday, ReasonShift, ReasonFieldDuty, ReasonTraining, ReasonWFH, ReasonWFA:
		return map[State]bool{Due: true}
	case ReasonNotEmployed, ReasonHoliday, ReasonJointLeave, ReasonWeekend:
		return map[State]bool{NotDue: true}
	case ReasonOffShift, ReasonLeave, ReasonSick, ReasonMaternity, ReasonStudy:
		return map[State]bool{NotDue: true, Deferred: true}
	case ReasonOutage:
		return map[State]bool{Deferred: true}
	}
	return nil
}

func TestEveryDayHasOneStateAndOrderedTimes(t *testing.T) {
	t.Parallel()
	wib := time.FixedZone("WIB", 7*60*60)
	rapid.Check(t, func(t *rapid.T) {
		day := genDay().Draw(t, "day")
		f := genFacts(day).Draw(t, "facts")
		d := DutyOf(f, day)
		if !stateOf(d.Reason)[d.State] {
			t.Fatalf("state %q with reason %q", d.State, d.Reason)
		}
		times := DefaultHours().Times(d, wib)
		if d.State == NotDue {
			if times != (Times{}) || d.End != 0 {
				t.Fatalf("not due but %+v %+v", d, times)
			}
			return
		}
		if d.Day != day || d.End <= d.Start {
			t.Fatalf("no hours: %+v", d)
		}
		if !times.AskAt.Before(times.Deadline) || !times.Deadline.Before(times.LateUntil) {
			t.Fatalf("not in order: %+v of %+v", times, d)
		}
		if end := day.At(d.End, wib); times.Deadline.Before(end.Add(time.Hour)) {
			t.Fatalf("less than an hour after work: %+v of %+v", times, d)
		}
	})
}

func TestAHolidayNeverMakesDue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := genDay().Draw(t, "day")
		f := genFacts(day).Draw(t, "facts")
		before := DutyOf(f, day)
		added := CalendarDay{
			Day: rapid.OneOf(rapid.Just(day), genDay()).Draw(t, "holiday"), Name: "new",
			Kind: rapid.SampledFrom([]CalendarKind{Libur, CutiBersama}).Draw(t, "as"),
		}
		ramadan := f.Calendar.ramadan
		f.Calendar = NewCalendar(append(f.Calendar.Days(), added))
		f.Calendar.ramadan = ramadan
		after := DutyOf(f, day)
		if before.State == NotDue && after.State != NotDue {
			t.Fatalf("%v became %v by %v", before, after, added)
		}
		if added.Day == day && f.Pattern != Shifts && after.State != NotDue {
			t.Fatalf("the holiday itself is %v", after)
		}
	})
}

func TestALeaveNeverMakesDue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := genDay().Draw(t, "day")
		f := genFacts(day).Draw(t, "facts")
		with := DutyOf(f, day)
		f.Absence = nil
		if without := DutyOf(f, day); without.State == NotDue && with.State != NotDue {
			t.Fatalf("%v became %v", without, with)
		}
	})
}
