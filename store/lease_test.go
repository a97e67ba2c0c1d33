package store

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/store/storetest"
)

// lease is a duty of the stage's city, for one process.
func (s *stage) lease(holder string) *Lease {
	return &Lease{Store: s.store, Name: "poll:1", Holder: holder, Now: s.clock.now, Log: slog.New(slog.DiscardHandler)}
}

func (s *stage) term(l *Lease) *Term {
	s.t.Helper()
	t, err := l.Take(s.t.Context())
	if err != nil {
		s.t.Fatalf("%s takes: %v", l.Holder, err)
	}
	return t
}

func TestLeaseIsHeldByOne(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ctx := t.Context()
	a, b := s.lease("a"), s.lease("b")
	first := s.term(a)
	s.clock.advance(10 * time.Second)
	if err := first.Renew(ctx); err != nil {
		t.Fatal(err)
	}
	s.clock.advance(LeaseTTL - time.Millisecond)
	if _, err := b.Take(ctx); !errors.Is(err, ErrTaken) || first.Over() {
		t.Errorf("just before the end: %v, over %v", err, first.Over())
	}
	s.clock.advance(time.Millisecond)
	if !first.Over() {
		t.Error("the term does not end")
	}
	second := s.term(b)
	for what, err := range map[string]error{"Renew": first.Renew(ctx), "Check": first.Check(ctx)} {
		if !errors.Is(err, ErrLost) {
			t.Errorf("%s of the old holder: %v, want ErrLost", what, err)
		}
	}
	if err := first.Release(ctx); err != nil {
		t.Error(err)
	}
	if err := second.Check(ctx); err != nil {
		t.Errorf("the old holder released the new one's term: %v", err)
	}
	if err := second.Release(ctx); err != nil {
		t.Fatal(err)
	}
	if third := s.term(a); third.epoch != 3 || !second.Over() {
		t.Errorf("epoch %d after a release, want 3", third.epoch)
	}
}

// A term that is over and that nobody else took goes on.
func TestLeaseOfALoneProcess(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	only := s.term(s.lease("a"))
	s.clock.advance(time.Hour)
	if err := only.Check(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("an hour later: %v, want ErrLost", err)
	}
	if err := only.Renew(t.Context()); err != nil || only.Over() {
		t.Errorf("renewed: %v, over %v", err, only.Over())
	}
	if err := only.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLeaseOfAClockPutBack(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.term(s.lease("a"))
	s.clock.advance(-LeaseTTL - time.Second)
	s.term(s.lease("b"))
	s.clock.advance(-LeaseTTL + time.Second)
	if _, err := s.lease("c").Take(t.Context()); !errors.Is(err, ErrTaken) {
		t.Errorf("clocks that differ by less than the TTL: %v, want ErrTaken", err)
	}
}

// A holder whose clock is set back believes in its term no longer than before.
func TestLeaseOfAClockSetRight(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	passed := newClock()
	l := s.lease("a")
	l.Passed = passed.now
	term := s.term(l)
	s.clock.advance(-10 * time.Minute)
	passed.advance(LeaseTTL - time.Millisecond)
	if term.Over() {
		t.Error("over too early")
	}
	passed.advance(time.Millisecond)
	if !term.Over() {
		t.Error("the term goes on because the clock was set back")
	}
	if err := term.Renew(t.Context()); err != nil || term.Over() {
		t.Errorf("renewed: %v, over %v", err, term.Over())
	}
}

// An old holder's transaction fails, although its own clock stands still.
func TestOldHolderCannotWrite(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	frozen := &clock{}
	frozen.at.Store(s.clock.at.Load())
	l := s.lease("a")
	l.Now = frozen.now
	old := s.term(l)
	write := func() error {
		return s.store.inTx(t.Context(), func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), `INSERT INTO opd (name) VALUES ('by ' || gen_random_uuid())`); err != nil {
				return err
			}
			return old.Fence(t.Context(), tx)
		})
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	s.clock.advance(LeaseTTL)
	s.term(s.lease("b"))
	if err := write(); !errors.Is(err, ErrLost) || old.Over() {
		t.Errorf("an old holder writes: %v", err)
	}
	if n := one[int](s, `SELECT count(*) FROM opd`); n != 1 {
		t.Errorf("%d writes, want 1", n)
	}
}

