package fakewa

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// Phone is a person's WhatsApp: the first device of one account, with keys of its
// own. What it sends and gets is really encrypted. It is safe for concurrent use.
type Phone struct {
	PN   types.JID // the number
	LID  types.JID // the hidden id
	Name string    // what others see

	server *Server
	state  *store.Device // keys and sessions
	signal sync.Mutex    // one operation on them at a time

	// Under the server's lock:
	devices map[uint16]*device
	wroteTo map[string]bool // LIDs that this person has written to
	hidden  bool
	oldForm bool
	bubbles []*Bubble
	sent    map[string]sent
	typed   int
	unread  []string // ids of messages that could not be decrypted
}

// Bubble is one message as the phone shows it.
type Bubble struct {
	ID     string
	From   types.JID // the account that sent it
	Chat   types.JID // the other side of the conversation
	Own    bool      // sent by another device of this account
	At     time.Time // as the server dates it
	Kind   string    // "text", "image", "document" or "other"
	Text   string    // words or caption
	Quoted string    // id of the message it quotes
	Name   string    // of a document
	Copies int       // how often it arrived; the phone shows it once
	Read   bool      // our own message: the other side has read it
	// Message is what was decrypted, for [Phone.Fetch] and close looks.
	Message *waE2E.Message
}

// sent is what the phone can say again when a device could not read it.
type sent struct {
	to    *Phone
	plain []byte
	kind  string
}

const firstKeys = 100 // single keys that a new phone hands to the server

// Register adds an account with its phone; number is digits with the country's code.
func (s *Server) Register(number, name string) (*Phone, error) {
	p := &Phone{
		PN: types.NewJID(number, types.DefaultUserServer), Name: name, server: s, state: Device(),
		devices: map[uint16]*device{}, wroteTo: map[string]bool{}, sent: map[string]sent{},
	}
	fresh, err := p.state.PreKeys.GetOrGenPreKeys(context.Background(), firstKeys)
	if err != nil {
		return nil, fmt.Errorf("make keys of a phone: %w", err)
	}
	d := &device{phone: p, registration: p.state.RegistrationID, identity: *p.state.IdentityKey.Pub, signed: keyNode(p.state.SignedPreKey)}
	for _, k := range fresh {
		d.prekeys = append(d.prekeys, keyNode(k))
	}
	p.devices[0] = d
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastLID++
	p.LID = types.NewJID(strconv.FormatInt(s.lastLID, 10), types.HiddenUserServer)
	p.state.ID, p.state.LID = &p.PN, p.LID
	s.phones[p.PN.User], s.phones[p.LID.User] = p, p
	return p, nil
}

// HideNumber has others see the LID alone, as of people with a username.
func (p *Phone) HideNumber() {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.hidden = true
}

// WriteFromNumber has the phone send in the older form: the number first.
func (p *Phone) WriteFromNumber() {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.oldForm = true
}

// Seen is every message that reached the phone, in order; see [Bubble].
func (p *Phone) Seen() []Bubble {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	out := make([]Bubble, len(p.bubbles))
	for i, b := range p.bubbles {
		out[i] = *b
	}
	return out
}

// Inbox is what others wrote to the phone: [Phone.Seen] without the account's own.
func (p *Phone) Inbox() []Bubble {
	return slices.DeleteFunc(p.Seen(), func(b Bubble) bool { return b.Own })
}

// Typed counts how often somebody was seen typing to this phone.
func (p *Phone) Typed() int {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.typed
}

// Unreadable are the ids of messages that the phone could not decrypt at first.
func (p *Phone) Unreadable() []string {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return slices.Clone(p.unread)
}

// Await waits until the phone has n messages from others and gives them.
func (p *Phone) Await(ctx context.Context, n int) ([]Bubble, error) {
	err := p.server.until(ctx, fmt.Sprintf("%d messages", n), func() bool {
		have := 0
		for _, b := range p.bubbles {
			if !b.Own {
				have++
			}
		}
		return have >= n
	})
	return p.Inbox(), err
}

// again counts another copy of a message that the phone shows already; phones go
// by the id alone.
func (p *Phone) again(id string, from types.JID) bool {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	for _, b := range p.bubbles {
		if b.ID == id && b.From.User == from.User {
			b.Copies++
			return true
		}
	}
	return false
}

// show adds a message to what the phone has.
func (p *Phone) show(b Bubble) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	defer p.server.changedLocked()
	b.Copies = 1
	p.bubbles = append(p.bubbles, &b)
}
