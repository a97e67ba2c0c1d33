package roster

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// ShiftQuery is what a shift list is about.
type ShiftQuery struct {
	Month  Day // any day of it
	Codes  []ShiftCode
	People []Employee // of the unit
}

// ShiftList is a shift list understood. Every person and day that it speaks of is
// either in Shifts or in Free.
type ShiftList struct {
	Shifts []Shift
	Free   []Shift // only Employee and Day
}

func dayColumn(n int) column { return column("day " + strconv.Itoa(n)) }

const longestMonth = 31

func shiftColumns() []columnDef {
	defs := []columnDef{
		{colNumber, true, []string{"nip", "nomor", "number", "nomor pegawai"}},
		{colName, false, []string{"nama", "name", "nama lengkap"}}, // for people to read
		{colDate, false, []string{"tanggal", "date", "tgl"}},
		{colShift, false, []string{"kode", "sif", "shift", "code", "kode sif"}},
	}
	for n := 1; n <= longestMonth; n++ {
		defs = append(defs, columnDef{dayColumn(n), false, []string{strconv.Itoa(n), fmt.Sprintf("%02d", n)}})
	}
	return defs
}

// ReadShifts reads a month's shifts of a unit, in either form:
//
//	nip, nama, 1, 2, … 31       one row a person; an empty cell is free,
//	                            a day without a column stays as it is
//	nip, tanggal, kode          one row a person and day; other days stay
//
// All problems are told, in line order; with any but warnings nothing may be used.
func ReadShifts(r io.Reader, q ShiftQuery) (ShiftList, []Problem) {
	s, err := readSheetOf(r, shiftColumns())
	if err != nil {
		return ShiftList{}, []Problem{unreadable(err)}
	}
	f := shiftFile{sheet: &s, q: q, first: Day{q.Month.Year, q.Month.Month, 1}, ids: map[string]Employee{}, seen: map[personDay]seenShift{}}
	for _, e := range q.People {
		f.ids[e.Number] = e
	}
	grid := slices.ContainsFunc(shiftColumns()[4:], func(d columnDef) bool { _, ok := s.at[d.col]; return ok })
	_, dated := s.at[colDate]
	if len(s.rows) > 0 && !grid && !dated {
		s.problems = append(s.problems, Problem{
			Line: s.rows[0].Line - 1, Message: "there are neither days 1 to 31 nor a column tanggal",
			Fix: "name the columns nip, 1, 2, 3 … or nip, tanggal, kode",
		})
		return ShiftList{}, s.problems
	}
	for _, row := range s.rows {
		switch e, ok := f.person(row); {
		case !ok:
		case grid:
			f.month(row, e)
		default:
			f.dated(row, e)
		}
	}
	f.overlaps()
	sortProblems(s.problems)
	return f.list, s.problems
}

type personDay struct {
	e EmployeeID
	d Day
}

type seenShift struct {
	row  Row
	col  column
	code ShiftCode
}

type shiftFile struct {
	*sheet
	q     ShiftQuery
	first Day
	ids   map[string]Employee
	seen  map[personDay]seenShift
	list  ShiftList
}

func (f *shiftFile) person(row Row) (Employee, bool) {
	n, err := number(f.cell(row, colNumber))
	if err != nil {
		f.bad(row, colNumber, "this is not a number of a person", "write the NIP or staff number, formatted as Text")
		return Employee{}, false
	}
	e, known := f.ids[n]
	switch {
	case !known:
		f.bad(row, colNumber, "nobody of this unit has this number", "compare it with the roster, or choose the right --unit")
	case e.Pattern != Shifts:
		f.bad(row, colNumber, "this person does not work in shifts (pattern "+string(e.Pattern)+")",
			"set pola_kerja to SIF in the roster first, or delete the row")
	default:
		return e, true
	}
	return Employee{}, false
}

