package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ekinerja/bot/fakegram"
)

// shownBubbles bounds a chat on the page; a week of a simulated city is long.
const shownBubbles = 80

// snippetRunes is how much of a quoted message is shown.
const snippetRunes = 90

// bubble is one message as the page shows it.
type bubble struct {
	fakegram.Message
	Own     bool
	Spans   []span
	Day     string // "Senin, 23 November 2026" above the first bubble of a day
	Time    string // "15.31"
	Quote   *quote
	CanEdit bool
	Snippet string
}

// quote is a message inside another one, or above the input.
type quote struct {
	ID           int64
	Author, Text string
}

// screen is what changes on a phone when something happens.
type screen struct {
	Line    *line
	Bubbles []bubble
	Keys    [][]fakegram.Key
	Force   *quote // the message that the input answers by itself
	Holder  string // what the empty input says
	Fresh   bool   // nobody has written yet
	Blocked bool
}

// screen looks at a conversation now.
func (l *line) screen(loc *time.Location) screen {
	all := slices.DeleteFunc(l.chat().Messages(), func(m fakegram.Message) bool { return m.Deleted })
	s := screen{Line: l, Fresh: len(all) == 0, Blocked: l.blocked.Load(), Holder: "Ketik pesan…"}
	s.keyboard(all)
	if len(all) > shownBubbles {
		all = all[len(all)-shownBubbles:]
	}
	day, lastOwn := "", -1
	for _, m := range all {
		b := l.bubble(m, loc)
		if d := longDate(m.At.In(loc)); d != day {
			b.Day, day = d, d
		}
		if b.Own && m.Kind == "text" {
			lastOwn = len(s.Bubbles)
		}
		s.Bubbles = append(s.Bubbles, b)
	}
	if lastOwn >= 0 && l.group == nil {
		s.Bubbles[lastOwn].CanEdit = true
	}
	return s
}

func (l *line) bubble(m fakegram.Message, loc *time.Location) bubble {
	b := bubble{
		Message: m, Own: !m.FromBot, Spans: spans(m.Text, m.Entities), Time: hour(m.At.In(loc)), Snippet: snippet(m),
	}
	if m.ReplyTo == 0 {
		return b
	}
	if q, ok := l.chat().Message(m.ReplyTo); ok {
		b.Quote = quoteOf(q)
	}
	return b
}

func quoteOf(m fakegram.Message) *quote {
	author := m.FromName
	return &quote{ID: m.ID, Author: author, Text: snippet(m)}
}

// keyboard finds what the bot last did to the phone's input: a reply keyboard
// stays until it is replaced or removed, a forced reply until it is answered.
func (s *screen) keyboard(all []fakegram.Message) {
	answered := false
	for _, m := range slices.Backward(all) {
		if !m.FromBot {
			answered = true
			continue
		}
		k := m.Keyboard
		switch {
		case k == nil:
			continue
		case k.ForceReply && !answered:
			s.Force = quoteOf(m)
		case len(k.Rows) > 0 && (!k.OneTime || !answered):
			s.Keys = k.Rows
		}
		if k.Placeholder != "" && !answered {
			s.Holder = k.Placeholder
		}
		return
	}
}

// snippet is the beginning of a message in one line.
func snippet(m fakegram.Message) string {
	text := strings.Join(strings.Fields(m.Text), " ")
	switch m.Kind {
	case "photo":
		text = strings.TrimSpace("Foto " + text)
	case "sticker":
		text = "Stiker " + text
	case "voice":
		text = "Pesan suara"
	case "contact":
		text = "Kontak"
	case "location":
		text = "Lokasi"
	case "document":
		text = m.Document
	}
	if r := []rune(text); len(r) > snippetRunes {
		text = string(r[:snippetRunes-1]) + "…"
	}
	return text
}

// place is "7,5693° LS, 110,8290° BT".
func place(lat, lon float64) string {
	ns, ew := "LU", "BT"
	if lat < 0 {
		lat, ns = -lat, "LS"
	}
	if lon < 0 {
		lon, ew = -lon, "BB"
	}
	return strings.ReplaceAll(fmt.Sprintf("%.4f° %s; %.4f° %s", lat, ns, lon, ew), ".", ",")
}
