package storetest

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Rows asks a database that [New] made and returns every value as text, NULL as
// "". It is for tests outside store that judge what the program left behind: they
// see what Postgres says without going through the code they judge.
func Rows(t testing.TB, url, sql string, args ...any) [][]string {
	t.Helper()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("reach test database: %v", err)
	}
	defer conn.Close(ctx)
	// The simple protocol answers in text.
	rows, err := conn.Query(ctx, sql, append([]any{pgx.QueryExecModeSimpleProtocol}, args...)...)
	if err != nil {
		t.Fatalf("ask test database: %v", err)
	}
	var all [][]string
	for rows.Next() {
		raw := rows.RawValues()
		row := make([]string, len(raw))
		for i, v := range raw {
			row[i] = string(v)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("read test database: %v", err)
	}
	return all
}

// Exec changes a test database by statements that are separated by semicolons,
// each in a transaction of its own.
func Exec(t testing.TB, url, sql string) {
	t.Helper()
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("reach test database: %v", err)
	}
	defer conn.Close(ctx)
	for statement := range strings.SplitSeq(sql, ";") {
		if _, err := conn.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("change test database: %v", err)
		}
	}
}
