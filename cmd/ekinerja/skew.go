package main

import (
	"context"
	"errors"
	"time"

	"ekinerja/store"
)

// mostSkew is how far our clock and the database server's may be apart before
// somebody must hear of it, and before ours is set right; clocks that NTP keeps
// differ by milliseconds.
const mostSkew = 5 * time.Second

// errSlow: the answer took so long that it proves nothing about a clock.
var errSlow = errors.New("the database answers too slowly to compare clocks")

// skew is how far clocks are ahead of the database server's; below zero behind.
type skew struct {
	machine time.Duration // this machine's, as it shows now
	ours    time.Duration // the one that the application goes by
}

// clocks are what is compared, without the offset of a rehearsal.
type clocks struct {
	machine, ours func() time.Time
	server        func(ctx context.Context) (time.Time, error)
}

// clocksOf are those of a service with these settings.
func (s settings) clocksOf(clk *clock, db *store.Store) clocks {
	return clocks{
		machine: func() time.Time { return time.Now().Round(0).Add(s.ClockWrong) }, // rounded, it is not counted on from the start
		ours:    func() time.Time { return clk.Now().Add(-s.ClockOffset) },
		server:  db.ServerTime,
	}
}

// skew compares them once. It is exact to half of the time that the question took,
// at most half of mostSkew.
func (c clocks) skew(ctx context.Context) (skew, error) {
	began, machine, ours := time.Now(), c.machine(), c.ours()
	at, err := c.server(ctx)
	if err != nil {
		return skew{}, err
	}
	took := time.Since(began)
	if took > mostSkew {
		return skew{}, errSlow
	}
	at = at.Add(-took / 2)
	return skew{machine: machine.Sub(at), ours: ours.Sub(at)}, nil
}

// lookClock compares our clock with the database server's, which is the one that
// all replicas share, and sets ours right by it: a deadline comes for everybody at
// one moment, a lease ends at one moment, and the ledger of outages knows no time
// that others have not seen. So a clock that is wrong at the start does no harm,
// and one that is set right later, here or there, is followed within lookEvery.
// Which clock is the wrong one somebody has to find out; the log and a metric say
// that there is one.
func (w *watch) lookClock(ctx context.Context) {
	if w.compare == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	d, err := w.compare(ctx)
	if err != nil {
		return // what we knew last is the best there is; that the database is away is found next
	}
	if d.ours.Abs() > mostSkew {
		w.setRight(-d.ours)
		w.log.Warn("our clock follows the database server's", "by_seconds", -d.ours.Seconds())
	}
	before := time.Duration(w.ahead.Swap(int64(d.machine)))
	switch wrong, was := d.machine.Abs() > mostSkew, before.Abs() > mostSkew; {
	case wrong && !was:
		w.log.Error("this machine's clock and the database server's differ: keep both right with NTP", "ahead_seconds", d.machine.Seconds())
	case was && !wrong:
		w.log.Info("this machine's clock and the database server's agree again")
	}
}
