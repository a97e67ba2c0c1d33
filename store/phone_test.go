package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/conversations"
)

func TestArrival(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("A", "100")
	about := conversations.About{Day: today(), Question: "field", Item: 2}
	ask := func(key string) {
		m := say(key, id, conversations.KindReply)
		m.About = about
		s.enqueue(m)
	}
	wants := func(what string, want conversations.Arrival) {
		t.Helper()
		got, err := s.store.Records(today(), wib()).Arrival(t.Context(), bot.Address{Network: bot.Telegram, ID: "100"}, about)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("%s: %v (-want +got):\n%s", what, err, diff)
		}
	}
	wants("never asked", conversations.Arrival{})
	ask("q1")
	wants("queued", conversations.Arrival{Waits: true})
	claimed := s.claim()
	wants("being sent", conversations.Arrival{Doubtful: true})
	s.settle(bot.Settlement{ID: claimed[0].ID, Attempt: claimed[0].Attempt, State: bot.SettledSent, MessageID: "17"})
	wants("sent", conversations.Arrival{Numbers: []string{"17"}})
	ask("q2")
	wants("asked again", conversations.Arrival{Numbers: []string{"17"}, Waits: true})
	s.exec(`UPDATE outbox SET resent = true WHERE key = 'q2'`)
	wants("sent again after a crash", conversations.Arrival{Numbers: []string{"17"}, Waits: true, Doubtful: true})
	about.Item = 3
	wants("another activity", conversations.Arrival{})
}
