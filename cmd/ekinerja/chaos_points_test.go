package main

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"
)

// leastPoints are those that the load of a few seconds must reach.
const leastPoints = 24

// killAtPoints kills the only replica at every point that was seen, n times each.
func killAtPoints(r *rig, n int) outcome {
	return r.killAt(n, leastPoints, func(string) bool { return true })
}

// killPoller kills where updates are taken and confirmed, and where the right to
// take them is.
func killPoller(r *rig, n int) outcome {
	return r.killAt(n, 6, func(point string) bool {
		return strings.Contains(point, "getUpdates") || strings.Contains(point, "Lease") || strings.Contains(point, "ReceiveMessages")
	})
}

func (r *rig) killAt(n, least int, which func(string) bool) outcome {
	r.tapLines()
	seen := map[string]int{} // in each of two lives: what comes once in a day is no point
	for i := range 2 {
		r.begin()
		r.live(load / 2)
		r.killOne(0)
		now := r.points.forget()
		maps.DeleteFunc(now, func(p string, _ int) bool { return !which(p) || i > 0 && seen[p] == 0 })
		seen = now
	}
	r.begin()
	known := slices.Sorted(maps.Keys(seen))
	o := outcome{note: fmt.Sprintf("%d points", len(known))}
	if len(known) < least {
		o.blame("only %d points were seen: %v", len(known), known)
	}
	var missed []string
	for range n {
		r.rng.Shuffle(len(known), func(i, j int) { known[i], known[j] = known[j], known[i] })
		for _, point := range known {
			nth := 1
			if seen[point] > 9 { // not always the first, which may be the start's
				nth += r.rng.IntN(3)
			}
			if !r.killAtPoint(point, nth) {
				missed = append(missed, point)
				continue
			}
			o.times++
		}
	}
	if len(missed)*5 > n*len(known) {
		o.blame("too many points were not reached again: %v", missed)
	}
	return o
}

// killAtPoint waits for one end of the replica, and starts it again.
func (r *rig) killAtPoint(point string, nth int) bool {
	r.t.Helper()
	hit := r.points.next(point, nth, func() { r.killOne(0) })
	deadline := time.NewTimer(4 * time.Second)
	defer deadline.Stop()
	for {
		select {
		case <-hit:
			r.watch.heals()
			r.startOne(0)
			return true
		case <-deadline.C:
			r.points.next("", 0, nil)
			r.balancer.mu.Lock()
			gone := r.lives[0] == nil // hit just now
			r.balancer.mu.Unlock()
			if gone {
				r.startOne(0)
			}
			return gone
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tapLines makes points known on all lines; nothing may run yet.
func (r *rig) tapLines() {
	p := &points{seen: map[string]int{}}
	r.points = p
	r.pg.Tap(func() wire { return &pgWire{points: p} })
	r.redis.Tap(func() wire { return &redisWire{points: p} })
}

// passCall has the network's points: a call that did not reach it, and one whose
// answer did not come back.
func (r *rig) passCall(w http.ResponseWriter, q *http.Request) {
	if r.points == nil {
		r.host.serve(r.net, w, q)
		return
	}
	method := q.URL.Path[strings.LastIndexByte(q.URL.Path, '/')+1:]
	if r.points.at("before", method) {
		return
	}
	answer := httptest.NewRecorder()
	r.host.serve(r.net, answer, q)
	if strings.Contains(answer.Body.String(), "update_id") {
		method += " with updates"
	}
	if r.points.at("after", method) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // the life may be gone
}
