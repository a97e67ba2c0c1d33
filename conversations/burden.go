package conversations

import (
	"time"

	"ekinerja/bot"
)

// Burden is what a report has cost its writer: the messages and taps they spent
// on it, and the seconds from the first of them to Kirim. Its budget, half of all
// reports within two messages and two taps, is held by a test.
type Burden struct {
	Messages int       `json:"messages,omitempty"`
	Taps     int       `json:"taps,omitempty"`
	Since    time.Time `json:"since,omitzero"` // the provider's time of the first message; ours of a tap
	Seconds  int       `json:"seconds,omitempty"`
}

// weigh counts this message or tap to the report that it serves. What comes from
// the clock and not from a person counts as nothing, and so does what the person
// does outside a report.
func (t *turn) weigh() {
	c := t.out.Report
	sent := c != nil && c.Submit
	if t.Msg.Kind == bot.KindTimer || (t.out.Session.Stage == StageIdle && !sent) {
		return
	}
	b := t.Session.Burden
	if day := t.out.Session.Day; sent {
		day = c.Day
		if t.Session.Day != day {
			b = Burden{}
		}
	} else if t.Session.Day != day && t.out.Moved != t.Session.Day {
		b = Burden{}
	}
	if b.Since.IsZero() {
		b.Since = t.at()
	}
	if t.Msg.Kind == bot.KindTap {
		b.Taps++
	} else {
		b.Messages++
	}
	if !sent {
		t.out.Session.Burden = b
		return
	}
	b.Seconds = max(int(t.at().Sub(b.Since).Seconds()), 0)
	c.Burden = b
}
