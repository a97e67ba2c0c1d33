package scoring

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func on(day string, m Mark, minutes int, s Suitability) Entry {
	return Entry{Day: roster.MustDay(day), Due: true, Mark: m, Minutes: minutes, Suitability: s}
}

// The worked check of the domain study: 21 due days, 15 × 300 + 4 × 240 minutes,
// 17 on time, 2 late, 2 missing, mean suitability 0.85 on 19. Quarters cannot
// mean 0.85 on 19, so the check gives "cukup" that share.
func worked() (Rubric, []Entry, *Attendance) {
	r := Solo()
	r.Suitability.Cukup = dec("0.85")
	var es []Entry
	day := roster.MustDay("2026-11-02")
	for i := range 21 {
		e := Entry{Day: day.Add(i), Due: true, Mark: OnTime, Minutes: 300, Suitability: Cukup, Report: int64(i + 1)}
		switch {
		case i >= 19:
			e = Entry{Day: day.Add(i), Due: true, Mark: Missing}
		case i >= 17:
			e.Mark = Late
		case i < 4:
			e.Minutes = 240
		}
		es = append(es, e)
	}
	return r, es, &Attendance{Days: []AttendanceDay{
		{Day: day, Late: 12}, {Day: day.Add(1), Late: 30}, {Day: day.Add(2), Late: 31},
	}}
}

