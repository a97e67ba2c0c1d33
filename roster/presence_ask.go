package roster

import (
	"slices"
	"time"
)

// Contradiction is what two sources say against each other about one day. It is
// asked about, once, and decides nothing.
type Contradiction string

// The contradictions.
const (
	// Seen: a machine has seen the person, and there is no report.
	Seen Contradiction = "seen"
	// OnLeave: a machine has seen the person on a day of leave.
	OnLeave Contradiction = "leave"
	// Unseen: there is a report, and no machine has seen the person.
	Unseen Contradiction = "unseen"
)

// When a contradiction may be asked about.
const (
	// seenAfter is how long after the end of work a missing report is asked about.
	seenAfter = 150 * time.Minute
	// seenBefore its deadline it is left to the reminders.
	seenBefore = 20 * time.Minute
	// leaveFrom is the hour at which somebody who came on a day of leave is asked.
	leaveFrom = 16 * 60
	// unseenFrom is the hour of a following day at which a missing punch is asked
	// about: machines and files may be late.
	unseenFrom = 10 * 60
	// unseenDays is for how many days it may still be asked.
	unseenDays = 4
)

// AskFacts are what decides whether a day of somebody is asked about.
type AskFacts struct {
	Duty     Duty
	Deadline time.Time
	Reported bool
	Punches  []Punch // of the day and those around it
	// Others are the stints of the days around, so that the end of a night shift
	// is not taken for work on the day of leave after it.
	Others []Stint
	// Watched tells whether the machines that the person uses have recorded other
	// people around a moment.
	Watched func(time.Time) bool
}

// ContradictionAt is what may be asked about a day at a moment, in the city's zone,
// with the punch that it is about; false for nothing. No hour of it is at night.
func ContradictionAt(f AskFacts, now time.Time) (c Contradiction, at time.Time, ok bool) {
	today, clock := DayOf(now), At24(now.Hour(), now.Minute())
	switch d := f.Duty; {
	case d.State == Due && !f.Reported:
		at, ok = f.seen(now)
		return Seen, at, ok
	case d.State == Due:
		ok = today.After(d.Day) && today.Sub(d.Day) <= unseenDays && clock >= unseenFrom && clock < leaveFrom &&
			!d.Reason.Elsewhere() && f.unseen(now.Location())
		return Unseen, at, ok
	case d.Reason == ReasonLeave, d.Reason == ReasonSick, d.Reason == ReasonMaternity, d.Reason == ReasonStudy:
		if d.Day != today || clock < leaveFrom || clock >= At24(20, 0) {
			return "", at, false
		}
		at, ok = f.onLeave(now.Location())
		return OnLeave, at, ok
	}
	return "", at, false
}

func (f AskFacts) window(loc *time.Location) (PunchWindow, bool) {
	s, ok := StintOf(f.Duty, loc)
	if !ok {
		return PunchWindow{}, false
	}
	all := PunchWindows(append(slices.Clip(f.Others), s))
	i := slices.IndexFunc(all, func(w PunchWindow) bool { return w.Day == s.Day })
	return all[i], true
}

func (f AskFacts) seen(now time.Time) (time.Time, bool) {
	w, ok := f.window(now.Location())
	if !ok || f.Duty.Reason.Elsewhere() || now.Before(w.End.Add(seenAfter)) || !now.Before(f.Deadline.Add(-seenBefore)) {
		return time.Time{}, false
	}
	p := PresenceIn(w, f.Punches)
	if p.In.IsZero() {
		return p.Out, !p.Out.IsZero()
	}
	return p.In, true
}

func (f AskFacts) onLeave(loc *time.Location) (time.Time, bool) {
	before := PunchWindows(f.Others)
	for _, p := range f.Punches {
		if p.Doubt || DayOf(p.At.In(loc)) != f.Duty.Day {
			continue
		}
		if !slices.ContainsFunc(before, func(w PunchWindow) bool { return w.Day != f.Duty.Day && w.Holds(p.At) }) {
			return p.At, true
		}
	}
	return time.Time{}, false
}

func (f AskFacts) unseen(loc *time.Location) bool {
	w, ok := f.window(loc)
	return ok && f.Watched != nil && PresenceIn(w, f.Punches).None() && !Doubtful(w, f.Punches) &&
		f.Watched(w.Start) && f.Watched(w.End)
}
