package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"ekinerja/store/storetest"
)

// TestWritesResumeAfterFailover lets the primary become read-only under load, as
// one does that was replaced. Sessions opened meanwhile stay read-only for ever:
// only connections that are dropped find the new primary.
func TestWritesResumeAfterFailover(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	admin, err := pgx.Connect(t.Context(), s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background())
	database := admin.Config().Database
	exec := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	var good, refused, other atomic.Int64
	stop := make(chan struct{})
	var load sync.WaitGroup
	for range 4 {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				switch err := s.store.Ready(t.Context(), s.clock.now()); {
				case err == nil:
					good.Add(1)
				case codeOf(err) == codeReadOnly:
					refused.Add(1)
				case passing(err):
					other.Add(1)
				default:
					t.Error(err)
				}
			}
		})
	}
	defer load.Wait()
	defer close(stop)
	more := func(what string, n *atomic.Int64, by int64) time.Duration {
		t.Helper()
		start, want := time.Now(), n.Load()+by
		for n.Load() < want {
			if time.Since(start) > 30*time.Second {
				t.Fatalf("30 s without %s (%d good, %d refused, %d other)", what, good.Load(), refused.Load(), other.Load())
			}
			<-time.After(time.Millisecond)
		}
		return time.Since(start)
	}
	more("writes", &good, 20)
	exec(`ALTER DATABASE ` + database + ` SET default_transaction_read_only = on`)
	exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	more("refused writes", &refused, 20)
	exec(`ALTER DATABASE ` + database + ` RESET default_transaction_read_only`)
	t.Logf("writes resumed after %v", more("writes after the failover", &good, 1))

	// Every connection there is now takes writes: none stayed with the old primary.
	before := refused.Load()
	more("writes", &good, 500)
	if n := refused.Load() - before; n > 4*defaultConns {
		t.Errorf("%d writes were refused after the failover", n)
	}
	before = refused.Load()
	more("writes", &good, 200)
	if n := refused.Load() - before; n > 0 {
		t.Errorf("%d writes were refused long after the failover: a connection is stuck", n)
	}
}

func TestSeveralHosts(t *testing.T) {
	t.Parallel()
	for url, many := range map[string]bool{
		"postgres://u:p@one:5432/db":                                    false,
		"postgres://u:p@one:5432,two:5433/db":                           true,
		"postgres://u:p@one,two,three/db?sslmode=disable":               true,
		"host=one,two port=5432,5432 user=u dbname=db":                  true,
		"postgres://u:p@one,two/db?target_session_attrs=prefer-standby": true,
	} {
		c, err := pgxpool.ParseConfig(url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		if got := manyHosts(c.ConnConfig); got != many {
			t.Errorf("%s: several hosts is %v", url, got)
		}
	}
}

// TestTheHostThatTakesWritesIsUsed: of two hosts one is dead; the other one is
// used once it takes writes, and not before.
func TestTheHostThatTakesWritesIsUsed(t *testing.T) {
	t.Parallel()
	one := storetest.New(t)
	c, err := pgx.ParseConfig(one)
	if err != nil {
		t.Fatal(err)
	}
	admin, err := pgx.Connect(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.Background())
	several := fmt.Sprintf("host=/nowhere,%s port=5432,%d user=%s password='%s' dbname=%s sslmode=disable", c.Host, c.Port, c.User, c.Password, c.Database)
	for _, step := range []struct {
		sql   string
		opens bool
	}{
		{"SET default_transaction_read_only = on", false},
		{"RESET default_transaction_read_only", true},
	} {
		if _, err := admin.Exec(t.Context(), "ALTER DATABASE "+c.Database+" "+step.sql); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), Config{URL: several})
		if (err == nil) != step.opens {
			t.Errorf("after %s: Open says %v", step.sql, err)
		}
		if err == nil {
			err = s.Ready(t.Context(), monday())
			s.Close()
		}
		if step.opens && err != nil {
			t.Error(err)
		}
		if step.opens {
			continue
		}
		// A single host is not asked: there is none to choose from.
		if s, err = Open(t.Context(), Config{URL: one}); err != nil {
			t.Error(err)
		} else {
			s.Close()
		}
	}
}
