package whatsapp

import "time"

// State says how the number is connected.
type State string

// The states. From Replaced on a person has to look at it.
const (
	Connecting State = "connecting"
	Connected  State = "connected"
	Degraded   State = "degraded"   // the line broke; the library tries again by itself
	Restricted State = "restricted" // connected, but strangers cannot be written to until Until
	Unpaired   State = "unpaired"   // no device is linked
	Replaced   State = "replaced"   // another process uses the same device
	LoggedOut  State = "logged_out" // the owner removed the device, or the number was barred
	Banned     State = "banned"     // barred until Until
	Outdated   State = "outdated"   // the announced version is refused and there is no newer one
	Failed     State = "failed"     // the network refuses us for a reason that the library does not know
)

// Health is how the connection stands.
type Health struct {
	State  State
	Since  time.Time
	Until  time.Time // of a ban or a restriction
	Reason string    // the network's code or name for it, never a person's
}

// Alarming reports whether somebody has to do something.
func (h Health) Alarming() bool {
	switch h.State {
	case Replaced, LoggedOut, Banned, Outdated, Failed, Restricted:
		return true
	default:
		return false
	}
}

// Health is how the connection stands now.
func (a *Adapter) Health() Health {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.health
}

// become notes a state; the same one again changes nothing.
func (a *Adapter) become(h Health) {
	h.Since = a.cfg.Now()
	a.mu.Lock()
	same := a.health.State == h.State && a.health.Until.Equal(h.Until) && a.health.Reason == h.Reason
	if !same {
		a.health = h
	}
	a.mu.Unlock()
	if same {
		return
	}
	if h.Alarming() {
		a.log.Error("whatsapp needs somebody", "state", h.State, "reason", h.Reason, "until", h.Until)
	} else {
		a.log.Info("whatsapp changed", "state", h.State, "reason", h.Reason)
	}
	if a.cfg.Changed != nil {
		a.cfg.Changed(h)
	}
}
