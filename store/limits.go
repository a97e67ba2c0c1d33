package store

import (
	"context"
	_ "embed" // for the script
	"fmt"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"ekinerja/bot"
)

//go:embed limits.lua
var limitsScript string

// askLimits is a question to the limits; the script says what it answers.
var askLimits = goredis.NewScript(limitsScript)

// carefulAmong is how many processes a new one believes to share the account
// with until it has been counted itself: those that started with it do not know
// of it yet, and four that each believe to be alone send four times too much.
const carefulAmong = 8

// Limits are the limits of one account, shared through Redis by every process
// that sends for it. They follow the rules of [bot.Pace], in one script a
// question, and are a [bot.Pacer], [bot.Foreseer] and [bot.Pauser]. Safe for
// concurrent use.
//
//	Take ─▶ Redis answers ──────────────────────────▶ its answer
//	   └──▶ away, or the breaker is open ─▶ own pacer at rate ÷ replicas;
//	                                        ÷ 8 until counted twice
//
// Nothing is lost with Redis: a forgotten arrival time is one message too many,
// and a pause is told again with every question until it is over.
type Limits struct {
	cfg   LimitsConfig
	rates [8]int64 // Every in µs and Burst, of the classes

	mu    sync.Mutex
	rest  bot.Rest // the pause we know of
	among int
	told  bool // [Limits.Among] was called before
	local *bot.LocalPacer
}

// LimitsConfig is what limits are made of.
type LimitsConfig struct {
	Redis   *Redis // nil: one that is always away
	Account string // all keys carry it: network and the bot's own id there
	Rates   bot.Rates
	Now     func() time.Time // the application's clock
	// OwnTime lets the times that are passed in decide: a clock that is hurried
	// or stands still needs it. Otherwise Redis' own clock decides, because the
	// clocks of two machines differ by more than the 40 ms between two messages.
	OwnTime bool
}

// NewLimits starts with what Redis remembers.
func NewLimits(cfg LimitsConfig) *Limits {
	l := &Limits{cfg: cfg}
	for c, r := range cfg.Rates.Classes {
		l.rates[2*c], l.rates[2*c+1] = micros(r.Every), int64(r.Burst)
	}
	l.share(carefulAmong)
	return l
}

// micros rounds up: never faster than said.
func micros(d time.Duration) int64 { return int64((d + time.Microsecond - 1) / time.Microsecond) }

// Among tells how many processes share the account, for the time when Redis
// cannot. Call it whenever they were counted. The first count is believed only
// where it asks for more care: whoever starts at the same moment is not in it.
func (l *Limits) Among(ctx context.Context, replicas int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.told {
		l.told, replicas = true, max(replicas, carefulAmong)
	}
	if l.share(max(replicas, 1)) {
		_ = l.local.Pause(ctx, l.rest) // it never fails
	}
}

// share makes a pacer for one of so many, and reports whether it is another one.
func (l *Limits) share(replicas int) bool {
	if replicas == l.among {
		return false
	}
	l.among, l.local = replicas, bot.NewLocalPacer(l.cfg.Rates.Share(replicas))
	return true
}

// Take implements [bot.Pacer]; it never fails.
func (l *Limits) Take(ctx context.Context, now time.Time, to bot.Address, class bot.Priority) (time.Duration, error) {
	class = min(max(class, bot.PriorityReply), bot.PrioritySummary)
	if wait, ok := l.ask(ctx, now, class, to); ok {
		return wait, nil
	}
	return l.alone().Take(ctx, now, to, class)
}

// Next implements [bot.Foreseer]; it never fails.
func (l *Limits) Next(ctx context.Context, now time.Time) (time.Duration, error) {
	if wait, ok := l.ask(ctx, now, look, bot.Address{}); ok {
		return wait, nil
	}
	return l.alone().Next(ctx, now)
}

// Pause implements [bot.Pauser]; it never fails: what Redis does not hear now
// it hears with the next question.
func (l *Limits) Pause(ctx context.Context, r bot.Rest) error {
	l.mu.Lock()
	l.rest.Extend(r)
	l.mu.Unlock()
	l.ask(ctx, l.cfg.Now(), look, bot.Address{})
	return l.alone().Pause(ctx, r)
}

func (l *Limits) alone() *bot.LocalPacer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.local
}

// look asks without taking.
const look bot.Priority = -1

// ask puts one question to Redis; ok is false when there is no answer.
func (l *Limits) ask(ctx context.Context, now time.Time, class bot.Priority, to bot.Address) (wait time.Duration, ok bool) {
	if !l.cfg.Redis.open(now) {
		return 0, false
	}
	l.mu.Lock()
	rest := l.rest.Left(now)
	l.mu.Unlock()
	at := int64(0)
	if l.cfg.OwnTime {
		at = now.UnixMicro()
	}
	chat := l.cfg.Rates.Chat(to)
	args := make([]any, 0, 14)
	args = append(args, at, micros(rest), int(class), micros(bot.Slowdown))
	for _, n := range l.rates {
		args = append(args, n)
	}
	args = append(args, micros(chat.Every), chat.Burst)
	// Braces keep both keys on one server of a cluster.
	keys := []string{"pace:{" + l.cfg.Account + "}", fmt.Sprintf("pace:{%s}:%s", l.cfg.Account, to.ID)}
	n, err := askLimits.Run(ctx, l.cfg.Redis.client, keys, args...).Int64()
	l.cfg.Redis.after(now, err)
	return time.Duration(n) * time.Microsecond, err == nil
}
