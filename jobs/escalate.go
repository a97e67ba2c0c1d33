package jobs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// lookBack is how many days are read to tell how long somebody has been silent.
const lookBack = 31

// Silent is a person with a silent day that no digest has told of.
type Silent struct {
	ID   roster.EmployeeID
	Name string
	Live bool // has a live address
	// Days are the due days, newest first, whose deadline is over and for which
	// we asked, or could not for want of an address.
	Days []SilentDay
	// Steps are when each step of the ladder told of the person last; Rest is the
	// last day on which an acknowledgement holds the ladder.
	Steps map[string]Told
	Rest  roster.Day
}

// SilentDay is one due day. Told: a digest told of it or of a later one. Asked: the
// person was asked about it.
type SilentDay struct {
	Day                   roster.Day
	Reported, Told, Asked bool
}

// SilentQuery chooses silent days: Untold ones from First on.
type SilentQuery struct {
	Now         time.Time
	First, Back roster.Day // untold from First on; days of such people from Back on
}

// Command is the line of command with what is known of the people who lead.
type Command struct {
	Lines []roster.Line
	Staff []roster.EmployeeID                        // active people who have a supervisor
	Heads map[roster.EmployeeID]conversations.Person // active people who lead
	Live  map[roster.EmployeeID]bool                 // heads with a live address
	Away  map[roster.EmployeeID]bool                 // heads on leave today
	// Places are where active people work; Roles who looks after what today. Who
	// holds a role is among Heads, Live and Away as well.
	Places map[roster.EmployeeID]Place
	Roles  []RoleHolder

	index roster.Lines
}

// Escalation is a digest to be stored: what one receiver is told on a day.
type Escalation struct {
	To       conversations.Person
	Day      roster.Day // of the sending
	Revision int
	Members  []conversations.DigestMember
	Notes    []conversations.OfficeNote
}

// Ranks are the rows of who leads whom, and how offices did.
type Ranks interface {
	Command(ctx context.Context, since, today roster.Day) (Command, error)
	// OfficeWeeks are what came in of each office in a week.
	OfficeWeeks(ctx context.Context, w Week) ([]OfficeWeek, error)
}

// Silences are the rows of who is silent and who was told of it.
type Silences interface {
	Ranks
	Silent(ctx context.Context, q SilentQuery) ([]Silent, error)
	// Superseded are the digests of a day that lost their reason before they were
	// sent, as new revisions with the members who are still silent.
	Superseded(ctx context.Context, day roster.Day) ([]Escalation, error)
	// Escalate stores digests with their members and queues what say makes of
	// each and its id, in one transaction with run; a digest whose receiver, day
	// and revision exist is left out. It returns how many were new.
	Escalate(ctx context.Context, now time.Time, run Run, all []Escalation,
		say func(e Escalation, id int64) conversations.Say) (int, error)
}

// escalate tells supervisors who is silent: one digest each on a working day.
type escalate struct {
	Deps
	settled func(now time.Time) bool
}

func (j escalate) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	p, day := j.Policy.Escalate, today(now)
	if c := clockOf(now); c < p.At || c >= p.Until || !j.settled(now) {
		return res, nil
	}
	days, err := j.Store.Calendar(ctx)
	calendar := j.Policy.Calendar(days)
	if err != nil || !calendar.IsWorkday(roster.FiveDays, day) {
		return res, err
	}
	done, err := j.Store.Progress(ctx, "escalate", day.String())
	switch {
	case err != nil:
		return res, err
	case done.Done:
		return j.revise(ctx, now, day)
	}
	return j.first(ctx, now, day, calendar)
}

func (j escalate) first(ctx context.Context, now time.Time, day roster.Day, calendar roster.Calendar) (Result, error) {
	var res Result
	silent, err := j.Store.Silent(ctx, SilentQuery{Now: now, First: day.Add(-j.Policy.Escalate.Days), Back: day.Add(-lookBack)})
	if err != nil {
		return res, err
	}
	last := weekOf(day.Add(-7))
	weeks, err := j.Store.OfficeWeeks(ctx, last)
	if err != nil {
		return res, err
	}
	command, err := j.command(ctx, day)
	if err != nil {
		return res, err
	}
	l := ladder{rungs: j.Policy.Escalate.Steps, calendar: calendar}
	notes, unreached := l.officeNotes(weeks, command, last, day)
	all, left := l.digests(silent, notes, command, day)
	if unreached > 0 {
		left["offices"] = unreached
	}
	run := Run{Job: "escalate", Period: day.String(), Done: true, Counts: left}
	n, err := j.Store.Escalate(ctx, now, run, all, j.composer(command, now))
	if err != nil {
		return res, err
	}
	res.did("digests", n)
	res.Hour = day.At(j.Policy.Escalate.At, j.Loc)
	for name, count := range left {
		res.saw(name, count)
	}
	return res, nil
}

