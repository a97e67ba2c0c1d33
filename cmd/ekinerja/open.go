package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"ekinerja/migrations"
	"ekinerja/store"
	"ekinerja/store/embedded"
)

// database is an open store and what must be stopped after it.
type database struct {
	*store.Store
	url  string
	stop func()
}

// openDatabase opens the configured Postgres, or starts a private one in the
// data directory, and brings it to this version's shape.
func (s settings) openDatabase(ctx context.Context, log *slog.Logger, progress func(done, total int64)) (*database, error) {
	db := &database{url: s.DatabaseURL, stop: func() {}}
	if db.url == "" {
		if err := os.MkdirAll(s.DataDir, 0o700); err != nil {
			return nil, fmt.Errorf("make the data directory: %w", err)
		}
		srv, err := embedded.Start(ctx, embedded.Config{
			DataDir: filepath.Join(s.DataDir, "postgres"), Log: log, Progress: progress,
		})
		if err != nil {
			return nil, err
		}
		db.url, db.stop = srv.URL(), func() {
			// ctx is over when a program stops; Postgres still gets time to end well.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			if err := srv.Stop(ctx); err != nil {
				log.Warn("private postgres did not stop cleanly", "error", err)
			}
		}
	}
	if err := migrations.Up(ctx, db.url); err != nil {
		db.stop()
		return nil, fmt.Errorf("migrate the database: %w", err)
	}
	st, err := store.Open(ctx, store.Config{URL: db.url})
	if err != nil {
		db.stop()
		return nil, err
	}
	db.Store = st
	return db, nil
}

// Close closes the pool, then stops a private server.
func (d *database) Close() {
	d.Store.Close()
	d.stop()
}

// migrateCmd brings the database to this version's shape.
type migrateCmd struct{ config }

// Run migrates and says where the database stands.
func (c migrateCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), nil)
	if err != nil {
		return err
	}
	defer db.Close()
	v, err := migrations.Version(ctx, db.url)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "the database is at version %d, this program's newest\n", v)
	return err
}