// process is one of several that share a duty; it can be frozen as SIGSTOP would.
type process struct {
	name  string
	lease *Lease
	awake chan chan struct{} // holds one that is closed unless the process is frozen
	log   *duties
}

func newProcess(name string, log *duties) *process {
	p := &process{name: name, log: log, awake: make(chan chan struct{}, 1)}
	open := make(chan struct{})
	close(open)
	p.awake <- open
	return p
}

func (p *process) freeze() (wake func()) {
	<-p.awake
	shut := make(chan struct{})
	p.awake <- shut
	return func() { close(shut) }
}

// duties is who worked when.
type duties struct {
	mu   sync.Mutex
	seen []string
	at   []time.Time
}

func (d *duties) note(who string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen, d.at = append(d.seen, who), append(d.at, time.Now())
}

// since answers who worked after a moment, and when the first of them did.
func (d *duties) since(from time.Time) (who map[string]int, first time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	who = map[string]int{}
	for i, at := range d.at {
		if at.After(from) {
			if len(who) == 0 {
				first = at.Sub(from)
			}
			who[d.seen[i]]++
		}
	}
	return who, first
}

// sleep is the process's own: it does not return while it is frozen.
func (p *process) sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	gate := <-p.awake
	p.awake <- gate
	<-gate
	return ctx.Err()
}

// work is a step every 200 ms, each allowed only while the term lasts.
func (p *process) work(ctx context.Context, t *Term) error {
	for ctx.Err() == nil && !t.Over() {
		p.log.note(p.name)
		_ = p.sleep(ctx, 200*time.Millisecond)
	}
	return nil
}

// TestHold plays three processes on one database in a simulated minute: the
// holder is frozen, woken, and stopped in order.
func TestHold(t *testing.T) {
	t.Parallel()
	url := storetest.New(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		var run sync.WaitGroup
		log := &duties{}
		all, cancel := map[string]*process{}, map[string]context.CancelFunc{}
		for _, name := range []string{"a", "b", "c"} {
			st, err := Open(ctx, Config{URL: url, MaxConns: 2})
			if err != nil {
				t.Fatal(err)
			}
			defer st.Close()
			p := newProcess(name, log)
			p.lease = &Lease{Store: st, Name: "poll:1", Holder: name, Now: time.Now, Sleep: p.sleep, Log: slog.New(slog.DiscardHandler)}
			all[name] = p
			life, stop := context.WithCancel(ctx)
			cancel[name] = stop
			run.Go(func() {
				if err := p.lease.Hold(life, p.work); err != nil {
					t.Error(err)
				}
			})
		}
		defer run.Wait()
		defer end()
		holder := func(from time.Time, within time.Duration) string {
			t.Helper()
			who, first := log.since(from)
			if len(who) != 1 || first > within {
				t.Fatalf("after %s worked %v, the first after %v; want one within %v", from, who, first, within)
			}
			for name := range who {
				return name
			}
			return ""
		}
		start := time.Now()
		<-time.After(40 * time.Second)
		first := holder(start.Add(-1), time.Second)
		frozen := time.Now()
		wake := all[first].freeze()
		<-time.After(25 * time.Second)
		wake()
		second := holder(frozen, 20*time.Second)
		woken := time.Now()
		<-time.After(20 * time.Second)
		if got := holder(woken, time.Second); got != second || got == first {
			t.Errorf("%s was frozen, %s took over, and %s works after the waking", first, second, got)
		}
		stopped := time.Now()
		cancel[second]()
		<-time.After(5 * time.Second)
		if got := holder(stopped, 3*time.Second); got == second {
			t.Errorf("%s works on after it was stopped", got)
		}
	})
}

func TestReplicasAreCounted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i, want := range []int{1, 2, 2, 1, 1} {
		holder := []string{"a", "b", "a", "b", "c"}[i]
		got, err := s.store.Announce(t.Context(), s.clock.now(), holder, LeaseTTL)
		if err != nil || got != want {
			t.Errorf("%d: %d replicas, %v; want %d", i, got, err, want)
		}
		s.clock.advance([]time.Duration{time.Second, time.Second, LeaseTTL, forgetReplica + LeaseTTL + time.Second, 0}[i])
	}
	if n := one[int](s, `SELECT count(*) FROM lease WHERE name LIKE 'replica:%'`); n != 1 {
		t.Errorf("%d replicas are remembered, want 1", n)
	}
}
