package conversations_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"

	"ekinerja/conversations"
)

// own is a flow with these questions between the activities and the end.
func own(t *testing.T, questions ...string) conversations.Flow {
	t.Helper()
	f, err := conversations.ParseFlow("own.toml", head+first+strings.Join(questions, "")+last)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// asked plays a report in a flow until its first own question.
func asked(t *testing.T, questions ...string) *chat {
	t.Helper()
	c := newChat(t)
	c.h.Flow = own(t, questions...)
	c.types("Rapat koordinasi; 1 kegiatan; 60 menit")
	return c
}

// TestAnswersOfEachKind types what people type and looks what is kept; an empty
// "kept" means that the answer is asked for again, with these words.
func TestAnswersOfEachKind(t *testing.T) {
	t.Parallel()
	const (
		choice  = `options = ["Kantor", "Lapangan", "Rumah"]`
		choices = `options = ["Vaksin", "Gizi", "Lansia dan balita"]`
	)
	for _, c := range []struct {
		kind, more, said, kept, shown string
	}{
		{"text", "", " Ke rumah warga ", "Ke rumah warga", "? Ke rumah warga"},
		{"text", "max = 10", "lebih dari sepuluh", "", "paling banyak 10 huruf, tadi 18"},
		{"text", "min = 5", "ya", "", "paling sedikit 5 huruf"},
		{"number", "", "1.250 orang", "1250", "? 1.250"},
		{"number", "", "2,5", "2.5", "? 2,5"},
		{"number", "", "dua belas", "12", "? 12"},
		{"number", "", "banyak sekali", "", "Mohon ditulis dengan angka"},
		{"number", "", "-3", "", "Mohon ditulis dengan angka"},
		{"number", "min = 1\nmax = 500", "600", "", "antara 1 dan 500"},
		{"number", "min = 0", "0", "0", "? 0"},
		{"number", "max = 0", "1", "", "paling banyak 0"},
		{"choice", choice, "lapangan", "Lapangan", "? Lapangan"},
		{"choice", choice, "2", "Lapangan", "? Lapangan"},
		{"choice", choice, "lap", "Lapangan", "? Lapangan"},
		{"choice", choice, "pasar", "", "Mohon dipilih salah satu"},
		{"choice", choice, "4", "", "Mohon dipilih salah satu"},
		{"choices", choices, "1 dan 3", "Vaksin; Lansia dan balita", "? Vaksin, Lansia dan balita"},
		{"choices", choices, "3 1", "Vaksin; Lansia dan balita", "? Vaksin, Lansia dan balita"},
		{"choices", choices, "gizi, vaksin", "Vaksin; Gizi", "? Vaksin, Gizi"},
		{"choices", choices, "lansia dan balita", "Lansia dan balita", "? Lansia dan balita"},
		{"choices", choices, "1 dan 9", "", "Mohon dipilih dari daftar"},
		{"choices", choices + "\nmin = 2", "1", "", "Mohon dipilih 2 sampai 3 pilihan"},
		{"yes_no", "", "nggih", "ya", "? ya"},
		{"yes_no", "", "tidak", "tidak", "? tidak"},
		{"yes_no", "", "mungkin", "", "*ya* atau *tidak*"},
		{"how_long", "", "1,5 jam", "90", "? 90 menit"},
		{"how_long", "", "2 jam 15 menit", "135", "? 135 menit"},
		{"how_long", "max = 60", "2 jam", "", "paling banyak 60 menit"},
		{"how_long", "", "sebentar", "", "lamanya belum terbaca"},
		{"times", "", "08.00-10.00", "08:00-10:00", "? 08.00–10.00"},
		{"times", "", "jam 8 sampai jam 10", "08:00-10:00", "? 08.00–10.00"},
		{"times", "", "2 jam", "", "jam mulai dan jam selesainya"},
		{"date", "", "kemarin", "2026-11-22", "? Minggu, 22 November 2026"},
		{"date", "", "27 November", "2026-11-27", "? Jumat, 27 November 2026"},
		{"date", "", "kapan-kapan", "", "tanggalnya belum terbaca"},
		{"date", "max = 0", "besok", "", "dan Senin, 23 November 2026"},
		{"photo", "", "sudah saya foto", "", "kami menunggu foto"},
		{"location", "", "di Jebres", "", "kami menunggu lokasi"},
	} {
		t.Run(c.kind+" "+c.said, func(t *testing.T) {
			t.Parallel()
			chat := asked(t, question(`key = "x"`, `kind = "`+c.kind+`"`, `id = "Apa?"`, c.more))
			got := chat.types(c.said)
			if kept := chat.session.Extra["x"]; kept != c.kept || !strings.Contains(got, strings.ReplaceAll(c.shown, "*", "")) {
				t.Fatalf("kept %q, want %q; said:\n%s\nwant %q", kept, c.kept, got, c.shown)
			}
		})
	}
}

func TestTicksAreMadeInTheBubble(t *testing.T) {
	t.Parallel()
	c := asked(t, question(`key = "x"`, `kind = "choices"`, `id = "Layanan apa?"`, `options = ["Vaksin", "Gizi", "Lansia"]`))
	c.taps("Gizi")
	if m := c.last[0].Msg; m.Edit == "" || m.Buttons[1][0].Label != "✓ Gizi" || m.Buttons[3][0].Label != "Selesai" {
		t.Fatalf("after a tick: %+v", m)
	}
	c.taps("Vaksin")
	c.taps("✓ Gizi") // taken away
	c.taps("Gizi")
	c.wants(c.taps("Selesai"), "Layanan apa? Vaksin, Gizi")
}

// TestConditionsLookBack: a question comes only after the answers it names, and
// goes out of the report when they change.
func TestConditionsLookBack(t *testing.T) {
	t.Parallel()
	c := asked(t,
		question(`key = "tempat"`, `kind = "choice"`, `id = "Di mana?"`, `options = ["Kantor", "Lapangan"]`),
		question(`key = "lokasi"`, `kind = "text"`, `id = "Di lapangan mana?"`, `when = {tempat = "Lapangan"}`),
		question(`key = "spt"`, `kind = "text"`, `id = "Nomor SPT?"`, `on = ["field_duty"]`),
		question(`key = "jam"`, `kind = "number"`, `id = "Berapa jam?"`, `people = ["PPPK_PW"]`))
	where := c.last
	c.wants(c.taps("Lapangan"), "Di lapangan mana?")
	c.wants(c.types("Pasar Gede"), "Di lapangan mana? Pasar Gede")
	c.last = where
	got := c.taps("Kantor") // on the old bubble: the mind was changed
	c.wants(got, "Di mana? Kantor")
	if strings.Contains(got, "Pasar Gede") {
		t.Fatalf("still there:\n%s", got)
	}
	c.taps("Kirim")
	if diff := cmp.Diff(map[string]string{"tempat": "Kantor"}, c.out.Report.Extra); diff != "" {
		t.Fatal(diff)
	}
}

func TestVariantsAreForTheirPeople(t *testing.T) {
	t.Parallel()
	flow := own(t,
		question(`key = "pasien"`, `kind = "number"`, `id = "Berapa pasien?"`),
		question(`key = "regu"`, `kind = "text"`, `id = "Regu apa?"`),
		question(`key = "apel"`, `kind = "yes_no"`, `id = "Ikut apel?"`),
		"[[variant]]\nopd = [\"Puskesmas\"]\npost = [\"perawat\"]\nquestions = [\"pasien\"]\n",
		"[[variant]]\nopd = [\"Dinas Pemadam\"]\nquestions = [\"regu\"]\n")
	for _, who := range []struct{ opd, post, want, not string }{
		{"Puskesmas Sibela", "Perawat Terampil", "Berapa pasien?", "Regu"},
		{"Puskesmas Sibela", "Bidan", "Ikut apel?", "pasien"},
		{"Dinas Pemadam Kebakaran", "Komandan regu", "Regu apa?", "pasien"},
	} {
		c := newChat(t)
		c.h.Flow, c.person.OPD, c.person.Post = flow, who.opd, who.post
		if got := c.types("Rapat koordinasi; 1 kegiatan; 60 menit"); !strings.Contains(got, who.want) || strings.Contains(got, who.not) {
			t.Errorf("%s at %s is asked %q, want %q", who.post, who.opd, got, who.want)
		}
	}
}

// TestNoQuestionHoldsAReport: an optional one is skipped at once, a required one
// after it was put twice.
func TestNoQuestionHoldsAReport(t *testing.T) {
	t.Parallel()
	c := asked(t,
		question(`key = "a"`, `kind = "text"`, `id = "Catatan?"`),
		question(`key = "b"`, `kind = "number"`, `id = "Berapa tamu?"`, `required = true`))
	c.wants(c.taps("Lewati"), "Berapa tamu?")
	if len(c.last[0].Msg.Buttons) != 0 {
		t.Fatalf("a required question offers %v at once", c.last[0].Msg.Buttons)
	}
	c.wants(c.types("lewati"), "boleh dilewati")
	c.wants(c.taps("Lewati"), "Ringkasan")
	c.taps("Kirim")
	if c.out.Report == nil || !c.out.Report.Submit {
		t.Fatalf("not sent: %+v", c.out.Report)
	}
}

// TestRequiredIsPutBeforeSending: leaving a question by another road does not
// leave it out.
func TestRequiredIsPutBeforeSending(t *testing.T) {
	t.Parallel()
	c := asked(t, question(`key = "b"`, `kind = "number"`, `id = "Berapa tamu?"`, `required = true`))
	c.wants(c.types("/batal"), "Ringkasan")
	c.wants(c.taps("Kirim"), "Berapa tamu?")
	c.wants(c.types("7"), "Berapa tamu? 7")
}

// TestAnActivityIsNoAnswer: whole activities are kept, whatever was asked.
func TestAnActivityIsNoAnswer(t *testing.T) {
	t.Parallel()
	c := asked(t, question(`key = "a"`, `kind = "text"`, `id = "Catatan?"`))
	c.types("Menata arsip; 12 berkas; 45 menit")
	if len(c.session.Items) != 2 || c.session.Extra["a"] != "" {
		t.Fatalf("items %+v, extra %v", c.session.Items, c.session.Extra)
	}
}

// TestARunningDraftKeepsItsQuestions: a new version begins with new reports.
func TestARunningDraftKeepsItsQuestions(t *testing.T) {
	t.Parallel()
	c := asked(t, question(`key = "a"`, `kind = "text"`, `id = "Pertanyaan lama?"`), question(`key = "b"`, `kind = "text"`, `id = "Lama kedua?"`))
	old := c.h.Flow
	c.rec.flows = map[string]conversations.Flow{old.Ref(): old}
	fresh := own(t, question(`key = "a"`, `kind = "number"`, `id = "Pertanyaan baru?"`))
	fresh.Version = 3
	c.h.Flow = fresh
	c.wants(c.types("jawaban"), "Lama kedua?")
	c.wants(c.types("jawaban juga"), "Pertanyaan lama? jawaban")
	c.taps("Kirim")
	if c.out.Report.Flow != "harian/2" {
		t.Fatalf("made with %q", c.out.Report.Flow)
	}
	c.now = c.now.AddDate(0, 0, 1)
	c.rec.days = nil
	c.wants(c.types("/lapor"), "Apa saja kegiatan")
	c.wants(c.types("Rapat koordinasi; 1 kegiatan; 60 menit"), "Pertanyaan baru?")
}

func TestEveryFaultIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := conversations.ParseFlow("x.toml", head+first+
		question(`key = "a"`, `kind = "choice"`, `id = "?"`, `options = ["satu"]`, `on = ["mars"]`)+
		question(`key = "b"`, `kind = "text"`, `id = "?"`, `when = {z = "ya"}`)+
		question(`key = "c"`, `kind = "yes_no"`, `id = "?"`, `min = 2`)+
		question(`key = "d"`, `kind = "text"`, `id = "?"`, `when = {c = "mungkin"}`)+
		"[[variant]]\nquestions = [\"confirm\"]\n"+last)
	for _, want := range []string{
		`line 11: question 2 (a): key "options": 1 found`, `line 12: question 2 (a): key "on": "mars" found, want workday`,
		`line 17: question 3 (b): key "when": no question "z" stands before this one`,
		`line 22: question 4 (c): key "min": yes_no has no limits`,
		`line 27: question 5 (d): key "when": "mungkin" is no answer to "c"; want ya or tidak`,
		`variant 1: say for whom it is`, `"confirm" is no question of your own`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in:\n%v", want, err)
		}
	}
}

