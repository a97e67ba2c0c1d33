package bot_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ekinerja/bot"
)

var start = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func private(n int) bot.Address {
	return bot.Address{Network: bot.Telegram, ID: fmt.Sprint(1000 + n)}
}

func group(n int) bot.Address { return bot.Address{Network: bot.Telegram, ID: fmt.Sprint(-1000 - n)} }

func TestPaceOfOneChat(t *testing.T) {
	t.Parallel()
	p := bot.NewPace(bot.TelegramRates())
	now := start
	var waits []time.Duration
	for range 5 { // each as soon as it may
		w := p.Take(now, private(1), bot.PriorityReply)
		waits = append(waits, w)
		for w > 0 {
			now = now.Add(w)
			w = p.Take(now, private(1), bot.PriorityReply)
		}
	}
	want := []time.Duration{0, 40 * time.Millisecond, 40 * time.Millisecond, 920 * time.Millisecond, time.Second}
	if fmt.Sprint(waits) != fmt.Sprint(want) {
		t.Errorf("waits are %v, want %v", waits, want)
	}
}

// TestPaceKeepsEveryWindow: whatever is asked for, in whatever order, no window
// of a second or a minute holds more than the limits allow.
func TestPaceKeepsEveryWindow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := bot.NewPace(bot.TelegramRates())
		var log takes
		now := start
		for range rapid.IntRange(50, 400).Draw(t, "asks") {
			now = now.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "ms")) * time.Millisecond)
			if rapid.IntRange(0, 40).Draw(t, "rest") == 0 {
				now = now.Add(time.Duration(rapid.IntRange(0, 70).Draw(t, "s")) * time.Second)
			}
			to := private(rapid.IntRange(0, 30).Draw(t, "who"))
			if rapid.IntRange(0, 3).Draw(t, "group") == 0 {
				to = group(rapid.IntRange(0, 2).Draw(t, "which"))
			}
			class := bot.Priority(rapid.IntRange(0, 3).Draw(t, "class"))
			if p.Take(now, to, class) == 0 {
				log = append(log, take{now, to, class})
			}
		}
		for what, worst := range log.worst() {
			if worst.count > worst.limit {
				t.Fatalf("%s: %d in one window, limit %d", what, worst.count, worst.limit)
			}
		}
	})
}

// TestPaceIsUsed shows that the limits are reached, not only kept.
func TestPaceIsUsed(t *testing.T) {
	t.Parallel()
	for class, want := range map[bot.Priority]int{
		bot.PriorityReply: 25, bot.PriorityQuestion: 20, bot.PriorityReminder: 15, bot.PrioritySummary: 10,
	} {
		p := bot.NewPace(bot.TelegramRates())
		got, now := 0, start
		for i := 0; now.Before(start.Add(10 * time.Second)); i++ {
			if w := p.Take(now, private(i), class); w > 0 {
				now = now.Add(w)
				continue
			}
			got++
		}
		if got/10 != want {
			t.Errorf("class %s: %d in 10 s, want %d a second", class, got, want)
		}
	}
}

// TestPaceOfAGroup: a group that is written to as fast as may be gets 18 in its
// first and fullest minute.
func TestPaceOfAGroup(t *testing.T) {
	t.Parallel()
	p := bot.NewPace(bot.TelegramRates())
	got, now := 0, start
	for now.Before(start.Add(time.Minute)) {
		w := p.Take(now, group(1), bot.PriorityReply)
		if w == 0 {
			got++
		}
		now = now.Add(w)
	}
	if got != 18 {
		t.Errorf("%d in the first minute, want 18", got)
	}
}

