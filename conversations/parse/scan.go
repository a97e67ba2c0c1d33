package parse

import (
	"slices"
	"strings"
)

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
	case t.kind == tokWord && !mayStart(t.low) && !(t.low == "x" && l.endsSpan(i)):
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

// markBound marks numbers that name something: after "kelas", "RW", "No.",
// written to a word ("ke-17"), parts of dates, letters and years.
func (l *line) markBound() {
	next := 2
	for i := range l.toks {
		t := &l.toks[i]
		if l.numbered && l.inlineNumber(i) && digits(t.low) == next {
			t.bound, t.heads = true, true
			next++
			continue
		}
		if t.kind == tokNumber && (l.named(i) || l.listed(i) || l.dated(i) || l.chained(i)) {
			t.bound = true
		}
	}
}

// named looks at the noun before the number, over a point, a colon or "ke".
func (l *line) named(i int) bool {
	j := i - 1
	if p := l.at(j); p.glued && l.at(i).glued && p.low == "-" && l.at(j-1).kind == tokWord && l.at(j-1).low != "jam" {
		return true
	}
	for p := l.at(j); p.low == "." || p.low == ":" || p.low == "ke" && j > 0 || p.low == "-" && l.at(j-1).low == "ke"; p = l.at(j) {
		j--
	}
	w := l.at(j).low
	if l.valueFollows(i) || l.at(i).num.clock && !clockNamers[w] {
		return false
	}
	if l.at(i-1).low == "ke" {
		return ordinals[w] || !nounLike(l.at(i+1).low)
	}
	switch {
	case w == "kelas" || w == "kls":
		return l.at(i).num.plain && l.at(i).num.val.milli <= 12000 || !l.unitFollows(i)
	case (w == "sd" || w == "smp") && (l.at(j-1).kind == tokNumber || dayParts[l.at(j-1).low] || l.at(j-1).low == "wib"):
		return false
	case namers[w]:
		return true
	case softNamers[w]:
		return j == i-1 && !l.unitFollows(i)
	}
	return false
}

// listed continues a named list: "RW 07 dan 08", "tanggal 5-7".
func (l *line) listed(i int) bool {
	switch l.at(i - 1).low {
	case ",", "dan", "&", "/", "-", "–", "s/d", "s.d.", "sampai":
		return l.at(i-2).kind == tokNumber && l.at(i-2).bound && !l.valueFollows(i) && !l.unitFollows(i) && !l.at(i).num.clock
	}
	return false
}

// dated recognises "23 November 2026", "tahun 2024" and bare years.
func (l *line) dated(i int) bool {
	t := l.at(i)
	if months[l.at(i+1).low] || months[l.at(i-1).low] && !l.unitFollows(i) && !l.valueFollows(i) {
		return t.num.plain
	}
	if !t.num.plain || len(t.low) != 4 || t.num.val.milli < 1900000 || t.num.val.milli > 2100000 {
		return false
	}
	return !l.valueFollows(i) && !l.unitFollows(i)
}

// chained recognises "700/123", "23-11-2026", "2024/2025", "1998–2001".
func (l *line) chained(i int) bool {
	p, n := l.at(i-1), l.at(i+1)
	if p.low == "/" && p.glued && l.at(i).glued && l.at(i-2).kind == tokNumber && !l.isFraction(i-2) && !l.unitFollows(i) {
		return true
	}
	if n.low == "/" && n.glued && l.at(i+2).glued && l.at(i+2).kind != tokNone && !l.isFraction(i) {
		return l.at(i+2).kind == tokNumber && !l.unitFollows(i+2) || l.at(i+2).kind == tokWord && l.at(i+3).low == "/"
	}
	if n.low == "-" && n.glued && l.at(i+2).glued && l.at(i+3).low == "-" && l.at(i+3).glued && l.at(i+4).kind == tokNumber {
		return true
	}
	if p.low == "-" && p.glued && l.at(i-2).bound && l.at(i-2).kind == tokNumber && l.at(i).glued {
		return !l.unitFollows(i) && !l.valueFollows(i)
	}
	return !l.at(i).num.val.known && !l.at(i).num.clock
}

func (l *line) unitFollows(i int) bool {
	_, ok := l.unitAt(i+1, false)
	return ok
}

