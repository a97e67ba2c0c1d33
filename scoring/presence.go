package scoring

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

// PresenceRule makes D of what was attended instead of what is deducted: the mean,
// over the days of which machines know anything, of Days for having come and Hours ×
// min(1, minutes at work ÷ FullDay). Days and Hours sum to 100.
type PresenceRule struct {
	Days    decimal.Decimal `json:"days"`
	Hours   decimal.Decimal `json:"hours"`
	FullDay int             `json:"full_day"` // minutes
}

// CeilingRule takes attendance from the minutes that can be reached at all; there is
// no D then. The figures are minutes.
type CeilingRule struct {
	PerMinute int `json:"per_minute"` // for each minute late or early
	NoIn      int `json:"no_in"`
	NoOut     int `json:"no_out"`
	Absent    int `json:"absent"`
}

func (r Rubric) attendanceRule() *fault {
	if p := r.Presence; p != nil {
		switch {
		case p.Days.IsNegative() || p.Hours.IsNegative() || !p.Days.Add(p.Hours).Equal(hundred()):
			return &fault{"attendance.presence", fmt.Sprintf("days %s and hours %s must not be negative and sum to 100", p.Days, p.Hours)}
		case p.FullDay < 1 || p.FullDay > 24*60:
			return &fault{"attendance.presence.full_day", fmt.Sprintf("got %d, want 1 to 1440", p.FullDay)}
		case len(r.Discipline) > 0 || r.Ceiling != nil:
			return &fault{"attendance.presence", "want one of presence, ceiling and classes"}
		}
	}
	if c := r.Ceiling; c != nil {
		switch {
		case c.PerMinute < 0 || c.NoIn < 0 || c.NoOut < 0 || c.Absent < 0:
			return &fault{"attendance.ceiling", "must not be negative"}
		case len(r.Discipline) > 0:
			return &fault{"attendance.ceiling", "want one of presence, ceiling and classes"}
		case r.Minutes.Cap != CapPeriod || r.Days.Excused != Credited || r.Days.Waived != Credited:
			// A divisor that shrinks would let a day of leave lower the ceiling.
			return &fault{"attendance.ceiling", `wants minutes.cap = "period" and days credited`}
		case !r.Index.D.IsZero():
			return &fault{"attendance.ceiling", "wants index.d = 0: it has no part of its own"}
		}
	}
	return nil
}

// atWork are the days of the record on which somebody was to be at work, each with
// the row that is better by cost, in order; freed are those that were excused.
func atWork(entries []Entry, a Attendance, cost func(AttendanceDay) decimal.Decimal) (days, freed []AttendanceDay) {
	owed, excused := map[roster.Day]bool{}, map[roster.Day]bool{}
	for _, e := range entries {
		owed[e.Day] = owed[e.Day] || e.Due && !e.Excused
		excused[e.Day] = excused[e.Day] || e.Due && e.Excused
	}
	best := map[roster.Day]AttendanceDay{}
	for _, day := range a.Days {
		if old, twice := best[day.Day]; !twice || cost(day).LessThan(cost(old)) {
			best[day.Day] = day
		}
	}
	for _, day := range best {
		switch {
		case owed[day.Day]:
			days = append(days, day)
		case excused[day.Day]:
			freed = append(freed, day)
		}
	}
	byDay := func(a, b AttendanceDay) int { return a.Day.Sub(b.Day) }
	slices.SortFunc(days, byDay)
	slices.SortFunc(freed, byDay)
	return days, freed
}

// codes are what losses of attendance are called in every list.
func (a AttendanceDay) codes() []string {
	var out []string
	if a.Absent {
		return append(out, string(TK))
	}
	if a.Late > 0 || a.NoIn {
		out = append(out, string(TL))
	}
	if a.Early > 0 || a.NoOut {
		out = append(out, string(PSW))
	}
	return out
}

// missed is what a day misses of 100.
func (p PresenceRule) missed(a AttendanceDay) decimal.Decimal {
	hours := p.Hours
	switch {
	case a.Absent:
		return hundred()
	case a.Worked > 0:
		hours = p.Hours.Mul(decimal.New(int64(min(a.Worked, p.FullDay)), 0)).DivRound(decimal.New(int64(p.FullDay), 0), kept)
	case a.NoIn || a.NoOut:
		hours = decimal.Zero
	}
	return p.Hours.Sub(hours)
}

// presence is D and what each day takes off it. Without a day that machines know of
// it is full. Who came on a day of leave keeps that day where it helps: an absence
// that is noted later makes no D lower.
func (r Rubric) presence(entries []Entry, a Attendance) (decimal.Decimal, []Deduction) {
	missed := r.Presence.missed
	days, freed := atWork(entries, a, missed)
	sum := decimal.Zero
	for _, day := range days {
		sum = sum.Add(missed(day))
	}
	slices.SortStableFunc(freed, func(a, b AttendanceDay) int { return missed(a).Cmp(missed(b)) })
	for _, day := range freed {
		if missed(day).Mul(decimal.New(int64(len(days)), 0)).GreaterThan(sum) {
			break
		}
		days, sum = append(days, day), sum.Add(missed(day))
	}
	if len(days) == 0 {
		return hundred(), nil
	}
	n := decimal.New(int64(len(days)), 0)
	var out []Deduction
	for _, day := range days {
		if m := missed(day); m.IsPositive() {
			codes := day.codes()
			if len(codes) == 0 {
				codes = []string{"JK"} // jam kerja: was at work for less than a full day
			}
			out = append(out, Deduction{Day: day.Day, Codes: codes, Percent: m.DivRound(n, kept)})
		}
	}
	slices.SortFunc(out, func(a, b Deduction) int { return a.Day.Sub(b.Day) })
	return hundred().Sub(sum.DivRound(n, kept)), out
}

// lost are the minutes that a day takes from the ceiling.
func (c CeilingRule) lost(a AttendanceDay) int {
	if a.Absent {
		return c.Absent
	}
	lost := (max(0, a.Late) + max(0, a.Early)) * c.PerMinute
	if a.NoIn {
		lost = c.NoIn + max(0, a.Early)*c.PerMinute
	}
	if a.NoOut {
		lost += c.NoOut - max(0, a.Early)*c.PerMinute
	}
	return lost
}

// ceiling is what is left of the minutes' points, and what each day took. days is how
// many days the target is made of.
func (r ruler) ceiling(entries []Entry, a Attendance, days int) (decimal.Decimal, []Deduction) {
	top := r.Weights.Minutes
	var out []Deduction
	owed, _ := atWork(entries, a, func(a AttendanceDay) decimal.Decimal { return decimal.New(int64(r.Ceiling.lost(a)), 0) })
	for _, day := range owed {
		lost := r.Ceiling.lost(day)
		if lost <= 0 || days == 0 {
			continue
		}
		part := r.share(r.Weights.Minutes, lost).DivRound(decimal.New(int64(days), 0), kept)
		top = top.Sub(part)
		out = append(out, Deduction{Day: day.Day, Codes: day.codes(), Percent: part, Minutes: lost})
	}
	return decimal.Max(top, decimal.Zero), out
}
