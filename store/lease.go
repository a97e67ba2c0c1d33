package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/store/db"
)

// LeaseTTL is how long a silent holder keeps a duty, unless a lease says
// otherwise. With what the others need to notice, it is taken over within 20 s.
const LeaseTTL = 15 * time.Second

var (
	// ErrTaken says that another process holds the lease.
	ErrTaken = errors.New("another process holds the lease")
	// ErrLost says that a term is over and another one has begun, or may have.
	ErrLost = errors.New("lease lost")
)

// Lease is a duty that one process at a time does for all. Who holds it has a
// [Term], and the terms are numbered: an old holder, however long it was frozen,
// is known by its number.
//
//	           Take                     Renew, every TTL/3
//	free ─────────────▶ held by us ◀──────────┐
//	  ▲                  │   │  └─────────────┘
//	  │     Release      │   └── TTL without a renewal ──▶ over: we stop,
//	  └──────────────────┘                                 anybody may take it
//
// Time is passed in. It should be one clock for all, kept near the database
// server's: clocks may differ by less than the TTL, then one machine may wait
// longer, or take over from a living holder, which notices by the number; if they
// differ by more, two take turns. No lock outlives a connection, so a pooler in
// between does not matter.
type Lease struct {
	Store  *Store
	Name   string
	Holder string        // this process; never used again by another one
	TTL    time.Duration // LeaseTTL when 0
	Now    func() time.Time
	// Passed is a clock that nobody sets, for what a holder may believe; nil: Now.
	Passed func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error // of the same clock
	Log    *slog.Logger
}

// Term is one process's time with a lease. It is safe for concurrent use.
type Term struct {
	lease *Lease
	epoch int64
	until atomic.Pointer[time.Time] // as [Lease.Passed] shows it
}

func (l *Lease) ttl() time.Duration {
	if l.TTL > 0 {
		return l.TTL
	}
	return LeaseTTL
}

func (l *Lease) passed() time.Time {
	if l.Passed != nil {
		return l.Passed()
	}
	return l.Now()
}

// absurd is how many TTLs ahead an end can only have been written by a clock
// that was put back since: a rehearsal in the future must not lock us out.
const absurd = 2

// Take begins a term, or answers [ErrTaken].
func (l *Lease) Take(ctx context.Context) (*Term, error) {
	now := l.Now()
	t := &Term{lease: l}
	t.extend(l.passed()) // before asking: we must believe in less than the others do
	epoch, err := l.Store.q().TakeLease(ctx, db.TakeLeaseParams{
		Name: l.Name, Holder: l.Holder, Until: now.Add(l.ttl()), At: now, Absurd: now.Add(absurd * l.ttl()),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrTaken
	}
	if err != nil {
		return nil, fmt.Errorf("take lease %s: %w", l.Name, err)
	}
	t.epoch = epoch
	return t, nil
}

func (t *Term) extend(now time.Time) {
	until := now.Add(t.lease.ttl())
	t.until.Store(&until)
}

// Over reports that nobody renewed the term in time. It asks nobody: a process
// that was frozen asks its clock before it does anything.
func (t *Term) Over() bool { return t.left() <= 0 }

func (t *Term) left() time.Duration { return t.until.Load().Sub(t.lease.passed()) }

// Renew prolongs the term, or answers [ErrLost] when another one has begun.
func (t *Term) Renew(ctx context.Context) error {
	l, now, passed := t.lease, t.lease.Now(), t.lease.passed()
	n, err := l.Store.q().RenewLease(ctx, db.RenewLeaseParams{
		Until: now.Add(l.ttl()), Name: l.Name, Holder: l.Holder, Epoch: t.epoch,
	})
	if err != nil {
		return fmt.Errorf("renew lease %s: %w", l.Name, err)
	}
	if n == 0 {
		return fmt.Errorf("renew lease %s: %w", l.Name, ErrLost)
	}
	t.extend(passed)
	return nil
}

// Release ends the term, so that another process need not wait for its end.
func (t *Term) Release(ctx context.Context) error {
	l, now, passed := t.lease, t.lease.Now(), t.lease.passed()
	t.until.Store(&passed)
	if err := l.Store.q().ReleaseLease(ctx, db.ReleaseLeaseParams{
		At: now, Name: l.Name, Holder: l.Holder, Epoch: t.epoch,
	}); err != nil {
		return fmt.Errorf("release lease %s: %w", l.Name, err)
	}
	return nil
}

// Check asks the database whether the term still is the present one, and
// answers [ErrLost] when it is not.
func (t *Term) Check(ctx context.Context) error { return t.fence(ctx, t.lease.Store.pool) }

// Fence is Check in the transaction of a write that only the holder may make:
// an old holder's transaction fails, whatever its clock says.
func (t *Term) Fence(ctx context.Context, tx pgx.Tx) error { return t.fence(ctx, tx) }

func (t *Term) fence(ctx context.Context, in db.DBTX) error {
	l := t.lease
	held, err := db.New(in).HoldsLease(ctx, db.HoldsLeaseParams{Name: l.Name, Holder: l.Holder, Epoch: t.epoch, At: l.Now()})
	if err != nil {
		return fmt.Errorf("check lease %s: %w", l.Name, err)
	}
	if !held {
		return fmt.Errorf("check lease %s: %w", l.Name, ErrLost)
	}
	return nil
}
