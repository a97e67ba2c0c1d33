package whatsapp

import (
	"context"
	"fmt"
	"runtime/debug"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/types/events"
)

// handle is called by the library with one event after the other; false says that
// it must come again. A panic would count as success there, so it is ours to catch.
func (a *Adapter) handle(event any) (ok bool) {
	defer func() {
		if p := recover(); p != nil {
			// The value may quote a message; its type and the stack cannot.
			a.log.Error("whatsapp event panicked", "panic", fmt.Sprintf("%T", p), "event", fmt.Sprintf("%T", event), "stack", string(debug.Stack()))
			a.again(0)
			ok = false
		}
	}()
	if m, is := event.(*events.Message); is {
		return a.take(m)
	}
	a.react(event)
	return true
}

// react does what an event about the connection asks for.
func (a *Adapter) react(event any) {
	switch e := event.(type) {
	case *events.Connected:
		a.hear()
		a.become(Health{State: Connected})
		if a.refusedSome() {
			a.again(0)
		}
	case *events.Disconnected:
		a.hear() // whatever comes from now on comes on a new line, and from the first
		a.become(Health{State: Degraded, Reason: "line"})
	case *events.KeepAliveTimeout:
		a.become(Health{State: Degraded, Reason: "keep-alive"})
	case *events.KeepAliveRestored:
		a.become(Health{State: Connected})
	case *events.NotifyAccountReachoutTimelock:
		a.restrict(e)
	case *events.UndecryptableMessage:
		a.log.Warn("whatsapp message not readable yet", "message_id", e.Info.ID, "unavailable", e.IsUnavailable)
	case events.PermanentDisconnect:
		a.lost(e)
	}
}

// hear takes messages again: whatever was not acknowledged comes first.
func (a *Adapter) hear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.deaf = false
}

// refusedSome reports whether a message was left with the network since the line was
// cut for it: the network begins to send before the library says that it is there.
func (a *Adapter) refusedSome() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.refused
}

// lost ends a connection that the library will not mend.
func (a *Adapter) lost(event any) {
	switch e := event.(type) {
	case *events.StreamReplaced:
		a.become(Health{State: Replaced})
		a.over(replacedRest)
	case *events.LoggedOut:
		a.become(Health{State: LoggedOut, Reason: e.Reason.NumberString()})
		a.over(lookAgain)
	case *events.TemporaryBan:
		a.become(Health{State: Banned, Until: a.cfg.Now().Add(e.Expire), Reason: strconv.Itoa(int(e.Code))})
		a.over(e.Expire + banMargin)
	case *events.ClientOutdated:
		a.outdated()
	case *events.ConnectFailure:
		a.become(Health{State: Failed, Reason: e.Reason.NumberString()})
		a.over(failedRest)
	default:
		a.become(Health{State: Failed, Reason: fmt.Sprintf("%T", event)})
		a.over(failedRest)
	}
}

// outdated asks for a newer version and tries it at once; without one it waits.
func (a *Adapter) outdated() {
	ctx, cancel := context.WithTimeout(context.Background(), versionPatience)
	defer cancel()
	if newer, err := a.newest(ctx); err == nil && newer {
		a.become(Health{State: Degraded, Reason: "version"})
		a.over(0)
		return
	}
	a.become(Health{State: Outdated})
	a.over(outdatedRest)
}

// restrict notes that strangers cannot be written to for a while.
func (a *Adapter) restrict(e *events.NotifyAccountReachoutTimelock) {
	if !e.IsActive {
		a.become(Health{State: Connected})
		return
	}
	a.become(Health{State: Restricted, Until: e.TimeEnforcementEnds.Time, Reason: e.EnforcementType})
}

// barred is how long nothing may be sent because of a ban, 0 if there is none.
func (a *Adapter) barred() time.Duration {
	h := a.Health()
	if h.State != Banned {
		return 0
	}
	return max(h.Until.Sub(a.cfg.Now()), time.Second)
}
