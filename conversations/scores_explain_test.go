package conversations

import (
	"bytes"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
	"ekinerja/scoring"
)

// explained is a month of four days by a rule that comes with the program.
func explained(t *testing.T, rule string, minutes int, attendance *scoring.Attendance) MonthScore {
	t.Helper()
	r, err := scoring.Parse(bytes.NewReader(scoring.Profile(rule)))
	if err != nil {
		t.Fatal(err)
	}
	first := roster.MustDay("2026-11-02")
	var es []scoring.Entry
	for i := range 4 {
		es = append(es, scoring.Entry{Day: first.Add(i), Due: true, Mark: scoring.OnTime, Minutes: minutes, Suitability: scoring.Sesuai})
	}
	es[3] = scoring.Entry{Day: first.Add(3), Due: true, Excused: true, Reason: "leave", Mark: scoring.Pending}
	return MonthScore{
		First: first.Add(-1), Last: first.Add(28), Rubric: r,
		Record: r.RecordOf(scoring.Inputs{Entries: es, Attendance: attendance, Month: true}),
	}
}

func wants(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in\n%s", w, text)
		}
	}
}

// Long days and a credited day of leave earn no more than there is, in the month and in
// the recap of the week, and parts without a weight are not named.
func TestPartsOfASumAreThoseOfTheScore(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	m := explained(t, "dki", 400, nil)
	parts := []string{"menit kerja 70 dari 70", "perilaku 10 dari 10", "serapan 20 dari 20"}
	wants(t, w.In("id").MonthScore(m).Text, parts...)
	recap, err := w.In("id").WeekRecap(WeekRecap{
		Person: sri(), First: m.First, Last: m.Last, Result: m.Record.Result, Weights: m.Rubric.Weights, Index: m.Rubric.Index,
	})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, recap.Text, parts...)
	if strings.Contains(recap.Text, "kesesuaian") {
		t.Errorf("a part without a weight is named:\n%s", recap.Text)
	}
}

// Attendance that is taken from the minutes has no part of its own; it was there all
// the same.
func TestACeilingIsNoMissingAttendance(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	say := w.In("id")
	m := explained(t, "dki", 300, &scoring.Attendance{Days: []scoring.AttendanceDay{{Day: roster.MustDay("2026-11-02"), Late: 30}}})
	recap, err := say.WeekRecap(WeekRecap{
		Person: sri(), First: m.First, Last: m.Last, Result: m.Record.Result, Weights: m.Rubric.Weights, Index: m.Rubric.Index,
	})
	if err != nil {
		t.Fatal(err)
	}
	weeks := say.Scores([]WeekScore{{First: m.First, Result: m.Record.Result}})
	for _, text := range []string{say.MonthScore(m).Text, recap.Text, weeks.Text} {
		if strings.Contains(text, "Belum ada data presensi") {
			t.Errorf("there is a record:\n%s", text)
		}
	}
	wants(t, recap.Text, "Sen 2/11 TL (−1,75)")
	wants(t, weeks.Text, "kedisiplinan −1,75 (TL)")
}

// A deduction has six decimals in the sum and two for people.
func TestDeductionsAreShownLikePoints(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	say := w.In("id")
	day := roster.MustDay("2026-11-02")
	m := explained(t, "barru", 300, &scoring.Attendance{Days: []scoring.AttendanceDay{{Day: day, Worked: 359}, {Day: day.Add(1), Worked: 390}, {Day: day.Add(2), Worked: 390}}})
	recap, err := say.WeekRecap(WeekRecap{
		Person: sri(), First: m.First, Last: m.Last, Result: m.Record.Result, Weights: m.Rubric.Weights, Index: m.Rubric.Index,
	})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, recap.Text, "Sen 2/11 JK (−1,32)")
	wants(t, say.Scores([]WeekScore{{First: m.First, Result: m.Record.Result}}).Text, "kedisiplinan −1,32 (JK)")
}

// A day is held to its part of the month where the rule does so.
func TestTheTargetOfADayIsTheOneThatCounted(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	m := explained(t, "kebumen", 300, nil)
	wants(t, w.In("id").DayScore(m, m.Record.Result.Terms[0]).Text, "300 menit, sasaran 1.688")
	wants(t, w.In("id").DayScore(explained(t, "solo", 300, nil), m.Record.Result.Terms[0]).Text, "sasaran 300")
}

// What is assumed counts in full only where the rule says so.
func TestAnAssumedPartSaysWhatItCounts(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	m := explained(t, "dki", 300, nil)
	wants(t, w.In("id").MonthScore(m).Text, "serapan 20 dari 20 (belum dinilai, dihitung penuh)")
	m.Rubric.Given[1].Share = decimal.RequireFromString("0.7")
	m.Record = m.Rubric.RecordOf(m.Record.Again())
	wants(t, w.In("id").MonthScore(m).Text, "serapan 14 dari 20 (belum dinilai)")
}
