package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/migrations"
	"ekinerja/store/embedded"
)

// patience bounds each thing a server does for a test; a loaded machine needs
// seconds, only a broken one needs more.
const patience = 2 * time.Minute

// server is the PostgreSQL of this test binary: begun by the first test that asks.
var server = sync.OnceValues(startPostgres)

// New makes a database with the whole schema and no rows for one test, and
// returns its connection string. It is dropped when the test ends; close the
// pool before (t.Cleanup after New does).
func New(t testing.TB) string {
	t.Helper()
	return create(t, func(ctx context.Context, c *cluster) (string, error) { return c.template(ctx) })
}

// Empty is New without the schema.
func Empty(t testing.TB) string {
	t.Helper()
	return create(t, func(context.Context, *cluster) (string, error) { return "template0", nil })
}

func create(t testing.TB, template func(context.Context, *cluster) (string, error)) string {
	t.Helper()
	c, err := server()
	if errors.Is(err, embedded.ErrNoBinaries) {
		missing(t, "PostgreSQL", err)
	}
	if err != nil {
		t.Fatalf("start PostgreSQL for tests: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	from, err := template(ctx, c)
	if err != nil {
		t.Fatalf("make template database: %v", err)
	}
	name := fmt.Sprintf("t_%s_%d", c.run, c.count.Add(1))
	if err := c.copy(ctx, name, from); err != nil {
		t.Fatalf("make test database: %v", err)
	}
	t.Cleanup(func() {
		// t.Context is over by now.
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := c.exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return c.url(name)
}

// missing ends the test: in CI as a failure, elsewhere as a loud skip.
func missing(t testing.TB, what string, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing, and CI is true: %v", what, err)
	}
	t.Skipf("\n*** NOT TESTED: %s is missing. %v ***", what, err)
}

// cluster is a PostgreSQL server that tests share.
type cluster struct {
	base   url.URL
	run    string // differs between test binaries on one server
	count  atomic.Int64
	leash  io.Closer      // see sweepAfterDeath; nil for a server that is not ours
	idle   chan *pgx.Conn // administrative connections at rest
	schema sync.Mutex
	made   string // name of the template, once it exists
}

func startPostgres() (*cluster, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var leash io.Closer
	raw := os.Getenv("EKINERJA_TEST_DATABASE_URL")
	if raw == "" {
		dir, err := scratch()
		if err != nil {
			return nil, err
		}
		// The leash comes first: a death while the server starts is swept too.
		if leash, err = sweepAfterDeath(dir, filepath.Join(dir, "data", "postmaster.pid")); err != nil {
			return nil, err
		}
		pg, err := embedded.Start(ctx, embedded.Config{DataDir: dir, Fast: true})
		if err != nil {
			leash.Close()
			return nil, err
		}
		raw = pg.URL()
	}
	base, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read EKINERJA_TEST_DATABASE_URL: not a URL") // err would repeat the password
	}
	return &cluster{base: *base, run: unique(), idle: make(chan *pgx.Conn, 4), leash: leash}, nil
}

// unique is a short word for names in a shared server.
func unique() string { return strconv.FormatUint(uint64(fingerprint([]byte(rand.Text()))), 36) }

func fingerprint(b []byte) uint32 {
	h := fnv.New32a()
	h.Write(b)
	return h.Sum32()
}

func (c *cluster) url(database string) string {
	u := c.base
	u.Path = "/" + database
	return u.String()
}

// template makes the migrated database that tests are copied from, once for the
// server and these migrations, and returns its name.
func (c *cluster) template(ctx context.Context) (string, error) {
	c.schema.Lock()
	defer c.schema.Unlock()
	if c.made != "" {
		return c.made, nil
	}
	mark, err := digest(migrations.Files())
	if err != nil {
		return "", err
	}
	name := "tpl_" + mark
	if err := c.with(ctx, func(conn *pgx.Conn) error { return c.makeTemplate(ctx, conn, name) }); err != nil {
		return "", err
	}
	c.made = name
	return name, nil
}

// makeTemplate works beside other test binaries: one builds while the others
// wait, and a build that was cut off leaves only the name that is built over.
func (c *cluster) makeTemplate(ctx context.Context, conn *pgx.Conn, name string) error {
	const key = 0x656b696e // any number that only we use
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		return fmt.Errorf("lock template: %w", err)
	}
	defer func() { _, _ = conn.Exec(ctx, "SELECT pg_advisory_unlock($1)", key) }() // the session's end unlocks too
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil {
		return fmt.Errorf("look for template: %w", err)
	}
	if exists {
		return nil
	}
	draft := name + "_draft"
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + draft + " WITH (FORCE)", "CREATE DATABASE " + draft + " TEMPLATE template0"} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make template: %w", err)
		}
	}
	if err := migrations.Up(ctx, c.url(draft)); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name); err != nil {
		return fmt.Errorf("name template: %w", err)
	}
	return nil
}

// copy makes a database from another. Copying files beats writing each page to
// the log; PostgreSQL 14 knows no other way and no word for it.
func (c *cluster) copy(ctx context.Context, name, from string) error {
	return c.with(ctx, func(conn *pgx.Conn) error {
		sql := "CREATE DATABASE " + name + " TEMPLATE " + from
		if major, _ := strconv.Atoi(conn.PgConn().ParameterStatus("server_version")[:2]); major >= 15 {
			sql += " STRATEGY FILE_COPY"
		}
		_, err := conn.Exec(ctx, sql)
		return err
	})
}

func (c *cluster) exec(ctx context.Context, sql string) error {
	return c.with(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql)
		return err
	})
}

// with lends an administrative connection. They are kept by hand because a pool
// would keep goroutines, and tests look for leaked ones.
func (c *cluster) with(ctx context.Context, f func(*pgx.Conn) error) error {
	var conn *pgx.Conn
	select {
	case conn = <-c.idle:
	default:
		var err error
		if conn, err = pgx.Connect(ctx, c.base.String()); err != nil {
			return fmt.Errorf("reach test server: %w", err)
		}
	}
	err := f(conn)
	if err == nil {
		select {
		case c.idle <- conn:
			return nil
		default:
		}
	}
	conn.Close(ctx) // of no further use, whatever it answers
	return err
}

// digest tells one set of migrations from another.
func digest(files fs.FS) (string, error) {
	h := fnv.New64a()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(files, name)
		fmt.Fprintln(h, name, len(raw))
		h.Write(raw)
		return err
	})
	return strconv.FormatUint(h.Sum64(), 36), err
}
