package store

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// office is a stage with timed jobs.
type office struct {
	*stage
	run *jobs.Runner
}

func newOffice(t *testing.T) *office {
	t.Helper()
	s := newStage(t)
	return &office{s, s.runner(t, s.store)}
}

func (s *stage) runner(t *testing.T, st *Store) *jobs.Runner {
	t.Helper()
	words, err := conversations.NewWords(wib())
	if err != nil {
		t.Fatal(err)
	}
	return jobs.New(jobs.Deps{
		Store: Jobs{st}, Words: words, Policy: jobs.Default(), Rubrics: []scoring.Rubric{scoring.Solo()}, Loc: wib(),
		Log: slog.New(slog.DiscardHandler),
	})
}

// on is a moment of the city.
func on(day string, c string) time.Time {
	clock, err := roster.ParseClock(c)
	if err != nil {
		panic(err)
	}
	return roster.MustDay(day).At(clock, wib())
}

// tick runs all jobs and returns what they did: "ask.asked": 2.
func (o *office) tick(now time.Time) map[string]int {
	o.t.Helper()
	o.clock.at.Store(now.UnixNano())
	did, err := o.run.Tick(o.t.Context(), now)
	if err != nil {
		o.t.Fatalf("Tick(%v): %v", now, err)
	}
	flat := map[string]int{}
	for job, res := range did {
		for name, n := range res.Counts {
			flat[job+"."+name] = n
		}
	}
	delete(flat, "duty.planned") // tested on its own
	return flat
}

func (o *office) want(now time.Time, want map[string]int) {
	o.t.Helper()
	if want == nil {
		want = map[string]int{}
	}
	if diff := cmp.Diff(want, o.tick(now)); diff != "" {
		o.t.Errorf("%s: %s", now.Format("02 Jan 15.04"), diff)
	}
}

// keys are the messages that were queued, sorted.
func (o *office) keys() []string {
	o.t.Helper()
	rows, err := o.store.pool.Query(o.t.Context(), "SELECT key FROM outbox")
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	var keys []string
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			o.t.Fatal(err)
		}
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (o *office) sent(prefix string) int {
	return int(one[int64](o.stage, "SELECT count(*) FROM outbox WHERE starts_with(key, $1)", prefix))
}

func (o *office) words(key string) string {
	return one[string](o.stage, "SELECT body->>'text' FROM outbox WHERE key = $1", key)
}

// led puts people under a head since long ago.
func (o *office) led(head roster.EmployeeID, staff ...roster.EmployeeID) {
	for _, id := range staff {
		o.exec(`INSERT INTO reporting_line (employee_id, supervisor_id, valid_from) VALUES ($1, $2, '2026-01-01')`, id, head)
	}
}

func (o *office) reported(id roster.EmployeeID, day string, late bool, minutes int) {
	o.exec(`INSERT INTO report (employee_id, day, state, version, unit_id, minutes, started_at, submitted_at, late, code)
		SELECT $1, $2::date, 'submitted', 1, unit_id, $3, now(), now(), $4, 'K' || id || $2::date FROM employee WHERE id = $1
		ON CONFLICT (employee_id, day) DO UPDATE SET state = 'submitted', version = 1, submitted_at = now(), code = excluded.code`,
		int64(id), day, minutes, late)
}

func (o *office) absent(id roster.EmployeeID, day, kind, state string) {
	o.exec(`INSERT INTO absence (employee_id, first_day, last_day, kind, source, state, noted_at)
		VALUES ($1, $2::date, $2::date, $3, 'import', $4, now())`, int64(id), day, kind, state)
}

const mon, tue, wed, thu, fri = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"

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

func TestTwoRunnersAreOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	head := o.person("Bambang", "1000")
	for i := range 60 {
		o.led(head, o.person(fmt.Sprint("Pegawai ", i), fmt.Sprint(i+1)))
	}
	o.exec("INSERT INTO opd_group SELECT 'telegram', '-100', id, now() FROM opd")
	other := o.runner(t, o.open())
	for _, at := range []time.Time{
		on(fri, "07.00"), on(fri, "15.30"), on(fri, "16.20"), on(fri, "20.30"), on("2026-11-30", "08.00"),
	} {
		var wait sync.WaitGroup
		for _, r := range []*jobs.Runner{o.run, other, o.run, other} {
			wait.Go(func() {
				if _, err := r.Tick(t.Context(), at); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		o.tick(at) // what one left to the other
	}
	got := map[string]int{}
	for _, k := range []string{"ask/", "remind/", "week/", "team/", "group/", "escalate/"} {
		got[k] = o.sent(k)
	}
	// The table of 60 people is longer than a caption: two messages.
	want := map[string]int{"ask/": 61, "remind/": 122, "week/": 61, "team/": 2, "group/": 0, "escalate/": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := one[int64](o.stage, "SELECT count(*) FROM escalation_member"); n != 60 {
		t.Errorf("%d members, want 60", n)
	}
	var dup []string
	for k, n := range count(o.keys()) {
		if n > 1 {
			dup = append(dup, k)
		}
	}
	if len(dup) > 0 {
		t.Errorf("twice: %v", dup)
	}
}

func count(keys []string) map[string]int {
	n := map[string]int{}
	for _, k := range keys {
		n[k]++
	}
	return n
}
