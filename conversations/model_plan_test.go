package conversations_test

import (
	"maps"
	"slices"
	"strings"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// link is the item of the plan that an activity serves, 0 for an additional duty;
// chosen says that the person said so.
type link struct {
	item   int64
	chosen bool
}

// modelPlan is the plan of those walkers who have one: each item has the words of one
// of the activities, so that nobody can doubt which one it fits.
func modelPlan() conversations.Plan {
	var p conversations.Plan
	for i, text := range []string{"Menata arsip kepegawaian", "Verifikasi data pajak", "Melayani warga di loket"} {
		p.Items = append(p.Items, roster.PlanItem{ID: int64(101 + i), Code: string(rune('1' + i)), Text: text})
	}
	return p
}

// key is what a name is known by: its words and figures, however they are written.
func (a act) key() string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(a.name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), " ")
}

// suggested: what the person chose for the same work before, else the item with its words.
func (m *model) suggested(a act) link {
	if item, ok := m.learnt[a.key()]; ok {
		return link{item: item}
	}
	for _, it := range modelPlan().Items {
		if strings.ToLower(it.Text) == a.key() {
			return link{item: it.ID}
		}
	}
	return link{}
}

// serve links what the summary shows; what is not in the draft any more is forgotten.
func (m *model) serve() {
	d := m.open
	if !m.plan {
		return
	}
	links := map[string]link{}
	for _, a := range d.acts {
		l, known := d.serves[a.key()]
		if !known {
			l = m.suggested(a)
		}
		links[a.key()] = l
	}
	d.serves = links
}

// chooser shows the items, or the activities; it is about a draft that is open.
func (m *model) chooser(e event) {
	if m.open.stage == conversations.StageIdle {
		m.open.stage = conversations.StageConfirm
	}
	if !m.plan {
		m.summary()
		return
	}
	m.serve()
	if !slices.ContainsFunc(m.open.acts, func(a act) bool { return a.name != "" }) {
		m.advance(e) // what it is called comes first
	}
}

// serveBy makes the tapped item the one that an activity serves.
func (m *model) serveBy(e event) {
	d, a := m.open, e.tap.args
	for _, x := range d.acts {
		if a.Question == "" || x.key() != a.Question {
			continue
		}
		item := int64(0)
		for _, it := range modelPlan().Items {
			if a.Value == "10"+it.Code {
				item = it.ID
			}
		}
		d.serves = maps.Clone(d.serves)
		if d.serves == nil {
			d.serves = map[string]link{}
		}
		d.serves[x.key()] = link{item, true}
		m.advance(e)
		return
	}
	if d.stage == conversations.StageIdle { // the activity is gone, and nothing was opened
		m.open = nil
	}
}

// served are the links of a sending; none when the summary never showed them all.
func (m *model) served(d *tale) []link {
	out := []link{}
	if !m.plan {
		return out
	}
	for _, a := range d.acts {
		l, known := d.serves[a.key()]
		if !known {
			return []link{}
		}
		out = append(out, l)
	}
	for _, a := range d.acts {
		if l := d.serves[a.key()]; l.chosen {
			m.learnt[a.key()] = l.item
		}
	}
	return out
}
