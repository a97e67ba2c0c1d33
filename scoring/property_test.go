package scoring

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ekinerja/roster"
)

var (
	marks     = []Mark{OnTime, Late, Missing, Waived, Pending}
	judgments = []Suitability{Sesuai, Cukup, Kurang, Tidak, Unreviewed, ""}
)

func anyEntry() *rapid.Generator[Entry] {
	return rapid.Custom(func(t *rapid.T) Entry {
		return Entry{
			Day:         roster.MustDay("2026-12-21").Add(rapid.IntRange(0, 30).Draw(t, "day")),
			Due:         rapid.IntRange(0, 3).Draw(t, "due") > 0,
			Excused:     rapid.IntRange(0, 5).Draw(t, "excused") == 0,
			Mark:        rapid.SampledFrom(marks).Draw(t, "mark"),
			Minutes:     rapid.IntRange(0, 700).Draw(t, "minutes"),
			Suitability: rapid.SampledFrom(judgments).Draw(t, "suitability"),
			Report:      rapid.Int64Range(0, 5).Draw(t, "report"),
		}
	})
}

func anyAttendance() *rapid.Generator[*Attendance] {
	return rapid.Custom(func(t *rapid.T) *Attendance {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		days := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) AttendanceDay {
			return AttendanceDay{
				Day:    roster.MustDay("2026-12-21").Add(rapid.IntRange(0, 30).Draw(t, "day")),
				Late:   rapid.IntRange(-10, 200).Draw(t, "late"),
				Early:  rapid.IntRange(-10, 200).Draw(t, "early"),
				NoIn:   rapid.Bool().Draw(t, "no_in"),
				NoOut:  rapid.Bool().Draw(t, "no_out"),
				Absent: rapid.Bool().Draw(t, "absent"),
			}
		}), 0, 40).Draw(t, "days")
		return &Attendance{Days: days}
	})
}

// anyRubric is any rubric that Check accepts, with odd targets and weights.
func anyRubric() *rapid.Generator[Rubric] {
	return rapid.Custom(func(t *rapid.T) Rubric {
		r := Solo()
		a := rapid.Int64Range(0, 100).Draw(t, "minutes")
		b := rapid.Int64Range(0, 100-a).Draw(t, "punctual")
		r.Weights = Weights{decimal.New(a, 0), decimal.New(b, 0), decimal.New(100-a-b, 0)}
		r.Target = rapid.IntRange(1, 600).Draw(t, "target")
		r.Punctual.Late = decimal.New(rapid.Int64Range(0, 1000).Draw(t, "late"), -3)
		p := rapid.Int64Range(0, 1000).Draw(t, "p")
		r.Index = Index{decimal.New(p, -3), decimal.New(1000-p, -3)}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		return r
	})
}

func entries(t *rapid.T) []Entry {
	return rapid.SliceOfN(anyEntry(), 0, 40).Draw(t, "entries")
}

func TestScoreIsWithinBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got := anyRubric().Draw(t, "rubric").Period(entries(t), anyAttendance().Draw(t, "attendance"))
		for name, v := range map[string]decimal.Decimal{"P": got.P, "Score": got.Score} {
			if v.IsNegative() || v.GreaterThan(hundred()) {
				t.Fatalf("%s = %s, want 0..100", name, v)
			}
		}
		if got.DueDays != got.OnTime+got.Late+got.Missing || len(got.Terms) != got.DueDays+got.Removed {
			t.Fatalf("counters do not add up: %+v", got)
		}
	})
}

func TestTermsAddUpToHundred(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, x := range anyRubric().Draw(t, "rubric").Period(entries(t), nil).Terms {
			sum := decimal.Sum(x.Minutes, x.Punctual, x.Suitability)
			if !sum.Equal(x.Points) {
				t.Fatalf("parts sum to %s, points are %s", sum, x.Points)
			}
			for _, l := range x.Losses {
				sum = sum.Add(l.Points)
			}
			if x.Removed == "" && !sum.Equal(hundred()) || x.Removed != "" && !sum.IsZero() {
				t.Fatalf("points and losses sum to %s: %+v", sum, x)
			}
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, es, att := anyRubric().Draw(t, "rubric"), entries(t), anyAttendance().Draw(t, "attendance")
		want := r.Period(es, att)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		shuffled := slices.Clone(es)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if att != nil {
			days := slices.Clone(att.Days)
			rng.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
			att = &Attendance{Days: days}
		}
		if diff := cmp.Diff(want, r.Period(shuffled, att)); diff != "" {
			t.Fatalf("order changed the result:\n%s", diff)
		}
	})
}

