package demo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"ekinerja/bot/fakegram"
)

// beat is how often a page hears of the clock, and of everything that has no
// event of its own.
const beat = 500 * time.Millisecond

// panelBeats is how many beats pass between two looks at the database when
// nobody writes.
const panelBeats = 4

// live tells one open page what changed:
//
//	chat    {"key"}                    read this phone anew
//	phone   {"key"}                    its frame too: it was blocked or unblocked
//	typing  {"key"}                    the bot is typing
//	toast   {"key", "text", "alert"}   a tap was answered
//	clock   {"date", "time", …}        at every beat
//	faults, panel {}                   read the cards, the table anew
type live struct {
	page   *page
	w      http.ResponseWriter
	keys   map[int64]string // by chat
	faults faultView
	rows   panelView
	idle   int // beats since the last look at the rows
	wrote  bool
}

type keyed struct {
	Key   string `json:"key,omitempty"`
	Text  string `json:"text,omitempty"`
	Alert bool   `json:"alert,omitempty"`
}

func (p *page) events(w http.ResponseWriter, r *http.Request) {
	changes, stop := p.cfg.Net.Watch()
	defer stop()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	l := &live{page: p, w: w, keys: map[int64]string{}, faults: p.faults.view()}
	for _, line := range p.lines {
		l.keys[line.chatID()] = line.Key
	}
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for err := l.clock(); err == nil; {
		select {
		case e, open := <-changes:
			if !open {
				return
			}
			err = l.batch(e, changes)
		case <-ticker.C:
			err = l.tick(r)
		case <-r.Context().Done():
			return
		}
	}
}

// batch tells of a change and of all that are already waiting behind it, each
// phone once.
func (l *live) batch(first fakegram.Event, more <-chan fakegram.Event) error {
	l.wrote = true
	var said []keyed
	for e, n := first, len(more); ; n-- {
		if e.Missed > 0 {
			for _, key := range l.keys {
				said = append(said, keyed{Key: key})
			}
		}
		if err := l.change(e, &said); err != nil {
			return err
		}
		if n <= 0 {
			break
		}
		next, open := <-more
		if !open {
			break
		}
		e = next
	}
	slices.SortFunc(said, func(a, b keyed) int { return strings.Compare(a.Key, b.Key) })
	for _, k := range slices.Compact(said) {
		if err := l.send("chat", k); err != nil {
			return err
		}
	}
	return nil
}

// change tells at once of what is no new content, and collects what is.
func (l *live) change(e fakegram.Event, said *[]keyed) error {
	key, ok := l.keys[e.ChatID]
	if !ok {
		return nil
	}
	switch e.Kind {
	case fakegram.EventTyping:
		return l.send("typing", keyed{Key: key})
	case fakegram.EventChat:
		return l.send("phone", keyed{Key: key})
	case fakegram.EventToast:
		if n := len(e.Message.Toasts); n > 0 && e.Message.Toasts[n-1].Text != "" {
			t := e.Message.Toasts[n-1]
			return l.send("toast", keyed{Key: key, Text: t.Text, Alert: t.Alert})
		}
		return nil
	default:
		*said = append(*said, keyed{Key: key})
		return nil
	}
}

func (l *live) tick(r *http.Request) error {
	if err := l.clock(); err != nil {
		return err
	}
	if now := l.page.faults.view(); now != l.faults {
		l.faults = now
		if err := l.send("faults", keyed{}); err != nil {
			return err
		}
	}
	l.idle++
	if !l.wrote && l.idle < panelBeats {
		return nil
	}
	l.wrote, l.idle = false, 0
	rows := l.page.panelView(r.Context())
	if rows.Broken == l.rows.Broken && slices.Equal(rows.Rows, l.rows.Rows) {
		return nil
	}
	l.rows = rows
	return l.send("panel", keyed{})
}

func (l *live) clock() error { return l.send("clock", l.page.clockView()) }

func (l *live) send(event string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("render an event: %w", err)
	}
	if _, err := fmt.Fprintf(l.w, "event: %s\ndata: %s\n\n", event, body); err != nil {
		return err
	}
	return http.NewResponseController(l.w).Flush()
}
