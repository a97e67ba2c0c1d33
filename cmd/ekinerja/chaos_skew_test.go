package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store/storetest"
)

// skewClocks starts one of two replicas with a clock that is wrong by ten minutes,
// ahead and behind in turn. Lateness is judged by the network's time, and a
// deadline is made of a plan: no deadline may come earlier by it.
func skewClocks(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	for i := range n {
		r.killOne(1)
		r.skew = []time.Duration{0, 10 * time.Minute * time.Duration(1-2*(i%2))}
		r.begin()
		r.live(load)
	}
	o := outcome{errorsLogged: true} // a clock that is wrong is one
	if n := r.count(`SELECT count(*) FROM outage`); n != "0" {
		o.blame("%s outages that never were: %v", n, storetest.Rows(r.t, r.url, `SELECT channel, started_at, ended_at FROM outage`))
	}
	told := 0
	for _, line := range r.host.complaints() {
		if strings.Contains(line, "server's differ") {
			told++
		}
	}
	if told != n {
		o.blame("the log spoke of a wrong clock %d times, want %d", told, n)
	}
	r.end()
	r.skew = nil
	r.skip(10 * time.Minute) // what the fast one put off is due now for all
	r.watch.heals()
	for _, row := range storetest.Rows(r.t, r.url, `SELECT count(*) FROM duty
		WHERE day = '2026-11-23' AND (deadline_at < '2026-11-23 21:00+07' OR deadline_at > '2026-11-23 21:25+07')`) {
		if row[0] != "0" {
			o.blame("%s deadlines are wrong", row[0])
		}
	}
	conflicts := r.net.Counts()["getUpdates 409"]
	if conflicts > n { // a new poller may come before the network has noticed that the killed one is gone
		o.blame("%d polls met another one's: replicas believed to hold the lease at once", conflicts)
	}
	o.note = fmt.Sprintf("no false outage, %s deadlines moved, %d × 409",
		r.count(`SELECT count(*) FROM duty WHERE day = '2026-11-23' AND deadline_at > '2026-11-23 21:00+07'`), conflicts)
	return o
}

// setBack puts the clock of the running service back by an hour while people
// answer: nothing is sent twice, nobody is late by it, no deadline moves.
func setBack(t *testing.T, seed uint64, n int) row {
	t.Helper()
	c := newCity(t, seed, roster.At24(14, 0))
	c.step(0)
	c.through(c.at(today(), roster.At24(16, 10)), 10*time.Minute)
	before := storetest.Rows(t, c.url, `SELECT employee_id, day, deadline_at, late_until FROM duty ORDER BY 1, 2`)
	half, all := c.actors[:len(c.actors)/2], c.actors
	c.actors = half
	reported := c.report()
	c.actors = all[len(half):]
	back := c.clock.Now()
	c.net.SetLimits(fakegram.NoLimits()) // it counts by the same clock, which a real one would not
	c.clock.Set(back.Add(-time.Hour))
	c.step(0)
	c.first = len(half)
	reported += c.report() // an hour earlier than they were asked
	c.actors = all
	c.row.back = c.clock.Now().Sub(back.Add(-time.Hour))
	c.through(back.Add(2*time.Hour), 5*time.Minute)
	after := storetest.Rows(t, c.url, `SELECT employee_id, day, deadline_at, late_until FROM duty ORDER BY 1, 2`)
	if !slices.EqualFunc(before, after, slices.Equal) {
		c.blame("duties changed: %v, then %v", before, after)
	}
	for _, r := range storetest.Rows(t, c.url, `SELECT channel, started_at, ended_at FROM outage`) {
		c.blame("an outage that never was: %v", r)
	}
	c.row.times, c.row.note = n, fmt.Sprintf("%d people reported, half of them after it; no deadline moved", reported)
	return c.judged(reported)
}
