package roster

import (
	"fmt"
	"io"
	"strconv"
)

// Columns of the files about posts, moves and shifts.
const (
	colCode     column = "post code"
	colSuperior column = "superior post"
	colBelow    column = "superior since"
	colHolding  column = "holding"
	colFrom     column = "from"
	colTo       column = "to"
	colLetter   column = "letter"
	colShift    column = "shift"
)

func postColumns() []columnDef {
	return []columnDef{
		{colCode, true, []string{"kode jabatan", "kode", "post code", "code"}},
		{colPost, false, []string{"jabatan", "nama jabatan", "post", "position"}},
		{colOPD, false, []string{"opd", "perangkat daerah", "skpd", "nama opd"}},
		{colUnit, false, []string{"unit", "unit kerja", "bidang"}},
		{colSuperior, false, []string{"kode atasan", "kode jabatan atasan", "superior post", "superior"}},
		{colBelow, false, []string{"atasan mulai", "atasan sejak", "superior since"}},
		{colNumber, false, []string{"nip", "nomor", "number", "nip pejabat"}},
		{colHolding, false, []string{"status", "jenis penugasan", "holding"}},
		{colFrom, false, []string{"mulai", "tmt", "from", "berlaku mulai"}},
		{colTo, false, []string{"selesai", "sampai", "s d", "to", "until"}},
		{colLetter, false, []string{"surat", "nomor surat", "letter", "dasar"}},
	}
}

func moveColumns() []columnDef {
	return []columnDef{
		{colNumber, true, []string{"nip", "nomor", "number", "nomor pegawai"}},
		{colName, false, []string{"nama", "name", "nama lengkap"}}, // for people to read
		{colPost, false, []string{"jabatan", "jabatan baru", "post", "position"}},
		{colOPD, false, []string{"opd", "opd baru", "perangkat daerah"}},
		{colUnit, false, []string{"unit", "unit baru", "unit kerja", "bidang"}},
		{colCode, false, []string{"kode jabatan", "kode jabatan baru", "kode", "post code"}},
		{colSupervisor, false, []string{"nip atasan", "nip atasan baru", "atasan", "supervisor"}},
	}
}

// sheet is a file read under the columns it should have.
type sheet struct {
	header
	rows     []Row
	problems []Problem
}

func (s *sheet) bad(r Row, c column, message, fix string) {
	s.problems = append(s.problems, s.problem(r, c, message, fix))
}

func (s *sheet) warn(r Row, c column, message, fix string) {
	p := s.problem(r, c, message, fix)
	p.Warning = true
	s.problems = append(s.problems, p)
}

// cell is a cleaned cell; a lone dash means nothing, as people fill forms.
func (s *sheet) cell(r Row, c column) string {
	if v := s.text(r, c); v != "-" && v != "–" {
		return v
	}
	return ""
}

// readSheetOf reads a CSV or XLSX file under known columns; with a problem that
// leaves no row to read, rows is empty.
func readSheetOf(r io.Reader, known []columnDef) (sheet, error) {
	t, err := readTable(r, known)
	if err != nil {
		return sheet{}, err
	}
	h, problems := findHeader(t, known)
	s := sheet{header: h, problems: append(problems, t.Problems...)}
	if hasErrors(problems) {
		return s, nil
	}
	s.rows = t.Rows[h.row+1:]
	if len(s.rows) > MaxRows {
		s.problems = append(s.problems, Problem{
			Line: s.rows[MaxRows].Line, Message: fmt.Sprintf("there are more than %d rows", MaxRows), Fix: "split the file",
		})
		s.rows = s.rows[:MaxRows]
	}
	return s, nil
}

// person reads a number and finds whose it is; zero when there is none, with the
// problem told.
func (s *sheet) person(r Row, c column, people map[string]EmployeeID) EmployeeID {
	n, err := number(s.cell(r, c))
	if err != nil {
		s.bad(r, c, "this is not a number of a person", "write the NIP or staff number, formatted as Text")
		return 0
	}
	id, known := people[n]
	if !known {
		s.bad(r, c, "nobody on the roster has this number", "compare it with the roster, or import the person first")
	}
	return id
}

// date reads an optional date.
func (s *sheet) date(r Row, c column) Day {
	v := s.cell(r, c)
	if v == "" {
		return Day{}
	}
	d, err := parseDate(v)
	if err != nil {
		s.bad(r, c, "this is not a date", "write the date as 2026-12-25 or 25-12-2026")
	}
	return d
}

func itoa(n int) string { return strconv.Itoa(n) }
