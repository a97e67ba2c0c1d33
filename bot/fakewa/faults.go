package fakewa

import (
	"fmt"
	"net/http"

	"go.mau.fi/whatsmeow/store"
)

// faults is what the network does wrong at the moment.
type faults struct {
	refuse   refusal
	reachOut bool   // no first message to anybody who has not written
	revision uint32 // of WhatsApp Web, 0 for the library's own
	loseAcks int    // messages that are delivered but not confirmed
}

type refusal struct {
	reason int
	more   map[string]any
}

// Cut ends every connection without a word, as a broken line does.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.close()
	}
}

// Refuse has every further login fail for a reason, with attributes such as
// "code" and "expire" beside it; reason 0 lets everybody in again.
func (s *Server) Refuse(reason int, more map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.refuse = refusal{reason, more}
}

// RestrictReachOut has the network refuse, with error 463, messages to anybody
// who has not written to the sender, as it does to numbers that write to strangers.
func (s *Server) RestrictReachOut(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.reachOut = on
}

// LoseAcks delivers the next n messages without telling the sender, and cuts its
// line: it cannot know whether they arrived.
func (s *Server) LoseAcks(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.loseAcks = n
}

// Unlink ends a linked device's session, as its owner does on the phone.
func (s *Server) Unlink(p *Phone) {
	s.mu.Lock()
	var gone []*conn
	for id, d := range p.devices {
		if id == 0 {
			continue
		}
		delete(p.devices, id)
		if d.conn != nil {
			gone = append(gone, d.conn)
		}
	}
	s.mu.Unlock()
	for _, c := range gone {
		_ = s.last(c, streamError("401", "device_removed"))
	}
}

// Announce has the network's page name another revision of WhatsApp Web than the
// one that the library knows.
func (s *Server) Announce(revision uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.revision = revision
}

// servePage is the page in which clients look for the current revision.
func (s *Server) servePage(w http.ResponseWriter) {
	s.mu.Lock()
	revision := s.faults.revision
	s.mu.Unlock()
	if revision == 0 {
		revision = store.GetWAVersion()[2]
	}
	_, _ = fmt.Fprintf(w, `{"client_revision":%d,}`, revision) // a client that hung up does without
}

// lost reports whether the acknowledgement of one more message is to be lost.
func (s *Server) lost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.loseAcks == 0 {
		return false
	}
	s.faults.loseAcks--
	return true
}
