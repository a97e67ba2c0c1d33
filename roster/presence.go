package roster

import (
	"slices"
	"time"
)

// How punches belong to a shift.
const (
	windowBefore = 4 * time.Hour    // somebody comes at most so long before the beginning
	windowAfter  = 8 * time.Hour    // or leaves so long after the end
	handover     = time.Hour        // shifts that follow each other share so much around the change
	oneVisit     = 15 * time.Minute // punches so close together are one: a finger is laid on twice
)

// Stint is a span in which somebody was to work: a duty's hours as moments. It
// belongs to the day it begins on.
type Stint struct {
	Day        Day
	Start, End time.Time
}

// StintOf is the span of a duty with hours; false for a day without.
func StintOf(d Duty, loc *time.Location) (Stint, bool) {
	s := Stint{Day: d.Day, Start: d.Day.At(d.Start, loc), End: d.Day.At(d.End, loc)}
	return s, d.End > d.Start
}

// PunchWindow is when a punch counts for a stint.
type PunchWindow struct {
	Stint
	Open, Close time.Time
}

// Holds reports whether a moment is in the window.
func (w PunchWindow) Holds(t time.Time) bool { return !t.Before(w.Open) && !t.After(w.Close) }

// PunchWindows are the windows of one person's stints. Between two stints the
// middle of the gap parts them; where the gap is short (a ward's shifts, a picket
// of 24 hours and the next one) both look at the hour around the change: one punch
// there may be the end of the one and the beginning of the other.
func PunchWindows(stints []Stint) []PunchWindow {
	sorted := slices.SortedFunc(slices.Values(stints), func(a, b Stint) int { return a.Start.Compare(b.Start) })
	out := make([]PunchWindow, len(sorted))
	for i, s := range sorted {
		out[i] = PunchWindow{Stint: s, Open: s.Start.Add(-windowBefore), Close: s.End.Add(windowAfter)}
	}
	for i := 1; i < len(out); i++ {
		before, after := &out[i-1], &out[i]
		gap := after.Start.Sub(before.End)
		half := max(gap/2, handover)
		before.Close = earlier(before.Close, before.End.Add(half))
		after.Open = later(after.Open, after.Start.Add(-half))
	}
	return out
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Presence is what the machines say of one stint.
type Presence struct {
	Day Day
	// In and Out are the first and the last punch; zero when there is none.
	In, Out time.Time
	// Late and Early are whole minutes after the beginning and before the end.
	Late, Early int
}

// None reports that no machine has seen the person.
func (p Presence) None() bool { return p.In.IsZero() && p.Out.IsZero() }

// PresenceIn is the first and last punch of a window; punches of a clock that was
// wrong do not count. Punches within a quarter of an hour are one, and a single
// one is the end that it is nearer to: nobody left at 07.13 because the machine
// took the finger twice.
func PresenceIn(w PunchWindow, punches []Punch) Presence {
	p := Presence{Day: w.Day}
	var first, last time.Time
	for _, x := range punches {
		if x.Doubt || !w.Holds(x.At) {
			continue
		}
		if first.IsZero() || x.At.Before(first) {
			first = x.At
		}
		if last.IsZero() || x.At.After(last) {
			last = x.At
		}
	}
	switch {
	case first.IsZero():
		return p
	case last.Sub(first) > oneVisit:
		p.In, p.Out = first, last
	case w.nearerToStart(first, last):
		p.In = first
	default:
		p.Out = last
	}
	if !p.In.IsZero() {
		p.Late = wholeMinutes(p.In.Sub(w.Start))
	}
	if !p.Out.IsZero() {
		p.Early = wholeMinutes(w.End.Sub(p.Out))
	}
	return p
}

func (w PunchWindow) nearerToStart(first, last time.Time) bool {
	return first.Sub(w.Start).Abs() <= w.End.Sub(last).Abs()
}

// wholeMinutes drops begun minutes, in the person's favour; never below 0.
func wholeMinutes(d time.Duration) int { return int(max(0, d) / time.Minute) }

// Doubtful reports whether a clock that was wrong has recorded the person around
// the window: then nothing may be missed in it.
func Doubtful(w PunchWindow, punches []Punch) bool {
	const day = 24 * time.Hour
	return slices.ContainsFunc(punches, func(p Punch) bool {
		return p.Doubt && p.At.After(w.Open.Add(-day)) && p.At.Before(w.Close.Add(day))
	})
}
