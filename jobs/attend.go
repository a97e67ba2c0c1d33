package jobs

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// AttendPolicy is what is made of the attendance machines; see policy.toml.
type AttendPolicy struct {
	Ask  bool // contradictions between machines and reports are asked about
	Note bool // a word in the chat after each punch
	// Missing: a missing punch and a day without any count in the discipline part.
	// Minutes of punches that are there always do.
	Missing bool
}

// PresenceDay is a stored duty with what decides whether it is asked about.
type PresenceDay struct {
	Duty     roster.Duty // with Start and End
	Deadline time.Time   // zero when the day is not due
	Asked    bool        // we asked for the report
	Reported bool
	Held     bool // asked about already, or something else asks for it
}

// Presence is one person's days and what machines recorded in them.
type Presence struct {
	Days    []PresenceDay
	Machine roster.Machine
}

// PresenceQuery chooses days of people, with one more before and after.
type PresenceQuery struct {
	IDs         []roster.EmployeeID
	First, Last roster.Day
	Now         time.Time
}

// PresenceAsk is a question about a day.
type PresenceAsk struct {
	Employee roster.EmployeeID
	Day      roster.Day
	What     roster.Contradiction
	Reason   roster.Reason // of the duty
	Punch    time.Time     // zero when nothing was recorded
}

// Attendances are the rows of what machines have recorded.
type Attendances interface {
	// Machined are reachable people whom a machine knows on a day, in the order of
	// their ids, above after.
	Machined(ctx context.Context, day roster.Day, after roster.EmployeeID, limit int) ([]conversations.Person, error)
	// Presences are the days of people of whom a machine has recorded anything;
	// others are missing.
	Presences(ctx context.Context, q PresenceQuery) (map[roster.EmployeeID]Presence, error)
	// AskPresence notes the questions, each person and day once, and queues the
	// messages of those that are new, in one transaction with run; false when
	// somebody else was faster.
	AskPresence(ctx context.Context, now time.Time, run Run, asks []PresenceAsk, says []conversations.Say) (bool, error)
}

// attend asks about days of which machines and reports say different things: once
// a day and person, kindly, with buttons. It decides nothing and costs nobody a
// point.
type attend struct{ Deps }

const (
	// attendEvery is how often people are looked through.
	attendEvery = 30 * time.Minute
	// attendBack is how far back a day may still be asked about.
	attendBack = 4
	// attendLife is how long a question that could not be sent is worth sending.
	attendLife = 3 * time.Hour
)

func (j attend) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	if !j.Policy.Attend.Ask || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	period := now.Truncate(attendEvery).In(j.Loc).Format("2006-01-02 15.04")
	at, err := j.Store.Progress(ctx, "attend", period)
	for err == nil && !at.Done {
		var people []conversations.Person
		if people, err = j.Store.Machined(ctx, today(now), roster.EmployeeID(at.After), chunk); err != nil {
			return res, err
		}
		run := Run{Job: "attend", Period: period, From: at.After, To: at.After, Done: len(people) < chunk}
		asks, says, err := j.asks(ctx, now, people)
		if err != nil {
			return res, err
		}
		if len(people) > 0 {
			run.To = int64(people[len(people)-1].ID)
		}
		run.Counts = map[string]int{"asked": len(asks)}
		ours, err := j.Store.AskPresence(ctx, now, run, asks, says)
		if err != nil || !ours {
			return res, err
		}
		res.did("asked", len(asks))
		at = Progress{After: run.To, Done: run.Done}
	}
	return res, err
}

