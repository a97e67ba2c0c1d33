package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ekinerja/store/storetest"
)

const planPeople = `nip;nama;opd;unit;nip_atasan;hp
197305211997042007;Sri Wahyuni;Bapenda;Pajak;;
197901092005121008;Agus Prasetyo;Bapenda;Pajak;197305211997042007;
`

const somePlans = `nip;no_rhk;uraian;indikator;target;satuan;periode
'197305211997042007;RHK 1;Terverifikasinya berkas PBB;Jumlah berkas;2.400;berkas;2026
'197305211997042007;2;Terlayaninya wajib pajak;;480;orang;2026-TW4
`

// TestPlanCommands: what is imported is exported the same; a bad file changes
// nothing; a dry run changes nothing; a changed item is shown with what it was.
func TestPlanCommands(t *testing.T) {
	t.Parallel()
	url := "--database-url=" + storetest.New(t)
	if _, errs, code := command(t, "", "roster", "import", write(t, "people.csv", planPeople), "--yes", url); code != 0 {
		t.Fatal(errs)
	}
	plans := write(t, "plans.csv", somePlans)
	imports := func(want string, code int, args ...string) {
		t.Helper()
		out, errs, got := command(t, "", append([]string{"plan"}, append(args, url)...)...)
		if got != code || !strings.Contains(out+errs, want) {
			t.Fatalf("%v: code %d, want %d and %q:\n%s%s", args, got, code, want, out, errs)
		}
	}
	imports("in all: 2 added", 0, "import", plans, "--dry-run")
	imports("in all: 2 added", 1, "import", plans) // nobody says yes
	imports("imported: 2 added, 0 changed, 0 ended", 0, "import", plans, "--yes")
	imports("in all: 0 added, 0 changed, 0 ended, 2 unchanged", 0, "import", plans, "--yes")
	imports("line 2, no_rhk", 1, "import", write(t, "bad.csv", strings.ReplaceAll(somePlans, ";RHK 1;", ";;")), "--yes")
	imports("was: Terverifikasinya berkas PBB", 0, "import", write(t, "new.csv", strings.ReplaceAll(somePlans, "berkas PBB", "SPTPD")), "--yes")

	for _, ext := range []string{".csv", ".xlsx"} {
		file := filepath.Join(t.TempDir(), "out"+ext)
		imports("2 rows written", 0, "export", file)
		imports("0 added, 0 changed, 0 ended, 2 unchanged", 0, "import", file, "--yes")
	}

	bank := write(t, "bank.csv", "opd,unit,kegiatan,satuan,menit\nBapenda,Pajak,Verifikasi berkas PBB,berkas,120\nBapenda,,Apel pagi,kegiatan,30\n")
	imports("imported: 2 added", 0, "bank", bank, "--yes")
	imports("line 2, menit: these are no minutes", 1, "bank", write(t, "b2.csv", "opd,kegiatan,menit\nBapenda,Rapat,0\n"+"Bapenda,Senam,20\n"), "--yes")
	file := filepath.Join(t.TempDir(), "bank.xlsx")
	imports("2 rows written", 0, "export-bank", file)
	imports("0 added, 0 changed, 0 ended, 2 unchanged", 0, "bank", file, "--yes")
	if _, err := os.Stat(file); err != nil {
		t.Fatal(err)
	}
}
