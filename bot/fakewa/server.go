package fakewa

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"go.mau.fi/whatsmeow"
)

// Config says how the network behaves.
type Config struct {
	// Now dates what people send and the server relays; required.
	Now func() time.Time
}

// Server is the network. It is safe for concurrent use; Close ends it.
type Server struct {
	cfg       Config
	authority *authority
	addr      string
	http      *http.Server
	served    sync.WaitGroup
	carrier   *http.Transport // of everybody who is attached

	mu         sync.Mutex
	phones     map[string]*Phone // by number and by LID
	conns      map[*conn]bool
	media      map[string][]byte // encrypted files by path
	faults     faults
	violations []string
	changed    chan struct{} // closed when something was settled
	lastLID    int64
}

// firstLID is where hidden ids begin; they have fifteen digits, as real ones do.
const firstLID = 100_000_000_000_000

// readHeaderPatience bounds a client that connects and says nothing.
const readHeaderPatience = 10 * time.Second

// New starts a server on a free port of the loopback interface. From then on
// this process's whatsmeow trusts it instead of the real network.
func New(cfg Config) (*Server, error) {
	if cfg.Now == nil {
		return nil, errors.New("fakewa: Config.Now is required")
	}
	a, err := trusted()
	if err != nil {
		return nil, err
	}
	var listen net.ListenConfig
	l, err := listen.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen on loopback: %w", err)
	}
	s := &Server{
		cfg: cfg, authority: a, addr: l.Addr().String(), changed: make(chan struct{}), lastLID: firstLID,
		carrier: &http.Transport{}, phones: map[string]*Phone{}, conns: map[*conn]bool{}, media: map[string][]byte{},
	}
	s.http = &http.Server{Handler: http.HandlerFunc(s.serveHTTP), ReadHeaderTimeout: readHeaderPatience}
	s.served.Go(func() { _ = s.http.Serve(l) }) // it ends with Close and says so
	return s, nil
}

// Close cuts every client off and waits until nothing runs any more.
func (s *Server) Close() {
	_ = s.http.Close() // the listener's own error has nobody to go to
	s.Cut()
	s.served.Wait()
	s.carrier.CloseIdleConnections()
}

// Transport carries every request to this server, whatever host it names.
func (s *Server) Transport() http.RoundTripper { return loopback{s.addr, s.carrier} }

// Attach has a client use this network for its socket and its files.
func (s *Server) Attach(cli *whatsmeow.Client) {
	h := &http.Client{Transport: s.Transport()}
	cli.SetWebsocketHTTPClient(h)
	cli.SetPreLoginHTTPClient(h)
	cli.SetMediaHTTPClient(h)
}

type loopback struct {
	addr    string
	carrier *http.Transport
}

func (l loopback) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", l.addr
	return l.carrier.RoundTrip(r)
}

// maxMessage is the most that one websocket message may hold, in bytes.
const maxMessage = 1 << 24

func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/":
		s.servePage(w)
		return
	case !strings.HasPrefix(r.URL.Path, "/ws"):
		s.serveMedia(w, r)
		return
	}
	s.served.Add(1) // a hijacked connection is not the HTTP server's any more
	defer s.served.Done()
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(maxMessage)
	c := newConn(websocket.NetConn(context.WithoutCancel(r.Context()), ws, websocket.MessageBinary))
	s.enter(c)
	defer s.leave(c)
	s.serve(c) //nolint:contextcheck // a connection outlives the request that opened it
}

func (s *Server) enter(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[c] = true
}

func (s *Server) leave(c *conn) {
	c.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	if c.device != nil && c.device.conn == c {
		c.device.conn = nil
	}
	s.changedLocked()
}

// serve talks to one client until it is gone.
func (s *Server) serve(c *conn) {
	payload, err := c.handshake(s.authority)
	if err != nil {
		return
	}
	if payload.DevicePairingData != nil {
		err = s.offer(c, payload)
	} else {
		err = s.login(c, payload)
	}
	for err == nil {
		var n *node
		if n, err = c.receive(); err == nil {
			err = s.handle(c, n)
		}
	}
}

// changedLocked wakes whoever waits for the network to come to rest.
func (s *Server) changedLocked() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// until waits for a condition, asked under the lock whenever something changed.
func (s *Server) until(ctx context.Context, what string, holds func() bool) error {
	for {
		s.mu.Lock()
		ok, changed := holds(), s.changed
		s.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		}
	}
}

// Settled waits until every device that is connected has acknowledged all that it
// was sent: its messages are where they must not be lost.
func (s *Server) Settled(ctx context.Context) error {
	return s.until(ctx, "acknowledgements", func() bool {
		for c := range s.conns {
			if c.device != nil && c.device.conn == c && (!c.device.live || len(c.device.pending) > 0) {
				return false
			}
		}
		return true
	})
}

// Online waits until a linked device of the phone is connected and ready.
func (s *Server) Online(ctx context.Context, p *Phone) error {
	return s.until(ctx, "a linked device", func() bool {
		for _, d := range p.devices {
			if d.conn != nil && d.live {
				return true
			}
		}
		return false
	})
}

// Pending counts what the linked devices of a phone have not acknowledged.
func (s *Server) Pending(p *Phone) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, d := range p.devices {
		n += len(d.pending)
	}
	return n
}

// Violations is what a careful client would not have sent, in order.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

func (s *Server) violated(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}
