package roster

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxAttlog bounds an attlog.dat file: a machine holds at most some hundred
// thousand records of 40 bytes.
const MaxAttlog = 64 << 20

// ErrAttlogSize: no machine writes so much.
var ErrAttlogSize = errors.New("the attlog file is larger than 64 MB; no machine holds so much")

// Columns of the files about attendance.
const (
	colPIN    column = "pin"
	colStamp  column = "waktu"
	colClock  column = "jam"
	colIn     column = "masuk"
	colOut    column = "pulang"
	colDevice column = "device"
)

// PunchQuery is how a file of punches is to be read.
type PunchQuery struct {
	Zone *time.Location // of the machine
	// Names are further names of columns: "pin", "waktu", "tanggal", "jam",
	// "masuk" or "pulang" to how the file calls it.
	Names map[string]string
}

// PunchFile is a file of punches understood.
type PunchFile struct {
	Punches []Punch
	Skipped int // lines that are none
	Attlog  bool
}

// ErrColumnMap: a column is mapped that no file of punches has.
var ErrColumnMap = errors.New("unknown column")

// punchColumns are the names by which the tools of the makers call them.
func punchColumns(names map[string]string) ([]columnDef, error) {
	defs := []columnDef{
		{colPIN, true, []string{"pin", "no id", "id", "user id", "userid", "ac no", "no absen", "nomor id", "enroll id", "emp no", "id pegawai"}},
		{colName, false, []string{"nama", "name"}}, // for people to read
		{colStamp, false, []string{"waktu", "tanggal jam", "tgl/waktu", "tanggal/jam", "date/time", "datetime", "date time", "waktu scan", "time"}},
		{colDate, false, []string{"tanggal", "tgl", "date"}},
		{colClock, false, []string{"jam", "jam scan", "clock"}},
		{colIn, false, []string{"masuk", "jam masuk", "scan masuk", "datang", "in", "check in"}},
		{colOut, false, []string{"pulang", "jam pulang", "scan pulang", "scan keluar", "keluar", "out", "check out"}},
	}
	for _, key := range slices.Sorted(maps.Keys(names)) {
		name := normalName(names[key])
		at := slices.IndexFunc(defs, func(d columnDef) bool { return string(d.col) == key || key == "tanggal" && d.col == colDate })
		if at < 0 || name == "" {
			return nil, fmt.Errorf("%w %q: want pin, waktu, tanggal, jam, masuk or pulang", ErrColumnMap, key)
		}
		for i := range defs { // whoever maps a name takes it from where it was
			defs[i].names = slices.DeleteFunc(defs[i].names, func(n string) bool { return n == name })
		}
		defs[at].names = append([]string{name}, defs[at].names...)
	}
	return defs, nil
}

// ReadPunches reads attlog.dat, or a CSV or XLSX file with a PIN and
//
//	waktu                    date and time in one cell, one row a punch
//	tanggal, jam             in two
//	tanggal, masuk, pulang   one row a day
//
// whichever it is by what is in it. Every bad row is told, in line order, the
// punches are the other rows; a line of attlog.dat that is none is only counted.
func ReadPunches(r io.Reader, q PunchQuery) (PunchFile, []Problem) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxAttlog+1))
	switch {
	case err != nil:
		return PunchFile{}, []Problem{unreadable(fmt.Errorf("read file: %w", err))}
	case len(raw) > MaxAttlog:
		return PunchFile{}, []Problem{unreadable(ErrAttlogSize)}
	}
	if looksLikeAttlog(raw) {
		f := PunchFile{Attlog: true}
		f.Punches, f.Skipped = ReadPunchLines(string(raw), q.Zone)
		return f, nil
	}
	known, err := punchColumns(q.Names)
	if err != nil {
		return PunchFile{}, []Problem{{Message: err.Error(), Fix: "mend --map"}}
	}
	s, err := readSheetOf(bytes.NewReader(raw), known)
	if err != nil {
		return PunchFile{}, []Problem{unreadable(err)}
	}
	f := PunchFile{}
	for _, row := range s.rows {
		f.Punches = append(f.Punches, s.punches(row, q.Zone)...)
	}
	sortProblems(s.problems)
	return f, s.problems
}

