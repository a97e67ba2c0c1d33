package picture

import "strconv"

// ShiftChart is how often scores fall into each band of ten points, under a rule that
// counted and under one that is proposed.
type ShiftChart struct {
	Title, Subtitle string
	Before, After   [10]int // the last band holds 90 to 100
	BeforeIs        string  // legend
	AfterIs         string
	Count           string // what the figures are: "% of scores"
	Nothing         string // when both are empty
}

// Shift draws both distributions, band beside band: what counted in light columns,
// what is proposed in dark ones.
func Shift(s ShiftChart) ([]byte, error) {
	most, all := 0, [2]int{}
	for i := range s.Before {
		most = max(most, s.Before[i], s.After[i])
		all[0], all[1] = all[0]+s.Before[i], all[1]+s.After[i]
	}
	keys := []key{
		{s.BeforeIs, func(c canvas, x, y int) { c.rect(x, y-18, x+22, y+4, sky) }},
		{s.AfterIs, func(c canvas, x, y int) { c.rect(x, y-18, x+22, y+4, blue) }},
	}
	c := newCanvas(plotFoot + 64 + foot(keys))
	top := c.heading(s.Title, s.Subtitle)
	if most == 0 {
		c.nothing(s.Nothing)
		return c.png()
	}
	f := frame{c, margin + 16, width - margin - 16, top + 76, plotFoot - 36}
	c.text(s.Count, margin, top+34, 300, plain(22, muted))
	for i := range s.Before {
		x, w := f.slot(i, len(s.Before))
		w = w/2 + 6
		for n, v := range []int{s.Before[i], s.After[i]} {
			if v == 0 {
				continue
			}
			fill, at := sky, x-w/2-1
			if n == 1 {
				fill, at = blue, x+w/2+1
			}
			share := float64(v) / float64(most) * 100
			f.column(at, w, share, fill)
			f.value(strconv.Itoa((100*v+all[n]/2)/all[n]), at, f.y(share), w+2, plain(18, ink))
		}
	}
	f.rect(f.left, f.bottom, f.right, f.bottom+2, muted)
	for i := range len(s.Before) + 1 {
		f.centre(strconv.Itoa(i*10), f.scale(float64(i*10)), f.bottom+42, 60, plain(20, muted))
	}
	c.legend(keys)
	return c.png()
}
