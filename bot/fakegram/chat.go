package fakegram

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Message is one bubble, as a phone shows it. It is a copy; its slices are shared
// with the server and read only.
type Message struct {
	ID       int64
	ChatID   int64
	FromBot  bool
	FromID   int64
	FromName string
	// Kind is "text", "photo", "document", "contact", "location", "sticker",
	// "voice" or "service" (somebody joined, the group moved).
	Kind     string
	Text     string // or the caption
	Entities []Entity
	Buttons  [][]Button
	Keyboard *Keyboard // what the message did to the phone's keyboard, or nil
	ReplyTo  int64     // the quoted message, 0 if none

	FileID   string // of a photo, document, sticker or voice: see Server.File
	Document string // the document's name
	Phone    string // of a contact
	Lat, Lon float64

	At       time.Time
	Edited   bool
	EditedAt time.Time
	Deleted  bool
	// Ticks of a person's own bubble: 1 sent, 2 the bot has confirmed it. 0 for
	// the bot's bubbles and for group messages the bot does not get.
	Ticks  int
	Toasts []Toast // answers to taps on this bubble, oldest first
}

// Button is an inline button. Data is what a tap sends.
type Button struct {
	Text string
	Data string
	URL  string
}

// Keyboard is what a message does to the phone's input.
type Keyboard struct {
	Rows        [][]Key // the keys of a reply keyboard
	Remove      bool    // the keyboard goes away
	ForceReply  bool    // the input opens as a reply to the message
	Placeholder string  // shown in the empty input
	OneTime     bool
	Resize      bool
}

// Key is a key of a reply keyboard: it sends its text, or the contact or location.
type Key struct {
	Text     string
	Contact  bool
	Location bool
}

// Toast is the answer to a tap. An empty Text only stops the button's spinner.
type Toast struct {
	UserID int64
	Text   string
	Alert  bool
	At     time.Time
}

// Chat is a private chat or a group, as everybody in it sees it.
type Chat struct {
	srv  *Server
	info apiChat

	mu          sync.Mutex
	entries     []*entry // by message id
	lastID      int64
	open        bool // the person has started the bot, or the bot is a member
	blocked     bool
	deactivated bool
	kicked      bool
	movedTo     int64
	changed     chan struct{} // closed at the next change, if anybody waits
}

// entry is a message as kept: what the API says of it and what a phone adds.
type entry struct {
	wire     apiMessage
	at       time.Time
	editedAt time.Time
	buttons  [][]Button
	keyboard *Keyboard
	toasts   []Toast
	deleted  bool
	updateID int64
}

// Chat answers the chat with this id, or nil; Messages of a nil chat are none.
func (s *Server) Chat(id int64) *Chat {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.chats[id]
}

// Messages answers all kept bubbles in order, deleted ones too.
func (c *Chat) Messages() []Message {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Message, 0, len(c.entries))
	for _, e := range c.entries {
		out = append(out, c.message(e))
	}
	return out
}

