package jobs

import (
	"fmt"
	"slices"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// leading reads how superiors read reports and who removes obstacles.
func (r *reader) leading(p *Policy) {
	t := r.table("reading")
	t.number("sample_every", &p.Reading.SampleEvery, 1, 100)
	t.number("sample_most", &p.Reading.SampleMost, 1, 5)
	t.number("stand_in_days", &p.Reading.StandInDays, 1, 92)
	t.clock("from", &p.Reading.From, roster.At24(5, 0), roster.At24(12, 0))
	l := r.table("leader")
	l.flag("on", &p.Leader.On)
	l.weekday("day", &p.Leader.Day)
	l.clock("at", &p.Leader.At, roster.At24(6, 0), roster.At24(16, 0))
	l.number("below", &p.Leader.Below, 1, 100)
	b := r.table("blocker")
	b.number("days", &p.Blocker.Days, 1, 60)
	b.clock("at", &p.Blocker.At, roster.At24(6, 0), roster.At24(16, 0))
	b.weekday("day", &p.Blocker.Day)
	b.number("oldest", &p.Blocker.Oldest, 1, 20)
	b.number("close_after", &p.Blocker.CloseAfter, 1, 60)
	if tables := r.tables("blocker_kind"); tables != nil {
		p.Blocker.Kinds = nil
		for _, t := range tables {
			p.Blocker.Kinds = append(p.Blocker.Kinds, t.helpKind(p.Blocker.Kinds))
		}
	}
	for _, t := range r.tables("blocker_route") {
		t.helpRoute(p.Blocker.Kinds)
	}
}

func (t table) helpKind(before []conversations.HelpKind) conversations.HelpKind {
	var k conversations.HelpKind
	t.text("key", &k.Key)
	t.text("id", &k.ID)
	t.text("en", &k.EN)
	t.number("days", &k.Days, 1, 60)
	same := slices.ContainsFunc(before, func(o conversations.HelpKind) bool { return o.Key == k.Key })
	switch {
	case k.Key == "" || same:
		t.bad("key", k.Key, "a name of its own for each kind")
	case len([]rune(k.ID)) == 0 || len([]rune(k.ID)) > 20:
		t.bad("id", k.ID, "a button of 1 to 20 characters")
	case len([]rune(k.EN)) > 20:
		t.bad("en", k.EN, "a button of at most 20 characters")
	case len(before) == 9:
		t.bad("key", k.Key, "at most nine kinds: more do not fit under a receipt")
	}
	return k
}

// helpRoute adds a route to its kind.
func (t table) helpRoute(kinds []conversations.HelpKind) {
	var r conversations.HelpRoute
	var kind string
	t.text("kind", &kind)
	t.text("opd", &r.OPD)
	t.text("to_post", &r.Post)
	t.text("to_number", &r.Number)
	t.text("to_opd", &r.ToOPD)
	t.text("to_unit", &r.ToUnit)
	named := 0
	for _, v := range []string{r.Post, r.Number, r.ToOPD} {
		if v != "" {
			named++
		}
	}
	if named != 1 {
		t.bad("kind", kind, "exactly one of to_post, to_number, to_opd (with or without to_unit)")
		return
	}
	i := slices.IndexFunc(kinds, func(k conversations.HelpKind) bool { return k.Key == kind })
	if i < 0 {
		keys := make([]string, len(kinds))
		for n, k := range kinds {
			keys[n] = k.Key
		}
		t.bad("kind", kind, fmt.Sprintf("one of the kinds above: %v", keys))
		return
	}
	kinds[i].Routes = append(slices.Clip(kinds[i].Routes), r)
}
