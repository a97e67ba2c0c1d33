package store

import (
	"context"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// moved lets the draft go whose activities became another day's; left where it
// was, it would be taken for a second report of the same work.
func (wr *writer) moved(ctx context.Context, w *work, day roster.Day) {
	if day.IsZero() || w.turn.Person == nil {
		return
	}
	q, id := db.New(wr), int64(w.turn.Person.ID)
	wr.any("clear moved draft", q.ClearActivities(ctx, db.ClearActivitiesParams{EmployeeID: id, Day: day, State: "draft"}))
	wr.any("let moved draft go", q.DiscardDraft(ctx, id, day))
}
