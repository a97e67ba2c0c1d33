package scoring

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

// Reason names why points are lost or why a day stays out of the mean.
type Reason string

// Reasons for lost points.
const (
	FewMinutes   Reason = "few_minutes" // recognised minutes below the target
	SentLate     Reason = "sent_late"   // after the work day, within the late window
	LessSuitable Reason = "suitability" // judged below sesuai
	NoReport     Reason = "no_report"   // due and not sent
)

// Reasons for a day outside the mean.
const (
	NotDue    Reason = "not_due"
	Excused   Reason = "excused"
	Forgiven  Reason = "waived"
	StillOpen Reason = "pending"
)

// Term is one day of the sum. Points = Minutes + Punctual + Suitability, and
// Points + all Losses are what a day can earn (100 less what is given, and more where
// only the whole period has a bound). A removed day has no figures unless it is
// credited.
type Term struct {
	Day         roster.Day      `json:"day"`
	Removed     Reason          `json:"removed,omitempty"` // set: the day stays out of the mean
	Why         string          `json:"why,omitempty"`     // the entry's own reason code
	Mark        Mark            `json:"mark"`
	Points      decimal.Decimal `json:"points"`
	Minutes     decimal.Decimal `json:"minutes"`
	Punctual    decimal.Decimal `json:"punctual"`
	Suitability decimal.Decimal `json:"suitability"`
	Losses      []Loss          `json:"losses,omitempty"`
	Report      int64           `json:"report,omitempty"`
	// Credited: a removed day that counts as a full one all the same.
	Credited bool `json:"credited,omitempty"`
	// Over are minutes outside the plan that were more than may count.
	Over int `json:"over,omitempty"`
}

// Loss is a part of the 100 that a day did not earn, and why.
type Loss struct {
	Reason Reason          `json:"reason"`
	Points decimal.Decimal `json:"points"`
}

// Result is the score of a period with everything needed to explain it.
type Result struct {
	Rubric  string `json:"rubric"`
	Version string `json:"version"`

	// Empty: no day counted, so there is no score; P and Score mean nothing then.
	Empty bool `json:"empty,omitempty"`
	// Attendance: there was an attendance record; otherwise Score is P alone.
	Attendance bool             `json:"attendance"`
	P          decimal.Decimal  `json:"p"`
	D          *decimal.Decimal `json:"d,omitempty"`
	Score      decimal.Decimal  `json:"score"`

	DueDays int `json:"due_days"` // days that counted: OnTime + Late + Missing
	OnTime  int `json:"on_time"`
	Late    int `json:"late"`
	Missing int `json:"missing"`
	Removed int `json:"removed"` // days left out of the mean, for any reason
	Minutes int `json:"minutes"` // recognised minutes of the reports that counted, uncapped
	// Credited are removed days that count as full ones; they are in the divisor too.
	Credited int `json:"credited,omitempty"`
	// Over are the points of the minutes above what the period can earn.
	Over  *decimal.Decimal `json:"over,omitempty"`
	Given []GivenTerm      `json:"given,omitempty"`

	Terms      []Term      `json:"terms"`
	Deductions []Deduction `json:"deductions,omitempty"`
}

// Inputs are what a score is made from. Attendance is nil when no machine knows the
// person; Month says that the days are those of a calendar month.
type Inputs struct {
	Entries    []Entry
	Attendance *Attendance
	Given      []GivenShare
	Month      bool
}

// Period scores a week of one person, see [Rubric.Score].
func (r Rubric) Period(entries []Entry, attendance *Attendance) Result {
	return r.Score(Inputs{Entries: entries, Attendance: attendance})
}

// Score scores the days of one person. The order of entries does not matter. A day
// given twice counts once, with the entry that is better for the person. Without a
// machine's record the score is P.
//
// A day that was reported when it was due and became free afterwards (a leave
// entered late, a holiday announced after the question) stays in the mean when
// that mean is not lower for it: no later change of the calendar or of an absence
// makes a score worse than it was.
func (r Rubric) Score(in Inputs) Result {
	res := Result{Rubric: r.Name, Version: r.Version, Attendance: in.Attendance != nil}
	days := ruler{Rubric: r}.oncePerDay(in.Entries)
	x := r.ruler(days, in.Month)
	res.Terms = make([]Term, 0, len(days))
	sum, minutes := decimal.Zero, decimal.Zero
	for _, e := range x.withHelpful(days) {
		t := x.term(e)
		res.Terms = append(res.Terms, t)
		res.count(e, t)
		sum, minutes = sum.Add(t.Points), minutes.Add(t.Minutes)
	}
	top := r.Weights.Minutes
	n := res.DueDays + res.Credited
	if in.Attendance != nil {
		top = x.attend(&res, days, *in.Attendance, n)
	}
	if n == 0 {
		res.Empty = true
		return res
	}
	divisor := decimal.New(int64(n), 0)
	res.P = sum.DivRound(divisor, kept)
	if over := minutes.DivRound(divisor, kept).Sub(top); r.Minutes.Cap == CapPeriod && over.IsPositive() {
		res.Over, res.P = &over, res.P.Sub(over)
	}
	var given decimal.Decimal
	res.Given, given = r.given(in.Given)
	res.P = decimal.Max(decimal.Zero, res.P.Add(given))
	res.Score = res.P
	if res.D != nil {
		res.Score = r.Index.P.Mul(res.P).Add(r.Index.D.Mul(*res.D)).Round(kept)
	}
	return res
}

