package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// people makes n people with a chat each and tells their conversations.
func (s *stage) people(n int) (keys []string) {
	s.t.Helper()
	for i := range n {
		keys = append(keys, keyOf(s.person(fmt.Sprint("P", i), fmt.Sprint(100+i))))
	}
	return keys
}

// echo answers every message with its own text, once.
func echo(t conversations.Turn) conversations.Outcome {
	return conversations.Outcome{
		Session: conversations.Session{Stage: conversations.StageAdd},
		Answer:  &conversations.Answer{Day: roster.MustDay("2026-11-23"), Question: "activities", Said: t.Msg.Text},
		Say: []conversations.Say{{
			Key: fmt.Sprintf("reply/%d", t.Inbox), Kind: conversations.KindReply, To: t.Msg.From,
			Msg: conversations.Message{Text: t.Msg.Text},
		}},
	}
}

func TestGroupSharesOneTransaction(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	keys := s.people(20)
	for i := range keys {
		s.receive(s.text(fmt.Sprint(100+i), "satu"), s.text(fmt.Sprint(100+i), "dua"))
	}
	stranger := "utelegram:7"
	s.receive(s.text("7", "halo"))
	s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		if turn.Person == nil {
			return conversations.Outcome{}, nil
		}
		return echo(turn), nil
	})
	all := append(slices.Clone(keys), stranger, "enobody")
	for i, h := range s.turns.HandleAll(t.Context(), all) {
		if want := i < len(keys); h.Err != nil || h.More != want {
			t.Errorf("%s: more %v, %v", all[i], h.More, h.Err)
		}
	}
	if n := one[int](s, `SELECT count(DISTINCT xmin::text) FROM conversation WHERE version = 1`); n != 1 {
		t.Errorf("%d transactions", n)
	}
	if got := one[string](s, `SELECT string_agg(DISTINCT said, ' ') FROM answer`); got != "satu" {
		t.Errorf("of two messages of a conversation the group took %q", got)
	}
	if n := one[int](s, `SELECT count(*) FROM outbox o JOIN address a USING (employee_id) WHERE a.chat_id = o.chat_id`); n != len(keys) {
		t.Errorf("%d of %d people are answered in their chat", n, len(keys))
	}
}

// One message that cannot be handled, in every way there is, takes nobody with
// it: the others are handled exactly once, and only its own tries are counted.
func TestGroupWithOneBadMessage(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]func(conversations.Turn) (conversations.Outcome, error){
		"refused": func(conversations.Turn) (conversations.Outcome, error) {
			return conversations.Outcome{}, errors.New("cannot")
		},
		"panics": func(conversations.Turn) (conversations.Outcome, error) { panic("cannot") },
		"against a constraint": func(turn conversations.Turn) (conversations.Outcome, error) {
			out := echo(turn)
			out.Answer.Said = "\x00" // no text column takes it
			return out, nil
		},
		"no key": func(turn conversations.Turn) (conversations.Outcome, error) {
			out := echo(turn)
			out.Say[0].Key = ""
			return out, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			keys := s.people(6)
			for i := range keys {
				s.receive(s.text(fmt.Sprint(100+i), fmt.Sprint("kata ", i)))
			}
			s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
				if turn.Msg.Text == "kata 3" {
					return bad(turn)
				}
				return echo(turn), nil
			})
			for i, h := range s.turns.HandleAll(t.Context(), keys) {
				if (h.Err != nil) != (i == 3) {
					t.Errorf("message %d: %v", i, h.Err)
				}
			}
			s.onceEach(t, "kata 0", "kata 1", "kata 2", "kata 4", "kata 5")
			if got := one[string](s, `SELECT string_agg(tries || state, ' ' ORDER BY id) FROM inbox`); got != "0done 0done 0done 1new 0done 0done" {
				t.Errorf("tries and states: %s", got)
			}
		})
	}
}

// onceEach checks that exactly these words were kept and answered, once each.
func (s *stage) onceEach(t *testing.T, want ...string) {
	t.Helper()
	for _, from := range []string{`SELECT string_agg(said, ',' ORDER BY said) FROM answer`, `SELECT string_agg(body->>'text', ',' ORDER BY body->>'text') FROM outbox`} {
		if diff := cmp.Diff(want, strings.Split(one[string](s, from), ",")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", from, diff)
		}
	}
}

// Somebody else has changed a conversation under the group's feet: all of it is
// undone, and then each is handled once.
func TestGroupWithOneFenced(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	keys := s.people(4)
	for i := range keys {
		s.receive(s.text(fmt.Sprint(100+i), fmt.Sprint("kata ", i)))
	}
	calls := 0
	s.acts.set(func(turn conversations.Turn, r conversations.Records) (conversations.Outcome, error) {
		if calls++; calls == 1 { // the lock keeps others out, so it is done in the same transaction
			err := r.(*Records).q.SaveConversations(t.Context(), db.SaveConversationsParams{
				Keys: keys[2:3], Versions: []int64{0}, Bodies: []json.RawMessage{[]byte(`{}`)}, UpdatedAt: turn.Now,
			})
			if err != nil {
				t.Error(err)
			}
		}
		return echo(turn), nil
	})
	for i, h := range s.turns.HandleAll(t.Context(), keys) {
		if h.Err != nil {
			t.Errorf("message %d: %v", i, h.Err)
		}
	}
	if calls != 2*len(keys) {
		t.Errorf("%d turns: the group was not undone", calls)
	}
	s.onceEach(t, "kata 0", "kata 1", "kata 2", "kata 3")
}

// Two processes are given overlapping groups again and again: nothing is lost,
// doubled or out of order.
func TestOverlappingGroups(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const people, each = 12, 8
	keys := s.people(people)
	for n := range each {
		for i := range people {
			s.receive(s.text(fmt.Sprint(100+i), fmt.Sprint(n)))
		}
	}
	order := map[string][]string{}
	s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		return echo(turn), nil
	})
	var wg sync.WaitGroup
	for process := range 4 {
		turns := s.newTurns(s.open())
		wg.Go(func() {
			mine := slices.Clone(keys)
			if process%2 == 1 {
				slices.Reverse(mine)
			}
			for from := 0; one[int](s, `SELECT count(*) FROM inbox WHERE state = 'new'`) > 0; from = (from + 3) % people {
				group := append(slices.Clone(mine[from:]), mine[:from]...)[:7]
				for i, h := range turns.HandleAll(context.WithoutCancel(t.Context()), group) {
					if h.Err != nil {
						t.Errorf("%s: %v", group[i], h.Err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	rows, err := s.store.pool.Query(t.Context(), `SELECT employee_id, body->>'text' FROM outbox ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			t.Fatal(err)
		}
		key := keyOf(roster.EmployeeID(id))
		order[key] = append(order[key], text)
	}
	for _, key := range keys {
		if got := strings.Join(order[key], ""); got != "01234567" {
			t.Errorf("%s was answered in the order %s", key, got)
		}
	}
}
