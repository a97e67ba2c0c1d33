package store

import (
	"encoding/json"
	"strings"
	"testing"

	"ekinerja/conversations"
)

// Whatever a person types, the database takes it and gives it back without the
// zero bytes and the broken letters.
func FuzzMarshal(f *testing.F) {
	for _, s := range []string{"", "a\x00b", `\u0000`, `\\u0000`, "\\\x00", "\xff\x00\"", "\U0001F600\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := marshal(map[string]string{"v": s})
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]string
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		if want := strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", ""); !sameLetters(got["v"], want) {
			t.Errorf("%q became %q, want %q", s, got["v"], want)
		}
	})
}

// sameLetters: encoding/json writes one replacement a broken byte, strings one a
// run of them.
func sameLetters(a, b string) bool {
	drop := func(s string) string { return strings.ReplaceAll(s, "\uFFFD", "") }
	return drop(a) == drop(b)
}

func TestUnreadableSessionBeginsAnew(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.receive(s.text("100", "a"))
	s.exec(`UPDATE conversation SET body = '{"stage": 7}'`)
	got := s.does(conversations.Outcome{Session: conversations.Session{Stage: conversations.StageAdd}})
	s.handle(keyOf(id))
	if got.Session.Stage != conversations.StageIdle {
		t.Errorf("session %+v", got.Session)
	}
	if got := one[string](s, `SELECT body->>'stage' FROM conversation`); got != "add" {
		t.Errorf("stored stage %q", got)
	}
}
