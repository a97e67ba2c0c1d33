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
// Points + all Losses = 100. A removed day has no figures.
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

	Terms      []Term      `json:"terms"`
	Deductions []Deduction `json:"deductions,omitempty"`
}

// Period scores the days of one person. The order of entries does not matter. A
// day given twice counts once, with the entry that is better for the person.
// attendance is nil when no machine record exists; Score is then P.
//
// A day that was reported when it was due and became free afterwards (a leave
// entered late, a holiday announced after the question) stays in the mean when
// that mean is not lower for it: no later change of the calendar or of an absence
// makes a score worse than it was.
func (r Rubric) Period(entries []Entry, attendance *Attendance) Result {
	res := Result{Rubric: r.Name, Version: r.Version, Attendance: attendance != nil}
	days := r.oncePerDay(entries)
	res.Terms = make([]Term, 0, len(days))
	sum := decimal.Zero
	for _, e := range r.withHelpful(days) {
		t := r.term(e)
		res.Terms = append(res.Terms, t)
		res.count(e)
		sum = sum.Add(t.Points)
	}
	if attendance != nil {
		res.Deductions = r.deductions(days, *attendance)
		d := disciplineOf(res.Deductions)
		res.D = &d
	}
	if res.DueDays == 0 {
		res.Empty = true
		return res
	}
	res.P = sum.DivRound(decimal.New(int64(res.DueDays), 0), kept)
	res.Score = res.P
	if res.D != nil {
		res.Score = r.Index.P.Mul(res.P).Add(r.Index.D.Mul(*res.D)).Round(kept)
	}
	return res
}

// withHelpful takes those optional days into the mean that do not lower it: best
// first, as long as the next one is not below the mean of all before. No other
// choice has a higher mean.
func (r Rubric) withHelpful(days []Entry) []Entry {
	sum, n := decimal.Zero, int64(0)
	var optional []int
	for i, e := range days {
		switch {
		case e.optional():
			optional = append(optional, i)
		case e.removed() == "":
			sum, n = sum.Add(r.term(e).Points), n+1
		}
	}
	if len(optional) == 0 {
		return days
	}
	points := func(i int) decimal.Decimal { return r.term(days[i].counted()).Points }
	slices.SortStableFunc(optional, func(a, b int) int { return points(b).Cmp(points(a)) })
	out := slices.Clone(days)
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
func (res *Result) count(e Entry) {
	if e.removed() != "" {
		res.Removed++
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
func (r Rubric) term(e Entry) Term {
	t := Term{Day: e.Day, Removed: e.removed(), Why: e.Reason, Mark: e.Mark, Report: e.Report}
	if t.Removed != "" {
		return t
	}
	w := r.Weights
	if !e.reported() {
		t.Punctual = w.Punctual.Mul(r.Punctual.Missing).Round(kept)
		t.Points = t.Punctual
		t.lose(NoReport, hundred(), t.Points)
		return t
	}
	t.Minutes = r.minutesPart(e.Minutes)
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

// minutesPart is weight × min(1, minutes ÷ target), multiplied before it is
// divided so that a whole share stays whole.
func (r Rubric) minutesPart(minutes int) decimal.Decimal {
	m := min(max(0, minutes), r.Target)
	return r.Weights.Minutes.Mul(decimal.New(int64(m), 0)).DivRound(decimal.New(int64(r.Target), 0), kept)
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
func (r Rubric) oncePerDay(entries []Entry) []Entry {
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
func (r Rubric) betterFirst(a, b Entry) int {
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
	)
}
