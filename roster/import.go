package roster

import (
	"errors"
	"fmt"
	"strings"
)

// Import is a roster file understood.
type Import struct {
	// Rows without a problem of their own, in the file's order.
	Rows []ImportRow
}

// ImportRow is one person and the line the file has them on.
type ImportRow struct {
	Line     int
	Employee Employee
}

// Employees are the people of the import.
func (i Import) Employees() []Employee {
	es := make([]Employee, len(i.Rows))
	for n, r := range i.Rows {
		es[n] = r.Employee
	}
	return es
}

// Accepted reports that a file has no problem but warnings. A file with one
// should be refused as a whole: half a roster sends people to the wrong leader.
func Accepted(problems []Problem) bool { return !hasErrors(problems) }

// Parse understands a table as a roster. known are the people already on the
// roster; a supervisor may be one of them. Every problem is told, in line order.
//
// Columns, by their Indonesian or English names, in any case and order:
//
//	nip|number       required; NIP, or the staff number of a person without one
//	nama|name        required
//	jenis|kind       PNS, PPPK, PPPK_PW, CPNS, NON_ASN; empty: by the number
//	jabatan|post
//	opd              required
//	unit
//	nip_atasan|supervisor  the supervisor's number; empty or "-" at the top
//	hp|phone
//	pola_kerja|pattern     5HK (when empty), 6HK, SIF
//	bahasa|language        id (when empty), en
func Parse(t Table, known []Employee) (Import, []Problem) {
	h, problems := findHeader(t, rosterColumns())
	problems = append(problems, t.Problems...)
	body := t.Rows[min(h.row+1, len(t.Rows)):]
	if len(body) > MaxRows {
		problems = append(problems, Problem{
			Line: body[MaxRows].Line, Message: fmt.Sprintf("there are more than %d rows", MaxRows), Fix: "split the file",
		})
		body = body[:MaxRows]
	}
	if len(h.at) == 0 || missingRequired(h) {
		sortProblems(problems)
		return Import{}, problems
	}
	entries := make([]*entry, len(body))
	for i, row := range body {
		entries[i] = parseRow(h, row)
	}
	checkTogether(entries, known)
	var im Import
	for _, e := range entries {
		problems = append(problems, e.problems...)
		if !hasErrors(e.problems) {
			im.Rows = append(im.Rows, ImportRow{e.row.Line, e.Employee})
		}
	}
	sortProblems(problems)
	return im, problems
}

func missingRequired(h header) bool {
	for _, d := range rosterColumns() {
		if _, ok := h.at[d.col]; d.required && !ok {
			return true
		}
	}
	return false
}

// entry is a row on its way to an Employee.
type entry struct {
	Employee
	header   header
	row      Row
	problems []Problem
}

func (e *entry) bad(c column, message, fix string) {
	e.problems = append(e.problems, e.header.problem(e.row, c, message, fix))
}

// text is a cleaned cell; a lone dash means nothing, as people fill forms.
func (e *entry) text(c column) string {
	s := e.header.text(e.row, c)
	if s == "-" || s == "–" {
		return ""
	}
	return s
}

func parseRow(h header, row Row) *entry {
	e := &entry{header: h, row: row}
	if len(row.Cells) > MaxColumns && !(Row{Cells: row.Cells[MaxColumns:]}).blank() {
		e.problems = append(e.problems, Problem{
			Line:    row.Line,
			Message: fmt.Sprintf("this row has more than %d columns", MaxColumns),
			Fix:     "delete what stands to the right of the table",
		})
		return e
	}
	e.readNumber()
	e.Name = e.readText(colName, maxName)
	if e.Name == "" && e.text(colName) == "" {
		e.bad(colName, "the name is missing", "write the full name")
	}
	e.Post = e.readText(colPost, maxText)
	e.OPD = e.readText(colOPD, maxText)
	if e.OPD == "" && e.text(colOPD) == "" {
		e.bad(colOPD, "the OPD is missing", "write the OPD that the person works for")
	}
	e.Unit = e.readText(colUnit, maxText)
	e.readSupervisor()
	e.readPhone()
	e.readChoices()
	return e
}

func (e *entry) readText(c column, longest int) string {
	s := e.text(c)
	if wrong := badText(s, longest); wrong != "" {
		e.bad(c, wrong, "write it shorter and as plain text")
		return ""
	}
	return s
}

const fixMangled = "in the spreadsheet format the column as Text, enter the numbers again, and save again"

func (e *entry) readPhone() {
	s := e.text(colPhone)
	if s == "" {
		return
	}
	var err error
	if e.Phone, err = ParsePhone(s); err == nil {
		return
	}
	if mangled.MatchString(s) {
		e.bad(colPhone, "a spreadsheet has rounded this number", fixMangled)
		return
	}
	e.bad(colPhone, ErrPhone.Error(), "write it as 0812… or +62812…, one number only, or leave it empty")
}

