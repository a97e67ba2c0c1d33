package main

import (
	"fmt"
	"time"

	"ekinerja/store/storetest"
)

// skewClocks starts one of two replicas with a clock that is wrong by ten minutes,
// ahead and behind in turn. Lateness is judged by the network's time, and a
// deadline is made of a plan: no deadline may come earlier by it.
func skewClocks(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	for i := range n {
		r.killOne(1)
		r.skew = []time.Duration{0, 10 * time.Minute * time.Duration(1-2*(i%2))}
		r.begin()
		r.live(load)
	}
	r.end()
	r.skew = nil
	r.skip(10 * time.Minute) // what the fast one put off is due now for all
	r.watch.heals()
	o := outcome{errorsLogged: true} // with two who believe to poll, one says that the other is there
	for _, row := range storetest.Rows(r.t, r.url, `SELECT count(*) FROM duty
		WHERE day = '2026-11-23' AND (deadline_at < '2026-11-23 21:00+07' OR deadline_at > '2026-11-23 21:25+07')`) {
		if row[0] != "0" {
			o.blame("%s deadlines are wrong", row[0])
		}
	}
	o.note = fmt.Sprintf("%s false outages noted, %s deadlines later by them, %d × 409", r.count(`SELECT count(*) FROM outage`),
		r.count(`SELECT count(*) FROM duty WHERE day = '2026-11-23' AND deadline_at > '2026-11-23 21:00+07'`), r.net.Counts()["getUpdates 409"])
	return o
}
