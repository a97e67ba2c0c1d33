package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

func today() roster.Day { return roster.MustDay("2026-11-23") }

// due makes the person owe a report today.
func (s *stage) due(id roster.EmployeeID, state string) {
	now := s.clock.now()
	s.exec(`INSERT INTO duty (employee_id, day, state, reason, ask_at, deadline_at, late_until, computed_at)
		VALUES ($1, '2026-11-23', $2, 'workday', $3, $4, $5, $3)
		ON CONFLICT (employee_id, day) DO UPDATE SET state = excluded.state`, id, state, now, now.Add(time.Hour), now.Add(2*time.Hour))
}

func say(key string, id roster.EmployeeID, kind conversations.Kind) conversations.Say {
	return conversations.Say{Key: key, Kind: kind, Employee: id, Msg: conversations.Message{Text: key}}
}

func (s *stage) texts(rows []bot.Claimed) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Msg.Text)
	}
	return out
}

func (s *stage) state(key string) string {
	return one[string](s, `SELECT state FROM outbox WHERE key = $1`, key)
}

func TestClaimIsByPriorityAndOneAChat(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	a, b := s.person("A", "100"), s.person("B", "200")
	s.enqueue(say("week", a, conversations.KindSummary), say("remind", b, conversations.KindRemind))
	s.enqueue(say("r1", a, conversations.KindReply), say("r2", a, conversations.KindReply), say("r1", a, conversations.KindReply))
	if n := one[int](s, `SELECT count(*) FROM outbox`); n != 4 {
		t.Errorf("%d rows: a key was queued twice", n)
	}
	// Of one chat the most urgent goes first, then the oldest.
	want := [][]string{{"r1", "remind"}, {"r2"}, {"week"}, nil}
	for i, w := range want {
		rows := s.claim()
		if diff := cmp.Diff(w, s.texts(rows)); diff != "" {
			t.Fatalf("claim %d (-want +got):\n%s", i, diff)
		}
		if more := s.claim(); len(more) != 0 {
			t.Errorf("claim %d: a second message of a chat under way: %v", i, s.texts(more))
		}
		for _, c := range rows {
			s.settle(sent(c, fmt.Sprint(c.ID)))
		}
	}
}

func TestGuards(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		guard  conversations.Guard
		prep   func(s *stage, id, boss roster.EmployeeID)
		expire time.Duration
		want   string
	}{
		"still missing":    {conversations.GuardUnreported, func(s *stage, id, _ roster.EmployeeID) { s.due(id, "due") }, 0, "sending"},
		"not due":          {conversations.GuardUnreported, func(s *stage, id, _ roster.EmployeeID) { s.due(id, "not_due") }, 0, "superseded"},
		"no duty":          {conversations.GuardUnreported, func(*stage, roster.EmployeeID, roster.EmployeeID) {}, 0, "superseded"},
		"reported":         {conversations.GuardUnreported, func(s *stage, id, _ roster.EmployeeID) { s.due(id, "due"); s.reported(id) }, 0, "superseded"},
		"blocked":          {conversations.GuardNone, func(s *stage, id, _ roster.EmployeeID) { s.exec(`UPDATE address SET state = 'blocked'`) }, 0, "failed"},
		"expired":          {conversations.GuardNone, func(*stage, roster.EmployeeID, roster.EmployeeID) {}, -time.Second, "expired"},
		"not yet expired":  {conversations.GuardNone, func(*stage, roster.EmployeeID, roster.EmployeeID) {}, time.Second, "sending"},
		"digest, silent":   {conversations.GuardEscalation, func(s *stage, id, boss roster.EmployeeID) { s.due(id, "due"); s.escalate(id, boss) }, 0, "sending"},
		"digest, reported": {conversations.GuardEscalation, func(s *stage, id, boss roster.EmployeeID) { s.due(id, "due"); s.escalate(id, boss); s.reported(id) }, 0, "superseded"},
		"digest, on leave": {conversations.GuardEscalation, func(s *stage, id, boss roster.EmployeeID) { s.due(id, "deferred"); s.escalate(id, boss) }, 0, "superseded"},
		"digest, acted on": {conversations.GuardEscalation, func(s *stage, id, boss roster.EmployeeID) {
			s.due(id, "due")
			s.escalate(id, boss)
			s.exec(`UPDATE escalation_member SET action = 'nudge', acted_at = now()`)
		}, 0, "superseded"},
		"digest of nothing": {conversations.GuardEscalation, func(*stage, roster.EmployeeID, roster.EmployeeID) {}, 0, "sending"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			id, boss := s.person("Sri", "100"), s.person("Kepala", "200")
			c.prep(s, id, boss)
			m := say("escalate/1", id, conversations.KindRemind)
			m.Guard, m.About.Day = c.guard, today()
			if c.expire != 0 {
				m.ExpiresAt = s.clock.now().Add(c.expire)
			}
			if name == "blocked" {
				m.Employee, m.To = 0, telegram("100")
			}
			s.enqueue(m)
			s.claim()
			if got := s.state("escalate/1"); got != c.want {
				t.Errorf("state %s, want %s", got, c.want)
			}
		})
	}
}

