package parse

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestReadKeepsWhatItDoubts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want []Doubt
	}{
		{"verifikasi berkas; dua puluh lima; 2 jam", []Doubt{{0, FieldQuantity, Words, "25"}, {0, FieldUnit, NoUnit, "25"}}},
		{"rapat pagi-siang; 1 notulen", []Doubt{{0, FieldTime, Vague, "pagi-siang"}}},
		{"rapat 08.00-10.00 3 jam; 1 notulen", []Doubt{{0, FieldMinutes, Disagrees, "08:00–10:00"}}},
		{"rapat 08.00-12.00 230 menit; 1 notulen", nil},
		{"rapat 25-30 menit; 1 notulen", []Doubt{{0, FieldMinutes, Between, "25-30 menit"}}},
		{"piket 09.00-08.00; 1 kegiatan", []Doubt{{0, FieldTime, TooLong, "09.00-08.00"}}},
		{"piket 40 jam; 1 kegiatan", []Doubt{{0, FieldMinutes, TooLong, "40 jam"}}},
		{"rapat 08.00 s.d. selesai; 1 notulen", []Doubt{{0, FieldTime, OpenEnd, "08.00 s.d. selesai"}}},
		{"Verifikasi berkas; 25; 120", []Doubt{{0, FieldUnit, NoUnit, "25"}, {0, FieldMinutes, Ambiguous, "120"}}},
		{"rapat; hasil: notulen; 2 jam", []Doubt{{0, FieldQuantity, Missing, "notulen"}}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got := Read(tt.text)
			if diff := cmp.Diff(append([]Doubt{}, tt.want...), got.Ask); diff != "" {
				t.Errorf("doubts (-want +got):\n%s%+v", diff, got.Items)
			}
		})
	}
}

func TestReadHours(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, start, end string
		minutes          int
	}{
		{"jam 8 sampai 10", "08:00", "10:00", 120},
		{"jam 1 sampai 3", "13:00", "15:00", 120},
		{"01.30-03.00", "01:30", "03:00", 90},
		{"1.30-3.00", "13:30", "15:00", 90},
		{"7-3", "07:00", "15:00", 480},
		{"jam 12-1", "12:00", "13:00", 60},
		{"21.30–05.00", "21:30", "05:00", 450},
		{"jam 10 malam sampai 5 pagi", "22:00", "05:00", 420},
		{"jam 2 siang sampai 4 sore", "14:00", "16:00", 120},
		{"8 - 10 malam", "20:00", "22:00", 120},
		{"10 sampai 2 siang", "10:00", "14:00", 240},
		{"jam delapan sampai sepuluh", "08:00", "10:00", 120},
		{"jam setengah sembilan s/d jam 10", "08:30", "10:00", 90},
		{"0730-1000", "07:30", "10:00", 150},
		{"07:30 wib — 10:00 wib", "07:30", "10:00", 150},
		{"dari pukul 08.00 hingga pukul 09.15", "08:00", "09:15", 75},
		{"jam 8 sampai dengan jam 9", "08:00", "09:00", 60},
		{"22.00 s.d. 24.00", "22:00", "00:00", 120},
		{"jam 5 sampai 8", "05:00", "08:00", 180},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, ok := Duration(tt.text)
			if want := (Spent{Minutes: tt.minutes, Start: tt.start, End: tt.end}); !ok || got != want {
				t.Errorf("Duration(%q) = %+v, %t, want %+v", tt.text, got, ok, want)
			}
		})
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want Spent
		ok   bool
	}{
		{"120", Spent{Minutes: 120}, true},
		{"2", Spent{Minutes: 120, Doubt: Ambiguous}, true},
		{"1,5 jam", Spent{Minutes: 90}, true},
		{"setengah jam", Spent{Minutes: 30}, true},
		{"1 1/2 jam", Spent{Minutes: 90}, true},
		{"3/4 jam", Spent{Minutes: 45}, true},
		{"tiga perempat jam", Spent{Minutes: 45}, true},
		{"2 x 45 menit", Spent{Minutes: 90}, true},
		{"1.30 jam", Spent{Minutes: 90, Doubt: Ambiguous}, true},
		{"sekitar 2 jam pak", Spent{Minutes: 120}, true},
		{"pagi–siang", Spent{Doubt: Vague}, false},
		{"1 hari", Spent{Doubt: Vague}, false},
		{"30-45 menit", Spent{Doubt: Between}, false},
		{"lama sekali", Spent{Doubt: Missing}, false},
		{"", Spent{Doubt: Missing}, false},
		{"-5", Spent{Minutes: 300, Doubt: Ambiguous}, true},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			if got, ok := Duration(tt.text); got != tt.want || ok != tt.ok {
				t.Errorf("Duration(%q) = %+v, %t, want %+v, %t", tt.text, got, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestQuantity(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want Amount
		ok   bool
	}{
		{"25 berkas", Amount{Quantity: Int(25), Unit: "berkas"}, true},
		{"25", Amount{Quantity: Int(25), Doubt: NoUnit}, true},
		{"dua puluh lima", Amount{Quantity: Int(25), Doubt: Words}, true},
		{"1.200 lbr", Amount{Quantity: Int(1200), Unit: "lembar"}, true},
		{"2,5 ton", Amount{Quantity: Milli(2500), Unit: "ton"}, true},
		{"1 kegiatan, 1 kasus", Amount{Quantity: Int(1), Unit: "kegiatan", More: []Result{{Int(1), "kasus"}}}, true},
		{"9 objek pajak, Rp4.350.000", Amount{Quantity: Int(9), Unit: "objek pajak", More: []Result{{Int(4350000), "rupiah"}}}, true},
		{"25-30 berkas", Amount{Unit: "berkas", Doubt: Between}, false},
		{"banyak", Amount{Doubt: Missing}, false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, ok := Quantity(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" || ok != tt.ok {
				t.Errorf("Quantity(%q), %t (-want +got):\n%s", tt.text, ok, diff)
			}
		})
	}
}

func TestYesNoAndNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ya": "yes", "Nggih pak": "yes", "ok": "yes", "betul": "yes", "tidak": "no nothing", "gak": "no nothing", "bukan": "no nothing",
		"nihil": "no nothing", "-": "no nothing", "tdk ada": "no nothing", "hujan": "", "2": "",
	} {
		got := ""
		if yes, ok := YesNo(text); ok && yes {
			got = "yes"
		} else if ok {
			got = "no"
		}
		if Nothing(text) {
			got = strings.TrimSpace(got + " nothing")
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestReadLimits(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "%d. rapat %d; 1 notulen; 30 menit\n", i+1, i)
	}
	r := Read(b.String())
	if len(r.Items) != MaxItems || r.Ask[len(r.Ask)-1].Reason != TooMany {
		t.Errorf("%d items, last doubt %+v, want %d and too_many", len(r.Items), r.Ask[len(r.Ask)-1], MaxItems)
	}
	if !Read(strings.Repeat("rapat ", 1000)).Cut || Read("rapat"+strings.Repeat(" ", 5000)).Cut {
		t.Error("Cut must tell a message that was longer than we read, not one with blanks behind it")
	}
}

