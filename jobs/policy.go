package jobs

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"ekinerja/conversations"
	"ekinerja/roster"
)

//go:embed policy.toml
var builtIn string

// Policy says when people are asked, reminded, passed on and summed up. It is
// data of the city; policy.toml documents every key.
type Policy struct {
	Hours  roster.Hours
	Spread time.Duration
	// LastAsk before the deadline, nobody is asked any more.
	LastAsk  time.Duration
	Remind   []Step
	Quiet    Quiet
	Escalate EscalatePolicy
	Weekly   WeeklyPolicy
	Eve      EvePolicy
	Keep     KeepPolicy
	Review   ReviewPolicy
	Attend   AttendPolicy
	Board    BoardPolicy
	Clarify  ClarifyPolicy
	Ramadan  []Span
	// Special are hours of single days, Shifts the codes of shift lists, PassLeave
	// the days of leave for which a leader is passed over.
	Special   []roster.SpecialHours
	Shifts    []roster.ShiftCode
	PassLeave int
	// Flow and Rubrics are names of files, relative to the policy's; empty for
	// what is built in.
	Flow    string
	Rubrics []string

	Preflight PreflightPolicy // the look at the coming working day
	// VerifyAt is when the database is looked through for what must never be in it.
	VerifyAt roster.Clock

	Reading conversations.ReviewRules // how superiors read reports
	Blocker BlockerPolicy
	Leader  LeaderPolicy
}

// Step is one reminder. Exactly one of BeforeDeadline and NextMorning is set.
type Step struct {
	BeforeDeadline time.Duration
	NextMorning    roster.Clock // on the next working day of the person
	Wording        conversations.Reminder
}

// Quiet are the hours in which nobody is disturbed; From after To passes
// midnight, both equal is never.
type Quiet struct{ From, To roster.Clock }

// Holds reports whether t, in the city's zone, is in the quiet hours.
func (q Quiet) Holds(t time.Time) bool {
	at := roster.At24(t.Hour(), t.Minute())
	if q.From <= q.To {
		return at >= q.From && at < q.To
	}
	return at >= q.From || at < q.To
}

// Over is the first moment, from t on, that is not in the quiet hours; t is in the
// city's zone.
func (q Quiet) Over(t time.Time) time.Time {
	if !q.Holds(t) {
		return t
	}
	day := roster.DayOf(t)
	if over := day.At(q.To, t.Location()); over.After(t) {
		return over
	}
	return day.Add(1).At(q.To, t.Location())
}

// EscalatePolicy is when silence is passed on.
type EscalatePolicy struct {
	At, Until roster.Clock
	Days      int    // looked back
	Steps     []Rung // of the ladder, lowest first
}

// WeeklyPolicy is when and how a week is summed up.
type WeeklyPolicy struct {
	Day                         time.Weekday
	Personal, Supervisor, Group roster.Clock
	Top                         int // most names in a group
	AtLeast                     decimal.Decimal
	ScoreAt                     roster.Clock
}

// EvePolicy is the word before days off.
type EvePolicy struct {
	On bool
	At roster.Clock
}

// Span is a run of days, both ends included.
type Span struct{ From, To roster.Day }

// Default is the policy that is built in.
func Default() Policy {
	p, err := read(builtIn, "policy.toml", Policy{})
	if err != nil {
		panic(err) // the file is part of the program and tested with it
	}
	return p
}

// ParsePolicy reads a policy file; what it does not say is as built in. The
// error says file, line and key, what was found and what is accepted.
func ParsePolicy(data []byte, name string) (Policy, error) {
	return read(string(data), name, Default())
}

// Calendar is the city's calendar with the hours of Ramadan in it.
func (p Policy) Calendar(days []roster.CalendarDay) roster.Calendar {
	c := roster.NewCalendar(days)
	for _, s := range p.Ramadan {
		c = c.WithRamadan(s.From, s.To)
	}
	for _, s := range p.Special {
		c = c.WithHours(s)
	}
	return c
}

// HoursMark tells policies apart by what decides the hours of a duty.
func (p Policy) HoursMark() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", struct {
		Hours   roster.Hours
		Spread  time.Duration
		Ramadan []Span
		Special []roster.SpecialHours
	}{p.Hours, p.Spread, p.Ramadan, p.Special}))
	return hex.EncodeToString(sum[:12])
}

func read(text, name string, p Policy) (Policy, error) {
	r, err := newReader(text, name)
	if err != nil {
		return Policy{}, err
	}
	r.top(&p)
	r.ask(&p)
	r.deadlines(&p)
	r.reminders(&p)
	r.rest(&p)
	r.ladder(&p)
	r.reviewClock(&p)
	r.clarify(&p)
	r.roster(&p)
	r.leading(&p)
	r.unknown()
	p.Reading.NoticeAt, p.Reading.NoticeUntil = p.Review.At, p.Review.Until
	if r.err != nil {
		return Policy{}, r.err
	}
	return p, nil
}

func (r *reader) top(p *Policy) {
	root := r.table("")
	root.text("flow", &p.Flow)
	root.texts("rubrics", &p.Rubrics)
}

func (r *reader) ask(p *Policy) {
	t := r.table("ask")
	t.span("before_end", &p.Hours.AskBeforeEnd, 0, 8*time.Hour)
	t.span("spread", &p.Spread, 0, 3*time.Hour)
	// Whoever is asked last must still be asked: see roster.AnswerTime.
	t.span("until_before_deadline", &p.LastAsk, time.Minute, roster.AnswerTime-time.Minute)
	t.clock("choose_from", &p.Hours.ChooseFrom, roster.At24(5, 0), roster.At24(17, 0))
	t.span("choose_before_deadline", &p.Hours.ChooseBefore, roster.AnswerTime, 8*time.Hour)
}

