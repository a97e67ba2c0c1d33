package storetest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"ekinerja/store/storetest"
)

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	return conn
}

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	for i := range 12 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			conn := connect(t, storetest.New(t))
			if _, err := conn.Exec(t.Context(), "CREATE TABLE only_here (n int)"); err != nil {
				t.Errorf("a table of another test is visible: %v", err)
			}
			var step int
			if err := conn.QueryRow(t.Context(), "SELECT max(version_id) FROM goose_db_version").Scan(&step); err != nil || step == 0 {
				t.Errorf("schema step = %d, %v; want a migrated database", step, err)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		storetest.New(b)
	}
}

func TestRowsAreText(t *testing.T) {
	t.Parallel()
	got := storetest.Rows(t, storetest.New(t), "SELECT n, NULL, 'a' || n FROM generate_series(1, $1) n", 2)
	if diff := cmp.Diff([][]string{{"1", "", "a1"}, {"2", "", "a2"}}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}
