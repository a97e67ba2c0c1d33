package parse

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Number is an exact decimal with three places, or nothing (the zero Number).
// In JSON it is a number or null.
type Number struct {
	milli int64
	known bool
}

// Int is the Number n.
func Int(n int64) Number { return Number{n * 1000, true} }

// Milli is the Number of n thousandths: Milli(2500) is 2,5.
func Milli(n int64) Number { return Number{n, true} }

// Known reports whether there is a number.
func (n Number) Known() bool { return n.known }

// Thousandths is the value times 1000; 0 when unknown.
func (n Number) Thousandths() int64 { return n.milli }

// Equal reports the same number, or both none.
func (n Number) Equal(o Number) bool { return n == o }

// String renders "25" or "2.5"; empty when unknown.
func (n Number) String() string {
	if !n.known {
		return ""
	}
	if n.milli%1000 == 0 {
		return strconv.FormatInt(n.milli/1000, 10)
	}
	s := fmt.Sprintf("%d.%03d", n.milli/1000, n.milli%1000)
	return strings.TrimRight(s, "0")
}

// Indonesian renders "1.200" or "2,5": points between thousands, decimal comma.
func (n Number) Indonesian() string {
	whole, frac, _ := strings.Cut(n.String(), ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(c)
	}
	if frac != "" {
		b.WriteByte(',')
		b.WriteString(frac)
	}
	return b.String()
}

// MarshalJSON renders a JSON number or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.known {
		return []byte("null"), nil
	}
	return []byte(n.String()), nil
}

// UnmarshalJSON reads what MarshalJSON wrote; more than three decimals are cut.
func (n *Number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = Number{}
		return nil
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || f < 0 || f > 1e12 {
		return fmt.Errorf("read number %q: want 0 to 1e12", b)
	}
	*n = Milli(int64(math.Round(f * 1000)))
	return nil
}

// numeral is one typed run of digits and what it may mean; context decides.
type numeral struct {
	val       Number // unknown when it is no plain number (a date, "08:00")
	hour, min int
	clock     bool // may be a time with minutes: "08.00", "8:30", "08,00"
	colon     bool // "08:00": only a time
	zero      bool // a leading zero: "08", "07.30"
	plain     bool // digits only
	decimal   bool // one separator and one or two digits after it
	point     bool // the separator is a point
}

func readNumeral(s string) numeral {
	n := numeral{zero: len(s) > 1 && s[0] == '0'}
	sep := strings.IndexAny(s, ".,:")
	if sep < 0 {
		n.plain = true
		n.val = whole(s)
		return n
	}
	head, tail := s[:sep], s[sep+1:]
	if strings.ContainsAny(tail, ".,:") {
		n.val = grouped(s)
		return n
	}
	n.point = s[sep] == '.'
	n.colon = s[sep] == ':'
	if len(head) <= 2 && len(tail) == 2 {
		n.hour, n.min = digits(head), digits(tail)
		n.clock = n.hour < 24 && n.min < 60 || n.hour == 24 && n.min == 0
	}
	switch {
	case n.colon:
	case len(tail) == 3 && len(head) <= 3 && !n.zero && head != "0":
		n.val = whole(head + tail)
	case len(tail) <= 3:
		n.decimal = true
		if w := whole(head); w.known {
			n.val = Milli(w.milli + int64(digits(tail))*pow10(3-len(tail)))
		}
	}
	return n
}

// grouped reads "4.350.000", "4,350,000" and "1.234,50"; dates are no numbers.
func grouped(s string) Number {
	sep := s[strings.IndexAny(s, ".,:")]
	body, frac := s, ""
	if i := strings.LastIndexAny(s, ".,"); i > 0 && s[i] != sep && len(s)-i-1 <= 2 {
		body, frac = s[:i], s[i+1:]
	}
	parts := strings.Split(body, string(sep))
	if sep == ':' || len(parts[0]) > 3 || strings.ContainsAny(body, otherSeps(sep)) {
		return Number{}
	}
	for _, p := range parts[1:] {
		if len(p) != 3 {
			return Number{}
		}
	}
	w := whole(strings.Join(parts, ""))
	if w.known && frac != "" {
		w.milli += int64(digits(frac)) * pow10(3-len(frac))
	}
	return w
}

func otherSeps(sep byte) string {
	if sep == '.' {
		return ",:"
	}
	return ".:"
}

func whole(s string) Number {
	if s == "" || len(s) > 12 {
		return Number{}
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return Number{}
	}
	return Int(v)
}

