package conversations_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// extremes are the longest and largest that can stand in a blank. Names are
// those of [conversations.ShortName] at its limit, words those of people, clipped.
func extremes() map[string]any {
	name := conversations.ShortName("Raden Ajeng Siti Nurhaliza Kusumaningtyas Widyaningrum")
	day, short := "Rabu, 30 September 2026", "Rab 30/12"
	words := strings.TrimSpace(strings.Repeat("kata yang panjang ", 6))
	return map[string]any{
		"Nama": name, "Atasan": name, "Anda": "Bapak/Ibu", "Sapa": "Bapak/Ibu " + name, "Salam": "Sugeng sonten",
		"OPD":    "Dinas Pengendalian Penduduk, Keluarga Berencana, Pemberdayaan Perempuan, dan Perlindungan Anak",
		"Kantor": "Pemerintah Kota Surakarta", "Jabatan": "Analis Kebijakan Ahli Muda pada Sekretariat Daerah",
		"Tgl": day, "Hari": day + " sampai " + day, "Akhir": day, "Sejak": day, "Pekan": "30 November – 4 Desember 2026",
		"Waktu": day + " pukul 23.59 WIB", "Pukul": "23.59 WIB", "Batas": day + " 23.59 WIB", "Kode": "WWWWWWWW",
		"Menit": "1.440", "Count": 1000, "N": 1000, "Kegiatan": words, "Alasan": words, "Catatan": words, "Jenis": "cuti di luar tanggungan negara",
		"Judul": "Cuti di luar tanggungan negara", "SHA": strings.Repeat("f", 64), "_short": short,
	}
}

// TestSentencesFitAtTheirFullest renders every sentence with the longest of all
// that can stand in it, with one and with none. Not yet a message of its own is
// what other sentences are joined with; the store splits what is longer still.
func TestSentencesFitAtTheirFullest(t *testing.T) {
	t.Parallel()
	words, err := conversations.NewWords(wib)
	if err != nil {
		t.Fatal(err)
	}
	full := extremes()
	for _, lang := range []string{"id", "en"} {
		for id, text := range ids(t, lang+".toml") {
			for _, count := range []int{0, 1, 1000} {
				data := conversations.Data{}
				for _, m := range fields.FindAllStringSubmatch(text, -1) {
					v, known := full[m[1]]
					if !known {
						v = "1.000.000"
					}
					if strings.HasPrefix(id, "tombol_") && m[1] == "Tgl" {
						v = full["_short"]
					}
					data[m[1]] = v
				}
				if _, counts := data["Count"]; counts {
					data["Count"] = count
				}
				got := words.In(lang).Say(id, data).Text
				switch n := len([]rune(got)); {
				case strings.Contains(got, "⟨") || strings.Contains(got, "<no value>"):
					t.Errorf("%s.%s renders %q", lang, id, got)
				case n > 600 && !strings.Contains(text, ".Catatan"):
					t.Errorf("%s.%s has %d characters at its fullest", lang, id, n)
				case strings.HasPrefix(id, "tombol_") && n > 20 && !strings.Contains(text, "Count"):
					t.Errorf("%s.%s is a button of %d characters: %q", lang, id, n, got)
				case strings.Contains(got, "  ") && !strings.HasPrefix(got, "  "), strings.Contains(got, " ."), strings.Contains(got, "()"):
					t.Errorf("%s.%s has a hole: %q", lang, id, got)
				}
			}
		}
	}
}

// english are words that have an Indonesian one; the official terms stay.
var english = regexp.MustCompile(`(?i)\b(report|submit|deadline|reminder|upload|download|click|klik|update|cancel|status update|shift|file|team|online|offline|skip|dashboard|user|password|link|feedback)\b`)

// TestIndonesianIsIndonesian holds the house's spelling: no English where there
// is a word, no threats, numbers and hours as they are written here.
func TestIndonesianIsIndonesian(t *testing.T) {
	t.Parallel()
	harsh := regexp.MustCompile(`(?i)\b(harus segera|wajib segera|sanksi|hukuman|pelanggaran|teguran|peringatan keras|malas|lalai|gagal)\b`)
	spelling := regexp.MustCompile(`(?i)\b(silahkan|merubah|dirubah|aktifitas|analisa|resiko|jadual|ijin|trimakasih|nomer|di karenakan|di kirim|di catat|hari ini ini)\b|[0-9}] %|\d\d:\d\d|!`)
	for id, text := range ids(t, "id.toml") {
		plain := regexp.MustCompile(`\{\{[^}]*\}\}`).ReplaceAllString(text, "}")
		if id == "pilih_bahasa" {
			continue
		}
		for what, rule := range map[string]*regexp.Regexp{"English": english, "harsh": harsh, "misspelt": spelling} {
			if m := rule.FindString(plain); m != "" {
				t.Errorf("%s: %q is %s: %s", id, m, what, text)
			}
		}
	}
}

// TestFiguresAndDaysAsTheyAreWrittenHere is the form of what stands in the blanks.
func TestFiguresAndDaysAsTheyAreWrittenHere(t *testing.T) {
	t.Parallel()
	words, err := conversations.NewWords(wib)
	if err != nil {
		t.Fatal(err)
	}
	id, en := words.In("id"), words.In("en")
	at := time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)
	tuesday := roster.MustDay("2026-11-24")
	for got, want := range map[string]string{
		id.Number("1250"): "1.250", id.Number("2.5"): "2,5", id.Number("1234567"): "1.234.567", en.Number("1250.5"): "1,250.5",
		id.Time(at): "08.30 WIB", id.Day(tuesday): "Selasa, 24 November 2026", id.ShortDay(tuesday): "Sel 24/11",
		id.Honorific(roster.Male): "Bapak", id.Honorific(roster.Female): "Ibu", id.Honorific(""): "Bapak/Ibu",
		id.Vocative(conversations.Person{Name: "Drs. Bambang Setiawan, M.Si.", Sex: roster.Male}): "Pak Bambang Setiawan",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
