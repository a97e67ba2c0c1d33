package parse

import "strings"

// moneyAt reads "Rp4.350.000", "Rp. 4,35 juta", "Rp 500.000,-", "500 ribu rupiah".
func (l *line) moneyAt(i int) (span, bool) {
	s := span{kind: spanQuantity, from: i, unit: "rupiah", known: true, money: true, start: -1, end: -1}
	if w := l.at(i).low; w == "rp" || w == "idr" {
		j := i + 1
		if l.at(j).low == "." {
			j++
		}
		a, ok := l.amountAt(j)
		if !ok || a.words || !a.val.known {
			return s, false
		}
		s.num, s.to = a.val, a.to
		if l.at(a.to).low == "," && l.at(a.to).glued && (l.at(a.to+1).low == "-" || l.at(a.to+1).low == "–") {
			s.to = a.to + 2
		}
		return s, true
	}
	a, ok := l.amountAt(i)
	if !ok || !a.val.known || l.at(a.to).low != "rupiah" {
		return s, false
	}
	s.num, s.to = a.val, a.to+1
	return s, true
}

// quantityAt reads "25 berkas", "dua puluh lima berkas", "3 rit", "80%", and
// numbers that stand alone at the end of a part.
func (l *line) quantityAt(i int) (span, bool) {
	s := span{kind: spanQuantity, from: i, start: -1, end: -1}
	a, ok := l.amountAt(i)
	if !ok || !a.val.known {
		return s, false
	}
	s.num, s.to = a.val, a.to
	if sep := l.rangeSep(a.to); sep > 0 && !a.words {
		if b, ok := l.amountAt(sep); ok && b.val.known && b.val.milli > a.val.milli && !l.at(sep).bound {
			s.num, s.to, s.reason = Number{}, b.to, Between
			a = b
		}
	}
	if u, ok := l.unitAt(s.to, !a.words); ok && !l.counted(i, s, u) {
		s.unit, s.unitFrom, s.known, s.to = u.name, s.to, u.known, u.to
		return s, true
	}
	return l.loneNumber(i, s, a)
}

// counted refuses set phrases that only look like amounts: "satu data", "satu pintu".
func (l *line) counted(i int, s span, u unitFound) bool {
	return s.num == Int(1) && l.at(i).low == "satu" && u.name == "data"
}

// loneNumber accepts a number without a unit only where it cannot belong to the
// sentence: a part of its own, after "hasil" or "total", or at the part's end.
func (l *line) loneNumber(i int, s span, a amount) (span, bool) {
	if a.num.clock && a.num.zero || a.frac && a.words {
		return s, false
	}
	prev := l.at(i - 1)
	startsPart := i == 0 || prev.kind == tokStrong || prev.kind == tokComma
	ends := l.atPartEnd(s.to) || l.at(s.to).low == "-" && !l.at(s.to).glued
	labelled := resultWords[prev.low] || (prev.low == ":" || prev.low == "=") && resultWords[l.at(i-2).low]
	switch {
	case a.words && (!startsPart || !ends):
		return s, false
	case startsPart && ends || labelled:
		if a.words {
			s.reason = Words
		}
		if u, ok := units[l.at(i-2).low]; ok && prev.low == ":" {
			s.unit, s.known = u, true
		}
		return s, true
	case prev.low == ":" && i >= 2 || prev.low == "=" && i >= 2:
		u, ok := units[l.at(i-2).low]
		s.unit, s.known = u, ok
		return s, ok || ends
	case prev.kind == tokWord && !prev.bound && (ends || l.valueNext(s.to)):
		if u, ok := units[prev.low]; ok && (i != 1 || !otherActivities[prev.low]) { // "berkas 25", but "rapat 90"
			s.unit, s.known = u, true
			return s, true
		}
		return s, ends && !strings.ContainsAny(l.at(i).low, ".:")
	}
	return s, false
}

// valueNext reports that another number follows at once: "berkas 25 120 menit".
func (l *line) valueNext(i int) bool {
	return l.at(i).kind == tokNumber || timePrefixes[l.at(i).low]
}

var resultWords = map[string]bool{
	"hasil": true, "hasilnya": true, "output": true, "keluaran": true, "volume": true, "vol": true, "jumlah": true, "jml": true, "jmlh": true, "total": true, "sebanyak": true, "sejumlah": true, "capaian": true, "kuantitas": true, "kuantiti": true,
}
