package store

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/roster"
)

// askedWeek asks everybody on each day; nobody answers yet.
func (o *office) askedWeek(days ...string) {
	for _, d := range days {
		o.tick(on(d, "15.20"))
		o.exec("UPDATE duty SET asked_at = ask_at WHERE day = $1::date AND state = 'due'", d)
	}
}

func TestJobsSumUpTheWeek(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.exec("INSERT INTO opd_group SELECT 'telegram', '-100', id, now() FROM opd")
	l.askedWeek(mon, tue, wed, thu)
	for _, d := range []string{mon, tue, wed, thu} {
		l.reported(l.sri, d, d == tue, 300)
		l.reported(l.teguh, d, false, 150)
	}
	if did := l.tick(on(fri, "15.29")); did["week.scored"] != 0 {
		t.Errorf("too early: %v", did)
	}
	for i, want := range []int{5, 0} {
		if did := l.tick(on(fri, "15.30")); did["week.scored"] != want {
			t.Errorf("tick %d: %v", i, did)
		}
	}
	l.tick(on(fri, "15.45"))
	l.tick(on(fri, "16.00"))
	l.tick(on(fri, "16.01"))
	points := func(id roster.EmployeeID) string {
		return one[string](l.stage, "SELECT coalesce(points, '') FROM score_period WHERE employee_id = $1 AND first_day = $2::date", int64(id), mon)
	}
	// Sri: one of four days late. Teguh: half the minutes. Umi: silent on three
	// days; Thursday may still be sent until 16.00, and Friday is not over.
	for id, want := range map[roster.EmployeeID]string{l.sri: "97.5", l.teguh: "70", l.umi: "0"} {
		if got := points(id); got != want {
			t.Errorf("employee %d: %s points, want %s", id, got, want)
		}
	}
	if n := one[int64](l.stage, "SELECT count(*) FROM outbox WHERE kind = 'summary' AND photo IS NOT NULL"); n != 5+2+1 {
		t.Errorf("%d pictures, want 5 people, 2 teams and a group; %v", n, l.keys())
	}
	text := l.words("group/" + mon + "/1")
	if !strings.Contains(text, "kepatuhan laporan 40% (8 dari 20)") || !strings.Contains(text, "skor 90 ke atas): Sri Wahyuni.") ||
		strings.Contains(text, "Teguh") || strings.Contains(text, "Umi") {
		t.Errorf("group:\n%s", text)
	}
	team := l.words("team/" + mon + "/2")
	want := `Rekap tim 23–27 November 2026 — Bapak/Ibu Dewi Lestari

Lapor 8/11 (72,7%), tepat waktu 7, rata-rata skor 55,83.

Nama: lapor/wajib · tepat waktu · skor
Sri Wahyuni: 4/4 · 3 · 97,5
Teguh: 4/4 · 4 · 70
Umi Kulsum: 0/3 · 0 · 0`
	if diff := cmp.Diff(want, team); diff != "" {
		t.Error(diff)
	}
	l.scoredAfterwards(points)
}

// scoredAfterwards follows the week until its last late window has closed.
func (l *line) scoredAfterwards(points func(roster.EmployeeID) string) {
	l.t.Helper()
	l.exec("UPDATE duty SET asked_at = ask_at WHERE day = $1::date AND state = 'due'", fri)
	l.reported(l.umi, fri, false, 300)
	if did := l.tick(on("2026-11-30", "05.00")); did["score.scored"] != 5 {
		l.t.Errorf("Monday: %v", did)
	}
	if got := points(l.umi); got != "20" { // four days missing, Friday whole
		l.t.Errorf("Umi on Monday: %s points, want 20", got)
	}
	if got := points(l.sri); got != "97.5" { // Friday may still be sent
		l.t.Errorf("Sri on Monday: %s points, want 97.5", got)
	}
	if did := l.tick(on("2026-12-02", "05.00")); did["score.scored"] != 5 {
		l.t.Errorf("Wednesday: %v", did)
	}
	if got := points(l.sri); got != "78" {
		l.t.Errorf("Sri on Wednesday: %s points, want 78", got)
	}
}

func TestJobsSumUpAfterADowntime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		day, at string
		want    int
	}{
		{fri, "23.00", 0}, // nobody is woken
		{"2026-11-28", "09.00", 5}, {"2026-11-29", "19.59", 5}, {"2026-11-29", "20.01", 0}, {"2026-11-30", "04.00", 0},
	} {
		t.Run(c.day+" "+c.at, func(t *testing.T) {
			t.Parallel()
			l := newLine(t)
			l.askedWeek(thu)
			l.tick(on(fri, "15.00")) // and then we were down
			if did := l.tick(on(c.day, c.at)); did["week.recaps"] != c.want {
				t.Errorf("got %v, want %d recaps", did, c.want)
			}
			l.tick(on("2026-11-30", "05.00"))
			if n := one[int64](l.stage, "SELECT count(*) FROM score_period"); n != 5 {
				t.Errorf("%d scores, want 5 in any case", n)
			}
		})
	}
}

func TestJobsSumUpBeforeAFreeFriday(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.tick(on("2026-12-21", "15.20"))
	l.tick(on("2026-12-22", "15.20"))
	l.tick(on("2026-12-23", "15.29"))
	if did := l.tick(on("2026-12-23", "15.30")); did["week.recaps"] != 5 { // Thursday and Friday are free
		t.Errorf("got %v", did)
	}
	if did := l.tick(on("2026-12-25", "15.30")); did["week.recaps"] != 0 {
		t.Errorf("again: %v", did)
	}
}

func TestJobsTellOfDaysOffOnce(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.exec("UPDATE employee SET pattern = '6HK' WHERE id = $1", l.umi)
	l.exec("UPDATE employee SET pattern = 'SIF' WHERE id = $1", l.teguh)
	if did := l.tick(on("2026-12-23", "16.59")); did["eve.told"] != 0 {
		t.Errorf("too early: %v", did)
	}
	for i, want := range []int{4, 0} {
		if did := l.tick(on("2026-12-23", "17.00")); did["eve.told"] != want {
			t.Errorf("tick %d: %v, want %d", i, did, want)
		}
	}
	for _, day := range []string{"2026-12-24", "2026-12-25", fri} {
		if did := l.tick(on(day, "17.00")); did["eve.told"] != 0 {
			t.Errorf("%s: %v", day, did)
		}
	}
	want := `Sugeng sonten, Bapak/Ibu Umi Kulsum.

Mulai besok, Kamis, 24 Desember 2026, s.d. Jumat, 25 Desember 2026 libur: `
	if got := l.words("eve/2026-12-24/5"); !strings.HasPrefix(got, want) || !strings.Contains(got, "bertanya lagi Sabtu, 26 Desember 2026") {
		t.Error(got)
	}
}
