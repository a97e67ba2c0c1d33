package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ekinerja/roster"
)

func plan(texts ...string) []roster.PlanItem {
	out := make([]roster.PlanItem, len(texts))
	for i, s := range texts {
		out[i] = roster.PlanItem{ID: int64(i + 1), Code: fmt.Sprint(i + 1), Text: s}
	}
	return out
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	tax := plan(
		"Terverifikasinya SPTPD pajak hotel, restoran, dan hiburan sesuai ketentuan",
		"Tertagihnya piutang PBB-P2 wajib pajak di wilayah binaan",
		"Tersusunnya laporan realisasi penerimaan pajak daerah",
		"Terselenggaranya koordinasi dan pembinaan bidang pajak daerah",
	)
	ward := plan(
		"Terlaksananya asuhan keperawatan pasien rawat inap sesuai standar",
		"Terdokumentasikannya catatan perkembangan pasien (CPPT) secara lengkap",
		"Terpeliharanya alat kesehatan di ruang rawat",
	)
	village := plan(
		"Terlayaninya surat pengantar dan legalisasi warga Kelurahan Kadipiro",
		"Tertatanya arsip layanan kelurahan",
		"Terlaksananya monitoring kerja bakti dan mediasi warga",
	)
	for _, c := range []struct {
		plan []roster.PlanItem
		said string
		want int64
	}{
		{tax, "Verifikasi SPTPD hotel dan restoran", 1},
		{tax, "Verifikasi SPTPD pajak hotel dan restoran", 1},
		{tax, "Penagihan piutang PBB-P2 door to door", 2},
		{tax, "Menagih piutang PBB", 2},
		{tax, "Menyusun laporan realisasi", 3},
		{tax, "Rapat koordinasi bidang", 4},
		{tax, "Apel pagi", 0},
		{tax, "Donor darah", 0},
		{tax, "Upacara hari KORPRI", 0},
		{ward, "Asuhan keperawatan pasien rawat inap bangsal Anggrek", 1},
		{ward, "Serah terima dan pendokumentasian CPPT", 2},
		{ward, "Senam pagi", 0},
		{village, "Melayani surat pengantar dan legalisasi", 1},
		{village, "Mengarsipkan berkas layanan", 2},
		{village, "Monitoring kerja bakti RW 07 dan mediasi batas tanah", 3},
		{village, "Input data bansos", 0},
		{village, "", 0},
	} {
		got := roster.NewMatcher(c.plan, nil).Suggest(c.said)
		if got.Item != c.want {
			t.Errorf("%q serves %d, want %d", c.said, got.Item, c.want)
		}
		if (got.By == roster.ByNothing) != (got.Item == 0) {
			t.Errorf("%q: %+v", c.said, got)
		}
	}
}

func TestOwnChoiceGoesFirst(t *testing.T) {
	t.Parallel()
	items := plan("Terverifikasinya SPTPD hotel dan restoran", "Terlayaninya wajib pajak")
	m := roster.NewMatcher(items, []roster.Chosen{
		{"Verifikasi SPTPD hotel", 2}, {"Verifikasi SPTPD hotel", 1}, {"Verifikasi SPTPD restoran", 0}, {"Rapat", 99},
	})
	for said, want := range map[string]roster.Served{
		"verifikasi sptpd HOTEL.":             {Item: 2, By: roster.ByEarlier}, // the newest counts
		"Verifikasi SPTPD restoran":           {Item: 0, By: roster.ByEarlier}, // an additional duty, as chosen
		"Verifikasi SPTPD hotel bintang":      {Item: 2, By: roster.ByEarlier}, // alike
		"Terverifikasinya hotel dan restoran": {Item: 1, By: roster.ByWords},
		"Rapat":                               {Item: 0, By: roster.ByNothing}, // the chosen item is gone
	} {
		if got := m.Suggest(said); got != want {
			t.Errorf("%q: %+v, want %+v", said, got, want)
		}
	}
}

// words are drawn so that some meet the items'.
func words(r *rapid.T, label string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
		"verifikasi", "berkas", "pajak", "laporan", "menyusun", "surat", "dan", "rapat", "pasien", "PBB-P2", "x", "Ünï", "",
	}), 0, 8).Draw(r, label), " ")
}

