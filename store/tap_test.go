package store

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

func TestDoubleTapHasOneEffect(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	token := s.button(id)
	var fresh, used atomic.Int64
	s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		switch turn.Tap.State {
		case conversations.TapFresh:
			fresh.Add(1)
		case conversations.TapUsed:
			used.Add(1)
		default:
			t.Errorf("tap %+v", turn.Tap)
		}
		if turn.Tap.Action != conversations.ActSend {
			t.Errorf("tap %+v", turn.Tap)
		}
		return conversations.Outcome{Toast: "ok"}, nil
	})
	const taps = 100
	var wg sync.WaitGroup
	for range taps {
		m := s.tap("100", token)
		wg.Go(func() {
			s.receive(m)
			if _, err := s.turns.Handle(t.Context(), keyOf(id)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for s.handle(keyOf(id)) {
	}
	if fresh.Load() != 1 || used.Load() != taps-1 {
		t.Errorf("fresh %d, used %d", fresh.Load(), used.Load())
	}
	if len(s.toasts) != taps {
		t.Errorf("%d of %d taps were answered", len(s.toasts), taps)
	}
}

// button queues a message with one button for the person and gives its token.
func (s *stage) button(id roster.EmployeeID) string {
	s.t.Helper()
	s.enqueue(conversations.Say{
		Key: fmt.Sprintf("b/%d", s.said.Add(1)), Kind: conversations.KindReply, Employee: id,
		Msg: conversations.Message{Text: "Kirim?", Buttons: [][]conversations.Choice{{{Label: "Kirim", Action: conversations.ActSend}}}},
	})
	rows := s.claim()
	if len(rows) != 1 {
		s.t.Fatalf("claimed %d messages", len(rows))
	}
	s.settle(sent(rows[0], fmt.Sprint(1000+rows[0].ID)))
	return rows[0].Msg.Buttons[0][0].Token
}

func TestTapsThatAreNotOurs(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id, other := s.person("Sri", "100"), s.person("Budi", "200")
	token := s.button(id)
	if len(token) != 25 || !strings.HasPrefix(token, "v1.") {
		t.Errorf("token %q", token)
	}
	got := s.does(conversations.Outcome{})
	for name, c := range map[string]struct {
		chat, token string
		id          roster.EmployeeID
		later       time.Duration
		want        conversations.TapState
	}{
		"another person's": {"200", token, other, 0, conversations.TapUnknown},
		"forged":           {"100", token[:24] + "!", id, 0, conversations.TapUnknown},
		"too old":          {"100", token, id, buttonLife, conversations.TapExpired},
	} {
		s.clock.advance(c.later)
		s.receive(s.tap(c.chat, c.token))
		s.handle(keyOf(c.id))
		s.clock.advance(-c.later)
		if got.Tap == nil || got.Tap.State != c.want {
			t.Errorf("%s: %+v", name, got.Tap)
		}
	}
}

var tapMutations = flag.Int("tap.mutations", 20_000, "how many mutated tokens of buttons are looked for; 1000000 in make forged")

// mutated is a token that somebody made of another one.
func mutated(token string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.+/ "
	b := []byte(token)
	for range 1 + rand.IntN(3) {
		i := rand.IntN(len(b))
		switch rand.IntN(5) {
		case 0:
			b = append(b[:i:i], b[min(i+1, len(b)-1):]...) // a letter lost
		case 1:
			b = append(b[:i+1], b[i:]...) // one twice
		case 2:
			j := rand.IntN(len(b))
			b[i], b[j] = b[j], b[i]
		default:
			b[i] = letters[rand.IntN(len(letters))]
		}
	}
	return string(b)
}

// TestMutatedTokensAreNobodys (T6): what is made of a token in whatever way finds
// no button, as the statement of a turn looks for it.
func TestMutatedTokensAreNobodys(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	token := s.button(s.person("Sri", "100"))
	found := func(tokens []string) int {
		return one[int](s, `SELECT count(*) FROM unnest($1::text[]) x JOIN button b ON b.token_hash = sha256(convert_to(x, 'UTF8'))`, tokens)
	}
	if found([]string{token}) != 1 {
		t.Fatal("the token itself is not found")
	}
	for left := *tapMutations; left > 0; {
		var tokens []string
		for len(tokens) < min(10_000, left) {
			if m := mutated(token); m != token {
				tokens = append(tokens, m)
			}
		}
		if n := found(tokens); n != 0 {
			t.Fatalf("%d mutated tokens of %q are somebody's", n, token)
		}
		left -= len(tokens)
	}
}
