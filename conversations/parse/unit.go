package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unitFound is a unit in the tokens: its canonical word, where it ends, and
// whether we know it (unknown nouns are kept as typed, in lower case).
type unitFound struct {
	name  string
	to    int
	known bool
}

// unitAt reads the unit that starts at token i. Two words come first ("objek
// pajak"), then one, then one with a small typing error; an unknown noun is
// taken only when lenient.
func (l *line) unitAt(i int, lenient bool) (unitFound, bool) {
	t := l.at(i)
	if t.low == "%" {
		return unitFound{"persen", i + 1, true}, true
	}
	if t.low == "×" {
		return unitFound{"kali", i + 1, true}, true
	}
	if t.kind != tokWord {
		return unitFound{}, false
	}
	if next := l.at(i + 1); next.kind == tokWord {
		if u, ok := unitPairs[t.low+" "+next.low]; ok {
			return unitFound{u, i + 2, true}, true
		}
	}
	if u, ok := units[t.low]; ok {
		return unitFound{u, i + 1, true}, true
	}
	if u, ok := nearUnit(t.low); ok {
		return unitFound{u, i + 1, true}, true
	}
	if lenient && nounLike(t.low) {
		return unitFound{t.low, i + 1, false}, true
	}
	return unitFound{}, false
}

