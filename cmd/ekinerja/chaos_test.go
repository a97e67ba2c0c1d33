package main

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
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
	people    int // 0: sixty
	mode      mode
	// limits are the network's, and the service keeps to them; without, people
	// and service are as fast as they can be.
	limits bool
	times  times
	// prepare gives the case servers of its own; nil: the test binary's.
	prepare func(t *testing.T) servers
	// run breaks things n times while the rig lives. Nothing runs before it
	// begins; afterwards the rig is settled and judged.
	run func(r *rig, n int) outcome
	// alone is run for a case that needs no rig.
	alone func(t *testing.T, seed uint64, n int) row
}

// times is how often a fault happens at each level; 0 leaves the case out. It
// happens in rounds, each with a seed of its own, because people stop reporting
// after a while; a round of 0 is all that l1 does.
type times struct{ short, l1, night, round int }

func (n times) at(level string) (each, rounds int) {
	all := map[string]int{"short": n.short, "l1": n.l1, "night": n.night}[level]
	each = min(all, cmp.Or(n.round, n.l1, all))
	return each, (all + each - 1) / max(each, 1)
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
// time, and judges what people saw and what is stored. No other test runs beside
// it, because it measures; beyond its short form cases are played two at a time
// on two cores (-parallel), each with processes and a database of its own, so
// the times it prints are those of a machine that has something else to do.
//
//nolint:paralleltest // nothing else may run beside it
func TestChaos(t *testing.T) {
	seed := *chaosSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	fmt.Printf("chaos: repeat with -chaos.level=%s -chaos.seed=%d\n", *chaosLevel, seed)
	cases := chaosCases()
	table := make([]string, len(cases))
	t.Cleanup(func() { // all cases have ended
		for _, line := range table {
			if line != "" {
				_, _ = fmt.Fprintln(os.Stdout, line)
			}
		}
	})
	for i, c := range cases {
		n, rounds := c.times.at(*chaosLevel)
		if n == 0 || *chaosOnly != "" && !strings.Contains(","+*chaosOnly+",", ","+c.id+",") {
			continue
		}
		t.Run(c.id, func(t *testing.T) {
			if *chaosLevel != "short" {
				t.Parallel()
			}
			began := time.Now()
			sum := row{}
			for i := range rounds {
				sum.add(c.round(t, seed+uint64(i), n))
			}
			table[i] = sum.String()
			_, _ = fmt.Fprintf(os.Stdout, "chaos: %s took %s\n", c.id, time.Since(began).Round(time.Second))
		})
	}
}

// round does a case once, in a test of its own that cleans up.
func (c chaosCase) round(t *testing.T, seed uint64, n int) (got row) {
	t.Helper()
	t.Run(fmt.Sprint(seed), func(t *testing.T) {
		if c.alone != nil {
			got = c.alone(t, seed, n)
		} else {
			got = c.play(t, seed, n)
		}
	})
	got.id, got.fault = c.id, c.fault
	if got.setup == "" {
		got.setup = fmt.Sprintf("%d × %s", c.replicas, c.mode)
	}
	return got
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
	r.judgeNameless()
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
	r.showFirst(slices.Concat(v.lost, v.doubled, v.wrong))
	if v.reports < len(r.people) || v.in < 2*len(r.people) {
		r.t.Errorf("only %d messages and %d reports of %d people: too little load to prove anything", v.in, v.reports, len(r.people))
	}
	return v
}

// judgeNameless: figures without an activity never stand alone. Whoever has such
// a one shows what was said.
func (r *rig) judgeNameless() {
	r.t.Helper()
	rows := storetest.Rows(r.t, r.url, `SELECT e.number, a.quantity, a.minutes FROM activity a
		JOIN report r ON r.id = a.report_id JOIN employee e ON e.id = r.employee_id WHERE a.description !~ '\S' LIMIT 1`)
	if len(rows) == 0 {
		return
	}
	for _, p := range r.people {
		if p.number != rows[0][0] {
			continue
		}
		r.show(p)
	}
	r.t.Fatalf("WRONG: an activity without a description: %v", rows)
}

// show prints a phone: what one who judges needs to know.
func (r *rig) show(p *reporter) {
	r.t.Helper()
	for _, m := range p.phone.Seen() {
		r.t.Logf("%s: %d bot=%v quotes=%d %q %v", p.number, m.ID, m.FromBot, m.ReplyTo, m.Text, m.Buttons)
	}
}

// showFirst prints the phone of the first person that the findings name.
func (r *rig) showFirst(findings []string) {
	r.t.Helper()
	for _, f := range findings {
		for _, p := range r.people {
			if strings.HasPrefix(f, p.number) {
				r.show(p)
				return
			}
		}
	}
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

// add makes one row of two: counts are added, of times the longest stays.
func (w *row) add(x row) {
	w.id, w.fault, w.setup, w.note = x.id, x.fault, x.setup, x.note
	w.times, w.in, w.out = w.times+x.times, w.in+x.in, w.out+x.out
	w.lost, w.wrong, w.doubled, w.repeats = w.lost+x.lost, w.wrong+x.wrong, w.doubled+x.doubled, w.repeats+x.repeats
	w.p50, w.p99, w.back = max(w.p50, x.p50), max(w.p99, x.p99), max(w.back, x.back)
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
