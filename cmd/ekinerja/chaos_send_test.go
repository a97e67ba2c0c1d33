package main

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"ekinerja/bot/fakegram"
)

// cutSends: n is the seconds.
func cutSends(r *rig, n int) outcome {
	remove := r.net.Inject(fakegram.Fault{Kind: fakegram.FaultCut, Method: "sendMessage", Probability: 0.05})
	r.begin()
	r.live(time.Duration(n) * time.Second)
	remove()
	return outcome{times: r.net.Counts()["sendMessage 0"]}
}

// illNetwork: n is the seconds.
func illNetwork(r *rig, n int) outcome {
	errs := r.net.Inject(fakegram.Fault{Kind: fakegram.FaultError, Method: "sendMessage", Probability: 0.2})
	many := r.net.Inject(fakegram.Fault{
		Kind: fakegram.FaultTooMany, Method: "sendMessage", Probability: 0.1, RetryAfter: time.Second,
	})
	r.begin()
	r.live(time.Duration(n) * time.Second)
	errs()
	many()
	r.watch.heals()
	c := r.net.Counts()
	return outcome{times: c["sendMessage 502"] + c["sendMessage 429"], note: fmt.Sprintf("%d × 502, %d × 429", c["sendMessage 502"], c["sendMessage 429"])}
}

// blocked: the last n people have blocked the bot before they are asked, and it
// has not heard of it.
func blocked(r *rig, n int) outcome {
	var ids []string
	for _, p := range r.people[len(r.people)-n:] {
		r.net.Inject(fakegram.Fault{Kind: fakegram.FaultBlocked, ChatID: p.phone.ID})
		ids = append(ids, fmt.Sprint(p.phone.ID))
	}
	r.begin()
	r.live(3 * load)
	o := outcome{absent: n}
	for _, id := range ids {
		got := r.count(`SELECT string_agg(state || ' ' || attempt - untried, ',') FROM outbox WHERE chat_id = $1 AND kind = 'ask'`, id)
		if got != "failed 1" {
			o.blame("the question to %s, who blocked us, is %q, want one try", id, got)
		}
	}
	return o
}

// refused: the network refuses the first n questions for good.
func refused(r *rig, n int) outcome {
	r.net.Inject(fakegram.Fault{Kind: fakegram.FaultError, Method: "sendMessage", Status: 400, Next: n})
	r.begin()
	r.live(2 * load)
	o := outcome{refused: true}
	if got := r.count(`SELECT count(*) FROM outbox WHERE state = 'failed' AND attempt - untried = 1`); got != fmt.Sprint(n) {
		o.blame("%s messages failed at their first try, want %d", got, n)
	}
	return o
}

// freeze stops a replica for longer than a message is leased.
func freeze(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	for range n {
		l := r.lives[r.rng.IntN(r.replicas)]
		if err := l.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			r.t.Fatal(err)
		}
		r.live(25 * time.Second)
		if err := l.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			r.t.Fatal(err)
		}
		r.watch.heals()
		r.live(load)
	}
	return outcome{}
}

// shareLimits: n is the seconds.
func shareLimits(r *rig, n int) outcome {
	r.begin()
	r.live(time.Duration(n) * time.Second)
	return r.paced(true)
}

// shareWithoutRedis starts the replicas without Redis, when none has heard of the
// others yet.
func shareWithoutRedis(r *rig, n int) outcome {
	r.redis.Down()
	r.begin()
	r.live(time.Duration(n) * time.Second)
	o := r.paced(false)
	r.redis.Up()
	return o
}

// paced looks at what reached the network: never more than 28 messages within a
// second, and, where the replicas share the limit of each chat too, hardly ever
// one that it refused for being too many.
func (r *rig) paced(shared bool) (o outcome) {
	var sent []time.Time
	many := 0
	for _, c := range r.net.Calls() {
		switch {
		case !strings.HasPrefix(c.Method, "send"):
		case c.Status == 200:
			sent = append(sent, c.At)
		case c.Status == 429:
			many++
		}
	}
	slices.SortFunc(sent, time.Time.Compare)
	most, from := 0, 0
	for i, at := range sent {
		for at.Sub(sent[from]) >= time.Second {
			from++
		}
		most = max(most, i-from+1)
	}
	if most > 28 {
		o.blame("%d messages within one second", most)
	}
	if shared && many*100 > len(sent) {
		o.blame("%d of %d messages were too many (429)", many, len(sent)+many)
	}
	o.times, o.note = len(sent), fmt.Sprintf("at most %d in a second, %d × 429", most, many)
	return o
}

// freezePoller stops every replica in turn: when it is the one that polls, the
// other takes over, and the first finds that it is none any more.
func freezePoller(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	for i := range n {
		l := r.lives[i%r.replicas]
		if err := l.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
			r.t.Fatal(err)
		}
		r.live(17 * time.Second)
		if err := l.cmd.Process.Signal(syscall.SIGCONT); err != nil {
			r.t.Fatal(err)
		}
		r.watch.heals()
		r.live(load)
	}
	conflicts := r.net.Counts()["getUpdates 409"]
	return outcome{note: fmt.Sprintf("%d × 409", conflicts)}
}
