package store

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

var reminderRaces = flag.Int("reminder.races", 600, "how often an answer races with its reminder in TestReminderRace (C23)")

// arrivals is a network that notes when each chat got something.
type arrivals struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (*arrivals) Network() bot.Network { return bot.Telegram }

func (a *arrivals) Send(_ context.Context, m bot.MsgOut) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at[m.To.ID] = time.Now()
	return fmt.Sprint(len(a.at)), nil
}

// TestReminderRace (C23): a reminder is due and the report is sent at the same
// moment, give or take 20 ms, over and over. No reminder arrives more than a
// second after the commit of a report, and how many arrive after it at all is in
// the log: between the last look at the report and the network lies one claim.
func TestReminderRace(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const wave = 100
	after, sent, done := 0, 0, 0
	var worst time.Duration
	for done < *reminderRaces {
		got, committed := s.race(wave, done)
		done += wave
		for chat, at := range committed {
			arrived, ok := got[chat]
			if !ok {
				continue
			}
			sent++
			if late := arrived.Sub(at); late > 0 {
				after++
				worst = max(worst, late)
			}
		}
	}
	t.Logf("%d races: %d reminders sent, %d of them after the report was committed, at most %v after it", done, sent, after, worst)
	if worst > time.Second {
		t.Errorf("a reminder came %v after the report", worst)
	}
	if sent == 0 || sent == done {
		t.Errorf("%d of %d reminders were sent: there was no race", sent, done)
	}
}

// race lets a wave of people report while their reminders become due, and tells
// when reminders arrived and when reports were committed.
func (s *stage) race(wave, from int) (arrived, committed map[string]time.Time) {
	s.t.Helper()
	s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		return conversations.Outcome{Session: turn.Session, Report: change(true)}, nil
	})
	ids := make([]roster.EmployeeID, wave)
	for i := range wave {
		chat := fmt.Sprint(10_000 + from + i)
		ids[i] = s.person("P", chat)
		s.receive(s.text(chat, "selesai"))
	}
	net := &arrivals{at: map[string]time.Time{}}
	sender := &bot.Sender{Outbox: s.out, Channel: net, Log: slog.New(slog.DiscardHandler), Now: time.Now, Idle: time.Millisecond}
	start := time.Now().Add(100 * time.Millisecond)
	for i, id := range ids {
		due := start.Add(time.Duration(i) * 10 * time.Millisecond)
		s.exec(`INSERT INTO duty (employee_id, day, state, reason, ask_at, deadline_at, late_until, computed_at)
			VALUES ($1, $2, 'due', 'workday', $3, $4, $4, $3)`, id, today().String(), monday(), monday().Add(5*time.Hour))
		s.exec(`INSERT INTO outbox (key, kind, priority, employee_id, network, chat_id, body, about_day, guard, not_before, created_at)
			VALUES ($1, 'remind', 2, $2, 'telegram', $3, '{"text": "ingat"}', $4, 'unreported', $5, $6)`,
			fmt.Sprint("race/", from+i), id, fmt.Sprint(10_000+from+i), today().String(), due, monday())
	}
	ctx, end := context.WithCancel(s.t.Context())
	var run, answers sync.WaitGroup
	run.Go(func() { _ = sender.Run(ctx, nil) })
	committed = map[string]time.Time{}
	var mu sync.Mutex
	for i, id := range ids {
		at := start.Add(time.Duration(i)*10*time.Millisecond + time.Duration(rand.N(40)-20)*time.Millisecond)
		answers.Go(func() {
			<-time.After(time.Until(at))
			if _, err := s.turns.Handle(ctx, keyOf(id)); err != nil {
				s.t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			committed[fmt.Sprint(10_000+from+i)] = time.Now()
		})
	}
	answers.Wait()
	<-time.After(200 * time.Millisecond)
	end()
	run.Wait()
	return net.at, committed
}