func (f *shiftFile) month(row Row, e Employee) {
	for n := 1; n <= longestMonth; n++ {
		if _, listed := f.at[dayColumn(n)]; !listed {
			continue // a list of half a month leaves the other half alone
		}
		day := f.first.Add(n - 1)
		value := f.cell(row, dayColumn(n))
		if day.Month != f.first.Month {
			if value != "" {
				f.bad(row, dayColumn(n), "the month has no such day", "empty the cell, or choose the right --month")
			}
			continue
		}
		f.put(row, dayColumn(n), personDay{e.ID, day}, value)
	}
}

func (f *shiftFile) dated(row Row, e Employee) {
	day := f.date(row, colDate)
	switch {
	case day.IsZero():
		if f.cell(row, colDate) == "" {
			f.bad(row, colDate, "the date is missing", "write the date as 2026-12-25")
		}
	case day.Year != f.first.Year || day.Month != f.first.Month:
		f.bad(row, colDate, "this day is not in the month of the list", "correct the date, or choose the right --month")
	default:
		f.put(row, colShift, personDay{e.ID, day}, f.cell(row, colShift))
	}
}

func (f *shiftFile) put(row Row, col column, at personDay, value string) {
	code, ok := f.codeOf(value)
	if !ok {
		f.bad(row, col, fmt.Sprintf("the code %q is not known", shorten(value)), "write one of "+f.known()+", or leave it empty for a free day")
		return
	}
	if first, twice := f.seen[at]; twice {
		f.bad(row, col, fmt.Sprintf("this person has this day on line %d already", first.row.Line), "keep one of the two")
		return
	}
	f.seen[at] = seenShift{row, col, code}
	shift := Shift{Employee: at.e, Day: at.d}
	if code.Off {
		f.list.Free = append(f.list.Free, shift)
		return
	}
	shift.Start, shift.End, shift.Name = code.Start, code.End, code.Name
	f.list.Shifts = append(f.list.Shifts, shift)
}

func (f *shiftFile) codeOf(value string) (ShiftCode, bool) {
	if value == "" {
		return ShiftCode{Off: true}, true
	}
	i := slices.IndexFunc(f.q.Codes, func(c ShiftCode) bool { return strings.EqualFold(c.Code, value) })
	if i < 0 {
		return ShiftCode{}, false
	}
	return f.q.Codes[i], true
}

func (f *shiftFile) known() string {
	names := make([]string, len(f.q.Codes))
	for i, c := range f.q.Codes {
		names[i] = c.Code
	}
	return strings.Join(names, ", ")
}

// overlaps finds shifts that begin before the one of the day before has ended.
func (f *shiftFile) overlaps() {
	for _, s := range f.list.Shifts {
		before, ok := f.seen[personDay{s.Employee, s.Day.Add(-1)}]
		if !ok || before.code.Off || before.code.End-At24(24, 0) <= s.Start {
			continue
		}
		at := f.seen[personDay{s.Employee, s.Day}]
		f.bad(at.row, at.col, fmt.Sprintf("the shift %s begins at %s, before the one of the day before ends at %s",
			at.code.Code, s.Start, before.code.End), "correct one of the two days")
	}
}

// ShiftChange is one day whose shift becomes another one; a nil side is free.
type ShiftChange struct {
	Employee EmployeeID
	Day      Day
	Old, New *Shift
}

// CompareShifts tells what a list changes of what is stored, by person and day.
func CompareShifts(stored []Shift, list ShiftList) []ShiftChange {
	have := map[personDay]Shift{}
	for _, s := range stored {
		have[personDay{s.Employee, s.Day}] = s
	}
	var out []ShiftChange
	note := func(s Shift, now *Shift) {
		c := ShiftChange{Employee: s.Employee, Day: s.Day, New: now}
		if old, ok := have[personDay{s.Employee, s.Day}]; ok {
			c.Old = &old
		}
		if c.Old == nil && c.New == nil || c.Old != nil && c.New != nil && *c.Old == *c.New {
			return
		}
		out = append(out, c)
	}
	for _, s := range list.Shifts {
		note(s, &s)
	}
	for _, s := range list.Free {
		note(s, nil)
	}
	slices.SortFunc(out, func(a, b ShiftChange) int { return cmp.Or(cmp.Compare(a.Employee, b.Employee), a.Day.Sub(b.Day)) })
	return out
}
