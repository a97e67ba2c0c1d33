package scoring

import "github.com/shopspring/decimal"

// ruler is a rubric with what one period makes of it.
type ruler struct {
	Rubric
	scheduled int // days the month's target is shared by; 0: the day's target counts
}

// ruler is made for some days: those that were ever owed share a month's target,
// also when they became free later, so that nothing gets harder afterwards.
func (r Rubric) ruler(days []Entry, month bool) ruler {
	x := ruler{Rubric: r}
	if !month || r.Minutes.Month == 0 {
		return x
	}
	for _, e := range days {
		if e.Due || e.WasDue {
			x.scheduled++
		}
	}
	return x
}

// share is weight × minutes ÷ the day's target, multiplied before it is divided so
// that a whole share stays whole.
func (r ruler) share(weight decimal.Decimal, minutes int) decimal.Decimal {
	if r.scheduled > 0 {
		return weight.Mul(decimal.New(int64(minutes)*int64(r.scheduled), 0)).DivRound(decimal.New(int64(r.Minutes.Month), 0), kept)
	}
	return weight.Mul(decimal.New(int64(minutes), 0)).DivRound(decimal.New(int64(r.Target), 0), kept)
}

// target are the minutes of a full day.
func (r ruler) target() decimal.Decimal {
	if r.scheduled > 0 {
		return decimal.New(int64(r.Minutes.Month), 0).DivRound(decimal.New(int64(r.scheduled), 0), kept)
	}
	return decimal.New(int64(r.Target), 0)
}

// counted are the minutes of a day that may count, and how many of the additional
// ones may not. Minutes have an upper end: no day has more.
func (r ruler) counted(e Entry) (minutes, over int) {
	minutes = min(max(0, e.Minutes), 24*60)
	if r.Minutes.Additional == nil {
		return minutes, 0
	}
	most := int(r.Minutes.Additional.Mul(r.target()).IntPart())
	if extra := min(max(0, e.Additional), minutes); extra > most {
		over = extra - most
	}
	return minutes - over, over
}

// minutesPart is weight × min(1, minutes ÷ target); without the bound when only the
// sum of the period has one.
func (r ruler) minutesPart(minutes int) decimal.Decimal {
	part := r.share(r.Weights.Minutes, minutes)
	if r.Minutes.Cap == CapPeriod {
		return part
	}
	return decimal.Min(part, r.Weights.Minutes)
}

// credits reports that a day which is out of the mean counts as a full one.
func (r Rubric) credits(e Entry) bool {
	switch e.removed() {
	case Excused:
		return r.Days.Excused == Credited
	case Forgiven:
		return r.Days.Waived == Credited
	default:
		return false
	}
}
