package demo

import (
	"context"
	"errors"
	"sync"
	"time"

	"ekinerja/bot/fakegram"
)

// refusalRest is how long a 429 of the page tells the service to rest.
const refusalRest = 3 * time.Second

var errNoFault = errors.New("there is no such fault")

// faults are what a visitor has broken.
type faults struct {
	net     *fakegram.Server
	service Service

	mu       sync.Mutex
	mend     func() // ends "Telegram is down"; nil when it is up
	refused  int    // refusals the network had made when the last was ordered
	ordered  bool   // one 429 is ordered
	flushes  int
	changing bool // the service is being killed or started
}

// faultView is the faults as cards. It is comparable, so that the page is told
// of changes only.
type faultView struct {
	Down, Refusing, Running bool
	Flushes, Waiting        int
}

func (f *faults) view() faultView {
	f.mu.Lock()
	defer f.mu.Unlock()
	return faultView{
		Down: f.mend != nil, Refusing: f.ordered && f.refusals() == f.refused, Running: f.service.Running(),
		Flushes: f.flushes, Waiting: f.net.Pending(),
	}
}

func (f *faults) refusals() int { return f.net.Counts()["sendMessage 429"] }

// cause does what a button says: "telegram" and "service" switch, "429" and
// "redis" happen once.
func (f *faults) cause(ctx context.Context, name string) error {
	switch name {
	case "telegram":
		f.switchTelegram()
		return nil
	case "429":
		f.refuseOnce()
		return nil
	case "redis":
		return f.flush(ctx)
	case "service":
		return f.switchService(ctx)
	}
	return errNoFault
}

func (f *faults) switchTelegram() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mend != nil {
		f.mend()
		f.mend = nil
		return
	}
	f.mend = f.net.Inject(fakegram.Fault{Kind: fakegram.FaultDown})
}

func (f *faults) refuseOnce() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused, f.ordered = f.refusals(), true
	f.net.Inject(fakegram.Fault{Kind: fakegram.FaultTooMany, Method: "sendMessage", Next: 1, RetryAfter: refusalRest})
}

func (f *faults) flush(ctx context.Context) error {
	if err := f.service.FlushRedis(ctx); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.flushes++
	return nil
}

// switchService does not hold the lock while it waits: the page goes on.
func (f *faults) switchService(ctx context.Context) error {
	f.mu.Lock()
	busy := f.changing
	f.changing = true
	f.mu.Unlock()
	if busy {
		return nil // a double click
	}
	defer func() {
		f.mu.Lock()
		f.changing = false
		f.mu.Unlock()
	}()
	// The service outlives the click that starts it.
	ctx = context.WithoutCancel(ctx)
	if f.service.Running() {
		return f.service.Kill(ctx)
	}
	return f.service.Start(ctx)
}
