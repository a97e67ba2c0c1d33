package fakegram

import (
	"sync"
	"time"
)

// Limits are Telegram's limits on sending, from its "Bots FAQ". They count
// send* methods; edits, deletions and toasts are free here.
type Limits struct {
	Off            bool // no limits at all
	PerSecond      int  // messages of the bot in any second
	ChatBurst      int  // messages to one chat at once, then one a second
	GroupPerMinute int  // messages to one group in any minute
}

// ChatBurst is how many messages a rested chat takes within one second. The FAQ
// says "avoid sending more than one message per second; we may allow short
// bursts": 3 is our cautious reading of "short".
const ChatBurst = 3

// RealLimits are the limits of the real network; a zero [Config.Limits] means these.
func RealLimits() Limits { return Limits{PerSecond: 30, ChatBurst: ChatBurst, GroupPerMinute: 20} }

// NoLimits lets everything pass: for tests whose clock stands still.
func NoLimits() Limits { return Limits{Off: true} }

// limiter counts messages on the given clock.
type limiter struct {
	mu     sync.Mutex
	limits Limits
	bot    window
	groups map[int64]*window
	chats  map[int64]time.Time // when the chat's burst is whole again
}

// window is a sliding window: the times of the last n messages.
type window struct{ times []time.Time }

// wait answers how long until the window takes one more, 0 if now.
func (w *window) wait(now time.Time, n int, span time.Duration) time.Duration {
	for len(w.times) > 0 && !w.times[0].After(now.Add(-span)) {
		w.times = w.times[1:]
	}
	if n <= 0 || len(w.times) < n {
		return 0
	}
	return w.times[len(w.times)-n].Add(span).Sub(now)
}

func newLimiter(l Limits) *limiter {
	x := &limiter{}
	x.set(l)
	return x
}

func (l *limiter) set(limits Limits) {
	if limits == (Limits{}) {
		limits = RealLimits()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limits, l.bot = limits, window{}
	l.groups, l.chats = map[int64]*window{}, map[int64]time.Time{}
}

// take counts one message to the chat, or answers a 429. A refused message does
// not count.
func (l *limiter) take(chat int64, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limits.Off {
		return nil
	}
	wait := l.bot.wait(now, l.limits.PerSecond, time.Second)
	group := l.groups[chat]
	if chat < 0 {
		if group == nil {
			group = &window{}
			l.groups[chat] = group
		}
		wait = max(wait, group.wait(now, l.limits.GroupPerMinute, time.Minute))
	}
	wait = max(wait, l.chatWait(chat, now))
	if wait > 0 {
		return tooMany(wait)
	}
	l.bot.times = append(l.bot.times, now)
	if group != nil {
		group.times = append(group.times, now)
	}
	if whole := l.chats[chat]; whole.After(now) {
		l.chats[chat] = whole.Add(time.Second)
	} else {
		l.chats[chat] = now.Add(time.Second)
	}
	return nil
}

func (l *limiter) chatWait(chat int64, now time.Time) time.Duration {
	if l.limits.ChatBurst <= 0 {
		return 0
	}
	return l.chats[chat].Sub(now.Add(time.Duration(l.limits.ChatBurst-1) * time.Second))
}