func (s *stage) escalate(id, boss roster.EmployeeID) {
	e := one[int64](s, `INSERT INTO escalation (receiver_id, day, revision, created_at) VALUES ($1, '2026-11-24', 1, $2) RETURNING id`, boss, s.clock.now())
	s.exec(`INSERT INTO escalation_member (escalation_id, employee_id, day, in_a_row) VALUES ($1, $2, '2026-11-23', 1)`, e, id)
}

func (s *stage) reported(id roster.EmployeeID) {
	s.exec(`INSERT INTO report (employee_id, day, state, version, unit_id, started_at, submitted_at, code)
		SELECT id, '2026-11-23', 'submitted', 1, unit_id, $2, $2, 'CODE' || id FROM employee WHERE id = $1`, id, s.clock.now())
}

func TestSettleIsFenced(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.enqueue(say("a", id, conversations.KindReply))
	first := s.claim()[0]
	later := s.clock.now().Add(3 * time.Second)
	s.settle(bot.Settlement{ID: first.ID, Attempt: first.Attempt, To: first.Msg.To, State: bot.SettledPending, NotBefore: later, Untried: true})
	if rows := s.claim(); len(rows) != 0 {
		t.Errorf("claimed before its time: %v", rows)
	}
	if at, ok, err := s.store.NextOutbox(t.Context()); err != nil || !ok || !at.Equal(later) {
		t.Errorf("next %v %v %v, want %v", at, ok, err, later)
	}
	s.clock.advance(3 * time.Second)
	second := s.claim()[0]
	if second.Attempt != 2 || second.Untried != 1 {
		t.Errorf("claim %+v", second)
	}
	s.settle(sent(first, "10")) // a result from before
	if got := s.state("a"); got != "sending" {
		t.Errorf("an old result made it %s", got)
	}
	s.settle(sent(second, "11"))
	s.settle(sent(second, "12"))
	if got := one[string](s, `SELECT string_agg(message_id, ' ') FROM outbox_copy`); got != "11" {
		t.Errorf("copies %q", got)
	}
	if got := one[string](s, `SELECT state || ' ' || message_id FROM outbox`); got != "sent 11" {
		t.Errorf("row %q", got)
	}
}

func TestBlockedAndMoved(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.exec(`INSERT INTO opd_group SELECT 'telegram', '-300', id, $1 FROM opd`, s.clock.now())
	group := say("g", 0, conversations.KindSummary)
	group.To = telegram("-300")
	after := group
	after.Key, after.Msg.Text = "g2", "g2"
	s.enqueue(say("a", id, conversations.KindReply), group, after)
	for _, c := range s.claim() {
		if c.Msg.To.ID == "100" {
			s.settle(bot.Settlement{ID: c.ID, Attempt: c.Attempt, To: c.Msg.To, State: bot.SettledFailed, Outcome: bot.Blocked, Code: 403})
		} else {
			s.settle(bot.Settlement{ID: c.ID, Attempt: c.Attempt, To: c.Msg.To, State: bot.SettledPending, NotBefore: s.clock.now(), Outcome: bot.Moved, MovedTo: "-1300"})
		}
	}
	if got := one[string](s, `SELECT state FROM address`); got != "blocked" {
		t.Errorf("address is %s", got)
	}
	if n := one[int](s, `SELECT count(*) FROM audit WHERE action = 'address_blocked' AND subject = $1`, keyOf(id)); n != 1 {
		t.Errorf("%d lines about the blocked address", n)
	}
	if got := one[string](s, `SELECT chat_id FROM opd_group`); got != "-1300" {
		t.Errorf("group is %s", got)
	}
	rows := s.claim()
	if len(rows) != 1 || rows[0].Msg.To.ID != "-1300" || rows[0].Msg.Text != "g" {
		t.Errorf("after the move %+v", rows)
	}
	// Nobody to send to: a line in the record.
	s.enqueue(say("b", id, conversations.KindAsk))
	if n := one[int](s, `SELECT count(*) FROM audit WHERE action = 'unreachable'`); n != 1 {
		t.Errorf("%d lines about the unreachable person", n)
	}
}

