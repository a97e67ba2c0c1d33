package bot

import (
	"testing"
	"time"
)

func TestRest(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	r := Rest{From: noon, Until: noon.Add(30 * time.Second)}
	for _, c := range []struct{ at, left time.Duration }{
		{0, 30 * time.Second},
		{10 * time.Second, 20 * time.Second},
		{30 * time.Second, 0},
		{time.Hour, 0},
		{-unsure, 31 * time.Second}, // somebody looked at the clock a moment before
		{-unsure - 1, 0},
		{-24 * time.Hour, 0}, // the clock was put back
	} {
		if got := r.Left(noon.Add(c.at)); got != c.left {
			t.Errorf("at %s: %s are left, want %s", c.at, got, c.left)
		}
	}
	if r.Extend(Rest{From: noon.Add(5 * time.Second), Until: noon.Add(10 * time.Second)}) {
		t.Error("a shorter one replaced it")
	}
	earlier := Rest{From: noon.Add(-time.Hour), Until: noon.Add(-time.Hour + 5*time.Second)}
	if !r.Extend(earlier) || r != earlier {
		t.Errorf("told anew after the clock was put back: %v", r)
	}
}

func TestGateOfAClockPutBack(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	g := &gate{}
	g.rest(Rest{From: now, Until: now.Add(time.Minute)})
	if w := g.wait(now.Add(-time.Hour)); w != 0 {
		t.Errorf("the account rests for %s", w)
	}
}
