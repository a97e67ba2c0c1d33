package demo

import (
	"testing"
	"time"
)

func TestDestination(t *testing.T) {
	t.Parallel()
	loc := time.FixedZone("WIB", 7*60*60)
	const layout = "Mon 2006-01-02 15.04"
	for _, c := range []struct{ button, now, want string }{
		{"to-1530", "Mon 2026-11-23 14.55", "Mon 2026-11-23 15.30"},
		{"to-1530", "Mon 2026-11-23 15.30", "Tue 2026-11-24 15.30"},
		{"to-1530", "Fri 2026-11-27 15.31", "Mon 2026-11-30 15.30"},
		{"plus-30", "Thu 2026-12-31 23.45", "Fri 2027-01-01 00.15"},
		{"next-morning", "Mon 2026-11-23 00.10", "Tue 2026-11-24 08.05"},
		{"next-morning", "Fri 2026-11-27 16.05", "Mon 2026-11-30 08.05"},
		{"friday", "Mon 2026-11-23 15.31", "Fri 2026-11-27 16.05"},
		{"friday", "Fri 2026-11-27 16.05", "Fri 2026-12-04 16.05"},
	} {
		now, err := time.ParseInLocation(layout, c.now, loc)
		if err != nil {
			t.Fatal(err)
		}
		to, ok := destination(c.button, now)
		if got := to.Format(layout); !ok || got != c.want {
			t.Errorf("%s from %s: %s, want %s", c.button, c.now, got, c.want)
		}
	}
	if _, ok := destination("yesterday", time.Time{}); ok {
		t.Error("a button that does not exist leads somewhere")
	}
}

func TestLongDate(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.November, 23, 15, 31, 0, 0, time.UTC)
	if got := longDate(at); got != "Senin, 23 November 2026" {
		t.Error(got)
	}
	if got := hour(at); got != "15.31" {
		t.Error(got)
	}
}