func (j escalate) command(ctx context.Context, day roster.Day) (Command, error) {
	c, err := j.Store.Command(ctx, day.Add(-lookBack), day)
	c.index = roster.NewLines(c.Lines)
	return c, err
}

// revise composes anew what was held back because a member was settled.
func (j escalate) revise(ctx context.Context, now time.Time, day roster.Day) (Result, error) {
	var res Result
	all, err := j.Store.Superseded(ctx, day)
	if err != nil || len(all) == 0 {
		return res, err
	}
	command, err := j.command(ctx, day)
	if err != nil {
		return res, err
	}
	n, err := j.Store.Escalate(ctx, now, Run{}, all, j.composer(command, now))
	res.did("revised", n)
	return res, err
}

func (j escalate) composer(c Command, now time.Time) func(Escalation, int64) conversations.Say {
	day := today(now)
	staff := c.staff(day)
	return func(e Escalation, id int64) conversations.Say {
		d := conversations.Digest{Escalation: id, To: e.To, Staff: staff[e.To.ID], Now: now, Notes: e.Notes}
		for _, m := range e.Members {
			if head := c.index.Climb(m.ID, day, c.active); head != e.To.ID {
				m.Other, m.Lead = true, c.Heads[head].Name
			}
			d.Members = append(d.Members, m)
		}
		return conversations.Say{
			Key: fmt.Sprintf("escalate/%d", id), Kind: conversations.KindEscalate, Employee: e.To.ID,
			Msg: j.Words.To(e.To).Digest(d), Guard: conversations.GuardEscalation,
			ExpiresAt: e.Day.At(roster.At24(21, 0), j.Loc), // a digest of yesterday is of no use
		}
	}
}

// staff counts who reports to whom on a day, past heads who have left.
func (c Command) staff(day roster.Day) map[roster.EmployeeID]int {
	count := map[roster.EmployeeID]int{}
	for _, id := range c.Staff {
		count[c.index.Climb(id, day, c.active)]++
	}
	return count
}

// active: in office, and not on leave today, however short. Whoever is away is
// not disturbed, and cannot act.
func (c Command) active(id roster.EmployeeID) bool { _, ok := c.Heads[id]; return ok && !c.Away[id] }

// digests are one for each receiver, whatever steps turn to them. The superior is
// whoever leads on the day of the digest: what is open follows a Plh, and a move;
// what was reported keeps its superior. Left over are people with nobody above (hr)
// and those of whom nobody has a chat (unreachable); they stay untold and are in the
// next digest.
func (l ladder) digests(silent []Silent, notes map[roster.EmployeeID][]conversations.OfficeNote, c Command, day roster.Day) ([]Escalation, map[string]int) {
	left := map[string]int{}
	members := map[roster.EmployeeID][]conversations.DigestMember{}
	for id := range notes {
		members[id] = nil
	}
	for _, s := range silent {
		calls, reason := l.calls(s, c, day)
		if reason != "" {
			left[reason]++
		}
		for _, call := range calls {
			for _, id := range call.to {
				members[id] = add(members[id], call.member)
			}
		}
	}
	all := make([]Escalation, 0, len(members))
	for head, list := range members {
		slices.SortFunc(list, func(a, b conversations.DigestMember) int {
			return cmp.Or(cmp.Compare(conversations.ShortName(a.Name), conversations.ShortName(b.Name)), cmp.Compare(a.ID, b.ID))
		})
		all = append(all, Escalation{To: c.Heads[head], Day: day, Revision: 1, Members: list, Notes: notes[head]})
	}
	slices.SortFunc(all, func(a, b Escalation) int { return cmp.Compare(a.To.ID, b.To.ID) })
	return all, left
}

// add keeps one row a person: that of the highest step.
func add(list []conversations.DigestMember, m conversations.DigestMember) []conversations.DigestMember {
	for i := range list {
		if list[i].ID == m.ID {
			list[i] = m
			return list
		}
	}
	return append(list, m)
}

// member is the newest untold silent day and the run of silence that it ends;
// false when there is none.
func (s Silent) member() (conversations.DigestMember, bool) {
	i := slices.IndexFunc(s.Days, func(d SilentDay) bool { return !d.Reported && !d.Told })
	if i < 0 {
		return conversations.DigestMember{}, false
	}
	m := conversations.DigestMember{ID: s.ID, Name: s.Name, Day: s.Days[i].Day, Live: s.Live}
	for _, d := range s.Days[i:] {
		if d.Reported {
			break
		}
		m.InARow++
	}
	return m, true
}
