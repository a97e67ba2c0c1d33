package main

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// proxy stands between the service and one of its neighbours, and breaks what
// passes: a cable that can be pulled, a line that can be slow.
type proxy struct {
	listener net.Listener

	mu     sync.Mutex
	target address
	down   bool
	delay  time.Duration
	ends   map[net.Conn]struct{} // both ends of every connection
	// doom, when set, sees what the neighbour answers; true cuts the connection
	// before the service hears it.
	doom func([]byte) bool
	// tap, when set, gives each connection somebody who listens and may cut it.
	tap func() wire
}

// address is where a neighbour listens: a network and a place in it.
type address struct{ network, place string }

func newProxy(t *testing.T, target address) *proxy {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, target: target, ends: map[net.Conn]struct{}{}}
	go p.accept(t.Context())
	t.Cleanup(func() {
		_ = l.Close()
		p.Cut()
	})
	return p
}

// Addr is where the service finds the neighbour.
func (p *proxy) Addr() string { return p.listener.Addr().String() }

// Cut ends all connections; new ones are possible.
func (p *proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.ends {
		_ = c.Close()
	}
	clear(p.ends)
}

// Down refuses everything until Up.
func (p *proxy) Down() {
	p.mu.Lock()
	p.down = true
	p.mu.Unlock()
	p.Cut()
}

// Up ends Down.
func (p *proxy) Up() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = false
}

// Delay holds back every piece of an answer for d.
func (p *proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// Doom cuts connections just before an answer that f picks.
func (p *proxy) Doom(f func([]byte) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.doom = f
}

// Tap makes f's wires listen to new connections.
func (p *proxy) Tap(f func() wire) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tap = f
}

// Retarget sends new connections elsewhere.
func (p *proxy) Retarget(a address) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = a
}

func (p *proxy) accept(ctx context.Context) {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.join(ctx, near)
	}
}

// join carries one connection until either end is gone.
func (p *proxy) join(ctx context.Context, near net.Conn) {
	defer near.Close()
	p.mu.Lock()
	target, down, tap := p.target, p.down, p.tap
	p.mu.Unlock()
	if down {
		return
	}
	far, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, target.network, target.place)
	if err != nil {
		return
	}
	defer far.Close()
	p.mu.Lock()
	if p.down {
		p.mu.Unlock()
		return
	}
	p.ends[near], p.ends[far] = struct{}{}, struct{}{}
	p.mu.Unlock()
	var listens wire = deaf{}
	if tap != nil {
		listens = tap()
	}
	go func() {
		_, _ = io.Copy(far, tapped{near, listens.asks}) // an end of the connection, however it came
		_ = far.Close()
	}()
	p.answers(near, tapped{far, listens.answers})
	p.mu.Lock()
	delete(p.ends, near)
	delete(p.ends, far)
	p.mu.Unlock()
}

// answers carries what the neighbour says, unless it is slow or doomed.
func (p *proxy) answers(near io.Writer, far io.Reader) {
	buf := make([]byte, 64<<10)
	for {
		n, err := far.Read(buf)
		if n > 0 {
			p.mu.Lock()
			delay, doom := p.delay, p.doom
			p.mu.Unlock()
			if doom != nil && doom(buf[:n]) {
				return
			}
			if delay > 0 {
				<-time.After(delay)
			}
			if _, err := near.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// tapped is one direction of a connection that ends where somebody says so.
type tapped struct {
	io.Reader
	cut func(chunk []byte) bool
}

func (r tapped) Read(buf []byte) (int, error) {
	n, err := r.Reader.Read(buf)
	if n > 0 && r.cut(buf[:n]) {
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// deaf is a wire without anybody who listens.
type deaf struct{}

func (deaf) asks([]byte) bool    { return false }
func (deaf) answers([]byte) bool { return false }
