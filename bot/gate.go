package bot

import (
	"sync"
	"time"
)

const (
	illAfter       = 5 // bad ends in a row mean that the network is ill, not the row
	longestIllRest = time.Minute
)

// gate remembers until when the whole account rests, because the network said
// so or because it looks ill.
//
//	well ─▶ illAfter bad ends in a row ─▶ rest 1 s ─▶ one try ─┬─ good ─▶ well
//	                                      ▲                    │
//	                                      └── rest doubles ◀───┘ bad
type gate struct {
	mu    sync.Mutex
	rests Rest
	bad   int // bad ends in a row
}

// wait is how long the account still rests.
func (g *gate) wait(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.rests.Left(now)
}

// rest stops the account for that time.
func (g *gate) rest(r Rest) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rests.Extend(r)
}

// limit is how many of n messages may be in flight.
func (g *gate) limit(n int) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.bad >= illAfter {
		return 1
	}
	return n
}

// well notes that the network answered for the message's own sake.
func (g *gate) well() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.bad = 0
}

// ill notes a send whose end says more about the network than about the
// message. Sends that were in flight when the rest began do not prolong it.
func (g *gate) ill(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.rests.Left(now) > 0 {
		return
	}
	if g.bad++; g.bad < illAfter {
		return
	}
	g.rests = Rest{From: now, Until: now.Add(min(time.Second<<min(g.bad-illAfter, 10), longestIllRest))}
}
