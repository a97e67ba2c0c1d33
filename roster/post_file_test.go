package roster

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func town() Known {
	return Known{Facts: office(), People: []Employee{
		{ID: 1, Number: "TKPK-1", OPD: "Bapenda"},
		{ID: 2, Number: "TKPK-2", OPD: "Bapenda", Supervisor: "TKPK-1"},
		{ID: 3, Number: "TKPK-3", OPD: "Bapenda", Supervisor: "TKPK-1"},
		{ID: 4, Number: "TKPK-4", OPD: "Bapenda", Supervisor: "TKPK-2"},
		{ID: 5, Number: "TKPK-5", OPD: "Bapenda", Supervisor: "TKPK-3"},
	}}
}

func TestReadPosts(t *testing.T) {
	t.Parallel()
	file := "kode_jabatan;jabatan;opd;unit;kode_atasan;nip;status;mulai;selesai;surat\n" +
		"KABID-1;Kepala Bidang;Bapenda;Bidang 1;KABAN;TKPK-2;;;;\n" +
		"KABID-1;;;;;TKPK-3;Plh.;24-11-2026;27-11-2026;SP/12\n" +
		"SEKRE;Sekretaris;Bapenda;Sekretariat;KABAN;;;;;\n"
	known := town()
	known.Facts.Posts[0].Code = "KABAN"
	entries, problems := ReadPosts(strings.NewReader(file), known)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	day := MustDay("2026-11-20")
	after := known.Facts.WithPosts(entries, day)
	for _, tt := range []struct {
		day  string
		want EmployeeID
	}{{"2026-11-23", 2}, {"2026-11-24", 3}, {"2026-11-27", 3}, {"2026-11-28", 2}} {
		if got := NewCommand(after).Superior(4, MustDay(tt.day)); got != tt.want {
			t.Errorf("on %s 4 is led by %d, want %d", tt.day, got, tt.want)
		}
	}
	if since := entries[0].Holders[0].From; since != MustDay("2026-01-01") {
		t.Errorf("the holder is there since %s, not since before", since)
	}
	if diff := cmp.Diff([]Reroute{{4, 2, 3}}, Reroutes(known.Facts, after, []EmployeeID{1, 2, 3, 4, 5}, MustDay("2026-11-25"))); diff != "" {
		t.Errorf("rerouted (-want +got):\n%s", diff)
	}
}

