package fakegram

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"
)

// keepUpdates is how many updates [Server.Redeliver] can look back.
const keepUpdates = 4096

// firstUpdateID is where the sequence starts; Telegram starts anywhere.
const firstUpdateID = 730_000_001

// maxPollTimeout caps getUpdates' timeout in seconds, as Telegram does.
const maxPollTimeout = 50

// update is one event for the bot, rendered once.
type update struct {
	id     int64
	chat   int64
	kind   string // the field of Update: "message", "callback_query", …
	raw    json.RawMessage
	tried  bool // handed out at least once
	repeat bool // a redelivery: its id may be below the bot's offset
}

// queue holds the updates that the bot has not confirmed, oldest first.
//
// Lock order: Chat.mu, then queue.mu, then webhook.mu and watchers.mu.
type queue struct {
	onConfirm func(chat, update int64) // called with mu held; must not block

	mu        sync.RWMutex
	nextID    int64
	waiting   []*update
	waitingID map[int64]int // how often an id waits
	past      map[int64]*update
	pastOrder []int64
	allowed   []string      // kinds the bot asked for; empty is all
	wake      chan struct{} // closed and replaced on every push
	poller    chan struct{} // closed to end the running getUpdates
	hook      *webhook      // nil while polling
	closed    bool
}

func newQueue(onConfirm func(chat, update int64)) *queue {
	return &queue{
		onConfirm: onConfirm,
		nextID:    firstUpdateID,
		waitingID: map[int64]int{},
		past:      map[int64]*update{},
		wake:      make(chan struct{}),
	}
}

// push takes an update in and answers its id, or 0 if the bot does not want the
// kind. body is the JSON of the event itself.
func (q *queue) push(chat int64, kind string, body json.RawMessage) int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.allowed) > 0 && !slices.Contains(q.allowed, kind) {
		return 0
	}
	u := &update{id: q.nextID, chat: chat, kind: kind}
	q.nextID++
	u.raw = slices.Concat([]byte(`{"update_id":`+strconv.FormatInt(u.id, 10)+`,"`+kind+`":`), body, []byte("}"))
	q.remember(u)
	q.enqueue(u)
	return u.id
}

func (q *queue) remember(u *update) {
	q.past[u.id] = u
	q.pastOrder = append(q.pastOrder, u.id)
	if len(q.pastOrder) > keepUpdates {
		delete(q.past, q.pastOrder[0])
		q.pastOrder = q.pastOrder[1:]
	}
}

func (q *queue) enqueue(u *update) {
	if u.repeat {
		q.waiting = slices.Insert(q.waiting, 0, u)
	} else {
		q.waiting = append(q.waiting, u)
	}
	q.waitingID[u.id]++
	q.wakeUp()
	if q.hook != nil {
		q.hook.add(u)
	}
}

func (q *queue) wakeUp() {
	close(q.wake)
	q.wake = make(chan struct{})
}

// redeliver queues a past update once more; it answers false when the update is
// too old.
func (q *queue) redeliver(id int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	u := q.past[id]
	if u == nil {
		return false
	}
	q.enqueue(&update{id: u.id, chat: u.chat, kind: u.kind, raw: u.raw, repeat: true})
	return true
}

// confirmBelow forgets the updates before offset. A negative offset counts from
// the end. A redelivered update goes once it was handed out.
func (q *queue) confirmBelow(offset int64) {
	if offset < 0 {
		from := max(0, len(q.waiting)+int(max(offset, -1<<31)))
		for _, u := range q.waiting[:from] {
			q.settle(u)
		}
		q.waiting = slices.Clone(q.waiting[from:])
		return
	}
	done := func(u *update) bool { return u.id < offset && (!u.repeat || u.tried) }
	n := 0
	for n < len(q.waiting) && done(q.waiting[n]) {
		q.settle(q.waiting[n])
		n++
	}
	q.waiting = q.waiting[n:]
	if len(q.waiting) > 0 && q.waiting[0].repeat {
		q.waiting = slices.DeleteFunc(q.waiting, func(u *update) bool {
			if done(u) {
				q.settle(u)
			}
			return done(u)
		})
	}
}

// confirm forgets one update that the webhook took.
func (q *queue) confirm(u *update) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.Index(q.waiting, u); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		q.settle(u)
	}
}

func (q *queue) settle(u *update) {
	if q.waitingID[u.id]--; q.waitingID[u.id] <= 0 {
		delete(q.waitingID, u.id)
	}
	q.onConfirm(u.chat, u.id)
}

func (q *queue) drop() {
	for _, u := range q.waiting {
		q.settle(u)
	}
	q.waiting = nil
}

func (q *queue) pending() int {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return len(q.waiting)
}

// confirmed is true for an update that was pushed and no longer waits.
func (q *queue) confirmed(id int64) bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	return id >= firstUpdateID && id < q.nextID && q.waitingID[id] == 0
}

// skipTo makes the next update id larger, as Telegram may after a quiet week.
func (q *queue) skipTo(id int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.nextID = max(q.nextID, id)
}

// interrupt makes a waiting getUpdates look again (at faults, at closing).
func (q *queue) interrupt() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.wakeUp()
}

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
