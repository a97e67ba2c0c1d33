package jobs

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// ranks is a line of 1 under 10 under 20 under 30, with an administrator 40 and the
// personnel office 50; all have a chat.
func ranks() Command {
	since := roster.MustDay("2026-01-01")
	c := Command{
		Heads: map[roster.EmployeeID]conversations.Person{}, Live: map[roster.EmployeeID]bool{}, Away: map[roster.EmployeeID]bool{},
		Places: map[roster.EmployeeID]Place{}, Staff: []roster.EmployeeID{1, 10, 20},
	}
	for _, id := range []roster.EmployeeID{10, 20, 30, 40, 50} {
		c.Heads[id], c.Live[id] = conversations.Person{ID: id}, true
	}
	for _, id := range []roster.EmployeeID{1, 10, 20, 40} {
		c.Places[id] = Place{OPD: "Bapenda"}
	}
	c.Places[30] = Place{OPD: "Setda"}
	for _, l := range [][2]roster.EmployeeID{{1, 10}, {10, 20}, {20, 30}, {40, 20}} {
		c.Lines = append(c.Lines, roster.Line{Employee: l[0], Supervisor: l[1], From: since})
	}
	c.index = roster.NewLines(c.Lines)
	for id, g := range map[roster.EmployeeID]roster.Grant{40: {Role: roster.OPDAdmin, OPD: "Bapenda"}, 50: {Role: roster.HR}} {
		g.Employee = id
		c.Roles = append(c.Roles, RoleHolder{Grant: g, Person: conversations.Person{ID: id}, Live: true})
	}
	return c
}

func climbing() ladder {
	return ladder{rungs: Default().Escalate.Steps, calendar: Default().Calendar(roster.Seed())}
}

// silentFor is somebody without a report on the last n working days before a day.
func silentFor(l ladder, day roster.Day, n int) Silent {
	s := Silent{ID: 1, Name: "Eko", Live: true}
	for d := day.Add(-1); len(s.Days) < n; d = d.Add(-1) {
		if l.calendar.IsWorkday(roster.FiveDays, d) {
			s.Days = append(s.Days, SilentDay{Day: d, Asked: true, Told: len(s.Days) > 0})
		}
	}
	return s
}

// reached are the calls as "step>receivers".
func reached(all []call) (out []string) {
	for _, c := range all {
		out = append(out, fmt.Sprintf("%s>%v", c.rung.Name, c.to))
	}
	return out
}

func TestLadder(t *testing.T) {
	t.Parallel()
	l, day := climbing(), roster.MustDay("2026-11-27") // a Friday
	days := func(n int) Silent { return silentFor(l, day, n) }
	for name, c := range map[string]struct {
		silent Silent
		line   func(*Command)
		want   []string
		reason string
	}{
		"nothing new":            {silent: func() Silent { s := days(1); s.Days[0].Told = true; return s }()},
		"the first day":          {silent: days(1), want: []string{"atasan>[10]"}},
		"the second":             {silent: days(2), want: []string{"atasan>[10]"}},
		"the third goes higher":  {silent: days(3), want: []string{"atasan>[10]", "di-atasnya>[20 40]"}},
		"told higher yesterday":  {silent: told(days(4), "di-atasnya", day.Add(-1)), want: []string{"atasan>[10]"}},
		"told higher three days": {silent: told(days(6), "di-atasnya", day.Add(-3)), want: []string{"atasan>[10]", "di-atasnya>[20 40]"}},
		"a report in between": {silent: func() Silent {
			s := days(4)
			s.Days[1].Reported = true
			return s
		}(), want: []string{"atasan>[10]"}},
		"five in a month with reports between": {silent: func() Silent {
			s := days(9)
			for i := 1; i < 9; i += 2 {
				s.Days[i].Reported = true
			}
			return s
		}(), want: []string{"atasan>[10]", "di-atasnya>[20 40]"}},
		"reports again": {silent: func() Silent {
			s := days(5)
			s.Days[0].Reported, s.Days[1].Told = true, false
			return s
		}(), want: []string{"atasan>[10]"}},
		"acknowledged until today":     {silent: rest(days(3), day)},
		"the acknowledgement is over":  {silent: rest(days(3), day.Add(-1)), want: []string{"atasan>[10]", "di-atasnya>[20 40]"}},
		"we did not ask on those days": {silent: unasked(days(4)), want: []string{"atasan>[10]"}},
		"the superior is away": {
			silent: days(1), line: func(c *Command) { c.Away[10] = true }, want: []string{"atasan>[20]"},
		},
		"the superior has no chat: the next step at once": {
			silent: days(1), line: func(c *Command) { c.Live[10] = false }, want: []string{"di-atasnya>[20 40]"},
		},
		"passed over, but told yesterday": {
			silent: told(days(2), "di-atasnya", day.Add(-1)), line: func(c *Command) { c.Live[10] = false },
		},
		"nobody but the personnel office": {
			silent: days(1), line: func(c *Command) { c.Live = map[roster.EmployeeID]bool{50: true} }, want: []string{"hr>[50]"},
		},
		"nobody at all": {silent: days(3), line: func(c *Command) { c.Live = nil }, reason: "unreachable"},
		"nobody is told of who leads them": {silent: func() Silent {
			s := days(3)
			s.ID = 20
			return s
		}(), line: func(c *Command) { c.Live[30], c.Live[50] = false, false }, reason: "unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := ranks()
			if c.line != nil {
				c.line(&command)
			}
			all, reason := l.calls(c.silent, command, day)
			if diff := cmp.Diff(c.want, reached(all)); diff != "" || reason != c.reason {
				t.Errorf("%q: %s", reason, diff)
			}
		})
	}
}

