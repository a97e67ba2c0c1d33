package parse

import (
	"slices"
	"strconv"
	"strings"

	"ekinerja/roster"
)

// dayAt reads one day at i and tells how many words it took, 0 for none.
func (s *dateScan) dayAt(i int) (dayFound, int) {
	w, next := s.low(i), s.low(i+1)
	one := func(d roster.Day, n int) (dayFound, int) { return dayFound{from: d, to: d}, n }
	switch {
	case w == "":
		return dayFound{}, 0
	case w == "hari" && next == "ini":
		return one(s.today, 2)
	case w == "today" || w == "hariini":
		return one(s.today, 1)
	case w == "besok" || w == "besuk" || w == "tomorrow":
		return one(s.today.Add(1), 1)
	case w == "lusa":
		return one(s.today.Add(2), 1)
	case w == "kemarin" || w == "kemaren" || w == "yesterday":
		return one(s.today.Add(-1), 1)
	case (w == "minggu" || w == "pekan") && (next == "depan" || next == "ini"):
		return s.week(next == "depan"), 2
	case w == "next" && next == "week":
		return s.week(true), 2
	}
	if day, ok := weekdayOf(w); ok {
		d := s.today.Add((day - int(s.today.Weekday()) + 7) % 7)
		switch next {
		case "depan":
			return one(s.today.Monday().Add(7+(day+6)%7), 2)
		case "lalu", "kemarin":
			return one(d.Add(-7), 2)
		case "ini":
			return one(d, 2)
		}
		return dayFound{from: d, to: d, weekly: true}, 1
	}
	return s.numberAt(i)
}

// week is Monday to Friday of this week (from today on) or the next.
func (s *dateScan) week(next bool) dayFound {
	monday := s.today.Monday()
	if next {
		return dayFound{from: monday.Add(7), to: monday.Add(11)}
	}
	friday := monday.Add(4)
	if friday.Before(s.today) {
		friday = s.today
	}
	return dayFound{from: s.today, to: friday}
}

func weekdayOf(w string) (int, bool) {
	for i, names := range [][]string{
		{"minggu", "ahad", "sunday"},
		{"senin", "senen", "monday"},
		{"selasa", "tuesday"},
		{"rabu", "rebo", "wednesday"},
		{"kamis", "kemis", "thursday"},
		{"jumat", "jum'at", "jum’at", "jemuah", "friday"},
		{"sabtu", "saturday"},
	} {
		if slices.Contains(names, w) {
			return i, true
		}
	}
	return 0, false
}

// numberAt reads "25", "25 November 2026", "25/11", "25/11/2026", "2026-11-25".
func (s *dateScan) numberAt(i int) (dayFound, int) {
	w := s.low(i)
	if prev := s.low(i - 1); slices.Contains([]string{"no", "nomor", "spt", "surat", ":", "number"}, prev) {
		return dayFound{}, 0
	}
	parts := strings.FieldsFunc(w, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	n := make([]int, len(parts))
	for k, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || len(p) > 4 {
			return dayFound{}, 0
		}
		n[k] = v
	}
	switch {
	case len(n) == 3 && len(parts[0]) == 4:
		return s.exact(n[2], n[1], n[0], 1)
	case len(n) == 3:
		return s.exact(n[0], n[1], year4(n[2]), 1)
	case len(n) == 2 && n[1] >= 1 && n[1] <= 12 && n[0] >= 1 && n[0] <= 31:
		return s.exact(n[0], n[1], 0, 1)
	case len(n) != 1 || n[0] < 1 || n[0] > 31:
		return dayFound{}, 0
	}
	if m, ok := monthOf(s.low(i + 1)); ok {
		if y, err := strconv.Atoi(s.low(i + 2)); err == nil && y >= 2000 && y < 2100 {
			return s.exact(n[0], m, y, 3)
		}
		return s.exact(n[0], m, 0, 2)
	}
	if slices.Contains(countable, s.low(i+1)) {
		return dayFound{}, 0
	}
	return dayFound{from: s.nearest(n[0]), to: s.nearest(n[0]), bare: true, date: n[0]}, 1
}

// countable are the words that make a number before them no date.
var countable = []string{"hari", "hr", "minggu", "pekan", "bulan", "bln", "jam", "menit", "mnt", "orang", "berkas", "kali", "x", "%", "tahun", "days", "weeks"}

func year4(y int) int {
	if y < 100 {
		return 2000 + y
	}
	return y
}

// exact is a date with its month; without a year it is the one nearest to today.
func (s *dateScan) exact(date, month, year, took int) (dayFound, int) {
	y := year
	if y == 0 {
		y = s.today.Year
		if d, ok := dayOf(y, month, date); ok && s.today.Sub(d) > 180 {
			y++
		}
	}
	d, ok := dayOf(y, month, date)
	if !ok {
		s.wrong = true
		return dayFound{}, 0
	}
	return dayFound{from: d, to: d, date: date}, took
}

// nearest is the day with that number that is not more than a week past.
func (s *dateScan) nearest(date int) roster.Day {
	y, m := s.today.Year, int(s.today.Month)
	for range 3 {
		if d, ok := dayOf(y, m, date); ok && s.today.Sub(d) <= 7 {
			return d
		}
		if m++; m > 12 {
			y, m = y+1, 1
		}
	}
	return roster.Day{}
}

func dayOf(y, m, d int) (roster.Day, bool) {
	if y < 2000 || y > 2100 || m < 1 || m > 12 || d < 1 || d > 31 {
		return roster.Day{}, false
	}
	day, err := roster.ParseDay(strconv.Itoa(y) + "-" + two(m) + "-" + two(d))
	return day, err == nil
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func monthOf(w string) (int, bool) {
	for i, names := range [][]string{
		{"januari", "jan", "january"},
		{"februari", "feb", "pebruari", "february"},
		{"maret", "mar", "march"},
		{"april", "apr"},
		{"mei", "may"},
		{"juni", "jun", "june"},
		{"juli", "jul", "july"},
		{"agustus", "agu", "agt", "ags", "aug", "august"},
		{"september", "sep", "sept"},
		{"oktober", "okt", "oct", "october"},
		{"november", "nov", "nop", "nopember"},
		{"desember", "des", "dec", "december"},
	} {
		if slices.Contains(names, w) {
			return i + 1, true
		}
	}
	return 0, false
}

// OfYesterday reports whether the words begin by saying that they are of yesterday:
// "kmrn rapat 2 jam".
func OfYesterday(text string) bool {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(text)), " ")
	first = strings.TrimRight(first, ":,;")
	return first == "kemarin" || spelling[first] == "kemarin" || first == "yesterday"
}
