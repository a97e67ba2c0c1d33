package main

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"sync"
)

// points are the moments at which the service and a neighbour tell each other
// something that lasts: before and after each COMMIT, each call of the network,
// each word to Redis. They are found on the lines between them, so the program
// knows nothing of it; and what a process thinks between two of them dies with it.
//
//	service ─▶ "before SettleMessages" ─▶ Postgres ─▶ "after SettleMessages" ─▶ service
type points struct {
	mu   sync.Mutex
	seen map[string]int
	aim  string
	nth  int
	kill func()
	hit  chan struct{} // closed when the process has been killed
}

// at notes that a point is reached. True: the process was killed exactly there,
// and what it said or was to hear goes nowhere. A nil points is none.
func (p *points) at(when, what string) bool {
	if p == nil || what == "" {
		return false
	}
	name := when + " " + what
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[name]++
	if p.aim != name {
		return false
	}
	if p.nth--; p.nth > 0 {
		return false
	}
	p.aim = ""
	p.kill()
	close(p.hit)
	return true
}

// next makes the process end at the nth time that a point is reached; none
// lets it live.
func (p *points) next(name string, nth int, kill func()) (hit <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.aim, p.nth, p.kill, p.hit = name, nth, kill, make(chan struct{})
	return p.hit
}

// forget tells how often each point was reached since the last time.
func (p *points) forget() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.seen
	p.seen = map[string]int{}
	return seen
}

// wire listens to one connection; true from either end cuts it there.
type wire interface {
	asks(chunk []byte) bool
	answers(chunk []byte) bool
}

// redisWire knows two things that are told to Redis.
type redisWire struct {
	points *points
	mu     sync.Mutex
	last   string
}

func (w *redisWire) asks(chunk []byte) bool {
	what := ""
	switch {
	case !bytes.Contains(bytes.ToLower(chunk), []byte("evalsha")):
	case bytes.Contains(chunk, []byte("conv:{")):
		what = "putting a session"
	case bytes.Contains(chunk, []byte("pace:{")):
		what = "asking for the pace"
	}
	w.mu.Lock()
	w.last = what
	w.mu.Unlock()
	return w.points.at("before", what)
}

func (w *redisWire) answers([]byte) bool {
	w.mu.Lock()
	what := w.last
	w.last = ""
	w.mu.Unlock()
	return w.points.at("after", what)
}

// pgWire follows PostgreSQL's protocol as far as it must to tell which statements
// of sqlc change something, and when that becomes true: with the COMMIT of their
// transaction, or, without one, when they are done.
type pgWire struct {
	points *points

	mu       sync.Mutex
	ask      []byte // of a frame that is not whole yet
	answer   []byte
	begun    bool // the connection has said its first words, which have no type
	prepared map[string]statement
	open     bool   // within BEGIN and COMMIT
	unit     string // what will become true; empty: nothing
	failed   bool
}

// statement is what matters of one: its name in store/queries, and what it does.
type statement struct {
	name   string
	writes bool
}

var (
	sqlcName = regexp.MustCompile(`-- name: (\w+) `)
	writing  = regexp.MustCompile(`(?i)\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+(\s+\w+)?\s+SET)\b`)
)

func statementOf(sql string) statement {
	s := statement{name: strings.ToLower(strings.TrimSpace(sql)), writes: writing.MatchString(sql)}
	if m := sqlcName.FindStringSubmatch(sql); m != nil {
		s.name = m[1]
	}
	return s
}

// asks looks at what the service says; everything in one chunk dies together.
func (w *pgWire) asks(chunk []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ask = append(w.ask, chunk...)
	if !w.begun {
		if len(w.ask) < 4 || len(w.ask) < int(binary.BigEndian.Uint32(w.ask)) {
			return false
		}
		w.ask, w.begun, w.prepared = w.ask[binary.BigEndian.Uint32(w.ask):], true, map[string]statement{}
	}
	for kind, body, ok := frame(&w.ask); ok; kind, body, ok = frame(&w.ask) {
		switch fields := bytes.SplitN(body, []byte{0}, 3); {
		case kind == 'P' && len(fields) == 3:
			w.prepared[string(fields[0])] = statementOf(string(fields[1]))
		case kind == 'B' && len(fields) == 3:
			if w.does(w.prepared[string(fields[1])]) {
				return true
			}
		case kind == 'Q':
			if w.does(statementOf(string(bytes.TrimRight(body, "\x00")))) {
				return true
			}
		}
	}
	return false
}

// does notes a statement; true: the process was killed before it became true.
func (w *pgWire) does(s statement) bool {
	switch {
	case strings.HasPrefix(s.name, "begin"):
		w.open = true
	case s.name == "commit":
		w.open = false
		return w.points.at("before", w.unit)
	case s.name == "rollback":
		w.open, w.unit = false, ""
	case s.writes && w.unit == "":
		w.unit = s.name
		return !w.open && w.points.at("before", w.unit)
	}
	return false
}

// answers looks at what Postgres says: ready and outside of a transaction, all
// that was asked has become true.
func (w *pgWire) answers(chunk []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = append(w.answer, chunk...)
	for kind, body, ok := frame(&w.answer); ok; kind, body, ok = frame(&w.answer) {
		switch {
		case kind == 'E':
			w.failed = true
		case kind == 'Z' && len(body) == 1 && body[0] == 'I':
			what, failed := w.unit, w.failed
			w.unit, w.failed = "", false
			if !failed && w.points.at("after", what) {
				return true
			}
		}
	}
	return false
}

// frame takes one message of the protocol off the front, if it is whole.
func frame(from *[]byte) (kind byte, body []byte, ok bool) {
	if len(*from) < 5 {
		return 0, nil, false
	}
	size := 1 + int(binary.BigEndian.Uint32((*from)[1:]))
	if len(*from) < size {
		return 0, nil, false
	}
	kind, body = (*from)[0], (*from)[5:size]
	*from = (*from)[size:]
	return kind, body, true
}