func told(s Silent, step string, on roster.Day) Silent {
	newest := s.Days[0].Day
	if len(s.Days) > 1 {
		newest = s.Days[1].Day
	}
	s.Steps = map[string]Told{step: {On: on, Newest: newest}}
	return s
}

func rest(s Silent, until roster.Day) Silent {
	s.Rest = until
	return s
}

func unasked(s Silent) Silent {
	s.Live = false
	for i := range s.Days {
		s.Days[i].Asked = false
	}
	return s
}

func TestLadderDelays(t *testing.T) {
	t.Parallel()
	l, day := climbing(), roster.MustDay("2026-11-27")
	l.rungs = []Rung{{Name: "lambat", InARow: 2, After: 2, To: []Target{ToSupervisor}}}
	for n, want := range map[int]int{2: 0, 3: 0, 4: 1} { // the second day and two working days more
		all, _ := l.calls(silentFor(l, day, n), ranks(), day)
		if len(all) != want {
			t.Errorf("%d days: %v", n, reached(all))
		}
	}
	again, _ := l.calls(told(silentFor(l, day, 9), "lambat", day.Add(-4)), ranks(), day)
	if len(again) != 0 {
		t.Errorf("a step without repeat spoke twice of the same silence: %v", reached(again))
	}
}

func TestOfficeNotes(t *testing.T) {
	t.Parallel()
	l, c := climbing(), ranks()
	monday := roster.MustDay("2026-11-30")
	week := weekOf(monday.Add(-7))
	weeks := []OfficeWeek{{OPD: "Bapenda", Due: 100, In: 79}, {OPD: "Setda", Due: 10, In: 1}}
	notes, unreached := l.officeNotes(weeks, c, week, monday)
	if len(notes[20]) != 1 || notes[20][0].OPD != "Bapenda" || notes[20][0].In != 79 || len(notes[50]) != 1 || unreached != 0 {
		t.Errorf("the head of an office, and the personnel office for one without: %+v %d", notes, unreached)
	}
	for name, change := range map[string]func(w *OfficeWeek){
		"enough": func(w *OfficeWeek) { w.In = 80 }, "nothing due": func(w *OfficeWeek) { w.Due, w.In = 0, 0 },
		"told": func(w *OfficeWeek) { w.Told = []string{"kepala-opd"} },
	} {
		w := weeks[0]
		change(&w)
		if notes, _ := l.officeNotes([]OfficeWeek{w}, c, week, monday); len(notes) != 0 {
			t.Errorf("%s: %v", name, notes)
		}
	}
	if notes, _ := l.officeNotes(weeks, c, week, week.Last); len(notes) != 0 {
		t.Errorf("on a Sunday: %v", notes)
	}
}