// TestBroadcastLeavesRoom: with every lower class pressing, five replies a
// second still go out, each at once or nearly.
func TestBroadcastLeavesRoom(t *testing.T) {
	t.Parallel()
	p := bot.NewPace(bot.TelegramRates())
	replies, now := 0, start
	for i := 0; now.Before(start.Add(10 * time.Second)); i++ {
		for class := bot.PriorityQuestion; class <= bot.PrioritySummary; class++ {
			p.Take(now, private(10*i+int(class)), class)
		}
		if p.Take(now, private(10*i), bot.PriorityReply) == 0 {
			replies++
		}
		now = now.Add(5 * time.Millisecond)
	}
	if replies < 45 {
		t.Errorf("%d replies in 10 s beside full lower classes, want about 50", replies)
	}
}

func TestPacePauseRestsEverybody(t *testing.T) {
	t.Parallel()
	p := bot.NewPace(bot.TelegramRates())
	until := start.Add(6 * time.Second)
	p.Pause(bot.Rest{From: start, Until: until})
	p.Pause(bot.Rest{From: start, Until: start.Add(time.Second)}) // a shorter one changes nothing
	if w := p.Take(start, private(1), bot.PriorityReply); w != 6*time.Second {
		t.Errorf("wait is %v, want 6s", w)
	}
	got := 0
	for now := until; now.Before(until.Add(10 * time.Second)); now = now.Add(time.Millisecond) {
		if p.Take(now, private(int(now.UnixNano())), bot.PriorityReply) == 0 {
			got++
		}
	}
	if got != 125 {
		t.Errorf("%d in the 10 s after a pause, want half the rate: 125", got)
	}
}

// TestPaceForgets: after the chats of a whole country, it is as small as after none.
// TestPaceOfAClockPutBack: what was sent in a time that is yet to come again holds
// nobody up for long.
func TestPaceOfAClockPutBack(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]bot.Address{"same chat": private(1), "another": private(2), "group": group(1)} {
		p := bot.NewPace(bot.TelegramRates())
		for range 3 {
			p.Take(start, to, bot.PrioritySummary)
			p.Take(start, private(1), bot.PriorityReply)
		}
		now := start.Add(-time.Hour)
		if w := p.Next(now); w != 0 {
			t.Errorf("%s: an hour back, the account waits %s", name, w)
		}
		if w := p.Take(now, to, bot.PriorityReply); w != 0 {
			t.Errorf("%s: an hour back, the wait is %s", name, w)
		}
	}
}

func TestPaceForgets(t *testing.T) {
	t.Parallel()
	rates := bot.TelegramRates()
	p := bot.NewPace(rates)
	now := start
	for i := range 50_000 {
		now = now.Add(p.Take(now, private(i), bot.PriorityReply) + 50*time.Millisecond)
	}
	if n := p.Chats(); n > 5000 {
		t.Errorf("remembers %d chats, want at most 5000", n)
	}
}

type take struct {
	at    time.Time
	to    bot.Address
	class bot.Priority
}

type takes []take

type worst struct{ count, limit int }

// worst counts the fullest half-open window of every limit, by brute force.
func (ts takes) worst() map[string]worst {
	out := map[string]worst{}
	note := func(what string, limit, count int) {
		if count > out[what].count {
			out[what] = worst{count, limit}
		}
	}
	classLimit := [4]int{25, 20, 15, 10}
	for i, first := range ts {
		second, minute := map[string]int{}, map[string]int{}
		for _, t := range ts[i:] {
			since := t.at.Sub(first.at)
			if since >= time.Minute {
				break
			}
			if t.to.ID[0] == '-' {
				minute[t.to.ID]++
			}
			if since >= time.Second {
				continue
			}
			if t.to.ID[0] != '-' {
				second[t.to.ID]++
			}
			for c := range bot.Priority(4) {
				if t.class >= c {
					second["class "+c.String()]++
				}
			}
		}
		for c := range bot.Priority(4) {
			note("class "+c.String(), classLimit[c], second["class "+c.String()])
		}
		note("private", 3, second[first.to.ID])
		note("group", 18, minute[first.to.ID])
	}
	return out
}
