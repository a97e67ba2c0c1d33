package main

import (
	"fmt"
	"strconv"
	"time"

	"ekinerja/bot"
	"ekinerja/roster"
	"ekinerja/store/storetest"
)

// crowdSize is how many people hear a broadcast.
const crowdSize = 1000

// crowdChat is the first chat of theirs.
const crowdChat int64 = 200_000

// gather adds a thousand people who have phones and never say anything.
func (r *rig) gather() {
	r.t.Helper()
	ctx, now, day := r.t.Context(), r.host.clock.Now(), today()
	incoming := make([]roster.Employee, crowdSize)
	for i := range incoming {
		incoming[i] = roster.Employee{
			Number: fmt.Sprintf("H%04d", i), Name: fmt.Sprintf("Hadirin %04d", i), Kind: roster.NonASN, Sex: roster.Female, OPD: "Dinas Uji",
			Unit: "Bidang Uji", Phone: fmt.Sprintf("+62813000%04d", i), Pattern: roster.FiveDays, Supervisor: "K000",
		}
	}
	if err := r.db.ApplyImport(ctx, now, day, incoming, nil); err != nil {
		r.t.Fatal(err)
	}
	people, err := r.db.Employees(ctx, day)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, e := range people {
		i, err := strconv.Atoi(e.Number[1:])
		if e.Number[0] != 'H' || err != nil {
			continue
		}
		chat := crowdChat + int64(i)
		if err := r.db.BindAddress(ctx, now, e.ID, bot.Address{Network: bot.Telegram, ID: fmt.Sprint(chat)}); err != nil {
			r.t.Fatal(err)
		}
		p := r.net.Person(chat, e.Name, e.Phone)
		p.Open()
		r.crowd = append(r.crowd, p)
	}
}

// killBroadcast kills the service while it queues the question of the day for a
// thousand people, and then n times while it sends them, evenly spread.
func killBroadcast(r *rig, n int) outcome {
	r.gather()
	r.tapLines()
	o, missed := outcome{}, 0
	for _, point := range []string{"before AddDuties", "after AddDuties", "before MarkAsked", "after MarkAsked"} {
		r.begin()
		if r.killAtPoint(point, 1) {
			o.times++
		}
	}
	for range n {
		if !r.killAtPoint("after sendMessage", crowdSize/n+r.rng.IntN(7)) {
			missed++
		}
	}
	o.times += n - missed
	if o.times < n/2 {
		o.blame("only %d kills came before the end", o.times)
	}
	r.begin()
	r.live(load)
	r.settle()
	twice, never := 0, 0
	for _, p := range r.crowd {
		switch heard := len(p.Seen()); {
		case heard == 0:
			never++
		case heard > 1:
			twice++
		}
	}
	rows := storetest.Rows(r.t, r.url, `SELECT state, count(*) FROM outbox WHERE kind = 'ask' GROUP BY 1 ORDER BY 1`)
	total := 0
	for _, row := range rows {
		c, _ := strconv.Atoi(row[1])
		total += c
	}
	if total != crowdSize+len(r.people) || never > 0 {
		o.blame("%d are queued (%v), %d people heard nothing", total, rows, never)
	}
	o.note = fmt.Sprintf("%d questions in all, %d people heard theirs twice in the last round", total, twice)
	return o
}

// longQueue lets people report for n seconds while ten thousand summaries wait;
// who writes is answered before all of them.
func longQueue(r *rig, n int) outcome {
	for i := range crowdSize {
		p := r.net.Person(crowdChat+int64(i), "Hadirin", "")
		p.Open()
		r.crowd = append(r.crowd, p)
	}
	r.begin()
	r.live(load)
	storetest.Rows(r.t, r.url, `INSERT INTO outbox (key, kind, priority, network, chat_id, body, not_before, created_at)
		SELECT 'bc/' || n, 'week', 3, 'telegram', (200000 + n % 1000)::text, jsonb_build_object('text', 'Rekap ' || n), $1::timestamptz, $1::timestamptz
		FROM generate_series(1, 10000) n`, r.host.clock.Now().Format(time.RFC3339Nano))
	r.watch.again()
	r.live(time.Duration(n) * time.Second)
	p99 := r.watch.quantile(0.99)
	storetest.Rows(r.t, r.url, `UPDATE outbox SET state = 'superseded' WHERE key LIKE 'bc/%' AND state = 'pending'`)
	sent := r.count(`SELECT count(*) FROM outbox WHERE key LIKE 'bc/%' AND state = 'sent'`)
	// How many went out says how fast this machine is; that they may not delay an
	// answer is the promise.
	o := outcome{times: 10_000, note: fmt.Sprintf("p99 of replies meanwhile %s; %s summaries went out in %d s", brief(p99), sent, n)}
	if p99 > 2*time.Second {
		o.note += "; over 2 s, by a busy machine or a fault of ours"
	}
	return o
}