// TestTheLadderEnds is F6: whatever roster, silence and policy, every step reaches
// people who are there, with a chat, never the person and never whom the person
// leads; a digest has each person once; and the ladder ends.
func TestTheLadderEnds(t *testing.T) {
	t.Parallel()
	calendar := Default().Calendar(roster.Seed())
	rapid.Check(t, func(t *rapid.T) {
		day := roster.MustDay("2026-11-30")
		c, n := randomRanks(t), 12
		l := ladder{rungs: randomRungs(t), calendar: calendar}
		var silent []Silent
		for id := 1; id <= n; id++ {
			s := Silent{ID: roster.EmployeeID(id), Live: rapid.Bool().Draw(t, "live"), Steps: map[string]Told{}}
			for d := range rapid.IntRange(0, 20).Draw(t, "days") {
				s.Days = append(s.Days, SilentDay{
					Day: day.Add(-1 - d), Reported: rapid.IntRange(0, 3).Draw(t, "in") == 0, Told: rapid.Bool().Draw(t, "told"), Asked: s.Live,
				})
			}
			for _, r := range l.rungs {
				if rapid.Bool().Draw(t, "spoke") {
					s.Steps[r.Name] = Told{On: day.Add(-rapid.IntRange(0, 9).Draw(t, "ago")), Newest: day.Add(-rapid.IntRange(1, 9).Draw(t, "of"))}
				}
			}
			silent = append(silent, s)
		}
		all, left := l.digests(silent, nil, c, day)
		if len(left) > 2 {
			t.Fatalf("left over for unknown reasons: %v", left)
		}
		receivers := map[roster.EmployeeID]bool{}
		for _, e := range all {
			if receivers[e.To.ID] {
				t.Fatalf("two digests for %d", e.To.ID)
			}
			receivers[e.To.ID] = true
			checkDigest(t, c, e, day)
		}
	})
}

func checkDigest(t *rapid.T, c Command, e Escalation, day roster.Day) {
	if _, active := c.Heads[e.To.ID]; !active || c.Away[e.To.ID] || !c.Live[e.To.ID] {
		t.Fatalf("a digest for %d, who is not there", e.To.ID)
	}
	seen := map[roster.EmployeeID]bool{}
	for _, m := range e.Members {
		if m.ID == e.To.ID || seen[m.ID] || c.leads(m.ID, e.To.ID, day) {
			t.Fatalf("%d is told of %d", e.To.ID, m.ID)
		}
		seen[m.ID] = true
	}
}

func randomRanks(t *rapid.T) Command {
	const people = 12
	c := Command{
		Heads: map[roster.EmployeeID]conversations.Person{}, Live: map[roster.EmployeeID]bool{}, Away: map[roster.EmployeeID]bool{},
		Places: map[roster.EmployeeID]Place{},
	}
	one := rapid.IntRange(1, people)
	for id := roster.EmployeeID(1); id <= people; id++ {
		if rapid.IntRange(0, 4).Draw(t, "gone") > 0 {
			c.Heads[id] = conversations.Person{ID: id}
		}
		c.Live[id], c.Away[id] = rapid.Bool().Draw(t, "chat"), rapid.IntRange(0, 3).Draw(t, "away") == 0
		c.Places[id] = Place{OPD: fmt.Sprint(id % 3)}
		if up := one.Draw(t, "up"); rapid.Bool().Draw(t, "led") { // circles and oneself included
			c.Lines = append(c.Lines, roster.Line{Employee: id, Supervisor: roster.EmployeeID(up), From: roster.MustDay("2026-01-01")})
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "roles") {
		id := roster.EmployeeID(one.Draw(t, "holder"))
		g := roster.Grant{Employee: id, Role: rapid.SampledFrom(roster.Roles()).Draw(t, "role"), OPD: rapid.SampledFrom([]string{"", "0", "1", "2"}).Draw(t, "opd")}
		c.Roles = append(c.Roles, RoleHolder{Grant: g, Person: conversations.Person{ID: id}, Live: c.Live[id]})
	}
	c.index = roster.NewLines(c.Lines)
	return c
}

func randomRungs(t *rapid.T) (rungs []Rung) {
	for i := range rapid.IntRange(1, 4).Draw(t, "rungs") {
		r := Rung{
			Name: fmt.Sprint("r", i), InARow: rapid.IntRange(0, 4).Draw(t, "row"), InMonth: rapid.IntRange(0, 6).Draw(t, "month"),
			After: rapid.IntRange(0, 2).Draw(t, "after"), Repeat: rapid.IntRange(0, 3).Draw(t, "repeat"),
		}
		targets := slices.Clone(Targets())
		r.To = targets[:rapid.IntRange(1, len(targets)).Draw(t, "to")]
		rungs = append(rungs, r)
	}
	return rungs
}