func TestHashIsOverWhatIsAsked(t *testing.T) {
	t.Parallel()
	text := head + first + question(`key = "a"`, `kind = "text"`, `id = "Apa?"`) + last
	hash := func(text string) [32]byte {
		f, err := conversations.ParseFlow("x.toml", text)
		if err != nil {
			t.Fatal(err)
		}
		return f.Hash()
	}
	if hash(text) != hash("# a remark\n"+text) {
		t.Error("a remark makes another version")
	}
	if hash(text) == hash(strings.Replace(text, "Apa?", "Siapa?", 1)) {
		t.Error("other words are the same version")
	}
}

// TestAPhotoAnswersItsQuestion: what was asked for is the answer; words are not.
func TestAPhotoAnswersItsQuestion(t *testing.T) {
	t.Parallel()
	c := asked(t,
		question(`key = "bukti"`, `kind = "photo"`, `id = "Foto kegiatannya?"`),
		question(`key = "tempat"`, `kind = "location"`, `id = "Di mana?"`))
	photo := bot.MsgIn{Kind: bot.KindMedia, Attachments: []bot.Attachment{{Kind: bot.Photo, FileID: "f"}}}
	c.wants(c.do(photo, nil), "Di mana?")
	place := bot.MsgIn{Kind: bot.KindMedia, Attachments: []bot.Attachment{{Kind: bot.Location, Lat: -7.5, Lon: 110.8}}}
	c.wants(c.do(place, nil), "Foto kegiatannya? 1 foto\nDi mana? lokasi sudah dikirim")
	if c.session.Extra["bukti"] == "" {
		t.Fatal("the photo's message was not kept")
	}
}
