package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot/fakegram"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// year is a few people over many days: whoever is asked reports, and nobody is
// asked on a day that is free.
type year struct {
	*city
	off    map[roster.Day]roster.CalendarKind
	shifts map[string][]string // by key: the ward's list of a month, as the seed has it
	done   map[string]int64    // by key: the newest question that was answered
	said   int
}

// yearPeople are kept of the city: five days a week, six, a ward's shifts with
// nights, and who leads them.
var yearPeople = map[string]string{
	"bambang": "5HK", "dian": "5HK", "eko": "5HK", "karu": "5HK", "wahyu": "6HK", "putri": "SIF", "tono": "SIF",
}

// lateHoliday is a working Monday that becomes free on the evening before, when
// its duties are planned.
var lateHoliday = roster.MustDay("2028-01-31")

func yearCalendar() map[roster.Day]roster.CalendarKind {
	out := map[roster.Day]roster.CalendarKind{}
	for kind, days := range map[roster.CalendarKind]string{
		roster.Libur: "2027-12-25 2028-01-01 2028-01-26 2028-02-25 2028-02-28 2028-03-26 2028-04-14 2028-05-01 2028-05-09 " +
			"2028-05-25 2028-06-01 2028-08-17 2028-12-25",
		roster.CutiBersama: "2027-12-24 2028-01-03 2028-02-24 2028-03-27 2028-12-26",
	} {
		for d := range strings.FieldsSeq(days) {
			out[roster.MustDay(d)] = kind
		}
	}
	return out
}

// playYear plays the traps of a calendar; at night every day from December 2027
// to the end of 2028.
func playYear(t *testing.T, seed uint64, _ int) row {
	t.Helper()
	spans := [][2]string{
		{"2027-12-29", "2028-01-05"}, {"2028-01-26", "2028-02-02"}, {"2028-02-23", "2028-03-03"}, {"2028-12-29", "2028-12-31"},
	}
	if *chaosLevel == "night" {
		spans = [][2]string{{"2027-12-01", "2028-12-31"}}
	}
	y := newYear(t, seed, roster.MustDay(spans[0][0]))
	var days []roster.Day
	for _, s := range spans {
		for d, last := roster.MustDay(s[0]), roster.MustDay(s[1]); !d.After(last); d = d.Add(1) {
			y.day(d)
			days = append(days, d)
		}
		y.after(roster.MustDay(s[1]).Add(1))
	}
	y.judge(days)
	y.row.times, y.row.note = len(days), fmt.Sprintf("%d people, %d reports on as many due days, nobody asked on others", len(y.actors), y.said)
	y.row.in = len(storetest.Rows(t, y.url, `SELECT id FROM inbox`))
	y.row.out = len(storetest.Rows(t, y.url, `SELECT id FROM outbox WHERE state = 'sent'`))
	return y.row
}

func newYear(t *testing.T, seed uint64, first roster.Day) *year {
	t.Helper()
	y := &year{off: yearCalendar(), shifts: map[string][]string{}, done: map[string]int64{}}
	y.city = newCityOn(t, seed, first, roster.At24(0, 30), func(s *settings) {
		s.policy.Ramadan = []jobs.Span{{From: roster.MustDay("2028-01-28"), To: roster.MustDay("2028-02-25")}}
	})
	y.actors = slices.DeleteFunc(y.actors, func(a actor) bool { return yearPeople[a.key] == "" })
	var numbers []string
	for _, a := range y.actors {
		numbers = append(numbers, a.employee.Number)
	}
	storetest.Rows(t, y.url, `UPDATE employee SET active = false WHERE NOT number = ANY(string_to_array($1, ' ')) RETURNING id`, strings.Join(numbers, " "))
	y.importCalendar()
	y.list(first)
	return y
}

// list gives the ward its shifts of all months.
func (y *year) list(first roster.Day) {
	y.t.Helper()
	var people []roster.Employee
	for _, a := range y.actors {
		people = append(people, a.employee)
	}
	lines, err := csv.NewReader(bytes.NewReader(seedSif)).ReadAll()
	if err != nil {
		y.t.Fatal(err)
	}
	var kept bytes.Buffer
	w := csv.NewWriter(&kept)
	for i, line := range lines {
		for _, a := range y.actors {
			if a.employee.Number == line[0] {
				y.shifts[a.key] = line[2:]
			}
		}
		if i == 0 || slices.ContainsFunc(people, func(e roster.Employee) bool { return e.Number == line[0] }) {
			_ = w.Write(line) // into memory
		}
	}
	w.Flush()
	for m := range 14 {
		month := roster.DayOf(time.Date(first.Year, first.Month+time.Month(m), 1, 0, 0, 0, 0, time.UTC))
		got, problems := roster.ReadShifts(bytes.NewReader(shortened(kept.Bytes(), month)),
			roster.ShiftQuery{Month: month, Codes: y.settings.policy.Shifts, People: people})
		if !roster.Accepted(problems) {
			y.t.Fatal(problems)
		}
		if err := y.db.PutShifts(y.t.Context(), got.Shifts); err != nil {
			y.t.Fatal(err)
		}
	}
}

