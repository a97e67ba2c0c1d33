package parse

import "slices"

// parts cuts a line at separators, and between activities that only small
// words join.
func (l *line) parts() []part {
	var out []part
	p := part{from: 0, first: true}
	end := func(i, next int, strong, force bool) {
		p.to = i
		if p.from < p.to {
			out = append(out, l.soft(p)...)
		} else if p.first {
			strong, force = false, false
		}
		p = part{from: next, strong: strong, first: p.first && p.from >= p.to, force: force}
	}
	si := 0
	for i := 0; i < len(l.toks); i++ {
		for si < len(l.spans) && l.spans[si].to <= i {
			si++
		}
		if si < len(l.spans) && i >= l.spans[si].from {
			continue
		}
		t := l.toks[i]
		switch {
		case t.kind == tokStrong:
			end(i, i+1, true, false)
		case t.kind == tokComma:
			end(i, i+1, false, false)
		case l.dash(i):
			end(i, i+1, false, false)
		case t.low == "/" && l.endsAt(i) && l.startsSpan(i+1), t.low == "+" && l.endsAt(i):
			end(i, i+1, false, false)
		case t.heads:
			end(i, i+2, true, true)
			i++
		}
	}
	end(len(l.toks), len(l.toks), false, false)
	return out
}

// dash reports " - " between fields.
func (l *line) dash(i int) bool {
	t := l.toks[i]
	if t.low != "-" && t.low != "–" && t.low != "—" || t.glued || l.at(i+1).glued {
		return false
	}
	return l.startsSpan(i+1) || l.endsAt(i) || l.valuesLater(i)
}

// valuesLater reports that a connective with a value follows: "- selama 2 jam".
func (l *line) valuesLater(i int) bool {
	return connectives[l.at(i+1).low] || obstacleWords[l.at(i+1).low] || l.at(i+1).low == "dari" && l.startsSpan(i+2)
}

// inlineNumber reports the "2." of "1. rapat 2 jam 2. verifikasi …".
func (l *line) inlineNumber(i int) bool {
	t, dot := l.at(i), l.at(i+1)
	if t.heads {
		return true
	}
	if t.kind != tokNumber || !t.num.plain || len(t.low) > 2 || !dot.glued || dot.low != "." && dot.low != ")" {
		return false
	}
	n := digits(t.low)
	return n >= 2 && n <= MaxItems && i > 0 && (l.at(i+2).kind == tokWord || l.at(i+2).kind == tokNumber)
}

func (l *line) endsAt(i int) bool {
	for _, s := range l.spans {
		if s.to == i {
			return true
		}
	}
	return false
}

