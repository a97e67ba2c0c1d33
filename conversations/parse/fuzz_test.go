package parse

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzRead(f *testing.F) {
	for _, s := range [...]string{
		"Verifikasi berkas PBB; 25 berkas; 120 menit", "rapat 2,5 jam", "08.00-10.00 melayani 21 permohonan", "1. rapat 2 jam 2. apel 30 menit",
		"Rp4.350.000,-", "pagi–siang", "bukan 25 tapi 52", "kendala: hujan; -", "\u200b", "a\x00b\xff", "1½ jam", "99999999999999999 jam 1/0 2/4", "jam setengah 1 sampai 24.00",
		"piket 24 jam; 07.00-07.00", "- \n•\n1.\n;;;||,,", "25 (dua puluh lima) berkas x 3 @ 9 jp x 45 menit", "\u212a jam 8-10 malam İ 5 BERKAS", "😀1️⃣ rapat",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := Read(text)
		check(t, text, r)
		Duration(text)
		Quantity(text)
		YesNo(text)
		Nothing(text)
	})
}

// check holds for every reading of every text.
func check(t *testing.T, text string, r Reading) {
	t.Helper()
	clean := Clean(text)
	if len(r.Items) > MaxItems {
		t.Errorf("%q: %d items", text, len(r.Items))
	}
	if r.Intent == Report != (len(r.Items) > 0) {
		t.Errorf("%q: intent %s with %d items", text, r.Intent, len(r.Items))
	}
	for _, it := range r.Items {
		if it.Source == "" || !strings.Contains(clean, it.Source) {
			t.Errorf("%q: source %q is not in the message", text, it.Source)
		}
		if it.Minutes < 0 || it.Minutes > MaxMinutes || it.Quantity.milli < 0 {
			t.Errorf("%q: %d minutes, quantity %s", text, it.Minutes, it.Quantity)
		}
		if !utf8.ValidString(it.Description) || strings.TrimSpace(it.Description) != it.Description {
			t.Errorf("%q: description %q", text, it.Description)
		}
		for _, w := range strings.FieldsFunc(it.Description, func(r rune) bool { return r == ' ' || r == ')' || r == ',' }) {
			if !strings.Contains(clean, w) {
				t.Errorf("%q: the word %q is not the person's", text, w)
			}
		}
	}
	for _, q := range r.Ask {
		if q.Item < 0 || q.Item >= len(r.Items) || q.Field == "" || q.Reason == "" {
			t.Errorf("%q: doubt %+v", text, q)
		}
	}
	roundTrip(t, r)
}

func roundTrip(t *testing.T, r Reading) {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatalf("render %+v: %v", r, err)
	}
	var back Reading
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatalf("read %s: %v", b, err)
	}
	if back.Intent != r.Intent || !slices.Equal(back.Ask, r.Ask) || len(back.Items) != len(r.Items) {
		t.Errorf("%s came back as %+v", b, back)
	}
}

func BenchmarkRead(b *testing.B) {
	lines := [...]string{
		"Verifikasi berkas PBB; 25 berkas; 120 menit",
		"08.00-10.00 melayani 21 permohonan",
		"Penagihan piutang PBB-P2 door to door; 13.00–15.30; 150; 9 objek pajak, Rp4.350.000; kendala: 3 WP pindah alamat",
		"rapat 2 jam dan verifikasi 25 berkas 1 jam",
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range lines {
			Read(s)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(lines)), "ns/line")
}
