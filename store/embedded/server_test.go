package embedded_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/store/embedded"
)

func start(t *testing.T, cfg embedded.Config) *embedded.Server {
	t.Helper()
	begun := time.Now()
	s, err := embedded.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("PostgreSQL %s ready after %v", s.Version(), time.Since(begun).Round(time.Millisecond))
	t.Cleanup(func() { _ = s.Stop(context.Background()) }) // tests of Stop call it themselves
	return s
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var got string
	if err := conn.QueryRow(t.Context(), sql).Scan(&got); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return got
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestDataOutlivesTheServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, embedded.Config{DataDir: dir, Fast: true})
	execute(t, s.URL(), "CREATE TABLE kept AS SELECT 'yes' AS word")
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Errorf("a second Stop: %v", err)
	}
	select {
	case <-s.Done():
	default:
		t.Error("Done is open after Stop")
	}
	again := start(t, embedded.Config{DataDir: dir, Fast: true})
	if got := query(t, again.URL(), "SELECT word FROM kept"); got != "yes" {
		t.Errorf("kept = %q", got)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	durable := start(t, embedded.Config{DataDir: t.TempDir()})
	fast := start(t, embedded.Config{DataDir: t.TempDir(), Fast: true})
	for name, want := range map[string]struct{ durable, fast string }{
		"fsync":                   {"on", "off"},
		"synchronous_commit":      {"on", "off"},
		"full_page_writes":        {"on", "off"},
		"TimeZone":                {"UTC", "UTC"},
		"listen_addresses":        {"", ""},
		"max_connections":         {"100", "100"},
		"server_encoding":         {"UTF8", "UTF8"},
		"data_checksums":          {"on", "off"},
		"log_min_error_statement": {"panic", "panic"},
	} {
		if got := query(t, durable.URL(), "SHOW "+name); got != want.durable {
			t.Errorf("%s = %q, want %q", name, got, want.durable)
		}
		if got := query(t, fast.URL(), "SHOW "+name); got != want.fast {
			t.Errorf("%s = %q with Fast, want %q", name, got, want.fast)
		}
	}
}

func TestASecondServerSaysWhatRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, embedded.Config{DataDir: dir, Fast: true})
	_, err := embedded.Start(t.Context(), embedded.Config{DataDir: dir, Fast: true})
	if !errors.Is(err, embedded.ErrRunning) {
		t.Fatalf("Start = %v, want ErrRunning", err)
	}
	for _, want := range []string{"pid " + strconv.Itoa(s.PID()), "since 20", dir} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if got := query(t, s.URL(), "SELECT 'alive'"); got != "alive" {
		t.Errorf("the first server suffered: %q", got)
	}
}

func TestDataOfAnotherVersionIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	kept := filepath.Join(dir, "data", "PG_VERSION")
	if err := os.MkdirAll(filepath.Dir(kept), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := embedded.Start(t.Context(), embedded.Config{DataDir: dir, Fast: true})
	if !errors.Is(err, embedded.ErrOtherVersion) {
		t.Fatalf("Start = %v, want ErrOtherVersion", err)
	}
	for _, want := range []string{"PostgreSQL 9", dir, "EKINERJA_PG_BIN"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if raw, err := os.ReadFile(kept); err != nil || string(raw) != "9\n" {
		t.Errorf("the data was touched: %q, %v", raw, err)
	}
}

func TestALongPathStillHasASocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("panjang/", 12))
	s := start(t, embedded.Config{DataDir: dir, Fast: true})
	if got := query(t, s.URL(), "SELECT 'reached'"); got != "reached" {
		t.Errorf("got %q", got)
	}
	socket := query(t, s.URL(), "SHOW unix_socket_directories")
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s stays behind: %v", socket, err)
	}
}

func TestAnInterruptedFirstStartIsRepeated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if s, err := embedded.Start(ctx, embedded.Config{DataDir: dir}); err == nil {
		_ = s.Stop(t.Context())
		t.Fatal("the start was not interrupted: it took less than 100 ms")
	}
	s := start(t, embedded.Config{DataDir: dir, Fast: true})
	if got := query(t, s.URL(), "SELECT 'whole'"); got != "whole" {
		t.Errorf("got %q", got)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "data.new*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTheLogHoldsNobodysWords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, embedded.Config{DataDir: dir, Fast: true})
	conn, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, sql := range []string{
		"CREATE TABLE person (nip text PRIMARY KEY)", "INSERT INTO person VALUES ('198001012005011001')",
		"INSERT INTO person VALUES ('198001012005011001')",
	} {
		_, err = conn.Exec(t.Context(), sql)
	}
	if err == nil {
		t.Fatal("a duplicate was accepted")
	}
	raw, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), "duplicate key") || strings.Contains(string(raw), "198001012005011001") {
		t.Errorf("want the error without the value:\n%s", raw)
	}
}
