package jobs

import (
	"slices"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Target is whom a step of the ladder turns to.
type Target string

// The targets. A step never turns to the person itself nor to whoever the person
// leads.
const (
	ToSupervisor Target = "supervisor" // the nearest superior who is there today
	ToAbove      Target = "above"      // the superior's superior
	ToAdmin      Target = "opd_admin"  // who looks after the staff data of the office
	ToHead       Target = "opd_head"   // the highest of the office
	ToHR         Target = "hr"         // the personnel office
)

// Targets are all targets.
func Targets() []Target { return []Target{ToSupervisor, ToAbove, ToAdmin, ToHead, ToHR} }

// Rung is one step of the ladder. Exactly one kind of condition is set: days of a
// person (InARow, InMonth or either of both), an office's week, or a month's list.
type Rung struct {
	Name string
	// InARow and InMonth are days without a report, of those on which the person
	// was asked; 0 leaves the condition out.
	InARow, InMonth int
	// UnitBelow is the percentage of an office's due reports in a week below which
	// its head is told.
	UnitBelow int
	// MonthList is how many days without a report in a month put somebody on the
	// list of that month.
	MonthList int
	To        []Target
	// After, Repeat and Ack are working days: from the condition to the step; from
	// one telling to the next while the silence goes on (0: once); and for how long
	// "sudah saya hubungi" holds the ladder.
	After, Repeat, Ack int
}

// personal rungs are about one person's days.
func (r Rung) personal() bool { return r.InARow > 0 || r.InMonth > 0 }

// every reports a rung that tells of each silent day.
func (r Rung) every() bool { return r.InARow == 1 }

// Told is when a step told of somebody last.
type Told struct {
	On     roster.Day // of the sending
	Newest roster.Day // the silent day that it told of
}

// ladder decides which steps are due. It is pure: rows and a day in, steps out.
type ladder struct {
	rungs    []Rung
	calendar roster.Calendar
}

// call is a step that is due for a person, with whom it reaches.
type call struct {
	rung   Rung
	member conversations.DigestMember
	to     []roster.EmployeeID
}

// calls are the steps that are due for one person, lowest first. A step that can
// reach nobody is passed over at once, and the next one takes its place; reason says
// why nobody at all was reached: "hr" for nobody above, "unreachable" for somebody
// without a chat, empty when there is nothing to tell or it was told.
func (l ladder) calls(s Silent, c Command, day roster.Day) (all []call, reason string) {
	if !s.Rest.Before(day) {
		return nil, ""
	}
	passed, missed := false, ""
	for _, r := range l.rungs {
		if !r.personal() {
			continue
		}
		m, met := l.meets(r, s, day)
		if !met && passed {
			if m, met = s.member(); met && !l.repeats(r, s, day) { // it has spoken, and will again
				met, passed, missed = false, false, ""
			}
		}
		if !met {
			continue
		}
		to, why := c.receivers(r, s.ID, day)
		if len(to) == 0 {
			if missed == "" {
				missed = why
			}
			passed = true
			continue
		}
		passed, missed = false, ""
		m.Step, m.AckDays = r.Name, r.Ack
		m.InMonth = s.inMonth(m.Day)
		all = append(all, call{r, m, to})
	}
	if len(all) > 0 || missed == "" {
		return all, ""
	}
	if m, ok := s.member(); ok { // the line ends at the personnel office
		if to, _ := c.receivers(Rung{To: []Target{ToHR}}, s.ID, day); len(to) > 0 {
			m.Step, m.AckDays, m.InMonth = "hr", l.rungs[0].Ack, s.inMonth(m.Day)
			return []call{{Rung{Name: "hr"}, m, to}}, ""
		}
	}
	return nil, missed
}

// meets reports whether a rung's condition holds and it is its time to speak.
// Above the first days a step speaks only while the silence goes on, and only of
// days on which the person was asked.
func (l ladder) meets(r Rung, s Silent, day roster.Day) (conversations.DigestMember, bool) {
	m, ok := s.member()
	if !ok || r.every() {
		return m, ok && l.repeats(r, s, day)
	}
	if newest, silent := s.newest(); !silent || newest != m.Day {
		return m, false
	}
	run := s.run()
	var since roster.Day // when the condition was met first
	if r.InARow > 0 && len(run) >= r.InARow {
		since = run[len(run)-r.InARow].Day
	}
	if missed := s.month(m.Day); r.InMonth > 0 && len(missed) >= r.InMonth {
		if d := missed[len(missed)-r.InMonth].Day; since.IsZero() || d.Before(since) {
			since = d
		}
	}
	if since.IsZero() || l.workdays(since, day) <= r.After {
		return m, false
	}
	return m, l.repeats(r, s, day)
}

// repeats reports whether a rung may speak again after the last time.
func (l ladder) repeats(r Rung, s Silent, day roster.Day) bool {
	told, ever := s.Steps[r.Name]
	if !ever || r.every() && r.Repeat <= 1 { // each day once is kept with the days
		return true
	}
	if told.On == day || !s.same(r, told.Newest) {
		return told.On != day
	}
	return r.Repeat > 0 && l.workdays(told.On, day) >= r.Repeat
}

// workdays are the working days after one day, up to and including another.
func (l ladder) workdays(after, to roster.Day) int {
	n := 0
	for d := after.Add(1); !d.After(to); d = d.Add(1) {
		if l.calendar.IsWorkday(roster.FiveDays, d) {
			n++
		}
	}
	return n
}

// newest is the newest due day on which the person was asked, and whether nothing
// came.
func (s Silent) newest() (roster.Day, bool) {
	for _, d := range s.Days {
		if d.Asked {
			return d.Day, !d.Reported
		}
	}
	return roster.Day{}, false
}

// run is the silence that lasts, newest first: days on which the person was asked.
func (s Silent) run() (days []SilentDay) {
	for _, d := range s.Days {
		switch {
		case d.Reported:
			return days
		case d.Asked:
			days = append(days, d)
		}
	}
	return days
}

// month are the silent days of one calendar month, newest first.
func (s Silent) month(of roster.Day) (days []SilentDay) {
	for _, d := range s.Days {
		if d.Asked && !d.Reported && d.Day.Year == of.Year && d.Day.Month == of.Month {
			days = append(days, d)
		}
	}
	return days
}

func (s Silent) inMonth(of roster.Day) int { return len(s.month(of)) }

// same reports whether a rung told of the silence that lasts still, or of the same
// month when it counts days in a month.
func (s Silent) same(r Rung, told roster.Day) bool {
	if run := s.run(); len(run) > 0 && !told.Before(run[len(run)-1].Day) {
		return true
	}
	newest, _ := s.newest()
	return r.InMonth > 0 && told.Year == newest.Year && told.Month == newest.Month
}

// receivers are those whom a step reaches today, each once. Without any, why tells
// whether nobody is there ("hr") or nobody has a chat ("unreachable").
func (c Command) receivers(r Rung, person roster.EmployeeID, day roster.Day) (to []roster.EmployeeID, why string) {
	why = "hr"
	for _, t := range r.To {
		for _, id := range c.target(t, person, day) {
			switch {
			case id == person || slices.Contains(to, id) || c.leads(person, id, day):
			case !c.Live[id]:
				why = "unreachable"
			default:
				to = append(to, id)
			}
		}
	}
	return to, why
}

// leads reports whether somebody stands above another in the line of a day.
func (c Command) leads(above, id roster.EmployeeID, day roster.Day) bool {
	return slices.Contains(c.index.Chain(id, day, func(roster.EmployeeID) bool { return true }), above)
}

// target are the people of a target who are there today, with a chat or not.
func (c Command) target(t Target, person roster.EmployeeID, day roster.Day) (ids []roster.EmployeeID) {
	chain := c.index.Chain(person, day, c.active)
	at := c.Places[person]
	switch t {
	case ToSupervisor:
		return chain[:min(len(chain), 1)]
	case ToAbove:
		if len(chain) > 1 {
			return chain[1:2]
		}
	case ToHead:
		for _, id := range slices.Backward(chain) {
			if c.Places[id].OPD == at.OPD {
				return []roster.EmployeeID{id}
			}
		}
	case ToAdmin:
		return c.holders(roster.OPDAdmin, at)
	case ToHR:
		return c.holders(roster.HR, at)
	}
	return nil
}

func (c Command) holders(role roster.Role, at Place) (ids []roster.EmployeeID) {
	for _, h := range Of(c.Roles, role, at.OPD, at.Unit) {
		if c.active(h.Person.ID) {
			ids = append(ids, h.Person.ID)
		}
	}
	return ids
}
