package roster

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func wib() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// moment reads "24 08.00": a day of November 2026 and a time of the city.
func moment(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01 02 15.04", "2026-11 "+text, wib())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// spans reads "23 16.00 – 23 18.00, …".
func spans(t testing.TB, text string) []Outage {
	t.Helper()
	var out []Outage
	for part := range strings.SplitSeq(text, ", ") {
		if from, to, ok := strings.Cut(part, " – "); ok {
			out = append(out, Outage{From: moment(t, from), To: moment(t, to)})
		}
	}
	return out
}

func TestCredit(t *testing.T) {
	t.Parallel()
	planned := Times{AskAt: moment(t, "23 15.30"), Deadline: moment(t, "23 21.00"), LateUntil: moment(t, "24 16.00")}
	for name, c := range map[string]struct{ outages, deadline, late string }{
		"none":                             {"", "23 21.00", "24 16.00"},
		"before the question":              {"23 10.00 – 23 15.30", "23 21.00", "24 16.00"},
		"half before the question":         {"23 10.00 – 23 16.00", "23 21.30", "24 16.30"},
		"in the window":                    {"23 16.00 – 23 16.40", "23 21.40", "24 16.40"},
		"over the deadline, into the rest": {"23 20.50 – 23 21.20", "24 06.30", "24 16.30"},
		"until shortly before it":          {"23 20.30 – 23 20.40", "23 21.40", "24 16.10"},
		"moved into the night":             {"23 16.00 – 23 17.30", "24 06.30", "24 17.30"},
		"all night":                        {"23 20.00 – 24 08.00", "24 09.00", "25 06.30"},
		"after the deadline":               {"23 21.00 – 23 21.30", "23 21.00", "24 16.30"},
		"over the late limit":              {"24 15.00 – 24 19.00", "23 21.00", "24 20.00"},
		"after everything":                 {"24 16.00 – 24 19.00", "23 21.00", "24 16.00"},
		"twice":                            {"23 16.00 – 23 16.10, 23 18.00 – 23 18.20", "23 21.30", "24 16.30"},
		"overlapping take it once":         {"23 16.00 – 23 16.20, 23 16.10 – 23 16.30, 23 16.00 – 23 16.05", "23 21.30", "24 16.30"},
		"in the time given back":           {"23 21.05 – 23 21.15, 23 18.00 – 23 18.10", "24 06.30", "24 16.20"}, // an hour after 21.15
		"empty":                            {"23 16.00 – 23 16.00, 23 18.00 – 23 17.00", "23 21.00", "24 16.00"},
	} {
		got := Credit(planned, spans(t, c.outages), DefaultRelief(wib()))
		want := Times{AskAt: planned.AskAt, Deadline: moment(t, c.deadline), LateUntil: moment(t, c.late)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	odd := []Outage{{From: moment(t, "23 16.00").Add(time.Second), To: moment(t, "23 16.30")}}
	if got, want := Credit(planned, odd, DefaultRelief(wib())).Deadline, moment(t, "23 21.30"); !got.Equal(want) {
		t.Errorf("29 minutes and 59 seconds: %v, want %v", got, want)
	}
	if got := Credit(Times{}, spans(t, "23 16.00 – 23 17.00"), DefaultRelief(wib())); got != (Times{}) {
		t.Errorf("a day that is not due got %v", got)
	}
}

// TestCreditByDay: quiet hours that do not pass midnight, and none at all.
func TestCreditByDay(t *testing.T) {
	t.Parallel()
	planned := Times{AskAt: moment(t, "23 10.00"), Deadline: moment(t, "23 12.00"), LateUntil: moment(t, "24 16.00")}
	outage := spans(t, "23 11.00 – 23 11.50")
	noon := Relief{Least: 30 * time.Minute, QuietFrom: At24(12, 30), QuietTo: At24(13, 30), Loc: wib()}
	if got, want := Credit(planned, outage, noon).Deadline, moment(t, "23 14.00"); !got.Equal(want) {
		t.Errorf("rest at noon: %v, want %v", got, want)
	}
	if got, want := Credit(planned, outage, Relief{Least: time.Hour}).Deadline, moment(t, "23 12.50"); !got.Equal(want) {
		t.Errorf("no rest: %v, want %v", got, want)
	}
}

// TestNobodyIsLateThroughUs is the promise, over random outages: 10⁴ patterns
// here; -rapid.checks=1000 makes them 10⁵.
func TestNobodyIsLateThroughUs(t *testing.T) {
	t.Parallel()
	relief := DefaultRelief(wib())
	start := moment(t, "23 00.00")
	for range 100 { // times the checks of rapid, 100 unless told otherwise
		rapid.Check(t, func(t *rapid.T) {
			at := func(name string, from, to int) time.Time {
				return start.Add(time.Duration(rapid.IntRange(from, to).Draw(t, name)) * time.Minute)
			}
			planned := Times{AskAt: at("ask", 300, 1400)}
			planned.Deadline = planned.AskAt.Add(time.Duration(rapid.IntRange(30, 700).Draw(t, "window")) * time.Minute)
			planned.LateUntil = planned.Deadline.Add(time.Duration(rapid.IntRange(1, 4000).Draw(t, "late")) * time.Minute)
			outages := make([]Outage, rapid.IntRange(0, 6).Draw(t, "outages"))
			for i := range outages {
				from := at("from", 0, 6000)
				outages[i] = Outage{From: from, To: from.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "length")) * time.Minute)}
			}
			checkCredit(t, planned, outages, relief)
		})
	}
}

