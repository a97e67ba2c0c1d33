package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ekinerja/store/storetest"
)

// logged is kept by a base backup and the log that came after it.
type logged struct {
	t             *testing.T
	first, second *postgres
}

// newLogged starts a server that archives its log, takes a base backup of it when
// nobody has written anything yet, and answers its URL.
func newLogged(t *testing.T) (string, *logged) {
	t.Helper()
	l := &logged{t: t, first: &postgres{dir: t.TempDir()}, second: &postgres{dir: t.TempDir()}}
	// The server may run as another user than the test.
	if err := os.MkdirAll(l.archive(), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(l.archive(), 0o777); err != nil {
		t.Fatal(err)
	}
	l.first.start(t)
	t.Cleanup(func() { _ = l.first.server.Stop(context.Background()) })
	storetest.Exec(t, l.first.server.URL(), "ALTER SYSTEM SET archive_mode = on")
	storetest.Exec(t, l.first.server.URL(), fmt.Sprintf("ALTER SYSTEM SET archive_command = 'cp %%p %s/%%f'", l.archive()))
	if err := l.first.server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.first.start(t)
	var out bytes.Buffer
	if code := run(t.Context(), []string{"migrate", "--database-url", l.first.server.URL()}, streams{out: &out, err: &out}); code != 0 {
		t.Fatalf("migrate: %s", out.String())
	}
	u, err := url.Parse(l.first.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	pgTool(t, "pg_basebackup", "--checkpoint=fast", "--wal-method=none", "--no-sync",
		"--dbname", fmt.Sprintf("host=%s port=%s user=postgres", u.Query().Get("host"), u.Query().Get("port")),
		"--pgdata", filepath.Join(l.second.dir, "data"))
	return l.first.server.URL(), l
}

func (l *logged) archive() string { return filepath.Join(l.first.dir, "archive") }

func (l *logged) moment() {
	l.t.Helper()
	storetest.Exec(l.t, l.first.server.URL(), "SELECT pg_create_restore_point('moment')")
}

// restore lets the server of the backup catch up with the log to the moment. The
// lost one archives what it has and lives on: nobody asks it any more.
func (l *logged) restore() string {
	l.t.Helper()
	lost := l.first.server.URL()
	full := storetest.Rows(l.t, lost, "SELECT pg_walfile_name(pg_switch_wal())")[0][0]
	eventually(l.t, time.Minute, "the log to be archived", func() bool {
		return storetest.Rows(l.t, lost, "SELECT coalesce(last_archived_wal, '') >= $1 FROM pg_stat_archiver", full)[0][0] == "t"
	})
	data := filepath.Join(l.second.dir, "data")
	conf, err := os.OpenFile(filepath.Join(data, "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		l.t.Fatal(err)
	}
	_, err = fmt.Fprintf(conf, "archive_mode = off\nrestore_command = 'cp %s/%%f %%p'\nrecovery_target_name = 'moment'\nrecovery_target_action = promote\n", l.archive())
	if closed := conf.Close(); err != nil || closed != nil {
		l.t.Fatal(err, closed)
	}
	if err := os.WriteFile(filepath.Join(data, "recovery.signal"), nil, 0o600); err != nil {
		l.t.Fatal(err)
	}
	l.second.start(l.t)
	l.t.Cleanup(func() { _ = l.second.server.Stop(context.Background()) })
	url := l.second.server.URL()
	eventually(l.t, time.Minute, "the copy to take writes", func() bool {
		return storetest.Rows(l.t, url, "SELECT pg_is_in_recovery()")[0][0] == "f"
	})
	return url
}