// importCalendar does what the command of an administrator does.
func (y *year) importCalendar() {
	y.t.Helper()
	var days []roster.CalendarDay
	for d, kind := range y.off {
		days = append(days, roster.CalendarDay{Day: d, Kind: kind, Name: "Hari " + d.String()})
	}
	if err := y.db.ImportCalendar(y.t.Context(), days); err != nil {
		y.t.Fatal(err)
	}
	now := roster.DayOf(y.clock.Now().In(y.settings.loc))
	turns := store.Turns{Store: y.db, Now: y.clock.Now, Loc: y.settings.loc, Policy: y.settings.storePolicy()}
	if _, err := turns.Redecide(y.t.Context(), store.Redo{First: now.Add(-recentDays), Last: now.Add(1), Why: "calendar", Words: y.settings.words}); err != nil {
		y.t.Fatal(err)
	}
}

// day plays from midnight to midnight, hour by hour: no window of a day is shorter.
func (y *year) day(d roster.Day) {
	y.t.Helper()
	for hour := 1; hour <= 23; hour++ {
		if at := y.at(d, roster.At24(hour, 0)); at.After(y.clock.Now()) {
			y.step(at.Sub(y.clock.Now()))
		}
		y.answer()
		if hour == 20 && d == lateHoliday.Add(-1) {
			y.off[lateHoliday] = roster.Libur
			y.importCalendar()
		}
	}
}

// after is the morning after the last day of a span: a night shift ends, and
// what is owed of the day itself is not asked yet.
func (y *year) after(d roster.Day) {
	y.t.Helper()
	for hour := 1; hour <= 11; hour++ {
		if at := y.at(d, roster.At24(hour, 0)); at.After(y.clock.Now()) {
			y.step(at.Sub(y.clock.Now()))
		}
		y.answer()
	}
}

// answer lets everybody report who was asked since the last time.
func (y *year) answer() {
	y.t.Helper()
	var now []actor
	for i, a := range y.actors {
		var asked int64
		for _, m := range slices.Backward(a.phone.Seen()) {
			if m.ID <= y.done[a.key] {
				break
			}
			if m.FromBot && has(m, "Tidak bekerja") {
				asked = m.ID
				break
			}
		}
		if asked == 0 {
			continue
		}
		y.said++
		if _, err := a.phone.Send(fmt.Sprintf("Verifikasi berkas %s; %d berkas; 60 menit", newDeed(i, y.said%64).mark, i+2)); err != nil {
			y.t.Fatal(err)
		}
		now = append(now, a)
	}
	if len(now) == 0 {
		return
	}
	for range 3 {
		y.step(20 * time.Second)
		for _, a := range now {
			for _, m := range slices.Backward(a.phone.Seen()) {
				if !m.FromBot || m.ID <= y.done[a.key] {
					continue
				}
				if label := firstOf("Kirim", "Tidak ada", m); label != "" {
					_, _ = a.phone.Tap(m.ID, label) // a second tap on the same is harmless
					break
				}
			}
		}
	}
	y.step(20 * time.Second)
	for _, a := range now {
		if last, ok := a.phone.Last(); ok {
			y.done[a.key] = last.ID
		}
	}
}

// due is said without the program's own rules.
func (y *year) due(key string, d roster.Day) bool {
	switch yearPeople[key] {
	case "SIF":
		return y.shifts[key][d.Date-1] != "L"
	case "6HK":
		return d.Weekday() != time.Sunday && y.off[d] == ""
	}
	return d.Weekday() != time.Sunday && d.Weekday() != time.Saturday && y.off[d] == ""
}

// judge compares what is stored with the days on which it should be.
func (y *year) judge(days []roster.Day) {
	y.t.Helper()
	var want []string
	for _, d := range days {
		for _, a := range y.actors {
			if y.due(a.key, d) {
				want = append(want, d.String()+" "+a.employee.Number+" 1")
			}
		}
	}
	slices.Sort(want)
	for what, sql := range map[string]string{
		"sent reports": `SELECT r.day, e.number, count(*) FROM report r JOIN employee e ON e.id = r.employee_id
			WHERE r.state = 'submitted' AND NOT r.late GROUP BY 1, 2`,
		"questions": `SELECT o.about_day, e.number, count(*) FROM outbox o JOIN employee e ON e.id = o.employee_id
			WHERE o.kind = 'ask' GROUP BY 1, 2`,
	} {
		var got []string
		for _, r := range storetest.Rows(y.t, y.url, sql) {
			got = append(got, strings.Join(r, " "))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			y.blame("%s (-wanted +found):\n%s", what, diff)
		}
	}
	for _, r := range storetest.Rows(y.t, y.url, `SELECT id, kind, state, about_day FROM outbox WHERE state IN ('pending', 'sending', 'unclear', 'failed')`) {
		y.blame("never came to rest: %v", r)
	}
	y.invariants()
}

func firstOf(a, b string, m fakegram.Message) string {
	switch {
	case has(m, a):
		return a
	case has(m, b):
		return b
	}
	return ""
}
