package picture

import (
	"slices"
	"strconv"
	"strings"
)

// MostNames is the largest team that is drawn name by name; a larger one is
// drawn as the distribution of its scores.
const MostNames = 20

// TeamChart is a team as its own supervisor sees it.
type TeamChart struct {
	Title    string
	Subtitle string
	Rows     []Row
	Mean     *Level // the team's mean, nil for none
	Count    string // what the columns of a large team count: "orang"
	Nothing  string
}

// Row is one member.
type Row struct {
	Name  string
	Value float64 // score, 0..100
	Text  string  // the score as the reader writes it
	None  bool    // no score in this period; Text may say why
}

// Team draws a bar for each member, in the order of names and never in the order
// of scores: it is a list to look people up in, not a ranking. The picture grows
// with the team up to MostNames; beyond, it shows how many stand in which ten.
func Team(t TeamChart) ([]byte, error) {
	switch {
	case len(t.Rows) == 0:
		c := newCanvas(plotFoot)
		c.heading(t.Title, t.Subtitle)
		c.nothing(t.Nothing)
		return c.png()
	case len(t.Rows) > MostNames:
		return t.distribution()
	}
	return t.names()
}

const (
	rowHeight = 44
	nameRoom  = 384 // about 28 letters
	barLeft   = margin + nameRoom + 16
	barRight  = width - margin - 92
)

func (t TeamChart) names() ([]byte, error) {
	keys := t.Mean.keys()
	top := header + 36
	end := top + len(t.Rows)*rowHeight
	c := newCanvas(end + foot(keys))
	c.heading(t.Title, t.Subtitle)
	for _, v := range []int{0, 50, 100} {
		x := barX(float64(v))
		c.rect(x, top, x+2, end, faint)
		c.centre(strconv.Itoa(v), x, top-8, 60, plain(20, muted))
	}
	for i, r := range byName(t.Rows) {
		c.row(r, top+i*rowHeight)
	}
	if t.Mean != nil {
		c.upright(barX(t.Mean.Value), top, end)
	}
	c.legend(keys)
	return c.png()
}

// upright is a dashed line from top to bottom, with an edge of paper so that it
// shows on a bar as well as beside it.
func (c canvas) upright(x, top, bottom int) {
	c.rect(x-3, top, x+4, bottom, paper)
	for y := top; y < bottom; y += 20 {
		c.rect(x-1, y, x+2, min(y+12, bottom), muted)
	}
}

func barX(v float64) int { return barLeft + int(percent(v)/100*float64(barRight-barLeft)+0.5) }

func (c canvas) row(r Row, y int) {
	base := y + rowHeight/2 + 9
	c.text(r.Name, margin, base, nameRoom, plain(24, ink))
	if r.None {
		c.right(r.Text, width-margin, base, 92, plain(24, muted))
		return
	}
	c.rect(barLeft, y+8, max(barX(r.Value), barLeft+3), y+rowHeight-8, blue)
	c.right(r.Text, width-margin, base, 84, heavy(24, ink))
}

func byName(rows []Row) []Row {
	sorted := slices.Clone(rows)
	slices.SortStableFunc(sorted, func(a, b Row) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return sorted
}

// bands of ten points; the last one holds 90 to 100.
const bands = 10

func (t TeamChart) distribution() ([]byte, error) {
	var count [bands]int
	most := 1
	for _, r := range t.Rows {
		if !r.None {
			b := min(bands-1, int(percent(r.Value)/bands))
			count[b]++
			most = max(most, count[b])
		}
	}
	c := newCanvas(plotFoot + 64)
	top := c.heading(t.Title, t.Subtitle)
	f := frame{c, margin + 16, width - margin - 16, top + 76, plotFoot - 36}
	c.text(t.Count, margin, top+34, 300, plain(22, muted))
	for i, n := range count {
		x, w := f.slot(i, bands)
		if n > 0 {
			v := float64(n) / float64(most) * 100
			f.column(x, w, v, blue)
			f.value(strconv.Itoa(n), x, f.y(v), 80, heavy(26, ink))
		}
	}
	f.rect(f.left, f.bottom, f.right, f.bottom+2, muted)
	for i := range bands + 1 {
		f.centre(strconv.Itoa(i*10), f.scale(float64(i*10)), f.bottom+42, 60, plain(20, muted))
	}
	t.meanMark(f)
	return c.png()
}

// scale is the place of a value on the axis of a distribution.
func (f frame) scale(v float64) int { return f.left + int(percent(v)/100*float64(f.right-f.left)+0.5) }

// meanMark points at the mean from below the axis of a distribution.
func (t TeamChart) meanMark(f frame) {
	if t.Mean == nil {
		return
	}
	x, y := f.scale(t.Mean.Value), f.bottom+5
	f.fill(ink, pt(x, y), pt(x+10, y+14), pt(x-10, y+14))
	style := heavy(22, ink)
	half := f.wide(f.clip(t.Mean.Label, 400, style), style)/2 + 2
	f.centre(t.Mean.Label, min(max(x, margin+half), f.w-margin-half), f.h-22, 400, style)
}
