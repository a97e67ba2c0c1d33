package parse

type spanKind uint8

const (
	spanRange    spanKind = iota + 1 // start and perhaps end
	spanDuration                     // minutes
	spanQuantity                     // number and unit
	spanObstacle                     // the rest of the part is an obstacle
	spanVague                        // "pagi-siang", "seharian"
)

// span is one understood stretch of tokens [from, to).
type span struct {
	kind       spanKind
	from, to   int
	num        Number
	unit       string
	unitFrom   int  // first token of the unit; 0 when it has none behind the number
	known      bool // the unit is one of ours
	minutes    int
	start, end int // minutes of the day, -1 when not said
	reason     Reason
	money      bool
}

// clock is one time of day as typed.
type clock struct {
	hour, min int
	bare      bool // no leading zero and no part of the day: hours may mean p.m.
	exact     bool // had minutes
	prefix    bool // "jam", "pukul" before it
	part      string
	to        int
}

// timeAt reads a time range or a single time that starts at token i.
func (l *line) timeAt(i int) (span, bool) {
	if s, ok := l.vagueAt(i); ok {
		return s, true
	}
	a, ok := l.clockAt(i, false)
	if !ok {
		return l.endOnlyAt(i)
	}
	sep := l.rangeSep(a.to)
	if sep == 0 {
		return l.singleTime(i, a)
	}
	if l.at(sep).low == "selesai" {
		return span{kind: spanRange, from: i, to: sep + 1, start: a.office(), end: -1, reason: OpenEnd}, true
	}
	b, ok := l.clockAt(sep, a.prefix || a.part != "" || len(l.at(i).low) == 4 && l.at(i).num.plain)
	if !ok || !l.plausible(i, a, b) {
		return l.singleTime(i, a)
	}
	start, end, reason := resolve(a, b)
	return span{kind: spanRange, from: i, to: b.to, start: start, end: end, reason: reason}, true
}

// endOnlyAt reads "sampai jam 10".
func (l *line) endOnlyAt(i int) (span, bool) {
	sep := l.rangeSep(i)
	if sep == 0 || l.at(i).kind != tokWord {
		return span{}, false
	}
	b, ok := l.clockAt(sep, false)
	if !ok || !b.prefix && !b.exact {
		return span{}, false
	}
	return span{kind: spanRange, from: i, to: b.to, start: -1, end: b.office()}, true
}

// singleTime accepts one time when it cannot be a number: "jam 9", "08.30".
func (l *line) singleTime(i int, a clock) (span, bool) {
	n := l.at(i).num
	next := l.at(a.to)
	if !a.prefix && a.part == "" {
		if !a.exact || !n.colon && !n.zero && len(l.at(i).low) < 5 {
			return span{}, false
		}
		if _, unit := l.unitAt(a.to, true); unit && !n.colon && !n.zero {
			return span{}, false
		}
	}
	if !a.exact && a.part == "" && (hourWords[next.low] || next.low == "-") {
		return span{}, false
	}
	return span{kind: spanRange, from: i, to: a.to, start: a.office(), end: -1}, true
}

// plausible keeps "25-30 berkas" and "kelas 8-10" from becoming hours.
func (l *line) plausible(i int, a, b clock) bool {
	if a.prefix || a.exact || b.exact || a.part != "" || b.part != "" {
		return true
	}
	if b.to-i == 3 && l.at(i).zero() && l.at(i+2).zero() {
		return true
	}
	if hourWords[l.at(b.to).low] || minuteWords[l.at(b.to).low] || l.at(b.to).low == "/" || l.at(b.to).low == "-" {
		return false
	}
	if u, ok := l.unitAt(b.to, true); ok && (u.known || i > 0 && a.hour < 7) {
		return false
	}
	return a.hour >= 1 && a.hour <= 22 && a.hour != b.hour
}

func (t token) zero() bool { return t.num.zero }