// Message answers one bubble, deleted or not.
func (c *Chat) Message(id int64) (Message, bool) {
	if c == nil {
		return Message{}, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.find(id)
	if e == nil {
		return Message{}, false
	}
	return c.message(e), true
}

// Await answers the first bubble of the bot with an id above after that match
// accepts, waiting until there is one or ctx ends. A nil match accepts any.
func (c *Chat) Await(ctx context.Context, after int64, match func(Message) bool) (Message, error) {
	if c == nil {
		return Message{}, ErrNoMessage
	}
	for {
		m, found, changed := c.look(after, match)
		if found {
			return m, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("await a message in chat %d: %w", c.info.ID, context.Cause(ctx))
		}
	}
}

// look answers the bubble that Await wants, or the channel that tells of a change.
func (c *Chat) look(after int64, match func(Message) bool) (Message, bool, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i, _ := c.search(after + 1)
	for _, e := range c.entries[i:] {
		if e.deleted || e.wire.From.ID != c.srv.bot.ID {
			continue
		}
		if m := c.message(e); match == nil || match(m) {
			return m, true, nil
		}
	}
	if c.changed == nil {
		c.changed = make(chan struct{})
	}
	return Message{}, false, c.changed
}

// message needs c.mu.
func (c *Chat) message(e *entry) Message {
	w := &e.wire
	m := Message{
		ID: w.MessageID, ChatID: c.info.ID, FromBot: w.From.ID == c.srv.bot.ID, FromID: w.From.ID, FromName: w.From.FirstName,
		Kind: "text", Text: w.Text, Entities: w.Entities, Buttons: e.buttons, Keyboard: e.keyboard,
		At: e.at, Edited: w.EditDate != 0, EditedAt: e.editedAt, Deleted: e.deleted, Toasts: slices.Clone(e.toasts),
	}
	if w.ReplyTo != nil {
		m.ReplyTo = w.ReplyTo.MessageID
	}
	if e.updateID != 0 {
		m.Ticks = 1
		if c.srv.queue.confirmed(e.updateID) {
			m.Ticks = 2
		}
	}
	describeMedia(&m, w)
	return m
}

func describeMedia(m *Message, w *apiMessage) {
	if w.Text == "" {
		m.Text, m.Entities = w.Caption, w.CaptionEntities
	}
	switch {
	case len(w.Photo) > 0:
		m.Kind, m.FileID = "photo", w.Photo[len(w.Photo)-1].FileID
	case w.Document != nil:
		m.Kind, m.FileID, m.Document = "document", w.Document.FileID, w.Document.Name
	case w.Sticker != nil:
		m.Kind, m.FileID, m.Text = "sticker", w.Sticker.FileID, w.Sticker.Emoji
	case w.Voice != nil:
		m.Kind, m.FileID = "voice", w.Voice.FileID
	case w.Contact != nil:
		m.Kind, m.Phone = "contact", w.Contact.Phone
	case w.Location != nil:
		m.Kind, m.Lat, m.Lon = "location", w.Location.Latitude, w.Location.Longitude
	case w.Text == "":
		m.Kind = "service"
	}
}

// post appends a message; it needs c.mu. fill gives it its content.
func (c *Chat) post(from apiUser, fill func(*entry)) *entry {
	c.lastID++
	now := c.srv.now()
	e := &entry{at: now, wire: apiMessage{MessageID: c.lastID, From: &from, Chat: c.info, Date: now.Unix()}}
	fill(e)
	c.entries = append(c.entries, e)
	if keep := c.srv.cfg.KeepMessages; keep > 0 && len(c.entries) > keep {
		c.entries[0] = nil // so that the array does not hold it
		c.entries = c.entries[1:]
	}
	return e
}

// emit tells those who wait and watch about a bubble; it needs c.mu.
func (c *Chat) emit(kind EventKind, e *entry) {
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
	if c.srv.watch.any() {
		c.srv.watch.emit(Event{Kind: kind, ChatID: c.info.ID, Message: c.message(e)})
	}
}

// push hands an update of this chat to the bot; it needs c.mu, so that updates
// are queued in the order in which things happened.
func (c *Chat) push(kind string, event any) (int64, error) {
	body, err := json.Marshal(event)
	if err != nil {
		return 0, fmt.Errorf("render an update: %w", err)
	}
	return c.srv.queue.push(c.info.ID, kind, body), nil
}

// find needs c.mu; it answers deleted messages too.
func (c *Chat) find(id int64) *entry {
	i, found := c.search(id)
	if !found {
		return nil
	}
	return c.entries[i]
}

func (c *Chat) search(id int64) (int, bool) {
	return slices.BinarySearchFunc(c.entries, id, func(e *entry, id int64) int { return cmp.Compare(e.wire.MessageID, id) })
}

// live is find without deleted messages.
func (c *Chat) live(id int64) *entry {
	if e := c.find(id); e != nil && !e.deleted {
		return e
	}
	return nil
}

// refusal says why the bot may not write here, or nil; it needs c.mu.
func (c *Chat) refusal() error {
	group := c.info.ID < 0
	switch {
	case c.movedTo != 0:
		return migrated(c.movedTo)
	case c.deactivated:
		return errDeactivated
	case c.blocked:
		return errBlockedByUser
	case c.kicked:
		return errKicked
	case !c.open && group:
		return errNotMember
	case !c.open:
		return errNotStarted
	}
	return nil
}

// quote answers a copy of a message for reply_to_message: one level deep, as in
// the Bot API.
func (e *entry) quote() *apiMessage {
	w := e.wire
	w.ReplyTo = nil
	return &w
}
