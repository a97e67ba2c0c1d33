package store

import (
	"context"
	"sync"
	"time"

	"ekinerja/bot"
)

const (
	// gatherMost is how many messages are stored together; one batch may be larger.
	gatherMost = 200
	// gatherPatience bounds a statement that several callers wait for: it is
	// nobody's own, so nobody's context ends it.
	gatherPatience = 5 * time.Second
)

// gather makes one batch of those that come while another is being stored.
//
//	idle ─ first comes ─▶ storing ─ done, others came ─▶ storing all of them
//	  ▲                      │
//	  └─ done, nobody came ──┘
//
// There is no timer: who comes alone does not wait. Every caller hears about the
// commit that held its own messages; when a common statement fails, each batch
// is tried by itself, so that one that cannot be stored takes nobody with it.
type gather struct {
	mu      sync.Mutex
	storing bool
	waiting []*gathered
}

// gathered is one caller's batch.
type gathered struct {
	account string
	batch   []bot.Received
	done    chan error
}

type storing func(ctx context.Context, account string, batch []bot.Received) error

// add stores a batch, alone or with others, and tells how that ended. When ctx
// ends first the batch may be stored all the same; a second time it changes nothing.
func (g *gather) add(ctx context.Context, account string, batch []bot.Received, store storing) error {
	mine := &gathered{account: account, batch: batch, done: make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, mine)
	if !g.storing {
		g.storing = true
		go g.drain(context.WithoutCancel(ctx), store)
	}
	g.mu.Unlock()
	select {
	case err := <-mine.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drain stores until nobody waits.
func (g *gather) drain(ctx context.Context, store storing) {
	for group := g.next(); len(group) > 0; group = g.next() {
		storeGroup(ctx, group, store)
	}
}

// next takes the oldest batch and those of its account that follow it, or ends
// the storing.
func (g *gather) next() []*gathered {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.storing = false
		return nil
	}
	n, messages := 0, 0
	for _, w := range g.waiting {
		if messages += len(w.batch); n > 0 && (messages > gatherMost || w.account != g.waiting[0].account) {
			break
		}
		n++
	}
	group := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	return group
}

// storeGroup tells each of the group how its batch fared.
func storeGroup(ctx context.Context, group []*gathered, store storing) {
	all := group[0].batch
	if len(group) > 1 {
		all = nil
		for _, w := range group {
			all = append(all, w.batch...)
		}
	}
	err := storeOnce(ctx, group[0].account, all, store)
	for _, w := range group {
		if err != nil && len(group) > 1 && !passing(err) {
			w.done <- storeOnce(ctx, w.account, w.batch, store)
			continue
		}
		w.done <- err
	}
}

func storeOnce(ctx context.Context, account string, batch []bot.Received, store storing) error {
	ctx, cancel := context.WithTimeout(ctx, gatherPatience)
	defer cancel()
	return store(ctx, account, batch)
}
