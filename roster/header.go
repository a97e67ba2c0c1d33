package roster

import (
	"slices"
	"strconv"
	"strings"
)

// column names a column in our words.
type column string

const (
	colNumber     column = "number"
	colName       column = "name"
	colKind       column = "kind"
	colPost       column = "post"
	colOPD        column = "opd"
	colUnit       column = "unit"
	colSupervisor column = "supervisor"
	colPhone      column = "phone"
	colPattern    column = "pattern"
	colLang       column = "language"

	colDate    column = "date"
	colDayKind column = "day kind"
	colBasis   column = "basis"
)

// columnDef is a column, the names it goes by, and whether it must be there.
type columnDef struct {
	col      column
	required bool
	names    []string // normal form, see normalName; the first is exported
}

// rosterColumns are the documented columns of a roster file.
func rosterColumns() []columnDef {
	return []columnDef{
		{colNumber, true, []string{"nip", "nomor", "number", "nomor pegawai", "nomor induk", "ni pppk", "nip/nomor"}},
		{colName, true, []string{"nama", "name", "nama lengkap", "nama pegawai"}},
		{colKind, false, []string{"jenis", "kind", "jenis pegawai", "jenis asn"}},
		{colPost, false, []string{"jabatan", "post", "position", "nama jabatan"}},
		{colOPD, true, []string{"opd", "perangkat daerah", "skpd", "nama opd"}},
		{colUnit, false, []string{"unit", "unit kerja", "bidang"}},
		{colSupervisor, false, []string{"nip atasan", "supervisor", "atasan", "nip atasan langsung", "nomor atasan"}},
		{colPhone, false, []string{"hp", "phone", "telepon", "no hp", "nomor hp", "no telepon", "nomor telepon"}},
		{colPattern, false, []string{"pola kerja", "pattern", "pola"}},
		{colLang, false, []string{"bahasa", "language", "lang"}},
	}
}

func calendarColumns() []columnDef {
	return []columnDef{
		{colDate, true, []string{"tanggal", "date"}},
		{colDayKind, true, []string{"jenis", "kind"}},
		{colName, true, []string{"nama", "name", "keterangan"}},
		{colBasis, false, []string{"dasar", "basis", "dasar hukum"}},
	}
}

// normalName is a header cell without the freedoms people take with it.
func normalName(s string) string {
	s = strings.ToLower(strings.Trim(s, " \t\r\n\"'\u00a0\ufeff"))
	s = strings.NewReplacer("_", " ", "-", " ", ".", " ", "*", " ").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

func lookUp(name string, known []columnDef) (columnDef, bool) {
	name = normalName(name)
	for _, d := range known {
		if slices.Contains(d.names, name) {
			return d, true
		}
	}
	return columnDef{}, false
}

func knownNames(cells []string, known []columnDef) int {
	n := 0
	for _, c := range cells {
		if _, ok := lookUp(c, known); ok {
			n++
		}
	}
	return n
}

// headerDepth is in how many rows a header is looked for: files often begin
// with a title.
const headerDepth = 10

// header is where each column is.
type header struct {
	row   int // index in Table.Rows
	at    map[column]int
	title map[column]string // as the file writes it
}

// text is a cell's cleaned value, empty when the column is not there.
func (h header) text(r Row, c column) string { return cleanText(h.raw(r, c)) }

func (h header) raw(r Row, c column) string {
	i, ok := h.at[c]
	if !ok || i >= len(r.Cells) {
		return ""
	}
	return r.Cells[i]
}

func (h header) problem(r Row, c column, message, fix string) Problem {
	title := h.title[c]
	if title == "" {
		title = string(c)
	}
	return Problem{Line: r.Line, Column: title, Value: shorten(h.raw(r, c)), Message: message, Fix: fix}
}

// findHeader takes the first of the top rows that names the most columns.
func findHeader(t Table, known []columnDef) (header, []Problem) {
	best, most := 0, 0
	for i, r := range t.Rows[:min(headerDepth, len(t.Rows))] {
		if n := knownNames(r.Cells, known); n > most {
			best, most = i, n
		}
	}
	h := header{row: best, at: map[column]int{}, title: map[column]string{}}
	if most == 0 {
		return h, []Problem{{
			Line: 1, Message: "no row with column names was found",
			Fix: "begin the file with a row that names at least: " + required(known),
		}}
	}
	return h, h.read(t.Rows[best], known)
}

func (h header) read(r Row, known []columnDef) []Problem {
	var ps []Problem
	for i, cell := range r.Cells {
		title := shorten(cleanText(cell))
		d, ok := lookUp(cell, known)
		_, twice := h.at[d.col]
		switch {
		case title == "" && !ok:
		case i >= MaxColumns:
			return append(ps, Problem{
				Line: r.Line, Message: "there are more than " + strconv.Itoa(MaxColumns) + " columns",
				Fix: "delete the columns that are not needed",
			})
		case !ok:
			ps = append(ps, Problem{
				Line: r.Line, Column: title, Value: title, Warning: true,
				Message: "this column is not known and is left out", Fix: "rename it if it is one of: " + allNames(known),
			})
		case twice:
			ps = append(ps, Problem{
				Line: r.Line, Column: title, Value: title,
				Message: "two columns mean the same (" + string(d.col) + ")", Fix: "delete or rename one of them",
			})
		default:
			h.at[d.col], h.title[d.col] = i, title
		}
	}
	for _, d := range known {
		if _, ok := h.at[d.col]; d.required && !ok {
			ps = append(ps, Problem{
				Line: r.Line, Column: d.names[0],
				Message: "a required column is missing", Fix: "add a column with the name " + d.names[0],
			})
		}
	}
	return ps
}

func required(known []columnDef) string {
	var names []string
	for _, d := range known {
		if d.required {
			names = append(names, d.names[0])
		}
	}
	return strings.Join(names, ", ")
}

func allNames(known []columnDef) string {
	var names []string
	for _, d := range known {
		names = append(names, d.names[0])
	}
	return strings.Join(names, ", ")
}
