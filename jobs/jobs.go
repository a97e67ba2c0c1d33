// Package jobs acts on time: it decides whose duty is planned, who is asked,
// reminded, passed on to a supervisor and summed up, and when; and what people
// get back for the time in which they could not reach us.
//
// It knows the policy (policy.toml), the order of a day and what may still be
// caught up. It never reads a clock, never sends, never touches a database and
// writes no sentence: rows come from small interfaces, words from conversations,
// and the result is messages handed back to be queued.
//
// Nothing in memory decides. [Runner.Tick] is called every few seconds in every
// replica and only wakes; what is due is computed from stored rows. Work of a
// person and day is marked on its duty row, work of a period on its job_run row,
// each in the transaction that queues its messages, so that it happens once
// however many replicas tick:
//
//	            ask_at          deadline                 late_until
//	duty row ────┬───────────────┬───────────┬────────────┬──▶
//	             │ ask           │           │ remind 2   │
//	             │     remind 1 ─┘           │            │
//	             └ until 15 min before       └ 07.30 of the next working day
//
//	job_run ─── escalate (08.00) ─── week (Fri 15.30) ─── team ─── group ─── score (Mon 05.00)
//
// Whose silence meets the condition of a step (Rung) is passed on, in one message a
// receiver, on working days and in working hours only:
//
//	silent ─▶ told ─ still silent ─▶ told again, or by a higher step
//	  ▲        │ ├─ a report, leave, illness, field duty ─▶ over
//	  │        │ └─ nobody there, or none with a chat ─▶ the next step at once, … ─▶ HR
//	  │        └─ Sudah saya hubungi ─▶ held
//	  └──────────── its days are over ──┘
//
// After a downtime: a question until 15 minutes before its deadline, of the
// reminders only the newest, a digest until 16.00 or else with the next one, a
// recap until the end of the week, scores always. A queue with its own clock
// (cron, a job server) was left out because the program's clock drives the demo
// and the tests, and a missed hour must be computed anyway.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// chunk is how many people one transaction deals with.
const chunk = 500

// Daily are the rows of a day's work.
type Daily interface {
	Duties
	Asks
	Reminders
	Drafts
}

// Fairness are the rows of whose silence is passed on, and of what is not
// people's own fault.
type Fairness interface {
	Missing
	Outages
	Reviews
	Leads
}

// Missing are the rows of silence: to whom it was passed on, and what was asked of it.
type Missing interface {
	Silences
	Clarifications
}

// Weekly are the rows of a period's work.
type Weekly interface {
	Periods
	Weeks
	Teams
	Attendances
}

// Upkeep are the rows of who leads, who is new or leaves, what is forgotten, and
// what must hold.
type Upkeep interface {
	Free
	Offices
	Memory
	Promises
}

// Store is all that the jobs need to have remembered.
type Store interface {
	Daily
	Weekly
	Fairness
	Upkeep
}

// Deps are what the jobs are made of; all but the last three are needed.
type Deps struct {
	Store   Store
	Words   *conversations.Words
	Policy  Policy
	Rubrics []scoring.Rubric
	Loc     *time.Location // of the city
	Log     *slog.Logger
	// Settle is how long after the first tick nobody is escalated: what people
	// answered while the program was down comes in first.
	Settle time.Duration
	// Observe, when set, hears how every run of a job ended.
	Observe func(job string, r Result, err error)
	// Follow, when set, decides anew what was planned by a policy of another mark,
	// see [Policy.HoursMark]. It is asked once, before the first planning.
	Follow func(ctx context.Context, mark string) (people int, err error)
}

// Result says what a job did in one tick. The zero Result did nothing.
type Result struct {
	Did    bool           // something was changed
	Counts map[string]int // by name: "asked", "unreachable"
	// Hour is when the work was due, for a job that has an hour; else zero.
	Hour time.Time
}

// did counts changes.
func (r *Result) did(name string, n int) {
	r.saw(name, n)
	r.Did = r.Did || n > 0
}

// saw counts what was met and left alone.
func (r *Result) saw(name string, n int) {
	if n == 0 {
		return
	}
	if r.Counts == nil {
		r.Counts = map[string]int{}
	}
	r.Counts[name] += n
}