// TestSuggestNeverLeavesThePlan: whatever was said and chosen before, only an
// item of this very plan or none is suggested, and always the same.
func TestSuggestNeverLeavesThePlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var items []roster.PlanItem
		mine := map[int64]bool{0: true}
		for i := range rapid.IntRange(0, 8).Draw(r, "items") {
			id := int64(1000 + i)
			mine[id] = true
			items = append(items, roster.PlanItem{ID: id, Text: words(r, "item")})
		}
		var chosen []roster.Chosen
		for range rapid.IntRange(0, 5).Draw(r, "chosen") {
			chosen = append(chosen, roster.Chosen{Description: words(r, "past"), Item: rapid.Int64Range(996, 1010).Draw(r, "chosen item")})
		}
		said := words(r, "said")
		m := roster.NewMatcher(items, chosen)
		got := m.Suggest(said)
		if !mine[got.Item] {
			r.Fatalf("%q serves %d, which is not in the plan", said, got.Item)
		}
		if again := roster.NewMatcher(slices.Clone(items), slices.Clone(chosen)).Suggest(said); again != got {
			r.Fatalf("%q serves %+v, then %+v", said, got, again)
		}
		for _, it := range m.Nearest(said, 3) {
			if !mine[it.ID] || it.ID == 0 {
				r.Fatalf("%q is near %d, which is not in the plan", said, it.ID)
			}
		}
		if n := len(m.Nearest(said, 3)); n != min(3, len(items)) {
			r.Fatalf("%d of %d items are near", n, len(items))
		}
	})
}

func TestSimilarityIsSymmetric(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.String().Draw(r, "a"), words(r, "b")
		s := roster.Similarity(a, b)
		if s != roster.Similarity(b, a) || s < 0 || s > 1 {
			r.Fatalf("similarity of %q and %q: %v and %v", a, b, s, roster.Similarity(b, a))
		}
		if self := roster.Similarity(b, b); self != 1 && self != 0 {
			r.Fatalf("%q is like itself by %v", b, self)
		}
	})
}

func TestUsuals(t *testing.T) {
	t.Parallel()
	past := []roster.Past{
		{Description: "Rapat bidang", Minutes: 90},
		{Description: "verifikasi berkas PBB", Unit: "berkas", Minutes: 70},
		{Description: "Verifikasi Berkas PBB", Unit: "berkas", Minutes: 50},
		{Description: "Rapat  bidang.", Unit: "kegiatan"},
		{Description: "Rapat bidang", Unit: "kegiatan", Minutes: 60},
	}
	for i := range 10 {
		past = append(past, roster.Past{Description: fmt.Sprintf("Lama %c", 'a'+i)})
	}
	bank := []roster.Standard{
		{Name: "Verifikasi berkas PBB", Result: "berkas", Minutes: 60}, {Name: "Apel pagi", Result: "kegiatan", Minutes: 30},
	}
	got := roster.Usuals(past, bank)
	want := []roster.Usual{
		{Name: "Rapat bidang", Unit: "kegiatan", Minutes: 90, Own: true},
		{Name: "verifikasi berkas PBB", Unit: "berkas", Minutes: 60, Agreed: true, Own: true},
		{Name: "Lama a", Own: true},
		{Name: "Lama b", Own: true},
		{Name: "Lama c", Own: true},
		{Name: "Lama d", Own: true},
		{Name: "Lama e", Own: true},
		{Name: "Apel pagi", Unit: "kegiatan", Minutes: 30, Agreed: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for said, minutes := range map[string]int{
		"VERIFIKASI berkas pbb": 60, "Verifikasi berkas PBB-P2": 60, "Lama a": 0, "Rapat besar dengan DPRD": 0, "apel pagi": 30,
	} {
		if u, _ := roster.UsualFor(said, got); u.Minutes != minutes {
			t.Errorf("%q usually takes %d, want %d", said, u.Minutes, minutes)
		}
	}
}

func BenchmarkSuggest200(b *testing.B) {
	items := make([]roster.PlanItem, 200)
	for i := range items {
		items[i] = roster.PlanItem{ID: int64(i + 1), Text: fmt.Sprintf("Terverifikasinya berkas pajak nomor %d di wilayah binaan sesuai ketentuan yang berlaku", i)}
	}
	b.Run("prepared", func(b *testing.B) {
		m := roster.NewMatcher(items, nil)
		for b.Loop() {
			m.Suggest("Verifikasi berkas pajak hotel dan restoran")
		}
	})
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			roster.NewMatcher(items, nil).Suggest("Verifikasi berkas pajak hotel dan restoran")
		}
	})
}
