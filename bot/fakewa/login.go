package fakewa

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/types"
)

// Reasons by which the network refuses a login.
const (
	ReasonLoggedOut = 401 // the device is not linked any more
	ReasonTempBan   = 402 // with "code" and "expire" (seconds) beside it
	ReasonLocked    = 403
	ReasonOutdated  = 405 // the client is too old
	ReasonBanned    = 406
	ReasonBusy      = 503
)

// device is a phone (number 0) or a client linked to it. The server's lock guards
// what changes.
type device struct {
	phone        *Phone
	id           uint16
	registration uint32
	static       []byte // the key it connects with; a phone has none
	identity     [keySize]byte
	signed       node
	prekeys      []node

	conn    *conn
	live    bool    // it has asked for what waits; new stanzas go right out
	pending []*node // sent or waiting, not acknowledged
}

func (d *device) pn() types.JID  { return withDevice(d.phone.PN, d.id) }
func (d *device) lid() types.JID { return withDevice(d.phone.LID, d.id) }

func withDevice(j types.JID, id uint16) types.JID {
	j.Device = id
	return j
}

// errRefused ends a connection that the network did not want.
var errRefused = errors.New("login refused")

// login lets a linked device in, and the one that was there before out.
func (s *Server) login(c *conn, payload *waWa6.ClientPayload) error {
	reason, more := s.admit(c, payload)
	if reason != 0 {
		refusal := node{Tag: "failure", Attrs: attrs{"reason": reason}}
		maps.Copy(refusal.Attrs, more)
		return s.last(c, refusal)
	}
	return c.send(node{Tag: "success", Attrs: attrs{
		"t": s.cfg.Now().Unix(), "lid": c.device.lid(), "display_name": c.device.phone.Name,
	}})
}

// admit binds the connection to its device; a reason says why not.
func (s *Server) admit(c *conn, payload *waWa6.ClientPayload) (reason int, more map[string]any) {
	s.mu.Lock()
	p := s.phones[strconv.FormatUint(payload.GetUsername(), 10)]
	var d *device
	if p != nil {
		d = p.devices[uint16(payload.GetDevice())]
	}
	if d == nil || string(d.static) != string(c.static) {
		s.mu.Unlock()
		return ReasonLoggedOut, nil
	}
	if r := s.faults.refuse; r.reason != 0 {
		s.mu.Unlock()
		return r.reason, r.more
	}
	old := d.conn
	d.conn, d.live, c.device = c, false, d
	s.mu.Unlock()
	if old != nil {
		_ = s.last(old, streamError("", "replaced")) // it is only on its way out
	}
	return 0, nil
}

func streamError(code, conflict string) node {
	n := node{Tag: "stream:error", Attrs: attrs{}}
	if code != "" {
		n.Attrs["code"] = code
	}
	if conflict != "" {
		n.Content = []node{{Tag: "conflict", Attrs: attrs{"type": conflict}}}
	}
	return n
}

// lastWords is how long a connection stays open after its last stanza: the
// library may drop what it reads together with the end.
const lastWords = 50 * time.Millisecond

// last says a connection's last words and ends it.
func (s *Server) last(c *conn, n node) error {
	_ = c.send(n) // who is gone already needs no last words
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	<-ctx.Done()
	c.close()
	return errRefused
}
