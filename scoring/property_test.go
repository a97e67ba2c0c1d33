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
			Additional:  rapid.IntRange(0, 300).Draw(t, "additional"),
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
				Worked: rapid.IntRange(0, 600).Draw(t, "worked"),
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
		if rapid.Bool().Draw(t, "of the whole period") {
			ofPeriod(t, &r)
		}
		if rapid.IntRange(0, 3).Draw(t, "presence") == 0 && r.Ceiling == nil {
			r.Discipline = nil
			r.Presence = &PresenceRule{Days: dec("40"), Hours: dec("60"), FullDay: rapid.IntRange(1, 600).Draw(t, "full day")}
		}
		if err := r.Check(); err != nil {
			t.Fatal(err)
		}
		return r
	})
}

// ofPeriod makes a rubric one that looks only at the sum of the minutes.
func ofPeriod(t *rapid.T, r *Rubric) {
	g := rapid.Int64Range(0, 40).Draw(t, "given")
	r.Minutes = MinutesRule{Cap: CapPeriod, Month: rapid.SampledFrom([]int{0, 6751}).Draw(t, "month")}
	r.Weights = Weights{Minutes: decimal.New(100-g, 0)}
	r.Given = []Given{{Code: "perilaku", Weight: decimal.New(g, 0), Share: dec("0.5")}}
	if rapid.Bool().Draw(t, "additional") {
		r.Minutes.Additional = new(decimal.New(rapid.Int64Range(0, 100).Draw(t, "share"), -2))
	}
	if rapid.Bool().Draw(t, "credited") {
		r.Days = FreeDays{Excused: Credited, Waived: Credited}
		if rapid.Bool().Draw(t, "ceiling") {
			r.Discipline, r.Index = nil, Index{dec("1"), dec("0")}
			r.Ceiling = &CeilingRule{PerMinute: 1, NoIn: 300, NoOut: 150, Absent: 450}
		}
	}
}

func entries(t *rapid.T) []Entry {
	return rapid.SliceOfN(anyEntry(), 0, 40).Draw(t, "entries")
}

func TestScoreIsWithinBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got := anyRubric().Draw(t, "rubric").Score(Inputs{entries(t), anyAttendance().Draw(t, "attendance"), nil, rapid.Bool().Draw(t, "of a month")})
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
		r := anyRubric().Draw(t, "rubric")
		for _, x := range r.Period(entries(t), nil).Terms {
			sum := decimal.Sum(x.Minutes, x.Punctual, x.Suitability)
			if !sum.Equal(x.Points) {
				t.Fatalf("parts sum to %s, points are %s", sum, x.Points)
			}
			for _, l := range x.Losses {
				sum = sum.Add(l.Points)
			}
			counts, enough := x.Removed == "" || x.Credited, sum.Equal(r.Weights.Sum())
			if r.Minutes.Cap == CapPeriod {
				enough = sum.GreaterThanOrEqual(r.Weights.Sum())
			}
			if counts && !enough || !counts && !sum.IsZero() {
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
	es := ruler{Rubric: r}.oncePerDay(rapid.SliceOfN(anyEntry(), 1, 40).Draw(t, "entries"))
	i := rapid.IntRange(0, len(es)-1).Draw(t, "which")
	from, to := change(es[i])
	a, b := slices.Clone(es), slices.Clone(es)
	a[i], b[i] = from, to
	att := anyAttendance().Draw(t, "attendance")
	month := rapid.Bool().Draw(t, "of a month")
	return r.Score(Inputs{a, att, nil, month}), r.Score(Inputs{b, att, nil, month})
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

func TestMoreWorkOfThePlanNeverLowers(t *testing.T) {
	t.Parallel()
	mustNotFall(t, func(t *rapid.T, e Entry) (Entry, Entry) {
		more := e
		more.Additional = rapid.IntRange(0, e.Additional).Draw(t, "of it additional")
		return e, more
	})
}

func TestForgivingAMissingDayNeverLowers(t *testing.T) {
	t.Parallel()
	mustNotFall(t, func(_ *rapid.T, e Entry) (Entry, Entry) {
		e.Due, e.Excused, e.WasDue, e.Mark = true, false, false, Missing
		waived := e
		waived.Mark = Waived
		return e, waived
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
