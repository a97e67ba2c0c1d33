package scoring

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

// Member is one person's result inside a team.
type Member struct {
	Employee roster.EmployeeID
	Result   Result
}

// Praise says who may be named in public: at most Top people, each with at
// least AtLeast points and no missing day. There is no list of the lowest.
type Praise struct {
	Top     int
	AtLeast decimal.Decimal
}

// TeamSummary are the figures of a unit for one period. The rates are percent
// with six decimals and mean nothing when Due or Scored is 0.
type TeamSummary struct {
	Members    int // everyone given
	Scored     int // those with a score
	Due        int // days that were due, over all members
	In         int // reports that came in, late ones too
	OnTime     int // reports that came in on time
	Minutes    int // recognised minutes
	Compliance decimal.Decimal
	Punctual   decimal.Decimal // OnTime of In
	Mean       decimal.Decimal // mean score of the scored members
	Best       []Member        // highest first
}

// Team sums up a unit. Members tied with the last of the best are all named, so
// Best can be longer than Top; nobody is left out by the order of an id.
func Team(members []Member, praise Praise) TeamSummary {
	s := TeamSummary{Members: len(members)}
	sum := decimal.Zero
	for _, m := range members {
		r := m.Result
		s.Due += r.DueDays
		s.In += r.OnTime + r.Late
		s.OnTime += r.OnTime
		s.Minutes += r.Minutes
		if !r.Empty {
			s.Scored++
			sum = sum.Add(r.Score)
		}
	}
	s.Compliance = percent(s.In, s.Due)
	s.Punctual = percent(s.OnTime, s.In)
	if s.Scored > 0 {
		s.Mean = sum.DivRound(decimal.New(int64(s.Scored), 0), kept)
	}
	s.Best = best(members, praise)
	return s
}

func percent(part, whole int) decimal.Decimal {
	if whole == 0 {
		return decimal.Zero
	}
	return decimal.New(int64(part)*100, 0).DivRound(decimal.New(int64(whole), 0), kept)
}

func best(members []Member, praise Praise) []Member {
	var out []Member
	for _, m := range members {
		if r := m.Result; !r.Empty && r.Missing == 0 && r.Score.GreaterThanOrEqual(praise.AtLeast) {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b Member) int {
		return cmp.Or(
			b.Result.Score.Cmp(a.Result.Score),
			cmp.Compare(a.Employee, b.Employee),
		)
	})
	if praise.Top <= 0 {
		return nil
	}
	n := min(praise.Top, len(out))
	for n > 0 && n < len(out) && out[n].Result.Score.Equal(out[n-1].Result.Score) {
		n++
	}
	return out[:n]
}
