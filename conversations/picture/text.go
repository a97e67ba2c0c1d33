package picture

import (
	"strings"

	"github.com/go-analyze/charts"
)

// Colours: Okabe and Ito for the states, greys for the rest. Text on paper has a
// contrast of at least 4.5 to 1.
var (
	paper  = charts.ColorRGB(255, 255, 255)
	ink    = charts.ColorRGB(31, 41, 51)
	muted  = charts.ColorRGB(84, 95, 110)
	faint  = charts.ColorRGB(220, 223, 226)
	wash   = charts.ColorRGB(239, 239, 240)
	blue   = charts.ColorRGB(0, 114, 178)
	sky    = charts.ColorRGB(156, 200, 226)
	orange = charts.ColorRGB(230, 159, 0)
	red    = charts.ColorRGB(200, 80, 0)
	purple = charts.ColorRGB(240, 214, 228)
	plum   = charts.ColorRGB(150, 60, 110)
)

// inks are all of them; fewer than colours, so that greys fit in too.
func inks() []charts.Color {
	return []charts.Color{paper, ink, muted, faint, wash, blue, sky, orange, red, purple, plum}
}

func plain(px float64, color charts.Color) charts.FontStyle {
	return font(charts.FontFamilyNotoSans, px, color)
}

func heavy(px float64, color charts.Color) charts.FontStyle {
	return font(charts.FontFamilyNotoSansBold, px, color)
}

func legendFont() charts.FontStyle { return plain(22, ink) }

// font takes pixels; the library counts points at 96 dots an inch.
func font(family string, px float64, color charts.Color) charts.FontStyle {
	return charts.FontStyle{Font: charts.GetFont(family), FontSize: px * 72 / 96, FontColor: color}
}

// text writes s with its baseline at y, cut to at most room pixels, and returns
// the width it took.
func (c canvas) text(s string, x, y, room int, f charts.FontStyle) int {
	s = c.clip(s, room, f)
	if s == "" {
		return 0
	}
	c.use(f)
	c.r.Text(s, x, y)
	c.r.ResetStyle()
	return c.wide(s, f)
}

func (c canvas) centre(s string, x, y, room int, f charts.FontStyle) {
	s = c.clip(s, room, f)
	c.text(s, x-c.wide(s, f)/2, y, room, f)
}

func (c canvas) right(s string, x, y, room int, f charts.FontStyle) {
	s = c.clip(s, room, f)
	c.text(s, x-c.wide(s, f), y, room, f)
}

func (c canvas) wide(s string, f charts.FontStyle) int {
	if s == "" {
		return 0
	}
	defer c.r.ResetStyle()
	c.use(f)
	return c.r.MeasureText(s).Width()
}

func (c canvas) use(f charts.FontStyle) {
	c.r.SetFont(f.Font)
	c.r.SetFontSize(f.FontSize)
	c.r.SetFontColor(f.FontColor)
}

// clip makes s one line that fits into room pixels, ending in an ellipsis when
// something had to go.
func (c canvas) clip(s string, room int, f charts.FontStyle) string {
	s = strings.Join(strings.Fields(s), " ")
	if c.wide(s, f) <= room {
		return s
	}
	runes := []rune(s)
	low, high := 0, len(runes) // low fits, high does not
	for high-low > 1 {
		mid := (low + high) / 2
		if c.wide(shorten(runes[:mid]), f) <= room {
			low = mid
		} else {
			high = mid
		}
	}
	if low == 0 {
		return ""
	}
	return shorten(runes[:low])
}

func shorten(runes []rune) string { return strings.TrimRight(string(runes), " ,.") + "…" }
