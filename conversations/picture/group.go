package picture

// GroupChart is the compliance of a whole office, week by week. It has no place
// for a name.
type GroupChart struct {
	Title    string
	Subtitle string
	Weeks    []Rate // oldest first; the last one is this week
	Target   *Level // nil for none
	Nothing  string
}

// Rate is one column of a group chart.
type Rate struct {
	Label string  // "16–20 Nov"
	Value float64 // percent, 0..100
	Text  string  // the percent as the reader writes it
	None  bool    // nothing was due in that week
}

// Group draws a column a week, this week in full colour and the ones before it
// paler.
func Group(g GroupChart) ([]byte, error) {
	keys := g.Target.keys()
	c := newCanvas(plotFoot + foot(keys))
	top := c.heading(g.Title, g.Subtitle)
	if len(g.Weeks) == 0 {
		c.nothing(g.Nothing)
		return c.png()
	}
	c.legend(keys)
	f := c.plot(top+44, plotFoot-44)
	f.level(g.Target)
	for i, w := range g.Weeks {
		f.rate(w, i, len(g.Weeks))
	}
	return c.png()
}

func (f frame) rate(r Rate, i, n int) {
	x, w := f.slot(i, n)
	room := (f.right - f.left) / n
	last := i == n-1
	label, figure, fill := plain(22, muted), plain(24, muted), sky
	if last {
		label, figure, fill = heavy(22, ink), heavy(30, ink), blue
	}
	f.centre(r.Label, x, f.bottom+36, room-8, label)
	if r.None {
		f.value(r.Text, x, f.bottom, room, plain(24, muted))
		return
	}
	f.column(x, w, r.Value, fill)
	f.value(r.Text, x, f.y(r.Value), room, figure)
}
