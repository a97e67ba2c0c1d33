package roster

import (
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// handCalendar is the calendar of testdata/hari.csv: the seed, one Saturday that
// is worked, Ramadan, and short hours on the last day of the year.
func handCalendar() Calendar {
	return NewCalendar(append(Seed(), CalendarDay{Day: MustDay("2026-11-28"), Kind: HariKerjaKhusus, Name: "Pengganti"})).
		WithRamadan(MustDay("2027-02-08"), MustDay("2027-03-09")).
		WithHours(SpecialHours{
			From: MustDay("2026-12-31"), To: MustDay("2026-12-31"), Pattern: FiveDays,
			Hours: WorkHours{Start: At24(7, 30), End: At24(12, 0)},
		})
}

// TestDaysWorkedOutByHand: each row of the file was worked out from the rules on
// paper, with its reason; the program has to agree.
func TestDaysWorkedOutByHand(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/hari.csv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")[1:]
	if len(lines) < 60 {
		t.Fatalf("%d days", len(lines))
	}
	wib := time.FixedZone("WIB", 7*3600)
	calendar := handCalendar()
	for _, line := range lines {
		c := strings.Split(line, ";")
		day := MustDay(c[2])
		f := handFacts(t, c, calendar)
		duty := DutyOf(f, day)
		times := DefaultHours().Times(duty, wib)
		got := []string{string(duty.State), string(duty.Reason), "", "", ""}
		if duty.State == Due {
			for i, at := range []time.Time{times.AskAt, times.Deadline, times.LateUntil} {
				got[2+i] = at.Format("01-02 15.04")
			}
		}
		if want := c[6:11]; strings.Join(got, ";") != strings.Join(want, ";") {
			t.Errorf("day %s (%s %s): %v, by hand %v: %s", c[0], c[1], c[2], got, want, c[11])
		}
	}
}

func handFacts(t *testing.T, c []string, calendar Calendar) Facts {
	t.Helper()
	day := MustDay(c[2])
	f := Facts{Pattern: Pattern(c[1]), Calendar: calendar, Outage: c[5] == "gangguan"}
	if from, ok := strings.CutPrefix(c[5], "mulai "); ok {
		f.EmployedFrom = MustDay(from)
	}
	for _, code := range DefaultShifts() {
		if code.Code == c[3] {
			f.Shift = &Shift{Day: day, Start: code.Start, End: code.End, Name: code.Name}
		}
	}
	if kind, sure, ok := strings.Cut(c[4], " "); ok {
		k, err := ParseAbsenceKind(kind)
		if err != nil {
			t.Fatal(err)
		}
		f.Absence = &Absence{Kind: k, From: day, Confirmed: sure == "ya"}
	}
	return f
}

// TestEveryDayHasOneAnswer: over any calendar, pattern, shift and absence a day is
// due, not due or deferred with a known reason, its moments are in order, nobody
// is asked on a free day, and an absence never makes a free day due.
func TestEveryDayHasOneAnswer(t *testing.T) {
	t.Parallel()
	wib := time.FixedZone("WIB", 7*3600)
	rapid.Check(t, func(t *rapid.T) {
		base := MustDay("2026-11-01")
		day := func(label string) Day { return base.Add(rapid.IntRange(0, 60).Draw(t, label)) }
		var special []CalendarDay
		for range rapid.IntRange(0, 20).Draw(t, "special") {
			special = append(special, CalendarDay{
				Day: day("date"), Name: "x", Kind: rapid.SampledFrom([]CalendarKind{Libur, CutiBersama, HariKerjaKhusus}).Draw(t, "kind"),
			})
		}
		c := NewCalendar(special)
		if rapid.Bool().Draw(t, "ramadan") {
			first := day("first")
			c = c.WithRamadan(first, first.Add(29))
		}
		f := Facts{Pattern: rapid.SampledFrom([]Pattern{FiveDays, SixDays, Shifts}).Draw(t, "pattern"), Calendar: c, Outage: rapid.IntRange(0, 9).Draw(t, "outage") == 0}
		d := day("day")
		if rapid.Bool().Draw(t, "shift") {
			code := rapid.SampledFrom(DefaultShifts()).Draw(t, "code")
			if !code.Off {
				f.Shift = &Shift{Day: d, Start: code.Start, End: code.End, Name: code.Name}
			}
		}
		free := DutyOf(f, d)
		if rapid.Bool().Draw(t, "absent") {
			f.Absence = &Absence{Kind: rapid.SampledFrom(AbsenceKinds()).Draw(t, "absence"), From: d, Confirmed: rapid.Bool().Draw(t, "confirmed")}
		}
		got := DutyOf(f, d)
		if free.State == NotDue && got.State != NotDue {
			t.Fatalf("an absence made a free day %s", got.State)
		}
		times := DefaultHours().Times(got, wib)
		switch {
		case got.Reason == "" || got.State != Due && got.State != NotDue && got.State != Deferred:
			t.Fatalf("no answer: %+v", got)
		case got.State == NotDue && times != (Times{}):
			t.Fatalf("a free day has moments: %+v", times)
		case got.State == Due && (!times.AskAt.Before(times.Deadline) || times.LateUntil.Before(times.Deadline)):
			t.Fatalf("moments out of order: %+v", times)
		case got.State == Due && times.Deadline.Sub(times.AskAt) < time.Hour:
			t.Fatalf("only %v to answer", times.Deadline.Sub(times.AskAt))
		}
	})
}
