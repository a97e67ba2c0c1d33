package roster

import (
	"fmt"
	"io"
	"strings"
)

// LeaveEntry is one row of the leave system's file: decided there, so Confirmed.
type LeaveEntry struct {
	Line int
	Absence
}

// maxLeave is the longest run of days of one row: three years of leave outside
// the state's expense and one more (Peraturan BKN 24/2017).
const maxLeave = 4*366 + 1

func leaveColumns() []columnDef {
	return []columnDef{
		{colNumber, true, []string{"nip", "nomor", "number", "nomor pegawai"}},
		{colName, false, []string{"nama", "name", "nama lengkap", "nama pegawai"}}, // for people to read
		{colKind, true, []string{"jenis", "jenis cuti", "kind", "keterangan"}},
		{colFrom, true, []string{"dari", "mulai", "tanggal mulai", "from"}},
		{colTo, true, []string{"sampai", "selesai", "s d", "tanggal selesai", "to", "until"}},
		{colLetter, false, []string{"nomor surat", "surat", "no surat", "letter"}},
	}
}

// ReadLeave reads the file of a leave system: nip, jenis, dari, sampai and, where
// there is one, nomor_surat. people are the ids by number. Every bad row is told,
// in line order; the entries are the other rows.
func ReadLeave(r io.Reader, people map[string]EmployeeID) ([]LeaveEntry, []Problem) {
	s, err := readSheetOf(r, leaveColumns())
	if err != nil {
		return nil, []Problem{unreadable(err)}
	}
	var out []LeaveEntry
	of := map[EmployeeID][]LeaveEntry{}
	for _, row := range s.rows {
		before := len(s.problems)
		e := s.leave(row, people)
		if len(s.problems) == before && s.apart(row, e, of[e.Employee]) {
			out, of[e.Employee] = append(out, e), append(of[e.Employee], e)
		}
	}
	sortProblems(s.problems)
	return out, s.problems
}

func (s *sheet) leave(row Row, people map[string]EmployeeID) LeaveEntry {
	e := LeaveEntry{Line: row.Line, Absence: Absence{
		Employee: s.person(row, colNumber, people), From: s.date(row, colFrom), To: s.date(row, colTo),
		Confirmed: true, Basis: s.cell(row, colLetter),
	}}
	var known bool
	if e.Kind, known = LeaveKindNamed(s.cell(row, colKind)); !known {
		s.bad(row, colKind, "this kind of absence is not known",
			"write cuti tahunan, cuti besar, cuti sakit, cuti melahirkan, cuti alasan penting, cuti bersama, CLTN, sakit, tugas belajar, dinas luar, diklat, WFH or WFA")
	}
	if wrong := badText(e.Basis, maxText); wrong != "" {
		s.bad(row, colLetter, wrong, "write the number of the letter only")
	}
	switch {
	case s.cell(row, colFrom) == "":
		s.bad(row, colFrom, "the first day is missing", "write the date as 2026-12-25 or 25-12-2026")
	case s.cell(row, colTo) == "":
		s.bad(row, colTo, "the last day is missing", "write the date; one day has the same first and last day")
	case e.From.IsZero() || e.To.IsZero(): // told already
	case e.To.Before(e.From):
		s.bad(row, colTo, "the last day is before the first", "correct one of the two dates")
	case e.To.Sub(e.From) >= maxLeave:
		s.bad(row, colTo, "so long an absence is not possible", "correct the year of one of the two dates")
	}
	return e
}

// apart reports whether none of the person's earlier rows is about the same days.
func (s *sheet) apart(row Row, e LeaveEntry, earlier []LeaveEntry) bool {
	for _, o := range earlier {
		if o.Kind.Works() == e.Kind.Works() && o.overlaps(e.Absence) {
			s.bad(row, colFrom, fmt.Sprintf("line %d has the same person away on the same days", o.Line), "keep one row for each day")
			return false
		}
	}
	return true
}

// LeaveKindNamed reads a kind as leave systems and letters write it; false when it
// is none.
func LeaveKindNamed(s string) (AbsenceKind, bool) {
	if k, err := ParseAbsenceKind(s); err == nil {
		return k, true
	}
	s = strings.TrimPrefix(normalName(s), "cuti ")
	s = strings.TrimPrefix(s, "karena ")
	switch s {
	case "tahunan", "annual leave":
		return AnnualLeave, true
	case "besar", "long leave":
		return LongLeave, true
	case "sakit", "sick leave":
		return SickLeave, true
	case "melahirkan", "bersalin", "maternity leave":
		return MaternityLeave, true
	case "alasan penting", "penting":
		return UrgentLeave, true
	case "bersama":
		return SharedLeave, true
	case "di luar tanggungan negara", "luar tanggungan negara":
		return UnpaidLeave, true
	case "tugas belajar", "study leave":
		return StudyLeave, true
	case "libur sif", "lepas sif":
		return ShiftOff, true
	case "dinas luar", "perjalanan dinas", "tugas luar", "spt":
		return FieldDuty, true
	case "diklat", "pelatihan", "bimtek", "training":
		return Training, true
	case "kerja dari rumah", "work from home":
		return FromHome, true
	case "kerja dari mana saja", "work from anywhere":
		return FromAnywhere, true
	}
	return "", false
}

// overlaps reports whether two absences share a day.
func (a Absence) overlaps(b Absence) bool { return !a.To.Before(b.From) && !b.To.Before(a.From) }
