package scoring

import (
	"slices"

	"github.com/shopspring/decimal"
)

// Shift says what a draft rule would have changed, before it is signed.
type Shift struct {
	Up, Down, Same int
	Median         decimal.Decimal // of the differences, draft less stored
	Lowest         decimal.Decimal // the hardest fall, 0 or negative
	Highest        decimal.Decimal // the largest rise, 0 or positive
}

// Change is one stored score beside what a draft would have made of the same days.
type Change struct{ Before, After decimal.Decimal }

// By is how much the draft changes; positive for a rise.
func (c Change) By() decimal.Decimal { return c.After.Sub(c.Before) }

// Plus is the sum of two changes.
func (c Change) Plus(o Change) Change {
	return Change{Before: c.Before.Add(o.Before), After: c.After.Add(o.After)}
}

// Mean is the change of which n made this sum; n is at least 1.
func (c Change) Mean(n int) Change {
	of := decimal.New(int64(n), 0)
	return Change{Before: c.Before.DivRound(of, kept), After: c.After.DivRound(of, kept)}
}

// Compare scores a stored record again under a draft; false when either has no score.
func Compare(rec Record, draft Rubric) (Change, bool) {
	now := draft.Score(rec.Again())
	if rec.Result.Empty || now.Empty {
		return Change{}, false
	}
	return Change{Before: rec.Result.Score, After: now.Score}, true
}

// ShiftOf sums differences up; it sorts them.
func ShiftOf(diffs []decimal.Decimal) Shift {
	var s Shift
	for _, d := range diffs {
		switch d.Sign() {
		case 1:
			s.Up++
		case -1:
			s.Down++
		default:
			s.Same++
		}
		s.Lowest, s.Highest = decimal.Min(s.Lowest, d), decimal.Max(s.Highest, d)
	}
	s.Median = median(diffs)
	return s
}

func median(ds []decimal.Decimal) decimal.Decimal {
	if len(ds) == 0 {
		return decimal.Zero
	}
	slices.SortFunc(ds, decimal.Decimal.Cmp)
	low, high := ds[(len(ds)-1)/2], ds[len(ds)/2]
	return low.Add(high).DivRound(decimal.New(2, 0), kept)
}
