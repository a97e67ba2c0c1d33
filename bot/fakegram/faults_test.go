package fakegram

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

const hello = `{"chat_id":7,"text":"halo"}`

func TestLimits(t *testing.T) {
	t.Parallel()
	type step struct {
		after time.Duration
		chat  int64
		want  int // retry_after, 0 is sent
	}
	repeat := func(n int, s step) []step {
		out := make([]step, n)
		for i := range out {
			out[i] = s
		}
		return out
	}
	var thirty, group []step
	for i := range 30 {
		thirty = append(thirty, step{chat: int64(100 + i)})
	}
	for range 20 {
		group = append(group, step{after: time.Second, chat: -7})
	}
	cases := map[string][]step{
		"a burst of three, then one a second": append(repeat(3, step{chat: 7}),
			step{chat: 7, want: 1}, step{after: 999 * time.Millisecond, chat: 7, want: 1}, step{after: time.Millisecond, chat: 7},
			step{chat: 7, want: 1}, step{chat: 8}),
		"thirty a second over all chats": append(thirty, step{chat: 200, want: 1},
			step{after: time.Second, chat: 200}),
		"twenty a minute to a group": append(group, step{after: time.Second, chat: -7, want: 40},
			step{after: 39 * time.Second, chat: -7, want: 1}, step{after: time.Second, chat: -7}),
	}
	for name, steps := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t, func(c *Config) { c.Limits = Limits{} })
			by := n.Person(7, "Siti", "628111")
			for i, s := range steps {
				if s.chat > 0 {
					n.Person(s.chat, "P", "628").Open()
				} else if _, err := n.Group(s.chat, "Regu").AddBot(by); err != nil {
					t.Fatal(err)
				}
				n.clock.add(s.after)
				a := n.call(t, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"a"}`, s.chat))
				if s.want == 0 && !a.OK || s.want > 0 && (a.Code != 429 || a.Parameters.RetryAfter != s.want) {
					t.Errorf("step %d: %+v, want retry after %d", i, a, s.want)
				}
			}
			n.SetLimits(NoLimits())
			for range 50 {
				if a := n.call(t, "sendMessage", `{"chat_id":7,"text":"a"}`); name != "twenty a minute to a group" && name != "thirty a second over all chats" && !a.OK {
					t.Fatalf("without limits: %+v", a)
				}
			}
		})
	}
}

func TestFaultAnswers(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fault Fault
		code  int
		want  string
	}{
		"5xx":         {Fault{Kind: FaultError}, 502, "Bad Gateway"},
		"503":         {Fault{Kind: FaultError, Status: 503}, 503, "Service Unavailable"},
		"429":         {Fault{Kind: FaultTooMany, RetryAfter: 37 * time.Second}, 429, "Too Many Requests: retry after 37"},
		"blocked":     {Fault{Kind: FaultBlocked, ChatID: 7}, 403, "Forbidden: bot was blocked by the user"},
		"deactivated": {Fault{Kind: FaultDeactivated, ChatID: 7}, 403, "Forbidden: user is deactivated"},
		"migrated":    {Fault{Kind: FaultMigrated, MigrateTo: -100123}, 400, "Bad Request: group chat was upgraded to a supergroup chat"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			p := n.Person(7, "Siti", "628111")
			p.Open()
			n.Person(8, "Budi", "628112").Open()
			c.fault.Method, c.fault.Next = "sendMessage", 1
			n.Inject(c.fault)
			n.call(t, "sendChatAction", `{"chat_id":7,"action":"typing"}`) // another method: no fault
			if c.fault.ChatID != 0 {
				if a := n.call(t, "sendMessage", `{"chat_id":8,"text":"a"}`); !a.OK {
					t.Errorf("another chat: %+v", a)
				}
			}
			a := n.call(t, "sendMessage", hello)
			if a.Code != c.code || a.Description != c.want || a.Parameters.MigrateTo != c.fault.MigrateTo ||
				a.Parameters.RetryAfter != int(c.fault.RetryAfter/time.Second) || len(p.Seen()) != 0 {
				t.Errorf("answer = %+v, %d seen", a, len(p.Seen()))
			}
			if a := n.call(t, "sendMessage", hello); !a.OK || len(p.Seen()) != 1 {
				t.Errorf("after the fault: %+v", a)
			}
			n.noViolations(t)
		})
	}
}

func TestCutAfterDelivery(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	p.Open()
	n.Inject(Fault{Kind: FaultCut, Method: "sendMessage", Next: 1})
	if a, err := n.try(t.Context(), t, "sendMessage", hello); err == nil {
		t.Errorf("answer = %+v, want none", a)
	}
	if seen := p.Seen(); len(seen) != 1 || seen[0].Text != "halo" {
		t.Errorf("seen = %+v, want the message", seen)
	}
	if n.Counts()["sendMessage 0"] != 1 {
		t.Errorf("counts = %v", n.Counts())
	}
}

func TestDown(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	polled := make(chan error, 1)
	go func() {
		_, err := n.try(t.Context(), t, "getUpdates", `{"timeout":50}`)
		polled <- err
	}()
	n.awaitPoller(t)
	up := n.Inject(Fault{Kind: FaultDown})
	if err := <-polled; err == nil {
		t.Error("the long poll went on while the network was down")
	}
	must(t)(p.Send("halo"))
	if a, err := n.try(t.Context(), t, "sendMessage", hello); err == nil {
		t.Errorf("answer = %+v, want none", a)
	}
	if len(p.Seen()) != 1 {
		t.Error("a message passed a network that is down")
	}
	up()
	if got := n.updates(t, `{}`); len(got) != 1 {
		t.Errorf("updates = %v, want what was written meanwhile", got)
	}
}

func TestDelayIsLostWhenTheClientGivesUp(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	p.Open()
	n.Inject(Fault{Kind: FaultDelay, Delay: time.Hour, Next: 1})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := n.try(ctx, t, "sendMessage", hello); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v", err)
	}
	n.Inject(Fault{Kind: FaultDelay, Delay: time.Millisecond})
	if a := n.call(t, "sendMessage", hello); !a.OK || len(p.Seen()) != 1 {
		t.Errorf("answer = %+v, %d seen, want 1", a, len(p.Seen()))
	}
}

// TestDrawsFollowFromTheSeed repeats a run in another order of chats.
func TestDrawsFollowFromTheSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64, chats ...int64) map[int64]string {
		f := &faults{seed: seed}
		f.active = []*activeFault{{Fault: Fault{Kind: FaultError, Probability: 0.3}, number: 1, drawn: map[int64]uint64{}}}
		got := map[int64]string{}
		for range 1000 {
			for _, chat := range chats {
				if len(f.next("sendMessage", chat)) > 0 {
					got[chat] += "x"
				} else {
					got[chat] += "."
				}
			}
		}
		return got
	}
	a, b, other := run(1, 7, 8), run(1, 8, 7), run(2, 7, 8)
	if a[7] != b[7] || a[8] != b[8] {
		t.Error("the draws depend on the order of chats")
	}
	if a[7] == a[8] || a[7] == other[7] {
		t.Error("chats or seeds share their draws")
	}
	hits := 0
	for _, c := range a[7] + a[8] {
		if c == 'x' {
			hits++
		}
	}
	if hits < 520 || hits > 680 {
		t.Errorf("%d of 2000 draws hit, want about 600", hits)
	}
}
