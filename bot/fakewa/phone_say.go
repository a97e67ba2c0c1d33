package fakewa

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
)

// Say writes words to an account, to all its devices, and gives the message's id.
func (p *Phone) Say(to *Phone, words string) (id string, err error) {
	return p.Send(to, &waE2E.Message{Conversation: &words})
}

// Reply writes words that quote a message of the other side.
func (p *Phone) Reply(to *Phone, quoted, words string) (id string, err error) {
	return p.Send(to, &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{
		Text: &words,
		ContextInfo: &waE2E.ContextInfo{
			StanzaID: &quoted, Participant: new(to.LID.String()),
			QuotedMessage: &waE2E.Message{Conversation: new("…")},
		},
	}})
}

// Send sends any message and gives its id.
func (p *Phone) Send(to *Phone, m *waE2E.Message) (id string, err error) {
	const idSize = 9
	id = "3A" + strings.ToUpper(hex.EncodeToString(chance(idSize)))
	return id, p.SendAs(to, id, m)
}

// SendAs is Send under an id of the caller's.
func (p *Phone) SendAs(to *Phone, id string, m *waE2E.Message) error {
	plain, err := proto.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	one := sent{to: to, plain: plain, kind: kindOf(m)}
	s := p.server
	s.mu.Lock()
	p.sent[id], p.wroteTo[to.LID.User] = one, true
	devices := slices.Sorted(maps.Keys(to.devices))
	s.mu.Unlock()
	for _, d := range devices {
		if err := p.sendTo(one, id, withDevice(to.LID, d)); err != nil {
			return err
		}
	}
	return nil
}

// sendTo encrypts and sends a message's copy for one device.
func (p *Phone) sendTo(m sent, id string, to types.JID) error {
	enc, err := p.encrypt(to, m.plain)
	if err != nil {
		return err
	}
	s := p.server
	s.mu.Lock()
	me := p.devices[0]
	s.mu.Unlock()
	s.deliver(letter{
		from: me, to: to, chat: m.to.LID, content: []node{*enc},
		stanza: &node{Tag: "message", Attrs: attrs{"id": id, "type": m.kind}},
	})
	return nil
}

// sayAgain repeats a message for a device that could not read it, with new keys.
func (p *Phone) sayAgain(id string, to types.JID) {
	p.server.mu.Lock()
	m, ok := p.sent[id]
	p.server.mu.Unlock()
	if !ok {
		return
	}
	p.forget(to)
	if err := p.sendTo(m, id, to); err != nil {
		p.server.violated("a message could not be said again: %v", err)
	}
}

// kindOf is the type that a message's stanza names.
func kindOf(m *waE2E.Message) string {
	switch {
	case m.GetImageMessage() != nil, m.GetDocumentMessage() != nil, m.GetAudioMessage() != nil, m.GetVideoMessage() != nil,
		m.GetStickerMessage() != nil, m.GetLocationMessage() != nil, m.GetContactMessage() != nil:
		return "media"
	case m.GetReactionMessage() != nil:
		return "reaction"
	default:
		return "text"
	}
}
