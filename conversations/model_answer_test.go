package conversations_test

import (
	"slices"
	"time"

	"ekinerja/conversations"
)

func (m *model) answer(e event) {
	d := m.open
	if e.word == "kirim" {
		m.typedSend(e)
		return
	}
	if d.echoed(e) {
		if m.quiet = e.early; !m.quiet {
			m.advance(e)
		}
		return
	}
	switch d.stage {
	case conversations.StageField:
		m.answerField(e)
	case conversations.StageObstacle:
		if e.quote == nil && (slices.ContainsFunc(e.acts, act.whole) || e.early && len(e.acts) > 0) {
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

// echoed: figures that were said a moment ago, or before the question stood on the
// telephone, answer no question that came since.
func (d *tale) echoed(e event) bool {
	asked := d.stage == conversations.StageField || d.stage == conversations.StageObstacle
	return asked && e.quote == nil && (e.bare() || len(e.acts) > 0) && d.echo != "" && d.echo == e.line() &&
		(e.early || e.underway || e.at.Sub(d.said) < 2*time.Second)
}

// requoted: the last answer again, to the same question, before the next one stood
// on the telephone.
func (d *tale) requoted(e event) bool {
	open := d.stage == conversations.StageObstacle || d.stage == conversations.StageField && d.at != d.echoOf
	return open && e.early && e.quote != nil && e.quote.stage == conversations.StageField && e.quote.day == d.day &&
		e.quote.act == d.echoOf && d.echo != "" && d.echo == e.line() && (e.bare() || len(e.acts) > 0)
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
			d.stage = conversations.StageConfirm
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
		a.id, a.msg = m.next, e.origin()
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
	breath := len(e.acts) > 0 && (e.early || !d.questioned.IsZero() && e.at.Sub(d.questioned) < 6*time.Second)
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
	d.said, d.echo, d.echoOf = e.at, e.line(), a.id
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
	a.msg, a.askName, a.askQty, a.askMin = "", a.name == "", a.qty == 0, a.min == 0
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

func (m *model) summary() {
	m.open.stage = conversations.StageConfirm
	m.serve()
}

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
