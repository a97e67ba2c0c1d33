package parse

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ekinerja/roster"
)

// Dates is a run of days as somebody wrote it.
type Dates struct {
	From, To roster.Day // both included
	// Count is the number of days that was said instead of an end ("3 hari mulai
	// besok"), 0 when an end was said. To then counts every day of the calendar;
	// whoever knows the working days counts those.
	Count int
	// Rest are the words that are no date: "acara keluarga".
	Rest string
}

// MostDays bounds a run of days: the longest leave but one is three months, and
// a year is surely a slip.
const MostDays = 366

// ReadDates finds the days in a text, as people write them: "besok",
// "25-27 November", "Senin sampai Rabu", "3 hari mulai besok", "s.d. Jumat",
// "25/11", "pekan depan". A day without a month is the nearest that is not long
// past; a weekday is the next one, today included. False when there is none, or
// when the days make no sense (31 Februari, an end before its beginning).
func ReadDates(text string, today roster.Day) (Dates, bool) {
	s := dateScan{today: today, words: dateWords(Clean(text))}
	s.used = make([]bool, len(s.words))
	return s.read()
}

var dateToken = regexp.MustCompile(`\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,4}/\d+(?:/[\pL\d]+)*|\d+|s\.?/?d\.?(?:\s|$)|[\pL][\pL'’]*|[-–—]|\S`)

func dateWords(text string) []string {
	words := dateToken.FindAllString(strings.ReplaceAll(text, "\n", " "), -1)
	for i, w := range words {
		words[i] = strings.TrimSpace(w)
	}
	return words
}

// dateScan reads the words once from left to right.
type dateScan struct {
	today roster.Day
	words []string
	used  []bool
	found []dayFound
	count int
	until bool // "sampai" stood before the first day
	wrong bool // a date that does not exist
}

// dayFound is a day, or a run of them such as "pekan depan".
type dayFound struct {
	from, to roster.Day
	bare     bool // a number alone: its month may stand behind the next
	weekly   bool // a weekday: it comes again
	date     int
}

func (s *dateScan) low(i int) string {
	if i < 0 || i >= len(s.words) {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(s.words[i], "."))
}

func (s *dateScan) read() (Dates, bool) {
	link := false // the words before join this day to the one before it
	for i := 0; i < len(s.words); {
		if n := s.countAt(i); n > 0 {
			i = s.use(i, n)
			continue
		}
		if joins(s.low(i)) && s.dayFollows(i+1) {
			link = true
			s.until = s.until || len(s.found) == 0
			i = s.use(i, 1)
			continue
		}
		if leads(s.low(i)) && (s.dayFollows(i+1) || s.countFollows(i+1)) {
			i = s.use(i, 1)
			continue
		}
		d, n := s.dayAt(i)
		if n == 0 || len(s.found) > 0 && !link && d.bare || len(s.found) > 1 && !link {
			link = false
			i++
			continue
		}
		s.found = append(s.found, d)
		link = false
		i = s.use(i, n)
	}
	return s.result()
}

func (s *dateScan) use(i, n int) int {
	for k := i; k < i+n; k++ {
		s.used[k] = true
	}
	return i + n
}

// joins are the words between the first and the last day.
func joins(w string) bool {
	return slices.Contains([]string{"-", "–", "—", "sampai", "sampe", "hingga", "s.d", "sd", "s/d", "dan", "to", "until", "till", "and", "through"}, w)
}

// leads are words before a day that say nothing more.
func leads(w string) bool {
	return slices.Contains([]string{"mulai", "dari", "sejak", "tanggal", "tgl", "pada", "selama", "hari", "untuk", "from", "on", "for", "starting", "dengan"}, w)
}

func (s *dateScan) dayFollows(i int) bool {
	for ; i < len(s.words) && (leads(s.low(i)) || joins(s.low(i))) && s.low(i+1) != "ini"; i++ {
	}
	_, n := s.dayAt(i)
	return n > 0
}

func (s *dateScan) countFollows(i int) bool {
	before := s.count
	defer func() { s.count = before }()
	return s.countAt(i) > 0
}

// countAt reads "3 hari", "dua minggu", "seminggu" at i and tells how many words it took.
func (s *dateScan) countAt(i int) int {
	switch s.low(i) {
	case "sehari":
		s.count = 1
		return 1
	case "seminggu", "sepekan":
		s.count = 5
		return 1
	case "sebulan":
		s.count = 22
		return 1
	}
	n, ok := smallNumber(s.low(i))
	if !ok || n < 1 {
		return 0
	}
	took := 2
	unit := s.low(i + 1)
	if unit == "hari" && s.low(i+2) == "kerja" {
		took = 3
	}
	switch unit {
	case "hari", "hr", "day", "days":
	case "minggu", "pekan", "week", "weeks":
		n *= 5
	case "bulan", "bln", "month", "months":
		n *= 22
	default:
		return 0
	}
	if n > MostDays {
		s.wrong = true
		return 0
	}
	s.count = n
	return took
}

func smallNumber(w string) (int, bool) {
	if i := slices.Index([]string{"", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"}, w); i > 0 {
		return i, true
	}
	if len(w) > 3 {
		return 0, false
	}
	n, err := strconv.Atoi(w)
	return n, err == nil
}

// result puts the days together.
func (s *dateScan) result() (Dates, bool) {
	out := Dates{Rest: s.rest()}
	if s.wrong {
		return out, false
	}
	switch {
	case len(s.found) == 0 && s.count == 0:
		return out, false
	case len(s.found) == 0:
		out.From, out.Count = s.today, s.count
	case len(s.found) == 1 && s.until && s.count == 0:
		out.From, out.To = s.today, s.found[0].to
	default:
		first, last := s.found[0], s.found[len(s.found)-1]
		if first.bare && len(s.found) > 1 {
			first.from = monthBefore(first.date, last.from)
		}
		out.From, out.To = first.from, last.to
		if s.count > 0 && len(s.found) == 1 {
			out.Count = s.count
		}
		// "Senin sampai Rabu" said on a Tuesday begins next week; so does its end.
		if last.weekly && out.To.Before(out.From) && out.From.Sub(out.To) < 7 {
			out.To = out.To.Add(7)
		}
	}
	if out.Count > 0 {
		out.To = out.From.Add(out.Count - 1)
	}
	ok := !out.From.IsZero() && !out.To.Before(out.From) && out.To.Sub(out.From) < MostDays
	return out, ok
}

// monthBefore is the day with that number at or before the other: in "25-27
// November" the month stands once, in "30 - 2 Desember" it is the one before.
func monthBefore(date int, last roster.Day) roster.Day {
	y, m := last.Year, int(last.Month)
	for range 2 {
		if d, ok := dayOf(y, m, date); ok && !last.Before(d) {
			return d
		}
		if m--; m < 1 {
			y, m = y-1, 12
		}
	}
	return roster.Day{}
}

func (s *dateScan) rest() string {
	var left []string
	for i, w := range s.words {
		if !s.used[i] {
			left = append(left, w)
		}
	}
	text := strings.Join(left, " ")
	for _, p := range []string{" ,", " .", " ;", " :", " )", " / "} {
		text = strings.ReplaceAll(text, p, strings.TrimSpace(p))
	}
	text = strings.ReplaceAll(text, "( ", "(")
	return strings.Trim(text, " ,.;:-–")
}
