package fakegram

import (
	"errors"
	"maps"
	"strconv"
	"sync"
	"time"
)

// How many calls and violations are kept.
const (
	defaultKeepCalls = 1024
	keepViolations   = 1024
)

// Call is one call of the bot, as logged by [Server.Calls].
type Call struct {
	At     time.Time
	Method string
	// Params are the checked parameters (nil if the call was refused before);
	// an uploaded file is its name. Read only.
	Params map[string]any
	// Status is the HTTP status, 0 if the connection was closed without one.
	Status      int
	Description string // of an error
}

// Violation is a call that a careful bot would never have made.
type Violation struct {
	At          time.Time
	Method      string
	Description string
}

// ring keeps the last n values.
type ring[T any] struct {
	n     int
	items []T
	next  int // where the oldest is, once full
}

func (r *ring[T]) add(v T) {
	if len(r.items) < r.n {
		r.items = append(r.items, v)
		return
	}
	r.items[r.next] = v
	r.next = (r.next + 1) % r.n
}

func (r *ring[T]) all() []T {
	out := make([]T, 0, len(r.items))
	return append(append(out, r.items[r.next:]...), r.items[:r.next]...)
}

type journal struct {
	mu         sync.Mutex
	calls      ring[Call]
	violations ring[Violation]
	counts     map[string]int
}

func newJournal(keep int) *journal {
	if keep <= 0 {
		keep = defaultKeepCalls
	}
	return &journal{calls: ring[Call]{n: keep}, violations: ring[Violation]{n: keepViolations}, counts: map[string]int{}}
}

func (j *journal) add(c *call, err error) {
	entry := Call{At: c.at, Method: c.method, Params: c.values, Status: 200}
	violation := false
	if e := (*apiError)(nil); errors.As(err, &e) {
		entry.Status, entry.Description, violation = e.code, e.description, e.violation
	} else if err != nil {
		entry.Status = 0
	}
	if len(c.files) > 0 {
		entry.Params = maps.Clone(c.values)
		for name, f := range c.files {
			entry.Params[name] = f.name
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.calls.add(entry)
	if len(j.counts) < 4096 || j.counts[countKey(entry)] > 0 { // method names are the client's
		j.counts[countKey(entry)]++
	}
	if violation {
		j.violations.add(Violation{At: c.at, Method: c.method, Description: entry.Description})
	}
}

func countKey(c Call) string { return c.Method + " " + strconv.Itoa(c.Status) }

// Calls answers the last calls, oldest first. A call is logged just before its
// answer is written, so a moment after its message was seen.
func (s *Server) Calls() []Call {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.journal.calls.all()
}

// Counts answers how many calls ended how, for all time: "sendMessage 200": 12.
// Status 0 is a connection closed without an answer.
func (s *Server) Counts() map[string]int {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return maps.Clone(s.journal.counts)
}

// Violations answers the last calls that broke the Bot API's own rules, oldest
// first. A test of a careful bot expects none.
func (s *Server) Violations() []Violation {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	return s.journal.violations.all()
}
