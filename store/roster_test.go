package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ekinerja/roster"
)

func person(number, name, supervisor, phone string) roster.Employee {
	return roster.Employee{
		Number: number, Name: name, Kind: roster.PNS, Sex: roster.Female, OPD: "Dinas Kominfo", Unit: "TIK", Phone: phone,
		Pattern: roster.FiveDays, Lang: "id", Supervisor: supervisor,
	}
}

func (s *stage) importOn(day string, people ...roster.Employee) {
	s.t.Helper()
	if err := s.store.ApplyImport(s.t.Context(), s.clock.now(), roster.MustDay(day), people, nil); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) links(number string) string {
	return one[string](s, `SELECT coalesce(string_agg(s.number || ' ' || l.valid_from || '..' || coalesce(l.valid_to::text, ''), ', ' ORDER BY l.valid_from), '')
		FROM reporting_line l JOIN employee e ON e.id = l.employee_id JOIN employee s ON s.id = l.supervisor_id WHERE e.number = $1`, number)
}

func TestImportAndTransfers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	// A supervisor may come after the people, or be on the roster already.
	s.importOn("2026-01-05", person("C", "Sri", "A", "+6281"), person("A", "Kepala", "", "+6282"), person("B", "Sekretaris", "A", ""))
	for _, step := range []struct {
		day, supervisor, want string
	}{
		{"2026-01-05", "A", "A 2026-01-05.."},
		{"2026-02-01", "A", "A 2026-01-05.."},
		{"2026-03-01", "B", "A 2026-01-05..2026-03-01, B 2026-03-01.."},
		{"2026-03-01", "", "A 2026-01-05..2026-03-01"},
		{"2026-03-01", "B", "A 2026-01-05..2026-03-01, B 2026-03-01.."},
		{"2026-04-01", "", "A 2026-01-05..2026-03-01, B 2026-03-01..2026-04-01"},
		{"2026-05-01", "A", "A 2026-01-05..2026-03-01, B 2026-03-01..2026-04-01, A 2026-05-01.."},
	} {
		s.importOn(step.day, person("C", "Sri", step.supervisor, "+6281"))
		if got := s.links("C"); got != step.want {
			t.Errorf("%s to %q: %s, want %s", step.day, step.supervisor, got, step.want)
		}
	}
	for day, want := range map[string]string{"2026-02-28": "A", "2026-03-01": "B", "2026-04-15": "", "2026-05-01": "A"} {
		all, err := s.store.Employees(t.Context(), roster.MustDay(day))
		if err != nil {
			t.Fatal(err)
		}
		if got := all[0].Supervisor; all[0].Number != "C" || got != want {
			t.Errorf("on %s %s is led by %q, want %q", day, all[0].Number, got, want)
		}
	}
	if got := s.links("B"); got != "A 2026-01-05.." {
		t.Errorf("who was not in the file has %s", got)
	}
}

func TestImportChangesPeople(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.importOn("2026-01-05", person("A", "Kepala", "", "+6281"), person("B", "Sri", "A", "+6282"))
	s.exec(`UPDATE employee SET lang = 'en', active = false WHERE number = 'B'`)
	// They swapped telephones, and B came back to another office.
	b := person("B", "Sri Wahyuni", "A", "+6281")
	b.OPD, b.Unit, b.Pattern = "Dinas Kesehatan", "Puskesmas", roster.Shifts
	s.importOn("2026-02-02", person("A", "Kepala", "", "+6282"), b)
	all, err := s.store.Employees(t.Context(), roster.MustDay("2026-02-02"))
	if err != nil {
		t.Fatal(err)
	}
	b.Lang = "en" // what a person chose is theirs
	want := []roster.Employee{person("A", "Kepala", "", "+6282"), b}
	if diff := cmp.Diff(want, all, cmpopts.IgnoreFields(roster.Employee{}, "ID")); diff != "" {
		t.Errorf("roster (-want +got):\n%s", diff)
	}
	err = s.store.ApplyImport(t.Context(), s.clock.now(), today(), []roster.Employee{person("D", "X", "nobody", "")}, nil)
	if !errors.Is(err, ErrNoSupervisor) {
		t.Errorf("unknown supervisor: %v", err)
	}
	if n := one[int](s, `SELECT count(*) FROM employee`); n != 2 {
		t.Errorf("%d people after a refused import", n)
	}
}

