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
	return jobs.New(s.deps(t, st))
}

func (s *stage) deps(t *testing.T, st *Store) jobs.Deps {
	t.Helper()
	words, err := conversations.NewWords(wib())
	if err != nil {
		t.Fatal(err)
	}
	return jobs.Deps{
		Store: Jobs{st}, Words: words, Policy: jobs.Default(), Rubrics: []scoring.Rubric{scoring.Solo()}, Loc: wib(),
		Log: slog.New(slog.DiscardHandler),
	}
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
