package parse

// durationAt reads "2 jam", "2,5 jam", "2 jam 30 menit", "2j30m", "90 mnt",
// "sejam", "setengah jam", "1½ jam", "2 x 45 menit", "30-45 menit".
func (l *line) durationAt(i int) (span, bool) {
	s := span{kind: spanDuration, from: i, start: -1, end: -1}
	if m, ok := oneWord[l.at(i).low]; ok {
		s.minutes, s.to = m, i+1
		l.durationTail(&s)
		return s, true
	}
	a, ok := l.amountAt(i)
	if !ok {
		return s, false
	}
	if times, b, ok := l.product(a); ok {
		s.minutes, s.to = clampMinutes(times*b.val.milli/1000), b.to+1
		return s, true
	}
	if b, ok := l.between(a); ok {
		s.to, s.reason = b.to+1, Between
		return s, true
	}
	unit := l.at(a.to)
	switch {
	case minuteWords[unit.low] || l.lonelyM(a):
		if !a.val.known {
			return s, false
		}
		s.minutes, s.to = clampMinutes(a.val.milli/1000), a.to+1
	case hourWords[unit.low] && !l.lesson(a.to):
		s.to = a.to + 1
		if l.clockFollows(a) {
			return s, false
		}
		s.minutes, s.reason = hours(a)
		l.durationTail(&s)
	case unit.low == "hari" && a.val.known:
		s.kind, s.to, s.reason = spanVague, a.to+1, Vague
	default:
		return s, false
	}
	if s.minutes > 1440 && s.reason == "" {
		s.reason = TooLong
	}
	return s, true
}

// lessonsAt reads the "x 35 menit" of "6 JP x 35 menit".
func (l *line) lessonsAt(i int) (span, bool) {
	w := l.at(i).low
	if w != "x" && w != "×" && w != "@" || !l.endsSpan(i) {
		return span{}, false
	}
	before := l.spans[len(l.spans)-1]
	s, ok := l.durationAt(i + 1)
	if !ok || before.kind != spanQuantity || before.unit != "jam pelajaran" || before.num.milli > 50000 || s.kind != spanDuration {
		return span{}, false
	}
	s.from, s.minutes = i, clampMinutes(int64(s.minutes)*before.num.milli/1000)
	return s, true
}

// hours is the minutes of a number of hours. "1.30 jam" may be 90 or 78
// minutes: read as 90 and asked; "1,5" and "1.25" are decimals.
func hours(a amount) (int, Reason) {
	n := a.num
	if n.clock && (n.point || n.colon) && len(n.val.String()) > 0 || n.colon && n.clock {
		if n.colon {
			return n.hour*60 + n.min, ""
		}
		switch n.min {
		case 25, 50, 75, 0:
		default:
			return n.hour*60 + n.min, Ambiguous
		}
	}
	return clampMinutes((a.val.milli*60 + 500) / 1000), ""
}

func clampMinutes(m int64) int {
	return int(min(max(m, 0), MaxMinutes))
}

// lesson reports "jam pelajaran" and its abbreviations at token i.
func (l *line) lesson(i int) bool {
	_, ok := unitPairs[l.at(i).low+" "+l.at(i+1).low]
	return ok
}

// lonelyM reads the "m" of "30m" when it is written to the number.
func (l *line) lonelyM(a amount) bool {
	t := l.at(a.to)
	return (t.low == "m" || t.low == "'" || t.low == "’" || t.low == "′") && t.glued && a.val.known && a.val.milli >= 5000 && a.val.milli < 600000
}

// clockFollows reports "30 jam 8-10": the word begins a time, not an amount.
func (l *line) clockFollows(a amount) bool {
	if a.val.milli <= 12000 || l.at(a.to).glued {
		return false
	}
	_, ok := l.clockAt(a.to, false)
	return ok
}

// product reads the "2 x 45" of "2 x 45 menit".
func (l *line) product(a amount) (int64, amount, bool) {
	x := l.at(a.to).low
	j := a.to + 1
	if x != "x" && x != "×" && x != "*" || !a.val.known || a.val.milli > 100000 {
		return 0, amount{}, false
	}
	b, ok := l.amountAt(j)
	if !ok || b.words || !b.val.known || b.val.milli > 1440000 || !minuteWords[l.at(b.to).low] {
		return 0, amount{}, false
	}
	return a.val.milli / 1000, b, true
}

// between reads the "30-45" of "30-45 menit" and "1-2 jam".
func (l *line) between(a amount) (amount, bool) {
	sep := l.rangeSep(a.to)
	if sep == 0 || !a.val.known {
		return amount{}, false
	}
	b, ok := l.amountAt(sep)
	u := l.at(b.to).low
	if !ok || !b.val.known || b.val.milli <= a.val.milli || !minuteWords[u] && !hourWords[u] || l.lesson(b.to) {
		return amount{}, false
	}
	if _, ok := l.clockAt(b.to, false); ok && hourWords[u] {
		return amount{}, false
	}
	return b, true
}

// durationTail adds "30 menit", "30m", "30", "setengah", "lebih 15 menit" to hours.
func (l *line) durationTail(s *span) {
	j := s.to
	if w := l.at(j).low; w == "setengah" && !hourWords[l.at(j+1).low] {
		s.minutes, s.to = s.minutes+30, j+1
		return
	}
	if w := l.at(j).low; w == "lebih" || w == "lewat" || w == "dan" {
		j++
	}
	a, ok := l.amountAt(j)
	if l.at(j).bound || !ok || !a.val.known || a.val.milli >= 60000 || a.val.milli%1000 != 0 {
		return
	}
	to := a.to
	switch u := l.at(to); {
	case minuteWords[u.low] || u.low == "m":
		to++
	case l.at(j).glued && j == s.to && !hourWords[u.low] && u.kind != tokWord:
	case j == s.to && a.num.plain && len(l.at(j).low) == 2 && l.atPartEnd(to):
	default:
		return
	}
	s.minutes, s.to = clampMinutes(int64(s.minutes)+a.val.milli/1000), to
}

// atPartEnd reports that nothing but a separator or bracket follows.
func (l *line) atPartEnd(i int) bool {
	t := l.at(i)
	return t.kind == tokNone || t.kind == tokStrong || t.kind == tokComma || t.low == ")"
}

var oneWord = map[string]int{"sejam": 60, "semenit": 1}
