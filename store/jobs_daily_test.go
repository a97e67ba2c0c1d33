package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/roster"
)

func TestJobsPlanTodayAndTomorrowOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	at := on(mon, "07.00")
	a, b := o.person("Sri", "1"), o.person("Teguh", "2")
	shift := o.person("Umi", "3")
	o.exec("UPDATE employee SET pattern = 'SIF' WHERE id = $1", shift)
	o.exec("INSERT INTO shift VALUES ($1, $2, 1260, 1860, 'Malam')", shift, roster.MustDay(mon))
	gone := o.person("Wati", "4")
	o.exec("UPDATE employee SET active = false WHERE id = $1", gone)
	o.absent(b, mon, "CT", "confirmed")
	o.absent(b, tue, "CS", "claimed")
	for i, want := range []int{6, 0} {
		did, err := o.run.Tick(t.Context(), at)
		if err != nil || did["duty"].Counts["planned"] != want {
			t.Fatalf("tick %d: planned %v, %v; want %d", i, did["duty"].Counts, err, want)
		}
	}
	state := func(id roster.EmployeeID, day string) string {
		return one[string](o.stage, "SELECT state || ' ' || reason FROM duty WHERE employee_id = $1 AND day = $2::date", int64(id), day)
	}
	for _, c := range []struct {
		id   roster.EmployeeID
		day  string
		want string
	}{
		{a, mon, "due workday"},
		{b, mon, "not_due leave"},
		{b, tue, "deferred sick"},
		{shift, mon, "due shift"},
		{shift, tue, "not_due off_shift"},
	} {
		if got := state(c.id, c.day); got != c.want {
			t.Errorf("employee %d on %s: got %q, want %q", c.id, c.day, got, c.want)
		}
	}
	ask := one[time.Time](o.stage, "SELECT ask_at FROM duty WHERE employee_id = $1 AND day = $2::date", int64(a), mon)
	f := roster.Facts{Pattern: roster.FiveDays, Calendar: roster.NewCalendar(roster.Seed())}
	_, times := roster.Plan(f, a, roster.MustDay(mon), roster.DefaultHours(), 45*time.Minute, wib())
	if !ask.Equal(times.AskAt) {
		t.Errorf("asked at %v, want %v", ask, times.AskAt)
	}
}

func TestJobsAskOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, b := o.person("Sri", "1"), o.person("Teguh", "2")
	o.person("Umi", "") // no chat
	away := o.person("Wati", "4")
	early := o.person("Yanto", "5")
	o.absent(away, mon, "CT", "confirmed")
	o.absent(b, mon, "DL", "confirmed")
	o.reported(a, "2026-11-20", false, 300)
	o.want(on(mon, "14.59"), nil)
	o.reported(early, mon, false, 300)
	o.want(on(mon, "15.45"), map[string]int{"ask.asked": 2, "ask.unreachable": 1})
	o.want(on(mon, "15.46"), map[string]int{"ask.unreachable": 1})
	want := []string{fmt.Sprintf("ask/%s/%d", mon, a), fmt.Sprintf("ask/%s/%d", mon, b)}
	if diff := cmp.Diff(want, o.keys()); diff != "" {
		t.Error(diff)
	}
	labels := func(id roster.EmployeeID) int {
		return int(one[int32](o.stage, "SELECT jsonb_array_length(body->'buttons') FROM outbox WHERE key = $1", fmt.Sprintf("ask/%s/%d", mon, id)))
	}
	if labels(a) != 2 || labels(b) != 1 {
		t.Errorf("rows of buttons: %d with a recent report, %d without", labels(a), labels(b))
	}
	row := one[string](o.stage, `SELECT concat_ws(' ', kind, about_day, about_question, guard, expires_at AT TIME ZONE '+07')
		FROM outbox WHERE key = $1`, want[0])
	if row != "ask 2026-11-23 activities unreported 2026-11-23 07:00:00" && row != "ask 2026-11-23 activities unreported 2026-11-23 21:00:00" {
		t.Errorf("row: %s", row)
	}
	if n := one[int64](o.stage, "SELECT count(*) FROM duty WHERE asked_at IS NOT NULL"); n != 2 {
		t.Errorf("%d duties are marked as asked, want 2", n)
	}
}

func TestJobsAskUntilShortlyBeforeTheDeadline(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at   string
		want map[string]int
	}{
		{"20.40", map[string]int{"ask.asked": 1}}, // and no reminder on top of it
		{"20.45", nil},
		{"22.30", nil},
	} {
		t.Run(c.at, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.person("Sri", "1")
			o.want(on(mon, "08.00"), nil) // and then we were down
			o.want(on(mon, c.at), c.want)
			o.want(on(mon, "20.50"), nil)
		})
	}
}

func TestJobsAskNobodyOnFreeDays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.person("Sri", "1")
	for _, day := range []string{"2026-11-28", "2026-11-29", "2026-12-24", "2026-12-25"} {
		if did := o.tick(on(day, "15.46")); did["ask.asked"] != 0 {
			t.Errorf("%s: %v", day, did)
		}
	}
}

func TestJobsRemind(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	silent, answers := o.person("Sri", "1"), o.person("Teguh", "2")
	o.want(on(mon, "15.46"), map[string]int{"ask.asked": 2})
	o.want(on(mon, "20.29"), nil)
	o.reported(answers, mon, false, 300)
	o.want(on(mon, "20.30"), map[string]int{"remind.reminded": 1})
	o.want(on(mon, "20.31"), nil)
	o.want(on(mon, "23.00"), nil)
	o.want(on(tue, "07.29"), nil)
	o.want(on(tue, "07.30"), map[string]int{"remind.reminded": 1})
	o.want(on(tue, "07.31"), nil)
	want := []string{fmt.Sprintf("remind/%s/%d/1", mon, silent), fmt.Sprintf("remind/%s/%d/2", mon, silent)}
	if diff := cmp.Diff(want, o.keys()[2:]); diff != "" {
		t.Error(diff)
	}
}

func TestJobsRemindOnlyTheNewest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at   string
		want map[string]int
	}{
		{"07.35", map[string]int{"remind.reminded": 1}},
		{"14.00", map[string]int{"remind.reminded": 1, "escalate.hr": 1}},
		{"16.00", map[string]int{"ask.asked": 1}}, // too late for Monday; Tuesday goes on
	} {
		t.Run(c.at, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			id := o.person("Sri", "1")
			o.want(on(mon, "15.46"), map[string]int{"ask.asked": 1}) // and then we were down
			o.want(on(tue, c.at), c.want)
			if n := o.sent(fmt.Sprintf("remind/%s/%d/1", mon, id)); n != 0 {
				t.Error("the first reminder was sent too")
			}
		})
	}
}

func TestJobsRemindOnTheNextWorkingDay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, ill := o.person("Sri", "1"), o.person("Teguh", "2")
	o.want(on(fri, "16.20"), map[string]int{"ask.asked": 2, "week.scored": 2, "week.recaps": 2})
	o.want(on("2026-11-28", "07.30"), nil)
	o.want(on("2026-11-29", "07.30"), nil)
	o.absent(ill, "2026-11-30", "SAKIT", "claimed")
	o.want(on("2026-11-30", "07.30"), map[string]int{"remind.reminded": 1, "score.scored": 2})
	if o.sent(fmt.Sprintf("remind/%s/%d/2", fri, a)) != 1 {
		t.Errorf("queued: %v", o.keys())
	}
}