func TestUnclear(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i, kind := range []conversations.Kind{conversations.KindReply, conversations.KindAsk, conversations.KindRemind, conversations.KindEscalate, conversations.KindSummary} {
		s.enqueue(say(string(kind), s.person(string(kind), fmt.Sprint(100+i)), kind))
	}
	s.claim()
	sweep := func(want Swept) {
		t.Helper()
		got, err := s.store.SweepOutbox(t.Context(), s.clock.now())
		if err != nil || got != want {
			t.Errorf("swept %+v %v, want %+v", got, err, want)
		}
	}
	sweep(Swept{})
	s.clock.advance(sendLease)
	sweep(Swept{Abandoned: 5})
	s.clock.advance(unclearGrace)
	sweep(Swept{Repeated: 2})
	rows := s.claim()
	if diff := cmp.Diff([]string{"reply", "ask"}, s.texts(rows)); diff != "" {
		t.Errorf("repeated (-want +got):\n%s", diff)
	}
	for range 3 { // never a third copy
		s.clock.advance(sendLease + unclearGrace)
		if _, err := s.store.SweepOutbox(t.Context(), s.clock.now()); err != nil {
			t.Fatal(err)
		}
		if rows := s.claim(); len(rows) != 0 {
			t.Errorf("a third copy: %v", s.texts(rows))
		}
	}
}

// TestTapProvesArrival: also when its sender has died without a word, and was
// only slow to tell.
func TestTapProvesArrival(t *testing.T) {
	t.Parallel()
	for name, settled := range map[string]bot.Settled{
		"nobody knows": bot.SettledUnclear, "the sender is gone": "", "the sender is slow": bot.SettledSent,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testTapProvesArrival(t, settled)
		})
	}
}

func testTapProvesArrival(t *testing.T, settled bot.Settled) {
	t.Helper()
	s := newStage(t)
	id := s.person("Sri", "100")
	m := say("q", id, conversations.KindAsk)
	m.Msg.Buttons = [][]conversations.Choice{{{Label: "Kirim", Action: conversations.ActSend}}}
	s.enqueue(m)
	c := s.claim()[0]
	if settled == bot.SettledUnclear {
		s.settle(bot.Settlement{ID: c.ID, Attempt: c.Attempt, To: c.Msg.To, State: settled, Outcome: bot.Unclear})
	}
	tap := s.tap("100", c.Msg.Buttons[0][0].Token)
	tap.MessageID = "55"
	s.receive(tap)
	s.handle(keyOf(id))
	if settled == bot.SettledSent {
		s.settle(sent(c, "55"))
	}
	s.clock.advance(sendLease)
	if got, err := s.store.SweepOutbox(t.Context(), s.clock.now()); err != nil || got != (Swept{}) {
		t.Errorf("swept %+v, %v", got, err)
	}
	if got := one[string](s, `SELECT state || ' ' || message_id FROM outbox WHERE key = 'q'`); got != "sent 55" {
		t.Errorf("row %q", got)
	}
}

func TestAnswerProvesArrival(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.clock.advance(300 * time.Millisecond)
	m := say("q", id, conversations.KindAsk)
	m.About = conversations.About{Day: today(), Question: "activities"}
	s.enqueue(m)
	c := s.claim()[0]
	s.settle(bot.Settlement{ID: c.ID, Attempt: c.Attempt, To: c.Msg.To, State: bot.SettledUnclear, Outcome: bot.Unclear})
	s.does(conversations.Outcome{Answer: &conversations.Answer{Day: today(), Question: "activities", Said: "rapat"}})
	answer := s.text("100", "rapat")
	answer.At = answer.At.Truncate(time.Second) // the network's dates know no fractions
	s.receive(answer)
	s.handle(keyOf(id))
	got, err := s.store.SweepOutbox(t.Context(), s.clock.now())
	if err != nil || got.Confirmed != 1 || s.state("q") != "sent" {
		t.Errorf("swept %+v %v, state %s", got, err, s.state("q"))
	}
}
