package parse

import (
	"slices"
	"strings"
)

// correction reads "bukan 25 tapi 52", "bukan 25 pak, 52", "52 bukan 25", "ralat 52
// berkas", "ganti 25 jadi 52".
func (l *line) correction() (intentFound, bool) {
	toks := polite(append([]token(nil), l.toks...))
	c := &line{src: l.src, toks: toks}
	bukan, but := -1, -1
	for i, t := range toks {
		switch {
		case t.low == "bukan" || t.low == "bkn" || t.low == "dudu" || t.low == "sanes" || t.low == "dede":
			bukan = i
		case contrast[t.low] && but < 0 && i > 0:
			but = i
		}
	}
	lead := announces(word(toks, 0)) || (fieldNames[word(toks, 0)] || correctionLeads[word(toks, 0)]) && announces(word(toks, 1))
	switch {
	case bukan == 0 && but > 1:
		return c.corrected(1, but, but+1, len(toks))
	case bukan == 0 && but < 0:
		comma := slices.IndexFunc(toks, func(t token) bool { return t.kind == tokComma })
		if comma > 1 && c.short(1, comma) && c.short(comma+1, len(toks)) && c.hasDigits(1, comma) && c.hasDigits(comma+1, len(toks)) {
			return c.corrected(1, comma, comma+1, len(toks))
		}
	case bukan > 0 && (c.short(bukan+1, len(toks)) && (lead || c.short(0, bukan)) && c.hasDigits(bukan+1, len(toks))):
		return c.corrected(bukan+1, len(toks), 0, bukan)
	case bukan < 0 && lead && but > 1 && c.hasDigits(but, len(toks)):
		return c.corrected(1, but, but+1, len(toks))
	case bukan < 0 && lead && word(toks, 0) != "ganti" && word(toks, 0) != "ubah" && len(toks) <= 8:
		from := c.skipLeads(1, len(toks))
		if word(toks, 0) == "koreksi" && c.at(from).kind != tokNumber {
			break // "koreksi ulangan 32 lembar" is a teacher's work
		}
		if c.hasDigits(from, len(toks)) {
			return c.corrected(0, 0, from, len(toks))
		}
	}
	return intentFound{}, false
}

// announces reports a word that begins a correction by itself: "saya rapat 2 jam"
// and "yang rapat 2 jam" are none, "yang benar 2 jam" is one.
func announces(w string) bool { return correctionLeads[w] && !besidesLeads[w] }

// besidesLeads stand beside the word that announces a correction.
var besidesLeads = map[string]bool{"saya": true, "kulo": true, "kula": true, "yang": true, "yg": true, "sing": true, "e": true, "ketik": true}

func (l *line) corrected(a, b, c, d int) (intentFound, bool) {
	a, c = l.skipLeads(a, b), l.skipLeads(c, d)
	for d > c && (correctionLeads[l.at(d-1).low] || titles[l.at(d-1).low]) {
		d--
	}
	for b > a && titles[l.at(b-1).low] {
		b--
	}
	in := intentFound{intent: Correction, from: l.slice(a, b), to: l.slice(c, d)}
	return in, in.to != ""
}

// skipLeads passes over the words that only announce a correction.
func (l *line) skipLeads(from, to int) int {
	for from < to && (correctionLeads[l.at(from).low] || contrast[l.at(from).low] || titles[l.at(from).low] || fieldNames[l.at(from).low] || l.at(from).kind == tokComma || l.at(from).kind == tokPunct) {
		from++
	}
	return from
}

func (l *line) slice(a, b int) string {
	if a >= b {
		return ""
	}
	return strings.Trim(l.src[l.at(a).start:l.at(b-1).end], " .,;:!?\n")
}

func (l *line) short(a, b int) bool { return b-a >= 1 && b-a <= 6 }

func (l *line) hasDigits(a, b int) bool {
	for i := a; i < b; i++ {
		if l.at(i).kind == tokNumber {
			return true
		}
		if _, to := l.wordNumber(i); to > i {
			return true
		}
	}
	return false
}
