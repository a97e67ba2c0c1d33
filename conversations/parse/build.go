package parse

import "strings"

// builder turns the parts of all lines into items.
type builder struct {
	clean  string
	drafts []draft
}

func (b *builder) cur() *draft {
	if len(b.drafts) == 0 {
		return nil
	}
	return &b.drafts[len(b.drafts)-1]
}

func (b *builder) line(t typedLine) {
	l := &line{src: t.text, numbered: t.numbered}
	l.toks = polite(tokenize(t.text))
	if len(l.toks) == 0 {
		return
	}
	l.scan()
	if l.header() {
		return
	}
	for _, p := range l.parts() {
		b.part(l, p, t.off)
	}
	if d := b.cur(); d != nil {
		d.obstacleIsOpen, d.noteIsOpen = false, false
	}
}

// part gives one part to the item it belongs to.
func (b *builder) part(l *line, p part, off int) {
	p = l.unlabel(p)
	if p.from >= p.to {
		return
	}
	from, to := off+l.at(p.from).start, off+l.at(p.to-1).end
	if o, ok := l.obstacleIn(p); ok {
		if o.from > p.from {
			b.part(l, part{from: p.from, to: o.from, strong: p.strong, first: p.first, force: p.force}, off)
		}
		b.obstacle(l, p, o, off)
		return
	}
	x := l.describe(p)
	d := b.cur()
	if d != nil && d.obstacleIsOpen && !p.strong && !p.first && (x.desc != "" && !startsActivity(x.words[0]) || d.bareObstacle) {
		d.Obstacle = strings.Trim(b.clean[d.obstacleFrom:to], " .,;:")
		d.to = to
		return
	}
	if d != nil && (p.strong || p.first) {
		d.obstacleIsOpen, d.noteIsOpen = false, false
	}
	if d != nil && d.noteIsOpen {
		d.to = to
		return
	}
	switch b.place(l, p, x) {
	case placeNew:
		b.start(from)
		b.cur().leading = x.lead
		b.describe(x)
	case placeJoin:
		b.describe(x)
	case placeObstacle:
		d.Obstacle = l.typed(p)
		d.obstacleFrom, d.obstacleIsOpen, d.bareObstacle = from, true, p.strong
		d.to = to
		return
	case placeNote:
		d.to = to
		d.note(l, p)
		return
	case placeUnit:
		d.Unit = units[x.words[0]]
	case placeValues:
	}
	d = b.cur()
	if x.weak != "" && !d.hasAmount() {
		d.weak = strings.TrimSuffix(d.Description, x.desc) + x.weak
	}
	for _, s := range x.spans {
		d.take(s, l.src[l.at(s.from).start:l.at(s.to-1).end])
	}
	d.to = max(d.to, to)
}

// typed is the whole part in the person's words: obstacles keep their numbers.
func (l *line) typed(p part) string {
	return strings.Trim(l.src[l.at(p.from).start:l.at(p.to-1).end], " .,;:")
}

func (b *builder) start(from int) {
	b.drafts = append(b.drafts, draft{start: -1, end: -1, from: from, to: from})
}

func (b *builder) describe(x described) {
	d := b.cur()
	switch {
	case x.desc == "":
	case d.Description == "":
		d.Description = x.desc
	default:
		d.Description += ", " + x.desc
	}
}

func (b *builder) obstacle(l *line, p part, o span, off int) {
	if b.cur() == nil {
		b.start(off + l.at(p.from).start)
	}
	d := b.cur()
	d.to = off + l.at(p.to-1).end
	if o.known {
		return
	}
	j := o.to
	for j < p.to && l.at(j).kind == tokPunct && !openers[l.at(j).low] || j < p.to && (l.at(j).low == "oleh" || l.at(j).low == "adalah") {
		j++
	}
	if j >= p.to {
		return
	}
	text := strings.Trim(l.src[l.at(j).start:l.at(p.to-1).end], " .,;:")
	if noneText(text) {
		return
	}
	d.Obstacle, d.obstacleFrom, d.obstacleIsOpen = text, off+l.at(j).start, true
}

// note keeps what stood behind "hasil:" when it held no number.
func (d *draft) note(l *line, p part) {
	d.noteIsOpen = p.strong
	if resultWords[l.at(p.from).low] && l.at(p.from+1).low == ":" && p.from+2 < p.to {
		d.noted = strings.Trim(l.src[l.at(p.from+2).start:l.at(p.to-1).end], " .,;:")
	}
}

func (b *builder) finish() ([]Item, []Doubt) {
	items, ask := []Item{}, []Doubt{}
	for i := range b.drafts {
		d := &b.drafts[i]
		if d.Description == "" && !d.hasValues() && d.Obstacle == "" {
			continue
		}
		if len(items) == MaxItems {
			return items, append(ask, Doubt{Item: MaxItems - 1, Field: FieldDescription, Reason: TooMany})
		}
		d.Source = strings.TrimSpace(b.clean[d.from:d.to])
		it, doubts := d.finish()
		for _, q := range doubts {
			q.Item = len(items)
			ask = append(ask, q)
		}
		items = append(items, it)
	}
	return items, ask
}