func (l *line) valueFollows(i int) bool {
	w := l.at(i + 1).low
	if minuteWords[w] || !hourWords[w] {
		return minuteWords[w]
	}
	_, clock := l.clockAt(i+1, false)
	return !clock
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
	case a.words && !(startsPart && ends):
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
		if u, ok := units[prev.low]; ok {
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

var negations = map[string]bool{"tidak": true, "tdk": true, "tanpa": true, "gak": true, "nggak": true, "ga": true, "tak": true}

var obstacleWords = map[string]bool{"kendala": true, "hambatan": true, "masalah": true, "kendla": true, "obstacle": true, "permasalahan": true}

var resultWords = map[string]bool{
	"hasil": true, "hasilnya": true, "output": true, "keluaran": true, "volume": true, "vol": true, "jumlah": true, "jml": true, "jmlh": true, "total": true, "sebanyak": true, "sejumlah": true, "capaian": true, "kuantitas": true, "kuantiti": true,
}

// namers are nouns whose number is a name.
var namers = map[string]bool{
	"rw": true, "rt": true, "no": true, "nomor": true, "nmr": true, "nomer": true, "perda": true, "perwali": true, "permen": true, "pp": true, "uu": true,
	"pasal": true, "ayat": true, "tahap": true, "thp": true, "triwulan": true, "tw": true, "twl": true, "semester": true, "smt": true, "tanggal": true, "tgl": true,
	"jl": true, "jln": true, "jalan": true, "gang": true, "gg": true, "blok": true, "lantai": true, "lt": true, "bulan": true, "bln": true, "tahun": true, "th": true, "thn": true,
	"bab": true, "poin": true, "seri": true, "tipe": true, "type": true, "versi": true, "ver": true, "kav": true, "kode": true, "golongan": true, "gol": true,
	"eselon": true, "level": true, "jilid": true, "edisi": true, "termin": true, "sdn": true, "sd": true, "smp": true, "smpn": true, "sma": true, "sman": true, "smk": true, "smkn": true,
	"dapil": true, "kamar": true, "batch": true, "angkatan": true, "gelombang": true, "jalur": true, "hut": true, "usia": true, "umur": true, "pph": true, "windows": true,
	"se": true, "kepgub": true, "inpres": true, "perpres": true, "kepwal": true, "koridor": true, "iso": true,
	"periode": true, "fase": true, "siklus": true, "spt": true, "shift": true, "sif": true, "covid": true, "simpang": true, "perempatan": true, "pertigaan": true,
}

// ordinals are counted with "ke": "hari ke 2", "jam ke 3".
var ordinals = map[string]bool{
	"jam": true, "hari": true, "minggu": true, "tahun": true, "pertemuan": true, "siklus": true, "kali": true, "pekan": true, "bulan": true, "hut": true, "sesi": true, "rapat": true, "tahap": true, "periode": true, "semester": true, "triwulan": true, "putaran": true,
}

// clockNamers keep even a number that looks like a time: "No. 10.15", "versi 2.10".
var clockNamers = map[string]bool{"no": true, "nomor": true, "nmr": true, "versi": true, "ver": true, "pasal": true, "bab": true, "poin": true, "kode": true, "spt": true}

// softNamers name only when no unit follows: "kelompok 3", but "kelompok 3 orang".
var softNamers = map[string]bool{
	"kelompok": true, "tim": true, "regu": true, "pos": true, "sesi": true, "paket": true, "tk": true, "ruang": true, "rg": true, "gedung": true, "posko": true, "sektor": true,
	"lampiran": true, "bidang": true, "seksi": true, "zona": true, "km": true, "minggu": true, "tema": true, "materi": true, "modul": true, "kecamatan": true,
	"tps": true, "grup": true, "mobil": true, "unit": true, "loket": true, "meja": true, "puskesmas": true, "kpp": true, "sub": true, "kelurahan": true, "halaman": true, "form": true, "hal": true,
}

var months = map[string]bool{
	"januari": true, "februari": true, "maret": true, "april": true, "mei": true, "juni": true, "juli": true, "agustus": true, "september": true, "oktober": true, "november": true, "desember": true,
	"jan": true, "feb": true, "mar": true, "apr": true, "jun": true, "jul": true, "agu": true, "agt": true, "sep": true, "sept": true, "okt": true, "nov": true, "nop": true, "nopember": true, "des": true,
}
