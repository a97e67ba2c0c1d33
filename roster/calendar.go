package roster

import (
	"cmp"
	"slices"
)

// CalendarKind is how a date differs from an ordinary one.
type CalendarKind string

// The kinds of special dates, as the yearly joint decree (SKB 3 Menteri) and
// the city's own letters name them.
const (
	Libur           CalendarKind = "libur"             // public holiday
	CutiBersama     CalendarKind = "cuti_bersama"      // joint leave
	HariKerjaKhusus CalendarKind = "hari_kerja_khusus" // worked although it would be free
)

// CalendarDay is one special date.
type CalendarDay struct {
	Day   Day
	Kind  CalendarKind
	Name  string
	Basis string // the decree it stands in, may be empty
}

// Calendar knows the special dates. Lunar holidays are never computed: what
// counts is the decree. The zero Calendar has none.
type Calendar struct {
	days    map[Day]CalendarDay
	ramadan []span
	special []SpecialHours
}

// span is a run of days, both ends included.
type span struct{ from, to Day }

// NewCalendar makes a Calendar; of two entries for one date the last counts.
func NewCalendar(days []CalendarDay) Calendar {
	c := Calendar{days: make(map[Day]CalendarDay, len(days))}
	for _, d := range days {
		c.days[d.Day] = d
	}
	return c
}

// WithRamadan is c with the shorter hours of Ramadan from..to, both included.
// The dates are announced (sidang isbat), so they are given, not computed.
func (c Calendar) WithRamadan(from, to Day) Calendar {
	c.ramadan = append(slices.Clone(c.ramadan), span{from, to})
	return c
}

// InRamadan reports whether Ramadan's hours hold on d.
func (c Calendar) InRamadan(d Day) bool {
	return slices.ContainsFunc(c.ramadan, func(s span) bool { return !d.Before(s.from) && !d.After(s.to) })
}

// On is the special date on d, if it is one.
func (c Calendar) On(d Day) (CalendarDay, bool) {
	v, ok := c.days[d]
	return v, ok
}

// Days are all special dates in order.
func (c Calendar) Days() []CalendarDay {
	all := make([]CalendarDay, 0, len(c.days))
	for _, d := range c.days {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b CalendarDay) int { return cmp.Compare(a.Day.Sub(b.Day), 0) })
	return all
}

// HasYear reports whether any date of the year is known. A year without one has
// not been entered yet: tell the administrator from October on.
func (c Calendar) HasYear(year int) bool {
	for d := range c.days {
		if d.Year == year {
			return true
		}
	}
	return false
}

// IsWorkday reports whether people of pattern p work on d. The calendar cannot
// know listed shifts, so [Shifts] are answered with the office's five days.
func (c Calendar) IsWorkday(p Pattern, d Day) bool {
	switch special, _ := c.On(d); special.Kind {
	case HariKerjaKhusus:
		return true
	case Libur, CutiBersama:
		return false
	}
	_, ok := PatternOf(p).Hours(d.Weekday())
	return ok
}

// longestBreak bounds the search for the next working day; a calendar that is
// free for longer is wrong, and a wrong calendar must not hang the service.
const longestBreak = 60

// NextWorkday is the first day after d on which people of pattern p work, or
// the day after d when the calendar shows none within two months.
func (c Calendar) NextWorkday(p Pattern, d Day) Day {
	for n := 1; n <= longestBreak; n++ {
		if next := d.Add(n); c.IsWorkday(p, next) {
			return next
		}
	}
	return d.Add(1)
}

// Workdays counts the working days of pattern p in from..to, both included.
func (c Calendar) Workdays(p Pattern, from, to Day) int {
	n := 0
	for d := from; !d.After(to); d = d.Add(1) {
		if c.IsWorkday(p, d) {
			n++
		}
	}
	return n
}
