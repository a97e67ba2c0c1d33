package conversations_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ekinerja/conversations"
)

// rollSaid writes a roll in one line: "1 hadir, 3 sakit | the rest".
func rollSaid(r conversations.Roll) string {
	var parts []string
	for n := 1; n <= 60; n++ {
		if s := r.States[n]; s != "" {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	out := strings.Join(parts, ", ")
	if len(r.Unknown) > 0 {
		out += fmt.Sprint(" ?", r.Unknown)
	}
	if r.Rest != "" {
		out += " | " + r.Rest
	}
	return out
}

func places(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i + 1
	}
	return all
}

// Rolls as foremen write them; the first two are from the city's own wish list.
func TestReadRoll(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1 2 4 hadir, 3 sakit":  "1 hadir, 2 hadir, 3 sakit, 4 hadir",
		"hadir 1-3, 5; 4 sakit": "1 hadir, 2 hadir, 3 hadir, 4 sakit, 5 hadir",
		"hadir 1-3, 5; 4 sakit; menyapu Jl. Adi; 6 km; 240 menit": "1 hadir, 2 hadir, 3 hadir, 4 sakit, 5 hadir | menyapu Jl. Adi; 6 km; 240 menit",
		"1, 2 dan 4 hadir":            "1 hadir, 2 hadir, 4 hadir",
		"semua hadir":                 "1 hadir, 2 hadir, 3 hadir, 4 hadir, 5 hadir",
		"hadir semua":                 "1 hadir, 2 hadir, 3 hadir, 4 hadir, 5 hadir",
		"semua hadir kecuali 3 dan 5": "1 hadir, 2 hadir, 3 tidak_hadir, 4 hadir, 5 tidak_hadir",
		"semua hadir kecuali 3 sakit": "1 hadir, 2 hadir, 3 sakit, 4 hadir, 5 hadir",
		"semua hadir, menyapu taman dan saluran 120 menit": "1 hadir, 2 hadir, 3 hadir, 4 hadir, 5 hadir | menyapu taman dan saluran 120 menit",
		"1-4":                     "1 hadir, 2 hadir, 3 hadir, 4 hadir",
		"1 s.d. 3 masuk\n5 izin":  "1 hadir, 2 hadir, 3 hadir, 5 cuti",
		"2 tidak hadir, 3 alpa":   "2 tidak_hadir, 3 tidak_hadir",
		"tidak hadir 2, 3":        "2 tidak_hadir, 3 tidak_hadir",
		"1-9 hadir":               "1 hadir, 2 hadir, 3 hadir, 4 hadir, 5 hadir ?[6 7 8 9]",
		"no 1 dan no 2 libur":     "1 libur, 2 libur",
		"4 sakit, lainnya hadir":  "4 sakit | lainnya hadir",
		"menyapu 6 km; 240 menit": " | menyapu 6 km; 240 menit",
		"hadir":                   "",
		"":                        "",
	} {
		roll, named := conversations.ReadRoll(text, places(5))
		if diff := cmp.Diff(want, rollSaid(roll)); diff != "" {
			t.Errorf("%q:\n%s", text, diff)
		}
		if named != (len(roll.States) > 0) {
			t.Errorf("%q: named %v with %d states", text, named, len(roll.States))
		}
	}
}

// TestRollNamesOnlyTheCrew: whatever is written, nobody outside the crew gets a
// state, and what was not understood is kept.
func TestRollNamesOnlyTheCrew(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		crew := rapid.SliceOfNDistinct(rapid.IntRange(1, 60), 1, 12, rapid.ID[int]).Draw(t, "crew")
		word := rapid.SampledFrom([]string{"hadir", "sakit", "1", "2-5", "9", ";", ",", "dan", "semua", "kecuali", "menyapu", "240 menit", "\n", "tidak", "60-1", "99999999999999999999"})
		text := strings.Join(rapid.SliceOfN(word, 0, 14).Draw(t, "words"), " ")
		roll, _ := conversations.ReadRoll(text, crew)
		for n := range roll.States {
			if !slices.Contains(crew, n) {
				t.Fatalf("%q gives %d a state", text, n)
			}
		}
		if strings.Contains(text, "menyapu") && !strings.Contains(roll.Rest, "menyapu") {
			t.Fatalf("%q loses its activity: %q", text, roll.Rest)
		}
	})
}
