package migrations_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"ekinerja/migrations"
	"ekinerja/store/storetest"
)

func TestUpIsSafeFromManyProcessesAtOnceAndAgain(t *testing.T) {
	t.Parallel()
	url := storetest.Empty(t)
	var g errgroup.Group
	for range 4 {
		g.Go(func() error { return migrations.Up(t.Context(), url) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), url); err != nil {
		t.Fatalf("a second time: %v", err)
	}
	got, err := migrations.Version(t.Context(), url)
	if err != nil || got != migrations.Latest() || got == 0 {
		t.Errorf("Version = %d, %v; want %d", got, err, migrations.Latest())
	}
}

func TestUpRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	url := storetest.New(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	next := migrations.Latest() + 1
	if _, err := conn.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)", next); err != nil {
		t.Fatal(err)
	}
	if err := migrations.Up(t.Context(), url); !errors.Is(err, migrations.ErrNewer) {
		t.Errorf("Up = %v, want ErrNewer", err)
	}
}

func TestVersionOfAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	got, err := migrations.Version(t.Context(), storetest.Empty(t))
	if err != nil || got != 0 {
		t.Errorf("Version = %d, %v; want 0", got, err)
	}
}

func TestUpNamesWhatIsWrongWithTheURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://%", "postgres://u:secret@127.0.0.1:1/x?sslmode=disable"} {
		if err := migrations.Up(t.Context(), url); err == nil {
			t.Errorf("Up(%q) succeeded", url)
		}
	}
}
