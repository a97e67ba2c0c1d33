package picture

import "github.com/go-analyze/charts"

// tile draws a state as a small field: full for a report, framed and crossed for
// a missing one, pale for a day without duty.
func (c canvas) tile(s State, x1, y1, x2, y2 int) {
	r := min(10, (x2-x1)/5)
	switch s {
	case OnTime:
		c.round(x1, y1, x2, y2, r, blue)
	case Late:
		c.round(x1, y1, x2, y2, r, orange)
	case Missing:
		c.framed(x1, y1, x2, y2, r, red)
		c.cross((x1+x2)/2, (y1+y2)/2, (y2-y1)/5, red)
	case Holiday:
		c.round(x1, y1, x2, y2, r, purple)
		if y2-y1 < cellHeight/2+8 {
			c.dot((x1+x2)/2, (y1+y2)/2, float64(y2-y1)/8, plum)
		}
	case Waiting:
		c.framed(x1, y1, x2, y2, r, blue)
	default:
		c.round(x1, y1, x2, y2, r, faint)
	}
}

// framed is a field of paper with a coloured edge.
func (c canvas) framed(x1, y1, x2, y2, r int, edge charts.Color) {
	c.round(x1, y1, x2, y2, r, edge)
	c.round(x1+3, y1+3, x2-3, y2-3, max(1, r-2), paper)
}

func (c canvas) cross(x, y, r int, color charts.Color) {
	w := float64(max(3, r/3))
	c.line(color, w, pt(x-r, y-r), pt(x+r, y+r))
	c.line(color, w, pt(x-r, y+r), pt(x+r, y-r))
}

func (c canvas) tick(x, y, r int, color charts.Color) {
	c.line(color, float64(max(3, r/3)), pt(x-r, y), pt(x-r/3, y+2*r/3), pt(x+r, y-2*r/3))
}
