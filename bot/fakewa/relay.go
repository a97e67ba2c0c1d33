package fakewa

import (
	"errors"
	"maps"
	"slices"

	"go.mau.fi/whatsmeow/types"
)

// errLost ends a connection together with an acknowledgement.
var errLost = errors.New("acknowledgement lost")

// codes by which the network refuses a message.
const (
	nackNobody   = 404
	nackReachOut = 463
)

// relay brings each encrypted copy of a message to the device it is meant for.
func (s *Server) relay(c *conn, n *node) error {
	to := whom(n, "to")
	ack := node{Tag: "ack", Attrs: attrs{
		"class": "message", "id": text(n, "id"), "from": to, "t": s.cfg.Now().Unix(),
	}}
	target := s.phoneOf(to)
	switch {
	case target == nil:
		s.violated("a message to nobody")
		ack.Attrs["error"] = nackNobody
		return c.send(ack)
	case s.cold(c.device.phone, target):
		ack.Attrs["error"] = nackReachOut
		return c.send(ack)
	}
	copies, shared := parts(n)
	if len(copies) == 0 { // a repetition names the one device that asked for it
		copies, shared = []node{{Tag: "to", Attrs: attrs{"jid": to}, Content: shared}}, nil
	} else {
		s.complete(target, copies)
	}
	for _, one := range copies {
		content := append(slices.Clone(one.GetChildren()), shared...)
		s.deliver(letter{from: c.device, to: whom(&one, "jid"), chat: to, stanza: n, content: content})
	}
	if s.lost() {
		c.close()
		return errLost
	}
	return c.send(ack)
}

// parts separates a message's copies from what all devices get.
func parts(n *node) (copies, shared []node) {
	for _, child := range n.GetChildren() {
		switch child.Tag {
		case "participants":
			copies = child.GetChildren()
		case "enc", "meta", "device-identity", "biz", "reporting":
			shared = append(shared, child)
		}
	}
	return copies, shared
}

// complete notes a message that leaves a device of its receiver out.
func (s *Server) complete(target *Phone, copies []node) {
	s.mu.Lock()
	left := maps.Clone(target.devices)
	s.mu.Unlock()
	for _, one := range copies {
		j := whom(&one, "jid")
		if j.User == target.LID.User || j.User == target.PN.User {
			delete(left, j.Device)
		}
	}
	if len(left) > 0 {
		s.violated("a message leaves %d devices of its receiver out", len(left))
	}
}

// cold reports whether the message would be one to a stranger while such are refused.
func (s *Server) cold(from, to *Phone) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.reachOut && from != to && !to.wroteTo[from.LID.User]
}

// letter is one copy of a message on its way to one device.
type letter struct {
	from    *device
	to      types.JID
	chat    types.JID // whom the message as a whole is for
	stanza  *node     // as it was sent
	content []node
}

// deliver addresses a copy as the server does and puts it on its way.
func (s *Server) deliver(l letter) {
	s.mu.Lock()
	d := s.deviceLocked(l.to)
	var out *node
	if d != nil {
		out = s.envelope(l, d)
	}
	s.mu.Unlock()
	if d != nil {
		s.push(d, out)
	}
}

// envelope is the stanza that the receiving device sees; called under the lock.
func (s *Server) envelope(l letter, d *device) *node {
	sender := l.from.phone
	out := &node{Tag: "message", Content: l.content, Attrs: attrs{
		"id": text(l.stanza, "id"), "type": text(l.stanza, "type"), "t": s.cfg.Now().Unix(),
		"notify": sender.Name, "from": l.from.lid(),
	}}
	if e := text(l.stanza, "edit"); e != "" {
		out.Attrs["edit"] = e
	}
	switch {
	case d.phone == sender: // for the sender's own other devices
		out.Attrs["recipient"] = l.chat
	case sender.oldForm:
		out.Attrs["from"], out.Attrs["sender_lid"] = l.from.pn(), sender.LID
	case sender.hidden:
		out.Attrs["addressing_mode"] = "lid"
	default:
		out.Attrs["addressing_mode"], out.Attrs["sender_pn"] = "lid", sender.PN
	}
	return out
}

// push hands a stanza to a phone now, and to a linked device now or when it is back.
func (s *Server) push(d *device, n *node) {
	if d.id == 0 {
		d.phone.take(n)
		return
	}
	s.mu.Lock()
	d.pending = append(d.pending, n)
	c := d.conn
	if !d.live {
		c = nil
	}
	s.mu.Unlock()
	if c != nil {
		_ = c.send(*n) // a line that broke brings it at the next login
	}
}

// flush sends a device that is ready what it has not acknowledged, in order.
func (s *Server) flush(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := c.device
	if d == nil || d.conn != c || d.live {
		return
	}
	d.live = true
	for i, n := range d.pending {
		again := *n
		again.Attrs = maps.Clone(n.Attrs)
		again.Attrs["offline"] = i
		_ = c.send(again) // a line that broke brings it at the next login
	}
	_ = c.send(node{Tag: "ib", Content: []node{{Tag: "offline", Attrs: attrs{"count": len(d.pending)}}}})
	s.changedLocked()
}

// settle forgets the first stanza of that id: the device has it.
func (s *Server) settle(d *device, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(d.pending, func(n *node) bool { return text(n, "id") == id })
	if i >= 0 {
		d.pending = slices.Delete(d.pending, i, i+1)
	}
	s.changedLocked()
}

// receipt passes a device's receipt on to whoever wrote the message.
func (s *Server) receipt(c *conn, n *node) error {
	id, kind, to := text(n, "id"), text(n, "type"), whom(n, "to")
	if kind != "read" && kind != "played" {
		s.settle(c.device, id)
	}
	out := &node{Tag: "receipt", Content: n.Content, Attrs: attrs{"id": id, "t": s.cfg.Now().Unix(), "from": c.device.lid()}}
	if kind != "" {
		out.Attrs["type"] = kind
	}
	s.mu.Lock()
	d := s.deviceLocked(to)
	s.mu.Unlock()
	if d != nil && d != c.device {
		s.push(d, out)
	}
	return c.send(node{Tag: "ack", Attrs: attrs{"class": "receipt", "id": id, "from": to}})
}

// typing shows a phone that somebody writes to it.
func (s *Server) typing(c *conn, n *node) {
	if p := s.phoneOf(whom(n, "to")); p != nil {
		p.take(&node{Tag: "chatstate", Content: n.Content, Attrs: attrs{"from": c.device.lid()}})
	}
}
