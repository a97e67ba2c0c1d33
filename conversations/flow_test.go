package conversations_test

import (
	"strings"
	"testing"

	"ekinerja/conversations"
)

const head = "name = \"harian\"\nversion = 2\n"

func question(lines ...string) string { return "[[question]]\n" + strings.Join(lines, "\n") + "\n" }

var (
	first = question(`key = "activities"`, `kind = "activities"`, `when = "always"`)
	last  = question(`key = "confirm"`, `kind = "confirm"`, `when = "always"`)
)

func TestFlowErrorsNameLineAndKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, want string }{
		"not toml":      {"name = ", "line 1"},
		"unknown key":   {head + "colour = 1\n" + first + last, `line 3: unknown key "colour"`},
		"bad name":      {"name = \"Harian!\"\nversion = 1\n" + first + last, `key "name": "Harian!" found`},
		"no version":    {"name = \"harian\"\n" + first + last, `key "version": 0 found`},
		"no confirm":    {head + first, `the last of kind "confirm"`},
		"bad kind":      {head + first + question(`key = "x"`, `kind = "drawing"`, `when = "always"`) + last, `line 9: question 2 (x): key "kind": "drawing" found`},
		"bad when":      {head + first + question(`key = "x"`, `kind = "text"`, `when = "often"`, `id = "?"`) + last, `key "when": "often" found`},
		"no wording":    {head + first + question(`key = "x"`, `kind = "text"`, `when = "always"`) + last, `key "id": the wording is missing`},
		"one option":    {head + first + question(`key = "x"`, `kind = "choice"`, `when = "always"`, `id = "?"`, `options = ["a"]`) + last, `key "options": 1 found, want 2 to 8`},
		"long option":   {head + first + question(`key = "x"`, `kind = "choice"`, `when = "always"`, `id = "?"`, `options = ["a", "lebih dari dua puluh huruf"]`) + last, `want 1 to 20`},
		"twice the key": {head + first + question(`key = "x"`, `kind = "text"`, `when = "always"`, `id = "?"`) + question(`key = "x"`, `kind = "text"`, `when = "always"`, `id = "?"`) + last, `key "x" is used twice`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conversations.ParseFlow("solo.toml", c.file)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "solo.toml") {
				t.Fatalf("got %v, want the file and %q", err, c.want)
			}
		})
	}
}

// TestOwnQuestions plays a city's flow with a choice, a number and a yes-or-no.
func TestOwnQuestions(t *testing.T) {
	t.Parallel()
	flow, err := conversations.ParseFlow("solo.toml", head+first+
		question(`key = "lokasi"`, `kind = "choice"`, `when = "always"`, `id = "Bekerja di mana?"`, `options = ["Kantor", "Lapangan"]`)+
		question(`key = "tamu"`, `kind = "number"`, `when = "always"`, `id = "Berapa tamu?"`)+
		question(`key = "apel"`, `kind = "yes_no"`, `when = "always"`, `id = "Ikut apel?"`)+last)
	if err != nil {
		t.Fatal(err)
	}
	c := newChat(t)
	c.h.Flow = flow
	c.wants(c.types("Rapat; 1 kegiatan; 60 menit"), "Bekerja di mana?")
	c.wants(c.taps("Lapangan"), "Berapa tamu?")
	c.wants(c.types("banyak"), "Mohon ditulis dengan angka")
	c.wants(c.types("12"), "Ikut apel?")
	got := c.taps("Ya")
	c.wants(got, "Bekerja di mana? Lapangan")
	c.wants(got, "Ikut apel? ya")
	c.taps("Kirim")
	if got := c.out.Report.Extra; got["lokasi"] != "Lapangan" || got["tamu"] != "12" || got["apel"] != "ya" {
		t.Fatalf("stored %v", got)
	}
	if c.out.Report.Flow != "harian/2" {
		t.Fatalf("made with flow %q", c.out.Report.Flow)
	}
}

func FuzzParseFlow(f *testing.F) {
	f.Add(head + first + last)
	f.Add("name = 1")
	f.Fuzz(func(t *testing.T, text string) {
		flow, err := conversations.ParseFlow("fuzz.toml", text)
		if err == nil && (flow.Name == "" || len(flow.Questions) < 2) {
			t.Fatalf("accepted %+v", flow)
		}
	})
}
