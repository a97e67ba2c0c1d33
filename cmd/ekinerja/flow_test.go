package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamplesOfFlows checks and plays the files that docs/flow.md shows.
func TestExamplesOfFlows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		does string
		want []string
	}{
		"kelurahan": {
			nil, "Pelayanan surat pengantar; 12 surat; 180 menit\n:2\nRT 03 RW 05\nlewati\n:1\n",
			[]string{"RT dan RW mana yang dikunjungi? RT 03 RW 05", `"tempat":"Lapangan"`, "it took 3 messages and 2 taps"},
		},
		"kelurahan on the road": {
			[]string{"--as", "field_duty", "--post", "Lurah"},
			"Rapat koordinasi; 1 kegiatan; 90 menit\n:1\nSPT 094/12\n:1\n",
			[]string{"Nomor surat tugasnya? SPT 094/12", `"spt":"SPT 094/12"`},
		},
		"puskesmas": {
			[]string{"--opd", "Puskesmas Sibela", "--post", "Bidan"},
			"Imunisasi; 20 balita; 180 menit\n:3\n:5\n:6\n:lokasi\n:1\n",
			[]string{"✓ Imunisasi", "the bubble changes", `"layanan":"Imunisasi; Posyandu"`},
		},
		"puskesmas elsewhere": {
			[]string{"--opd", "Puskesmas Sibela", "--post", "Sopir"},
			"Mengantar vaksin; 3 kali; 90 menit\n:1\n",
			[]string{"own answers map[]", "it took 1 messages and 1 taps"},
		},
		"damkar": {
			[]string{"--as", "shift"},
			"Piket regu 2; 1 regu; 480 menit\nya\n08.00-10.00\n15 menit\n:foto\n:1\n",
			[]string{"di lokasi? 08.00–10.00", "1 foto", `"tiba":"15"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, _, _ := strings.Cut(name, " ")
			file = filepath.Join("..", "..", "docs", "flow", file+".toml")
			script := filepath.Join(t.TempDir(), "script")
			if err := os.WriteFile(script, []byte(c.does), 0o600); err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			args := append([]string{"flow", "try", file, "--script", script}, c.args...)
			if code := run(t.Context(), args, streams{in: strings.NewReader(""), out: &out, err: &out}); code != 0 {
				t.Fatalf("exit code %d: %s", code, out.String())
			}
			for _, want := range append(c.want, "kept with "+strings.TrimSuffix(filepath.Base(file), ".toml")+"/1") {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in:\n%s", want, out.String())
				}
			}
		})
	}
}
