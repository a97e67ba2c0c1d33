package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ekinerja/store"
	"ekinerja/store/storetest"
)

// pair is a primary and its standby, which has every commit before anybody hears
// of it. After a failover they change places.
type pair struct {
	t              *testing.T
	first, second  *postgres
	toOne, toOther *proxy
}

// standby copies the primary and follows it.
func (p *pair) standby() {
	p.t.Helper()
	u, err := url.Parse(p.first.server.URL())
	if err != nil {
		p.t.Fatal(err)
	}
	p.second = &postgres{dir: p.t.TempDir()}
	pgTool(p.t, "pg_basebackup", "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf", "--no-sync",
		"--dbname", fmt.Sprintf("host=%s port=%s user=postgres application_name=standby", u.Query().Get("host"), u.Query().Get("port")),
		"--pgdata", filepath.Join(p.second.dir, "data"))
	p.second.start(p.t)
	p.t.Cleanup(func() { _ = p.second.server.Stop(context.Background()) })
	storetest.Exec(p.t, p.first.server.URL(), "ALTER SYSTEM SET synchronous_standby_names = 'standby'; SELECT pg_reload_conf()")
	eventually(p.t, time.Minute, "the standby to have every commit", func() bool {
		rows := storetest.Rows(p.t, p.first.server.URL(), `SELECT sync_state FROM pg_stat_replication WHERE application_name = 'standby'`)
		return len(rows) == 1 && rows[0][0] == "sync"
	})
}

// dies ends the primary as a power cut does.
func (p *pair) dies() { p.first.crash(p.t) }

// isReplaced makes the primary read-only while it runs on: somebody took its place
// without being able to stop it.
func (p *pair) isReplaced() {
	storetest.Exec(p.t, p.first.server.URL(), `ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf();
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`)
}

// promote makes the standby the primary and forgets the old one.
func (p *pair) promote() {
	p.t.Helper()
	url := p.second.server.URL()
	if got := storetest.Rows(p.t, url, `SELECT pg_promote(true, 30)`); got[0][0] != "t" {
		p.t.Fatal("the standby does not become the primary")
	}
	p.first, p.second = p.second, p.first
}

// bury ends the old primary for good.
func (p *pair) bury() {
	_ = p.second.server.Stop(context.Background()) // it may be dead
	_ = os.RemoveAll(filepath.Join(p.second.dir, "data"))
}

// behind makes both proxies lead to the pair, and the service know both.
func (p *pair) behind(r *rig) {
	r.t.Helper()
	p.toOne = r.pg
	one, _ := throughTCP(r.t, p.first.server.URL())
	other, _ := throughTCP(r.t, p.second.server.URL())
	p.toOne.Retarget(one)
	p.toOther = newProxy(r.t, other)
	for i, kv := range r.before {
		if strings.HasPrefix(kv, "EKINERJA_DATABASE_URL=") {
			r.before[i] = fmt.Sprintf("EKINERJA_DATABASE_URL=postgres://postgres@%s,%s/postgres?sslmode=disable&target_session_attrs=read-write",
				p.toOne.Addr(), p.toOther.Addr())
		}
	}
}

// swapped tells everybody who looks past the proxies where the primary is now.
func (p *pair) swapped(r *rig) {
	r.t.Helper()
	r.url = p.first.server.URL()
	r.db.Close()
	var err error
	if r.db, err = store.Open(r.t.Context(), store.Config{URL: r.url, MaxConns: 2}); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.db.Close)
}

// failOver lets the standby take the primary's place n times while people report:
// in turn the primary dies, and is left alive but takes no writes. The service is
// given the address of both, and which is which it finds out itself.
func failOver(r *rig, n int) outcome {
	p := &pair{t: r.t, first: r.servers.own}
	p.standby()
	p.behind(r)
	o := outcome{errorsLogged: true}
	r.begin()
	r.live(load)
	longest := time.Duration(0)
	for i := range n {
		began := time.Now()
		if i%2 == 0 {
			p.dies()
		} else {
			p.isReplaced()
		}
		r.live(r.gap(200*time.Millisecond, time.Second)) // until somebody notices
		p.promote()
		p.swapped(r)
		r.watch.heals()
		longest = max(longest, r.writesAgain(&o, began))
		r.live(load)
		p.bury()
		p.standby()
		p.newcomer()
		r.live(time.Second)
	}
	o.note = fmt.Sprintf("writes resumed within %s, a promotion included", brief(longest))
	return o
}

// newcomer makes the proxy that led to the dead one lead to the new standby.
func (p *pair) newcomer() {
	at, _ := throughTCP(p.t, p.second.server.URL())
	p.toOne, p.toOther = p.toOther, p.toOne
	p.toOther.Retarget(at)
}

// writesAgain waits until the service stores something in the new primary, and
// tells how long that took since the old one ended; more than 30 s are blamed.
func (r *rig) writesAgain(o *outcome, began time.Time) time.Duration {
	r.t.Helper()
	const most = 30 * time.Second
	stored := func() string { return r.count(`SELECT coalesce(max(id), 0) FROM inbox`) }
	for before := stored(); stored() == before; r.live(20 * time.Millisecond) {
		if time.Since(began) > most {
			o.blame("no write in the new primary within %s", most)
			break
		}
	}
	return time.Since(began)
}
