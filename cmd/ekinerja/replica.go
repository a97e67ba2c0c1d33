package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"sync/atomic"

	"ekinerja/bot"
	"ekinerja/store"
)

// replica is what an app knows of the others that do the same work. Turns, jobs
// and sending are shared by rows; two things are not:
//
//	updates   one polls, under a lease; a webhook reaches all
//	limits    Redis counts for all; without it, each takes its part
type replica struct {
	holder string // this process among all that ever lived; empty: there are no others
	limits *store.Limits
	term   atomic.Pointer[store.Term] // the newest in which we polled
}

// newHolder names this process: readable, and never the same again.
func newHolder() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s:%d:%s", host, os.Getpid(), rand.Text()[:8])
}

// pacer is the limits that all replicas share. Where there is no Redis to share
// them in, each takes its part of them by the number of replicas.
func (a *app) pacer() bot.Pacer {
	local := a.s.pacer()
	if local == nil || (a.s.RedisURL == "" && a.replica.holder == "") {
		return local
	}
	cfg := store.LimitsConfig{
		Account: string(a.adapter.Network()) + ":" + a.adapter.Account(), Rates: bot.TelegramRates(), Now: a.clock.Now,
	}
	if a.s.RedisURL != "" {
		cfg.Redis = a.redis
	}
	a.replica.limits = store.NewLimits(cfg)
	return a.replica.limits
}

// poll takes updates in until ctx ends, while no other replica does.
func (a *app) poll(ctx context.Context) error {
	if a.replica.holder == "" {
		return a.adapter.Poll(ctx, a.inbox)
	}
	lease := &store.Lease{
		Store: a.store, Name: "poll:" + string(a.adapter.Network()) + ":" + a.adapter.Account(), Holder: a.replica.holder,
		TTL: a.s.Lease, Now: a.clock.Now, Passed: a.clock.passed, Sleep: a.clock.Sleep, Log: a.log,
	}
	return lease.Hold(ctx, func(ctx context.Context, t *store.Term) error {
		a.replica.term.Store(t)
		return a.adapter.Poll(ctx, leasedInbox{a.inbox, t})
	})
}

// mayPoll is asked before each poll: a process that was frozen must not cut off
// the one that took its place.
func (a *app) mayPoll() bool {
	t := a.replica.term.Load()
	return t == nil || !t.Over()
}

// leasedInbox takes in only what came while we held the lease: what an old
// holder has in hand when it wakes up, its successor has been given too.
type leasedInbox struct {
	bot.Inbox
	term *store.Term
}

func (i leasedInbox) Receive(ctx context.Context, account string, batch []bot.Received) error {
	if err := i.term.Check(ctx); err != nil {
		return err
	}
	return i.Inbox.Receive(ctx, account, batch)
}

// announce counts the replicas, for the time when Redis does not count for them.
func (a *app) announce(ctx context.Context) {
	if a.replica.holder == "" {
		return
	}
	n, err := a.store.Announce(ctx, a.clock.Now(), a.replica.holder, store.LeaseTTL)
	if err != nil {
		if ctx.Err() == nil {
			a.log.Warn("replicas not counted", "error", err)
		}
		return
	}
	if a.replica.limits != nil {
		a.replica.limits.Among(ctx, n)
	}
}

// announceEvery leaves two chances to be heard before the others count us out.
const announceEvery = store.LeaseTTL / 3
