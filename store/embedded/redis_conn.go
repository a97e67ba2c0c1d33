package embedded

import (
	"errors"
	"net"
	"sync"
	"time"
)

// eager is a client's end that always takes the server's answers at once. A
// plain pipe has no room: a client that still writes a long pipeline and a
// server that already answers would wait for each other forever. Redis itself
// keeps unread answers in memory, without a limit; so does this.
//
//	client ── write ──────────────────────────▶ server
//	client ◀── read ── in ◀── unread answers ◀── server
type eager struct {
	net.Conn          // to the server; only its write side is used by the client
	in       net.Conn // the client reads here
	before   func()   // called before something is sent
}

func newEager(server net.Conn, before func()) net.Conn {
	in, out := net.Pipe()
	q := &queue{}
	q.grown.L = &q.mu
	go q.fill(server)
	go q.drain(out)
	return eager{Conn: server, in: in, before: before}
}

func (e eager) Read(p []byte) (int, error) { return e.in.Read(p) }

func (e eager) Write(p []byte) (int, error) {
	e.before()
	return e.Conn.Write(p)
}

func (e eager) SetReadDeadline(t time.Time) error { return e.in.SetReadDeadline(t) }

func (e eager) SetDeadline(t time.Time) error {
	return errors.Join(e.SetReadDeadline(t), e.SetWriteDeadline(t))
}

func (e eager) Close() error { return errors.Join(e.Conn.Close(), e.in.Close()) }

// queue holds answers that the client has not read.
type queue struct {
	mu    sync.Mutex
	grown sync.Cond
	data  []byte
	ended bool
}

// fill takes what the server writes until one side closes.
func (q *queue) fill(from net.Conn) {
	chunk := make([]byte, 4096)
	for {
		n, err := from.Read(chunk)
		q.mu.Lock()
		q.data = append(q.data, chunk[:n]...)
		q.ended = err != nil
		q.grown.Signal()
		q.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// drain hands the answers on, and the end after the last of them.
func (q *queue) drain(to net.Conn) {
	defer to.Close()
	for {
		q.mu.Lock()
		for len(q.data) == 0 && !q.ended {
			q.grown.Wait()
		}
		data := q.data
		q.data = nil
		q.mu.Unlock()
		if len(data) == 0 {
			return
		}
		if _, err := to.Write(data); err != nil {
			return
		}
	}
}
