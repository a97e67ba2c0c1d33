// Package store remembers: Postgres is the record, Redis a copy of live state
// that may vanish at any time. All SQL of the program is here (queries/*.sql,
// turned into db by sqlc).
//
// It knows tables, locks, versions and transactions. It never knows a sentence,
// never sends, and never reads a clock: now is always given.
//
// All that one message does becomes true together, in one transaction. Messages of
// several conversations that wait at the same time share it ([Turns.HandleAll]); if
// anything goes wrong, each has its own:
//
//	Inbox.Receive ── COMMIT ──▶ hint
//	                              │
//	Turns.Handle: lock the conversation ─▶ oldest new message ─▶ Handler ─▶ outcome
//	                    │ busy: somebody else has it                  │
//	                    ▼                                             ▼
//	                 nothing      fence (version) ◀─ reports, answers, outbox, audit
//	                                  │
//	                               COMMIT ─▶ Redis ─▶ toast, wake the sender
//
// Rules that hold everywhere here:
//
//   - No network call inside a transaction, and no lock that outlives a connection.
//   - Every effect has a key that makes a second try change nothing.
//   - What a fault may repeat is written as an insert that ignores its twin.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"ekinerja/store/db"
)

// defaultConns is enough to keep two cores busy; more only wait for each other.
// Work over many rows has few connections of its own, and cannot take those of
// the people who write.
const (
	defaultConns = 12
	plainConns   = 6
)

// connectPatience bounds one attempt to connect, unless the URL says otherwise.
const connectPatience = 5 * time.Second

// Config says which database to use.
type Config struct {
	URL      string // connection string, several hosts allowed
	MaxConns int32  // for messages; 0 means 12. Everything else shares up to 6 more
}

// Store is one database. It is safe for concurrent use.
type Store struct {
	pool  *pgxpool.Pool
	hot   *Store
	epoch string
}

// Hot is the same database for the way of a message, in and out: a few rows at a
// time, found by their keys, thousands of times a minute. Its connections plan each
// statement once. What looks through many rows does not belong there: the plan
// that is right for one person takes minutes for a city.
func (s *Store) Hot() *Store { return s.hot }

// Open connects and checks that the database keeps time in UTC and has been
// migrated. With several hosts in the URL it uses the one that takes writes.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	c, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("read database URL: %w", concealed(err))
	}
	s := &Store{}
	if s.pool, err = openPool(ctx, c.Copy(), plainConns, plainPlans); err != nil {
		return nil, err
	}
	if err := s.check(ctx); err != nil {
		s.pool.Close()
		return nil, err
	}
	s.hot = &Store{epoch: s.epoch}
	s.hot.hot = s.hot
	most := int32(defaultConns)
	if cfg.MaxConns > 0 {
		most = cfg.MaxConns
	}
	if s.hot.pool, err = openPool(ctx, c, most, oncePlanned); err != nil {
		s.pool.Close()
		return nil, err
	}
	return s, nil
}

// openPool opens no connection yet.
func openPool(ctx context.Context, c *pgxpool.Config, most int32, planning string) (*pgxpool.Pool, error) {
	guard := &guard{}
	c.MaxConns = most
	c.ConnConfig.RuntimeParams["timezone"] = "UTC"
	c.ConnConfig.RuntimeParams["application_name"] = "ekinerja"
	c.ConnConfig.Tracer = guard
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = connectPatience
	}
	c.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error { return prepareConn(ctx, conn, planning) }
	if manyHosts(c.ConnConfig) && c.ConnConfig.ValidateConnect == nil {
		c.ConnConfig.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	guard.pool.Store(pool)
	return pool, nil
}

// concealed hides the connection string, and the password in it, that a parse
// error quotes.
func concealed(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return errors.New("not a valid connection string")
}

func manyHosts(c *pgx.ConnConfig) bool {
	for _, f := range c.Fallbacks {
		if f.Host != c.Host || f.Port != c.Port {
			return true
		}
	}
	return false
}

// oncePlanned makes the server plan each statement once a connection. Left to
// itself it plans those that take arrays anew each time, which costs more than
// doing them; and compiling a plan never pays here. A plan that is made while a
// table is new and small must be good when it has grown: what an index can find
// is never looked for in a whole table.
const (
	oncePlanned = "SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off; SET enable_bitmapscan = off"
	plainPlans  = "SET jit = off"
)

// prepareConn also makes every moment that is read come in UTC, whatever the
// machine's zone.
func prepareConn(ctx context.Context, conn *pgx.Conn, planning string) error {
	if _, err := conn.Exec(ctx, planning); err != nil {
		return fmt.Errorf("prepare connection: %w", err)
	}
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

func (s *Store) check(ctx context.Context) error {
	var zone string
	if err := s.pool.QueryRow(ctx, "SHOW timezone").Scan(&zone); err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	if zone != "UTC" {
		return fmt.Errorf("database session is in zone %s instead of UTC: a pooler overrides the setting", zone)
	}
	epoch, err := s.q().Epoch(ctx)
	if err != nil {
		return fmt.Errorf("read epoch (is the database migrated?): %w", err)
	}
	s.epoch = epoch
	return nil
}

// Close waits for connections in use and closes them all.
func (s *Store) Close() {
	s.pool.Close()
	if s.hot != s {
		s.hot.pool.Close()
	}
}

// Epoch names this life of the database. After a restore it is another one, and
// nothing that Redis remembers from before is believed. It is read once, at Open.
func (s *Store) Epoch() string { return s.epoch }

// Ready proves that the database takes writes.
func (s *Store) Ready(ctx context.Context, now time.Time) error {
	if err := s.q().TouchReady(ctx, now); err != nil {
		return fmt.Errorf("write to database: %w", err)
	}
	return nil
}

// ServerTime is what the database server's clock shows. It serves one thing only:
// to find that a clock is wrong; what happens when is told by the application's.
func (s *Store) ServerTime(ctx context.Context) (at time.Time, err error) {
	if err := s.pool.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("ask the database server for its time: %w", err)
	}
	return at, nil
}

func (s *Store) q() *db.Queries { return db.New(s.pool) }

// inTx runs f in a transaction of its own; an error undoes everything.
func (s *Store) inTx(ctx context.Context, f func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, f)
}