func (e *entry) readChoices() {
	switch s := strings.ToUpper(e.text(colPattern)); s {
	case "":
		e.Pattern = FiveDays
	case string(FiveDays), string(SixDays), string(Shifts):
		e.Pattern = Pattern(s)
	default:
		e.bad(colPattern, "this work pattern is not known", "write 5HK, 6HK or SIF, or leave it empty for 5HK")
	}
	switch s := strings.ToLower(e.text(colLang)); s {
	case "":
		e.Lang = "id"
	case "id", "en":
		e.Lang = s
	default:
		e.bad(colLang, "this language is not known", "write id or en, or leave it empty for id")
	}
}

// kindNamed reads a kind in the ways people write it.
func kindNamed(s string) (Kind, bool) {
	switch strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToUpper(s)) {
	case "PNS":
		return PNS, true
	case "PPPK", "P3K":
		return PPPK, true
	case "PPPK_PW", "PPPK_PARUH_WAKTU", "P3K_PW":
		return PPPKPW, true
	case "CPNS":
		return CPNS, true
	case "NON_ASN", "NONASN", "TKPK":
		return NonASN, true
	}
	return "", false
}

// number reads a number of any kind in its canonical form.
func number(s string) (string, error) {
	if nip, err := ParseNIP(s); err == nil {
		return string(nip), nil
	} else if looksLikeNIP(s) {
		return "", err
	}
	return ParseStaffNumber(s)
}

// looksLikeNIP: so many digits are meant as a NIP; a staff number that long has
// to be declared as NON_ASN.
func looksLikeNIP(s string) bool {
	const most = 15
	s = squeeze(s)
	return allDigits(s) && len(s) >= most
}

func (e *entry) readNumber() {
	s := e.text(colNumber)
	kind, kindKnown := kindNamed(e.text(colKind))
	if e.text(colKind) != "" && !kindKnown {
		e.bad(colKind, "this kind of employment is not known",
			"write PNS, PPPK, PPPK_PW, CPNS or NON_ASN, or leave it empty")
	}
	switch {
	case s == "":
		e.bad(colNumber, "the number is missing", "write the NIP, or a staff number for a person without one")
		return
	case mangled.MatchString(s):
		e.bad(colNumber, "a spreadsheet has rounded this number", fixMangled)
		return
	}
	nip, err := ParseNIP(s)
	if err == nil {
		e.Number, e.Sex, e.Kind = string(nip), nip.Sex(), kind
		e.agree(nip)
		return
	}
	if kind == NonASN || kind == "" && !looksLikeNIP(s) {
		if e.Number, err = ParseStaffNumber(s); err == nil {
			e.Kind = NonASN
			return
		}
	}
	e.badNumber(s, err)
}

// agree settles the kind with the NIP; it is inferred when the file has none.
func (e *entry) agree(nip NIP) {
	const fix = "correct the kind or the number; with the kind left empty it follows the number"
	switch {
	case e.Kind == "" && nip.IsPPPK():
		e.Kind = PPPK
	case e.Kind == "":
		e.Kind = PNS
	case e.Kind == NonASN:
		e.bad(colKind, "the kind is NON_ASN but the number is a NIP", fix)
	case nip.IsPPPK() && (e.Kind == PNS || e.Kind == CPNS):
		e.bad(colKind, "the number is that of a PPPK, the kind says "+string(e.Kind), fix)
	case !nip.IsPPPK() && (e.Kind == PPPK || e.Kind == PPPKPW):
		e.bad(colKind, "the number is that of a PNS, the kind says "+string(e.Kind), fix)
	}
}

func (e *entry) badNumber(s string, err error) {
	switch {
	case errors.Is(err, ErrNIPSerial) && strings.HasSuffix(squeeze(s), "000"):
		e.bad(colNumber, "the last digits are 000, so a spreadsheet has rounded this number", fixMangled)
	case errors.Is(err, ErrStaffNumber):
		e.bad(colNumber, err.Error(), "write the NIP, or a staff number of letters, digits and dashes")
	default:
		e.bad(colNumber, "this is not a NIP: "+err.Error(), "compare it with the decree; a person without a NIP has the kind NON_ASN")
	}
}

func (e *entry) readSupervisor() {
	s := e.text(colSupervisor)
	if s == "" {
		return
	}
	n, err := number(s)
	switch {
	case mangled.MatchString(s), errors.Is(err, ErrNIPSerial):
		e.bad(colSupervisor, "a spreadsheet has rounded this number", fixMangled)
	case err != nil && !looksLikeNIP(s):
		e.bad(colSupervisor, "this is not a number of a person", "write the supervisor's NIP, not the name")
	case err != nil:
		// A long staff number is declared on the supervisor's own row; whether
		// there is one is checked with all rows at hand.
		e.Supervisor = squeeze(s)
	default:
		e.Supervisor = n
	}
}
