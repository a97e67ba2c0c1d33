package fakegram

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"
)

// Webhook's limits and manners.
const (
	defaultConnections = 40
	maxConnections     = 100
	webhookTimeout     = 30 * time.Second
	firstBackoff       = 100 * time.Millisecond // Telegram waits longer; tests do not have the time
	maxBackoff         = 10 * time.Second
)

// secretHeader carries setWebhook's secret_token with every update.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// webhook posts updates to the bot. Updates of one chat go one after the other;
// chats go in parallel over at most max connections.
//
//	lane: idle ─add─▶ ready ─worker─▶ posting ─2xx─▶ ready, or idle when empty
//	                    ▲                │
//	                    └── back-off ◀───┘ no 2xx: the same update again
type webhook struct {
	url    string
	secret string
	max    int
	client *http.Client
	now    func() time.Time
	taken  func(*update) // called after a 2xx, without locks held
	down   func() bool
	kick   chan struct{} // tells run that a lane is ready
	cancel context.CancelFunc

	mu          sync.Mutex
	lanes       map[int64]*lane
	ready       []*lane
	running     int
	lastErrorAt time.Time
	lastError   string
}

// lane is the line of one chat's updates.
type lane struct {
	chat    int64
	waiting []*update
	backoff time.Duration
}

func (h *webhook) add(u *update) {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := h.lanes[u.chat]
	if l == nil {
		l = &lane{chat: u.chat}
		h.lanes[u.chat] = l
		h.makeReady(l)
	}
	l.waiting = append(l.waiting, u)
}

// makeReady needs h.mu.
func (h *webhook) makeReady(l *lane) {
	h.ready = append(h.ready, l)
	select {
	case h.kick <- struct{}{}:
	default: // run has not yet seen the last kick
	}
}

// run is the life of the webhook, until ctx ends.
func (h *webhook) run(ctx context.Context) {
	for {
		select {
		case <-h.kick:
			h.hire(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// hire starts a worker for every ready lane, as far as connections reach.
func (h *webhook) hire(ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for range min(len(h.ready), h.max-h.running) {
		h.running++
		go h.work(ctx)
	}
}

func (h *webhook) work(ctx context.Context) {
	for l, u := h.take(ctx); l != nil; l, u = h.take(ctx) {
		err := h.post(ctx, u)
		if err == nil {
			h.taken(u)
		}
		h.putBack(l, err)
	}
}

// take answers the next update, or nil when this worker may go home.
func (h *webhook) take(ctx context.Context) (*lane, *update) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.ready) == 0 || ctx.Err() != nil {
		h.running--
		return nil, nil
	}
	l := h.ready[0]
	h.ready = h.ready[1:]
	return l, l.waiting[0]
}

func (h *webhook) putBack(l *lane, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		h.lastErrorAt, h.lastError = h.now(), err.Error()
		l.backoff = min(max(2*l.backoff, firstBackoff), maxBackoff)
		time.AfterFunc(l.backoff, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.makeReady(l)
		})
		return
	}
	l.backoff = 0
	l.waiting = l.waiting[1:]
	if len(l.waiting) == 0 {
		delete(h.lanes, l.chat)
		return
	}
	h.makeReady(l)
}

func (h *webhook) post(ctx context.Context, u *update) error {
	if h.down() {
		return fmt.Errorf("network is down")
	}
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(u.raw))
	if err != nil {
		return fmt.Errorf("build the webhook request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set(secretHeader, h.secret)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return fmt.Errorf("connection failed: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20)) // so that the connection is used again
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("wrong response from the webhook: %s", resp.Status)
	}
	return nil
}

func (h *webhook) lastTrouble() (time.Time, string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lastErrorAt, h.lastError
}

var secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// setWebhook starts posting to url; an empty url removes the webhook. Unlike
// Telegram it takes plain http, for hosts on the same machine.
func (s *Server) setWebhook(ctx context.Context, c *call) (any, error) {
	if c.str("url") == "" {
		return s.deleteWebhook(ctx, c)
	}
	h, err := s.newWebhook(c)
	if err != nil {
		return nil, err
	}
	var kinds []string
	if c.has("allowed_updates") {
		if kinds, err = s.allowedUpdates(c); err != nil {
			return nil, err
		}
	}
	q := s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, errCut
	}
	q.endWebhook()
	q.startWebhook(ctx, h)
	if q.poller != nil {
		close(q.poller)
		q.poller = nil
	}
	if kinds != nil {
		q.allowed = kinds
	}
	if c.flag("drop_pending_updates") {
		q.drop()
	}
	for _, u := range q.waiting {
		h.add(u)
	}
	return true, nil
}

func (s *Server) newWebhook(c *call) (*webhook, error) {
	target, err := url.Parse(c.str("url"))
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return nil, breach("bad webhook: invalid webhook URL specified")
	}
	if c.has("secret_token") && !secretPattern.MatchString(c.str("secret_token")) {
		return nil, breach("secret token contains unallowed characters")
	}
	h := &webhook{
		url: target.String(), secret: c.str("secret_token"), max: defaultConnections, client: s.webhookClient,
		now: s.now, taken: s.queue.confirm, down: func() bool { return s.faults.down("") }, lanes: map[int64]*lane{}, kick: make(chan struct{}, 1),
	}
	if c.has("max_connections") {
		h.max = int(c.num("max_connections"))
	}
	if h.max < 1 || h.max > maxConnections {
		return nil, breach("max_connections must be between 1 and 100")
	}
	return h, nil
}

// startWebhook needs q.mu. The webhook outlives the call that set it.
func (q *queue) startWebhook(ctx context.Context, h *webhook) {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	h.cancel = cancel
	q.hook = h
	go h.run(life)
}

// endWebhook needs q.mu.
func (q *queue) endWebhook() {
	if q.hook != nil {
		q.hook.cancel()
		q.hook = nil
	}
}

func (s *Server) deleteWebhook(_ context.Context, c *call) (any, error) {
	q := s.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	q.endWebhook()
	if c.flag("drop_pending_updates") {
		q.drop()
	}
	return true, nil
}

func (s *Server) getWebhookInfo(context.Context, *call) (any, error) {
	q := s.queue
	q.mu.RLock()
	defer q.mu.RUnlock()
	info := apiWebhookInfo{Pending: len(q.waiting), Allowed: q.allowed}
	if h := q.hook; h != nil {
		info.URL, info.MaxConnections = h.url, h.max
		var at time.Time
		if at, info.LastError = h.lastTrouble(); info.LastError != "" {
			info.LastErrorDate = at.Unix()
		}
	}
	return info, nil
}
