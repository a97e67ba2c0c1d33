package roster

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ward() []Employee {
	return []Employee{
		{ID: 1, Number: "197802262003012005", Name: "Putri", Pattern: Shifts},
		{ID: 2, Number: "TKPK-0002", Name: "Rudi", Pattern: Shifts},
		{ID: 3, Number: "TKPK-0003", Name: "Vera", Pattern: SixDays},
	}
}

func query() ShiftQuery {
	return ShiftQuery{Month: MustDay("2026-11-01"), Codes: DefaultShifts(), People: ward()}
}

func TestReadShiftsGrid(t *testing.T) {
	t.Parallel()
	file := "Jadwal Sif Bangsal Anggrek\nNIP;Nama;1;2;3;30\n'197802262003012005;Putri;M;L;;24\nTKPK-0002;Rudi;p;S;-;\n"
	list, problems := ReadShifts(strings.NewReader(file), query())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	day := func(n int) Day { return MustDay("2026-11-01").Add(n - 1) }
	want := []Shift{
		{1, day(1), At24(21, 0), At24(31, 0), "malam"},
		{1, day(30), At24(8, 0), At24(32, 0), "piket 24 jam"},
		{2, day(1), At24(7, 0), At24(14, 0), "pagi"},
		{2, day(2), At24(14, 0), At24(21, 0), "sore"},
	}
	if diff := cmp.Diff(want, list.Shifts); diff != "" {
		t.Errorf("shifts (-want +got):\n%s", diff)
	}
	if len(list.Free) != 2*4-4 {
		t.Errorf("%d free days, want the others of the four columns", len(list.Free))
	}
	changes := CompareShifts([]Shift{want[0], {2, day(1), At24(21, 0), At24(31, 0), "malam"}, {2, day(3), At24(7, 0), At24(14, 0), "pagi"}, {2, day(9), At24(7, 0), At24(14, 0), "pagi"}}, list)
	var got []string
	for _, c := range changes {
		name := func(s *Shift) string {
			if s == nil {
				return "-"
			}
			return s.Name
		}
		got = append(got, c.Day.String()+" "+name(c.Old)+" "+name(c.New))
	}
	if diff := cmp.Diff([]string{"2026-11-30 - piket 24 jam", "2026-11-01 malam pagi", "2026-11-02 - sore", "2026-11-03 pagi -"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestReadShiftsDated(t *testing.T) {
	t.Parallel()
	list, problems := ReadShifts(strings.NewReader("nip,tanggal,kode\nTKPK-0002,2026-11-05,M\nTKPK-0002,6/11/2026,L\n"), query())
	if len(problems) > 0 || len(list.Shifts) != 1 || len(list.Free) != 1 || list.Free[0].Day != MustDay("2026-11-06") {
		t.Errorf("%+v %v", list, problems)
	}
}

func TestBadShiftCellsAreNamed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, file, want string }{
		{"an unknown code", "nip,1,2\nTKPK-0002,P,X\n", `line 2, 2: the code "X" is not known; write one of P, S, M, 24, L, or leave it empty for a free day`},
		{"a day that is none", "nip,30,31\nTKPK-0002,P,P\n", "line 2, 31: the month has no such day; empty the cell, or choose the right --month"},
		{"too early after a picket", "nip,1,2\nTKPK-0002,24,P\n", "line 2, 2: the shift P begins at 07.00, before the one of the day before ends at 08.00; correct one of the two days"},
		{"who has no shifts", "nip,1\nTKPK-0003,P\n", "line 2, nip: this person does not work in shifts (pattern 6HK); set pola_kerja to SIF in the roster first, or delete the row"},
		{"of another unit", "nip,1\nTKPK-0009,P\n", "line 2, nip: nobody of this unit has this number; compare it with the roster, or choose the right --unit"},
		{"twice", "nip,tanggal,kode\nTKPK-0002,2026-11-05,M\nTKPK-0002,2026-11-05,P\n", "line 3, kode: this person has this day on line 2 already; keep one of the two"},
		{"another month", "nip,tanggal,kode\nTKPK-0002,2026-12-05,M\n", "line 2, tanggal: this day is not in the month of the list; correct the date, or choose the right --month"},
		{"neither form", "nip,nama\nTKPK-0002,Rudi\n", "line 1: there are neither days 1 to 31 nor a column tanggal; name the columns nip, 1, 2, 3 … or nip, tanggal, kode"},
	} {
		_, problems := ReadShifts(strings.NewReader(tt.file), query())
		if len(problems) != 1 || problems[0].String() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, problems, tt.want)
		}
	}
}