// changed scores entries before and after one of them is replaced; days are made
// unique first, so that the replaced entry is the one that counts.
func changed(t *rapid.T, change func(before Entry) (from, to Entry)) (before, after Result) {
	r := anyRubric().Draw(t, "rubric")
	es := r.oncePerDay(rapid.SliceOfN(anyEntry(), 1, 40).Draw(t, "entries"))
	i := rapid.IntRange(0, len(es)-1).Draw(t, "which")
	from, to := change(es[i])
	a, b := slices.Clone(es), slices.Clone(es)
	a[i], b[i] = from, to
	att := anyAttendance().Draw(t, "attendance")
	return r.Period(a, att), r.Period(b, att)
}

func mustNotFall(t *testing.T, change func(t *rapid.T, e Entry) (from, to Entry)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		before, after := changed(t, func(e Entry) (Entry, Entry) { return change(t, e) })
		if !before.Empty && !after.Empty && after.Score.LessThan(before.Score) {
			t.Fatalf("score fell from %s to %s", before.Score, after.Score)
		}
	})
}

func TestReportingNeverScoresBelowMissing(t *testing.T) {
	t.Parallel()
	mustNotFall(t, func(_ *rapid.T, e Entry) (Entry, Entry) {
		e.Due, e.Excused, e.Mark = true, false, Missing
		sent := e
		sent.Mark = Late
		return e, sent
	})
}

func TestLateNeverScoresAboveOnTime(t *testing.T) {
	t.Parallel()
	mustNotFall(t, func(_ *rapid.T, e Entry) (Entry, Entry) {
		e.Mark = Late
		punctual := e
		punctual.Mark = OnTime
		return e, punctual
	})
}

func TestSilenceOfTheSupervisorNeverLowers(t *testing.T) {
	t.Parallel()
	mustNotFall(t, func(t *rapid.T, e Entry) (Entry, Entry) {
		e.Suitability = rapid.SampledFrom(judgments).Draw(t, "judged")
		silent := e
		silent.Suitability = Unreviewed
		return e, silent
	})
}

func TestMoreMinutesNeverLower(t *testing.T) {
	t.Parallel()
	mustNotFall(t, func(t *rapid.T, e Entry) (Entry, Entry) {
		more := e
		more.Minutes += rapid.IntRange(1, 300).Draw(t, "more")
		return e, more
	})
}

func TestExcusingAMissingDayNeverLowers(t *testing.T) {
	t.Parallel()
	mustNotFall(t, func(_ *rapid.T, e Entry) (Entry, Entry) {
		e.Due, e.Excused, e.Mark = true, false, Missing
		excused := e
		excused.Excused = true
		return e, excused
	})
}

func TestAddingAnExcusedDayNeverLowers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, es := anyRubric().Draw(t, "rubric"), entries(t)
		day := anyEntry().Draw(t, "excused")
		day.Due, day.Excused = true, true
		before, after := r.Period(es, nil), r.Period(append(slices.Clone(es), day), nil)
		if !before.Empty && !after.Empty && after.Score.LessThan(before.Score) {
			t.Fatalf("score fell from %s to %s", before.Score, after.Score)
		}
	})
}

func TestRecordSurvivesJSONAndVerifies(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRubric().Draw(t, "rubric")
		rec := r.Record(entries(t), anyAttendance().Draw(t, "attendance"))
		raw, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		var back Record
		if err := json.Unmarshal(raw, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(raw) != string(again) {
			t.Fatalf("JSON changed on the way (%v):\n%s\n%s", err, raw, again)
		}
		if err := Verify(back, r); err != nil {
			t.Fatal(err)
		}
		back.Result.Score = back.Result.Score.Add(decimal.New(1, -kept))
		if err := Verify(back, r); !errors.Is(err, ErrMismatch) {
			t.Fatalf("a changed last digit: got %v, want ErrMismatch", err)
		}
	})
}
