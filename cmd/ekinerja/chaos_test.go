package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"ekinerja/scoring"
	"ekinerja/store/storetest"
)

var (
	chaosLevel = flag.String("chaos.level", "short", "how much the chaos test does: short (a minute), l1 (five) or night (hours)")
	chaosSeed  = flag.Uint64("chaos.seed", 0, "seed of the chaos test; 0 draws one and prints it")
	chaosOnly  = flag.String("chaos.only", "", "run only these cases, as in C5,C12")
)

// chaosCase is one fault, done again and again under load, and what it may cost:
// nothing that somebody typed is lost, doubled or put where it does not belong.
type chaosCase struct {
	id, fault string
	replicas  int
	mode      mode
	noLimits  bool // the network takes any number of messages
	times     times
	// prepare gives the case servers of its own; nil: the test binary's.
	prepare func(t *testing.T) servers
	// run breaks things n times while the rig lives. Nothing runs before it
	// begins; afterwards the rig is settled and judged.
	run func(r *rig, n int) outcome
	// alone is run for a case that needs no rig.
	alone func(t *testing.T, seed uint64, n int) row
}

// times is how often a fault happens at each level; 0 leaves the case out.
type times struct{ short, l1, night int }

func (n times) at(level string) int {
	switch level {
	case "l1":
		return n.l1
	case "night":
		return n.night
	}
	return n.short
}

// outcome is what a case has to say beyond what every case is judged by.
type outcome struct {
	times int    // that the fault happened; 0: as often as asked
	note  string // for the table
	// Not everything that looks wrong is: what the fault itself explains.
	errorsLogged bool // the database was away, and the log says so
	refused      bool // the network refused messages for good
	absent       int  // the last people, who cannot be reached
	wrong        []string
}

func (o *outcome) blame(format string, a ...any) {
	o.wrong = append(o.wrong, fmt.Sprintf(format, a...))
}

// row is a line of the report.
type row struct {
	id, fault, setup     string
	times, in, out       int
	lost, wrong, doubled int
	repeats              int
	p50, p99, back       time.Duration
	note                 string
}

// TestChaos breaks everything around the service that can break, one thing at a
// time, and judges what people saw and what is stored. It is not parallel, and
// neither are its cases: they measure.
//
//nolint:paralleltest // it measures
func TestChaos(t *testing.T) {
	seed := *chaosSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	fmt.Printf("chaos: repeat with -chaos.level=%s -chaos.seed=%d\n", *chaosLevel, seed)
	for _, c := range chaosCases() {
		n := c.times.at(*chaosLevel)
		if n == 0 || *chaosOnly != "" && !strings.Contains(","+*chaosOnly+",", ","+c.id+",") {
			continue
		}
		t.Run(c.id, func(t *testing.T) {
			began := time.Now()
			var got row
			if c.alone != nil {
				got = c.alone(t, seed, n)
			} else {
				got = c.play(t, seed, n)
			}
			got.id, got.fault = c.id, c.fault
			if got.setup == "" {
				got.setup = fmt.Sprintf("%d × %s", c.replicas, c.mode)
			}
			_, _ = fmt.Fprintln(os.Stdout, got.String(), "<!--", time.Since(began).Round(time.Second), "-->")
		})
	}
}

// play runs a case on a rig of its own and judges it.
func (c chaosCase) play(t *testing.T, seed uint64, n int) row {
	t.Helper()
	s := servers{}
	if c.prepare != nil {
		s = c.prepare(t)
	}
	if s.postgres == "" {
		s.postgres = storetest.New(t)
	}
	if s.redis == "" {
		s.redis = storetest.Redis(t)
	}
	r := newRig(t, c, seed, s)
	began := time.Now()
	o := c.run(r, n)
	broken := time.Now()
	r.settle()
	t.Logf("%s: broken for %s, rest after %s", c.id, broken.Sub(began).Round(time.Second), time.Since(broken).Round(time.Second))
	v := r.verdict(o)
	if o.times == 0 {
		o.times = n
	}
	return row{
		times: o.times, in: v.in, out: v.out, lost: len(v.lost), wrong: len(v.wrong), doubled: len(v.doubled),
		repeats: v.repeats, p50: r.watch.quantile(0.5), p99: r.watch.quantile(0.99), back: r.watch.back, note: o.note,
	}
}

// verdict judges as the crash test does, but for what the fault explains, and
// fails the test for everything found.
func (r *rig) verdict(o outcome) *verdict {
	r.t.Helper()
	v := &verdict{}
	for _, p := range r.people[len(r.people)-o.absent:] {
		p.phone.Unblock() // so that the phone can be read
	}
	r.people = r.people[:len(r.people)-o.absent]
	r.judgeInbox(v)
	r.judgeActivities(v)
	r.judgeReceipts(v)
	if !o.refused && o.absent == 0 {
		r.judgeOutbox(v)
	}
	r.judgeRest(v, o)
	for name, list := range map[string][]string{"LOST": v.lost, "DOUBLED": v.doubled, "WRONG": v.wrong} {
		for i, s := range list {
			if i == 10 {
				r.t.Errorf("%s: … and %d more", name, len(list)-i)
				break
			}
			r.t.Errorf("%s: %s", name, s)
		}
	}
	if v.reports < len(r.people) || v.in < 2*len(r.people) {
		r.t.Errorf("only %d messages and %d reports of %d people: too little load to prove anything", v.in, v.reports, len(r.people))
	}
	return v
}

// judgeRest is what does not depend on people.
func (r *rig) judgeRest(v *verdict, o outcome) {
	r.t.Helper()
	now := r.host.clock.Now()
	if _, err := r.db.Seal(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	found, err := r.db.Verify(r.t.Context(), now, []scoring.Rubric{scoring.Solo()})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, f := range found {
		v.blame("%s", f)
	}
	for _, x := range r.net.Violations() {
		if !o.refused {
			v.blame("the network refused %s: %s", x.Method, x.Description)
		}
	}
	for _, p := range r.people {
		v.again += p.again
		for _, f := range p.failed {
			v.blame("%s: %s", p.number, f)
		}
	}
	for _, line := range r.host.complaints() {
		if o.errorsLogged && strings.Contains(line, "level=ERROR") && !strings.Contains(line, "panic") {
			continue
		}
		v.blame("log: %s", line)
	}
	v.wrong = append(v.wrong, o.wrong...)
}

func (w row) String() string {
	return fmt.Sprintf("| %s | %s | %s | %d | %d | %d | %d | %d | %d | %d | %s | %s | %s | %s |", w.id, w.fault, w.setup, w.times,
		w.in, w.out, w.lost, w.wrong, w.doubled, w.repeats, brief(w.p50), brief(w.p99), brief(w.back), w.note)
}

// brief is a time for the table; none is a dash.
func brief(d time.Duration) string {
	switch {
	case d == 0:
		return "–"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
