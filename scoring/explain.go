package scoring

import (
	"slices"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

// Earned is what a period earned of each weight: the means over the days that count,
// minutes less those above what the period can earn. With what is given they sum to P,
// but for the last digit. Without a day that counts they are zero.
func (res Result) Earned() Weights {
	n := decimal.New(int64(res.DueDays+res.Credited), 0)
	if n.IsZero() {
		return Weights{}
	}
	var sum Weights
	for _, t := range res.Terms {
		sum = Weights{sum.Minutes.Add(t.Minutes), sum.Punctual.Add(t.Punctual), sum.Suitability.Add(t.Suitability)}
	}
	out := Weights{sum.Minutes.DivRound(n, kept), sum.Punctual.DivRound(n, kept), sum.Suitability.DivRound(n, kept)}
	if res.Over != nil {
		out.Minutes = out.Minutes.Sub(*res.Over)
	}
	return out
}

// Lost is what the day did not earn.
func (t Term) Lost() decimal.Decimal {
	sum := decimal.Zero
	for _, l := range t.Losses {
		sum = sum.Add(l.Points)
	}
	return sum
}

// Worst are the days that lost points, the most first, and of two the earlier.
func (res Result) Worst() []Term {
	var out []Term
	for _, t := range res.Terms {
		if len(t.Losses) > 0 {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Term) int { return b.Lost().Cmp(a.Lost()) })
	return out
}

// On is the term of a day; false when there is none.
func (res Result) On(day roster.Day) (Term, bool) {
	i := slices.IndexFunc(res.Terms, func(t Term) bool { return t.Day == day })
	if i < 0 {
		return Term{}, false
	}
	return res.Terms[i], true
}

// Entry is the input that a term was made from.
func (rec Record) Entry(t Term) Entry {
	for _, e := range rec.Inputs {
		if e.Day == t.Day && e.Report == t.Report {
			return e
		}
	}
	return Entry{Day: t.Day}
}

// DayTarget are the minutes of a full day in a record, rounded to whole ones: the
// rubric's target, or a day's part of the month's.
func (r Rubric) DayTarget(rec Record) int {
	days := ruler{Rubric: r}.oncePerDay(rec.Inputs)
	return int(r.ruler(days, rec.Month).target().Round(0).IntPart())
}