func (r *reader) deadlines(p *Policy) {
	t := r.table("deadline")
	h := &p.Hours
	t.clock("same_day", &h.Deadline, roster.At24(17, 0), roster.At24(24, 0))
	t.clock("away", &h.AwayDeadline, roster.At24(17, 0), roster.At24(24, 0))
	t.span("after_shift", &h.AfterShift, 30*time.Minute, 12*time.Hour)
	t.clock("morning", &h.Morning, 0, roster.At24(23, 59))
	t.clock("late_until", &h.LateUntil, roster.At24(12, 0), roster.At24(23, 59))
	if h.AwayDeadline < h.Deadline {
		t.bad("away", h.AwayDeadline, fmt.Sprintf("a time not before same_day (%s)", h.Deadline))
	}
	if err := h.Check(); err != nil {
		t.bad("same_day", h.Deadline, err.Error())
	}
	if first, last := h.Choosable(); last < first {
		r.table("ask").bad("choose_from", first, fmt.Sprintf("a time not after the last one that may be chosen (%s)", last))
	}
}

func (r *reader) reminders(p *Policy) {
	tables := r.tables("remind")
	if tables == nil {
		return
	}
	p.Remind = nil
	for _, t := range tables {
		var s Step
		var wording string
		t.span("before_deadline", &s.BeforeDeadline, time.Minute, 12*time.Hour)
		t.clock("next_morning", &s.NextMorning, roster.At24(5, 0), p.Hours.LateUntil-1)
		t.text("wording", &wording)
		s.Wording = conversations.Reminder(wording)
		if (s.BeforeDeadline == 0) == (s.NextMorning == 0) {
			t.bad("", "both or neither of two keys", "either before_deadline or next_morning")
		}
		if !s.Wording.Known() {
			t.bad("wording", wording, fmt.Sprintf("one of %v", conversations.Reminders()))
		}
		if n := len(p.Remind); n > 0 && !s.after(p.Remind[n-1]) {
			t.bad("", "a reminder before the one above it", "reminders in the order in which they are sent")
		}
		p.Remind = append(p.Remind, s)
	}
}

// after reports whether s is sent later than o.
func (s Step) after(o Step) bool {
	if s.NextMorning != 0 {
		return s.NextMorning > o.NextMorning
	}
	return o.NextMorning == 0 && s.BeforeDeadline < o.BeforeDeadline
}

func (r *reader) rest(p *Policy) {
	day := roster.At24(23, 59)
	quiet := r.table("quiet")
	quiet.clock("from", &p.Quiet.From, 0, day)
	quiet.clock("to", &p.Quiet.To, 0, day)
	escalate := r.table("escalate")
	escalate.clock("at", &p.Escalate.At, roster.At24(5, 0), roster.At24(15, 0))
	escalate.clock("until", &p.Escalate.Until, p.Escalate.At+1, day)
	escalate.number("days", &p.Escalate.Days, 1, 31)
	w := r.table("weekly")
	w.weekday("day", &p.Weekly.Day)
	w.clock("personal", &p.Weekly.Personal, roster.At24(12, 0), roster.At24(21, 0))
	w.clock("supervisor", &p.Weekly.Supervisor, roster.At24(12, 0), roster.At24(21, 0))
	w.clock("group", &p.Weekly.Group, roster.At24(12, 0), roster.At24(21, 0))
	w.clock("score_at", &p.Weekly.ScoreAt, 0, day)
	w.number("top", &p.Weekly.Top, 0, 10)
	points := int(p.Weekly.AtLeast.IntPart())
	w.number("at_least", &points, 50, 100)
	p.Weekly.AtLeast = decimal.NewFromInt(int64(points))
	eve := r.table("eve")
	eve.flag("on", &p.Eve.On)
	eve.clock("at", &p.Eve.At, roster.At24(12, 0), roster.At24(20, 0))
	pre := r.table("preflight")
	pre.flag("on", &p.Preflight.On)
	pre.clock("at", &p.Preflight.At, roster.At24(15, 0), roster.At24(21, 0))
	pre.number("enrolled", &p.Preflight.Enrolled, 0, 100)
	r.table("verify").clock("at", &p.VerifyAt, 0, roster.At24(5, 0))
	rev := r.table("review")
	rev.flag("on", &p.Review.On)
	rev.clock("at", &p.Review.At, roster.At24(6, 0), roster.At24(20, 0))
	rev.clock("until", &p.Review.Until, p.Review.At, roster.At24(21, 0))
	att := r.table("attendance")
	att.flag("ask", &p.Attend.Ask)
	att.flag("note", &p.Attend.Note)
	att.flag("missing_counts", &p.Attend.Missing)
	keep := r.table("keep")
	keep.number("raw", &p.Keep.Raw, 7, 3650)
	keep.number("pictures", &p.Keep.Pictures, 7, 3650)
	if tables := r.tables("ramadan"); tables != nil {
		p.Ramadan = nil
		for _, t := range tables {
			var s Span
			t.day("from", &s.From)
			t.day("to", &s.To)
			if s.From.IsZero() || s.To.Before(s.From) || s.To.Sub(s.From) > 31 {
				t.bad("to", s.To, "both days, at most a month from the first to the last")
			}
			p.Ramadan = append(p.Ramadan, s)
		}
	}
}