func TestWorkedCheck(t *testing.T) {
	t.Parallel()
	r, es, att := worked()
	got := r.Period(es, att)
	want := Result{
		Rubric: "solo", Version: "2026.1", Attendance: true,
		P: dec("84.523810"), D: new(dec("98")), Score: dec("89.914286"),
		DueDays: 21, OnTime: 17, Late: 2, Missing: 2, Minutes: 15*300 + 4*240,
		Terms: got.Terms, Deductions: got.Deductions,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	shownAs := []string{Shown(got.P).String(), Shown(*got.D).String(), Shown(got.Score).String()}
	if diff := cmp.Diff([]string{"84.52", "98", "89.91"}, shownAs); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	r := Solo()
	zero := decimal.Zero
	for _, c := range []struct {
		name string
		in   Entry
		want Term
	}{
		{
			"full", on("2026-11-02", OnTime, 300, Sesuai),
			Term{Mark: OnTime, Points: dec("100"), Minutes: dec("60"), Punctual: dec("20"), Suitability: dec("20")},
		},
		{
			"more than full earns no more", on("2026-11-02", OnTime, 600, Sesuai),
			Term{Mark: OnTime, Points: dec("100"), Minutes: dec("60"), Punctual: dec("20"), Suitability: dec("20")},
		},
		{
			"short, late, cukup", on("2026-11-02", Late, 200, Cukup),
			Term{
				Mark: Late, Points: dec("65"), Minutes: dec("40"), Punctual: dec("10"), Suitability: dec("15"),
				Losses: []Loss{{FewMinutes, dec("20")}, {SentLate, dec("10")}, {LessSuitable, dec("5")}},
			},
		},
		{
			"unreviewed counts full", on("2026-11-02", OnTime, 300, Unreviewed),
			Term{Mark: OnTime, Points: dec("100"), Minutes: dec("60"), Punctual: dec("20"), Suitability: dec("20")},
		},
		{
			"tidak", on("2026-11-02", OnTime, 300, Tidak),
			Term{
				Mark: OnTime, Points: dec("80"), Minutes: dec("60"), Punctual: dec("20"), Suitability: zero,
				Losses: []Loss{{LessSuitable, dec("20")}},
			},
		},
		{
			"missing", on("2026-11-02", Missing, 300, Sesuai),
			Term{Mark: Missing, Losses: []Loss{{NoReport, dec("100")}}},
		},
		{
			"negative minutes", on("2026-11-02", OnTime, -5, Sesuai),
			Term{
				Mark: OnTime, Points: dec("40"), Punctual: dec("20"), Suitability: dec("20"),
				Losses: []Loss{{FewMinutes, dec("60")}},
			},
		},
		{"waived", on("2026-11-02", Waived, 0, ""), Term{Mark: Waived, Removed: Forgiven}},
		{"pending", on("2026-11-02", Pending, 0, ""), Term{Mark: Pending, Removed: StillOpen}},
		{"a mark of a later version", on("2026-11-02", "new", 0, ""), Term{Mark: "new", Removed: StillOpen}},
		{"not due", Entry{Day: roster.MustDay("2026-11-02"), Mark: OnTime, Minutes: 300}, Term{Mark: OnTime, Removed: NotDue}},
		{
			"excused",
			Entry{Day: roster.MustDay("2026-11-02"), Due: true, Excused: true, Reason: "CT", Mark: Missing},
			Term{Mark: Missing, Removed: Excused, Why: "CT"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.want.Day = c.in.Day
			if diff := cmp.Diff([]Term{c.want}, r.Period([]Entry{c.in}, nil).Terms); diff != "" {
				t.Errorf("term (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPeriodWithoutDueDaysHasNoScore(t *testing.T) {
	t.Parallel()
	leave := Entry{Day: roster.MustDay("2026-11-02"), Due: true, Excused: true, Mark: Missing}
	for name, es := range map[string][]Entry{"nothing": nil, "on leave": {leave}} {
		got := Solo().Period(es, &Attendance{})
		if !got.Empty || got.DueDays != 0 || got.Removed != len(es) {
			t.Errorf("%s: got %+v, want empty", name, got)
		}
	}
}

func TestPeriodWithoutAttendanceIsPAndSaysSo(t *testing.T) {
	t.Parallel()
	got := Solo().Period([]Entry{on("2026-11-02", OnTime, 150, Sesuai)}, nil)
	if got.Attendance || got.D != nil || !got.Score.Equal(dec("70")) || !got.P.Equal(got.Score) {
		t.Errorf("got %+v, want score 70 = P without D", got)
	}
}

func TestDayGivenTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	missing := on("2026-11-02", Missing, 0, "")
	late := on("2026-11-02", Late, 300, Sesuai)
	early := on("2026-11-02", OnTime, 300, Sesuai)
	waived := on("2026-11-02", Waived, 0, "")
	for _, c := range []struct {
		name string
		in   []Entry
		want string
	}{
		{"missing and late", []Entry{missing, late}, "90"},
		{"late and on time", []Entry{late, early}, "100"},
		{"waived and late", []Entry{waived, late}, "90"},
		{"missing and waived", []Entry{missing, waived}, ""},
	} {
		got := Solo().Period(c.in, nil)
		if len(got.Terms) != 1 || got.Empty != (c.want == "") || !got.Empty && got.Score.String() != c.want {
			t.Errorf("%s: got %+v, want score %s on one day", c.name, got, c.want)
		}
	}
}

func TestAttendance(t *testing.T) {
	t.Parallel()
	day, next := roster.MustDay("2026-11-02"), roster.MustDay("2026-11-03")
	for _, c := range []struct {
		name  string
		in    []AttendanceDay
		want  string
		codes []string
	}{
		{"in time", []AttendanceDay{{Day: day}}, "100", nil},
		{"1 minute", []AttendanceDay{{Day: day, Late: 1}}, "99.5", []string{"TL1"}},
		{"30 minutes", []AttendanceDay{{Day: day, Late: 30}}, "99.5", []string{"TL1"}},
		{"31 minutes", []AttendanceDay{{Day: day, Late: 31}}, "99", []string{"TL2"}},
		{"61 minutes early", []AttendanceDay{{Day: day, Early: 61}}, "98.75", []string{"PSW3"}},
		{"91 minutes", []AttendanceDay{{Day: day, Late: 91}}, "98.5", []string{"TL4"}},
		{"no punch in", []AttendanceDay{{Day: day, NoIn: true}}, "98.5", []string{"TL4"}},
		{"both ends", []AttendanceDay{{Day: day, Late: 5, NoOut: true}}, "98", []string{"TL1", "PSW4"}},
		{"absent is not late as well", []AttendanceDay{{Day: day, Absent: true, NoIn: true, NoOut: true}}, "97", []string{"TK"}},
		{"another month", []AttendanceDay{{Day: roster.MustDay("2025-11-02"), Absent: true}}, "100", nil},
		{"leave is no absence", []AttendanceDay{{Day: next, Absent: true}}, "100", nil},
		{"sent twice", []AttendanceDay{{Day: day, Late: 40}, {Day: day, Late: 40}}, "99", []string{"TL2"}},
		{"sent twice, differently", []AttendanceDay{{Day: day, Late: 40}, {Day: day, Late: 5}}, "99.5", []string{"TL1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			es := []Entry{{Day: day, Due: true, Mark: Missing}, {Day: next, Due: true, Excused: true, Mark: Missing}}
			got := Solo().Period(es, &Attendance{Days: c.in})
			var codes []string
			for _, d := range got.Deductions {
				codes = append(codes, d.Codes...)
			}
			if got.D.String() != c.want || !cmp.Equal(c.codes, codes) {
				t.Errorf("D %s %v, want %s %v", got.D, codes, c.want, c.codes)
			}
		})
	}
}

func TestAttendanceCap(t *testing.T) {
	t.Parallel()
	r := Solo()
	r.DayCap = dec("2.5")
	day := roster.MustDay("2026-11-02")
	got := r.Period([]Entry{on("2026-11-02", OnTime, 300, Sesuai)},
		&Attendance{Days: []AttendanceDay{{Day: day, NoIn: true, NoOut: true}}})
	want := []Deduction{{Day: day, Codes: []string{"TL4", "PSW4"}, Percent: dec("2.5"), Capped: true}}
	if diff := cmp.Diff(want, got.Deductions); diff != "" || got.D.String() != "97.5" {
		t.Errorf("D %s, deductions (-want +got):\n%s", got.D, diff)
	}
}

func TestDisciplineNeverBelowZero(t *testing.T) {
	t.Parallel()
	var es []Entry
	var att Attendance
	for i := range 40 {
		day := roster.MustDay("2026-11-02").Add(i)
		es = append(es, Entry{Day: day, Due: true, Mark: Missing})
		att.Days = append(att.Days, AttendanceDay{Day: day, Absent: true})
	}
	if got := Solo().Period(es, &att); !got.D.IsZero() || !got.Score.IsZero() {
		t.Errorf("D %s score %s, want 0 and 0", got.D, got.Score)
	}
}

func BenchmarkPeriodMonth(b *testing.B) {
	r, es, att := worked()
	b.ReportAllocs()
	for b.Loop() {
		r.Period(es, att)
	}
}

func BenchmarkVerify(b *testing.B) {
	r, es, att := worked()
	rec := r.Record(es, att)
	b.ReportAllocs()
	for b.Loop() {
		if err := Verify(rec, r); err != nil {
			b.Fatal(err)
		}
	}
}
