package store

import (
	"context"

	"ekinerja/conversations"
	"ekinerja/store/db"
)

// presence notes what a person said about a day that a machine contradicts. No row
// is there when nobody asked: then there is nothing to note.
func (wr *writer) presence(ctx context.Context, w *work, out conversations.Outcome) {
	if out.Presence == nil || w.turn.Person == nil {
		return
	}
	wr.any("note presence", db.New(wr).AnswerPresence(ctx, db.AnswerPresenceParams{
		Answer: out.Presence.Answer, At: &w.now, EmployeeID: int64(w.turn.Person.ID), Day: out.Presence.Day,
	}))
}
