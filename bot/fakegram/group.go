package fakegram

import "strings"

// Group is a group chat. Ids below -1,000,000,000,000 are supergroups, as in
// Telegram; the other negative ids are basic groups.
type Group struct {
	ID    int64
	Title string

	srv  *Server
	chat *Chat
}

const supergroupsBelow = -1_000_000_000_000

// Group answers the group with this negative id; the first call creates it,
// without the bot.
func (s *Server) Group(id int64, title string) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.groups[id]; g != nil {
		return g
	}
	kind := "group"
	if id < supergroupsBelow {
		kind = "supergroup"
	}
	c := &Chat{srv: s, info: apiChat{ID: id, Type: kind, Title: title}}
	g := &Group{ID: id, Title: title, srv: s, chat: c}
	s.groups[id], s.chats[id] = g, c
	return g
}

// Chat is what the group sees.
func (g *Group) Chat() *Chat { return g.chat }

// AddBot adds the bot: my_chat_member first, then the service message.
func (g *Group) AddBot(by *Person) (Sent, error) {
	return g.changeBot(by, true, func(w *apiMessage) { w.NewMembers = []apiUser{g.srv.bot} })
}

// RemoveBot throws the bot out.
func (g *Group) RemoveBot(by *Person) (Sent, error) {
	return g.changeBot(by, false, func(w *apiMessage) { w.LeftMember = &g.srv.bot })
}

func (g *Group) changeBot(by *Person, in bool, fill func(*apiMessage)) (Sent, error) {
	c := g.chat
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == in {
		return Sent{}, nil
	}
	before, after := "left", "member"
	if !in {
		before, after = "member", "kicked"
	} else if c.kicked {
		before = "kicked"
	}
	c.open, c.kicked = in, !in
	if _, err := c.memberChange(by, before, after); err != nil {
		return Sent{}, err
	}
	e := c.post(by.user(), func(e *entry) { fill(&e.wire) })
	return c.tell("message", EventMessage, e)
}

// Say types a text into the group. In privacy mode (see [Config.ReadsGroups])
// the bot only gets commands, mentions of its name and replies to it.
func (g *Group) Say(p *Person, text string) (Sent, error) { return g.chat.saySomething(p, 0, text) }

// Reply types a text that quotes a message of the group.
func (g *Group) Reply(p *Person, to int64, text string) (Sent, error) {
	return g.chat.saySomething(p, to, text)
}

// EditMessage changes an own text in the group.
func (g *Group) EditMessage(p *Person, id int64, text string) (Sent, error) {
	return g.chat.editOwn(p, id, text)
}

// Tap presses an inline button in the group, see [Person.Tap].
func (g *Group) Tap(p *Person, id int64, labelOrData string) (Sent, error) {
	return g.chat.tapButton(p, id, labelOrData)
}

// Migrate turns the basic group into a supergroup with another id. Both chats
// get their service message; sending to the old id is refused with the new one.
func (g *Group) Migrate(by *Person, newID int64) (*Group, error) {
	next := g.srv.Group(newID, g.Title)
	old := g.chat
	old.mu.Lock()
	wasIn := old.open
	e := old.post(by.user(), func(e *entry) { e.wire.MigrateTo = newID })
	old.movedTo = newID
	_, err := old.tell("message", EventMessage, e)
	old.mu.Unlock()
	if err != nil {
		return nil, err
	}
	c := next.chat
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = wasIn
	e = c.post(by.user(), func(e *entry) { e.wire.MigrateFrom = g.ID })
	_, err = c.tell("message", EventMessage, e)
	return next, err
}

// heard says whether the bot gets this message; it needs c.mu.
func (c *Chat) heard(w *apiMessage) bool {
	if c.info.ID > 0 {
		return true
	}
	if w.LeftMember != nil && w.LeftMember.ID == c.srv.bot.ID {
		return true
	}
	if !c.open {
		return false
	}
	bot := c.srv.bot
	service := w.NewMembers != nil || w.MigrateTo != 0 || w.MigrateFrom != 0
	reply := w.ReplyTo != nil && w.ReplyTo.From.ID == bot.ID
	command := len(w.Entities) > 0 && w.Entities[0].Offset == 0 && commandFor(w, bot.Username)
	mention := bot.Username != "" && strings.Contains(strings.ToLower(w.Text), "@"+strings.ToLower(bot.Username))
	return c.srv.cfg.ReadsGroups || service || reply || command || mention
}

// commandFor is false for "/help@another_bot".
func commandFor(w *apiMessage, username string) bool {
	word, _, _ := strings.Cut(w.Text, " ")
	_, name, named := strings.Cut(word, "@")
	return !named || strings.EqualFold(name, username)
}
