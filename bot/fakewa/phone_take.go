package fakewa

import (
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
)

// take is a stanza reaching the phone. It is read before take returns.
func (p *Phone) take(n *node) {
	switch n.Tag {
	case "message":
		p.read(n)
	case "receipt":
		p.heard(n)
	case "chatstate":
		p.server.mu.Lock()
		p.typed++
		p.server.changedLocked()
		p.server.mu.Unlock()
	}
}

// read decrypts a message, shows it and tells its sender so; what cannot be
// decrypted is asked for again.
func (p *Phone) read(n *node) {
	from := whom(n, "from")
	if p.again(text(n, "id"), from) {
		p.tick(n, from, "", nil)
		return
	}
	for _, child := range n.GetChildren() {
		if child.Tag != "enc" {
			continue
		}
		m, err := p.decrypt(&child, from)
		if err != nil {
			p.askAgain(n, from)
			return
		}
		p.show(bubble(n, from, m))
	}
	p.tick(n, from, "", nil)
}

// bubble is a decrypted message as it is shown.
func bubble(n *node, from types.JID, m *waE2E.Message) Bubble {
	b := Bubble{ID: text(n, "id"), From: from.ToNonAD(), Chat: from.ToNonAD()}
	if at, ok := n.Attrs["t"].(int64); ok {
		b.At = time.Unix(at, 0)
	}
	if d := m.GetDeviceSentMessage(); d != nil {
		b.Own, b.Chat, m = true, whom(n, "recipient"), d.GetMessage()
	}
	b.Message, b.Kind = m, "other"
	switch {
	case m.GetConversation() != "":
		b.Kind, b.Text = "text", m.GetConversation()
	case m.GetExtendedTextMessage() != nil:
		b.Kind, b.Text = "text", m.GetExtendedTextMessage().GetText()
		b.Quoted = m.GetExtendedTextMessage().GetContextInfo().GetStanzaID()
	case m.GetImageMessage() != nil:
		b.Kind, b.Text = "image", m.GetImageMessage().GetCaption()
	case m.GetDocumentMessage() != nil:
		d := m.GetDocumentMessage()
		b.Kind, b.Text, b.Name = "document", d.GetCaption(), d.GetFileName()
	}
	return b
}

// heard is a receipt for something that this phone wrote.
func (p *Phone) heard(n *node) {
	switch text(n, "type") {
	case "retry":
		p.sayAgain(text(n, "id"), whom(n, "from"))
	case "read":
		ids := []string{text(n, "id")}
		list := n.GetChildByTag("list")
		for _, item := range list.GetChildren() {
			ids = append(ids, text(&item, "id"))
		}
		p.markRead(ids)
	}
}

func (p *Phone) markRead(ids []string) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	for _, id := range ids {
		if m, ok := p.sent[id]; ok {
			m.kind = "read"
			p.sent[id] = m
		}
	}
	p.server.changedLocked()
}

// WasRead reports whether the other side has marked a message of this phone read.
func (p *Phone) WasRead(id string) bool {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.sent[id].kind == "read"
}

// askAgain tells a message's sender that it could not be read, with fresh keys
// to write to.
func (p *Phone) askAgain(n *node, from types.JID) {
	p.server.mu.Lock()
	p.unread = append(p.unread, text(n, "id"))
	p.server.mu.Unlock()
	t, _ := n.Attrs["t"].(int64)
	bundle := p.server.bundle(p.LID)
	keys := append([]node{}, bundle.GetChildren()...)
	p.tick(n, from, "retry", []node{
		{Tag: "retry", Attrs: attrs{"count": 1, "id": text(n, "id"), "t": strconv.FormatInt(t, 10), "v": 1}},
		bundle.GetChildByTag("registration"),
		{Tag: "keys", Content: keys},
	})
}

// tick sends a receipt for a message: none in kind is two grey ticks, "read" blue.
func (p *Phone) tick(n *node, to types.JID, kind string, content []node) {
	s := p.server
	s.mu.Lock()
	d := s.deviceLocked(to)
	s.mu.Unlock()
	if d == nil || d.phone == p {
		return
	}
	out := &node{Tag: "receipt", Attrs: attrs{"id": text(n, "id"), "from": p.LID, "t": s.cfg.Now().Unix()}}
	if kind != "" {
		out.Attrs["type"] = kind
	}
	if content != nil {
		out.Content = content
	}
	s.push(d, out)
}