// job is one thing that is done on time.
type job struct {
	name string
	run  func(ctx context.Context, now time.Time) (Result, error)
}

// Runner runs all jobs. It may be used by several goroutines.
type Runner struct {
	jobs []job
	// verify is beside them, see [Runner.Verify].
	verify job
	loc    *time.Location
	log    *slog.Logger
	// observe hears how every run ended.
	observe func(job string, r Result, err error)

	mu    sync.Mutex
	first time.Time // of the ticks
}

// New makes the runner of all jobs.
func New(d Deps) *Runner {
	r := &Runner{loc: d.Loc, log: d.Log, observe: d.Observe}
	r.verify = job{"verify", verify{d}.run}
	w := weekly{d}
	r.jobs = []job{
		{"line", line{d}.run},
		{"delegate", delegate{d}.run},
		{"duty", duty{d, &glance{}, &atomic.Bool{}}.run},
		{"credit", credit{d}.run},
		{"ask", (&ask{Deps: d}).run},
		{"attend", attend{d}.run},
		{"remind", remind{d}.run},
		{"close", closing{d}.run},
		{"escalate", escalate{d, r.settled(d.Settle)}.run},
		{"review", review{d}.run},
		{"clarify", clarify{d}.run},
		{"board", board{d}.run},
		{"week", w.personal},
		{"team", w.teams},
		{"group", w.groups},
		{"score", w.scores},
		{"eve", eve{d}.run},
		{"life", life{d}.run},
		{"blocker", blocker{d}.run},
		{"roles", roles{d}.run},
		{"preflight", preflight{d}.run},
		{"leader", leader{d}.run},
		{"forget", forget{d}.run},
	}
	return r
}

// Names are the jobs in the order in which they run, and then the one beside them.
func (r *Runner) Names() []string {
	names := make([]string, 0, len(r.jobs)+1)
	for _, j := range r.jobs {
		names = append(names, j.name)
	}
	return append(names, r.verify.name)
}

// Tick does what is due at now, in every job, and returns what each did, without
// those that found nothing. A job that fails or panics does not keep the others from running; the errors of all
// come back joined, and the next tick tries again.
func (r *Runner) Tick(ctx context.Context, now time.Time) (map[string]Result, error) {
	now = now.In(r.loc)
	r.began(now)
	results := make(map[string]Result, len(r.jobs))
	var failed []error
	for _, j := range r.jobs {
		res, err := safely(ctx, now, j)
		if r.observe != nil {
			r.observe(j.name, res, err)
		}
		if res.Counts != nil {
			results[j.name] = res
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("run job %s: %w", j.name, err))
		}
		if res.Did {
			r.log.LogAttrs(ctx, slog.LevelInfo, "job done", attrs(j.name, res)...)
		}
	}
	return results, errors.Join(failed...)
}

// began is the first tick. A clock that is set back begins anew.
func (r *Runner) began(now time.Time) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.first.IsZero() || now.Before(r.first) {
		r.first = now
	}
	return r.first
}

// settled tells whether the first tick is long enough ago.
func (r *Runner) settled(after time.Duration) func(now time.Time) bool {
	return func(now time.Time) bool { return !now.Before(r.began(now).Add(after)) }
}

func attrs(name string, res Result) []slog.Attr {
	out := []slog.Attr{slog.String("job", name)}
	for k, n := range res.Counts {
		out = append(out, slog.Int(k, n))
	}
	slices.SortFunc(out[1:], func(a, b slog.Attr) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// ErrPanic says that a job broke; the stack is in the text.
var ErrPanic = errors.New("panic")

func safely(ctx context.Context, now time.Time, j job) (res Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v\n%s", ErrPanic, p, debug.Stack())
		}
	}()
	return j.run(ctx, now)
}

// today is the civil day of now, which Tick has put into the city's zone.
func today(now time.Time) roster.Day { return roster.DayOf(now) }

// clockOf is the wall clock of now in the city's zone.
func clockOf(now time.Time) roster.Clock { return roster.At24(now.Hour(), now.Minute()) }
