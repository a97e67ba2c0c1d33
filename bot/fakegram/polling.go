package fakegram

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// maxPollTimeout caps getUpdates' timeout in seconds, as Telegram does.
const maxPollTimeout = 50

// poll is one getUpdates. It ends early when ctx ends, when another poll or a
// webhook takes over, or when the network goes down.
type poll struct {
	offset  int64
	limit   int
	wait    time.Duration
	allowed []string // nil keeps the last choice
	down    func() bool
}

func (q *queue) poll(ctx context.Context, p poll) ([]*update, error) {
	mine := make(chan struct{})
	if err := q.takeOver(mine, p); err != nil {
		return nil, err
	}
	defer q.leave(mine)
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	for {
		batch, wake := q.batch(p.limit)
		if len(batch) > 0 {
			return batch, nil
		}
		select {
		case <-mine:
			return nil, conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
		case <-wake:
			if p.down() {
				return nil, errCut
			}
		case <-timer.C:
			return nil, nil
		case <-ctx.Done():
			return nil, errCut
		}
	}
}

// takeOver makes mine the only running poll and confirms what its offset says.
func (q *queue) takeOver(mine chan struct{}, p poll) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.hook != nil {
		return conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if q.poller != nil {
		close(q.poller)
	}
	q.poller = mine
	if p.allowed != nil {
		q.allowed = p.allowed
	}
	if p.offset != 0 {
		q.confirmBelow(p.offset)
	}
	return nil
}

func (q *queue) leave(mine chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.poller == mine {
		q.poller = nil
	}
}

// batch answers up to limit waiting updates and the channel that tells of more.
func (q *queue) batch(limit int) ([]*update, <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch := slices.Clone(q.waiting[:min(limit, len(q.waiting))])
	for _, u := range batch {
		u.tried = true
	}
	return batch, q.wake
}

// getUpdates answers the waiting updates, waiting for the first one.
func (s *Server) getUpdates(ctx context.Context, c *call) (any, error) {
	p := poll{offset: c.num("offset"), limit: 100, down: func() bool { return s.faults.down("getUpdates") }}
	if n := c.num("limit"); n >= 1 && n <= 100 {
		p.limit = int(n)
	} else if c.has("limit") {
		return nil, breach("limit must be between 1 and 100")
	}
	if c.num("timeout") < 0 {
		return nil, breach("timeout must not be negative")
	}
	p.wait = time.Duration(min(c.num("timeout"), maxPollTimeout)) * time.Second
	if c.has("allowed_updates") {
		kinds, err := s.allowedUpdates(c)
		if err != nil {
			return nil, err
		}
		p.allowed = kinds
	}
	batch, err := s.queue.poll(ctx, p)
	if err != nil {
		return nil, err
	}
	return joinUpdates(batch), nil
}

// allowedUpdates answers the kinds to deliver; never nil.
func (s *Server) allowedUpdates(c *call) ([]string, error) {
	kinds := []string{}
	for _, v := range c.list("allowed_updates") {
		kind, _ := v.(string)
		if s.api.types["Update"].fields[kind] == nil || kind == "update_id" {
			return nil, breach("allowed_updates has the unknown kind " + strconv.Quote(kind))
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}

func joinUpdates(batch []*update) json.RawMessage {
	out := []byte("[")
	for i, u := range batch {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, u.raw...)
	}
	return append(out, ']')
}
