package roster

import (
	"errors"
	"slices"
	"strings"
)

// ShiftCode is one code of a shift list. Off ones say that the person is free.
type ShiftCode struct {
	Code, Name string
	Start, End Clock // End passes 24.00 when the shift ends on the next day
	Off        bool
}

// DefaultShifts are the codes that wards, fire stations and guards use.
func DefaultShifts() []ShiftCode {
	return []ShiftCode{
		{Code: "P", Name: "pagi", Start: At24(7, 0), End: At24(14, 0)},
		{Code: "S", Name: "sore", Start: At24(14, 0), End: At24(21, 0)},
		{Code: "M", Name: "malam", Start: At24(21, 0), End: At24(31, 0)},
		{Code: "24", Name: "piket 24 jam", Start: At24(8, 0), End: At24(32, 0)},
		{Code: "L", Name: "libur", Off: true},
	}
}

// Why a code of a policy is refused.
var (
	errShiftCode = errors.New("a code of 1 to 6 letters or digits, each only once")
	errShiftSpan = errors.New("a shift with start and end, at most 24 hours, or off = true")
)

// Check tells what is wrong with a code that stands after others, or nil.
func (c ShiftCode) Check(before []ShiftCode) error {
	const longest = 6
	if c.Code == "" || len(c.Code) > longest || strings.ContainsAny(c.Code, " ,;/-") {
		return errShiftCode
	}
	for _, b := range before {
		if strings.EqualFold(b.Code, c.Code) {
			return errShiftCode
		}
	}
	if !c.Off && (c.End <= c.Start || c.End-c.Start > At24(24, 0)) {
		return errShiftSpan
	}
	return nil
}

// SpecialHours are the hours of working days that differ from the pattern's, such
// as the day before a procession; an empty Pattern is five and six days alike.
type SpecialHours struct {
	From, To Day
	Pattern  Pattern
	Hours    WorkHours
}

// WithHours is c with other hours on some days. Of several that hold the last counts.
func (c Calendar) WithHours(s SpecialHours) Calendar {
	c.special = append(slices.Clip(c.special), s)
	return c
}

// hoursOn are the special hours of a day; false when there are none.
func (c Calendar) hoursOn(p Pattern, d Day) (WorkHours, bool) {
	for _, s := range slices.Backward(c.special) {
		if (s.Pattern == "" || s.Pattern == p) && !d.Before(s.From) && !d.After(s.To) {
			return s.Hours, true
		}
	}
	return WorkHours{}, false
}
