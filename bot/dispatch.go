package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// sweepEvery is how often a dispatcher looks for what no hint told it: lost
// hints, ended back-offs, messages of a process that died.
const sweepEvery = time.Second

// Dispatcher brings conversations with something new to whoever handles them:
// within the process one worker a conversation, in the order of the hints.
//
//	Hint, sweep ─▶ queued ─▶ busy ─┬─▶ forgotten
//	                 ▲             │
//	                 └─────────────┘ more behind it, or hinted meanwhile
//
// Hints only make it quick; what Waiting finds makes it complete. Fill the
// exported fields before the first use and leave them alone after.
type Dispatcher struct {
	// Handle deals with one message of a conversation; more says that another waits.
	Handle func(ctx context.Context, key string) (more bool, err error)
	// HandleAll, when set, deals with one message of each of several conversations
	// that wait at the same time, and answers in their order.
	HandleAll func(ctx context.Context, keys []string) []Handled
	// Waiting tells which conversations have a message whose time has come.
	Waiting func(ctx context.Context) ([]string, error)
	Workers int // 4 when 0
	Most    int // conversations that go to HandleAll at once, 16 when 0
	Log     *slog.Logger

	mu    sync.Mutex
	queue []string        // keys in state queued
	known map[string]bool // queued or busy; true: hinted again while busy
	busy  map[string]bool
	wake  chan struct{} // holds a token while the queue may have something
}

// Handled is how a message of a conversation fared.
type Handled struct {
	More bool // another waits behind it
	Err  error
}

const (
	defaultDispatchWorkers = 4
	defaultDispatchMost    = 16
)

// Hint says that a conversation has something new. It never blocks and may be
// called before, during and after Run.
func (d *Dispatcher) Hint(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.hint(key)
}

func (d *Dispatcher) hint(key string) {
	d.prepare()
	if _, there := d.known[key]; there {
		d.known[key] = d.busy[key]
		return
	}
	d.known[key] = false
	d.queue = append(d.queue, key)
	d.signal()
}

func (d *Dispatcher) prepare() {
	if d.known == nil {
		d.known, d.busy, d.wake = map[string]bool{}, map[string]bool{}, make(chan struct{}, 1)
	}
}

// signal wakes one worker; who is woken and leaves something behind wakes the next.
func (d *Dispatcher) signal() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// take gives the next conversation to the caller, who must hand it back with give.
func (d *Dispatcher) take() (key string, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.prepare()
	if len(d.queue) == 0 {
		return "", false
	}
	key, d.queue = d.queue[0], d.queue[1:]
	d.busy[key] = true
	if len(d.queue) > 0 {
		d.signal()
	}
	return key, true
}

// takeAll gives what is queued to the caller, up to Most conversations: who waits
// behind others goes with them, and who comes alone goes at once.
func (d *Dispatcher) takeAll() (keys []string) {
	most := 1
	if d.HandleAll != nil {
		most = or(d.Most, defaultDispatchMost)
	}
	for len(keys) < most {
		key, ok := d.take()
		if !ok {
			break
		}
		keys = append(keys, key)
	}
	return keys
}

// some handles one message of each conversation that was taken.
func (d *Dispatcher) some(ctx context.Context, keys []string) {
	if d.HandleAll == nil {
		if err := d.one(ctx, keys[0]); err != nil {
			d.Log.Warn("message not handled", "key", keys[0], "error", err)
		}
		return
	}
	for i, h := range d.HandleAll(ctx, keys) {
		if h.Err != nil {
			d.Log.Warn("message not handled", "key", keys[i], "error", h.Err)
		}
		d.give(keys[i], h.More)
	}
}

func (d *Dispatcher) give(key string, more bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	again := d.known[key] || more
	delete(d.known, key)
	delete(d.busy, key)
	if again {
		d.hint(key)
	}
}

// one handles one message of a conversation that was taken.
func (d *Dispatcher) one(ctx context.Context, key string) error {
	more, err := d.Handle(ctx, key)
	d.give(key, more)
	return err
}

// Run handles until ctx ends, then lets the messages at hand finish: their
// context is not cut. It always returns nil.
func (d *Dispatcher) Run(ctx context.Context) error {
	d.mu.Lock()
	d.prepare()
	d.mu.Unlock()
	var wg sync.WaitGroup
	for range or(d.Workers, defaultDispatchWorkers) {
		wg.Go(func() { d.work(ctx) })
	}
	d.sweepUntil(ctx)
	wg.Wait()
	return nil
}

func (d *Dispatcher) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		}
		for ctx.Err() == nil {
			keys := d.takeAll()
			if len(keys) == 0 {
				break
			}
			d.some(context.WithoutCancel(ctx), keys)
		}
	}
}

func (d *Dispatcher) sweepUntil(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if _, err := d.sweep(ctx); err != nil && ctx.Err() == nil {
			d.Log.Warn("waiting conversations not found", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (d *Dispatcher) sweep(ctx context.Context) (found int, err error) {
	keys, err := d.Waiting(ctx)
	for _, key := range keys {
		d.Hint(key)
	}
	return len(keys), err
}

// errStuck ends a Drain that goes round without handling anything.
var errStuck = errors.New("messages wait and cannot be handled")

// stuckAfter rounds in which every conversation found was only found again.
const stuckAfter = 100

// Drain handles, in the caller's goroutine, until nothing waits whose time has
// come. It is for tests and headless runs, and not to be used beside Run. It
// goes on after errors and returns them all, each conversation's first.
func (d *Dispatcher) Drain(ctx context.Context) error {
	failed := map[string]error{}
	for rounds := 0; ctx.Err() == nil; rounds++ {
		for key, ok := d.take(); ok; key, ok = d.take() {
			if err := d.one(ctx, key); err != nil && failed[key] == nil {
				failed[key] = err
			}
		}
		found, err := d.sweep(ctx)
		if err != nil {
			return fmt.Errorf("find waiting conversations: %w", err)
		}
		if found == 0 {
			break
		}
		if rounds >= stuckAfter {
			failed[""] = errStuck
			break
		}
	}
	var all []error
	for _, err := range failed {
		all = append(all, err)
	}
	return errors.Join(append(all, ctx.Err())...)
}
