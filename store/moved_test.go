package store

import (
	"testing"

	"ekinerja/conversations"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// A draft that was moved to another day stands there only.
func TestAMovedDraftIsOneDraft(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	monday, friday := roster.MustDay("2026-11-23"), roster.MustDay("2026-11-20")
	draft := func(d roster.Day) *conversations.ReportChange {
		return &conversations.ReportChange{Day: d, Flow: "harian/1", Items: []parse.Item{{Description: "Rapat", Minutes: 60}}}
	}
	s.does(conversations.Outcome{Report: draft(monday)})
	s.receive(s.text("100", "rapat"))
	s.handle(keyOf(id))
	s.does(conversations.Outcome{Report: draft(friday), Moved: monday})
	s.receive(s.text("100", "pindah"))
	s.handle(keyOf(id))
	if n := one[int](s, `SELECT count(*) FROM report`); n != 1 {
		t.Errorf("%d drafts after one was moved", n)
	}
	if d := one[string](s, `SELECT r.day::text FROM report r JOIN activity a ON a.report_id = r.id`); d != "2026-11-20" {
		t.Errorf("the activities are of %s", d)
	}
}
