package parse

import "unicode"

func alnum(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// spelling maps chat spellings of the words that commands are made of.
var spelling = map[string]string{
	"tdk": "tidak", "gak": "tidak", "ga": "tidak", "nggak": "tidak", "ngga": "tidak", "enggak": "tidak", "ndak": "tidak", "mboten": "tidak", "engga": "tidak", "tak": "tidak", "nda": "tidak", "ora": "tidak", "gk": "tidak", "tdak": "tidak", "tidk": "tidak",
	"kmrn": "kemarin", "kmren": "kemarin", "kemaren": "kemarin", "kmarin": "kemarin", "wingi": "kemarin", "kemrin": "kemarin", "kemarinya": "kemarin",
	"kyk": "seperti", "kayak": "seperti", "kaya": "seperti", "sprti": "seperti", "dgn": "seperti", "dg": "seperti", "kaliyan": "seperti", "kalih": "seperti", "dengan": "seperti", "sprt": "seperti", "kek": "seperti", "spt": "seperti", "sperti": "seperti", "sama2": "sama", "sm": "sama", "podo": "sama", "sami": "sama", "karo": "seperti", "kalian": "seperti",
	"udah": "sudah", "udh": "sudah", "sdh": "sudah", "hri": "hari", "hr": "hari", "keg": "kegiatan", "kgiatan": "kegiatan", "ijin": "izin", "lg": "lagi", "sdg": "sedang", "krn": "karena", "msk": "masuk", "skt": "sakit", "blm": "belum", "btl": "betul", "ubh": "ubah",
	"rubah": "ubah", "edit": "ubah", "batalkan": "batal", "cancel": "batal", "btal": "batal", "stop": "batal", "kirimkan": "kirim", "krm": "kirim", "tambahkan": "tambah", "tmbh": "tambah", "bntuan": "bantuan", "dinasluar": "dl", "tambahan": "tambah",
	"wonten": "ada", "kados": "seperti", "kegiatanipun": "kegiatan", "sakniki": "sekarang", "sakmenika": "sekarang", "saiki": "sekarang", "mlebet": "masuk", "mlebu": "masuk", "benjing": "besok", "benjang": "besok", "sesuk": "besok", "caranipun": "caranya", "carane": "caranya", "gawe": "kerja", "nyambut": "kerja", "gerah": "sakit", "prei": "libur", "sanes": "bukan", "dede": "bukan",
}

var fillers = map[string]bool{
	"pak": true, "bu": true, "bapak": true, "ibu": true, "mas": true, "mbak": true, "admin": true, "min": true, "kak": true, "bot": true, "ya": true, "yah": true, "dong": true, "deh": true, "aja": true, "saja": true, "nih": true, "ini": true, "hari": true,
	"saya": true, "sy": true, "aku": true, "maaf": true, "mohon": true, "mhn": true, "kok": true, "sih": true, "utk": true, "untuk": true, "lho": true, "kan": true, "pagi": true, "siang": true, "sore": true, "malam": true, "wr": true, "wb": true, "nyuwun": true, "sewu": true, "tolong": true,
	"sonten": true, "enjang": true, "monggo": true, "mangga": true, "hari2": true, "bpk": true, "bos": true, "dulu": true, "sanget": true, "banyak": true, "sekali": true, "mau": true, "ingin": true, "pengen": true, "bade": true, "badhe": true, "tadi": true, "nggeh": true, "mawon": true, "kulo": true, "kula": true, "nggih": true,
}

// affirmed are fillers that are a yes when nothing else was said.
var affirmed = map[string]bool{"njih": true, "nggih": true, "inggih": true, "nggeh": true, "siap": true, "baik": true, "ok": true, "oke": true, "sip": true, "y": true, "iya": true, "ya": true, "yes": true, "okey": true, "iyo": true, "baiklah": true, "leres": true, "okay": true, "yup": true, "yoi": true, "yaa": true, "iyaa": true, "monggo": true, "mangga": true, "sumangga": true, "injih": true, "enggih": true}

var thankWords = map[string]bool{
	"terimakasih": true, "makasih": true, "mksh": true, "suwun": true, "tks": true, "thx": true, "trims": true, "thanks": true, "maturnuwun": true, "nuwun": true, "trimakasih": true, "mtrnwn": true, "tengkyu": true, "makasi": true, "mks": true,
}

var helloWords = map[string]bool{
	"halo": true, "hallo": true, "hai": true, "hi": true, "hello": true, "assalamualaikum": true, "assalamu'alaikum": true, "asslamualaikum": true, "assalamu": true, "alaikum": true, "aslmkm": true, "p": true, "ping": true, "tes": true, "test": true, "permisi": true, "kulonuwun": true, "salam": true, "hei": true, "hey": true, "waalaikumsalam": true, "wassalamualaikum": true, "assalamu’alaikum": true, "punten": true,
}

// howWords ask how to do something; howObjects say it is about reporting.
var howWords = map[string]bool{"cara": true, "caranya": true, "gimana": true, "bagaimana": true, "pripun": true, "piye": true, "contoh": true, "format": true}

var howObjects = map[string]bool{"isi": true, "isinya": true, "ngisi": true, "mengisi": true, "ngisinya": true, "lapor": true, "laporan": true, "laporannya": true, "pakai": true, "pakainya": true, "cara": true, "caranya": true, "kirim": true, "mengirim": true, "nulis": true, "menulis": true, "menulisnya": true, "tulis": true, "format": true, "formatnya": true, "daftar": true}

var commandObjects = map[string]bool{"laporan": true, "kegiatan": true, "yang": true, "kemarin": true, "data": true, "semua": true, "sekarang": true, "lagi": true, "harian": true, "aktivitas": true, "isi": true, "jumlah": true, "durasi": true, "bukti": true, "baru": true, "jam": true, "1": true, "satu": true, "dua": true, "2": true}

var askWords = map[string]bool{"kapan": true, "kenapa": true, "mengapa": true, "bagaimana": true, "gimana": true, "apakah": true, "siapa": true, "berapa": true, "dimana": true, "apa": true, "piye": true, "pripun": true, "knp": true}

var absenceLeads = map[string]bool{
	"saya": true, "sedang": true, "lagi": true, "masih": true, "karena": true, "sudah": true, "ikut": true, "mengikuti": true, "ada": true, "status": true, "tanggal": true, "besok": true, "kebetulan": true, "jadwal": true, "posisi": true, "mulai": true, "baru": true, "keterangan": true,
	"izin": false, "dalam": true, "rangka": true, "melaksanakan": true, "menjalani": true, "pas": true, "kemarin": true, "badan": false, "lapor": true, "shift": true, "sif": true, "sakit": false, "adalah": true, "menyampaikan": true, "nggih": true, "tugas": false,
}

// leaveReasons follow "izin" when it means not coming.
var leaveReasons = map[string]bool{"cuti": true, "tidak": true, "sakit": true, "keperluan": true, "karena": true, "keluarga": true, "pulang": true, "anak": true, "istri": true, "suami": true, "orang": true, "mengantar": true, "antar": true, "acara": true, "ada": true, "urusan": true, "takziah": true, "ke": true, "tanggal": true}

// fieldNames may stand before a corrected value.
var fieldNames = map[string]bool{"durasi": true, "durasinya": true, "jumlah": true, "jumlahnya": true, "waktu": true, "waktunya": true, "hasil": true, "hasilnya": true, "volume": true}

var contrast = map[string]bool{"tapi": true, "tp": true, "tetapi": true, "melainkan": true, "jadi": true, "menjadi": true, "mjd": true, "ning": true, "seharusnya": true, "harusnya": true, "yang": false, "yg": false, "→": true, "nanging": true}

var correctionLeads = map[string]bool{
	"ralat": true, "koreksi": true, "salah": true, "maksud": true, "maksudnya": true, "eh": true, "ganti": true, "ubah": true, "harusnya": true, "seharusnya": true, "maksudku": true, "revisi": false, "saya": true, "mksd": true, "mksdnya": true, "keliru": true, "ketik": true, "yang": true, "benar": true, "betul": false, "bener": true, "yg": true, "sing": true, "lepat": true, "leres": true, "lerese": true, "leresipun": true, "klentu": true, "kliru": true, "e": true, "kulo": true, "kula": true,
}

// phrases are whole messages, after fillers, in common spelling.
var phrases = map[string]Intent{
	"sama seperti kemarin": SameAsYesterday, "sama kemarin": SameAsYesterday, "seperti kemarin": SameAsYesterday, "idem kemarin": SameAsYesterday, "idem": SameAsYesterday, "sama": SameAsYesterday, "kegiatan sama seperti kemarin": SameAsYesterday,
	"masih sama seperti kemarin": SameAsYesterday, "sama persis seperti kemarin": SameAsYesterday, "masih sama kemarin": SameAsYesterday, "idem seperti kemarin": SameAsYesterday, "kegiatannya sama seperti kemarin": SameAsYesterday, "laporan sama seperti kemarin": SameAsYesterday, "masih sama": SameAsYesterday, "sama seperti hari kemarin": SameAsYesterday, "copy kemarin": SameAsYesterday, "salin kemarin": SameAsYesterday, "same as yesterday": SameAsYesterday, "sama seperti yang kemarin": SameAsYesterday, "seperti kemarin lagi": SameAsYesterday, "kegiatan seperti kemarin": SameAsYesterday, "masih seperti kemarin": SameAsYesterday, "kegiatan masih sama seperti kemarin": SameAsYesterday, "sama seperti laporan kemarin": SameAsYesterday, "sama plek seperti kemarin": SameAsYesterday, "sama seperti wingi": SameAsYesterday,
	"nihil": None, "tidak ada": None, "tidak ada kegiatan": None, "kosong": None, "nol": None, "none": None, "tidak ada laporan": None, "kegiatan nihil": None, "nihil kegiatan": None, "belum ada kegiatan": None, "tidak ada aktivitas": None, "tidak ada kendala": None, "kendala tidak ada": None, "kendala nihil": None, "kendala": Unknown, "tanpa kendala": None, "laporan nihil": None, "nil": None, "tidak ada apa apa": None, "tidak ada pekerjaan": None, "tidak wonten": None, "belum ada": None, "tidak ada yang dilaporkan": None, "tidak mengerjakan apa apa": None, "tidak ada kegiatan sama": None, "tidak ada sama": None,
	"benar": Yes, "betul": Yes, "setuju": Yes, "sudah benar": Yes, "sudah betul": Yes, "sudah": Yes, "benar sekali": Yes, "sesuai": Yes, "sudah sesuai": Yes, "bener": Yes, "yakin": Yes, "betul sekali": Yes, "lanjutkan": Yes, "lanjut": Yes, "boleh": Yes, "sampun": Yes, "ada": Yes, "dahulu": Yes,
	"tidak": No, "no": No, "t": No, "n": No, "bukan": No, "belum": No, "salah": No, "tidak jadi": Cancel, "tidak benar": No, "tidak setuju": No, "belum benar": No, "jangan": No, "keliru": No, "dereng": No, "bukan itu": No, "salah orang": No, "nanti": Skip, "bukan saya": No,
	"bantuan": Help, "help": Help, "panduan": Help, "cara lapor": Help, "cara": Help, "menu": Help, "petunjuk": Help, "cara mengisi": Help, "bantu": Help, "contoh": Help, "bagaimana cara lapor": Help, "cara pakai": Help, "minta bantuan": Help, "butuh bantuan": Help, "gimana caranya": Help, "bagaimana caranya": Help, "caranya gimana": Help, "caranya bagaimana": Help, "gimana cara lapor": Help, "bingung": Help, "bagaimana": Help, "tidak mengerti": Help, "tidak paham": Help, "format": Help, "gimana": Help, "formatnya gimana": Help, "pripun": Help, "pripun caranya": Help,
	"batal": Cancel, "berhenti": Cancel, "keluar": Cancel, "udahan": Cancel, "tidak usah": Cancel, "batal lapor": Cancel, "batal laporan": Cancel, "batal seperti": Cancel,
	"status": Status, "skip": Skip, "lewati": Skip, "lewat": Skip, "nanti lewat": Skip, "lewatkan": Skip, "lewati bukti": Skip, "tidak bukti": Skip, "lompati": Skip, "skip seperti": Skip,
	"kirim": Send, "kirim laporan": Send, "submit": Send, "send": Send, "kirim sekarang": Send, "sudah kirim": Send, "kirim semua": Send, "sudah benar kirim": Send, "langsung kirim": Send,
	"ubah": Change, "perbaiki": Change, "ganti": Change, "perbaikan": Change, "revisi": Change, "ubah laporan": Change, "perbaiki laporan": Change, "koreksi": Change, "ralat": Change, "mau ubah": Change, "ingin ubah": Change, "mau ganti": Change, "ubah durasi": Change, "ada yang salah": Change, "mau perbaiki": Change, "ubah jumlah": Change,
	"tambah": Add, "tambah kegiatan": Add, "add": Add, "tambah lagi": Add, "mau tambah": Add, "ada lagi": Add, "tambah laporan": Add, "mau tambah kegiatan": Add, "masih ada lagi": Add, "masih ada": Add, "tambah satu lagi": Add, "tambah kegiatan lagi": Add,
	"mulai": Start, "lapor": Start, "start": Start, "laporan": Start, "mau lapor": Start, "mulai lapor": Start, "lapor harian": Start, "laporan harian": Start, "isi laporan": Start, "mulai laporan": Start, "izin lapor": Start, "ingin lapor": Start, "mau laporan": Start, "mau isi laporan": Start, "buat laporan": Start, "mulai isi laporan": Start, "badhe lapor": Start,
	"tidak enak badan": Sick, "kurang enak badan": Sick, "lagi tidak enak badan": Sick, "sedang tidak enak badan": Sick, "badan tidak enak": Sick,
	"work from home": WFH, "sedang di luar kota dinas": FieldDuty,
}