// No message may hold a worker: the worst inputs of the full length stay fast.
func TestReadWorstCases(t *testing.T) {
	t.Parallel()
	for _, s := range [...]string{
		"1 ", "1.", "1,", ";", "jam ", "2 jam ", "08.00-", "rapat 2 jam dan ", "(", ")", "(1", "kendala ", "kelas 1 dan ", ": ", "ke ", "satu ", "sampai ", "- ", "-", "1/", "x 1 ", "a, ", "a\n", "25 berkas ", "😀", "lalu 1 jam a ", "total ", "rapat 5 orang, ", "1-2-", "'", "Rp",
	} {
		text := strings.Repeat(s, MaxRunes/len([]rune(s))+1)
		// A reading that grows with the square of the text does not end in time;
		// how long a line takes is for BenchmarkRead to say.
		if r := Read(text); len(r.Items) > MaxItems {
			t.Errorf("%q repeated gave %d items", s, len(r.Items))
		}
	}
}

func TestItemJSON(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(Read("rapat").Items)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"description":"rapat","quantity":null,"unit":null,"minutes":null,"start":null,"end":null,"source":"rapat"}]`
	if string(b) != want {
		t.Errorf("got %s, want %s", b, want)
	}
}

// What we would write ourselves is read back as it was meant.
func TestReadCanonical(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1_000_000).Draw(t, "quantity")
		unit := rapid.SampledFrom([]string{"berkas", "dokumen", "laporan", "orang", "pasien", "objek pajak", "jam pelajaran", "nota dinas", "lembar", "titik"}).Draw(t, "unit")
		start := rapid.IntRange(0, 1439).Draw(t, "start")
		long := rapid.IntRange(1, 960).Draw(t, "minutes")
		desc := rapid.SampledFrom([]string{"Verifikasi SPTPD", "Rapat koordinasi RW 07", "Mengajar kelas 5", "Patroli Jl. Slamet Riyadi", "Reviu RKA, SPT 700/123"}).Draw(t, "description")
		text := fmt.Sprintf("%s; %s %s; %s–%s", desc, Int(n).Indonesian(), unit, dotted(start), dotted(start+long))
		want := []Item{{Description: desc, Quantity: Int(n), Unit: unit, Minutes: long, Start: hhmm(start), End: hhmm((start + long) % 1440), Source: text}}
		got := Read(text)
		if diff := cmp.Diff(want, got.Items); diff != "" || len(got.Ask) > 0 {
			t.Fatalf("%q: %+v (-want +got):\n%s", text, got.Ask, diff)
		}
	})
}

func dotted(m int) string { return strings.ReplaceAll(hhmm(m%1440), ":", ".") }

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n         Number
		str, indo string
	}{
		{Int(25), "25", "25"}, {Milli(2500), "2.5", "2,5"}, {Int(4350000), "4350000", "4.350.000"}, {Number{}, "", ""}, {Int(0), "0", "0"}, {Milli(1234567), "1234.567", "1.234,567"},
	} {
		if tt.n.String() != tt.str || tt.n.Indonesian() != tt.indo {
			t.Errorf("got %q and %q, want %q and %q", tt.n, tt.n.Indonesian(), tt.str, tt.indo)
		}
		b, err := json.Marshal(tt.n)
		if err != nil {
			t.Fatal(err)
		}
		var back Number
		if err := json.Unmarshal(b, &back); err != nil || back != tt.n {
			t.Errorf("%s came back as %v, %v", b, back, err)
		}
	}
}
