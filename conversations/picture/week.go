package picture

// WeekChart is one person's week.
type WeekChart struct {
	Title    string
	Subtitle string
	Days     []Day
	Previous *Level // the mean of the week before, nil when there is none
	Legend   Legend
	Nothing  string // written instead of the chart when Days is empty
}

// Day is one column of a week.
type Day struct {
	Label string  // "Sen 16"
	State State   //
	Value float64 // points, 0..100
	Text  string  // the points as the reader writes them
}

// Week draws a column a day, coloured by its state, over the dashed mean of the
// week before.
func Week(w WeekChart) ([]byte, error) {
	keys := w.legend()
	c := newCanvas(plotFoot + foot(keys))
	top := c.heading(w.Title, w.Subtitle)
	if len(w.Days) == 0 {
		c.nothing(w.Nothing)
		return c.png()
	}
	f := c.plot(top+44, plotFoot-44)
	f.level(w.Previous)
	for i, d := range w.Days {
		f.day(d, i, len(w.Days))
	}
	c.legend(keys)
	return c.png()
}

func (f frame) day(d Day, i, n int) {
	x, w := f.slot(i, n)
	room := (f.right - f.left) / n
	f.centre(d.Label, x, f.bottom+36, room-6, plain(24, ink))
	switch d.State {
	case OnTime:
		f.column(x, w, d.Value, blue)
	case Late:
		f.column(x, w, d.Value, orange)
	case Missing:
		f.tile(Missing, x-22, f.bottom-50, x+22, f.bottom-6)
		f.value(d.Text, x, f.bottom-50, room, heavy(26, red))
		return
	case Waiting, Off, Holiday:
		f.tile(d.State, x-22, f.bottom-50, x+22, f.bottom-6)
		f.value(d.Text, x, f.bottom-50, room, plain(24, muted))
		return
	}
	f.value(d.Text, x, f.y(d.Value), room, heavy(26, ink))
}

// legend names only what occurs.
func (w WeekChart) legend() []key {
	occurs := map[State]bool{}
	for _, d := range w.Days {
		occurs[d.State] = true
	}
	return append(w.Legend.keys(occurs), w.Previous.keys()...)
}
