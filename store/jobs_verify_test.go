package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
)

// nights is an office whose database is looked through at night, and the chat of
// whoever runs the service.
func nights(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	id := o.person("Pengelola", "500")
	o.person("Sri", "100")
	number := one[string](o.stage, `SELECT number FROM employee WHERE id = $1`, int64(id))
	if err := o.store.GrantRole(t.Context(), on(mon, "01.00"), RoleOrder{
		Number: number, Grant: roster.Grant{Role: roster.Operator, From: roster.MustDay(mon)}, By: "test",
	}); err != nil {
		t.Fatal(err)
	}
	return o
}

// look is a night's look, and what the operator is told by it.
func (o *office) look(run *jobs.Runner, day, hour string) (did jobs.Result, told []string) {
	o.t.Helper()
	now := on(day, hour)
	o.clock.at.Store(now.UnixNano())
	o.exec(`UPDATE outbox SET state = 'expired' WHERE key LIKE 'verify/%'`)
	did, err := run.Verify(o.t.Context(), now)
	if err != nil {
		o.t.Fatalf("Verify(%s %s): %v", day, hour, err)
	}
	rows, err := o.store.pool.Query(o.t.Context(), `SELECT chat_id || ' ' || to_char(not_before AT TIME ZONE 'Asia/Jakarta', 'HH24.MI') || ' ' || (body->>'text')
		FROM outbox WHERE key LIKE 'verify/%' AND state = 'pending'`)
	if err != nil {
		o.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			o.t.Fatal(err)
		}
		told = append(told, text)
	}
	return did, told
}

// setAside makes n messages that nobody could handle: I15.
func (o *office) setAside(n int) {
	o.t.Helper()
	for range n {
		o.receive(o.text("900", "x"))
	}
	o.exec(`UPDATE inbox SET state = 'quarantined' WHERE msg->'from'->>'id' = '900'`)
}

// TestBrokenPromiseIsToldOnce: what a night finds is told to the operator in the
// morning, by one replica, and again only when another night finds something else.
func TestBrokenPromiseIsToldOnce(t *testing.T) {
	t.Parallel()
	o := nights(t)
	other := o.runner(t, o.open())
	for _, step := range []struct {
		day, hour string
		aside     int // messages set aside before; below 0: looked at and taken away
		broken    int // invariants; -1: nobody looks now
		told      string
	}{
		{mon, "02.29", 0, -1, ""}, // not yet
		{mon, "02.30", 0, 0, ""},
		{tue, "02.31", 2, 1, "I15 (2 baris)"},
		{tue, "02.40", 0, -1, ""}, // the night is done
		{wed, "02.30", 0, 1, ""},  // the same as before
		{thu, "02.30", 1, 1, "I15 (3 baris)"},
		{fri, "05.30", 0, -1, ""}, // too late: people work
		{fri, "05.29", -1, 0, "tidak lagi menemukan"},
	} {
		if step.aside < 0 {
			o.exec(`DELETE FROM inbox WHERE state = 'quarantined'`)
		}
		o.setAside(max(0, step.aside))
		did, told := o.look(o.run, step.day, step.hour)
		again, twice := o.look(other, step.day, step.hour)
		if again.Did || len(twice) > 0 {
			t.Errorf("%s %s: another replica looked too: %v %q", step.day, step.hour, again, twice)
		}
		if looked := step.broken >= 0; did.Did != looked || did.Counts["broken"] != max(0, step.broken) {
			t.Errorf("%s %s: %+v, want %d broken", step.day, step.hour, did, step.broken)
		}
		switch {
		case step.told == "" && len(told) == 0:
		case len(told) != 1 || !strings.Contains(told[0], step.told) || !strings.HasPrefix(told[0], "500 05.30 ") || step.told == "":
			t.Errorf("%s %s: told %q, want %q", step.day, step.hour, told, step.told)
		}
	}
	last, err := o.store.LastVerified(t.Context())
	if err != nil || !last.At.Equal(on(fri, "05.29")) || len(last.Found) != 0 {
		t.Errorf("the last look is %+v, %v", last, err)
	}
}

// TestLookThatDiedIsTakenUp: a replica that noted the night and died is not waited
// for until the next one, and what it left behind is no broken promise.
func TestLookThatDiedIsTakenUp(t *testing.T) {
	t.Parallel()
	o := nights(t)
	begun := on(tue, "02.30")
	if ours, err := (Jobs{o.store}).Commit(t.Context(), begun, jobs.Run{Job: "verify", Period: tue, To: begun.Unix()}, jobs.Batch{}); err != nil || !ours {
		t.Fatal(ours, err)
	}
	if did, _ := o.look(o.run, tue, "02.59"); did.Did {
		t.Error("two look at once")
	}
	if before, err := o.store.LastVerified(t.Context()); err != nil || !before.At.IsZero() {
		t.Errorf("a look that did not end counts: %+v %v", before, err)
	}
	did, told := o.look(o.run, tue, "04.10")
	if !did.Did || len(told) != 0 {
		t.Errorf("nobody took it up, or it found itself: %+v %q", did, told)
	}
	if diff := cmp.Diff(jobs.Verified{At: on(tue, "04.10").UTC(), Found: map[string]int{}}, must(o.store.LastVerified(t.Context()))); diff != "" {
		t.Error(diff)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestWorstNightFitsAMessage: all promises broken at once, in both languages.
func TestWorstNightFitsAMessage(t *testing.T) {
	t.Parallel()
	words, err := conversations.NewWords(wib())
	if err != nil {
		t.Fatal(err)
	}
	b := conversations.Broken{Day: roster.MustDay(mon), Now: on(mon, "05.30").Add(time.Minute)}
	b.To.Name = "Raden Mas Bambang Suryanegara Kusumawardhana"
	for _, i := range Invariants() {
		b.Found = append(b.Found, conversations.Found{ID: i.ID, Rows: 1_234_567})
	}
	for _, lang := range []string{"id", "en"} {
		b.To.Lang = lang
		m := words.To(b.To).Broken(b)
		if n := len([]rune(m.Text)); n > 600 || !strings.Contains(m.Text, "I1 (1") || !strings.Contains(m.Text, "ekinerja verify") {
			t.Errorf("%d characters: %s", n, m.Text)
		}
	}
}