func checkCredit(t *rapid.T, planned Times, outages []Outage, relief Relief) {
	got := Credit(planned, outages, relief)
	switch {
	case !got.AskAt.Equal(planned.AskAt), got.Deadline.Before(planned.Deadline), got.LateUntil.Before(planned.LateUntil):
		t.Fatalf("something is earlier: %v of %v", got, planned)
	case got.LateUntil.Before(got.Deadline):
		t.Fatalf("late until %v, before the deadline %v", got.LateUntil, got.Deadline)
	}
	// Whoever writes while the window is open, not counting the minutes that were
	// taken, is on time: the window is at least as long as planned without them.
	open := time.Duration(0)
	for m := planned.AskAt; m.Before(got.Deadline); m = m.Add(time.Minute) {
		if !slices.ContainsFunc(outages, func(o Outage) bool { return !m.Before(o.From) && m.Before(o.To) }) {
			open += time.Minute
		}
	}
	if want := planned.Deadline.Sub(planned.AskAt); open < want {
		t.Fatalf("open for %v, planned %v: %v", open, want, got)
	}
	for _, o := range outages {
		touched := o.From.Before(got.Deadline) && o.To.After(planned.AskAt) && o.From.Before(o.To)
		if touched && got.Deadline.Sub(o.To) < relief.Least {
			t.Fatalf("%v after an outage until %v", got.Deadline, o.To)
		}
	}
	if night := got.Deadline.In(relief.Loc); got.Deadline.After(planned.Deadline) && (night.Hour() >= 22 || night.Hour() < 6) {
		t.Fatalf("moved to %v, into the night", night)
	}
	shuffled := slices.Clone(outages)
	slices.Reverse(shuffled)
	shuffled = append(shuffled, outages...) // told of twice, in another order
	if again := Credit(planned, shuffled, relief); again != got {
		t.Fatalf("the same outages give %v, then %v", got, again)
	}
	if len(outages) > 0 {
		if fewer := Credit(planned, outages[1:], relief); fewer.Deadline.After(got.Deadline) || fewer.LateUntil.After(got.LateUntil) {
			t.Fatalf("one outage less gives more: %v of %v", fewer, got)
		}
	}
}
