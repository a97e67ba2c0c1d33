package parse

import (
	"slices"
	"strings"
)

type place uint8

const (
	placeNew place = iota
	placeJoin
	placeValues
	placeObstacle
	placeNote
	placeUnit
)

// place decides whether a part begins an activity, continues the last one, or
// only adds values to it.
func (b *builder) place(l *line, p part, x described) place {
	d := b.cur()
	if d == nil {
		return placeNew
	}
	if x.desc == "" {
		d.bareObstacle = d.bareObstacle || p.strong && len(x.spans) == 0
		return b.placeValues(p, x)
	}
	label := l.at(p.from).low
	hasLabel := l.at(p.from+1).low == ":" && p.to-p.from > 2
	switch {
	case p.force:
		return placeNew
	case hasLabel && (sideLabels[label] || resultWords[label] && len(x.spans) == 0), remark(x):
		return placeNote
	case len(x.words) == 1 && len(x.spans) == 0 && d.Quantity.Known() && d.Unit == "" && units[x.words[0]] != "":
		return placeUnit
	case d.Description == "" && d.hasValues() && (d.start < 0 || !x.has(spanRange)) && (!p.first || len(x.spans) == 0):
		return placeJoin
	case p.first:
		return placeNew
	case p.strong:
		return d.strong(p, x)
	}
	return d.comma(p, x)
}

// placeValues puts a part of values alone: it begins an activity only when the
// last one is described and already has its times.
func (b *builder) placeValues(p part, x described) place {
	d := b.cur()
	again := x.has(spanRange) && d.start >= 0 && d.end >= 0 || x.has(spanDuration) && d.hasDur
	if again && d.Description != "" || p.force {
		return placeNew
	}
	if p.first && x.has(spanQuantity) && d.hasAmount() && x.has(spanDuration) {
		return placeNew
	}
	return placeValues
}

func (d *draft) strong(p part, x described) place {
	switch {
	case !d.hasValues() && len(x.spans) == 0 && continues(x.words[0]):
		return placeJoin
	case d.modifier(p, x):
		return placeValues
	case d.hasAmount() && d.hasTime() && !x.hasFullRange() && troubled(x) && !x.acts(p):
		return placeObstacle
	case (d.Obstacle != "" || d.bareObstacle) && d.hasAmount() && d.hasTime() && len(x.spans) == 0 && (d.bareObstacle || !startsActivity(x.words[0])):
		return placeNote
	}
	return placeNew
}

func (d *draft) comma(p part, x described) place {
	switch {
	case d.modifier(p, x):
		return placeValues
	case !d.hasValues():
		return placeJoin
	case d.hasTime() && troubled(x) && !x.has(spanRange) && !x.has(spanDuration) && !x.acts(p):
		return placeObstacle
	case d.hasAmount() && !d.hasTime() && x.onlyAmounts() && len(x.words) <= 2 && !startsActivity(x.words[0]):
		return placeJoin
	case len(x.spans) > 0:
		if d.leading && !x.has(spanRange) && !x.has(spanDuration) && !d.hasAmount() {
			return placeJoin
		}
		return placeNew
	case d.leading:
		return placeJoin
	case startsActivity(x.words[0]):
		return placeNew
	case troubled(x):
		return placeObstacle
	}
	return placeJoin
}

// modifier reports "17 berkas SPTPD" or "2 dokumen KKR" as a field of its own.
func (d *draft) modifier(p part, x described) bool {
	if d.Description == "" || len(x.spans) == 0 || x.spans[0].from != p.from || x.spans[0].kind != spanQuantity {
		return false
	}
	if p.strong && d.hasAmount() || len(x.words) > 3 || x.has(spanRange) || x.has(spanDuration) && d.hasTime() || troubled(x) {
		return false
	}
	for _, w := range x.words {
		if startsActivity(w) && w != units[w] || strings.HasPrefix(w, "di") && len(w) > 6 {
			return false
		}
	}
	return true
}

func (x described) has(k spanKind) bool {
	for _, s := range x.spans {
		if s.kind == k {
			return true
		}
	}
	return false
}

// acts reports a part that tells what was done rather than what went wrong:
// "perbaikan AC rusak" does, "menunggu akses", "1 derek rusak" do not.
func (x described) acts(p part) bool {
	w := x.words[0]
	counted := len(x.spans) > 0 && x.spans[0].from == p.from && len(x.words) <= 4
	return startsActivity(w) && !troubleWords[w] && !troubleHeads[w] && !counted
}

func (x described) onlyAmounts() bool {
	return len(x.spans) > 0 && !slices.ContainsFunc(x.spans, func(s span) bool { return s.kind != spanQuantity })
}

func (x described) hasFullRange() bool {
	for _, s := range x.spans {
		if s.kind == spanRange && s.end >= 0 {
			return true
		}
	}
	return false
}

func remark(x described) bool {
	if len(x.spans) > 0 {
		return false
	}
	for _, w := range x.words {
		if !remarkWords[w] {
			return false
		}
	}
	return true
}

func troubled(x described) bool {
	for _, w := range x.words {
		if troubleWords[w] {
			return true
		}
	}
	return false
}

// continues reports words that carry on a description behind a semicolon.
func continues(w string) bool { return notUnits[w] && !startsActivity(w) || namers[w] || places[w] }

// places begin the name of a place.
var places = map[string]bool{
	"kel": true, "kec": true, "kelurahan": true, "kecamatan": true, "bertempat": true, "bagian": true, "bidang": true, "seksi": true, "ruang": true, "gedung": true, "area": true, "kampung": true, "balai": true,
	"puskesmas": true, "kantor": true, "aula": true, "pendopo": true, "kawasan": true, "wilayah": true,
}

var sideLabels = map[string]bool{
	"bukti": true, "eviden": true, "evidence": true, "foto": true, "lokasi": true, "tempat": true, "keterangan": true, "ket": true, "rhk": true, "dokumentasi": true, "catatan": true, "lampiran": true,
}

var remarkWords = map[string]bool{
	"lancar": true, "selesai": true, "aman": true, "terkendali": true, "kondusif": true, "tuntas": true, "terlampir": true, "foto": true, "lampiran": true, "proses": true, "dan": true,
	"sudah": true, "on": true, "progress": true, "berjalan": true, "baik": true, "dengan": true, "semua": true, "alhamdulillah": true, "dll": true, "dst": true, "situasi": true, "terlaksana": true, "ok": true, "oke": true, "nihil": true, "bukti": true, "ada": true, "dokumentasi": true, "done": true, "beres": true,
}

var troubleHeads = map[string]bool{"perubahan": true, "penundaan": true, "keterlambatan": true, "keterbatasan": true, "kekurangan": true, "pemadaman": true, "penolakan": true}

var troubleWords = map[string]bool{
	"lambat": true, "rusak": true, "habis": true, "hujan": true, "tidak": true, "tdk": true, "belum": true, "blm": true, "kurang": true, "mati": true, "macet": true, "gangguan": true, "error": true,
	"gelisah": true, "sempit": true, "rapuh": true, "menunggu": true, "antre": true, "antri": true, "tanpa": true, "mendadak": true, "terlambat": true, "tinggal": true, "gagal": true, "absen": true, "lemot": true,
	"down": true, "kosong": true, "sakit": true, "pindah": true, "hilang": true, "padam": true, "telat": true, "eror": true, "trouble": true,
}
