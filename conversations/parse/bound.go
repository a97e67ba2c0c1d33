package parse

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
		return l.at(j-1).low != "/" || !l.unitFollows(i)
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

// namers are nouns whose number is a name.
var namers = map[string]bool{
	"rw": true, "rt": true, "no": true, "nomor": true, "nmr": true, "nomer": true, "perda": true, "perwali": true, "permen": true, "pp": true, "uu": true,
	"pasal": true, "ayat": true, "tahap": true, "thp": true, "triwulan": true, "tw": true, "twl": true, "semester": true, "smt": true, "tanggal": true, "tgl": true,
	"jl": true, "jln": true, "jalan": true, "gang": true, "gg": true, "blok": true, "lantai": true, "lt": true, "bulan": true, "bln": true, "tahun": true, "th": true, "thn": true, //nolint:misspell // a chat spelling of "tahun"
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
