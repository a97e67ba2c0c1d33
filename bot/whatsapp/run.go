package whatsapp

import (
	"context"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow"

	"ekinerja/bot"
)

const (
	lookAgain    = 10 * time.Second // while no device is linked: another process may link one
	replacedRest = time.Minute      // two processes must not throw each other out in turn
	failedRest   = time.Minute
	outdatedRest = 10 * time.Minute
	banMargin    = time.Minute
	firstReset   = time.Second // before the line is cut so that all comes again
	longestReset = 30 * time.Second
)

// end is why a connection is over and how long to rest before the next one.
type end struct {
	rest time.Duration
}

// Run holds the connection until ctx ends, and returns nil then. Only one process
// may hold a device: the caller has the lease. While no device is linked it looks
// for one every ten seconds.
func (a *Adapter) Run(ctx context.Context, inbox bot.Inbox) error {
	for ctx.Err() == nil {
		_ = a.cfg.Sleep(ctx, a.session(ctx, inbox)) // it only fails with ctx, which ends the loop
	}
	return nil
}

// session is one connection from its beginning to an end that the library does
// not mend by itself.
func (a *Adapter) session(ctx context.Context, inbox bot.Inbox) (rest time.Duration) {
	if err := a.look(ctx); err != nil {
		if ctx.Err() == nil {
			a.log.Warn("whatsapp device not looked for", "error", err)
		}
		return lookAgain
	}
	cli, ended := a.begin(inbox)
	if cli == nil {
		if s := a.Health().State; s != LoggedOut { // that says more
			a.become(Health{State: Unpaired})
		}
		return lookAgain
	}
	a.refresh(ctx)
	a.become(Health{State: Connecting})
	// The library closes the socket when the context of its connection ends, and
	// races with itself when it is told to disconnect in that moment: only a
	// connection that is still being made ends with ours.
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer a.finish(cli)
	made := context.AfterFunc(ctx, stop)
	err := cli.ConnectContext(life)
	made()
	if err != nil {
		a.log.Warn("whatsapp not connected", "error", fmt.Sprintf("%T", err))
		a.become(Health{State: Degraded, Reason: "connect"})
		return failedRest
	}
	select {
	case e := <-ended:
		return e.rest
	case <-ctx.Done():
		return 0
	}
}

// begin makes the client of the linked device, nil when there is none.
func (a *Adapter) begin(inbox bot.Inbox) (*whatsmeow.Client, chan end) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.device == nil {
		return nil, nil
	}
	a.client, a.inbox, a.deaf, a.refused = a.open(a.device), inbox, false, false
	a.ended = make(chan end, 1)
	a.client.AddEventHandlerWithSuccessStatus(a.handle)
	return a.client, a.ended
}

// finish ends the connection; what is not acknowledged comes again at the next.
func (a *Adapter) finish(cli *whatsmeow.Client) {
	cli.Disconnect()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.client = nil
}

// over ends the present connection from inside.
func (a *Adapter) over(rest time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case a.ended <- end{rest}:
	default: // it is ending already
	}
}

// again cuts the line after a rest, so that the network sends once more what was
// not acknowledged. Until then nothing is taken: what came later must not overtake.
func (a *Adapter) again(tries int) {
	a.mu.Lock()
	cli, already := a.client, a.deaf
	a.deaf = true
	a.mu.Unlock()
	if already || cli == nil {
		return
	}
	time.AfterFunc(min(firstReset<<min(tries, 5), longestReset), func() {
		a.mu.Lock()
		a.refused = false // all of it comes again
		a.mu.Unlock()
		cli.ResetConnection()
	})
}
