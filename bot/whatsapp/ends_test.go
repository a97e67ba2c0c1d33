//go:build !race

package whatsapp_test

// The library races with itself when a session ends: the deletion of the device
// against receipts that are still being handled, and the end of a socket against
// its own closing. What ends sessions is tested without the race detector.

import (
	"errors"
	"testing"

	"ekinerja/bot"
	"ekinerja/bot/fakewa"
	"ekinerja/bot/whatsapp"
)

// is waits for a state.
func (r *rig) is(s whatsapp.State) whatsapp.Health {
	r.t.Helper()
	r.until(string(s), func() bool { return r.Health().State == s })
	return r.Health()
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		happens func(*rig)
		state   whatsapp.State
		reason  string
		mended  func(*rig) // after it the adapter connects by itself; nil: it cannot
	}{
		"cut": {
			happens: func(r *rig) { r.net.Refuse(fakewa.ReasonBusy, nil); r.net.Cut() }, state: whatsapp.Degraded, reason: "line",
			mended: func(r *rig) { r.net.Refuse(0, nil) },
		},
		"temporary ban": {
			happens: func(r *rig) {
				r.net.Refuse(fakewa.ReasonTempBan, map[string]any{"code": 101, "expire": 30})
				r.net.Cut()
			}, state: whatsapp.Banned, reason: "101",
			mended: func(r *rig) { r.net.Refuse(0, nil) },
		},
		"outdated, nothing newer": {
			happens: func(r *rig) { r.net.Refuse(fakewa.ReasonOutdated, nil); r.net.Cut() }, state: whatsapp.Outdated,
			mended: func(r *rig) { r.net.Refuse(0, nil) },
		},
		"unknown refusal": {
			happens: func(r *rig) { r.net.Refuse(418, nil); r.net.Cut() }, state: whatsapp.Failed, reason: "418",
			mended: func(r *rig) { r.net.Refuse(0, nil) },
		},
		"removed on the phone": {
			happens: func(r *rig) { r.net.Unlink(r.own) }, state: whatsapp.LoggedOut, reason: "401",
			mended: func(r *rig) { r.link() },
		},
		"barred for good": {
			happens: func(r *rig) { r.net.Refuse(fakewa.ReasonBanned, nil); r.net.Cut() }, state: whatsapp.LoggedOut, reason: "406",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := connected(t)
			c.happens(r)
			h := r.is(c.state)
			if c.reason != "" && h.Reason != c.reason {
				t.Errorf("health %+v", h)
			}
			if c.mended == nil {
				return
			}
			c.mended(r)
			r.is(whatsapp.Connected)
			sri := r.person("6281234567001")
			r.say(sri, "halo")
			r.next()
		})
	}
}

// While the number is barred nothing is sent, and the whole account rests.
func TestABanStopsSending(t *testing.T) {
	t.Parallel()
	r := connected(t)
	r.net.Refuse(fakewa.ReasonTempBan, map[string]any{"code": 101, "expire": 3600})
	r.net.Cut()
	r.is(whatsapp.Banned)
	_, err := r.Send(t.Context(), to(r.own, "halo"))
	if se := bot.OutcomeOf(err); se.Outcome != bot.Throttled || se.RetryAfter.Minutes() < 50 {
		t.Errorf("sent while barred: %v", err)
	}
}

// Another process with the same device: one gives way, and does not throw the
// other out in turn.
func TestReplaced(t *testing.T) {
	t.Parallel()
	r := connected(t)
	twin := &rig{Adapter: r.twin(), t: t, net: r.net, own: r.own, inbox: r.inbox, log: r.log}
	twin.run()
	r.is(whatsapp.Replaced)
}

func TestPairAndLogOut(t *testing.T) {
	t.Parallel()
	for name, number := range map[string]string{"QR": "", "code": "6281100000001"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			linked := make(chan error, 1)
			once := false
			err := r.Pair(t.Context(), number, func(s whatsapp.Shown) {
				if once {
					return
				}
				once = true
				go func() {
					if s.QR != "" {
						linked <- r.own.Scan(s.QR)
					} else {
						linked <- r.own.Enter(s.Code)
					}
				}()
			})
			if err != nil || <-linked != nil {
				t.Fatalf("not paired: %v\n%s", err, r.log)
			}
			if r.Account() != r.own.LID.User {
				t.Errorf("account %q", r.Account())
			}
			if err := r.Pair(t.Context(), number, nil); !errors.Is(err, whatsapp.ErrLinked) {
				t.Errorf("paired twice: %v", err)
			}
			if err := r.Logout(t.Context()); err != nil || r.Account() != "" {
				t.Errorf("logged out: %v, account %q", err, r.Account())
			}
			if err := r.Logout(t.Context()); !errors.Is(err, whatsapp.ErrNotLinked) {
				t.Errorf("logged out twice: %v", err)
			}
		})
	}
}
