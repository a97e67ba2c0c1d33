package fakegram

import (
	"encoding/json"
	"slices"
	"strconv"
	"sync"
)

// keepUpdates is how many updates [Server.Redeliver] can look back.
const keepUpdates = 4096

// firstUpdateID is where the sequence starts; Telegram starts anywhere.
const firstUpdateID = 730_000_001

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
	gaps      [][2]int64 // ids that skipTo left out: from, to
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
	skipped := slices.ContainsFunc(q.gaps, func(g [2]int64) bool { return id >= g[0] && id < g[1] })
	return id >= firstUpdateID && id < q.nextID && q.waitingID[id] == 0 && !skipped
}

// skipTo makes the next update id larger, as Telegram may after a quiet week.
func (q *queue) skipTo(id int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if id > q.nextID {
		q.gaps = append(q.gaps, [2]int64{q.nextID, id})
		q.nextID = id
	}
}

// interrupt makes a waiting getUpdates look again (at faults, at closing).
func (q *queue) interrupt() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.wakeUp()
}
