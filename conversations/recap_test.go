package conversations

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"ekinerja/roster"
	"ekinerja/scoring"
)

// a week of five days: four on time with full minutes, one late with 200.
func goodWeek(today string) scoring.Result {
	monday := roster.MustDay(today).Monday()
	var entries []scoring.Entry
	for i := range 7 {
		e := scoring.Entry{Day: monday.Add(i), Due: true, Mark: scoring.OnTime, Minutes: 320}
		switch i {
		case 1:
			e.Mark, e.Minutes = scoring.Late, 200
		case 5, 6:
			e = scoring.Entry{Day: monday.Add(i), Mark: scoring.Pending, Reason: string(roster.ReasonWeekend)}
		}
		entries = append(entries, e)
	}
	return scoring.Solo().Period(entries, nil)
}

func TestWeekRecap(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	before := goodWeek("2026-11-09")
	before.Score = decimal.RequireFromString("88.04")
	got, err := w.In("id").WeekRecap(WeekRecap{
		Person: sri(), First: roster.MustDay("2026-11-16"), Last: roster.MustDay("2026-11-20"),
		Result: goodWeek("2026-11-16"), Weights: scoring.Solo().Weights, Previous: &before,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `*Rekap 16–20 November 2026* — Bu Sri Wahyuni

Lapor 5/5, tepat waktu 4, 1.480 menit.
*Skor 94* (pekan lalu 88,04). Rinciannya, rata-rata per hari:

• menit kerja 56 dari 60
• ketepatan waktu 18 dari 20
• kesesuaian 20 dari 20
Belum ada data presensi; skor dihitung dari laporan saja.

Matur nuwun atas pengabdian Ibu pekan ini.`
	if diff := cmp.Diff(want, shown(got)); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(string(got.Photo), "\x89PNG") {
		t.Error("no picture")
	}
}

func TestWeekRecapOfAnOpenWeek(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	monday := roster.MustDay("2026-11-16")
	r := scoring.Solo().Period([]scoring.Entry{
		{Day: monday, Due: true, Excused: true, Reason: "leave", Mark: scoring.Pending},
		{Day: monday.Add(4), Due: true, Mark: scoring.Pending},
		{Day: monday.Add(5), Due: true, Mark: scoring.Pending},
	}, nil)
	got, err := w.In("id").WeekRecap(WeekRecap{Person: bambu(), First: monday, Last: monday.Add(4), Result: r})
	if err != nil {
		t.Fatal(err)
	}
	want := `*Rekap 16–20 November 2026* — Pak Bambang Sutrisno

Pekan ini belum ada hari yang dapat dinilai.

Belum dihitung karena masih dapat dilaporkan: Jum 20/11.

Matur nuwun atas pengabdian Bapak pekan ini.`
	if diff := cmp.Diff(want, shown(got)); diff != "" {
		t.Error(diff)
	}
}

func team(n int) []TeamMember {
	var all []TeamMember
	for i := range n {
		r := goodWeek("2026-11-16")
		if i == 1 {
			r = scoring.Result{Empty: true}
		}
		all = append(all, TeamMember{ID: roster.EmployeeID(i + 1), Name: fmt.Sprintf("Pegawai %02d, S.E.", n-i), Result: r})
	}
	return all
}

func TestTeamRecap(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	recap := func(n int) []Message {
		m, err := w.In("id").TeamRecap(TeamRecap{
			Head: bambu(), First: roster.MustDay("2026-11-16"), Last: roster.MustDay("2026-11-20"), Members: team(n),
		})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	got := recap(3)
	want := `*Rekap tim 16–20 November 2026* — Pak Bambang Sutrisno

Lapor 10/10 (100%), tepat waktu 8, rata-rata skor 94.

Nama: lapor/wajib · tepat waktu · skor
Pegawai 01: 5/5 · 4 · 94
Pegawai 02: 0/0 · 0 · –
Pegawai 03: 5/5 · 4 · 94`
	if diff := cmp.Diff([]string{want}, []string{shown(got[0])}); diff != "" || len(got) != 1 {
		t.Errorf("%d messages\n%s", len(got), diff)
	}
	long := recap(60)
	if len(long) != 2 || long[0].Photo == nil || long[1].Photo != nil || utf8.RuneCountInString(long[0].Text) > captionRoom {
		t.Errorf("a long table: %d messages", len(long))
	}
}

func TestGroupRecap(t *testing.T) {
	t.Parallel()
	w, _ := noticeWords(t)
	recap := func(n, top int) string {
		members := team(n)
		members[0].Result.Missing, members[0].Result.DueDays = 1, 6
		m, err := w.In("id").GroupRecap(GroupRecap{
			Office: "Dinas Kependudukan dan Pencatatan Sipil", First: roster.MustDay("2026-11-16"), Last: roster.MustDay("2026-11-20"),
			Sum: scoring.Team(scored(members), scoring.Praise{Top: top, AtLeast: decimal.NewFromInt(90)}), Members: members,
			Top: top, AtLeast: decimal.NewFromInt(90), Before: []WeekRate{{First: roster.MustDay("2026-11-09"), Due: 100, In: 91}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return shown(m)
	}
	want := `*Dinas Kependudukan dan Pencatatan Sipil*
Rekap 16–20 November 2026: kepatuhan laporan *93,8%* (15 dari 16).

2 orang lengkap melapor setiap hari kerja.

Apresiasi pekan ini (skor 90 ke atas): Pegawai 01, Pegawai 02.

Matur nuwun atas pengabdian Bapak/Ibu sekalian.`
	if diff := cmp.Diff(want, recap(4, 5)); diff != "" {
		t.Error(diff)
	}
	// Nine people share the first place; five of them would be a lottery.
	many := recap(11, 5)
	if strings.Contains(many, "Pegawai") || !strings.Contains(many, "9 orang meraih skor 90 ke atas") {
		t.Errorf("named although tied:\n%s", many)
	}
	if strings.Contains(recap(4, 0), "Pegawai") {
		t.Error("somebody is named although nobody may be")
	}
}