// nounLike refuses words that cannot be counted: prepositions, verbs, times.
func nounLike(w string) bool {
	if utf8.RuneCountInString(w) < 2 || notUnits[w] || isVerb(w) || hourWords[w] || minuteWords[w] {
		return false
	}
	if _, ok := digitWords[w]; ok {
		return false
	}
	for _, r := range w {
		if unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

// nearUnit forgives one typing error in words of five letters and more.
func nearUnit(w string) (string, bool) {
	if len(w) < 5 || len(w) > 14 || realNouns[w] {
		return "", false
	}
	for _, u := range typoUnits {
		if nearWord(w, u) {
			return units[u], true
		}
	}
	return "", false
}

// nearWord reports one insertion, deletion, replacement or swap of neighbours.
func nearWord(a, b string) bool {
	if len(a)-len(b) > 1 || len(b)-len(a) > 1 || a[0] != b[0] {
		return false
	}
	p := 0
	for p < len(a) && p < len(b) && a[p] == b[p] {
		p++
	}
	ra, rb := a[p:], b[p:]
	switch {
	case ra == "" || rb == "":
		return true
	case len(ra) > len(rb):
		return ra[1:] == rb
	case len(ra) < len(rb):
		return ra == rb[1:]
	case ra[1:] == rb[1:]:
		return true
	}
	return len(ra) > 1 && ra[0] == rb[1] && ra[1] == rb[0] && ra[2:] == rb[2:]
}

// typoUnits are the words whose misspellings are common and unmistakable.
var typoUnits = []string{
	"berkas", "dokumen", "laporan", "permohonan", "kegiatan", "pasien", "peserta",
	"lembar", "kendaraan", "lokasi", "notulen", "keping", "objek", "siswa", "surat", "orang", "titik", "paket", "konten",
}

// realNouns look like misspelt units and are not.
var realNouns = map[string]bool{
	"kasur": true, "polisi": true, "polis": true, "urang": true, "sural": true, "lokal": true,
	"pasiel": true, "otang": true, "hutang": true, "pakel": true, "barang": true, "lembah": true, "surah": true,
	"tarang": true, "siswi": true, "pasir": true, "konter": true,
}

// units maps what people type to the canonical word.
var units = map[string]string{
	"berkas": "berkas", "bks": "berkas", "brks": "berkas", "berks": "berkas", "bkas": "berkas", "brkas": "berkas", "bekas": "berkas", "berkaz": "berkas",
	"dokumen": "dokumen", "dok": "dokumen", "dokmen": "dokumen", "dokument": "dokumen", "document": "dokumen", "dokumn": "dokumen", "dkmn": "dokumen",
	"laporan": "laporan", "lap": "laporan", "lapran": "laporan", "lprn": "laporan", "lpran": "laporan", "lpr": "laporan",
	"surat": "surat", "srt": "surat", "surt": "surat", "srat": "surat",
	"notulen": "notulen", "notula": "notulen", "notulensi": "notulen", "notul": "notulen",
	"nodin": "nota dinas", "orang": "orang", "org": "orang", "orng": "orang", "orag": "orang", "oran": "orang",
	"pasien": "pasien", "psn": "pasien", "px": "pasien", "pasen": "pasien", "pasin": "pasien",
	"siswa": "siswa", "sswa": "siswa", "murid": "murid", "siswi": "siswi",
	"jp": "jam pelajaran", "jampel": "jam pelajaran", "jpl": "jam pelajaran",
	"kegiatan": "kegiatan", "keg": "kegiatan", "kgt": "kegiatan", "kgtn": "kegiatan", "kegitan": "kegiatan", "kegiatn": "kegiatan",
	"kali": "kali", "x": "kali", "kl": "kali", "unit": "unit", "unt": "unit",
	"titik": "titik", "ttk": "titik", "titk": "titik", "kasus": "kasus", "kss": "kasus",
	"permohonan": "permohonan", "permhonan": "permohonan", "pmhn": "permohonan", "permohon": "permohonan", "permhn": "permohonan", "prmhonan": "permohonan",
	"op": "objek pajak", "objek": "objek", "obyek": "objek", "wp": "wajib pajak",
	"paket": "paket", "pkt": "paket", "data": "data", "dt": "data", "konten": "konten",
	"kendaraan": "kendaraan", "kend": "kendaraan", "kendaran": "kendaraan", "kndraan": "kendaraan",
	"lokasi": "lokasi", "lok": "lokasi", "sesi": "sesi", "sesion": "sesi",
	"lembar": "lembar", "lbr": "lembar", "lmbr": "lembar", "lmbar": "lembar", "lb": "lembar",
	"keping": "keping", "kpg": "keping", "kping": "keping", "kartu": "kartu", "buku": "buku", "bk": "buku",
	"modul": "modul", "uji": "uji", "rit": "ritase", "ritase": "ritase", "ret": "ritase",
	"kejadian": "kejadian", "pelanggar": "pelanggar", "peserta": "peserta", "pst": "peserta", "warga": "warga", "pemohon": "pemohon",
	"eksemplar": "eksemplar", "eks": "eksemplar", "bendel": "bendel", "bundel": "bendel", "boks": "boks", "box": "boks", "dus": "dus",
	"foto": "foto", "item": "item", "akun": "akun", "tiket": "tiket", "aduan": "aduan", "pengaduan": "pengaduan",
	"sertifikat": "sertifikat", "naskah": "naskah", "halaman": "halaman", "hal": "halaman", "hlm": "halaman", "baris": "baris",
	"rumah": "rumah", "rmh": "rumah", "balita": "balita", "bayi": "bayi", "anak": "anak", "ank": "anak", "bumil": "ibu hamil", "lansia": "lansia",
	"ekor": "ekor", "pohon": "pohon", "phn": "pohon", "meter": "meter", "m": "meter", "m2": "m2", "m3": "m3", "rekap": "rekap", "ba": "berita acara", "km": "km", "kg": "kg", "ton": "ton", "liter": "liter", "kilogram": "kg", "kilometer": "km",
	"persen": "persen", "buah": "buah", "bh": "buah", "bidang": "bidang", "usulan": "usulan", "usul": "usul", "soal": "soal",
	"resep": "resep", "sampel": "sampel", "spj": "spj", "spm": "spm", "sp2d": "sp2d", "sppt": "sppt", "sptpd": "sptpd", "skpd": "skpd",
	"ktp": "ktp", "kk": "kk", "akta": "akta", "akte": "akta", "sk": "sk", "spt": "spt", "sop": "sop", "lhp": "lhp", "undangan": "undangan",
	"pegawai": "pegawai", "pgw": "pegawai", "asn": "asn", "keluarga": "keluarga", "kpm": "kpm", "klien": "klien", "temuan": "temuan",
	"aplikasi": "aplikasi", "fitur": "fitur", "bug": "bug", "server": "server", "komputer": "komputer", "laptop": "laptop", "printer": "printer",
	"arsip": "arsip", "pedagang": "pedagang", "pkl": "pkl", "spanduk": "spanduk", "reklame": "reklame", "tps": "tps", "pos": "pos", "posyandu": "posyandu",
	"ruang": "ruang", "ruangan": "ruangan", "sekolah": "sekolah", "guru": "guru", "tamu": "tamu", "pengunjung": "pengunjung", "agenda": "agenda",
	"draf": "draf", "draft": "draf", "video": "video", "berita": "berita", "artikel": "artikel", "slide": "slide", "tindakan": "tindakan",
	"kelompok": "kelompok", "tim": "tim", "regu": "regu", "perkara": "perkara", "rekomendasi": "rekomendasi", "kwitansi": "kwitansi", "kuitansi": "kuitansi",
	"transaksi": "transaksi", "nota": "nota", "pertemuan": "pertemuan", "rapat": "rapat", "barang": "barang", "alat": "alat", "tabung": "tabung",
	"rupiah": "rupiah", "hari": "hari", "izin": "izin", "ijin": "izin", "formulir": "formulir", "form": "formulir", "blangko": "blangko", "responden": "responden",
	"pembayaran": "pembayaran", "kunjungan": "kunjungan", "wajib": "wajib pajak", "kantong": "kantong", "karung": "karung", "truk": "truk", "file": "file", "vial": "vial",
	"sarang": "sarang", "kuesioner": "kuesioner", "materi": "materi", "kios": "kios", "lapak": "lapak", "jukir": "jukir", "juru": "juru", "lampu": "lampu",
	"nilai": "nilai", "rapor": "rapor", "kk2": "kk", "desain": "desain", "rancangan": "rancangan", "telaah": "telaahan", "telaahan": "telaahan",
}

// unitPairs are units of two words, and abbreviations of them.
var unitPairs = map[string]string{
	"objek pajak": "objek pajak", "obyek pajak": "objek pajak", "objk pajak": "objek pajak", "obj pajak": "objek pajak",
	"wajib pajak": "wajib pajak", "jam pelajaran": "jam pelajaran", "jam pel": "jam pelajaran", "jam ajar": "jam pelajaran", "jam mengajar": "jam pelajaran", "jam tatap": "jam pelajaran",
	"nota dinas": "nota dinas", "berita acara": "berita acara", "ibu hamil": "ibu hamil", "ibu balita": "ibu balita", "ibu menyusui": "ibu menyusui", "kader posyandu": "kader", "kepala keluarga": "kepala keluarga", "anak didik": "anak didik", "peserta didik": "peserta didik",
	"tenaga kesehatan": "tenaga kesehatan", "sarang tawon": "sarang tawon", "jam plajaran": "jam pelajaran", "jam pelajran": "jam pelajaran",
}

// counters count things of another name; they do not stay in a description
// before the thing they count.
var counters = map[string]bool{
	"orang": true, "lembar": true, "keping": true, "unit": true, "buah": true, "kali": true, "ekor": true,
	"eksemplar": true, "titik": true, "lokasi": true, "bendel": true, "boks": true, "item": true, "meter": true, "km": true, "kg": true, "ton": true, "liter": true,
	"persen": true, "paket": true, "sesi": true, "ritase": true, "hari": true, "jam pelajaran": true, "rupiah": true, "halaman": true, "kegiatan": true, "dus": true, "karung": true,
}

// neverObjects are measures that do not stay even after a verb.
var neverObjects = map[string]bool{
	"kali": true, "jam pelajaran": true, "rupiah": true, "persen": true, "hari": true, "meter": true, "km": true, "kg": true, "ton": true, "peserta": true, "m2": true, "m3": true,
	"liter": true, "kegiatan": true, "sesi": true, "titik": true, "lokasi": true, "ritase": true, "halaman": true,
}

// notUnits cannot follow a number as its unit.
var notUnits = map[string]bool{
	"di": true, "ke": true, "dari": true, "dan": true, "untuk": true, "utk": true, "yang": true, "yg": true, "dengan": true, "dgn": true, "pada": true,
	"oleh": true, "pukul": true, "selama": true, "s/d": true, "sd": true, "sampai": true, "hingga": true, "pagi": true, "siang": true, "sore": true,
	"malam": true, "wib": true, "serta": true, "atau": true, "lalu": true, "kemudian": true, "terus": true, "lanjut": true, "tapi": true, "bukan": true,
	"januari": true, "februari": true, "maret": true, "april": true, "mei": true, "juni": true, "juli": true, "agustus": true, "september": true,
	"oktober": true, "november": true, "desember": true, "jan": true, "feb": true, "mar": true, "apr": true, "jun": true, "jul": true, "agu": true,
	"agt": true, "sep": true, "sept": true, "okt": true, "nov": true, "des": true, "tahun": true, "total": true, "hasil": true, "kendala": true,
	"terkendala": true, "durasi": true, "waktu": true, "rp": true, "tentang": true, "ttg": true, "bersama": true, "karena": true, "secara": true, "via": true,
	"melalui": true, "dalam": true, "atas": true, "bagi": true, "lancar": true, "selesai": true, "an": true, "lebih": true, "kurang": true, "s": true, "belas": true,
	"puluh": true, "ratus": true, "ribu": true, "juta": true, "tidak": true, "tdk": true, "sudah": true, "belum": true, "dr": true, "saja": true, "aja": true,
	"th": true, "thn": true, "bulan": true, "bln": true, "minggu": true, "kelas": true, "kls": true, "rw": true, "rt": true, "nomor": true, "no": true, "jl": true, //nolint:misspell // a chat spelling of "tahun"
	"rapat": true, "apel": true, "verifikasi": true, "lagi": true,
}

var hourWords = map[string]bool{
	"jam": true, "jm": true, "j": true, "jma": true, "jam2": true, "hour": true, "hours": true, "hrs": true, "jem": true, "ja": true, "jaam": true, "jaman": true,
}

var minuteWords = map[string]bool{
	"menit": true, "mnt": true, "mnit": true, "menitt": true, "mnt2": true, "min": true, "mins": true, "minutes": true, "minute": true, "mn": true,
	"mntt": true, "menut": true, "mneit": true, "menti": true, "minit": true, "mnet": true, "menir": true, "meniit": true, "ment": true, "met": true, "mt": true, "meni": true, "mnitt": true, "mntn": true,
}

// verbNouns are actions without the verb's prefix that take an object.
var verbNouns = map[string]bool{
	"verifikasi": true, "verif": true, "validasi": true, "input": true, "entri": true, "entry": true, "cetak": true, "cek": true, "periksa": true, "scan": true, "legalisasi": true,
	"legalisir": true, "disposisi": true, "revisi": true, "review": true, "reviu": true, "rekap": true, "imunisasi": true, "vaksinasi": true, "evaluasi": true, "koreksi": true,
	"distribusi": true, "kirim": true, "terima": true, "susun": true, "buat": true, "bikin": true, "layani": true, "proses": true, "upload": true, "unggah": true, "antar": true,
	"tangani": true, "derek": true, "angkut": true, "bantu": true, "urus": true, "ketik": true, "konsep": true, "tata": true, "data": false, "agendakan": true, "digitasi": true,
	"inventarisasi": true, "tertibkan": true, "perbaiki": true, "perbaikan": true, "pelayanan": true, "penerbitan": true, "evakuasi": true, "asesmen": true, "survei": true, "survey": true,
	"penyusunan": true, "pembuatan": true, "pengetikan": true, "pencetakan": true, "pemeriksaan": true, "penanganan": true, "olah": true, "arsipkan": true, "terbitkan": true, "nyuntik": true, "ambil": true, "rekam": true, "pasang": true, "bersihkan": true, "jemput": true, "tulis": true, "hitung": true, "isi": true, "tagih": true, "pantau": true,
	"catat": true, "sortir": true, "cuci": true, "masak": true, "tanam": true, "tebang": true, "pangkas": true, "semprot": true, "gali": true, "tambal": true, "potong": true, "tempel": true, "sebar": true, "bagi": true,
	"bagikan": true, "serahkan": true, "salurkan": true, "jilid": true, "fotokopi": true, "copy": true, "print": true, "analisis": true, "analisa": true, "rancang": true, "uji": true, "audit": true, "monitoring": true, "supervisi": true, "telaah": true,
	"update": true, "edit": true, "rekon": true, "registrasi": true, "nomori": true, "stempel": true, "ttd": true, "paraf": true, "tolong": true, "rawat": true, "jahit": true, "kunjungi": true, "servis": true, "service": true, "perawatan": true, "pendampingan": true,
}

// otherActivities begin an activity although they take no object.
var otherActivities = map[string]bool{
	"rapat": true, "apel": true, "patroli": true, "piket": true, "monitoring": true, "monev": true, "koordinasi": true, "sosialisasi": true, "pendampingan": true,
	"kunjungan": true, "senam": true, "upacara": true, "asuhan": true, "penyuluhan": true, "pengawasan": true, "penagihan": true, "pemadaman": true,
	"zoom": true, "konsultasi": true, "mediasi": true, "kerja": true, "lanjut": true, "lanjutan": true, "ikut": true, "jaga": true, "bimbingan": true, "supervisi": true, "backup": true, "maintenance": true, "posyandu": true, "briefing": true, "arsip": true,
}

// notVerbs begin with "me" and are nouns.
var notVerbs = map[string]bool{
	"meja": true, "mebel": true, "media": true, "medis": true, "menu": true, "metode": true, "meter": true, "merah": true, "menara": true,
	"mesin": true, "melati": true, "menit": true, "mental": true, "mei": true, "memo": true, "mess": true, "mekanik": true, "menteri": true, "meteran": true, "member": true, "mercon": true, "megaphone": true, "mobil": true, "menir": true, "mentor": true,
}

// isVerb reports an active verb ("melayani", "ngetik", "nyusun").
func isVerb(w string) bool {
	if len(w) < 5 || notVerbs[w] {
		return false
	}
	if strings.HasPrefix(w, "ng") || strings.HasPrefix(w, "ny") {
		return true
	}
	if !strings.HasPrefix(w, "me") {
		return false
	}
	switch w[2] {
	case 'm', 'n', 'l', 'r', 'w', 'y':
		return true
	}
	return false
}

// takesObject reports a word whose counted object belongs to the sentence.
func takesObject(w string) bool { return isVerb(w) || verbNouns[w] || actionNoun(w) }

// actionNoun reports nouns made from verbs: "pemeriksaan", "digitalisasi".
func actionNoun(w string) bool {
	if len(w) < 8 || thingNouns[w] || units[w] != "" {
		return false
	}
	return strings.HasPrefix(w, "pe") && strings.HasSuffix(w, "an") || strings.HasSuffix(w, "isasi") || strings.HasSuffix(w, "ifikasi")
}

// thingNouns look like action nouns and are none.
var thingNouns = map[string]bool{
	"perizinan": true, "perkantoran": true, "perhubungan": true, "pendidikan": true, "pertanian": true, "perdagangan": true, "perikanan": true, "peralatan": true, "pekerjaan": true,
	"peraturan": true, "pertanahan": true, "perumahan": true, "perempuan": true, "perlengkapan": true, "persediaan": true, "perlindungan": true, "pembangunan": true, "pemerintahan": true,
	"perpustakaan": true, "pembelajaran": true, "perusahaan": true, "persampahan": true, "penghasilan": true, "pelajaran": true, "pelanggaran": true, "perjalanan": true, "permukiman": true, "organisasi": true, "pertokoan": true, "pelanggan": true, "pedestrian": true,
}

// startsActivity reports a word that begins a new activity.
func startsActivity(w string) bool {
	return takesObject(w) || otherActivities[w]
}