// city is n people in a line of command six wide.
func city(n int) []roster.Employee {
	people := make([]roster.Employee, n)
	for i := range people {
		supervisor := ""
		if i > 0 {
			supervisor = fmt.Sprintf("N%06d", (i-1)/6)
		}
		people[i] = person(fmt.Sprintf("N%06d", i), fmt.Sprintf("Pegawai %d", i), supervisor, fmt.Sprintf("+62812%07d", i))
		people[i].OPD, people[i].Unit = fmt.Sprintf("OPD %d", i%40), fmt.Sprintf("Unit %d", i%400)
	}
	return people
}

func TestImportOfACityIsQuick(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const n = 10_000
	people := city(n)
	var told int
	start := time.Now()
	if err := s.store.ApplyImport(t.Context(), s.clock.now(), today(), people, func(done, total int) { told = done }); err != nil {
		t.Fatal(err)
	}
	first := time.Since(start)
	for i := range people { // everybody changes, a tenth moves
		people[i].Post = "Pengadministrasi"
		if i%10 == 9 {
			people[i].Supervisor = people[0].Number
		}
	}
	start = time.Now()
	if err := s.store.ApplyImport(t.Context(), s.clock.now(), today().Add(1), people, nil); err != nil {
		t.Fatal(err)
	}
	second := time.Since(start)
	t.Logf("10,000 people: new %v, changed %v", first, second)
	if told != n || one[int](s, `SELECT count(*) FROM reporting_line WHERE valid_to IS NULL`) != n-1 {
		t.Errorf("told %d; %d open links", told, one[int](s, `SELECT count(*) FROM reporting_line WHERE valid_to IS NULL`))
	}
	// Promised are 5 s on an idle machine; here others work too.
	if limit := 20 * time.Second; first > limit || second > limit {
		t.Errorf("took %v and %v", first, second)
	}
}

func BenchmarkImport10k(b *testing.B) {
	s := newStage(b)
	people := city(10_000)
	for i := 0; b.Loop(); i++ {
		if err := s.store.ApplyImport(b.Context(), s.clock.now(), today().Add(i), people, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func TestCalendarAndShifts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	c, err := s.store.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(roster.NewCalendar(roster.Seed()).Days(), c.Days()); diff != "" {
		t.Errorf("the calendar built in (-want +got):\n%s", diff)
	}
	special := roster.CalendarDay{Day: roster.MustDay("2026-11-28"), Kind: roster.HariKerjaKhusus, Name: "Pengganti", Basis: "SE 1/2026"}
	if err := s.store.ImportCalendar(t.Context(), []roster.CalendarDay{special}); err != nil {
		t.Fatal(err)
	}
	c, err = s.store.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := c.On(special.Day); !ok || got != special || c.HasYear(2026) != true || !c.HasYear(2027) {
		t.Errorf("imported %+v %v", got, ok)
	}
	if _, ok := c.On(roster.MustDay("2026-01-01")); ok {
		t.Error("an import did not replace its year")
	}
	id := s.person("Perawat", "100")
	s.exec(`UPDATE employee SET pattern = 'SIF'`)
	night := roster.Shift{Employee: id, Day: today(), Start: roster.At24(21, 0), End: roster.At24(7, 0), Name: "Malam"}
	for range 2 {
		if err := s.store.PutShifts(t.Context(), []roster.Shift{night}); err != nil {
			t.Fatal(err)
		}
	}
	got := s.does(noOutcome())
	s.receive(s.text("100", "x"))
	s.handle(keyOf(id))
	if d := got.Days[0].Duty; d.Reason != roster.ReasonShift || d.End != roster.At24(31, 0) || d.Name != "Malam" {
		t.Errorf("duty %+v", d)
	}
}
