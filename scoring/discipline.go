package scoring

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

// Kind is what an attendance class is about.
type Kind string

// The kinds, by the abbreviations that every attendance list prints.
const (
	TL  Kind = "TL"  // terlambat: came late
	PSW Kind = "PSW" // pulang sebelum waktu: left early
	TK  Kind = "TK"  // tanpa keterangan: absent without a word
)

// Class is one row of the discipline table. From and To are minutes, both
// included; To 0 means without end, and such a row also catches a missing punch.
type Class struct {
	Code    string
	Kind    Kind
	From    int
	To      int
	Percent decimal.Decimal
}

// Attendance is the record of the machine for a period.
type Attendance struct {
	Days []AttendanceDay `json:"days"`
}

// AttendanceDay is one day of the machine, after dispensations. Minutes are
// whole minutes, never HH.MM read as a number.
type AttendanceDay struct {
	Day    roster.Day `json:"day"`
	Late   int        `json:"late,omitempty"`   // minutes after the beginning
	Early  int        `json:"early,omitempty"`  // minutes before the end
	NoIn   bool       `json:"no_in,omitempty"`  // no punch in the morning
	NoOut  bool       `json:"no_out,omitempty"` // no punch in the evening
	Absent bool       `json:"absent,omitempty"` // neither punch nor reason
	Worked int        `json:"worked,omitempty"` // minutes from the first punch to the last; 0: not known
}

// Deduction is what one day costs of D, with the classes it fell into.
type Deduction struct {
	Day     roster.Day      `json:"day"`
	Codes   []string        `json:"codes"`
	Percent decimal.Decimal `json:"percent"` // after the cap
	Capped  bool            `json:"capped,omitempty"`
	// Minutes were taken from what could be reached; Percent are points of P then.
	Minutes int `json:"minutes,omitempty"`
}

// discipline checks the table: known kinds, minutes in order, no overlap.
func (r Rubric) discipline() *fault {
	if r.DayCap.IsNegative() {
		return &fault{"attendance.day_cap", "must not be negative"}
	}
	for i, c := range r.Discipline {
		key := fmt.Sprintf("attendance.class[%d]", i)
		switch {
		case c.Code == "":
			return &fault{key + ".code", "want a code"}
		case c.Kind != TL && c.Kind != PSW && c.Kind != TK:
			return &fault{key + ".kind", fmt.Sprintf("got %q, want TL, PSW or TK", c.Kind)}
		case c.Percent.IsNegative() || c.Percent.GreaterThan(hundred()):
			return &fault{key + ".percent", "want 0 to 100"}
		case c.Kind != TK && (c.From < 1 || c.To != 0 && c.To < c.From):
			return &fault{key + ".from", "want 1 <= from <= to"}
		}
		for _, o := range r.Discipline[:i] {
			if o.Code == c.Code || o.Kind == c.Kind && o.overlaps(c) {
				return &fault{key, fmt.Sprintf("%s overlaps %s", c.Code, o.Code)}
			}
		}
	}
	return nil
}

func (c Class) overlaps(o Class) bool {
	return c.Kind == TK || (c.To == 0 || o.From <= c.To) && (o.To == 0 || c.From <= o.To)
}

// deduct is what one attendance day costs; ok is false when it costs nothing.
func (r Rubric) deduct(a AttendanceDay) (d Deduction, ok bool) {
	d = Deduction{Day: a.Day}
	take := func(c Class) {
		d.Codes = append(d.Codes, c.Code)
		d.Percent = d.Percent.Add(c.Percent)
	}
	for _, c := range r.Discipline {
		if c.catches(a) {
			take(c)
		}
	}
	if r.DayCap.IsPositive() && d.Percent.GreaterThan(r.DayCap) {
		d.Percent, d.Capped = r.DayCap, true
	}
	return d, len(d.Codes) > 0
}

// catches reports whether the day falls into the class. Who is absent all day
// is not late as well.
func (c Class) catches(a AttendanceDay) bool {
	if a.Absent || c.Kind == TK {
		return a.Absent && c.Kind == TK
	}
	minutes, noPunch := a.Late, a.NoIn
	if c.Kind == PSW {
		minutes, noPunch = a.Early, a.NoOut
	}
	if noPunch {
		return c.To == 0
	}
	return minutes >= c.From && (c.To == 0 || minutes <= c.To)
}

// deductions are the days of the attendance record that cost something, in
// order. Only days that are due and not excused can: leave is no absence, and
// days of another month never slip in. A day punched twice counts once, with
// the record that is better for the person.
func (r Rubric) deductions(entries []Entry, a Attendance) []Deduction {
	best := map[roster.Day]*Deduction{}
	for _, e := range entries {
		if e.Due && !e.Excused {
			best[e.Day] = nil
		}
	}
	seen := map[roster.Day]bool{}
	for _, day := range a.Days {
		old, worked := best[day.Day]
		if !worked {
			continue
		}
		d, costs := r.deduct(day)
		switch {
		case !costs:
			best[day.Day] = nil
		case !seen[day.Day] || old != nil && d.milder(*old):
			best[day.Day] = &d
		}
		seen[day.Day] = true
	}
	var out []Deduction
	for _, d := range best {
		if d != nil {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(a, b Deduction) int { return a.Day.Sub(b.Day) })
	return out
}

// milder orders two deductions of one day completely, so that the order of the
// record cannot matter.
func (d Deduction) milder(o Deduction) bool {
	if n := d.Percent.Cmp(o.Percent); n != 0 {
		return n < 0
	}
	return slices.Compare(d.Codes, o.Codes) < 0
}

// disciplineOf is D: 100 less the deductions, never below 0.
func disciplineOf(deductions []Deduction) decimal.Decimal {
	d := hundred()
	for _, x := range deductions {
		d = d.Sub(x.Percent)
	}
	return decimal.Max(d, decimal.Zero).Round(kept)
}
