package main

import (
	"context"
	"errors"
	"time"

	"ekinerja/store"
)

// mostSkew is how far our clock and the database server's may be apart before
// somebody must hear of it; clocks that NTP keeps differ by milliseconds.
const mostSkew = 5 * time.Second

// errSlow: the answer took so long that it proves nothing about a clock.
var errSlow = errors.New("the database answers too slowly to compare clocks")

// skewOf is how far clk, without the offset of a rehearsal, is ahead of the
// database server's clock; below zero it is behind. It is exact to half of the
// time that the question took, at most half of mostSkew.
func skewOf(ctx context.Context, db *store.Store, clk *clock, offset time.Duration) (time.Duration, error) {
	asked := clk.Now()
	at, err := db.ServerTime(ctx)
	if err != nil {
		return 0, err
	}
	took := clk.Now().Sub(asked)
	if took > mostSkew || took < 0 {
		return 0, errSlow
	}
	return asked.Add(took / 2).Add(-offset).Sub(at), nil
}

// lookClock compares our clock with the database server's. The ledger of outages
// is kept in the server's time when they differ: a replica whose clock is ahead
// would believe to have been away since the last heartbeat of the others.
func (w *watch) lookClock(ctx context.Context) {
	if w.skew == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	d, err := w.skew(ctx)
	if err != nil {
		return // what we knew last is the best there is; that the database is away is found next
	}
	before := w.wrongBy()
	w.ahead.Store(int64(d))
	switch wrong := w.wrongBy(); {
	case wrong != 0 && before == 0:
		w.log.Error("our clock and the database server's differ: keep both right with NTP", "ahead_seconds", wrong.Seconds())
	case wrong == 0 && before != 0:
		w.log.Info("our clock is right again")
	}
}

// wrongBy is how far our clock is ahead of the ledger's; 0 when that is little.
func (w *watch) wrongBy() time.Duration {
	if d := time.Duration(w.ahead.Load()); d.Abs() > mostSkew {
		return d
	}
	return 0
}

// at is the time of the ledger.
func (w *watch) at() time.Time { return w.now().Add(-w.wrongBy()) }
