package fakewa

import (
	"encoding/binary"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// handle does what one stanza of a client asks for.
func (s *Server) handle(c *conn, n *node) error {
	if c.device == nil && n.Tag != "iq" {
		if n.Tag != "ack" && n.Tag != "ib" { // both are part of pairing
			s.violated("%s before the login", n.Tag)
		}
		return nil
	}
	switch n.Tag {
	case "iq":
		if kind := text(n, "type"); kind == "result" || kind == "error" {
			if !c.answered(n) {
				s.violated("an answer to nothing")
			}
			return nil
		}
		return s.request(c, n)
	case "message":
		return s.relay(c, n)
	case "receipt":
		return s.receipt(c, n)
	case "ack":
		s.settle(c.device, text(n, "id"))
	case "chatstate":
		s.typing(c, n)
	case "presence", "ib":
	default:
		s.violated("unknown stanza %s", n.Tag)
	}
	return nil
}

// request answers a question of a client.
func (s *Server) request(c *conn, n *node) error {
	child := first(n)
	what := text(n, "xmlns") + "/" + child.Tag
	if c.device == nil && !strings.HasPrefix(what, "md/") && what != "w:p/" {
		s.violated("%s before the login", what)
		return c.refuse(n, 401, "not-authorized")
	}
	switch what {
	case "w:p/", "passive/passive", "privacy/tokens", "urn:xmpp:whatsapp:push/config", "urn:xmpp:whatsapp:dirty/clean", "w/props", "abt/props":
		return c.answer(n)
	case "passive/active":
		defer s.flush(c)
		return c.answer(n)
	case "encrypt/count":
		return c.answer(n, node{Tag: "count", Attrs: attrs{"value": s.keysLeft(c.device)}})
	case "encrypt/registration":
		s.keep(c.device, n)
		return c.answer(n)
	case "encrypt/key":
		return c.answer(n, s.bundles(child))
	case "usync/usync":
		return c.answer(n, s.usync(child))
	case "md/link_code_companion_reg":
		return s.linkCode(c, n, child)
	case "md/remove-companion-device":
		err := c.answer(n)
		s.Unlink(c.device.phone)
		return err
	case "w:m/media_conn":
		return c.answer(n, mediaHost())
	case "privacy/privacy":
		return c.answer(n, node{Tag: "privacy", Content: []node{
			{Tag: "category", Attrs: attrs{"name": "readreceipts", "value": "all"}},
		}})
	default:
		s.violated("unknown request %s", what)
		return c.refuse(n, 501, "feature-not-implemented")
	}
}

func first(n *node) node {
	if all := n.GetChildren(); len(all) > 0 {
		return all[0]
	}
	return node{}
}

func (s *Server) keysLeft(d *device) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(d.prekeys)
}

// keep stores the keys by which others may write to the device.
func (s *Server) keep(d *device, n *node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, child := range n.GetChildren() {
		raw, _ := child.Content.([]byte)
		switch child.Tag {
		case "registration":
			if len(raw) == 4 {
				d.registration = binary.BigEndian.Uint32(raw)
			}
		case "identity":
			if len(raw) == keySize {
				d.identity = [keySize]byte(raw)
			}
		case "list":
			d.prekeys = append(d.prekeys, child.GetChildren()...)
		case "skey":
			d.signed = child
		}
	}
}

// keyNode is a key as stanzas carry it: its id in three bytes, its public half
// and, of a signed one, the signature.
func keyNode(k *keys.PreKey) node {
	id := binary.BigEndian.AppendUint32(nil, k.KeyID)
	parts := []node{{Tag: "id", Content: id[1:]}, {Tag: "value", Content: k.Pub[:]}}
	if k.Signature == nil {
		return node{Tag: "key", Content: parts}
	}
	return node{Tag: "skey", Content: append(parts, node{Tag: "signature", Content: k.Signature[:]})}
}

func (s *Server) bundles(asked node) node {
	var users []node
	for _, u := range asked.GetChildren() {
		users = append(users, s.bundle(whom(&u, "jid")))
	}
	return node{Tag: "list", Content: users}
}

// bundle hands a device's keys out and uses one of the single ones up.
func (s *Server) bundle(j types.JID) node {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.deviceLocked(j)
	if d == nil || d.signed.Tag == "" {
		return node{Tag: "user", Attrs: attrs{"jid": j}, Content: []node{
			{Tag: "error", Attrs: attrs{"code": 404, "text": "item-not-found"}},
		}}
	}
	parts := []node{
		{Tag: "registration", Content: binary.BigEndian.AppendUint32(nil, d.registration)},
		{Tag: "type", Content: []byte{5}}, // Curve25519
		{Tag: "identity", Content: slices.Clone(d.identity[:])},
		d.signed,
	}
	if len(d.prekeys) > 0 {
		parts = append(parts, d.prekeys[0])
		d.prekeys = d.prekeys[1:]
	}
	return node{Tag: "user", Attrs: attrs{"jid": j}, Content: parts}
}

// phoneOf finds an account by number or LID, nil when there is none.
func (s *Server) phoneOf(j types.JID) *Phone {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phones[j.User]
}

func (s *Server) deviceLocked(j types.JID) *device {
	if p := s.phones[j.User]; p != nil {
		return p.devices[j.Device]
	}
	return nil
}
