package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Codes of PostgreSQL that we act on.
const (
	codeReadOnly     = "25006" // the primary has become a standby
	codeShuttingDown = "57P01" // the server was told to stop
	codeUnique       = "23505"
	codeDeadlock     = "40P01"
	codeDivision     = "22012" // by zero: how a statement refuses what it must not do
)

// guard watches every query: when the server says that it is no longer the one
// to write to, all connections to it are dropped, so that the next ones find
// the new primary instead of failing one by one.
type guard struct{ pool atomic.Pointer[pgxpool.Pool] }

func (g *guard) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

func (g *guard) TraceQueryEnd(_ context.Context, _ *pgx.Conn, d pgx.TraceQueryEndData) {
	g.look(d.Err)
}

func (g *guard) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (g *guard) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (g *guard) TraceBatchEnd(_ context.Context, _ *pgx.Conn, d pgx.TraceBatchEndData) { g.look(d.Err) }

func (g *guard) look(err error) {
	if err == nil {
		return
	}
	if code := codeOf(err); code == codeReadOnly || code == codeShuttingDown {
		if p := g.pool.Load(); p != nil {
			p.Reset()
		}
	}
}

// codeOf is the server's error code, empty when the error is not the server's.
func codeOf(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// violates reports that the error is about one named constraint.
func violates(err error, constraint string) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == codeUnique && e.ConstraintName == constraint
}

// passing reports an error that says nothing about what was being done: the
// connection, the server's state, a conflict that the next try will not have.
func passing(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok || pgconn.SafeToRetry(err) || pgconn.Timeout(err) {
		return true
	}
	code := codeOf(err)
	return code != "" && (code == codeReadOnly || slices.ContainsFunc([]string{"08", "40", "53", "55", "57"}, func(class string) bool {
		return strings.HasPrefix(code, class)
	}))
}
