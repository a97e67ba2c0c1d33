package roster

import (
	"slices"
	"time"
)

// Outage is a span of time in which people could not report through no fault of
// theirs: a network, the database or the service was away, or somebody who
// knows has declared it. From is in it, To is not.
type Outage struct {
	// Channel is what was away: "telegram", "postgres", "self", "declared:bkn".
	Channel  string
	From, To time.Time
}

// Relief is how much time people get back after an outage, beyond what it took.
type Relief struct {
	// Least is the least time to answer after an outage that a window touched.
	Least time.Duration
	// QuietFrom and QuietTo are the hours in which nobody is disturbed; equal is
	// never. A moved deadline never falls into them.
	QuietFrom, QuietTo Clock
	Loc                *time.Location // of the city
}

// DefaultRelief: an hour to answer, and nobody stays awake from 22.00 to 05.30.
func DefaultRelief(loc *time.Location) Relief {
	return Relief{Least: time.Hour, QuietFrom: At24(22, 0), QuietTo: At24(5, 30), Loc: loc}
}

// Credit moves the deadline and the late limit of planned times for outages, in
// any order, so that a fault of ours never becomes a fault of theirs:
//
//		ask ───────────── From ▒▒▒▒ outage ▒▒▒▒ To ─────────────── deadline ······ moved
//		                       └─── taken ────┘                       └── given back ┘
//
//	 1. What an outage takes of the answer window is put on at its end; what the
//	    longer window then loses to a further outage too. Overlapping outages take
//	    their time once.
//	 2. After each outage that the window touched there is r.Least to answer in.
//	 3. A deadline that has moved into the quiet hours, or into r.Least after
//	    them, goes to r.Least after their end: nobody stays awake for our fault.
//	 4. The late limit is the end of a longer window and is moved the same way; it
//	    is never before the deadline.
//
// The rule is this program's own promise; no regulation knows outages. Nothing
// ever becomes earlier, another outage never takes time away, and the same
// planned times and outages always give the same result: so it is computed from
// the planned times each time, never from moved ones. Zero times stay zero.
func Credit(planned Times, outages []Outage, r Relief) Times {
	if planned == (Times{}) {
		return planned
	}
	merged := mergeOutages(outages)
	t := planned
	t.Deadline = r.extend(planned.AskAt, planned.Deadline, merged)
	t.LateUntil = r.extend(planned.AskAt, planned.LateUntil, merged)
	if t.LateUntil.Before(t.Deadline) {
		t.LateUntil = t.Deadline
	}
	return t
}

// extend is the new end of a window from ask to end; outages do not overlap and
// are in order. What the quiet hours add on top is no time to answer in, so it
// is not counted when a further outage takes some of it.
func (r Relief) extend(ask, end time.Time, outages []Outage) time.Time {
	moved := end
	for _, o := range outages {
		if !o.To.After(ask) {
			continue
		}
		if !o.From.Before(moved) {
			break
		}
		from := o.From
		if from.Before(ask) {
			from = ask
		}
		end = end.Add(o.To.Sub(from))
		if least := o.To.Add(r.Least); end.Before(least) {
			end = least
		}
		moved = fullMinute(r.awake(end))
	}
	return moved
}

// awake is t, or the end of the quiet hours and r.Least when t is before that.
func (r Relief) awake(t time.Time) time.Time {
	if r.QuietFrom == r.QuietTo {
		return t
	}
	day := DayOf(t.In(r.Loc))
	from := day.Add(-1).At(r.QuietFrom, r.Loc)
	if r.QuietFrom < r.QuietTo {
		from = day.At(r.QuietFrom, r.Loc)
	}
	until := day.At(r.QuietTo, r.Loc)
	for range 2 { // the night that ends today, then the one that begins today
		if end := until.Add(r.Least); !t.Before(from) && t.Before(end) {
			return end
		}
		from, until = from.AddDate(0, 0, 1), until.AddDate(0, 0, 1)
	}
	return t
}

// fullMinute is the first full minute not before t: people read minutes, and
// what they read must hold.
func fullMinute(t time.Time) time.Time {
	if down := t.Truncate(time.Minute); down.Before(t) {
		return down.Add(time.Minute)
	}
	return t
}

// mergeOutages are the spans in order, those that overlap or touch as one. Empty
// ones are left out.
func mergeOutages(outages []Outage) []Outage {
	sorted := slices.DeleteFunc(slices.Clone(outages), func(o Outage) bool { return !o.From.Before(o.To) })
	slices.SortFunc(sorted, func(a, b Outage) int { return a.From.Compare(b.From) })
	var merged []Outage
	for _, o := range sorted {
		last := len(merged) - 1
		switch {
		case last < 0 || o.From.After(merged[last].To):
			merged = append(merged, o)
		case o.To.After(merged[last].To):
			merged[last].To = o.To
		}
	}
	return merged
}