// soft cuts a part where a second time or duration begins or ends another
// activity: "rapat 2 jam dan verifikasi 25 berkas 1 jam".
func (l *line) soft(p part) []part {
	var cuts []int
	for _, k := range [...]spanKind{spanRange, spanDuration} {
		cuts = append(cuts, l.repeats(p, k)...)
	}
	cuts = append(cuts, l.thens(p)...)
	if len(cuts) == 0 {
		return []part{p}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []part
	for _, c := range cuts {
		if c <= p.from || c >= p.to {
			continue
		}
		head := p
		head.to = c
		out = append(out, head)
		p = part{from: c, to: p.to, force: true}
	}
	return append(out, p)
}

// repeats finds the cuts between spans of one kind with words between them.
func (l *line) repeats(p part, k spanKind) []int {
	var cuts []int
	last := -1
	for i, s := range l.spans {
		if s.from < p.from || s.to > p.to {
			continue
		}
		if s.kind == spanObstacle {
			break
		}
		if s.kind != k {
			continue
		}
		if last >= 0 {
			prev := l.spans[last]
			switch {
			case !l.wordsIn(prev.to, s.from):
			case l.wordsIn(p.from, l.spans[l.firstOf(p)].from):
				cuts = append(cuts, l.clusterEnd(last))
			default:
				cuts = append(cuts, l.clusterStart(i))
			}
		}
		last = i
	}
	return cuts
}

func (l *line) firstOf(p part) int {
	for i, s := range l.spans {
		if s.from >= p.from {
			return i
		}
	}
	return 0
}

// wordsIn reports a describing word between two tokens, outside all spans.
func (l *line) wordsIn(from, to int) bool {
	for i := from; i < to; i++ {
		t := l.at(i)
		if t.kind != tokWord || connectives[t.low] || headWords[t.low] || tailWords[t.low] || l.inSpan(i) {
			continue
		}
		return true
	}
	return false
}

func (l *line) inSpan(i int) bool {
	for _, s := range l.spans {
		if i >= s.from && i < s.to {
			return true
		}
	}
	return false
}

// clusterEnd is the token after span i and the values that follow it at once.
func (l *line) clusterEnd(i int) int {
	end := l.spans[i].to
	for j := i + 1; j < len(l.spans) && !l.wordsIn(end, l.spans[j].from); j++ {
		if l.spans[j].kind == spanQuantity && l.wordsIn(l.spans[j].to, l.spans[j].to+1) {
			break
		}
		end = l.spans[j].to
	}
	for l.at(end).low == ")" {
		end++
	}
	return end
}

// clusterStart is the first token of span i and the small words before it.
func (l *line) clusterStart(i int) int {
	from := l.spans[i].from
	for from > 0 && l.connective(from-1, l.spans[i]) {
		from--
	}
	return from
}

// thens finds "lalu", "kemudian", … right behind a value.
func (l *line) thens(p part) []int {
	var cuts []int
	for i := p.from + 1; i < p.to; i++ {
		w := l.at(i).low
		then := w == "lalu" || w == "kemudian" || w == "trus" || w == "terus" || w == "trs" || w == "lanjut" || w == "dilanjutkan" || w == "dilanjut" || w == "kmdn" ||
			(w == "setelah" || w == "habis") && l.at(i+1).low == "itu"
		if then && l.timedBefore(p, i) && l.wordsIn(i+1, p.to) && l.wordsIn(p.from, i) {
			cuts = append(cuts, i)
		}
	}
	return cuts
}

// timedBefore reports a value right before token i and a time somewhere in the
// part before it: "patroli 6 titik lalu edukasi 20 orang, 3 jam" stays one.
func (l *line) timedBefore(p part, i int) bool {
	timed := false
	for _, s := range l.spans {
		if s.from >= p.from && s.to <= i && (s.kind == spanRange || s.kind == spanDuration) {
			timed = true
		}
	}
	return timed && l.endsAt(i)
}

// obstacleIn is the first obstacle of a part.
func (l *line) obstacleIn(p part) (span, bool) {
	for _, s := range l.spans {
		if s.kind == spanObstacle && s.from >= p.from && s.from < p.to {
			return s, true
		}
	}
	return span{}, false
}

// unlabel skips "Kegiatan:", "Uraian kegiatan:", "Kegiatan 1:".
func (l *line) unlabel(p part) part {
	for n := 1; n <= 3 && p.from+n < p.to; n++ {
		if l.at(p.from+n).low == ":" && activityLabels[l.at(p.from).low] {
			p.from += n + 1
			return p
		}
	}
	for i := p.from; i < p.to && i < p.from+10; i++ {
		switch t := l.at(i); {
		case t.low == ":" && i > p.from && !resultWords[l.at(i-1).low]:
			p.from = i + 1
			return p
		case t.kind == tokNumber && t.bound, months[t.low], t.kind == tokPunct && t.low != ":":
		case !headerWords[t.low]:
			return p
		}
	}
	return p
}

var activityLabels = map[string]bool{"kegiatan": true, "uraian": true, "aktivitas": true, "tugas": true, "pekerjaan": true, "keg": true, "deskripsi": true, "activity": true}
