package fakegram

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Person is somebody with a phone and a private chat with the bot, whose chat id
// is the person's id. Every act answers what it created; acts that a real phone
// would not offer answer an error and do nothing.
type Person struct {
	ID        int64
	FirstName string
	Phone     string // as Telegram writes it: digits with the country code

	srv  *Server
	chat *Chat
}

// Sent names what an act created. UpdateID is 0 when the bot does not hear of
// it (privacy mode, allowed_updates); MessageID is 0 when there is no bubble.
type Sent struct {
	MessageID int64
	UpdateID  int64
}

// Person answers the person with this id; the first call creates the account.
// The bot cannot write to it before the person wrote or [Person.Open] was called.
func (s *Server) Person(id int64, firstName, phone string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.people[id]; p != nil {
		return p
	}
	c := &Chat{srv: s, info: apiChat{ID: id, Type: "private", FirstName: firstName}}
	p := &Person{ID: id, FirstName: firstName, Phone: phone, srv: s, chat: c}
	s.people[id], s.chats[id] = p, c
	return p
}

// People answers everybody, by id.
func (s *Server) People() []*Person {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.people), func(a, b *Person) int { return cmp.Compare(a.ID, b.ID) })
}

func (p *Person) user() apiUser {
	return apiUser{ID: p.ID, FirstName: p.FirstName, LanguageCode: "id"}
}

// Chat is the private chat with the bot.
func (p *Person) Chat() *Chat { return p.chat }

// Seen answers all bubbles of the private chat in order.
func (p *Person) Seen() []Message { return p.chat.Messages() }

// Last answers the newest bubble of the bot that is not deleted.
func (p *Person) Last() (Message, bool) {
	for _, m := range slices.Backward(p.chat.Messages()) {
		if m.FromBot && !m.Deleted {
			return m, true
		}
	}
	return Message{}, false
}

// Await waits for a bubble of the bot, see [Chat.Await].
func (p *Person) Await(ctx context.Context, after int64, match func(Message) bool) (Message, error) {
	return p.chat.Await(ctx, after, match)
}

// Open lets the bot write first, as if the person had started it long ago.
func (p *Person) Open() {
	p.chat.mu.Lock()
	defer p.chat.mu.Unlock()
	p.chat.open = true
}

// Start presses START (or RESTART, which also unblocks): "/start" with the
// parameter of a t.me link, or none.
func (p *Person) Start(param string) (Sent, error) {
	p.Unblock()
	return p.Send(strings.TrimSpace("/start " + param))
}

// Send types a text. It reaches the bot trimmed, as from a phone.
func (p *Person) Send(text string) (Sent, error) { return p.chat.saySomething(p, 0, text) }

// Reply types a text that quotes a message.
func (p *Person) Reply(to int64, text string) (Sent, error) { return p.chat.saySomething(p, to, text) }

// EditMessage changes an own text.
func (p *Person) EditMessage(id int64, text string) (Sent, error) {
	return p.chat.editOwn(p, id, text)
}

// Tap presses the inline button with this label, or else with this data. A
// message id of 0 means the newest message that has it.
func (p *Person) Tap(id int64, labelOrData string) (Sent, error) {
	return p.chat.tapButton(p, id, labelOrData)
}

// TapData sends any data as a tap on a message, whether the button exists or
// not: a button of an older version of the message, or a forged one.
func (p *Person) TapData(id int64, data string) (Sent, error) { return p.chat.tapData(p, id, data) }

// Block blocks the bot: it hears of it and can no longer write here.
func (p *Person) Block() Sent { return p.setBlocked(true) }

// Unblock ends Block; without a block nothing happens.
func (p *Person) Unblock() Sent { return p.setBlocked(false) }

func (p *Person) setBlocked(blocked bool) Sent {
	c := p.chat
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.blocked == blocked {
		return Sent{}
	}
	c.blocked = blocked
	before, after := "member", "kicked"
	if !blocked {
		before, after = after, before
	}
	sent, _ := c.memberChange(p, before, after) // plain data always encodes
	return sent
}

// Deactivate deletes the account: the bot is not told and gets 403 from now on.
func (p *Person) Deactivate() {
	p.chat.mu.Lock()
	defer p.chat.mu.Unlock()
	p.chat.deactivated = true
}

// actable says why nobody can act in the chat, or nil; it needs c.mu.
func (c *Chat) actable() error {
	switch {
	case c.deactivated || c.movedTo != 0:
		return ErrClosed
	case c.blocked:
		return ErrBlocking
	}
	return nil
}

// saySomething is a text of p in the chat, a reply if to is not 0.
func (c *Chat) saySomething(p *Person, to int64, text string) (Sent, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if text == "" {
		return Sent{}, ErrEmpty
	}
	if utf16Len(text) > maxText {
		return Sent{}, ErrTooLong
	}
	return c.say(p, to, func(w *apiMessage) { w.Text, w.Entities = text, commandsIn(text) })
}

