package scoring

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"ekinerja/roster"
)

// What is shown of the parts adds up to what is shown of the whole.
func TestEarnedPartsAddUpToPerformance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		got := anyRubric().Draw(t, "rubric").Score(Inputs{entries(t), anyAttendance().Draw(t, "attendance"), nil, rapid.Bool().Draw(t, "of a month")})
		if got.Empty {
			if !got.Earned().Sum().IsZero() {
				t.Fatalf("nothing counts and %+v are earned", got.Earned())
			}
			return
		}
		sum := got.Earned().Sum()
		for _, g := range got.Given {
			sum = sum.Add(g.Points)
		}
		// Each of three parts and P are rounded at the sixth place.
		if sum.Sub(got.P).Abs().GreaterThan(decimal.New(2, -kept)) {
			t.Fatalf("the parts sum to %s, P is %s", sum, got.P)
		}
	})
}

func TestCreditedDaysAndTheEndAreInWhatIsEarned(t *testing.T) {
	t.Parallel()
	es := days(4, 400)
	es[3] = Entry{Day: es[3].Day, Due: true, Excused: true, Reason: "leave", Mark: Pending}
	if got := profile(t, "dki").Period(es, nil).Earned(); got.Minutes.String() != "70" {
		t.Errorf("%s points of 70 are earned with long days and one of leave", got.Minutes)
	}
}

func TestWorstDaysComeFirst(t *testing.T) {
	t.Parallel()
	es := days(4, 300)
	es[1].Minutes, es[1].Mark = 250, Late // 10 and 10
	es[2].Minutes = 200                   // 20
	es[3] = Entry{Day: es[3].Day, Due: true, Mark: Missing}
	res := Solo().Period(es, nil)
	worst := res.Worst()
	if len(worst) != 3 || worst[0].Day != es[3].Day || worst[1].Day != es[1].Day || worst[2].Day != es[2].Day {
		t.Fatalf("worst days: %+v", worst)
	}
	for i, want := range []string{"100", "20", "20"} {
		if got := worst[i].Lost(); got.String() != want {
			t.Errorf("%s lost %s, want %s", worst[i].Day, got, want)
		}
	}
	if x, ok := res.On(es[2].Day); !ok || !x.Lost().Equal(dec("20")) {
		t.Errorf("on %s: %+v, %v", es[2].Day, x, ok)
	}
	if _, ok := res.On(roster.MustDay("2026-10-01")); ok {
		t.Error("there is a term of a day that was not given")
	}
}

func TestATermKnowsWhatItWasMadeFrom(t *testing.T) {
	t.Parallel()
	es := days(1, 100)
	es[0].Report = 4
	more := es[0]
	more.Report, more.Minutes = 5, 200
	rec := Solo().Record(append(es, more), nil)
	if got := rec.Entry(rec.Result.Terms[0]); got != more {
		t.Errorf("the term was made from %+v", got)
	}
}

func TestAFullDayIsAPartOfTheMonth(t *testing.T) {
	t.Parallel()
	r := profile(t, "kebumen")
	if got := r.DayTarget(r.RecordOf(Inputs{Entries: days(22, 300), Month: true})); got != 307 { // 6751 / 22
		t.Errorf("a full day of 22 is %d minutes", got)
	}
	if got := r.DayTarget(r.Record(days(5, 300), nil)); got != 300 {
		t.Errorf("a full day of a week is %d minutes", got)
	}
}
