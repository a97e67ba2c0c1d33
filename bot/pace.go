package bot

import (
	"context"
	"strings"
	"sync"
	"time"
)

// Priority is how soon a message must go out; lower is sooner. It is also its
// class in the rate limit, where lower classes leave room for higher ones.
type Priority int

// The classes. An escalation travels in the class of the reminders.
const (
	PriorityReply    Priority = 0 // an answer to what somebody just did
	PriorityQuestion Priority = 1
	PriorityReminder Priority = 2
	PrioritySummary  Priority = 3 // scores, recaps, broadcasts
)

// String names the class, for metrics.
func (p Priority) String() string {
	switch p {
	case PriorityReply:
		return "reply"
	case PriorityQuestion:
		return "question"
	case PriorityReminder:
		return "reminder"
	default:
		return "summary"
	}
}

// Rate is a limit in the manner of GCRA: one message every Every in the long
// run, up to Burst at once after a rest. In any window shorter than k×Every
// there are never more than k+Burst−1 messages.
type Rate struct {
	Every time.Duration
	Burst int
}

// allow reports how long to wait, and the new theoretical arrival time if there
// is nothing to wait for. An arrival time that no message can have caused comes
// from a clock that was put back since, and is forgotten: it must not stop anybody.
func (r Rate) allow(now, tat time.Time) (wait time.Duration, next time.Time) {
	if tat.Before(now) || tat.After(now.Add(4*time.Duration(r.Burst)*r.Every)) {
		tat = now
	}
	if early := tat.Sub(now) - time.Duration(r.Burst-1)*r.Every; early > 0 {
		return early, tat
	}
	return 0, tat.Add(r.Every)
}

// Rates are the limits of one account.
type Rates struct {
	// Classes are nested: Classes[c] limits all messages of class c and below
	// together, so Classes[0] is the limit of the whole account.
	Classes [4]Rate
	Private Rate // per private chat
	Group   Rate // per group
}

// TelegramRates stay below what Telegram documents (30/s an account, 1/s a
// chat, 20/min a group; core.telegram.org/bots/faq): 25, 20, 15 and 10 a second
// by class, because at 28/s a server that refuses the 31st message of any
// second refused more than half. A group gets bursts of three and never more
// than 18 in a minute (60 s / 3.75 s + 3 − 1).
func TelegramRates() Rates {
	return Rates{
		Classes: [4]Rate{
			{Every: time.Second / 25, Burst: 1},
			{Every: time.Second / 20, Burst: 1},
			{Every: time.Second / 15, Burst: 1},
			{Every: time.Second / 10, Burst: 1},
		},
		Private: Rate{Every: time.Second, Burst: 3},
		Group:   Rate{Every: 3750 * time.Millisecond, Burst: 3},
	}
}

// WhatsAppRates are for a number that nobody has allowed to write in bulk: what
// sends more than some twenty messages a minute, or the same to many, is barred. An
// answer may follow at once, a question every 4 s, a reminder every 6 s.
func WhatsAppRates() Rates {
	return Rates{
		Classes: [4]Rate{
			{Every: 3 * time.Second, Burst: 3},
			{Every: 4 * time.Second, Burst: 1},
			{Every: 6 * time.Second, Burst: 1},
			{Every: 8 * time.Second, Burst: 1},
		},
		Private: Rate{Every: 3 * time.Second, Burst: 3},
		Group:   Rate{Every: 10 * time.Second, Burst: 1},
	}
}

// Chat is the limit of one chat. Telegram's group ids are negative, WhatsApp's
// end in @g.us.
func (r Rates) Chat(to Address) Rate {
	if strings.HasPrefix(to.ID, "-") || strings.HasSuffix(to.ID, "@g.us") {
		return r.Group
	}
	return r.Private
}

// Share is what each of n processes may use when they cannot ask each other:
// all of them together stay within r, in any window but for n−1 messages.
func (r Rates) Share(n int) Rates {
	part := func(r Rate) Rate {
		return Rate{Every: r.Every * time.Duration(max(n, 1)), Burst: max(r.Burst/max(n, 1), 1)}
	}
	for c := range r.Classes {
		r.Classes[c] = part(r.Classes[c])
	}
	r.Private, r.Group = part(r.Private), part(r.Group)
	return r
}

