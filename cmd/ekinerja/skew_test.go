package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// three are the clocks of a machine, of the database server's and of the
// application, all of them moved by the test.
type three struct {
	machine, server, real time.Time
	clk                   *clock
	log                   bytes.Buffer
	watch                 *watch
}

func newThree() *three {
	at := time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)
	c := &three{machine: at, server: at, real: at}
	c.clk = &clock{real: func() time.Time { return c.real }, base: at, at: at, speed: 1}
	c.watch = &watch{log: slog.New(slog.NewTextHandler(&c.log, nil)), setRight: c.clk.SetRight}
	c.watch.compare = clocks{
		machine: func() time.Time { return c.machine }, ours: c.clk.Now,
		server: func(context.Context) (time.Time, error) { return c.server, nil },
	}.skew
	return c
}

// pass lets time pass everywhere, and then looks.
func (c *three) pass(ctx context.Context, d time.Duration) {
	c.machine, c.server, c.real = c.machine.Add(d), c.server.Add(d), c.real.Add(d)
	c.watch.lookClock(ctx)
}

// apart is how far the application's clock is ahead of the server's, but for the
// time that the comparison itself took.
func (c *three) apart() time.Duration { return c.clk.Now().Sub(c.server).Round(time.Second) }

func TestOurClockFollowsTheServers(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]struct {
		change  func(c *three)
		machine time.Duration // ahead of the server's afterwards
		errors  int
	}{
		"small differences are left alone": {func(c *three) { c.clk.SetRight(4 * time.Second) }, 0, 0},
		"wrong at the start, ahead": {func(c *three) {
			c.machine = c.machine.Add(10 * time.Minute)
			c.clk.SetRight(10 * time.Minute)
		}, 10 * time.Minute, 1},
		"wrong at the start, behind": {func(c *three) {
			c.machine = c.machine.Add(-10 * time.Minute)
			c.clk.SetRight(-10 * time.Minute)
		}, -10 * time.Minute, 1},
		"NTP steps both":                {func(c *three) { c.machine, c.server = c.machine.Add(-time.Hour), c.server.Add(-time.Hour) }, 0, 0},
		"a machine that was suspended":  {func(c *three) { c.machine, c.server = c.machine.Add(48*time.Hour), c.server.Add(48*time.Hour) }, 0, 0},
		"only the server's is set anew": {func(c *three) { c.server = c.server.Add(time.Minute) }, -time.Minute, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newThree()
			c.pass(t.Context(), lookEvery)
			step.change(c)
			before := c.apart()
			c.pass(t.Context(), lookEvery)
			want := time.Duration(0)
			if before.Abs() <= mostSkew {
				want = before
			}
			if got := c.apart(); got != want {
				t.Errorf("our clock is %s ahead, want %s", got, want)
			}
			c.pass(t.Context(), lookEvery)
			if got := time.Duration(c.watch.ahead.Load()).Round(time.Second); got != step.machine {
				t.Errorf("the machine's clock is said to be %s ahead, want %s", got, step.machine)
			}
			if n := strings.Count(c.log.String(), "level=ERROR"); n != step.errors {
				t.Errorf("%d errors in the log, want %d:\n%s", n, step.errors, c.log.String())
			}
		})
	}
}

// TestNobodyOversleeps: a clock that is set back prolongs no sleep, and one that
// is set forward cuts none short.
func TestNobodyOversleeps(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{-time.Hour, time.Hour} {
		c := newClock(0)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		woke := make(chan error, 1)
		began := time.Now()
		go func() { woke <- c.Sleep(ctx, 300*time.Millisecond) }()
		<-time.After(50 * time.Millisecond) // it sleeps by now, or it begins later: either is right
		c.SetRight(by)
		if err := <-woke; err != nil {
			t.Errorf("set by %s: slept on: %v", by, err)
		}
		if slept := time.Since(began); slept < 300*time.Millisecond {
			t.Errorf("set by %s: slept only %s", by, slept)
		}
	}
}
