package roster

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed libur.csv
var seedCSV []byte

// seedBasis are the joint decrees (SKB 3 Menteri) behind the seed, by year.
func seedBasis(year int) string {
	switch year {
	case 2026:
		return "SKB 3 Menteri 19-09-2025 (1497, 2, 5/2025)"
	case 2027:
		return "SKB 3 Menteri 15-09-2026"
	}
	return ""
}

// Seed is the calendar built in: the national holidays and joint leave of 2026
// and 2027. An import replaces it. It panics if the embedded file is damaged,
// which a test excludes.
func Seed() []CalendarDay { return slices.Clone(builtIn()) }

// builtIn reads the file once: every tick of every job asks for the calendar.
var builtIn = sync.OnceValue(func() []CalendarDay {
	days, problems := ReadCalendarCSV(bytes.NewReader(seedCSV))
	if len(problems) > 0 {
		panic("roster: embedded calendar: " + problems[0].String())
	}
	for i := range days {
		days[i].Basis = seedBasis(days[i].Day.Year)
	}
	return days
})

// ReadCalendarCSV reads special dates from columns tanggal, jenis, nama and
// optionally dasar; any of the encodings and separators of [ReadCSV]. Rows with
// a problem are left out; all problems are told, in line order.
func ReadCalendarCSV(r io.Reader) ([]CalendarDay, []Problem) {
	t, err := readCSV(r, calendarColumns())
	if err != nil {
		return nil, []Problem{unreadable(err)}
	}
	h, problems := findHeader(t, calendarColumns())
	problems = append(t.Problems, problems...)
	if hasErrors(problems) {
		return nil, problems
	}
	var days []CalendarDay
	seen := map[Day]int{}
	for _, row := range t.Rows[h.row+1:] {
		if row.blank() {
			continue
		}
		d, p := calendarRow(h, row)
		if line, twice := seen[d.Day]; twice && len(p) == 0 {
			p = append(p, h.problem(row, colDate, fmt.Sprintf("this date is already on line %d", line),
				"keep one row for each date"))
		}
		problems = append(problems, p...)
		if len(p) == 0 {
			seen[d.Day] = row.Line
			days = append(days, d)
		}
	}
	sortProblems(problems)
	return days, problems
}

func calendarRow(h header, row Row) (CalendarDay, []Problem) {
	var problems []Problem
	bad := func(c column, message, fix string) { problems = append(problems, h.problem(row, c, message, fix)) }
	d := CalendarDay{
		Kind:  CalendarKind(strings.ReplaceAll(strings.ToLower(h.text(row, colDayKind)), " ", "_")),
		Name:  h.text(row, colName),
		Basis: h.text(row, colBasis),
	}
	var err error
	if d.Day, err = parseDate(h.text(row, colDate)); err != nil {
		bad(colDate, "this is not a date", "write the date as 2026-12-25 or 25-12-2026")
	}
	switch d.Kind {
	case Libur, CutiBersama, HariKerjaKhusus:
	default:
		bad(colDayKind, "this kind of day is not known", "write libur, cuti_bersama or hari_kerja_khusus")
	}
	switch {
	case d.Name == "":
		bad(colName, "the name is missing", "write what the day is called; people are shown it")
	case badText(d.Name, maxName) != "":
		bad(colName, badText(d.Name, maxName), "write a short name in one line")
	}
	return d, problems
}

// parseDate reads 2026-12-25 and the Indonesian 25-12-2026, 25/12/2026.
func parseDate(s string) (Day, error) {
	for _, layout := range []string{time.DateOnly, "2-1-2006", "2/1/2006", "2.1.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return DayOf(t), nil
		}
	}
	return Day{}, fmt.Errorf("read date %q: want YYYY-MM-DD", s)
}
