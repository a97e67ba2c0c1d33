// Package migrations shapes the database: numbered .sql files, built into the
// program, applied forward only.
//
// It knows the order of the files and how to apply each exactly once while
// several processes start together. It never knows what the tables mean, and it
// never takes a step back: a wrong step is corrected by a further one.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// ErrNewer says that the database was shaped by a newer program than this one.
// An old program must not write there: it does not know the newer rules.
var ErrNewer = errors.New("database schema is newer than this program")

const (
	// retrySeconds is how often a waiting process asks for the session lock;
	// the library's own 5 s would slow every second replica down.
	retrySeconds = 1
	// retries lets the slowest plausible step of another process finish (10 minutes).
	retries = 600
	// lockTimeout ends a step that would queue behind a long transaction, and
	// with it every query that queues behind the step.
	lockTimeout = "5s"
)

// Up applies every step that the database at dsn does not have yet, and raises the
// wall around what people are shown of others. It is safe to call from many
// processes at once: one works, the others wait. It fails with [ErrNewer], and
// changes nothing, when the database is ahead of this program, and with [ErrWall].
func Up(ctx context.Context, dsn string) error {
	if err := up(ctx, dsn, files); err != nil {
		return err
	}
	return raiseWall(ctx, dsn)
}

// Version is the newest step applied to the database at dsn, 0 for none.
func Version(ctx context.Context, dsn string) (int64, error) { return version(ctx, dsn, files) }

// Files is the steps themselves, to be shown or fingerprinted.
func Files() fs.FS { return files }

// Latest is the newest step this program knows.
func Latest() int64 { return latest(files) }

func up(ctx context.Context, dsn string, steps fs.FS) error {
	return with(ctx, dsn, steps, func(p *goose.Provider) error {
		if err := refuseNewer(ctx, p); err != nil {
			return err
		}
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("apply migrations: %w", err)
		}
		// A newer program may have been first while we waited for the lock.
		return refuseNewer(ctx, p)
	})
}

func version(ctx context.Context, dsn string, steps fs.FS) (at int64, err error) {
	err = with(ctx, dsn, steps, func(p *goose.Provider) error {
		if at, err = p.GetDBVersion(ctx); err != nil {
			return fmt.Errorf("read schema version: %w", err)
		}
		return nil
	})
	return at, err
}

func refuseNewer(ctx context.Context, p *goose.Provider) error {
	at, known, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if at > known {
		return fmt.Errorf("%w: the database is at step %d, this program knows %d", ErrNewer, at, known)
	}
	return nil
}

// with opens the database for one run of f.
func with(ctx context.Context, dsn string, steps fs.FS, f func(*goose.Provider) error) error {
	db, err := open(dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(retrySeconds, retries))
	if err != nil {
		return fmt.Errorf("make migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, steps,
		goose.WithSessionLocker(locker),
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	return f(p)
}

func open(dsn string) (*sql.DB, error) {
	c, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read database URL: %w", err)
	}
	c.RuntimeParams["lock_timeout"] = lockTimeout
	c.RuntimeParams["application_name"] = "ekinerja migrate"
	if c.ValidateConnect == nil { // of several hosts, the one that takes writes
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	return stdlib.OpenDB(*c), nil
}

// latest ignores what has no number; NewProvider complains about such files.
func latest(steps fs.FS) (newest int64) {
	names, _ := fs.Glob(steps, "*.sql") // the pattern is well formed
	for _, name := range names {
		if n, err := goose.NumericComponent(name); err == nil {
			newest = max(newest, n)
		}
	}
	return newest
}