// Slowdown is how long an account goes at half speed after the network said no.
const Slowdown = time.Minute

// sweepAt is the number of remembered chats at which rested ones are forgotten.
const sweepAt = 4096

// Pace decides when a message may go out, from the times it is given alone. It
// is not safe for concurrent use; [LocalPacer] is.
type Pace struct {
	rates   Rates
	classes [4]time.Time // theoretical arrival times
	chats   map[string]time.Time
	sweep   int
	rest    Rest
	slow    Rest // half speed, during the rest and after it
}

// NewPace starts at rest.
func NewPace(r Rates) *Pace {
	return &Pace{rates: r, chats: map[string]time.Time{}, sweep: sweepAt}
}

// Take asks to send one message now. Zero means taken: send it. A positive wait
// means that nothing was taken: ask again after it.
func (p *Pace) Take(now time.Time, to Address, class Priority) time.Duration {
	wait := p.rest.Left(now)
	class = min(max(class, PriorityReply), PrioritySummary)
	classes := p.classes
	for c := PriorityReply; c <= class; c++ {
		w, next := p.rate(now, c).allow(now, classes[c])
		wait, classes[c] = max(wait, w), next
	}
	w, next := p.rates.Chat(to).allow(now, p.chats[to.ID])
	if wait = max(wait, w); wait > 0 {
		return wait
	}
	p.classes, p.chats[to.ID] = classes, next
	p.forget(now)
	return 0
}

// Next is how long until the account may send at all; nothing is taken.
func (p *Pace) Next(now time.Time) time.Duration {
	wait, _ := p.rate(now, PriorityReply).allow(now, p.classes[PriorityReply])
	return max(wait, p.rest.Left(now))
}

// rate is the limit of a class now.
func (p *Pace) rate(now time.Time, class Priority) Rate {
	r := p.rates.Classes[class]
	if p.slow.Left(now) > 0 {
		r.Every *= 2
	}
	return r
}

// forget drops the chats that are fully rested: they are as good as unknown.
func (p *Pace) forget(now time.Time) {
	if len(p.chats) < p.sweep {
		return
	}
	for id, tat := range p.chats {
		if !tat.After(now) {
			delete(p.chats, id)
		}
	}
	p.sweep = max(sweepAt, 2*len(p.chats))
}

// Pause lets nothing out during the rest, and half the rate for a minute after it.
func (p *Pace) Pause(r Rest) {
	if p.rest.Extend(r) {
		p.slow = Rest{From: r.From, Until: r.Until.Add(Slowdown)}
	}
}

// Pacer is asked before each send. Zero means taken; a positive wait means ask
// again after it. class is one of the Priority classes.
type Pacer interface {
	Take(ctx context.Context, now time.Time, to Address, class Priority) (wait time.Duration, err error)
}

// Foreseer is a Pacer that can tell how long until the account may send anything
// at all. A [Sender] then claims a message only when one may go: a claim that
// waits in hand looks, if the process dies, as if it had been sent.
type Foreseer interface {
	Next(ctx context.Context, now time.Time) (wait time.Duration, err error)
}

// Pauser is a Pacer that can be told to rest, for all who share it.
type Pauser interface {
	Pause(ctx context.Context, r Rest) error
}

// LocalPacer is a Pace for the goroutines of one process. Two processes with
// one account need a shared Pacer.
type LocalPacer struct {
	mu   sync.Mutex
	pace *Pace
}

// NewLocalPacer starts at rest.
func NewLocalPacer(r Rates) *LocalPacer { return &LocalPacer{pace: NewPace(r)} }

// Take implements [Pacer]; it never fails.
func (l *LocalPacer) Take(_ context.Context, now time.Time, to Address, class Priority) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pace.Take(now, to, class), nil
}

// Next implements [Foreseer]; it never fails.
func (l *LocalPacer) Next(_ context.Context, now time.Time) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pace.Next(now), nil
}

// Pause implements [Pauser]; it never fails.
func (l *LocalPacer) Pause(_ context.Context, r Rest) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pace.Pause(r)
	return nil
}
