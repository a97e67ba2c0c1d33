package parse

import (
	"testing"
	"unicode/utf8"

	"ekinerja/roster"
)

// tuesday is when all of these were written.
var tuesday = roster.MustDay("2026-11-24")

func TestReadDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, from, to string
		count          int
		rest           string
	}{
		{"hari ini", "2026-11-24", "2026-11-24", 0, ""},
		{"besok", "2026-11-25", "2026-11-25", 0, ""},
		{"Besok acara keluarga", "2026-11-25", "2026-11-25", 0, "acara keluarga"},
		{"lusa", "2026-11-26", "2026-11-26", 0, ""},
		{"kemarin", "2026-11-23", "2026-11-23", 0, ""},
		{"25-27 Nov acara keluarga", "2026-11-25", "2026-11-27", 0, "acara keluarga"},
		{"25 - 27 November 2026", "2026-11-25", "2026-11-27", 0, ""},
		{"tgl 25 s.d. 27 nop", "2026-11-25", "2026-11-27", 0, ""},
		{"tanggal 25 sampai dengan 27 November", "2026-11-25", "2026-11-27", 0, ""},
		{"25 s/d 27 november karena menikah", "2026-11-25", "2026-11-27", 0, "karena menikah"},
		{"30 Nov - 2 Des", "2026-11-30", "2026-12-02", 0, ""},
		{"30 - 2 desember", "2026-11-30", "2026-12-02", 0, ""},
		{"28 Desember sampai 4 Januari", "2026-12-28", "2027-01-04", 0, ""},
		{"25/11", "2026-11-25", "2026-11-25", 0, ""},
		{"25/11/2026 - 27/11/2026", "2026-11-25", "2026-11-27", 0, ""},
		{"25.11.26", "2026-11-25", "2026-11-25", 0, ""},
		{"2026-11-25", "2026-11-25", "2026-11-25", 0, ""},
		{"Senin", "2026-11-30", "2026-11-30", 0, ""},
		{"selasa", "2026-11-24", "2026-11-24", 0, ""},
		{"Selasa depan", "2026-12-01", "2026-12-01", 0, ""},
		{"Rabu sampai Jumat", "2026-11-25", "2026-11-27", 0, ""},
		{"Senin sampai Rabu", "2026-11-30", "2026-12-02", 0, ""},
		{"sampai Jumat", "2026-11-24", "2026-11-27", 0, ""},
		{"s.d. 27 November", "2026-11-24", "2026-11-27", 0, ""},
		{"hari ini sampai Kamis", "2026-11-24", "2026-11-26", 0, ""},
		{"3 hari", "2026-11-24", "2026-11-26", 3, ""},
		{"3 hari mulai besok", "2026-11-25", "2026-11-27", 3, ""},
		{"mulai besok selama tiga hari", "2026-11-25", "2026-11-27", 3, ""},
		{"2 hari kerja mulai Kamis ke Jakarta", "2026-11-26", "2026-11-27", 2, "ke Jakarta"},
		{"seminggu mulai Senin", "2026-11-30", "2026-12-04", 5, ""},
		{"pekan depan", "2026-11-30", "2026-12-04", 0, ""},
		{"minggu depan mudik", "2026-11-30", "2026-12-04", 0, "mudik"},
		{"25 dan 26 November", "2026-11-25", "2026-11-26", 0, ""},
		{"besok dan lusa", "2026-11-25", "2026-11-26", 0, ""},
		{"27", "2026-11-27", "2026-11-27", 0, ""},
		{"5", "2026-12-05", "2026-12-05", 0, ""},
		{"SPT 094/1234, besok ke Semarang", "2026-11-25", "2026-11-25", 0, "SPT 094/1234, ke Semarang"},
		{"31 Desember", "2026-12-31", "2026-12-31", 0, ""},
		{"5 Januari", "2027-01-05", "2027-01-05", 0, ""},
		{"tomorrow until Friday", "2026-11-25", "2026-11-27", 0, ""},
		{"3 days from tomorrow", "2026-11-25", "2026-11-27", 3, ""},
	} {
		got, ok := ReadDates(c.text, tuesday)
		if !ok || got.From.String() != c.from || got.To.String() != c.to || got.Count != c.count || got.Rest != c.rest {
			t.Errorf("%q: %v %s–%s (%d) %q, want %s–%s (%d) %q", c.text, ok, got.From, got.To, got.Count, got.Rest, c.from, c.to, c.count, c.rest)
		}
	}
}

func TestReadDatesRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "acara keluarga", "31 Februari", "31/11", "99 hari 400 hari 500 hari", "27 November sampai 25 November",
		"1 Januari 2026 sampai 31 Desember 2028", "Verifikasi berkas PBB", "12 jam", "40 orang",
	} {
		if got, ok := ReadDates(text, tuesday); ok {
			t.Errorf("%q was read as %s–%s", text, got.From, got.To)
		}
	}
}

func FuzzReadDates(f *testing.F) {
	for _, s := range [...]string{"25-27 November", "Senin s.d. Rabu", "3 hari mulai besok", "31/02", "sampai sampai -", "\u200b25", "٣ hari", "99999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := ReadDates(text, tuesday)
		if ok && (got.From.IsZero() || got.To.Before(got.From) || got.To.Sub(got.From) >= MostDays) {
			t.Errorf("%q: %s–%s", text, got.From, got.To)
		}
		if !utf8.ValidString(got.Rest) {
			t.Errorf("%q: rest %q", text, got.Rest)
		}
	})
}
