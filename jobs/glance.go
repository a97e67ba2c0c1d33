package jobs

import (
	"sync"
	"time"
)

// glanceEvery is how often a replica looks through everybody for what no stored
// hour announces: a person who was added, people who cannot be reached.
const glanceEvery = 30 * time.Second

// glance lets such a look happen twice a minute and not at every tick, because it
// costs as much as there are people. Forgetting it costs one look more.
type glance struct {
	mu   sync.Mutex
	last time.Time
}

// due also says yes when the clock was set back.
func (g *glance) due(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return now.Before(g.last) || now.Sub(g.last) >= glanceEvery
}

func (g *glance) done(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = now
}
