package store

import (
	"errors"
	"strings"
	"testing"

	"ekinerja/conversations"
)

func questions(t *testing.T, text string) conversations.Flow {
	t.Helper()
	f, err := conversations.ParseFlow("x.toml", text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestAVersionOfQuestionsNeverChanges: the same file may be served again and
// again, another one under the same version is refused, and the old one stays.
func TestAVersionOfQuestionsNeverChanges(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const text = `
name = "harian"
version = 2
[[question]]
key = "activities"
kind = "activities"
when = "always"
[[question]]
key = "tamu"
kind = "number"
id = "Berapa tamu?"
[[question]]
key = "confirm"
kind = "confirm"
when = "always"
`
	for range 2 {
		if err := s.store.KeepFlow(t.Context(), questions(t, text), s.clock.now()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.store.KeepFlow(t.Context(), questions(t, "# a remark\n"+text), s.clock.now()); err != nil {
		t.Errorf("a remark: %v", err)
	}
	other := questions(t, strings.Replace(text, "Berapa tamu?", "Ada tamu?", 1))
	if err := s.store.KeepFlow(t.Context(), other, s.clock.now()); !errors.Is(err, ErrFlowChanged) {
		t.Errorf("other words under the same version: %v", err)
	}
	got, found, err := s.store.Records(today(), wib()).Flow(t.Context(), "harian/2")
	if q, ok := got.Question("tamu"); err != nil || !found || !ok || q.ID != "Berapa tamu?" {
		t.Errorf("kept: %+v, %v, %v", got, found, err)
	}
	if _, found, err := s.store.Records(today(), wib()).Flow(t.Context(), "harian/9"); found || err != nil {
		t.Errorf("a version never served: %v, %v", found, err)
	}
}
