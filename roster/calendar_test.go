package roster

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func month(c Calendar, p Pattern, year int, m time.Month) int {
	first := Day{year, m, 1}
	last := DayOf(first.utc().AddDate(0, 1, -1))
	return c.Workdays(p, first, last)
}

func TestWorkdaysOfTheSeed(t *testing.T) {
	t.Parallel()
	c := NewCalendar(Seed())
	for _, tt := range []struct {
		pattern Pattern
		year    int
		want    int
	}{{FiveDays, 2026, 240}, {FiveDays, 2027, 242}, {SixDays, 2026, 291}, {SixDays, 2027, 291}} {
		got := c.Workdays(tt.pattern, Day{tt.year, 1, 1}, Day{tt.year, 12, 31})
		if got != tt.want {
			t.Errorf("%s %d: got %d working days, want %d", tt.pattern, tt.year, got, tt.want)
		}
	}
	var months []int
	for m := time.January; m <= time.December; m++ {
		months = append(months, month(c, FiveDays, 2027, m))
	}
	if diff := cmp.Diff([]int{19, 19, 15, 22, 16, 21, 22, 21, 22, 21, 22, 22}, months); diff != "" {
		t.Error(diff)
	}
	if n, d := month(c, FiveDays, 2026, 11), month(c, FiveDays, 2026, 12); n != 21 || d != 21 {
		t.Errorf("November and December 2026: got %d and %d, want 21 and 21", n, d)
	}
}

func TestSeedIsTheDecree(t *testing.T) {
	t.Parallel()
	got := map[int]map[CalendarKind]int{2026: {}, 2027: {}}
	for _, d := range Seed() {
		got[d.Day.Year][d.Kind]++
		if d.Name == "" || d.Basis == "" {
			t.Errorf("%v has no name or basis", d.Day)
		}
	}
	want := map[int]map[CalendarKind]int{2026: {Libur: 17, CutiBersama: 8}, 2027: {Libur: 18, CutiBersama: 8}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCalendarAsks(t *testing.T) {
	t.Parallel()
	c := NewCalendar(append(Seed(), CalendarDay{MustDay("2026-12-19"), HariKerjaKhusus, "Pengganti", ""}))
	for _, tt := range []struct {
		pattern   Pattern
		day, next string
	}{
		{FiveDays, "2026-11-23", "2026-11-24"},
		{FiveDays, "2026-11-27", "2026-11-30"}, // Friday
		{SixDays, "2026-11-27", "2026-11-28"},
		{FiveDays, "2026-12-18", "2026-12-19"}, // a special working Saturday
		{FiveDays, "2026-12-23", "2026-12-28"}, // joint leave, Christmas, weekend
		{SixDays, "2026-12-23", "2026-12-26"},
		{FiveDays, "2027-03-05", "2027-03-16"}, // Nyepi and Idulfitri
		{Shifts, "2026-11-27", "2026-11-30"},
	} {
		if got := c.NextWorkday(tt.pattern, MustDay(tt.day)); got.String() != tt.next {
			t.Errorf("NextWorkday(%s, %s) = %v, want %s", tt.pattern, tt.day, got, tt.next)
		}
	}
	if !c.HasYear(2027) || c.HasYear(2028) {
		t.Error("the seed has 2027 and not 2028")
	}
	days := c.Days()
	for i := 1; i < len(days); i++ {
		if !days[i-1].Day.Before(days[i].Day) {
			t.Fatalf("Days: %v stands before %v", days[i-1].Day, days[i].Day)
		}
	}
}

func TestNextWorkdayEndsOnAYearOfHolidays(t *testing.T) {
	t.Parallel()
	var days []CalendarDay
	for d := MustDay("2026-01-01"); d.Year == 2026; d = d.Add(1) {
		days = append(days, CalendarDay{d, Libur, "x", ""})
	}
	if got := NewCalendar(days).NextWorkday(FiveDays, MustDay("2026-02-01")); got != MustDay("2026-02-02") {
		t.Errorf("got %v, want the day after", got)
	}
}

func TestPatternsReachTheLegalWeek(t *testing.T) {
	t.Parallel()
	for _, p := range []Pattern{FiveDays, SixDays} {
		var week, fasting time.Duration
		for d := time.Sunday; d <= time.Saturday; d++ {
			h, _ := PatternOf(p).Hours(d)
			r, _ := PatternOf(p).RamadanHours(d)
			week, fasting = week+h.Work(), fasting+r.Work()
		}
		if week != 37*time.Hour+30*time.Minute || fasting != 32*time.Hour+30*time.Minute {
			t.Errorf("%s: %v a week, %v in Ramadan; Perpres 21/2023 says 37h30m and 32h30m", p, week, fasting)
		}
	}
}

func TestReadCalendarCSV(t *testing.T) {
	t.Parallel()
	in := "Tanggal;Jenis;Nama;Dasar\r\n" +
		"2026-12-25;libur;Natal;SKB\r\n" +
		"24/12/2026;Cuti Bersama;Natal;\r\n" +
		"2026-12-25;libur;Natal lagi;\r\n" +
		"2026-02-30;libur;Bukan hari;\r\n" +
		"2026-12-31;pesta;;\r\n" +
		";;;\r\n" +
		"2026-12-19;hari_kerja_khusus;Pengganti;SE 1\r\n"
	days, problems := ReadCalendarCSV(strings.NewReader(in))
	want := []CalendarDay{
		{MustDay("2026-12-25"), Libur, "Natal", "SKB"},
		{MustDay("2026-12-24"), CutiBersama, "Natal", ""},
		{MustDay("2026-12-19"), HariKerjaKhusus, "Pengganti", "SE 1"},
	}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Error(diff)
	}
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if diff := cmp.Diff([]int{4, 5, 6, 6}, lines); diff != "" {
		t.Errorf("problem lines: %s\n%v", diff, problems)
	}
}

func TestReadCalendarCSVRefusesNonsense(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "a,b\n1,2\n", "tanggal,nama\n2026-12-25,Natal\n"} {
		if days, problems := ReadCalendarCSV(strings.NewReader(in)); len(days) > 0 || Accepted(problems) {
			t.Errorf("%q: got %v, %v; want a problem", in, days, problems)
		}
	}
}
