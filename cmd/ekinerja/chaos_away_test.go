package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// telegramAway: on return everybody gets at most one message, and nobody is late.
func telegramAway(t *testing.T, seed uint64, n int) row {
	t.Helper()
	c := newCity(t, seed, roster.At24(5, 30))
	c.through(c.at(today(), roster.At24(14, 55)), 30*time.Minute)
	mend := c.net.Inject(fakegram.Fault{Kind: fakegram.FaultDown})
	before := c.seen()
	c.through(c.at(today(), roster.At24(20, 55)), 5*time.Minute)
	mend()
	back := c.clock.Now()
	for i := 0; i < 60 && c.seen()["all"] == before["all"]; i++ {
		c.step(30 * time.Second)
	}
	c.row.back = c.clock.Now().Sub(back)
	c.through(back.Add(15*time.Minute), time.Minute)
	for who, n := range c.seen() {
		if who != "all" && n-before[who] > 1 {
			c.blame("%s got %d messages on return", who, n-before[who])
		}
	}
	reported := c.report()
	for _, r := range storetest.Rows(t, c.url, `SELECT e.number, r.submitted_at, d.deadline_at FROM report r JOIN employee e ON e.id = r.employee_id
		JOIN duty d ON d.employee_id = r.employee_id AND d.day = r.day WHERE r.submitted_at > d.deadline_at`) {
		c.blame("late by our fault: %v", r)
	}
	c.row.times, c.row.note = n, fmt.Sprintf("%d people reported after it, none late", reported)
	if reported == 0 {
		c.blame("nobody was asked")
	}
	return c.judged(reported)
}

// seen counts our messages by person, and of all together.
func (c *city) seen() map[string]int {
	out := map[string]int{}
	for _, a := range c.actors {
		for _, m := range a.phone.Seen() {
			if m.FromBot {
				out[a.key]++
				out["all"]++
			}
		}
	}
	return out
}

func flapping(t *testing.T, seed uint64, _ int) row {
	t.Helper()
	c := newCity(t, seed, roster.At24(5, 30))
	c.through(c.at(today(), roster.At24(14, 50)), 30*time.Minute)
	for range 60 {
		mend := c.net.Inject(fakegram.Fault{Kind: fakegram.FaultDown})
		c.step(30 * time.Second)
		mend()
		c.step(30 * time.Second)
		c.row.times++
	}
	c.through(c.clock.Now().Add(30*time.Minute), time.Minute)
	for _, r := range storetest.Rows(t, c.url, `SELECT employee_id, count(*) FROM outbox WHERE kind = 'outage' GROUP BY 1 HAVING count(*) > 1`) {
		c.blame("more than one notice of an outage: %v", r)
	}
	return c.judged(c.report())
}

// killMigration kills the command that shapes a database at n moments, each on a
// database of its own, and lets it run again.
func killMigration(t *testing.T, seed uint64, n int) row {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 38))
	got := row{setup: "processes", note: "run again by hand: never"}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	migrate := func(url string) (*exec.Cmd, io.Closer) {
		cmd := exec.Command(self, "migrate")
		cmd.Env = []string{childEnv + "=1", "EKINERJA_DATABASE_URL=" + url, "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
		leash, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, leash
	}
	whole := time.Minute // kills come within the shortest undisturbed run
	for range 3 {
		url := storetest.Empty(t)
		began := time.Now()
		cmd, leash := migrate(url)
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		_ = leash.Close() // the process is gone
		whole = min(whole, time.Since(began))
	}
	for range n {
		url := storetest.Empty(t)
		cmd, leash := migrate(url)
		<-time.After(time.Duration(rng.Int64N(int64(whole))))
		_ = cmd.Process.Kill() // it may be done
		if err := cmd.Wait(); err != nil {
			got.times++
		}
		_ = leash.Close() // the process is gone
		began := time.Now()
		cmd, leash = migrate(url)
		if err := cmd.Wait(); err != nil {
			got.wrong++
			t.Errorf("WRONG: the second run: %v", err)
		}
		_ = leash.Close()
		got.back = max(got.back, time.Since(began))
		db, err := store.Open(t.Context(), store.Config{URL: url, MaxConns: 2})
		if err != nil {
			t.Fatal(err)
		}
		db.Close()
	}
	if got.times < n/2 {
		got.wrong++
		t.Errorf("WRONG: only %d of %d runs were killed on the way, of %s each", got.times, n, whole)
	}
	return got
}
