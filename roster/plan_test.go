package roster_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ekinerja/roster"
)

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2026": "2026", " 2026-TW4": "2026-TW4", "TW IV 2026": "2026-TW4", "Triwulan 2 2027": "2027-TW2", "2026 Q1": "2026-TW1",
		"tw.iii/2026": "2026-TW3", "": "", "26": "", "2026-TW5": "", "November 2026": "",
	} {
		p, err := roster.ParsePeriod(in)
		got := p.String()
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("ParsePeriod(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPeriodContains(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		period, day string
		want        bool
	}{
		{"2026", "2026-01-01", true},
		{"2026", "2026-12-31", true},
		{"2026", "2027-01-01", false},
		{"2026-TW4", "2026-09-30", false},
		{"2026-TW4", "2026-10-01", true},
		{"2026-TW4", "2026-12-31", true},
		{"2026-TW1", "2026-03-31", true},
		{"2026-TW1", "2026-04-01", false},
	} {
		p, err := roster.ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Contains(roster.MustDay(c.day)); got != c.want {
			t.Errorf("%s contains %s: %v", c.period, c.day, got)
		}
		if c.want && p.First().After(roster.MustDay(c.day)) {
			t.Errorf("%s begins after %s", c.period, c.day)
		}
	}
}

const sri, agus = "197305211997042007", "197901092005121008"

func people() map[string]bool { return map[string]bool{sri: true, agus: true} }

func TestReadPlansTellsEveryBadRow(t *testing.T) {
	t.Parallel()
	const file = "NIP;No RHK;Uraian;Indikator;Target;Satuan;Periode\n" +
		"'" + sri + ";RHK 1.;Terverifikasinya SPTPD hotel dan restoran;Persentase SPTPD;100;%;2026\n" +
		"12345;1;A;;;;2026\n" +
		";2;A;;;;2026\n" +
		"'" + sri + ";;A;;;;2026\n" +
		"'" + sri + ";2;;;;;2026\n" +
		"'" + sri + ";2;Tersusunnya laporan;;;;bulan ini\n" +
		"'" + sri + ";1;Yang sama lagi;;;;2026\n" +
		"1,97305E+17;1;A;;;;2026\n" +
		"'" + agus + ";1;Terlayaninya wajib pajak;;;;TW IV 2026\n"
	got, problems, err := roster.ReadPlans(strings.NewReader(file), people())
	if err != nil {
		t.Fatal(err)
	}
	want := []roster.PlanItem{
		{Number: sri, Code: "1", Text: "Terverifikasinya SPTPD hotel dan restoran", Indicator: "Persentase SPTPD", Target: "100", Unit: "%", Period: roster.Period{Year: 2026}},
		{Number: agus, Code: "1", Text: "Terlayaninya wajib pajak", Period: roster.Period{Year: 2026, Quarter: 4}},
	}
	if diff := cmp.Diff(want, got.Items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
	var lines []string
	for _, p := range problems {
		lines = append(lines, fmt.Sprintf("%d %s", p.Line, p.Column))
		if p.Fix == "" || p.Message == "" {
			t.Errorf("line %d has no reason or no mend: %+v", p.Line, p)
		}
	}
	if diff := cmp.Diff([]string{"3 NIP", "4 NIP", "5 No RHK", "6 Uraian", "7 Periode", "8 No RHK", "9 NIP"}, lines); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestReadBankTellsEveryBadRow(t *testing.T) {
	t.Parallel()
	places := roster.Places{"Bapenda": {"Pajak": true}}
	const file = "opd,unit,kegiatan,satuan,menit\n" +
		"Bapenda,Pajak,Verifikasi berkas PBB,berkas,15\n" +
		"Bapenda,,Apel pagi,kegiatan,30\n" +
		"Bapeda,,Apel pagi,kegiatan,30\n" +
		"Bapenda,Umum,Apel pagi,kegiatan,30\n" +
		"Bapenda,,APEL PAGI!,kegiatan,20\n" +
		"Bapenda,,Rapat,kegiatan,2 jam\n" +
		"Bapenda,,-,kegiatan,20\n"
	got, problems, err := roster.ReadBank(strings.NewReader(file), places)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Entries) != 2 || got.Entries[1].Name != "Apel pagi" || got.Entries[0].Minutes != 15 {
		t.Errorf("entries: %+v", got.Entries)
	}
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if diff := cmp.Diff([]int{4, 5, 6, 7, 8}, lines); diff != "" {
		t.Errorf("problems (-want +got):\n%s\n%v", diff, problems)
	}
}

// TestPlansSurviveExport: what is written is read back, whatever is in it.
func TestPlansSurviveExport(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`[A-Za-z=+'"@][A-Za-z0-9 ,;'"%=-]{0,30}[a-z]`)
	rapid.Check(t, func(r *rapid.T) {
		var items []roster.PlanItem
		for i := range rapid.IntRange(1, 5).Draw(r, "items") {
			items = append(items, roster.PlanItem{
				Number: rapid.SampledFrom([]string{sri, agus}).Draw(r, "who"), Code: fmt.Sprint(i + 1),
				Text:   strings.Join(strings.Fields(text.Draw(r, "text")), " "),
				Target: rapid.SampledFrom([]string{"", "100", "0,5", "=1+1"}).Draw(r, "target"), Unit: "berkas",
				Period: roster.Period{Year: 2026, Quarter: rapid.IntRange(0, 4).Draw(r, "quarter")},
			})
		}
		for _, xlsx := range []bool{false, true} {
			var b bytes.Buffer
			if err := roster.WritePlans(&b, items, xlsx); err != nil {
				r.Fatal(err)
			}
			got, problems, err := roster.ReadPlans(&b, people())
			if err != nil || len(problems) > 0 {
				r.Fatalf("xlsx %v: %v %v", xlsx, err, problems)
			}
			if diff := cmp.Diff(items, got.Items); diff != "" {
				r.Fatalf("xlsx %v (-written +read):\n%s", xlsx, diff)
			}
		}
	})
}

func TestComparePlans(t *testing.T) {
	t.Parallel()
	year := roster.Period{Year: 2026}
	item := func(id int64, who, code, text string) roster.PlanItem {
		return roster.PlanItem{ID: id, Number: who, Code: code, Text: text, Period: year}
	}
	current := []roster.PlanItem{
		item(1, sri, "1", "satu"), item(2, sri, "2", "dua"), item(3, sri, "3", "tiga"), item(4, agus, "1", "lain"),
	}
	got := roster.ComparePlans(current, roster.Plans{Items: []roster.PlanItem{
		item(0, sri, "1", "satu"), item(0, sri, "2", "dua baru"), item(0, sri, "4", "empat"),
	}})
	want := roster.PlanChange{
		Added: []roster.PlanItem{item(0, sri, "4", "empat")}, Changed: []roster.PlanItem{item(2, sri, "2", "dua baru")},
		Before: []roster.PlanItem{item(2, sri, "2", "dua")}, Ended: []roster.PlanItem{item(3, sri, "3", "tiga")}, Unchanged: 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
