package store

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// work is one message on its way through a turn.
type work struct {
	key     string
	now     time.Time
	version int64 // of the conversation
	inbox   int64 // 0: there is nothing to do
	tries   int
	more    bool
	rekey   string // the conversation in which the message belongs now
	turn    conversations.Turn
	out     conversations.Outcome
	home    bool // the message came from a chat of the person
	button  db.NextMessagesRow
	body    json.RawMessage // the new session
	says    bool
	hint    string
	alarm   int // refused enrolments of the fleet in the last hour; 0: no alarm
	// formerly is where the person was reached before a link: the chats that it
	// has just closed, or those of other networks.
	formerly []bot.Address
}

// group is the messages that share a transaction, one a conversation.
type group struct {
	now    time.Time
	today  roster.Day
	works  []*work // in the order of the keys that were asked for
	byKey  map[string]*work
	copies []Copy // of the sessions, in the same order
}

func newGroup(now time.Time, loc *time.Location, keys []string) *group {
	g := &group{now: now, today: roster.DayOf(now.In(loc)), byKey: make(map[string]*work, len(keys))}
	for _, key := range keys {
		w := &work{key: key, now: now}
		g.works = append(g.works, w)
		g.byKey[key] = w
	}
	return g
}

// todo are the works that have a message, in the order of their keys: whoever
// takes further locks takes them in the same order everywhere.
func (g *group) todo() []*work {
	out := make([]*work, 0, len(g.works))
	for _, w := range g.works {
		if w.inbox != 0 {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, func(a, b *work) int { return strings.Compare(a.key, b.key) })
	return out
}

// keys are all conversations of the group.
func (g *group) keys() []string {
	out := make([]string, len(g.works))
	for i, w := range g.works {
		out[i] = w.key
	}
	return out
}

// whose are the people of the group's conversations, and the chats that are nobody's.
func (g *group) whose() (people []int64, chats []string) {
	for _, w := range g.works {
		if id := employeeOf(w.key); id != 0 {
			people = append(people, int64(id))
		} else {
			chats = append(chats, w.key)
		}
	}
	return people, chats
}
