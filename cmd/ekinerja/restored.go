package main

import (
	"context"
	"fmt"
	"log/slog"
)

// restoredCmd makes a database that came back from a backup fit to serve.
type restoredCmd struct{ config }

// Run begins a new epoch and says what the lost life may have sent. Running it
// twice does no harm.
func (c restoredCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	done, err := db.Restored(ctx, newClock(s.ClockOffset).Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "new epoch %s: nothing that Redis remembers is believed\n"+
		"%d messages were waiting in the copy and may have been sent since; they are unclear now\n"+
		"next: ekinerja verify, then ekinerja serve\n", done.Epoch, done.Unclear)
	return err
}
