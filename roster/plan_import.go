package roster

import (
	"io"
	"strconv"
)

// Columns of the files about plans and activity banks.
const (
	colPlanCode  column = "plan code"
	colPlanText  column = "plan text"
	colIndicator column = "indicator"
	colTarget    column = "target"
	colCounted   column = "counted in"
	colPeriod    column = "period"
	colActivity  column = "activity"
	colMinutes   column = "minutes"
)

func planColumns() []columnDef {
	return []columnDef{
		{colNumber, true, []string{"nip", "nomor", "number", "nomor pegawai"}},
		{colPlanCode, true, []string{"no rhk", "rhk", "kode rhk", "no", "kode", "code"}},
		{colPlanText, true, []string{"uraian", "rencana hasil kerja", "uraian rhk", "isi rhk", "text"}},
		{colIndicator, false, []string{"indikator", "iki", "indikator kinerja individu", "indicator"}},
		{colTarget, false, []string{"target"}},
		{colCounted, false, []string{"satuan", "unit", "satuan target"}},
		{colPeriod, true, []string{"periode", "tahun", "period", "year"}},
	}
}

func bankColumns() []columnDef {
	return []columnDef{
		{colOPD, true, []string{"opd", "perangkat daerah", "skpd", "nama opd"}},
		{colUnit, false, []string{"unit", "unit kerja", "bidang"}},
		{colActivity, true, []string{"kegiatan", "nama kegiatan", "aktivitas", "activity"}},
		{colCounted, false, []string{"satuan", "satuan hasil", "hasil", "result"}},
		{colMinutes, true, []string{"menit", "menit standar", "waktu", "waktu efektif", "minutes"}},
	}
}

// Plans is a file of plans, understood.
type Plans struct{ Items []PlanItem }

// ReadPlans reads a CSV or XLSX file of plans. known are the numbers of the
// people on the roster. Every problem is told, in line order.
//
// Columns, by their Indonesian or English names, in any case and order:
//
//	nip|number        required
//	no_rhk|code       required; the item's number in the plan
//	uraian|text       required; the item
//	indikator|indicator, target, satuan|unit
//	periode|period    required; 2026, or 2026-TW4
//
// For a person and period in the file, the file is the whole plan.
func ReadPlans(r io.Reader, known map[string]bool) (Plans, []Problem, error) {
	s, err := readSheetOf(r, planColumns())
	if err != nil {
		return Plans{}, nil, err
	}
	var out Plans
	first := map[string]int{}
	for _, row := range s.rows {
		before := len(s.problems)
		item := s.planItem(row, known)
		if len(s.problems) > before {
			continue
		}
		if line, twice := first[item.key()]; twice {
			s.bad(row, colPlanCode, "the same item of this person and period is on line "+strconv.Itoa(line),
				"number the items of a plan differently, or delete one row")
			continue
		}
		first[item.key()] = row.Line
		out.Items = append(out.Items, item)
	}
	sortProblems(s.problems)
	return out, s.problems, nil
}

func (s *sheet) planItem(row Row, known map[string]bool) PlanItem {
	item := PlanItem{Number: s.someone(row, known)}
	if item.Code = planCode(s.cell(row, colPlanCode)); item.Code == "" {
		s.bad(row, colPlanCode, "the item has no short number", "write 1, 2, 3 … or 2a; at most 8 characters")
	}
	item.Text = s.words(row, colPlanText, maxPlanText)
	if s.cell(row, colPlanText) == "" {
		s.bad(row, colPlanText, "the item has no text", "write the item as it stands in the SKP")
	}
	item.Indicator = s.words(row, colIndicator, maxPlanText)
	item.Target = s.words(row, colTarget, maxText)
	item.Unit = s.words(row, colCounted, maxText)
	var err error
	if item.Period, err = ParsePeriod(s.cell(row, colPeriod)); err != nil {
		s.bad(row, colPeriod, "this is no year or quarter", "write 2026, or 2026-TW4 for the fourth quarter")
	}
	return item
}

// maxPlanText is the longest text of an item or indicator, in runes.
const maxPlanText = 400

// someone reads the number of a person of the roster.
func (s *sheet) someone(row Row, known map[string]bool) string {
	raw := s.cell(row, colNumber)
	n, err := number(raw)
	switch {
	case raw == "":
		s.bad(row, colNumber, "the number is missing", "write the NIP or staff number")
	case mangled.MatchString(raw):
		s.bad(row, colNumber, "a spreadsheet has rounded this number", fixMangled)
	case err != nil:
		s.bad(row, colNumber, "this is not a number of a person", "write the NIP or staff number, formatted as Text")
	case !known[n]:
		s.bad(row, colNumber, "nobody on the roster has this number", "compare it with the roster, or import the person first")
	}
	return n
}

func (s *sheet) words(row Row, c column, longest int) string {
	v := s.cell(row, c)
	if wrong := badText(v, longest); wrong != "" {
		s.bad(row, c, wrong, "write it shorter and as plain text")
		return ""
	}
	return v
}

// Places are the offices that exist, each with its units.
type Places map[string]map[string]bool

// Bank is a file of activities, understood.
type Bank struct{ Entries []Standard }

// ReadBank reads a CSV or XLSX file of an activity bank.
//
//	opd               required; spelt as on the roster
//	unit              empty: the whole office
//	kegiatan|activity required
//	satuan|result     in which it is counted: berkas
//	menit|minutes     required; what it usually takes of a day, 1 to 1440
//
// For an office in the file, the file is the whole bank.
func ReadBank(r io.Reader, places Places) (Bank, []Problem, error) {
	s, err := readSheetOf(r, bankColumns())
	if err != nil {
		return Bank{}, nil, err
	}
	var out Bank
	first := map[string]int{}
	for _, row := range s.rows {
		before := len(s.problems)
		e := s.standard(row, places)
		if len(s.problems) > before {
			continue
		}
		if line, twice := first[e.key()]; twice {
			s.bad(row, colActivity, "the same activity of this office is on line "+strconv.Itoa(line), "delete one of the two rows")
			continue
		}
		first[e.key()] = row.Line
		out.Entries = append(out.Entries, e)
	}
	sortProblems(s.problems)
	return out, s.problems, nil
}

func (s *sheet) standard(row Row, places Places) Standard {
	e := Standard{
		OPD: s.cell(row, colOPD), Unit: s.cell(row, colUnit),
		Name: s.words(row, colActivity, maxText), Result: s.words(row, colCounted, maxName),
	}
	units, known := places[e.OPD]
	switch {
	case !known:
		s.bad(row, colOPD, "no office on the roster is called this", "spell the OPD as on the roster")
	case e.Unit != "" && !units[e.Unit]:
		s.bad(row, colUnit, "the office has no unit of this name", "spell the unit as on the roster, or leave it empty for the whole OPD")
	}
	if MatchKey(e.Name) == "" {
		s.bad(row, colActivity, "the activity has no name", "write what is done: Verifikasi berkas PBB")
	}
	n, err := strconv.Atoi(s.cell(row, colMinutes))
	if err != nil || n < 1 || n > 1440 {
		s.bad(row, colMinutes, "these are no minutes", "write a whole number from 1 to 1440")
	}
	e.Minutes = n
	return e
}
