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