// attend takes attendance in by the rubric's way, and returns what the minutes can
// earn at most.
func (r ruler) attend(res *Result, days []Entry, a Attendance, n int) (top decimal.Decimal) {
	top = r.Weights.Minutes
	var d decimal.Decimal
	switch {
	case r.Ceiling != nil:
		top, res.Deductions = r.ceiling(days, a, n)
		return top
	case r.Presence != nil:
		d, res.Deductions = r.presence(days, a)
	default:
		res.Deductions = r.deductions(days, a)
		d = disciplineOf(res.Deductions)
	}
	res.D = &d
	return top
}

// withHelpful takes those optional days into the mean that do not lower it: best
// first, as long as the next one is not below the mean of all before. No other
// choice has a higher mean. Where a day is credited it is taken when it is worth more.
func (r ruler) withHelpful(days []Entry) []Entry {
	sum, n := decimal.Zero, int64(0)
	out := slices.Clone(days)
	var optional []int
	points := func(i int) decimal.Decimal { return r.term(days[i].counted()).Points }
	for i, e := range days {
		switch {
		case e.optional() && !r.credits(e):
			optional = append(optional, i)
			continue
		case e.optional() && points(i).GreaterThanOrEqual(r.Weights.Sum()):
			out[i] = e.counted()
		}
		if e = out[i]; e.removed() == "" || r.credits(e) {
			sum, n = sum.Add(r.term(e).Points), n+1
		}
	}
	slices.SortStableFunc(optional, func(a, b int) int { return points(b).Cmp(points(a)) })
	for _, i := range optional {
		p := points(i)
		if p.Mul(decimal.New(n, 0)).LessThan(sum) {
			break
		}
		out[i] = days[i].counted()
		sum, n = sum.Add(p), n+1
	}
	return out
}

// count adds a day to the counters.
func (res *Result) count(e Entry, t Term) {
	if t.Removed != "" {
		res.Removed++
		if t.Credited {
			res.Credited++
		}
		return
	}
	res.DueDays++
	switch e.Mark {
	case OnTime:
		res.OnTime++
	case Late:
		res.Late++
	default:
		res.Missing++
	}
	if e.reported() {
		res.Minutes += max(0, e.Minutes)
	}
}

// term is the sum of one day.
func (r ruler) term(e Entry) Term {
	t := Term{Day: e.Day, Removed: e.removed(), Why: e.Reason, Mark: e.Mark, Report: e.Report}
	w := r.Weights
	switch {
	case r.credits(e):
		t.Credited = true
		t.Minutes, t.Punctual, t.Suitability, t.Points = w.Minutes, w.Punctual, w.Suitability, r.Weights.Sum()
		return t
	case t.Removed != "":
		return t
	case !e.reported():
		t.Punctual = w.Punctual.Mul(r.Punctual.Missing).Round(kept)
		t.Points = t.Punctual
		t.lose(NoReport, r.Weights.Sum(), t.Points)
		return t
	}
	minutes, over := r.counted(e)
	t.Over = over
	t.Minutes = r.minutesPart(minutes)
	t.Punctual = w.Punctual.Mul(r.punctualShare(e.Mark)).Round(kept)
	t.Suitability = w.Suitability.Mul(r.suitabilityShare(e.Suitability)).Round(kept)
	t.Points = decimal.Sum(t.Minutes, t.Punctual, t.Suitability)
	t.lose(FewMinutes, w.Minutes, t.Minutes)
	t.lose(SentLate, w.Punctual, t.Punctual)
	t.lose(LessSuitable, w.Suitability, t.Suitability)
	return t
}

// lose notes what a part did not earn of its weight.
func (t *Term) lose(why Reason, weight, earned decimal.Decimal) {
	if lost := weight.Sub(earned); lost.IsPositive() {
		t.Losses = append(t.Losses, Loss{Reason: why, Points: lost})
	}
}

func (r Rubric) punctualShare(m Mark) decimal.Decimal {
	if m == OnTime {
		return r.Punctual.OnTime
	}
	return r.Punctual.Late
}

// suitabilityShare is the share of a judgement; one this version does not know
// counts as not yet judged.
func (r Rubric) suitabilityShare(s Suitability) decimal.Decimal {
	switch s {
	case Sesuai, Lapsed:
		return r.Suitability.Sesuai
	case Cukup:
		return r.Suitability.Cukup
	case Kurang:
		return r.Suitability.Kurang
	case Tidak:
		return r.Suitability.Tidak
	case Unreviewed:
	}
	return r.Suitability.Unreviewed
}

// oncePerDay sorts the entries by day and keeps one a day: the report with the
// most points, else a removed day, else the missing one.
func (r ruler) oncePerDay(entries []Entry) []Entry {
	sorted := slices.Clone(entries)
	slices.SortFunc(sorted, func(a, b Entry) int {
		if n := a.Day.Sub(b.Day); n != 0 {
			return n
		}
		return r.betterFirst(a, b)
	})
	return slices.CompactFunc(sorted, func(a, b Entry) bool { return a.Day == b.Day })
}

// betterFirst orders two entries of one day, completely, so that the order in
// which they were given cannot matter.
func (r ruler) betterFirst(a, b Entry) int {
	if n := rank(b) - rank(a); n != 0 {
		return n
	}
	if n := r.term(b).Points.Cmp(r.term(a).Points); n != 0 {
		return n
	}
	if n := b.Minutes - a.Minutes; n != 0 {
		return n
	}
	return compareRest(a, b)
}

func rank(e Entry) int {
	switch {
	case e.reported():
		return 2
	case e.removed() != "":
		return 1
	}
	return 0
}

func compareRest(a, b Entry) int {
	return cmp.Or(
		cmp.Compare(a.removed(), b.removed()),
		cmp.Compare(a.Mark, b.Mark),
		cmp.Compare(a.Suitability, b.Suitability),
		cmp.Compare(a.Reason, b.Reason),
		cmp.Compare(a.Report, b.Report),
		cmp.Compare(a.Additional, b.Additional),
	)
}