// looksLikeAttlog: one of the first lines is a punch; some files begin with the
// machine's number.
func looksLikeAttlog(raw []byte) bool {
	const firstLines = 5
	lines := bufio.NewScanner(bytes.NewReader(raw[:min(len(raw), 4096)]))
	for n := 0; n < firstLines && lines.Scan(); n++ {
		if _, ok := ParsePunch(lines.Text(), time.UTC); ok {
			return true
		}
	}
	return false
}

// punches are those of a row.
func (s *sheet) punches(row Row, zone *time.Location) []Punch {
	pin, ok := CleanPIN(s.cell(row, colPIN))
	if !ok {
		s.bad(row, colPIN, "this is not a PIN of a machine", "write the number by which the machine knows the person")
		return nil
	}
	if stamp := s.cell(row, colStamp); stamp != "" {
		at, ok := parseStamp(stamp, zone)
		if !ok {
			s.bad(row, colStamp, "this is not a date and time", "write it as 2026-11-23 07:12:05")
			return nil
		}
		return []Punch{{PIN: pin, At: at}}
	}
	day, ok := s.punchDay(row)
	if !ok {
		return nil
	}
	var out []Punch
	for _, c := range []column{colClock, colIn, colOut} {
		text := s.cell(row, c)
		if text == "" {
			continue
		}
		seconds, ok := parseSeconds(text)
		if !ok {
			s.bad(row, c, "this is not a time of the day", "write it as 07:12 or 07.12")
			continue
		}
		out = append(out, Punch{PIN: pin, At: time.Date(day.Year, day.Month, day.Date, 0, 0, seconds, 0, zone)})
	}
	return out
}

func (s *sheet) punchDay(row Row) (Day, bool) {
	text := s.cell(row, colDate)
	if serial, ok := excelSerial(text); ok {
		return DayOf(serial), true
	}
	if text == "" {
		s.bad(row, colDate, "there is neither a time nor a date", "name the columns pin and waktu, or pin, tanggal and jam; --map says how the file calls them")
		return Day{}, false
	}
	d := s.date(row, colDate)
	return d, !d.IsZero()
}

// excelSerial is a date as Excel keeps it: days since 30 December 1899.
func excelSerial(s string) (time.Time, bool) {
	const first, last = 36526, 73050 // 2000 to 2099
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < first || f >= last {
		return time.Time{}, false
	}
	days := int(f)
	seconds := int((f-float64(days))*86400 + 0.5)
	return time.Date(1899, time.December, 30+days, 0, 0, seconds, 0, time.UTC), true
}

// parseStamp reads a date and time; a day comes before its month, as Indonesians
// write it.
func parseStamp(s string, zone *time.Location) (time.Time, bool) {
	if at, ok := excelSerial(s); ok {
		return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, zone), true
	}
	date, clock, found := strings.Cut(strings.Replace(strings.TrimSpace(s), "T", " ", 1), " ")
	if !found {
		return time.Time{}, false
	}
	day, err := parseDate(date)
	seconds, ok := parseSeconds(clock)
	if err != nil || !ok || day.Year < 2000 || day.Year > 2099 {
		return time.Time{}, false
	}
	return time.Date(day.Year, day.Month, day.Date, 0, 0, seconds, 0, zone), true
}

// parseSeconds reads a time of the day: 07:12, 07.12.05, 7:12:05 PM, or Excel's
// part of a day.
func parseSeconds(s string) (int, bool) {
	s = strings.ToUpper(strings.TrimSpace(s))
	if f, err := strconv.ParseFloat(s, 64); err == nil && strings.HasPrefix(s, "0.") && len(s) > len("0.12.") {
		return int(f*86400 + 0.5), true
	}
	s = strings.ReplaceAll(s, ".", ":")
	for _, layout := range []string{"15:04:05", "15:04", "3:04:05 PM", "3:04 PM"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Hour()*3600 + t.Minute()*60 + t.Second(), true
		}
	}
	return 0, false
}
