package scoring

import (
	"errors"
	"strings"
	"testing"

	"ekinerja/roster"
)

func TestSoloIsComplete(t *testing.T) {
	t.Parallel()
	r := Solo()
	if err := r.Check(); err != nil {
		t.Fatal(err)
	}
	if r.Name != "solo" || r.Target != 300 || len(r.Discipline) != 9 || r.From != roster.MustDay("2026-01-01") ||
		!r.Weights.Minutes.Equal(dec("60")) || !r.Suitability.Cukup.Equal(dec("0.75")) || !r.DayCap.Equal(dec("3")) {
		t.Errorf("solo is %+v", r)
	}
}

func TestParseErrorsNameLineAndKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, old, new, want string }{
		{"weights", "minutes     = 60", "minutes     = 61", "line 15: weights: they sum to 101, want 100"},
		{"target", "target_minutes = 300", "target_minutes = 0", "line 12: target_minutes: got 0"},
		{"not a number", "cukup      = 0.75", `cukup      = "tiga"`, `line 30: suitability.cukup: got "tiga"`},
		{"not a number at all", "cukup      = 0.75", `cukup      = inf`, `line 30: suitability.cukup: got "+Inf"`},
		{"endless number", "cukup      = 0.75", `cukup      = "1e999999999"`, `line 30: suitability.cukup: got "1e999999999"`},
		{"missing key", "cukup      = 0.75\n", "", "line 28: suitability.cukup: is missing"},
		{"unknown key", "cukup ", "bagus ", "line 30: rubric.suitability.bagus: unknown key"},
		{"unknown table", "[rubric.index]", "[rubric.indeks]", "unknown key"},
		{"silence costs", "unreviewed = 1", "unreviewed = 0.5", "line 33: suitability.unreviewed: want at least sesuai"},
		{"late above on time", "late    = 0.5", "late    = 1.5", "punctual: want 1 >= on_time"},
		{"day", "2026-01-01", `"1 Januari"`, `line 8: from: got "1 Januari"`},
		{"no day", "from    = 2026-01-01\n", "", "line 5: from: want the first day in force"},
		{"basis", `basis   = "PP`, `basis   = "" # "PP`, "line 9: basis: want the legal basis"},
		{"index", "d = 0.4", "d = 0.5", "line 36: index:"},
		{"syntax", "d = 0.4", "d = = 0.4", "line 38"},
		{"wrong type", `name    = "solo"`, "name    = 5", `line 6 (last key "rubric.name")`},
		{"overlap", "from = 31", "from = 30", "line 51: attendance.class[1]: TL2 overlaps TL1"},
		{"kind", `kind = "TK"`, `kind = "XX"`, `attendance.class[8].kind: got "XX"`},
		{"percent", "percent = 1.25", "percent = 125", "line 63: attendance.class[2].percent: want 0 to 100"},
		{"too fine", "late    = 0.5", "late    = 0.12345678", "at most 6 decimals"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			solo := string(Profile("solo"))
			text := strings.Replace(solo, c.old, c.new, 1)
			if text == solo {
				t.Fatalf("%q is not in solo.toml", c.old)
			}
			_, err := Parse(strings.NewReader(text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// second is solo again, as another version with another range.
func second(from, to string) string {
	s := strings.Replace(string(Profile("solo")), `"2026.1"`, `"2027.1"`, 1)
	if to != "" {
		from += "\nto = " + to
	}
	return strings.Replace(s, "2026-01-01", from, 1)
}

func TestParseAllRanges(t *testing.T) {
	t.Parallel()
	first := strings.Replace(string(Profile("solo")), "2026-01-01", "2026-01-01\nto = 2026-12-31", 1)
	if _, err := ParseAll(strings.NewReader(first + second("2026-12-31", ""))); err == nil ||
		!strings.Contains(err.Error(), "from: solo 2027.1 is in force on days of solo 2026.1") {
		t.Errorf("overlap: got %v", err)
	}
	if _, err := ParseAll(strings.NewReader(first + second("2027-02-01", "2027-01-01"))); err == nil ||
		!strings.Contains(err.Error(), "to: 2027-01-01 is before from 2027-02-01") {
		t.Errorf("turned range: got %v", err)
	}
	all, err := ParseAll(strings.NewReader(first + second("2027-02-01", "")))
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{
		"2025-12-31": "", "2026-01-01": "2026.1", "2026-12-31": "2026.1",
		"2027-01-01": "", "2027-02-01": "2027.1", "2031-12-31": "2027.1",
	} {
		got, err := RubricOn(all, roster.MustDay(day))
		if got.Version != want || (want == "") != errors.Is(err, ErrNoRubric) {
			t.Errorf("%s: got %q %v, want %q", day, got.Version, err, want)
		}
	}
	if _, err := Parse(strings.NewReader(first + second("2027-02-01", ""))); err == nil {
		t.Error("Parse took two rubrics")
	}
}

func FuzzParseAll(f *testing.F) {
	f.Add(string(Profile("solo")))
	f.Add(second("2027-01-01", "2027-06-30"))
	f.Add("[[rubric]]\nname = 1")
	f.Add("rubric = [{}]")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := ParseAll(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, r := range all {
			if err := r.Check(); err != nil {
				t.Errorf("accepted a rubric that Check refuses: %v", err)
			}
		}
	})
}
