package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/store/db"
)

// together is what every turn of a group writes: one statement for all of them.
type together struct {
	done struct {
		ids    []int64
		states []string
	}
	used struct {
		hashes  [][]byte
		inboxes []int64
	}
	arrived db.ArrivedByTapsParams
	answers db.AddAnswersParams
	saved   db.SaveConversationsParams
	says    []conversations.Say
}

func (all *together) answer(w *work, a conversations.Answer) {
	to := &all.answers
	to.InboxIds = append(to.InboxIds, w.inbox)
	to.Employees = append(to.Employees, int64(w.turn.Person.ID))
	to.Days = append(to.Days, a.Day)
	to.Questions = append(to.Questions, a.Question)
	to.Items = append(to.Items, int32(a.Item))
	to.Said = append(to.Said, a.Said)
	to.ProviderAts = append(to.ProviderAts, w.turn.Msg.At)
}

// finish writes all that was noted, in one round trip. What is each turn's own
// comes first, the messages to send last.
func (wr *writer) finish(ctx context.Context, tx pgx.Tx, now time.Time) error {
	q := db.New(wr)
	if len(wr.done.ids) > 0 {
		wr.any("finish messages", q.FinishMessages(ctx, wr.done.ids, wr.done.states))
	}
	if len(wr.used.hashes) > 0 {
		wr.any("use up buttons", q.UseButtons(ctx, wr.used.hashes, wr.used.inboxes))
	}
	if len(wr.arrived.Ids) > 0 {
		wr.arrived.At = now
		wr.any("confirm messages", q.ArrivedByTaps(ctx, wr.arrived))
	}
	if len(wr.answers.InboxIds) > 0 {
		wr.any("keep answers", q.AddAnswers(ctx, wr.answers))
	}
	if len(wr.saved.Keys) > 0 {
		wr.saved.UpdatedAt = now
		wr.any("save sessions", q.SaveConversations(ctx, wr.saved))
	}
	if err := enqueue(ctx, q, now, onlyOnce(wr.says)); err != nil {
		return err
	}
	return wr.flush(ctx, tx)
}

// onlyOnce keeps the first message of each key: two turns of a group may want to
// say the same, and the second must not add its buttons to the first.
func onlyOnce(says []conversations.Say) []conversations.Say {
	seen := make(map[string]bool, len(says))
	out := says[:0:0]
	for _, s := range says {
		if s.Key != "" && seen[s.Key] {
			continue
		}
		seen[s.Key] = true
		out = append(out, s)
	}
	return out
}
