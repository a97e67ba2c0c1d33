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
	msg                     int    // the message an edit of which changes it; 0: none
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
}

// model is what must be true of one person.
type model struct {
	open   *tale // nil: idle
	left   map[roster.Day]*tale
	sent   map[roster.Day]sending
	day    func(roster.Day) conversations.WorkDay
	next   int  // the next activity's id
	silent bool // the event is to be answered by nothing
	asking bool // a question about an activity was put just now
}

func newModel(day func(roster.Day) conversations.WorkDay) *model {
	return &model{left: map[roster.Day]*tale{}, sent: map[roster.Day]sending{}, day: day, next: 1}
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
				a.id, a.msg, a.askName, a.askQty, a.askMin = m.next, 0, false, false, false
			}
		}
	}
	return m.open
}

// hear takes one event in; afterwards the model says what must be true.
func (m *model) hear(e event) {
	m.silent, m.asking = false, false
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

// deadline sends what is ready to be sent, and nothing else.
func (m *model) deadline(e event) {
	d := m.open
	m.silent = true
	if d == nil || d.day != e.day || d.resend || d.stage != conversations.StageConfirm || !settled(d) {
		return
	}
	m.silent = false
	m.send(e)
}

func settled(d *tale) bool {
	return !slices.ContainsFunc(d.acts, func(a act) bool { return !a.unasked() })
}

// send makes the draft the day's report; late is who spoke last after the deadline.
func (m *model) send(e event) {
	d := m.open
	d.name(act.whatever)
	said := d.said
	if said.IsZero() {
		said = e.at
	}
	w := m.day(d.day)
	m.sent[d.day] = sending{
		acts: d.acts, obstacle: d.obstacle, version: m.sent[d.day].version + 1,
		late: w.Duty.State == roster.Due && said.After(w.Times.Deadline),
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

func (m *model) answer(e event) {
	d := m.open
	if e.word == "kirim" {
		m.typedSend(e)
		return
	}
	if d.echoed(e) {
		m.advance(e)
		return
	}
	switch d.stage {
	case conversations.StageField:
		m.answerField(e)
	case conversations.StageObstacle:
		if e.quote == nil && slices.ContainsFunc(e.acts, act.whole) {
			m.add(e)
			return
		}
		d.said, d.echo, d.obstacleAsked = e.at, "", true
		if e.word != "tidak ada" && e.word != "lewati" {
			d.obstacle = e.line()
		}
		m.advance(e)
	case conversations.StageEdit:
		m.answerEdit(e)
	default:
		m.activities(e)
	}
}

// echoed: figures that were said a moment ago answer no question that came since.
func (d *tale) echoed(e event) bool {
	asked := d.stage == conversations.StageField || d.stage == conversations.StageObstacle
	return asked && e.quote == nil && (e.bare() || len(e.acts) > 0) && d.echo != "" && d.echo == e.line() &&
		e.at.Sub(d.said) < 2*time.Second
}

// typedSend is the button Kirim in words.
func (m *model) typedSend(e event) {
	d := m.open
	switch {
	case d.stage == conversations.StageObstacle:
		d.obstacleAsked = true
		m.summary()
	case len(d.acts) == 0:
	case d.stage == conversations.StageConfirm || d.stage == conversations.StageEdit:
		m.send(e)
	default:
		m.summary()
	}
}

func (m *model) activities(e event) {
	d := m.open
	switch {
	case e.word == "ubah" && len(d.acts) == 1:
		d.stage, d.at = conversations.StageEdit, d.acts[0].id
	case e.word == "ubah" && len(d.acts) > 1: // shows the list
		if d.stage == conversations.StageIdle {
			m.summary()
		}
	case e.word == "tambah":
		d.stage = conversations.StageAdd
	case len(e.acts) > 0 || e.bare():
		m.add(e)
	case len(d.acts) > 0:
		m.summary()
	}
}

// add takes activities in; figures alone are an activity whose name is asked.
func (m *model) add(e event) {
	d := m.open
	said := e.acts
	if e.bare() {
		said = []act{{qty: e.qty, unit: e.unit, min: e.min, askName: true, source: e.line()}}
	}
	for _, a := range said {
		if len(d.acts) == 20 {
			break
		}
		m.next++
		a.id, a.msg = m.next, e.msg
		a.askQty, a.askMin = a.qty == 0, a.min == 0
		d.acts = append(d.acts, a)
	}
	d.said, d.echo = e.at, ""
	m.advance(e)
}

// answerField: skipped, an activity of its own, or a figure of the asked one.
func (m *model) answerField(e event) {
	d := m.open
	a := &d.acts[d.find(d.at)]
	own := e.own()
	breath := len(e.acts) > 0 && !d.questioned.IsZero() && e.at.Sub(d.questioned) < 6*time.Second
	switch {
	case e.word == "lewati" || e.word == "tidak ada":
		a.askName, a.askQty, a.askMin = false, false, false
	case e.word == "ubah" || e.word == "tambah":
		m.activities(e)
		return
	case e.quote == nil && (own || breath):
		m.add(e)
		return
	case d.field == "description":
		a.name, a.askName = e.line(), false
	default:
		got := e.figures()
		if !got.fits(d.field) {
			return // asked again
		}
		a.take(got)
	}
	d.said, d.echo = e.at, e.line()
	m.advance(e)
}

// take puts the figures that were said where they belong.
func (a *act) take(got act) {
	if got.qty > 0 {
		a.qty, a.unit, a.askQty = got.qty, got.unit, false
	}
	if got.min > 0 {
		a.min, a.askMin = got.min, false
	}
}

func (a act) fits(field string) bool {
	switch field {
	case "minutes":
		return a.min > 0
	case "quantity":
		return a.qty > 0
	}
	return a.qty > 0 || a.min > 0
}

// answerEdit: what is said anew replaces, what is not mentioned stays, and
// further lines are further activities.
func (m *model) answerEdit(e event) {
	d := m.open
	i := d.find(d.at)
	switch {
	case e.word == "lewati" || e.word == "tidak ada":
		m.summary()
		return
	case e.word == "tambah":
		m.activities(e)
		return
	case len(e.acts) == 0 && !e.bare():
		return // asked again
	}
	a := &d.acts[i]
	fresh := act{qty: e.qty, unit: e.unit, min: e.min}
	if len(e.acts) > 0 {
		fresh = e.acts[0]
		a.name = fresh.name
	}
	a.take(fresh)
	a.source = e.line()
	a.msg, a.askName, a.askQty, a.askMin = 0, a.name == "", a.qty == 0, a.min == 0
	e.acts, e.qty, e.min = e.acts[min(1, len(e.acts)):], 0, 0
	m.add(e)
}

// advance asks what is missing, then once for an obstacle, then sums up.
func (m *model) advance(e event) {
	d := m.open
	d.name(func(a act) bool { return !a.askName })
	for _, a := range d.acts {
		if !a.unasked() {
			d.stage, d.guided, d.questioned, m.asking = conversations.StageField, true, e.now, true
			return // which one is the handler's to choose; see [walk.adopt]
		}
	}
	if d.guided && !d.obstacleAsked && d.obstacle == "" {
		d.stage, d.obstacleAsked = conversations.StageObstacle, true
		return
	}
	m.summary()
}

func (m *model) summary() { m.open.stage = conversations.StageConfirm }

// cancel leaves a question first, and throws away only what the summary shows.
func (m *model) cancel() {
	switch d := m.open; {
	case d == nil:
	case len(d.acts) > 0 && d.stage != conversations.StageConfirm:
		m.summary()
	default:
		m.open = nil
	}
}

func (m *model) report(e event) {
	day := m.target(e)
	if _, sent := m.sent[day]; sent && m.open == nil {
		return
	}
	m.enter(day)
	m.start(e)
}

func (m *model) start(e event) {
	if len(m.open.acts) > 0 {
		m.advance(e)
		return
	}
	m.open.stage = conversations.StageAdd
}

// edit reads a message of the open draft anew.
func (m *model) edit(e event) {
	d := m.open
	if d == nil || !slices.ContainsFunc(d.acts, func(a act) bool { return a.msg == e.msg }) {
		return
	}
	d.acts = slices.DeleteFunc(slices.Clone(d.acts), func(a act) bool { return a.msg == e.msg })
	m.add(e)
}

// tap does what the button was made for, to the day and activity it was made for.
func (m *model) tap(e event) {
	b := e.tap
	shows := slices.Contains([]conversations.Action{"change", "pick", "add", "back", "start", "obstacle"}, b.action)
	if b.state != conversations.TapFresh && (b.state != conversations.TapUsed || !shows) {
		return
	}
	if b.action == conversations.ActMove {
		m.move(e)
		return
	}
	_, sent := m.sent[b.day]
	_, resting := m.left[b.day]
	mine := m.open != nil && m.open.day == b.day
	once := b.action == conversations.ActSend || b.action == conversations.ActDiscard
	if !m.writable(b.day, e) || (sent && !mine && !resting && once) {
		return
	}
	d := m.enter(b.day)
	if len(d.acts) == 0 && b.action != conversations.ActAdd {
		m.start(e)
		return
	}
	i := d.find(b.act)
	switch b.action {
	case conversations.ActSend:
		if !settled(d) && d.stage != conversations.StageConfirm {
			m.advance(e) // an older summary's button; it did not show what is asked now
			return
		}
		m.send(e)
	case conversations.ActChange:
		m.activities(event{word: "ubah"})
	case conversations.ActPick:
		if m.summary(); i >= 0 {
			d.stage, d.at = conversations.StageEdit, b.act
		}
	case conversations.ActDrop:
		m.drop(e, i)
	case conversations.ActAdd:
		d.stage = conversations.StageAdd
	case conversations.ActBack:
		m.summary()
	case conversations.ActDiscard:
		m.open = nil
	case conversations.ActObstacle:
		d.stage = conversations.StageObstacle
	case conversations.ActNoObstacle:
		d.obstacleAsked = true
		m.advance(e)
	case conversations.ActAssign:
		m.assign(e, i)
	default:
		m.start(e)
	}
}

func (m *model) drop(e event, i int) {
	d := m.open
	if i < 0 {
		m.summary()
		return
	}
	d.acts, d.said = slices.Delete(slices.Clone(d.acts), i, i+1), e.at
	m.start(e)
}

// assign puts words that might have answered two questions where the person says.
func (m *model) assign(e event, i int) {
	d, b := m.open, e.tap
	words := *b.words
	words.now, words.at, words.msg, words.twice = e.now, e.at, e.msg, nil
	words.quote = &asking{day: b.day, stage: conversations.StageObstacle}
	if b.act != 0 {
		if i < 0 {
			m.summary()
			return
		}
		words.quote = &asking{day: b.day, stage: conversations.StageField, act: b.act}
		if d.stage != conversations.StageField || d.at != b.act {
			d.stage, d.at, d.field = conversations.StageField, b.act, "details"
		}
	} else {
		d.stage = conversations.StageObstacle
	}
	m.answer(words)
}

// move makes the draft one of another day; what that day has already is kept.
func (m *model) move(e event) {
	d, to := m.open, e.tap.day
	_, sent := m.sent[to]
	if d == nil || len(d.acts) == 0 || d.resend || d.day == to || sent || !m.writable(to, e) {
		return
	}
	if there := m.left[to]; there != nil {
		if len(there.acts)+len(d.acts) > 20 {
			return
		}
		d.acts = append(slices.Clone(there.acts), d.acts...)
		if d.obstacle == "" {
			d.obstacle = there.obstacle
		}
		d.guided, d.obstacleAsked = d.guided || there.guided, d.obstacleAsked || there.obstacleAsked
		if there.said.After(d.said) {
			d.said = there.said
		}
		delete(m.left, to)
	}
	d.day = to
	m.advance(e)
}
