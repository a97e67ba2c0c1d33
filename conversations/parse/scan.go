package parse

import "slices"

// scan finds the spans of a tokenized line.
func (l *line) scan() {
	l.markBound()
	for i := 0; i < len(l.toks); {
		s, ok := l.spanAt(i)
		if !ok {
			i++
			continue
		}
		l.spans = append(l.spans, s)
		i = s.to
	}
	l.dropDutyName()
}

// dropDutyName leaves the "24 jam" of "piket 24 jam" in the sentence when the
// line says its real time elsewhere.
func (l *line) dropDutyName() {
	times := 0
	for _, s := range l.spans {
		if s.kind == spanRange || s.kind == spanDuration {
			times++
		}
	}
	if times < 2 {
		return
	}
	l.spans = slices.DeleteFunc(l.spans, func(s span) bool {
		return s.kind == spanDuration && s.minutes == 1440 && (dutyWords[l.at(s.from-1).low] || dutyWords[l.at(s.to).low])
	})
}

var dutyWords = map[string]bool{"piket": true, "siaga": true, "jaga": true, "layanan": true, "pelayanan": true, "igd": true, "posko": true, "shift": true, "sif": true}

func (l *line) spanAt(i int) (span, bool) {
	t := l.at(i)
	switch {
	case t.kind == tokWord && !mayStart(t.low) && (t.low != "x" || !l.endsSpan(i)):
		return span{}, false
	case t.kind == tokJunk || t.kind == tokStrong || t.kind == tokComma || t.kind == tokPunct && t.low != "@" && t.low != "×" || t.bound:
		return span{}, false
	}
	if s, ok := l.obstacleAt(i); ok {
		return s, true
	}
	if s, ok := l.moneyAt(i); ok {
		return s, true
	}
	if t.glued && l.at(i-1).kind == tokPunct && l.at(i-1).glued && l.at(i-2).kind == tokWord && l.at(i-1).low == "-" && t.kind == tokNumber {
		return span{}, false
	}
	if s, ok := l.durationAt(i); ok {
		return s, true
	}
	if s, ok := l.lessonsAt(i); ok {
		return s, true
	}
	if s, ok := l.timeAt(i); ok {
		return s, true
	}
	return l.quantityAt(i)
}

// mayStart is a quick refusal of words that begin no span.
func mayStart(w string) bool {
	if startWords[w] || timePrefixes[w] || dayParts[w] {
		return true
	}
	if _, ok := digitWords[w]; ok {
		return true
	}
	if _, ok := countWords[w]; ok {
		return true
	}
	_, ok := fractionWords[w]
	return ok
}

var startWords = map[string]bool{
	"sejam": true, "semenit": true, "seharian": true, "semalaman": true, "sepagian": true, "sehari": true, "rp": true, "idr": true,
	"kendala": true, "kendalanya": true, "terkendala": true, "hambatan": true, "masalah": true, "kendla": true, "hambatannya": true, "terhambat": true,
	"sampai": true, "sampe": true, "sampek": true, "hingga": true, "s/d": true, "s.d.": true, "s.d": true, "tanpa": true, "tidak": true, "tdk": true, "obstacle": true, "permasalahan": true,
	"gak": true, "nggak": true, "ga": true,
}

// obstacleAt reads "kendala: …", "terkendala …", "tidak ada kendala"; the
// obstacle runs to the next separator (see the parts).
func (l *line) obstacleAt(i int) (span, bool) {
	w := l.at(i).low
	s := span{kind: spanObstacle, from: i, to: i + 1, start: -1, end: -1}
	switch {
	case negations[w]:
		j := i + 1
		if l.at(j).low == "ada" {
			j++
		}
		if n := l.at(j).low; n != "kendala" && n != "hambatan" && n != "masalah" && n != "kendla" {
			return s, false
		}
		s.to, s.known = j+1, true
		return s, true
	case w == "terkendala" || w == "terhambat" || w == "kendalanya" || w == "hambatannya":
		return s, true
	case obstacleWords[w]:
		prev := l.at(i - 1)
		start := i == 0 || prev.kind == tokStrong || prev.kind == tokComma || prev.kind == tokPunct && prev.low != "/" || l.endsSpan(i)
		colon := l.at(i+1).low == ":" || l.at(i+1).low == "="
		return s, start || colon
	}
	return s, false
}

// endsSpan reports that a span ended just before token i.
func (l *line) endsSpan(i int) bool {
	return len(l.spans) > 0 && l.spans[len(l.spans)-1].to == i
}

var negations = map[string]bool{"tidak": true, "tdk": true, "tanpa": true, "gak": true, "nggak": true, "ga": true, "tak": true}

var obstacleWords = map[string]bool{"kendala": true, "hambatan": true, "masalah": true, "kendla": true, "obstacle": true, "permasalahan": true}
