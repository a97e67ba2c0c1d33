package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// hookEvery is how often we look whether updates are still posted to us: a
	// thief of the token is noticed within a minute.
	hookEvery = 30 * time.Second
	// postsFailFor is how long a failed post counts.
	postsFailFor = 10 * time.Minute
)

// What is wrong with the way by which updates come, for whoever asks for
// readiness; empty when nothing is.
const (
	postedElsewhere = "updates are posted elsewhere"
	postsFail       = "posts of updates fail"
)

// errElsewhere says that another program takes the updates of our bot.
var errElsewhere = errors.New(postedElsewhere)

// hookWatch notices when somebody else with our token takes the updates to
// themselves: no call of ours fails then, it is only silent. It reports and does
// not take them back, for two programs would do so in turn for ever.
type hookWatch struct {
	trouble atomic.Value // string
	told    string       // what the log heard last; of the only one who looks
}

// tells notes what the log is to hear, and reports whether it is new.
func (h *hookWatch) tells(what string) bool {
	fresh := h.told != what
	h.told = what
	return fresh
}

// wrong is what the last look found, empty when all is well.
func (h *hookWatch) wrong() string {
	s, _ := h.trouble.Load().(string)
	return s
}

// hookURL is where Telegram posts our updates.
func (a *app) hookURL() string { return strings.TrimRight(a.s.PublicURL, "/") + webhookPath }

// lookHook asks the network where it posts our updates and whether that works.
// When the network does not answer, what was found before holds.
func (a *app) lookHook(ctx context.Context) {
	info, err := a.adapter.Webhook(ctx)
	switch {
	case err != nil:
		if ctx.Err() == nil {
			a.log.Warn("webhook not looked at", "error", err)
		}
	case info.URL != a.hookURL():
		a.hook.trouble.Store(postedElsewhere)
		if a.hook.tells("elsewhere " + hostOf(info.URL)) {
			a.log.Error("another program has our bot's updates sent to itself: change the token, then start again",
				"account", a.adapter.Account(), "host", hostOf(info.URL))
		}
	case a.clock.Now().Sub(info.LastErrorAt) < postsFailFor:
		a.hook.trouble.Store(postsFail)
		if a.hook.tells("fails " + info.LastErrorAt.String()) {
			a.log.Warn("telegram could not post updates", "error", info.LastError, "at", info.LastErrorAt, "waiting", info.Waiting)
		}
	default:
		a.hook.trouble.Store("")
		a.hook.tells("")
	}
}

// hostOf is the part of an address that is no secret; empty for no address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "unreadable"
	}
	return u.Host
}

// setupAndWatch tells the network who we are, and looks from then on, in webhook
// mode, whether updates still come to us.
func (a *app) setupAndWatch(ctx context.Context) error {
	if err := a.setupUntilDone(ctx); err != nil || a.s.TelegramMode != "webhook" {
		return err
	}
	return a.every(ctx, hookEvery, a.lookHook)
}