func digits(s string) int {
	v, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return v
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// amount is a number found in the tokens: its value and where it ends.
type amount struct {
	val   Number
	to    int
	words bool
	num   numeral // of the digits token, when there was one
	frac  bool
}

// amountAt reads digits ("25", "1½", "1/2", "15 rb", "25 (dua puluh lima)") or
// number words ("dua puluh lima", "satu setengah") from token i on.
func (l *line) amountAt(i int) (amount, bool) {
	t := l.at(i)
	var a amount
	switch t.kind {
	case tokNumber:
		a = amount{val: t.num.val, to: i + 1, num: t.num}
		l.fraction(i, &a)
	case tokFraction:
		a = amount{val: Milli(fractionMilli[t.low]), to: i + 1, frac: true}
	case tokWord:
		v, to := l.wordNumber(i)
		if to == i {
			return a, false
		}
		a = amount{val: v, to: to, words: true}
	default:
		return a, false
	}
	if !a.val.known && !a.num.clock {
		return a, false
	}
	l.scale(&a)
	l.half(&a)
	l.spelled(&a)
	return a, true
}

// fraction adds "½" in "1½", and reads "1/2", "3/4", "1 1/2".
func (l *line) fraction(i int, a *amount) {
	next := l.at(i + 1)
	switch {
	case next.kind == tokFraction:
		a.val.milli += fractionMilli[next.low]
		a.to, a.frac = i+2, true
	case l.isFraction(i):
		a.val = Milli(a.val.milli / int64(digits(l.at(i+2).low)))
		a.to, a.frac = i+3, true
	case a.num.plain && l.isFraction(i+1) && !l.at(i+1).glued:
		a.val.milli += l.at(i+1).num.val.milli / int64(digits(l.at(i+3).low))
		a.to, a.frac = i+4, true
	}
}

// isFraction reports "1/2", "1/3", "2/3", "1/4", "3/4" written together.
func (l *line) isFraction(i int) bool {
	a, s, b := l.at(i), l.at(i+1), l.at(i+2)
	if a.kind != tokNumber || b.kind != tokNumber || s.low != "/" || !s.glued || !b.glued || l.at(i+3).low == "/" {
		return false
	}
	return len(a.low) == 1 && len(b.low) == 1 && a.low >= "1" && a.low < b.low && b.low >= "2" && b.low <= "4"
}

func (l *line) scale(a *amount) {
	f, ok := scales[l.at(a.to).low]
	if !ok || a.words || !a.val.known || a.val.milli > 1e12 {
		return
	}
	if l.at(a.to).low == "k" && !l.at(a.to).glued {
		return
	}
	a.val.milli *= f
	a.to++
}

// half adds the "setengah" of "satu setengah" and "2 setengah".
func (l *line) half(a *amount) {
	switch w := l.at(a.to).low; {
	case w == "setengah" && a.val.known && a.val.milli%1000 == 0:
		a.val.milli += 500
		a.to, a.frac = a.to+1, true
	case w == "perempat" && a.words && a.val.milli < 4000:
		a.val.milli /= 4
		a.to, a.frac = a.to+1, true
	}
}

// spelled skips the "(dua puluh lima)" that official letters add.
func (l *line) spelled(a *amount) {
	if a.words || l.at(a.to).low != "(" {
		return
	}
	v, to := l.wordNumber(a.to + 1)
	if to > a.to+1 && l.at(to).low == ")" && v == a.val {
		a.to = to + 1
	}
}

// wordNumber reads number words from i; to == i when there are none.
func (l *line) wordNumber(i int) (Number, int) {
	if f, ok := fractionWords[l.at(i).low]; ok {
		return Milli(f), i + 1
	}
	var total, group int64
	pending := int64(-1)
	j := i
	for ; j < len(l.toks) && j < i+12; j++ {
		w := l.at(j).low
		d, isDigit := digitWords[w]
		c, isCount := countWords[w]
		m, isMul := multipliers[w]
		switch {
		case isDigit && pending < 0:
			pending = d
		case isCount && pending < 0:
			group += c
		case isMul && m < 1000 && pending > 0:
			group += pending * m
			if w == "belas" {
				group = group - pending*m + pending + 10
			}
			pending = -1
		case isMul && m >= 1000 && (pending > 0 || group > 0):
			total += (group + max(pending, 0)) * m
			group, pending = 0, -1
		default:
			return Int(total + group + max(pending, 0)), j
		}
	}
	return Int(total + group + max(pending, 0)), j
}

var digitWords = map[string]int64{
	"nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5,
	"enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
}

var countWords = map[string]int64{
	"sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000, "sejuta": 1000000,
}

var multipliers = map[string]int64{"belas": 10, "puluh": 10, "ratus": 100, "ribu": 1000, "juta": 1000000}

var scales = map[string]int64{"ribu": 1000, "rb": 1000, "k": 1000, "juta": 1000000, "jt": 1000000}

var fractionWords = map[string]int64{"setengah": 500, "separuh": 500, "separo": 500, "seperempat": 250}

var fractionMilli = map[string]int64{"½": 500, "¼": 250, "¾": 750}