func TestAReorganisationHasItsDay(t *testing.T) {
	t.Parallel()
	known := town()
	known.Day = MustDay("2026-11-20")
	file := "kode_jabatan;kode_atasan;atasan_mulai;nip\nSTAF-1;KABID-2;2027-01-01;TKPK-4\nKABID-2;;01-03-2027;TKPK-3\n"
	entries, problems := ReadPosts(strings.NewReader(file), known)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	after := known.Facts.WithPosts(entries, known.Day)
	led := func(e EmployeeID, days ...string) (out []EmployeeID) {
		for _, d := range days {
			out = append(out, NewCommand(after).Superior(e, MustDay(d)))
		}
		return out
	}
	if diff := cmp.Diff([]EmployeeID{2, 2, 3, 3}, led(4, "2026-11-19", "2026-12-31", "2027-01-01", "2027-06-01")); diff != "" {
		t.Errorf("4 is led by (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]EmployeeID{1, 1, 0}, led(3, "2026-12-01", "2027-02-28", "2027-03-01")); diff != "" {
		t.Errorf("3 is led by (-want +got):\n%s", diff)
	}
	// What is imported after that takes back what was planned.
	entries, _ = ReadPosts(strings.NewReader("kode_jabatan;kode_atasan;nip\nSTAF-1;KABID-1;TKPK-4\n"), known)
	after = after.WithPosts(entries, MustDay("2026-12-01"))
	if diff := cmp.Diff([]EmployeeID{2, 2}, led(4, "2026-12-31", "2027-01-01")); diff != "" {
		t.Errorf("4 is led by (-want +got):\n%s", diff)
	}
	if since := entries[0].Above.From; since != MustDay("2026-01-01") {
		t.Errorf("the superior post is that one since %s, not since before", since)
	}
}

func TestACircleOfALaterDayIsRefused(t *testing.T) {
	t.Parallel()
	known := town()
	known.Day = MustDay("2026-11-20")
	rows := func(day string) []Problem {
		_, problems := ReadPosts(strings.NewReader("kode,kode_atasan,atasan_mulai\nKABAN,KABID-1,2027-01-01\nKABID-1,,"+day+"\n"), known)
		return problems
	}
	const want = "line 2, kode_atasan: the posts lead back to themselves: KABAN → KABID-1 → KABAN; correct kode_atasan of one of them; the highest post has none"
	if got := rows("2027-02-01"); len(got) != 1 || got[0].String() != want {
		t.Errorf("in January: %v, want %s", got, want)
	}
	if got := rows("2027-01-01"); len(got) > 0 {
		t.Errorf("two that change places on one day are refused: %v", got)
	}
}

func TestBadPostsAreRefused(t *testing.T) {
	t.Parallel()
	const head = "kode,jabatan,opd,kode_atasan,nip,status,mulai,selesai\n"
	for _, tt := range []struct{ name, rows, want string }{
		{"a circle", "KABAN,,,KABID-1,TKPK-1,,,\n", "line 2, kode_atasan: the posts lead back to themselves: KABAN → KABID-1 → KABAN; correct kode_atasan of one of them; the highest post has none"},
		{"an unknown superior", "X,Staf,Bapenda,NIHIL,,,,\n", "line 2, kode_atasan: no post has the code NIHIL; correct the code, or add a row for that post"},
		{"a Plh for ever", "KABAN,,,,TKPK-2,plh,,\n", "line 2, selesai: a Plh without a last day; write the last day of the letter; a post that is vacant has a Plt"},
		{"two at once", "KABAN,,,,TKPK-1,,,\nKABAN,,,,TKPK-2,,,\n", "line 2, nip: the post KABAN would have two definitive holders at once; keep one, or write plt or plh in the column status"},
		{"nobody", "KABAN,,,,TKPK-99,,,\n", "line 2, nip: nobody on the roster has this number; compare it with the roster, or import the person first"},
		{"a kind", "KABAN,,,,TKPK-1,pejabat,,\n", "line 2, status: this kind of assignment is not known; write definitif, plt, plh or pj"},
		{"backwards", "KABAN,,,,TKPK-1,plh,2026-11-27,2026-11-24\n", "line 2, selesai: the last day is before the first; correct one of the two dates"},
	} {
		_, problems := ReadPosts(strings.NewReader(head+tt.rows), town())
		if len(problems) != 1 || problems[0].String() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, problems, tt.want)
		}
	}
}

func TestReadMoves(t *testing.T) {
	t.Parallel()
	file := "nip,jabatan,unit,kode_jabatan,nip_atasan\nTKPK-2,Kepala Bidang 2,Bidang 2,KABID-2,\nTKPK-3,Kepala Bidang 1,Bidang 1,KABID-1,\nTKPK-5,,,,TKPK-2\n"
	known := town()
	moves, problems := ReadMoves(strings.NewReader(file), known)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	day := MustDay("2026-12-01")
	after := known.Facts.WithMoves(moves, known.IDs(), day)
	want := []Reroute{{4, 2, 3}, {5, 3, 2}}
	if diff := cmp.Diff(want, Reroutes(known.Facts, after, []EmployeeID{1, 2, 3, 4, 5}, day)); diff != "" {
		t.Errorf("rerouted (-want +got):\n%s", diff)
	}
	if got := Reroutes(known.Facts, after, []EmployeeID{1, 2, 3, 4, 5}, day.Add(-1)); len(got) > 0 {
		t.Errorf("the day before is changed: %v", got)
	}
}

func TestBadMovesAreRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, rows, want string }{
		{"a taken post", "TKPK-4,KABID-1,\n", "line 2, kode_jabatan: the post KABID-1 has a holder who does not move; add a row for the present holder, or end that assignment first"},
		{"a circle", "TKPK-1,,TKPK-4\n", "line 2, nip_atasan: the supervisors go in a circle (lines 2); correct the supervisor of one of them; the head of the office has none"},
		{"oneself", "TKPK-4,,TKPK-4\n", "line 2, nip_atasan: the person would be their own supervisor; write the supervisor's number, or - at the top"},
		{"twice", "TKPK-4,,TKPK-3\nTKPK-4,,TKPK-1\n", "line 3, nip: the same person is on line 2; keep one row for each person"},
	} {
		_, problems := ReadMoves(strings.NewReader("nip,kode_jabatan,nip_atasan\n"+tt.rows), town())
		if len(problems) != 1 || problems[0].String() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, problems, tt.want)
		}
	}
}
