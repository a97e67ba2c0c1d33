package store

import (
	"testing"
	"time"
)

func TestPoolFigures(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	conn, err := s.store.hot.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p := s.store.Pool(); p.Acquired != 1 || p.Most != 6 {
		t.Errorf("with one in use: %+v", p)
	}
	conn.Release()
	if p := s.store.Pool(); p.Acquired != 0 || p.Idle == 0 {
		t.Errorf("with none in use: %+v", p)
	}
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	sri := o.person("Sri", "1")
	o.person("Umi", "") // nobody can ask her: that is no lateness of ours
	last := 15 * time.Minute
	overdue := func(clock string) time.Duration {
		t.Helper()
		d, err := o.store.Overdue(t.Context(), on(mon, clock), last)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	o.want(on(mon, "07.00"), nil)
	ask := one[time.Time](o.stage, "SELECT ask_at FROM duty WHERE day = $1::date AND employee_id = $2", mon, int64(sri))
	if d := overdue("14.00"); d != 0 {
		t.Errorf("before its time: %v", d)
	}
	if d, want := overdue("18.00"), on(mon, "18.00").Sub(ask); d != want {
		t.Errorf("not asked by 18.00: %v, want %v", d, want)
	}
	if d := overdue("20.50"); d != 0 {
		t.Errorf("too late to be asked: %v", d)
	}
	o.want(on(mon, "18.01"), map[string]int{"ask.asked": 1, "ask.unreachable": 1})
	if d := overdue("18.02"); d != 0 {
		t.Errorf("asked: %v", d)
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 8, 0, 0, 123_456_789, time.UTC)
	for since, want := range map[time.Time]time.Duration{
		now.Truncate(time.Microsecond): 0, now.Round(time.Microsecond): 0, now.Add(-time.Minute): time.Minute,
	} {
		if got := age(now, since); got != want {
			t.Errorf("since %v: %v, want %v", since, got, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]int64{
		"reply/17/0": 17, "reply/17": 17, "quarantine/5": 5, "ask/2026-11-23/4": 0, "nudge/3/4": 0, "reply/x/0": 0, "": 0,
	} {
		if got := answers(key); got != want {
			t.Errorf("%q answers %d, want %d", key, got, want)
		}
	}
}
