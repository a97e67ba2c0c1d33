package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/store/storetest"
)

// becomeSupergroup posts n summaries into a group that becomes a supergroup on
// the way, under another id: each is seen once, in the one or the other.
func becomeSupergroup(r *rig, n int) outcome {
	const small, super int64 = -700, -1_001_000_000_700
	head := r.people[0].phone
	group := r.net.Group(small, "Dinas Uji")
	inv, err := r.db.CreateGroupInvite(r.t.Context(), r.host.clock.Now(), "Dinas Uji", inviteLife)
	if err != nil {
		r.t.Fatal(err)
	}
	r.begin()
	if _, err := group.AddBot(head); err != nil {
		r.t.Fatal(err)
	}
	if _, err := group.Say(head, "/start@ekinerja_solo_bot "+inv.Token); err != nil {
		r.t.Fatal(err)
	}
	r.live(load)
	r.groups = []*fakegram.Group{group}
	at := n/4 + r.rng.IntN(n/2)
	for i := 0; i < n; i += 4 {
		storetest.Rows(r.t, r.url, `INSERT INTO outbox (key, kind, priority, network, chat_id, body, not_before, created_at)
			SELECT 'grup/' || i, 'week', 3, 'telegram', coalesce((SELECT g.chat_id FROM opd_group g JOIN opd d ON d.id = g.opd_id WHERE d.name = 'Dinas Uji'), $2::text),
			jsonb_build_object('text', 'Rekap ' || i || '.'), $3::timestamptz, $3::timestamptz
			FROM generate_series($1::integer, $1::integer + 3) i`,
			fmt.Sprint(i), fmt.Sprint(small), r.host.clock.Now().Format(time.RFC3339Nano))
		if i <= at && at < i+4 {
			next, err := group.Migrate(head, super)
			if err != nil {
				r.t.Fatal(err)
			}
			r.groups = append(r.groups, next)
			r.watch.heals()
		}
		r.live(r.gap(10*time.Millisecond, 60*time.Millisecond))
	}
	r.live(load)
	r.settle()
	o := outcome{times: 1}
	for i := range n {
		var seen []int64
		for _, g := range r.groups {
			for _, m := range g.Chat().Messages() {
				if m.FromBot && m.Text == fmt.Sprintf("Rekap %d.", i) {
					seen = append(seen, g.ID)
				}
			}
		}
		if len(seen) != 1 {
			o.blame("post %d of %d (the change came with %d) was seen in %v", i, n, at, seen)
		}
	}
	o.note = fmt.Sprintf("%d posts, each seen once", n)
	return o
}

// pollBeside lets another program ask for our updates with our token, without
// confirming any: the log says so within a minute, and nothing is lost.
func pollBeside(r *rig, _ int) outcome {
	r.begin()
	r.live(load)
	ctx, stop := context.WithCancel(r.t.Context())
	var rogue sync.WaitGroup
	rogue.Go(func() {
		for ctx.Err() == nil {
			r.steal(ctx)
		}
	})
	began := time.Now()
	o := outcome{times: 1, errorsLogged: true}
	for !r.complains("another program takes the updates") {
		if time.Since(began) > time.Minute {
			o.blame("a second poller was not noticed within a minute")
			break
		}
		r.live(100 * time.Millisecond)
	}
	o.note = "noticed after " + brief(time.Since(began))
	stop()
	rogue.Wait()
	r.watch.heals()
	return o
}

// steal asks once for what waits.
func (r *rig) steal(ctx context.Context) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.tg.Addr()+"/bot"+chaosToken+"/getUpdates?timeout=5", nil)
	if err != nil {
		return
	}
	resp, err := http.DefaultClient.Do(q)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	select {
	case <-ctx.Done():
	case <-time.After(200 * time.Millisecond): // it may be refused at once
	}
}

func (r *rig) complains(of string) bool {
	for _, line := range r.host.complaints() {
		if strings.Contains(line, of) {
			return true
		}
	}
	return false
}
