package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"ekinerja/bot/fakegram"
)

// chaosCases are the faults, in the order of the table.
func chaosCases() []chaosCase {
	return []chaosCase{
		{
			id: "C1", fault: "kill -9 of a random replica, 0.2–0.7 s apart", replicas: 2, mode: webhook,
			times: times{0, 200, 1000, 50}, run: killReplicas,
		},
		{
			id: "C2", fault: "kill -9 exactly before and after each COMMIT, call, and word to Redis", replicas: 1, mode: webhook,
			times: times{0, 2, 50, 0}, run: killAtPoints,
		},
		{
			id: "C2p", fault: "the same where updates are polled", replicas: 1, mode: poll,
			times: times{0, 2, 50, 0}, run: killPoller,
		},
		{
			id: "C3", fault: "every update three times, shuffled over replicas", replicas: 2, mode: webhook,
			times: times{1, 1, 10, 0}, run: copies,
		},
		{
			id: "C4", fault: "backlog at start, kill -9 after 150 ms", replicas: 1, mode: poll,
			times: times{0, 10, 100, 0}, run: backlog,
		},
		{
			id: "C5", fault: "messages of one person side by side on both replicas", replicas: 2, mode: webhook,
			times: times{0, 14, 140, 0}, run: sideBySide,
		},
		{
			id: "C7", fault: "each send button tapped four times at once", replicas: 2, mode: webhook,
			times: times{4, 4, 40, 0}, run: doubleTaps,
		},
		{
			id: "C8", fault: "three short lines, 0.2–2 s apart", replicas: 2, mode: webhook,
			times: times{0, 1, 56, 0}, run: shortLines,
		},
		{
			id: "C10", fault: "Postgres stopped at once (immediate), started again", replicas: 2, mode: webhook,
			times: times{0, 4, 50, 6}, prepare: ownPostgres, run: restartPostgres,
		},
		{
			id: "C11", fault: "the standby becomes the primary; the old one dies, or lives on read-only", replicas: 2, mode: webhook,
			times: times{0, 2, 20, 0}, prepare: ownPostgres, run: failOver,
		},
		{
			id: "C12", fault: "connection to Postgres cut between COMMIT and its answer", replicas: 2, mode: webhook,
			times: times{25, 60, 500, 0}, run: cutCommits,
		},
		{
			id: "C14", fault: "FLUSHALL, 0.3 s apart", replicas: 2, mode: webhook,
			times: times{10, 30, 1000, 100}, prepare: ownRedis, run: flush,
		},
		{
			id: "C15", fault: "kill -9 of Redis, 1 s apart", replicas: 2, mode: webhook,
			times: times{0, 6, 100, 12}, prepare: ownRedis, run: killRedis,
		},
		{
			id: "C16", fault: "Redis falls back to an old snapshot", replicas: 2, mode: webhook,
			times: times{0, 4, 50, 8}, prepare: ownRedis, run: oldRedis,
		},
		{
			id: "C17", fault: "Redis answers 5 s late", replicas: 2, mode: webhook,
			times: times{0, 1, 10, 0}, run: slowRedis,
		},
		{
			id: "C18", fault: "answer cut after delivery, 5 % of sends", replicas: 1, mode: poll, limits: true,
			times: times{0, 8, 600, 20}, run: cutSends,
		},
		{
			id: "C19", fault: "20 % of sends 502, 10 % 429", replicas: 1, mode: poll, limits: true,
			times: times{0, 8, 600, 20}, run: illNetwork,
		},
		{
			id: "C20", fault: "people who blocked the bot, among all who are asked", replicas: 1, mode: poll,
			times: times{0, 6, 60, 0}, run: blocked,
		},
		{
			id: "C21", fault: "400 for a message", replicas: 1, mode: poll,
			times: times{0, 6, 60, 0}, run: refused,
		},
		{
			id: "C22", fault: "a group becomes a supergroup while it is written to", replicas: 2, mode: webhook,
			times: times{0, 40, 400, 0}, run: becomeSupergroup,
		},
		{
			id: "C24", fault: "a replica stopped (SIGSTOP) beyond its leases, then continued", replicas: 2, mode: webhook, limits: true,
			times: times{0, 1, 20, 0}, run: freeze,
		},
		{
			id: "C25", fault: "four replicas send as much as they may", replicas: 4, mode: webhook, limits: true,
			times: times{0, 8, 600, 20}, run: shareLimits,
		},
		{
			id: "C26", fault: "the same, started with Redis away", replicas: 4, mode: webhook, limits: true,
			times: times{0, 8, 600, 20}, run: shareWithoutRedis,
		},
		{
			id: "C30", fault: "each replica stopped (SIGSTOP) for 17 s in turn, one of them polls", replicas: 2, mode: poll, limits: true,
			times: times{0, 2, 20, 0}, run: freezePoller,
		},
		{
			id: "C31", fault: "the clock of one replica 10 min ahead, then 10 min behind", replicas: 2, mode: webhook,
			times: times{0, 2, 20, 0}, run: skewClocks,
		},
		{
			id: "C31p", fault: "the same where updates are polled", replicas: 2, mode: poll,
			times: times{0, 2, 20, 0}, run: skewClocks,
		},
		{
			id: "C37", fault: "a newer program beside the old one: the database gets further columns and a table under load",
			replicas: 2, mode: webhook, times: times{0, 1, 20, 0}, run: upgradeOne,
		},
		{
			id: "C39", fault: "the disk of Postgres full for 3 s", replicas: 2, mode: webhook,
			times: times{0, 2, 20, 0}, prepare: narrowPostgres, run: fillDisk,
		},
		{
			id: "C33", fault: "kill -9 in the asking of 1,060 people, n times on the way", replicas: 1, mode: webhook,
			times: times{0, 8, 150, 12}, run: killBroadcast,
		},
		{
			id: "C33q", fault: "10,000 summaries queued while people report", replicas: 2, people: 15, mode: webhook, limits: true,
			times: times{0, 6, 120, 12}, run: longQueue,
		},
		{
			id: "C41", fault: "Postgres back from a dump, Redis and the network are newer", replicas: 2, mode: webhook,
			times: times{0, 1, 20, 0}, run: restoreDump,
		},
		{
			id: "C42", fault: "another program polls with our token", replicas: 1, mode: poll,
			times: times{0, 0, 10, 1}, run: pollBeside,
		},
		{
			id: "C9", fault: "a message whose handling panics", times: times{1, 1, 20, 0}, alone: poison,
		},
		{
			id: "C27", fault: "429 with retry_after 60 in the middle of the questions", times: times{1, 1, 20, 0}, alone: longRest,
		},
		{
			id: "C28", fault: "jobs cut off in the middle of a tick, every 15 min of a day and a morning", times: times{0, 1, 20, 0}, alone: cutTicks,
		},
		{
			id: "C29", fault: "service away 5 min, 3 h and 2 d over its ticks", times: times{0, 3, 60, 0}, alone: longAway,
		},
		{
			id: "C31b", fault: "the clock put back by an hour while people answer", times: times{0, 1, 20, 0}, alone: setBack,
		},
		{
			id: "C32", fault: "days around new year, leap day, Ramadan and a late holiday; at night all of December 2027 to December 2028",
			times: times{0, 1, 2, 0}, alone: playYear,
		},
		{
			id: "C34", fault: "Telegram away 6 h in the hours of answering", times: times{1, 1, 20, 0}, alone: telegramAway,
		},
		{
			id: "C35", fault: "Telegram away every other 30 s for an hour", times: times{0, 1, 20, 0}, alone: flapping,
		},
		{
			id: "C38", fault: "migration killed (-9) on the way, then run again", times: times{4, 20, 200, 0}, alone: killMigration,
		},
	}
}

