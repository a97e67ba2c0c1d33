package conversations_test

import (
	"slices"

	"ekinerja/conversations"
	"ekinerja/roster"
)

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
	if d == nil || !slices.ContainsFunc(d.acts, func(a act) bool { return a.msg == e.origin() }) {
		m.offers = m.rereads(e)
		return
	}
	d.acts = slices.DeleteFunc(slices.Clone(d.acts), func(a act) bool { return a.msg == e.origin() })
	m.add(e)
}

// rereads: the report sent last was read from that message, and nothing of its day
// is being written.
func (m *model) rereads(e event) bool {
	_, sent := m.sent[m.fromDay]
	return sent && slices.Contains(m.from, e.origin()) && !m.holds(m.fromDay) && m.fromDay.After(roster.DayOf(e.now).Add(-8))
}

func (m *model) holds(d roster.Day) bool { return m.open != nil && m.open.day == d || m.left[d] != nil }

// reread takes the words of an edited message into the change of the report that was
// read from it; when that is another report by now, the person chooses by hand.
func (m *model) reread(e event, held bool) {
	d, words := m.open, *e.tap.words
	if held || !d.resend || d.day != m.fromDay || len(m.from) != len(d.acts) || !slices.Contains(m.from, words.origin()) {
		m.activities(event{word: "ubah"})
		return
	}
	for i := range d.acts {
		d.acts[i].msg = m.from[i]
	}
	d.acts = slices.DeleteFunc(d.acts, func(a act) bool { return a.msg == words.origin() })
	words.at, words.now = e.at, e.now
	m.add(words)
}

// tap does what the button was made for, to the day and activity it was made for.
func (m *model) tap(e event) {
	b := e.tap
	shows := slices.Contains([]conversations.Action{"change", "pick", "add", "back", "start", "obstacle", "serve"}, b.action)
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
	held := m.holds(b.day)
	d := m.enter(b.day)
	if b.action == conversations.ActServed {
		m.serveBy(e)
		return
	}
	if len(d.acts) == 0 && b.action != conversations.ActAdd {
		m.start(e)
		return
	}
	i := d.find(b.act)
	switch b.action {
	case conversations.ActServe:
		m.chooser(e)
	case conversations.ActReread:
		m.reread(e, held)
	case conversations.ActSend:
		if !settled(d) && d.stage != conversations.StageConfirm {
			m.advance(e) // an older summary's button; it did not show what is asked now
			return
		}
		m.send(e)
	case conversations.ActChange:
		m.activities(event{word: "ubah"})
	case conversations.ActPick:
		if i < 0 {
			m.summary()
			return
		}
		d.stage, d.at = conversations.StageEdit, b.act
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
	words.early, words.underway = false, false
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
