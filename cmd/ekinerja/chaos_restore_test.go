package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ekinerja/store"
	"ekinerja/store/storetest"
)

// restoreDump loses the database when people have gone on for a while after the
// dump, and brings it back beside a Redis and a network that know more. Nothing
// is left of that while; nobody is asked again for what they had reported before
// it; and what they report after it is judged as ever.
func restoreDump(r *rig, _ int) outcome {
	r.begin()
	r.live(load)
	r.settle()
	before := r.remember()
	dump := filepath.Join(r.t.TempDir(), "copy.dump")
	pgTool(r.t, "pg_dump", "--format=custom", "--file", dump, r.url)

	r.goOn()
	r.settle() // what waits at the network would come after the restore
	lost := r.forget(before)
	epoch := r.db.Epoch()
	r.restore(dump)
	o := outcome{times: 1}
	if r.db.Epoch() == epoch {
		o.blame("the epoch is still %s", epoch)
	}
	bubbles := r.bubbles()
	r.rest.Store(true)
	r.begin()
	r.live(load)
	if n := r.bubbles() - bubbles; n > 0 {
		o.blame("%d messages came by themselves to people who had reported", n)
	}
	r.goOn()
	o.note = fmt.Sprintf("%d activities were lost with the life after the dump", lost)
	return o
}

// goOn lets everybody report something more, for a while.
func (r *rig) goOn() {
	r.t.Helper()
	r.rest.Store(false)
	r.begin()
	r.everybody(func(p *reporter) error { return p.report(0) })
	r.live(load)
}

// memory is where a person stands.
type memory struct {
	deeds, updates int
	newest         int64
}

func (r *rig) remember() []memory {
	r.t.Helper()
	var out []memory
	r.everybody(func(p *reporter) error {
		out = append(out, memory{len(p.deeds), len(p.updates), p.newestMessage()})
		return nil
	})
	return out
}

// forget makes everybody stand where they stood, with the phone they have.
func (r *rig) forget(to []memory) (deeds int) {
	r.t.Helper()
	i := 0
	r.everybody(func(p *reporter) error {
		m := to[i]
		i++
		deeds += len(p.deeds) - m.deeds
		p.lost = lostLife{from: m.newest, to: p.newestMessage(), deeds: len(p.deeds) - m.deeds}
		p.deeds, p.updates, p.busy = slices.Clone(p.deeds[:m.deeds]), slices.Clone(p.updates[:m.updates]), false
		return nil
	})
	return deeds
}

func (r *reporter) newestMessage() (id int64) {
	for _, m := range r.phone.Seen() {
		id = max(id, m.ID)
	}
	return id
}

// bubbles counts our messages on all phones.
func (r *rig) bubbles() (n int) {
	for _, p := range r.people {
		for _, m := range p.phone.Seen() {
			if m.FromBot {
				n++
			}
		}
	}
	return n
}

// restore makes a database of a dump and puts it in the place of the lost one.
func (r *rig) restore(dump string) {
	r.t.Helper()
	lost := r.url
	r.url = storetest.Empty(r.t)
	pgTool(r.t, "pg_restore", "--no-owner", "--exit-on-error", "--dbname", r.url, dump)
	var out bytes.Buffer
	if code := run(r.t.Context(), []string{"restored", "--database-url", r.url}, streams{out: &out, err: &out}); code != 0 {
		r.t.Fatalf("restored: %s", out.String())
	}
	_, before := throughTCP(r.t, lost)
	_, after := throughTCP(r.t, r.url)
	for i, kv := range r.before {
		r.before[i] = strings.Replace(kv, before(r.pg.Addr()), after(r.pg.Addr()), 1)
	}
	r.db.Close()
	var err error
	if r.db, err = store.Open(r.t.Context(), store.Config{URL: r.url, MaxConns: 2}); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(r.db.Close)
}