// load is how long people report before or after a fault.
const load = 2 * time.Second

func killReplicas(r *rig, n int) outcome {
	r.begin()
	r.live(load)
	for range n {
		i := r.rng.IntN(r.replicas)
		r.killOne(i)
		r.watch.heals()
		r.startOne(i)
		r.live(r.gap(200*time.Millisecond, 700*time.Millisecond))
	}
	return outcome{}
}

func copies(r *rig, n int) outcome {
	r.balancer.copies, r.balancer.late = 2, 1500*time.Millisecond
	r.begin()
	r.live(time.Duration(n) * 3 * time.Second)
	return outcome{times: 0, note: "each update"}
}

// backlogged is how many lines each person has typed when the service starts.
const backlogged = 14

func backlog(r *rig, n int) outcome {
	r.everybody(func(p *reporter) error {
		p.busy = true
		for range backlogged {
			if err := p.say(p.next().complete(), 0); err != nil {
				return err
			}
		}
		return nil
	})
	r.rest.Store(true)
	waited := r.net.Pending()
	for range n {
		r.startOne(0)
		if err := r.lives[0].works(r.t.Context()); err != nil {
			r.t.Fatal(err)
		}
		r.live(150 * time.Millisecond)
		r.killOne(0)
	}
	return outcome{note: fmt.Sprintf("%d updates waited", waited)}
}

func sideBySide(r *rig, n int) outcome {
	r.balancer.hurried = true
	r.begin()
	r.everybody(func(p *reporter) error {
		p.busy = true
		for range n {
			if err := p.say(p.next().complete(), 0); err != nil {
				return err
			}
		}
		return nil
	})
	r.live(load)
	return outcome{times: n * len(r.people), note: fmt.Sprintf("%d at once of each", n)}
}

func doubleTaps(r *rig, n int) outcome {
	r.balancer.hurried = true
	r.heckle(func(p *reporter, m fakegram.Message) {
		for _, label := range []string{"Kirim", "Kirim perubahan"} {
			if !has(m, label) {
				continue
			}
			p.mu.Lock()
			for range n {
				if err := p.tap(m, label); err != nil {
					p.failed = append(p.failed, err.Error())
				}
			}
			p.mu.Unlock()
		}
	})
	r.begin()
	r.live(3 * time.Second)
	return outcome{note: "each button"}
}

// shortLines: everybody types three short lines first and looks at what came
// only then.
func shortLines(r *rig, _ int) outcome {
	r.heckle(func(p *reporter, m fakegram.Message) {
		if !has(m, "Tidak bekerja") {
			return
		}
		p.mu.Lock() // their eyes are on the keyboard: nothing is answered meanwhile
		defer p.mu.Unlock()
		if p.busy {
			return
		}
		p.busy = true
		for range 3 {
			if err := p.say(p.next().short(), 0); err != nil {
				p.failed = append(p.failed, err.Error())
			}
			<-time.After(200*time.Millisecond + rand.N(1800*time.Millisecond))
		}
	})
	r.begin()
	r.live(7 * time.Second)
	return outcome{times: 3 * len(r.people)}
}
