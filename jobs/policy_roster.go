package jobs

import (
	"time"

	"ekinerja/roster"
)

// roster reads what the policy says of the line of command, of shifts and of
// hours that hold on certain days.
func (r *reader) roster(p *Policy) {
	r.table("line").number("pass_leave_days", &p.PassLeave, 1, 60)
	if tables := r.tables("shift"); tables != nil {
		p.Shifts = nil
		for _, t := range tables {
			p.Shifts = append(p.Shifts, t.shift(p.Shifts))
		}
	}
	for _, t := range r.tables("hours") {
		p.Special = append(p.Special, t.hours())
	}
}

func (t table) shift(before []roster.ShiftCode) roster.ShiftCode {
	var c roster.ShiftCode
	t.text("code", &c.Code)
	t.text("name", &c.Name)
	t.flag("off", &c.Off)
	t.clock("start", &c.Start, 0, roster.At24(23, 59))
	t.clock("end", &c.End, 0, roster.At24(47, 59))
	if c.End <= c.Start && !c.Off { // until the next day; 08.00 to 08.00 is a whole one
		c.End += roster.At24(24, 0)
	}
	if err := c.Check(before); err != nil {
		t.bad("code", c.Code, err.Error())
	}
	return c
}

func (t table) hours() roster.SpecialHours {
	var s roster.SpecialHours
	var pattern string
	t.day("from", &s.From)
	t.day("to", &s.To)
	t.text("pattern", &pattern)
	t.clock("start", &s.Hours.Start, 0, roster.At24(23, 0))
	t.clock("end", &s.Hours.End, roster.At24(1, 0), roster.At24(24, 0))
	t.span("break", &s.Hours.Break, 0, 3*time.Hour)
	s.Pattern = roster.Pattern(pattern)
	switch {
	case s.Pattern != "" && s.Pattern != roster.FiveDays && s.Pattern != roster.SixDays:
		t.bad("pattern", pattern, "5HK, 6HK, or nothing for both; shifts are in lists of their own")
	case s.From.IsZero() || s.To.Before(s.From) || s.To.Sub(s.From) > 366:
		t.bad("to", s.To, "both days, at most a year from the first to the last")
	case s.Hours.End <= s.Hours.Start:
		t.bad("end", s.Hours.End, "a time after start")
	}
	return s
}
