package main

import (
	"strings"
	"testing"

	"ekinerja/store/storetest"
)

const someLeave = `nip;jenis;dari;sampai;nomor_surat
'197305211997042007;Cuti Tahunan;25-11-2026;27-11-2026;850/1203
'197901092005121008;Dinas Luar;2026-11-30;2026-12-01;094/77
`

// TestLeaveFile: shown first, imported in one go, known the second time; a bad row
// is told with its line, column and how to mend it, and stops everything unless it
// is left out.
func TestLeaveFile(t *testing.T) {
	t.Parallel()
	url := "--database-url=" + storetest.New(t)
	if _, errs, code := command(t, "", "roster", "import", write(t, "people.csv", planPeople), "--yes", url); code != 0 {
		t.Fatal(errs)
	}
	file := write(t, "cuti.csv", someLeave)
	imports := func(want string, code int, args ...string) {
		t.Helper()
		out, errs, got := command(t, "", append([]string{"absence", "import"}, append(args, url)...)...)
		if got != code || !strings.Contains(out+errs, want) {
			t.Fatalf("%v: code %d, want %d and %q:\n%s%s", args, got, code, want, out, errs)
		}
	}
	imports("line 2, Sri Wahyuni: CT 2026-11-25 to 2026-11-27, new", 0, file, "--dry-run")
	imports("nothing was imported", 1, file) // nobody says yes
	imports("imported: 2 rows", 0, file, "--yes")
	imports("in all: 0 new, 2 already there", 0, file, "--yes")
	imports("was CT 2026-11-25 to 2026-11-27", 0, write(t, "kurang.csv", strings.ReplaceAll(someLeave, "27-11", "26-11")), "--yes")

	bad := write(t, "bad.csv", someLeave+"'197901092005121008;Cuti Kucing;2026-12-07;2026-12-08;\n"+
		"'197901092005121008;sakit;2026-12-09;2026-12-08;\n'197901092005121008;DL;2026-12-01;2026-12-02;\n'197901092005121099;DL;;2026-12-02;\n")
	for _, want := range []string{
		"line 4, jenis: this kind of absence is not known", "line 5, sampai: the last day is before the first",
		"line 6, dari: line 3 has the same person away", "line 7, nip: ", "line 7, dari: the first day is missing",
	} {
		imports(want, 1, bad, "--yes")
	}
	imports("4 rows skipped, lines [4 5 6 7]", 0, bad, "--yes", "--skip-bad")
}
