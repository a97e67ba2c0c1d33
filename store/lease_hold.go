package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	renewals   = 3               // chances to renew in a TTL
	looks      = 8               // chances to notice a free lease in a TTL
	renewLimit = 2 * time.Second // of one statement about a lease, in real time
)

// Hold works while it holds the lease and waits while another process does,
// until ctx ends; it returns nil then. The work's context ends when the term is
// lost, at the latest when it is over; work that was frozen must ask [Term.Over]
// before its next step. Work that ends by itself is begun again.
func (l *Lease) Hold(ctx context.Context, work func(ctx context.Context, t *Term) error) error {
	for ctx.Err() == nil {
		t, err := l.take(ctx)
		if err == nil {
			if err := l.serve(ctx, t, work); err != nil {
				return err
			}
		} else if !errors.Is(err, ErrTaken) && ctx.Err() == nil {
			l.Log.Warn("lease not taken, trying again", "lease", l.Name, "error", err)
		}
		_ = l.Sleep(ctx, l.ttl()/looks) // the end is noticed above
	}
	return nil
}

func (l *Lease) take(ctx context.Context) (*Term, error) {
	ctx, cancel := context.WithTimeout(ctx, renewLimit)
	defer cancel()
	return l.Take(ctx)
}

// serve is one term: the work and, beside it, its renewal.
func (l *Lease) serve(ctx context.Context, t *Term, work func(ctx context.Context, t *Term) error) error {
	l.Log.Info("lease taken", "lease", l.Name, "epoch", t.epoch)
	working, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		defer stop()
		ended <- work(working, t)
	}()
	lost := t.keep(working)
	stop()
	err := <-ended
	if lost != nil {
		l.Log.Warn("lease lost", "lease", l.Name, "epoch", t.epoch, "error", lost)
		return nil
	}
	// ctx may be over, the release must not be.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewLimit)
	defer cancel()
	if err := t.Release(ctx); err != nil {
		l.Log.Warn("lease not released, others wait for its end", "lease", l.Name, "error", err)
	}
	if err != nil {
		return fmt.Errorf("work under lease %s: %w", l.Name, err)
	}
	return nil
}

// keep renews until ctx ends, which is nil, or until the term is lost or over.
// While the database is away the term runs on to its end.
func (t *Term) keep(ctx context.Context) error {
	var failed error
	for t.rest(ctx, failed != nil) {
		if failed != nil && t.Over() {
			return failed
		}
		if failed = t.renewSoon(ctx); errors.Is(failed, ErrLost) {
			return failed
		}
	}
	return nil
}

// rest waits for the next renewal, and reports false when there is none.
func (t *Term) rest(ctx context.Context, failed bool) bool {
	rest := t.lease.ttl() / renewals
	if failed {
		rest = t.lease.ttl() / looks
	}
	return t.lease.Sleep(ctx, max(min(rest, t.left()), 0)) == nil
}

// renewSoon renews, and gives up about when the term is over.
func (t *Term) renewSoon(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, min(renewLimit, max(t.left(), renewLimit/looks)))
	defer cancel()
	return t.Renew(ctx)
}
