package conversations_test

import (
	"slices"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// The reference model: one person's conversation as the package's drawing and
// the promises have it, for people who only say what the walks let them say. It
// shares no code with the handler and reads no sentence of it; activities have an
// identity here, so whatever lands at another one is seen.

// act is one activity; figures that were not said are 0.
type act struct {
	id                      int
	name, unit              string
	qty, min                int
	askName, askQty, askMin bool   // still to be asked
	source                  string // the words it was read from, when it has no name
	msg                     string // the message an edit of which changes it, see [event.origin]
}

func (a act) unasked() bool { return !a.askName && !a.askQty && !a.askMin }
func (a act) whole() bool   { return a.name != "" && a.qty > 0 && a.min > 0 }

// tale is a draft: what was said of one day, and where its conversation stands.
type tale struct {
	day              roster.Day
	acts             []act
	obstacle         string
	obstacleAsked    bool
	guided, resend   bool
	stage            conversations.Stage
	at               int // the activity that is asked about
	field            string
	said, questioned time.Time
	echo             string // the last words that answered a question, if nothing was said since
	echoOf           int    // the activity that they were about
	serves           map[string]link
}

func (d *tale) find(id int) int {
	return slices.IndexFunc(d.acts, func(a act) bool { return a.id == id })
}

// name gives activities without a name, of which none will be asked any more, the
// words they were read from: a report holds no activity without one.
func (d *tale) name(which func(act) bool) {
	for i, a := range d.acts {
		if a.name == "" && which(a) {
			d.acts[i].name = a.source
		}
	}
}

func (act) whatever() bool { return true }

// sending is a report as it was sent last.
type sending struct {
	acts     []act
	obstacle string
	version  int
	late     bool
	serves   []link // one for each activity, none without a plan
}

// model is what must be true of one person.
type model struct {
	open   *tale // nil: idle
	left   map[roster.Day]*tale
	sent   map[roster.Day]sending
	day    func(roster.Day) conversations.WorkDay
	next   int  // the next activity's id
	silent bool // the event is to be answered by nothing, and means nothing
	quiet  bool // it means something, and what answers it is on its way already
	asking bool // a question about an activity was put just now
	plan   bool // the person has a plan of work
	// muddled: an activity is called by an answer that was meant otherwise; which item
	// that is like, and what is learnt of it, is for the matcher's own tests to say.
	muddled bool
	learnt  map[string]int64
	// from is what the report sent last was read from.
	from    []string
	fromDay roster.Day
	offers  bool // the edit is to be offered as a change of that report
}

func newModel(day func(roster.Day) conversations.WorkDay) *model {
	return &model{left: map[roster.Day]*tale{}, sent: map[roster.Day]sending{}, learnt: map[string]int64{}, day: day, next: 1}
}

// writable: today always; an earlier day until its last hour.
func (m *model) writable(d roster.Day, e event) bool {
	until := m.day(d).Times.LateUntil
	return d == roster.DayOf(e.now) || (!until.IsZero() && !e.at.After(until))
}

// target is the day that words belong to: the quoted message's, the open
// conversation's, the newest that is awaited, the newest that may still be sent,
// the day on which they were written.
func (m *model) target(e event) roster.Day {
	if e.quote != nil && m.writable(e.quote.day, e) {
		return e.quote.day
	}
	if m.open != nil {
		return m.open.day
	}
	today, late := roster.DayOf(e.now), roster.Day{}
	for d := today; d.After(today.Add(-7)); d = d.Add(-1) {
		w := m.day(d)
		_, sent := m.sent[d]
		switch {
		case w.Duty.State != roster.Due || sent || e.at.After(w.Times.LateUntil):
		case e.at.After(w.Times.Deadline):
			if late.IsZero() {
				late = d
			}
		case !e.at.Before(w.Times.AskAt):
			return d
		}
	}
	if !late.IsZero() {
		return late
	}
	if written := roster.DayOf(e.at); m.writable(written, e) {
		return written
	}
	return today
}

// enter takes up the day's draft where it was left, or what was sent, or nothing.
func (m *model) enter(d roster.Day) *tale {
	if m.open != nil && m.open.day == d {
		return m.open
	}
	if m.open != nil && len(m.open.acts) > 0 {
		m.left[m.open.day] = m.open
	}
	m.open = m.left[d]
	delete(m.left, d)
	if m.open == nil {
		m.open = &tale{day: d}
		if s, ok := m.sent[d]; ok {
			m.open.acts, m.open.obstacle, m.open.resend = slices.Clone(s.acts), s.obstacle, true
			for i := range m.open.acts {
				m.next++
				a := &m.open.acts[i]
				a.id, a.msg, a.askName, a.askQty, a.askMin = m.next, "", false, false, false
			}
		}
	}
	return m.open
}

// hear takes one event in; afterwards the model says what must be true.
func (m *model) hear(e event) {
	m.silent, m.quiet, m.asking, m.offers = false, false, false, false
	if e.kind == "deadline" {
		m.deadline(e)
		return
	}
	for d := range m.left {
		if !m.writable(d, e) {
			delete(m.left, d)
		}
	}
	if m.open != nil && !m.writable(m.open.day, e) {
		m.open = nil
	}
	switch e.kind {
	case "taps":
		m.tap(e)
	case "edits":
		m.edit(e)
	case "says":
		m.say(e)
	}
}

// deadline sends what lacks nothing, also when another day is being written, and nothing else.
func (m *model) deadline(e event) {
	open := m.open
	d := open
	if d == nil || d.day != e.day {
		d = m.left[e.day]
	}
	_, sent := m.sent[e.day]
	m.silent = true
	if d == nil || sent || d.resend || len(d.acts) == 0 || !settled(d) {
		return
	}
	m.silent = false
	if d == open {
		m.send(e)
		return
	}
	delete(m.left, e.day)
	m.open = d
	m.send(e)
	m.open = open
}

func settled(d *tale) bool {
	return !slices.ContainsFunc(d.acts, func(a act) bool { return !a.unasked() })
}

// send makes the draft the day's report; late is who spoke last after the deadline.
func (m *model) send(e event) {
	d := m.open
	d.name(act.whatever)
	m.muddled = m.muddled || slices.ContainsFunc(d.acts, func(a act) bool { return !slices.Contains(activityNames(), a.name) })
	said := d.said
	if said.IsZero() {
		said = e.at
	}
	w := m.day(d.day)
	m.sent[d.day] = sending{
		acts: d.acts, obstacle: d.obstacle, version: m.sent[d.day].version + 1,
		late: w.Duty.State == roster.Due && said.After(w.Times.Deadline), serves: m.served(d),
	}
	m.from, m.fromDay = nil, d.day
	for _, a := range d.acts {
		m.from = append(m.from, a.msg)
	}
	m.open = nil
}

// stage is what words are said to: the quoted question, or the open one.
func (m *model) stage(e event) conversations.Stage {
	switch {
	case e.quote != nil && (e.quote.short() || e.quote.stage == conversations.StageEdit):
		return e.quote.stage
	case m.open == nil:
		return conversations.StageIdle
	}
	return m.open.stage
}

func (m *model) say(e event) {
	switch e.word {
	case "batal":
		m.cancel()
		return
	case "/status", "bantuan", nothingTyped:
		return
	case "/lapor":
		m.report(e)
		return
	case "halo":
		if m.stage(e) != conversations.StageObstacle {
			return
		}
	case "tidak ada": // nothing to report at all, where nothing was asked
		switch m.stage(e) {
		case conversations.StageIdle, conversations.StageConfirm, conversations.StageAdd:
			return
		default:
		}
	}
	if q := e.quote; q != nil && q.stage != "receipt" && !m.writable(q.day, e) {
		return // it is closed, and these words are not another day's
	}
	before := m.open
	d := m.enter(m.target(e))
	if m.quiet = d.requoted(e); m.quiet {
		return
	}
	if q := e.quote; q != nil {
		switch {
		case q.stage == conversations.StageObstacle && len(d.acts) > 0:
			d.stage = conversations.StageObstacle
		case q.act == 0 || len(d.acts) == 0:
		case d.find(q.act) < 0:
			m.summary()
			return
		case d.stage != q.stage || d.at != q.act:
			d.stage, d.at, d.field = q.stage, q.act, "details"
		}
	}
	if e.askedBack(d) {
		return
	}
	m.answer(e)
	if m.open == d && d.stage == conversations.StageIdle { // nothing was understood
		if m.open = before; before != nil {
			delete(m.left, before.day)
		}
	}
}
