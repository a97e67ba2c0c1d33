package main

import (
	"context"
	"sync"
	"time"
)

// clock is the application's clock. In serve it is the wall clock as it was at the
// start, perhaps shifted for a rehearsal, and set right by [watch.lookClock] when
// it is found to be wrong; in the demo it can be set and run faster.
type clock struct {
	mu    sync.Mutex
	real  func() time.Time
	base  time.Time // real time at which the clock showed at
	at    time.Time
	speed float64
	mends time.Duration // sum of all that it was set right by
}

// newClock shows the wall clock shifted by offset.
func newClock(offset time.Duration) *clock {
	now := time.Now()
	return &clock{real: time.Now, base: now, at: now.Add(offset), speed: 1}
}

// stoppedClock shows at until it is set again.
func stoppedClock(at time.Time) *clock {
	return &clock{real: time.Now, base: time.Now(), at: at}
}

// Now is the application's time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *clock) now() time.Time {
	return c.at.Add(time.Duration(float64(c.real().Sub(c.base)) * c.speed))
}

// Set makes the clock show at, running on at its speed.
func (c *clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base, c.at = c.real(), at
}

// SetRight makes the clock show d more, below zero less, without time having
// passed: whoever sleeps sleeps as long as they meant to.
func (c *clock) SetRight(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.mends = c.at.Add(d), c.mends+d
}

// passed is a time that SetRight does not change.
func (c *clock) passed() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now().Add(-c.mends)
}

// Speed is how many seconds pass in one real second; 0 when the clock stands.
func (c *clock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// SetSpeed changes the speed from now on.
func (c *clock) SetSpeed(speed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.base = c.now(), c.real()
	c.speed = speed
}

// Sleep waits for d of this clock, in real steps short enough to notice that
// the clock was set or hurried meanwhile.
func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	until := c.passed().Add(d)
	for {
		left := until.Sub(c.passed())
		if left <= 0 {
			return ctx.Err()
		}
		speed := max(c.Speed(), 1)
		step := min(time.Duration(float64(left)/speed), 250*time.Millisecond)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(max(step, time.Millisecond)):
		}
	}
}
