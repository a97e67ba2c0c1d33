package scoring

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Cap says over what the recognised minutes are held to their target.
type Cap string

// The caps.
const (
	CapDay    Cap = "day"    // each day by itself: a long day does not make up for a short one
	CapPeriod Cap = "period" // the sum of all days
)

// FreeDay says what a day does on which nothing was owed after all.
type FreeDay string

// What free days do.
const (
	OutOfMean FreeDay = "removed"  // it is left out, and the divisor shrinks
	Credited  FreeDay = "credited" // it counts as a full day
)

// MinutesRule is how recognised minutes are counted. The zero value holds each day
// to [Rubric.Target].
type MinutesRule struct {
	Cap Cap `json:"cap,omitempty"` // empty: CapDay
	// Month is the target of a whole month, shared by its scheduled days in equal
	// parts; it takes the place of [Rubric.Target] in a month's score. 0: none.
	Month int `json:"month,omitempty"`
	// Additional is the most that work outside the plan (RHK) may count, as a share
	// of the day's target; nil: as much as any other.
	Additional *decimal.Decimal `json:"additional,omitempty"`
}

// FreeDays are what days on leave and forgiven days do to the mean; empty means
// OutOfMean.
type FreeDays struct {
	Excused FreeDay `json:"excused,omitempty"`
	Waived  FreeDay `json:"waived,omitempty"`
}

// Given is a part of the score that comes from elsewhere: a mark for behaviour, how
// much of the budget was spent. Share is what counts while nobody has said anything.
type Given struct {
	Code   string          `json:"code"`
	Weight decimal.Decimal `json:"weight"`
	Share  decimal.Decimal `json:"share"`
}

// GivenShare is what somebody said of a given part, 0..1.
type GivenShare struct {
	Code  string          `json:"code"`
	Share decimal.Decimal `json:"share"`
}

// GivenTerm is a given part in the sum. Assumed: nobody has said anything.
type GivenTerm struct {
	Code    string          `json:"code"`
	Points  decimal.Decimal `json:"points"`
	Of      decimal.Decimal `json:"of"`
	Assumed bool            `json:"assumed,omitempty"`
}

func (r Rubric) minutesRule() *fault {
	m := r.Minutes
	switch {
	case m.Cap != "" && m.Cap != CapDay && m.Cap != CapPeriod:
		return &fault{"minutes.cap", fmt.Sprintf("got %q, want day or period", m.Cap)}
	case m.Month < 0:
		return &fault{"minutes.month_target", "must not be negative"}
	case m.Month > 0 && m.Cap != CapPeriod:
		return &fault{"minutes.month_target", `wants cap = "period"`}
	case m.Additional != nil && (m.Additional.IsNegative() || m.Additional.GreaterThan(decimal.New(1, 0))):
		return &fault{"minutes.additional", "want 0 to 1"}
	case m.Cap == CapPeriod && r.Weights.Punctual.Add(r.Weights.Suitability).IsPositive():
		// Otherwise leaving a day out could lower the score, and no choice of days
		// would be the best for the person.
		return &fault{"minutes.cap", "period wants the weights of punctual and suitability to be 0"}
	}
	return nil
}

func (r Rubric) freeDays() *fault {
	for key, d := range map[string]FreeDay{"days.excused": r.Days.Excused, "days.waived": r.Days.Waived} {
		if d != "" && d != OutOfMean && d != Credited {
			return &fault{key, fmt.Sprintf("got %q, want removed or credited", d)}
		}
	}
	return nil
}

func (r Rubric) givens() *fault {
	for i, g := range r.Given {
		key := fmt.Sprintf("given[%d]", i)
		switch {
		case g.Code == "":
			return &fault{key + ".code", "want a code"}
		case g.Weight.IsNegative():
			return &fault{key + ".weight", "must not be negative"}
		case g.Share.IsNegative() || g.Share.GreaterThan(decimal.New(1, 0)):
			return &fault{key + ".share", "want 0 to 1"}
		}
		for _, o := range r.Given[:i] {
			if o.Code == g.Code {
				return &fault{key + ".code", fmt.Sprintf("%s is there twice", g.Code)}
			}
		}
	}
	return nil
}

// given is the sum of the given parts. Of a part that was told twice the better
// counts, so that the order cannot matter.
func (r Rubric) given(told []GivenShare) (terms []GivenTerm, sum decimal.Decimal) {
	for _, g := range r.Given {
		t := GivenTerm{Code: g.Code, Of: g.Weight, Assumed: true}
		share := g.Share
		for _, x := range told {
			if x.Code != g.Code {
				continue
			}
			if t.Assumed || x.Share.GreaterThan(share) {
				share = x.Share
			}
			t.Assumed = false
		}
		share = decimal.Max(decimal.Zero, decimal.Min(share, decimal.New(1, 0)))
		t.Points = g.Weight.Mul(share).Round(kept)
		terms, sum = append(terms, t), sum.Add(t.Points)
	}
	return terms, sum
}
