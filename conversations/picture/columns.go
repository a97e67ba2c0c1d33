package picture

import (
	"strconv"

	"github.com/go-analyze/charts"
)

// frame is the area in which columns stand.
type frame struct {
	canvas
	left, right, top, bottom int
}

// plot draws the lines of 0, 50 and 100 and returns the area.
func (c canvas) plot(top, bottom int) frame {
	f := frame{c, margin + 52, c.w - margin, top, bottom}
	for _, v := range []int{0, 50, 100} {
		y := f.y(float64(v))
		f.rect(f.left, y, f.right, y+2, faint)
		f.canvas.right(strconv.Itoa(v), f.left-14, y+8, 60, plain(22, muted))
	}
	return f
}

// y is the line of a value from 0 to 100.
func (f frame) y(v float64) int {
	return f.bottom - int(percent(v)/100*float64(f.bottom-f.top)+0.5)
}

// slot is the middle and the width of the i-th of n columns.
func (f frame) slot(i, n int) (x, w int) {
	step := float64(f.right-f.left) / float64(n)
	return f.left + int(step*(float64(i)+0.5)), min(96, int(step*0.62))
}

// level draws a dashed reference line.
func (f frame) level(l *Level) {
	if l != nil {
		y := f.y(l.Value)
		f.dashes(f.left, f.right, y)
	}
}

func (c canvas) dashes(x1, x2, y int) {
	for x := x1; x < x2; x += 20 {
		c.rect(x, y-1, min(x+11, x2), y+2, muted)
	}
}

// column draws a bar with rounded shoulders from the zero line up to v.
func (f frame) column(x, w int, v float64, fill charts.Color) {
	top, r := f.y(v), 8
	if f.bottom-top < 2*r {
		f.rect(x-w/2, min(top, f.bottom-3), x+w/2, f.bottom, fill)
		return
	}
	f.round(x-w/2, top, x+w/2, f.bottom, r, fill)
	f.rect(x-w/2, f.bottom-r-1, x+w/2, f.bottom, fill)
}

// value writes a figure above the line y on a patch of paper, so that no line
// runs through it.
func (f frame) value(s string, x, y, room int, style charts.FontStyle) {
	s = f.clip(s, room, style)
	w := f.wide(s, style)
	f.rect(x-w/2-3, y-34, x+w/2+3, y-6, paper)
	f.centre(s, x, y-12, room, style)
}
