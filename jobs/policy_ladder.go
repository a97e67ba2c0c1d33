package jobs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ekinerja/roster"
)

// ladder reads the steps of the escalation, from the lowest to the highest.
func (r *reader) ladder(p *Policy) {
	tables := r.table("escalate").nested("step")
	if tables == nil {
		return
	}
	p.Escalate.Steps = nil
	for _, t := range tables {
		p.Escalate.Steps = append(p.Escalate.Steps, t.rung(p.Escalate.Steps))
	}
}

// nested are the [[name.key]] tables below a table.
func (t table) nested(key string) []table {
	raw, there := t.take(key)
	list, ok := raw.([]map[string]any)
	name := t.name + "." + key
	if there && !ok {
		t.bad(key, raw, "[["+name+"]] tables")
	}
	var out []table
	for n, values := range list {
		out = append(out, table{t.r, name, n, values})
	}
	return out
}

func (t table) rung(before []Rung) Rung {
	var s Rung
	var to []string
	t.text("name", &s.Name)
	t.number("in_a_row", &s.InARow, 1, lookBack)
	t.number("in_month", &s.InMonth, 1, lookBack)
	t.number("unit_below", &s.UnitBelow, 1, 100)
	t.number("month_list", &s.MonthList, 1, lookBack)
	t.texts("to", &to)
	t.number("after", &s.After, 0, 10)
	t.number("repeat", &s.Repeat, 0, 20)
	t.number("ack", &s.Ack, 0, 20)
	for _, name := range slices.Sorted(maps.Keys(t.values)) {
		t.fail(name, "no such key; known are name, in_a_row, in_month, unit_below, month_list, to, after, repeat, ack")
	}
	for _, name := range to {
		s.To = append(s.To, Target(name))
	}
	t.checkRung(s, before)
	return s
}

func (t table) checkRung(s Rung, before []Rung) {
	kinds := 0
	for _, is := range []bool{s.personal(), s.UnitBelow > 0, s.MonthList > 0} {
		if is {
			kinds++
		}
	}
	switch {
	case strings.TrimSpace(s.Name) == "" || s.Name == "hr":
		t.bad("name", s.Name, "a name of its own, such as \"atasan\"; it is kept with what was told")
	case slices.ContainsFunc(before, func(r Rung) bool { return r.Name == s.Name }):
		t.bad("name", s.Name, "a name that no step above has")
	case kinds != 1:
		t.bad("", "no condition, or conditions of several kinds", "in_a_row or in_month (or both), or unit_below, or month_list")
	case len(s.To) == 0:
		t.bad("to", "nobody", fmt.Sprintf("some of %v", Targets()))
	}
	allowed := Targets()
	switch {
	case s.UnitBelow > 0: // an office has no superior
		allowed = []Target{ToAdmin, ToHead, ToHR}
	case s.MonthList > 0:
		allowed = []Target{ToHR}
	}
	for _, to := range s.To {
		if !slices.Contains(allowed, to) {
			t.bad("to", string(to), fmt.Sprintf("some of %v", allowed))
		}
	}
	if n := len(before); n > 0 && s.personal() && before[n-1].personal() && s.InARow > 0 && s.InARow < before[n-1].InARow {
		t.bad("in_a_row", s.InARow, fmt.Sprintf("at least as many days as the step before it (%d)", before[n-1].InARow))
	}
}

// reviewClock reads how long a report may wait to be read.
func (r *reader) reviewClock(p *Policy) {
	t := r.table("review")
	t.number("remind_after", &p.Review.RemindAfter, 1, 20)
	t.number("up_after", &p.Review.UpAfter, 2, 31)
	if p.Review.UpAfter <= p.Review.RemindAfter {
		t.bad("up_after", p.Review.UpAfter, fmt.Sprintf("more working days than remind_after (%d)", p.Review.RemindAfter))
	}
	board := r.table("board")
	board.flag("on", &p.Board.On)
	board.clock("at", &p.Board.At, roster.At24(6, 0), roster.At24(16, 0))
	board.clock("until", &p.Board.Until, p.Board.At+1, roster.At24(21, 0))
}

// clarify reads when missing reports are asked about.
func (r *reader) clarify(p *Policy) {
	t, c := r.table("clarify"), &p.Clarify
	t.flag("on", &c.On)
	t.clock("at", &c.At, roster.At24(6, 0), roster.At24(16, 0))
	t.clock("until", &c.Until, c.At+1, roster.At24(21, 0))
	t.number("days", &c.Days, 1, 31)
	t.number("window", &c.Window, 1, 60)
	t.number("answer", &c.Answer, 1, 20)
	t.number("decide", &c.Decide, 1, 20)
	t.number("draft", &c.Draft, 0, 20)
	if c.Days > c.Window {
		t.bad("window", c.Window, fmt.Sprintf("at least as many working days as days (%d)", c.Days))
	}
}
