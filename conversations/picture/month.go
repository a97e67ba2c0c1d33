package picture

import (
	"strconv"

	"ekinerja/roster"
)

// MonthChart is one person's month as a calendar.
type MonthChart struct {
	Title    string
	Subtitle string
	Month    roster.Day // any day of the month
	Weekdays [7]string  // Monday first
	Days     map[roster.Day]State
	// Letters say more of a day in one letter, such as C for leave; the caller
	// explains them beside the picture.
	Letters map[roster.Day]string
	Today   roster.Day // gets a ring; zero for none
	Legend  Legend
	TodayIs string // the legend's word for the ring
}

const (
	monthTop   = header + 52
	cellHeight = 78
	cellGap    = 6
)

// Month draws a field for every day, Monday first. A day that is not in Days is
// left pale without a mark.
func Month(m MonthChart) ([]byte, error) {
	first := m.Month.FirstOfMonth()
	weeks := (weekday(first) + lengthOf(first) + 6) / 7
	keys := m.keys(first)
	c := newCanvas(monthTop + weeks*cellHeight + foot(keys))
	c.heading(m.Title, m.Subtitle)
	for i, name := range m.Weekdays {
		x1, x2 := cellX(i)
		c.centre(name, (x1+x2)/2, monthTop-12, x2-x1, plain(22, muted))
	}
	for i := range lengthOf(first) {
		day := first.Add(i)
		place := weekday(first) + i
		x1, x2 := cellX(place % 7)
		y := monthTop + place/7*cellHeight
		a := area{x1, y, x2, y + cellHeight - cellGap}
		if day == m.Today {
			c.round(x1-5, y-5, x2+5, a.y2+5, 14, ink)
			c.round(x1-1, y-1, x2+1, a.y2+1, 11, paper)
		}
		state, known := m.Days[day]
		c.cell(day.Date, state, known, a)
		c.letter(m.Letters[day], state, a)
	}
	c.legend(keys)
	return c.png()
}

// area is a field of the calendar.
type area struct{ x1, y1, x2, y2 int }

// letter writes what says more of a day, left of its mark.
func (c canvas) letter(s string, state State, a area) {
	color := muted
	switch state {
	case OnTime:
		color = paper
	case Late:
		color = ink
	case Off, Missing, Holiday, Waiting:
	}
	c.centre(s, a.x2-58, (a.y1+a.y2)/2+9, 30, heavy(22, color))
}

// cell draws one day: its number, and a tick for a report or a cross for none.
func (c canvas) cell(date int, s State, known bool, a area) {
	number := plain(24, muted)
	switch {
	case !known:
		c.round(a.x1, a.y1, a.x2, a.y2, 10, wash)
	case s == Missing:
		c.framed(a.x1, a.y1, a.x2, a.y2, 10, red)
		number = heavy(24, red)
	default:
		c.tile(s, a.x1, a.y1, a.x2, a.y2)
	}
	markX, markY := a.x2-30, (a.y1+a.y2)/2
	switch {
	case !known:
	case s == OnTime:
		number = heavy(24, paper)
		c.tick(markX, markY, 13, paper)
	case s == Late:
		number = heavy(24, ink)
		c.tick(markX, markY, 13, ink)
	case s == Missing:
		c.cross(markX, markY, 11, red)
	case s == Waiting:
		number = heavy(24, blue)
	case s == Holiday:
		number = heavy(24, plum)
		c.dot(markX, markY, 6, plum)
	}
	c.text(strconv.Itoa(date), a.x1+16, markY+9, 50, number)
}

func (m MonthChart) keys(first roster.Day) []key {
	occurs := map[State]bool{}
	for day, state := range m.Days {
		if sameMonth(day, first) {
			occurs[state] = true
		}
	}
	keys := m.Legend.keys(occurs)
	if sameMonth(m.Today, first) {
		keys = append(keys, key{m.TodayIs, ring})
	}
	return keys
}

// sameMonth compares the year as well: December has a neighbour in each.
func sameMonth(a, b roster.Day) bool { return a.Year == b.Year && a.Month == b.Month }

func cellX(column int) (x1, x2 int) {
	w := (width - 2*margin + cellGap) / 7
	x1 = margin + column*w
	return x1, x1 + w - cellGap
}

// weekday counts from Monday, 0 to 6.
func weekday(d roster.Day) int { return (int(d.Weekday()) + 6) % 7 }

func lengthOf(first roster.Day) int {
	next := first.Add(31)
	return next.FirstOfMonth().Sub(first)
}
