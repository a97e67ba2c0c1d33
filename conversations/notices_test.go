package conversations

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"ekinerja/roster"
)

func noticeWords(t *testing.T) (*Words, *time.Location) {
	t.Helper()
	loc := time.FixedZone("WIB", 7*60*60)
	w, err := NewWords(loc)
	if err != nil {
		t.Fatal(err)
	}
	return w, loc
}

// shown is a message as a person sees it: stars around bold, buttons in brackets.
func shown(m Message) string {
	var b strings.Builder
	at := 0
	for _, s := range m.Bold {
		b.WriteString(m.Text[at:s.Start] + "*" + m.Text[s.Start:s.End] + "*")
		at = s.End
	}
	b.WriteString(m.Text[at:])
	for _, row := range m.Buttons {
		b.WriteString("\n")
		for _, c := range row {
			b.WriteString("[" + c.Label + "]")
		}
	}
	return b.String()
}

func sri() Person { return Person{ID: 7, Name: "Sri Wahyuni, S.Sos.", Sex: roster.Female, Lang: "id"} }

func bambu() Person {
	return Person{ID: 3, Name: "Drs. Bambang Sutrisno, M.Si.", Sex: roster.Male, Lang: "id"}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	w, loc := noticeWords(t)
	say := w.In("id")
	day := roster.MustDay("2026-11-23")
	at := func(h, m int) time.Time { return day.At(roster.At24(h, m), loc) }
	base := Notice{Person: sri(), Day: day, Reason: roster.ReasonWorkday, Now: at(15, 12), Until: at(21, 0)}
	with := func(change func(*Notice)) Notice {
		n := base
		change(&n)
		return n
	}
	for name, tt := range map[string]struct {
		got  Message
		want string
	}{
		"question": {say.Question(with(func(n *Notice) { n.Same = true })), `
Sugeng sonten, Bu Sri Wahyuni.

Hari ini *Senin, 23 November 2026*. Kegiatan apa saja yang Ibu kerjakan? Silakan ditulis satu per baris, contohnya:
Verifikasi berkas PBB; 25 berkas; 120 menit
[Sama dengan terakhir]
[Tidak bekerja]`},
		"question on field duty": {say.Question(with(func(n *Notice) {
			n.Short, n.Reason, n.Until = true, roster.ReasonFieldDuty, at(24, 0)
		})), `
Sugeng sonten, Bu Sri Wahyuni.

Semoga dinas luar Ibu lancar. Untuk *Senin, 23 November 2026* cukup laporan singkat: nomor surat tugas dan satu kegiatan, contohnya:
SPT 094/1234, rapat koordinasi di Semarang; 240 menit

Dapat dikirim s.d. pukul 24.00 WIB.
[Tidak bekerja]`},
		"question after a night shift": {say.Question(with(func(n *Notice) { n.Now = at(24+6, 10) })), `
Sugeng enjang, Bu Sri Wahyuni.

Untuk sif *Senin, 23 November 2026*, kegiatan apa saja yang Ibu kerjakan? Silakan ditulis satu per baris, contohnya:
Observasi pasien; 12 pasien; 180 menit
[Tidak bekerja]`},
		"question with a draft": {say.Question(with(func(n *Notice) { n.Draft, n.Same = true, true })), `
Sugeng sonten, Bu Sri Wahyuni.

Catatan Ibu untuk *Senin, 23 November 2026* sudah kami simpan dan tinggal dikirim. Bila masih ada kegiatan lain, silakan ditambahkan.
[Lanjutkan][Tidak bekerja]`},
		"evening": {say.Reminder(RemindEvening, with(func(n *Notice) { n.Now = at(20, 30) })), `
Sugeng dalu, Bu Sri Wahyuni.

Mohon izin mengingatkan: laporan *Senin, 23 November 2026* belum kami terima. Masih dapat dikirim s.d. pukul 21.00 WIB; silakan tulis kegiatan Ibu di sini, satu per baris.
[Tidak bekerja]`},
		"morning with a draft": {say.Reminder(RemindMorning, with(func(n *Notice) {
			n.Now, n.Until, n.Draft = at(24+7, 30), at(24+16, 0), true
		})), `
Sugeng enjang, Bu Sri Wahyuni.

Catatan Ibu untuk *Senin, 23 November 2026* sudah tersimpan, tetapi belum dikirim. Masih dapat dikirim s.d. pukul 16.00 WIB hari ini (tercatat terlambat).
[Lanjutkan][Tidak bekerja]`},
		"morning": {say.Reminder(RemindMorning, with(func(n *Notice) { n.Now, n.Until = at(24+7, 30), at(24+16, 0) })), `
Sugeng enjang, Bu Sri Wahyuni.

Laporan *Senin, 23 November 2026* masih dapat dikirim s.d. pukul 16.00 WIB hari ini (tercatat terlambat). Silakan tulis kegiatan Ibu di sini, satu per baris. Bila hari itu tidak bertugas, mohon tekan tombol di bawah.
[Tidak bekerja]`},
		"eve": {say.Eve(Eve{
			Person: bambu(), First: roster.MustDay("2026-12-24"), Last: roster.MustDay("2026-12-27"),
			Next: roster.MustDay("2026-12-28"), Name: "Cuti bersama Natal", Now: at(17, 0),
		}), `
Sugeng sonten, Pak Bambang Sutrisno.

Mulai besok, *Kamis, 24 Desember 2026*, s.d. Minggu, 27 Desember 2026 libur: Cuti bersama Natal. Tidak ada pertanyaan laporan; kami bertanya lagi Senin, 28 Desember 2026. Bagi yang bertugas piket, silakan ketik /lapor.`},
		"digest": {say.Digest(Digest{
			Escalation: 5, To: bambu(), Staff: 12, Now: at(8, 0), Members: []DigestMember{
				{ID: 7, Name: "Sri Wahyuni, S.Sos.", Day: roster.MustDay("2026-11-20"), InARow: 2, Live: true},
				{ID: 8, Name: "Teguh", Day: roster.MustDay("2026-11-21"), InARow: 1, Live: true},
				{ID: 9, Name: "Umi Kulsum", Day: roster.MustDay("2026-11-20"), InARow: 3},
			},
		}), `
Sugeng enjang, Pak Bambang Sutrisno.

Sampai pukul 08.00 WIB, *3 dari 12 staf* belum melapor:

1. Sri Wahyuni – Jum 20/11, 2 hari berturut-turut
2. Teguh – Sab 21/11
3. Umi Kulsum – Jum 20/11, belum terhubung dengan layanan ini

Mohon berkenan mengonfirmasi: tekan nomor untuk memberi keterangan (cuti, sakit, dinas luar) atau mengingatkan yang bersangkutan.
[1][2][3]
[Ingatkan semua]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(strings.TrimPrefix(tt.want, "\n"), shown(tt.got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDigestActsOnItsMembers(t *testing.T) {
	t.Parallel()
	w, loc := noticeWords(t)
	d := Digest{Escalation: 5, To: bambu(), Now: time.Date(2026, 11, 23, 8, 0, 0, 0, loc)}
	for i := range MostListed + 7 {
		d.Members = append(d.Members, DigestMember{
			ID: roster.EmployeeID(100 + i), Name: fmt.Sprint("Pegawai ", i), Day: roster.MustDay("2026-11-20"), InARow: 1, Live: true,
		})
	}
	m := w.In("id").Digest(d)
	if len(m.Buttons) != MostListed/buttonsInRow+1 {
		t.Fatalf("%d rows of buttons", len(m.Buttons))
	}
	want := Choice{Label: "7", Action: ActOpen, Args: Args{Escalation: 5, Employee: 106, Day: roster.MustDay("2026-11-20")}}
	if diff := cmp.Diff(want, m.Buttons[1][1]); diff != "" {
		t.Error(diff)
	}
	all := m.Buttons[len(m.Buttons)-1][0]
	if all.Action != ActNudge || all.Args != (Args{Escalation: 5}) {
		t.Errorf("remind all: %+v", all)
	}
	if !strings.Contains(m.Text, "… dan 7 orang lainnya") {
		t.Error("the rest is not counted")
	}
}

func TestNoticesFitAPhone(t *testing.T) {
	t.Parallel()
	w, loc := noticeWords(t)
	long := Person{ID: 1, Name: strings.Repeat("Raden Mas ", 8), Sex: "", Lang: "id"}
	day := roster.MustDay("2026-11-23")
	for _, lang := range []string{"id", "en"} {
		for _, n := range []Notice{{}, {Draft: true}, {Short: true, Reason: roster.ReasonTraining}, {Same: true}} {
			n.Person, n.Day, n.Now, n.Until = long, day, day.At(roster.At24(20, 30), loc), day.At(roster.At24(24, 0), loc)
			s := w.In(lang)
			for _, m := range []Message{s.Question(n), s.Reminder(RemindEvening, n), s.Reminder(RemindMorning, n)} {
				if utf8.RuneCountInString(m.Text) > 600 || strings.Contains(m.Text, "<no value>") {
					t.Errorf("%s: %d runes\n%s", lang, utf8.RuneCountInString(m.Text), m.Text)
				}
				for _, row := range m.Buttons {
					for _, c := range row {
						if utf8.RuneCountInString(c.Label) > 20 {
							t.Errorf("button %q is too long", c.Label)
						}
					}
				}
			}
		}
	}
}
