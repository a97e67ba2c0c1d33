// Package picture draws the charts that go into a chat, as PNG.
//
// It knows shapes, colours and how to keep text from running over its edges. It
// never knows a sentence: every title, label and figure comes from the caller,
// already in the reader's language and number format. It never judges: who may
// see which picture is decided where it is asked for.
//
// The pictures are made for a phone: about 900 pixels wide, large letters, few
// lines, values written out. The value axis always runs from 0 to 100. Colours
// are those of Okabe and Ito, which colour-blind people tell apart; every state
// also differs by its shape.
//
// Drawing is deterministic: the same chart gives the same bytes.
package picture

import "math"

// State is how a day stands.
type State int

// The states of a day. Off is the zero value: nothing was expected.
const (
	Off     State = iota // no report is due
	OnTime               // reported on the day
	Late                 // reported within the late window
	Missing              // due, not reported
	Holiday              // a public holiday or joint leave
	Waiting              // due, and the window is still open
)

const (
	width    = 900
	plotFoot = 456 // where a chart with columns ends and its legend begins
	margin   = 36
	header   = 104 // height of the title and the subtitle
)

// percent brings a value into 0..100; what is no number is 0.
func percent(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return math.Min(100, math.Max(0, v))
}

// heading writes title and subtitle, a long title in smaller letters, and returns the first free line.
func (c canvas) heading(title, subtitle string) int {
	size := 34.0
	for size > 26 && c.wide(title, heavy(size, ink)) > c.w-2*margin {
		size--
	}
	c.text(title, margin, 56, c.w-2*margin, heavy(size, ink))
	c.text(subtitle, margin, 94, c.w-2*margin, plain(24, muted))
	return header
}

// nothing writes the caller's word for an empty chart into the middle.
func (c canvas) nothing(word string) {
	c.centre(word, c.w/2, (header+c.h)/2, c.w-2*margin, plain(26, muted))
}