// say posts a message of p and tells the bot.
func (c *Chat) say(p *Person, to int64, fill func(*apiMessage)) (Sent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.actable(); err != nil {
		return Sent{}, err
	}
	var quoted *apiMessage
	if to != 0 {
		e := c.live(to)
		if e == nil {
			return Sent{}, ErrNoMessage
		}
		quoted = e.quote()
	}
	if c.info.ID > 0 {
		c.open = true
	}
	e := c.post(p.user(), func(e *entry) {
		e.wire.ReplyTo = quoted
		fill(&e.wire)
	})
	return c.tell("message", EventMessage, e)
}

// tell pushes a message's update if the bot may see it, and tells watchers.
func (c *Chat) tell(kind string, event EventKind, e *entry) (Sent, error) {
	sent := Sent{MessageID: e.wire.MessageID}
	if c.heard(&e.wire) {
		id, err := c.push(kind, e.wire)
		if err != nil {
			return sent, err
		}
		sent.UpdateID, e.updateID = id, id
	}
	c.emit(event, e)
	return sent, nil
}

func (c *Chat) editOwn(p *Person, id int64, text string) (Sent, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if text == "" {
		return Sent{}, ErrEmpty
	}
	if utf16Len(text) > maxText {
		return Sent{}, ErrTooLong
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.live(id)
	switch {
	case e == nil:
		return Sent{}, ErrNoMessage
	case e.wire.From.ID != p.ID || e.wire.Text == "":
		return Sent{}, ErrNotMine
	}
	if err := c.actable(); err != nil {
		return Sent{}, err
	}
	now := c.srv.now()
	e.wire.Text, e.wire.Entities, e.wire.EditDate, e.editedAt = text, commandsIn(text), now.Unix(), now
	return c.tell("edited_message", EventEdited, e)
}

func (c *Chat) tapButton(p *Person, id int64, labelOrData string) (Sent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	byData := func(b Button) bool { return b.Data == labelOrData }
	byLabel := func(b Button) bool { return b.Data != "" && b.Text == labelOrData }
	for _, is := range []func(Button) bool{byLabel, byData} {
		for _, e := range slices.Backward(c.entries) {
			if e.deleted || id != 0 && e.wire.MessageID != id {
				continue
			}
			for _, row := range e.buttons {
				if i := slices.IndexFunc(row, is); i >= 0 {
					return c.tap(p, e, row[i].Data)
				}
			}
		}
	}
	return Sent{}, ErrNoButton
}

func (c *Chat) tapData(p *Person, id int64, data string) (Sent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.find(id)
	if e == nil || e.wire.From.ID != c.srv.bot.ID {
		return Sent{}, ErrNoMessage
	}
	return c.tap(p, e, data)
}

// tap makes the callback query; it needs c.mu.
func (c *Chat) tap(p *Person, e *entry, data string) (Sent, error) {
	if err := c.actable(); err != nil {
		return Sent{}, err
	}
	var message any = e.wire
	if e.deleted {
		message = apiGone{Chat: c.info, MessageID: e.wire.MessageID}
	}
	id := c.srv.taps.add(tap{chat: c, message: e.wire.MessageID, user: p.ID, at: c.srv.now()})
	update, err := c.push("callback_query", apiCallback{
		ID: id, From: p.user(), Message: message,
		ChatInstance: "-3527065" + id[len(id)-6:], Data: data,
	})
	return Sent{MessageID: e.wire.MessageID, UpdateID: update}, err
}

// memberChange tells the bot about itself in this chat; it needs c.mu.
func (c *Chat) memberChange(by *Person, before, after string) (Sent, error) {
	member := func(status string) apiMember {
		m := apiMember{Status: status, User: c.srv.bot}
		if status == "kicked" {
			m.UntilDate = new(int64)
		}
		return m
	}
	id, err := c.push("my_chat_member", apiMemberUpdated{
		Chat: c.info, From: by.user(), Date: c.srv.now().Unix(),
		Old: member(before), New: member(after),
	})
	c.srv.watch.emit(Event{Kind: EventChat, ChatID: c.info.ID})
	return Sent{UpdateID: id}, err
}

var commandIn = regexp.MustCompile(`(?:^|[\s(])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)\b`)

// commandsIn finds the bot_command entities that Telegram finds by itself.
func commandsIn(text string) []Entity {
	var out []Entity
	for _, at := range commandIn.FindAllStringSubmatchIndex(text, maxEntities) {
		out = append(out, Entity{Type: "bot_command", Offset: utf16Len(text[:at[2]]), Length: at[3] - at[2]})
	}
	return out
}
