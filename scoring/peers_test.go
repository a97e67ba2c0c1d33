package scoring

import (
	"testing"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

// Each row is a mistake seen in a system of another city; the score of better
// must be above the score of worse, or the two equal when same is set.
func TestMistakesOfOthers(t *testing.T) {
	t.Parallel()
	longDay := Solo()
	longDay.Target = 390 // 6 h 30
	leave := Entry{Day: roster.MustDay("2026-11-03"), Due: true, Excused: true, Reason: "CT", Mark: Missing}
	full, short := on("2026-11-02", OnTime, 300, Sesuai), on("2026-11-02", OnTime, 240, Sesuai)
	for _, c := range []struct {
		name          string
		rubric        Rubric
		better, worse []Entry
		same          bool
	}{
		{
			"5 h 59 read as the number 5.59 came out above 6 h 00", longDay,
			[]Entry{on("2026-11-02", OnTime, 360, Sesuai)},
			[]Entry{on("2026-11-02", OnTime, 359, Sesuai)},
			false,
		},
		{
			"one leave day gave everybody 300 free minutes", Solo(),
			[]Entry{short, leave},
			[]Entry{short},
			true,
		},
		{
			"a new employee with few days scored 0", Solo(),
			[]Entry{full},
			[]Entry{full, on("2026-11-04", OnTime, 300, Sesuai)},
			true,
		},
		{
			"a holiday in between made a report late", Solo(),
			[]Entry{full, {Day: roster.MustDay("2026-11-03"), Mark: Missing}},
			[]Entry{full},
			true,
		},
		{
			"days of December and January were compared without the year", Solo(),
			[]Entry{on("2025-12-31", OnTime, 300, Sesuai), on("2026-12-31", OnTime, 300, Sesuai)},
			[]Entry{on("2025-12-31", OnTime, 300, Sesuai), on("2026-12-31", Missing, 0, "")},
			false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			better, worse := c.rubric.Period(c.better, nil).Score, c.rubric.Period(c.worse, nil).Score
			if c.same && !better.Equal(worse) || !c.same && !better.GreaterThan(worse) {
				t.Errorf("scores %s and %s, same=%v", better, worse, c.same)
			}
		})
	}
}

// A non-leader branch elsewhere multiplied the second part by 60 instead of 40.
func TestIndexWeightsAreUsedOnceEach(t *testing.T) {
	t.Parallel()
	att := &Attendance{Days: []AttendanceDay{{Day: roster.MustDay("2026-11-02"), Absent: true}}}
	got := Solo().Period([]Entry{on("2026-11-02", OnTime, 150, Sesuai)}, att)
	want := decimal.RequireFromString("80.8") // 0.6 × 70 + 0.4 × 97
	if !got.Score.Equal(want) {
		t.Errorf("score %s, want %s", got.Score, want)
	}
}

func TestTermsCrossTheYearInOrder(t *testing.T) {
	t.Parallel()
	got := Solo().Period([]Entry{
		on("2027-01-04", OnTime, 300, ""), on("2026-12-31", OnTime, 300, ""), on("2026-01-04", Late, 300, ""),
	}, nil)
	var days []string
	for _, x := range got.Terms {
		days = append(days, x.Day.String())
	}
	if len(days) != 3 || days[0] != "2026-01-04" || days[1] != "2026-12-31" || days[2] != "2027-01-04" {
		t.Errorf("terms in order %v", days)
	}
}
