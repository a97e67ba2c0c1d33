package fakegram

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// watchBuffer is how far a watcher may fall behind before it misses events.
const watchBuffer = 256

// EventKind is what changed.
type EventKind string

// The kinds of events.
const (
	EventMessage   EventKind = "message"   // a new bubble
	EventEdited    EventKind = "edited"    // a bubble's text, caption or buttons changed
	EventDeleted   EventKind = "deleted"   // a bubble vanished
	EventToast     EventKind = "toast"     // a tap was answered
	EventTyping    EventKind = "typing"    // the bot is typing; Message is empty
	EventConfirmed EventKind = "confirmed" // the bot took UpdateID; Message is empty
	EventChat      EventKind = "chat"      // blocked, unblocked, joined, left; Message is empty
)

// Event is one change of a chat.
type Event struct {
	Kind     EventKind
	ChatID   int64
	UpdateID int64   // with EventConfirmed
	Message  Message // the bubble as it is now
	// Missed counts events that this watcher lost before this one because it
	// was slow; it should then read the chat anew.
	Missed int
}

// watchers fans events out without ever waiting for a watcher.
type watchers struct {
	count atomic.Int32

	mu   sync.Mutex
	subs map[*watcher]struct{}
	done bool
}

type watcher struct {
	events chan Event
	missed int
}

func newWatchers() *watchers { return &watchers{subs: map[*watcher]struct{}{}} }

// any is a cheap hint: without watchers nobody needs to build an event.
func (w *watchers) any() bool { return w.count.Load() > 0 }

func (w *watchers) emit(e Event) {
	if !w.any() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for sub := range w.subs {
		e.Missed = sub.missed
		select {
		case sub.events <- e:
			sub.missed = 0
		default:
			sub.missed++
		}
	}
}

func (w *watchers) end(sub *watcher) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, live := w.subs[sub]; live {
		delete(w.subs, sub)
		w.count.Add(-1)
		close(sub.events)
	}
}

func (w *watchers) close() {
	w.mu.Lock()
	w.done = true
	subs := slices.Collect(maps.Keys(w.subs))
	w.mu.Unlock()
	for _, sub := range subs {
		w.end(sub)
	}
}

// Watch follows all chats from now on. The channel is closed by cancel or by
// [Server.Close]. A slow reader misses events ([Event.Missed]); it never slows
// the server down.
func (s *Server) Watch() (<-chan Event, func()) {
	sub := &watcher{events: make(chan Event, watchBuffer)}
	w := s.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		close(sub.events)
		return sub.events, func() {}
	}
	w.subs[sub] = struct{}{}
	w.count.Add(1)
	return sub.events, func() { w.end(sub) }
}
