package picture

// Legend holds the caller's word for each state; an empty word leaves its entry out.
type Legend struct {
	OnTime, Late, Missing, Off, Holiday, Waiting string
}

// Level is a reference value, drawn as a dashed line and named in the legend.
type Level struct {
	Label string
	Value float64 // 0..100
}

// key is one entry of a legend: a mark and a word.
type key struct {
	word string
	mark func(c canvas, x, y int)
}

// keys are the entries of the states that occur, in a fixed order.
func (l Legend) keys(occurs map[State]bool) []key {
	var keys []key
	for _, e := range []struct {
		state State
		word  string
	}{{OnTime, l.OnTime}, {Late, l.Late}, {Missing, l.Missing}, {Waiting, l.Waiting}, {Off, l.Off}, {Holiday, l.Holiday}} {
		if occurs[e.state] {
			keys = append(keys, key{e.word, swatch(e.state)})
		}
	}
	return keys
}

// keys is the one entry of a level; none for nil.
func (l *Level) keys() []key {
	if l == nil {
		return nil
	}
	return []key{{l.Label, dash}}
}

const (
	legendLine = 40
	legendMark = 34 // from the beginning of a mark to its word
	legendGap  = 30
)

// lines breaks the entries that have a word into lines that fit the picture.
func (c canvas) lines(keys []key) [][]key {
	var lines [][]key
	room := 0
	for _, k := range keys {
		if k.word == "" {
			continue
		}
		need := legendMark + c.wide(k.word, legendFont()) + legendGap
		if room < need {
			lines = append(lines, nil)
			room = c.w - 2*margin + legendGap
		}
		room -= need
		last := len(lines) - 1
		lines[last] = append(lines[last], k)
	}
	return lines
}

// legend writes the entries at the foot of the picture.
func (c canvas) legend(keys []key) {
	lines := c.lines(keys)
	for i, line := range lines {
		x, y := margin, c.h-24-(len(lines)-1-i)*legendLine
		for _, k := range line {
			k.mark(c, x, y)
			x += legendMark
			x += c.text(k.word, x, y, c.w-margin-x, legendFont()) + legendGap
		}
	}
}

// foot is the height that a legend takes.
func foot(keys []key) int {
	n := len(newCanvas(1).lines(keys))
	if n == 0 {
		return 24
	}
	return 26 + n*legendLine
}

// swatch is the legend mark of a state.
func swatch(s State) func(canvas, int, int) {
	return func(c canvas, x, y int) { c.tile(s, x, y-19, x+24, y+5) }
}

func dash(c canvas, x, y int) {
	c.rect(x, y-9, x+10, y-6, muted)
	c.rect(x+15, y-9, x+25, y-6, muted)
}

// ring is the legend mark of today.
func ring(c canvas, x, y int) {
	c.round(x, y-19, x+24, y+5, 6, ink)
	c.round(x+4, y-15, x+20, y+1, 4, paper)
}
