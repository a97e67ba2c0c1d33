package main

import (
	"context"
	"fmt"
	"log/slog"
)

// rosterRetireCmd ends a person's service.
type rosterRetireCmd struct {
	config
	Number string `arg:"" help:"NIP or staff number of the person who leaves."`
}

// Run marks the person as gone. Their chat is told by serve.
func (c rosterRetireCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Retire(ctx, newClock(s.ClockOffset).Now(), c.Number); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(io.out, "from now on nothing is asked of this person; what is kept of them stays")
	return nil
}
