package roster

import "time"

// WorkHours are the hours of one working day, Break included in the span.
type WorkHours struct {
	Start, End Clock
	Break      time.Duration
}

// Work is the time that counts, without the break.
func (h WorkHours) Work() time.Duration {
	return time.Duration(h.End-h.Start)*time.Minute - h.Break
}

// WorkPattern is a week's hours as data; a weekday without hours is free.
type WorkPattern struct {
	Name    Pattern
	week    [7]WorkHours
	ramadan [7]WorkHours
}

// Hours are the ordinary hours of a weekday; false when it is free.
func (w WorkPattern) Hours(d time.Weekday) (WorkHours, bool) {
	return w.week[d], w.week[d] != WorkHours{}
}

// RamadanHours are the hours of a weekday in Ramadan; false when it is free.
func (w WorkPattern) RamadanHours(d time.Weekday) (WorkHours, bool) {
	return w.ramadan[d], w.ramadan[d] != WorkHours{}
}

// PatternOf is the pattern of that name. Perpres 21/2023 sets 37 h 30 min a
// week without breaks from 07.30, with a break of 90 minutes on Friday and 60
// on other days; in Ramadan 32 h 30 min from 08.00 with 60 and 30.
//
//	5HK  Mon–Thu 07.30–16.00, Fri 07.30–16.30               5 × 450 min
//	6HK  Mon–Thu 07.30–15.00, Fri and Sat 07.30–14.30       4 × 390 + 330 + 360
//
// The decree leaves six-day weeks to the agency; ours reach the same 37 h 30.
// Shifts are listed day by day; for what no list says (the next office day,
// an unknown name) the five days stand in.
func PatternOf(p Pattern) WorkPattern {
	if p == SixDays {
		return sixDays()
	}
	w := fiveDays()
	w.Name = p
	return w
}

func fiveDays() WorkPattern {
	day := WorkHours{At24(7, 30), At24(16, 0), time.Hour}
	friday := WorkHours{At24(7, 30), At24(16, 30), 90 * time.Minute}
	fasting := WorkHours{At24(8, 0), At24(15, 0), 30 * time.Minute}
	fastingFriday := WorkHours{At24(8, 0), At24(15, 30), time.Hour}
	free := WorkHours{}
	return WorkPattern{
		Name:    FiveDays,
		week:    [7]WorkHours{free, day, day, day, day, friday, free},
		ramadan: [7]WorkHours{free, fasting, fasting, fasting, fasting, fastingFriday, free},
	}
}

func sixDays() WorkPattern {
	day := WorkHours{At24(7, 30), At24(15, 0), time.Hour}
	friday := WorkHours{At24(7, 30), At24(14, 30), 90 * time.Minute}
	saturday := WorkHours{At24(7, 30), At24(14, 30), time.Hour}
	fasting := WorkHours{At24(8, 0), At24(14, 0), 30 * time.Minute}
	fastingFriday := WorkHours{At24(8, 0), At24(14, 0), time.Hour}
	free := WorkHours{}
	return WorkPattern{
		Name:    SixDays,
		week:    [7]WorkHours{free, day, day, day, day, friday, saturday},
		ramadan: [7]WorkHours{free, fasting, fasting, fasting, fasting, fastingFriday, fasting},
	}
}