func (j attend) asks(ctx context.Context, now time.Time, people []conversations.Person) (asks []PresenceAsk, says []conversations.Say, err error) {
	if len(people) == 0 {
		return nil, nil, nil
	}
	q := PresenceQuery{First: today(now).Add(-attendBack), Last: today(now), Now: now}
	for _, p := range people {
		q.IDs = append(q.IDs, p.ID)
	}
	all, err := j.Store.Presences(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range people {
		ask, ok := j.ask(p.ID, all[p.ID], now)
		if !ok {
			continue
		}
		asks = append(asks, ask)
		says = append(says, j.say(p, ask, now))
	}
	return asks, says, nil
}

// ask is the newest day of a person that is to be asked about: one at a time.
func (j attend) ask(id roster.EmployeeID, p Presence, now time.Time) (PresenceAsk, bool) {
	var stints []roster.Stint
	for _, d := range p.Days {
		if s, ok := roster.StintOf(d.Duty, j.Loc); ok {
			stints = append(stints, s)
		}
	}
	for _, d := range slices.Backward(p.Days) {
		if d.Held || d.Duty.State == roster.Due && !d.Asked {
			continue
		}
		f := roster.AskFacts{
			Duty: d.Duty, Deadline: d.Deadline, Reported: d.Reported, Punches: p.Machine.Punches, Watched: p.Machine.Watched,
			Others: slices.DeleteFunc(slices.Clone(stints), func(s roster.Stint) bool { return s.Day == d.Duty.Day }),
		}
		if what, at, ok := roster.ContradictionAt(f, now); ok {
			return PresenceAsk{Employee: id, Day: d.Duty.Day, What: what, Reason: d.Duty.Reason, Punch: at}, true
		}
	}
	return PresenceAsk{}, false
}

func (j attend) say(p conversations.Person, a PresenceAsk, now time.Time) conversations.Say {
	say := conversations.Say{
		Key: fmt.Sprintf("presence/%s/%d", a.Day, p.ID), Kind: conversations.KindNotice, Employee: p.ID,
		Msg:   j.Words.To(p).PresenceQuestion(conversations.PresenceNotice{Person: p, Day: a.Day, What: a.What, Reason: a.Reason, Punch: a.Punch, Now: now}),
		About: conversations.About{Day: a.Day}, ExpiresAt: now.Add(attendLife),
	}
	if a.What == roster.Seen {
		say.About.Question, say.Guard = activities, conversations.GuardUnreported
	}
	return say
}

// attendance is the record of the machines for scoring; nil when they have none of
// the period. Only days that somebody was to be at work count, and only what is
// over: leave, work elsewhere and a shift that still runs never do.
func (p AttendPolicy) attendance(x Presence, w Week, now time.Time) *scoring.Attendance {
	var stints []roster.Stint
	days := map[roster.Day]PresenceDay{}
	for _, d := range x.Days {
		if s, ok := roster.StintOf(d.Duty, now.Location()); ok {
			stints = append(stints, s)
			days[d.Duty.Day] = d
		}
	}
	found := map[roster.Day]scoring.AttendanceDay{}
	recorded := false
	for _, window := range roster.PunchWindows(stints) {
		d := days[window.Day]
		if window.Day.Before(w.First) || window.Day.After(w.Last) || d.Duty.State != roster.Due || d.Duty.Reason.Elsewhere() {
			continue
		}
		seen := roster.PresenceIn(window, x.Machine.Punches)
		recorded = recorded || !seen.None()
		if a, ok := p.day(d, window, seen, x.Machine, now); ok {
			found[window.Day] = a
		}
	}
	if !recorded {
		return nil
	}
	out := &scoring.Attendance{}
	for _, day := range slices.SortedFunc(maps.Keys(found), func(a, b roster.Day) int { return a.Sub(b) }) {
		out.Days = append(out.Days, found[day])
	}
	return out
}

// day is what one stint says; false for nothing. A report on a day without a punch
// is a contradiction: it is asked about and never counted.
func (p AttendPolicy) day(d PresenceDay, w roster.PunchWindow, seen roster.Presence, m roster.Machine, now time.Time) (scoring.AttendanceDay, bool) {
	a := scoring.AttendanceDay{Day: d.Duty.Day, Late: seen.Late}
	over := now.After(w.Close)
	if over {
		a.Early = seen.Early
		if !seen.In.IsZero() && !seen.Out.IsZero() {
			a.Worked = int(seen.Out.Sub(seen.In) / time.Minute)
		}
	}
	missing := p.Missing && over && !roster.Doubtful(w, m.Punches)
	switch {
	case seen.None():
		a.Absent = missing && !d.Reported && m.Watched(w.Start) && m.Watched(w.End)
		return a, a.Absent
	case seen.In.IsZero():
		a.NoIn = missing && m.Watched(w.Start)
	case seen.Out.IsZero():
		a.NoOut = missing && m.Watched(w.End)
	}
	return a, true
}
