package store

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"

	"ekinerja/bot"
	"ekinerja/conversations"
)

// Two processes on one database, each told of everything: every message has one
// effect, and each person's messages have it in order.
func TestTwoReplicas(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const people, each = 10, 20
	var mu sync.Mutex
	seen := map[string][]string{}
	handled := 0
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		return conversations.Outcome{
			Answer:  &conversations.Answer{Day: today(), Said: turn.Msg.Text},
			Session: conversations.Session{Item: turn.Session.Item + 1},
			Say:     []conversations.Say{{Key: "r/" + turn.Msg.ExternalID, To: turn.Msg.From}},
		}, nil
	})
	var run sync.WaitGroup
	var all []*bot.Dispatcher
	for range 2 {
		st := s.open()
		turns := s.newTurns(st)
		turns.Toast = nil
		turns.Wake = func() {
			mu.Lock()
			defer mu.Unlock()
			if handled++; handled == people*each {
				cancel()
			}
		}
		d := &bot.Dispatcher{
			Handle: turns.Handle, Workers: 3, Log: slog.New(slog.DiscardHandler),
			Waiting: func(ctx context.Context) ([]string, error) { return st.Waiting(ctx, s.clock.now(), 100) },
		}
		all = append(all, d)
		run.Go(func() { _ = d.Run(ctx) })
	}
	s.inbox.Hint = func(key string) {
		for _, d := range all {
			d.Hint(key)
		}
	}
	for i := range people {
		s.person(fmt.Sprint("P", i), fmt.Sprint(100+i))
	}
	for n := range each {
		for i := range people {
			s.receive(s.text(fmt.Sprint(100+i), fmt.Sprintf("%02d", n)))
		}
	}
	run.Wait()
	rows, err := s.store.pool.Query(t.Context(), `SELECT i.key, a.said FROM answer a JOIN inbox i ON i.id = a.inbox_id
		JOIN outbox o ON o.key = 'r/' || i.ext_id ORDER BY o.id`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var key, said string
		if err := rows.Scan(&key, &said); err != nil {
			t.Fatal(err)
		}
		seen[key] = append(seen[key], said)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for key, said := range seen {
		if len(said) != each || !slices.IsSorted(said) {
			t.Errorf("%s was handled as %v", key, said)
		}
		if got := one[string](s, `SELECT version || ' ' || (body->>'item') FROM conversation WHERE key = $1`, key); got != fmt.Sprint(each, " ", each) {
			t.Errorf("%s ended at %s", key, got)
		}
	}
	if len(seen) != people {
		t.Errorf("%d people were handled", len(seen))
	}
}