// clockAt reads one time. Number words are hours only when worded is set or
// "jam" stands before them.
func (l *line) clockAt(i int, worded bool) (clock, bool) {
	var c clock
	j := i
	if timePrefixes[l.at(j).low] {
		c.prefix = true
		j++
		if l.at(j).low == "." || l.at(j).low == ":" || l.at(j).kind == tokComma && l.at(j).low == "." {
			j++
		}
		if i > 0 && l.at(i-1).kind == tokNumber && l.inlineNumber(j) { // "rapat 1 jam 2. verifikasi": the list goes on
			return c, false
		}
	}
	half := false
	if (c.prefix || worded) && l.at(j).low == "setengah" {
		half = true
		j++
	}
	if !l.hour(&j, &c, worded || c.prefix) {
		return c, false
	}
	if half && !c.exact && c.hour > 0 {
		c.hour, c.min, c.exact = c.hour-1, 30, true
	}
	l.clockTail(&j, &c)
	if c.prefix && !c.exact && c.part == "" {
		if u, ok := l.unitAt(j, false); ok && u.known {
			return c, false
		}
	}
	c.to = j
	return c, true
}

func (l *line) hour(j *int, c *clock, worded bool) bool {
	t := l.at(*j)
	switch {
	case t.bound:
		return false
	case t.kind == tokNumber && t.num.clock:
		c.hour, c.min, c.exact = t.num.hour, t.num.min, true
	case t.kind == tokNumber && t.num.plain && len(t.low) == 4 && (t.num.zero || worded) && digits(t.low[:2]) < 24 && digits(t.low[2:]) < 60:
		c.hour, c.min, c.exact = digits(t.low[:2]), digits(t.low[2:]), true
	case t.kind == tokNumber && t.num.plain && len(t.low) <= 2 && digits(t.low) <= 24:
		c.hour = digits(t.low)
	case t.kind == tokWord && worded:
		v, to := l.wordNumber(*j)
		if to == *j || v.milli%1000 != 0 || v.milli > 24000 {
			return false
		}
		c.hour = int(v.milli / 1000)
		*j = to - 1
	default:
		return false
	}
	c.bare = !t.num.zero
	*j++
	return true
}

// clockTail reads "WIB", "pagi", "lewat 15" behind a time.
func (l *line) clockTail(j *int, c *clock) {
	for {
		w := l.at(*j).low
		switch {
		case w == "wib" || w == "wita":
			*j++
		case w == "dini" && l.at(*j+1).low == "hari":
			c.part = "subuh"
			*j += 2
		case dayParts[w] && c.part == "" && !dayParts[l.at(*j+2).low]:
			c.part = w
			*j++
		case dayParts[w] && c.part == "":
			c.part = w
			*j++
		case (w == "lewat" || w == "lebih") && c.prefix && !c.exact && l.at(*j+1).num.plain:
			c.min, c.exact = digits(l.at(*j+1).low)%60, true
			*j += 2
			if minuteWords[l.at(*j).low] {
				*j++
			}
		default:
			return
		}
	}
}

// rangeSep returns the token after "-", "s.d.", "sampai dengan", … or 0.
func (l *line) rangeSep(i int) int {
	w := l.at(i).low
	switch {
	case w == "sampai" || w == "sampe" || w == "sampek" || w == "sampai2":
		if n := l.at(i + 1).low; n == "dengan" || n == "dgn" {
			return i + 2
		}
		return i + 1
	case w == "-" && (l.at(i+1).low == ">" || l.at(i+1).low == "-"):
		return i + 2
	case rangeSeps[w]:
		return i + 1
	}
	return 0
}

// vagueAt reads "pagi-siang", "dari pagi sampai sore", "seharian".
func (l *line) vagueAt(i int) (span, bool) {
	w := l.at(i).low
	v := span{kind: spanVague, from: i, start: -1, end: -1, reason: Vague}
	switch {
	case w == "seharian" || w == "semalaman" || w == "sepagian":
		v.to = i + 1
		if l.at(v.to).low == "penuh" {
			v.to++
		}
		return v, true
	case (w == "sehari" || w == "setengah" || w == "separuh") && (l.at(i+1).low == "penuh" || l.at(i+1).low == "hari"):
		v.to = i + 2
		return v, true
	case !dayParts[w]:
		return v, false
	}
	sep := l.rangeSep(i + 1)
	if sep == 0 || !dayParts[l.at(sep).low] && l.at(sep).low != "selesai" {
		return v, false
	}
	v.to = sep + 1
	return v, true
}
