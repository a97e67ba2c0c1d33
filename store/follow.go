package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Follow decides what is planned anew when it was planned by another policy; mark
// tells the hours of one policy from those of another. It is for the start of a
// process: a policy file is read once. Several processes that start together do it
// one after the other, and only the first finds something to do.
//
// A question that lies ahead moves to its new hour. Whoever has been asked keeps the
// deadline, or gets a later one; a day whose deadline has passed, or could not be
// kept by the new policy any more, stays. So nobody has to be told of hours; words
// are for days that need no answer any more.
func (t *Turns) Follow(ctx context.Context, mark string, words *conversations.Words) (done Redone, err error) {
	today := roster.DayOf(t.Now().In(t.Loc))
	redo := Redo{First: today.Add(-1), Last: today.Add(plannedAhead), Why: "policy", Words: words, Hours: true}
	err = t.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		was, err := q.LockPlan(ctx)
		if err != nil {
			return fmt.Errorf("lock the plan: %w", err)
		}
		if was == mark {
			return nil
		}
		if was != "" {
			if done, err = t.Redecide(ctx, redo); err != nil {
				return err
			}
		}
		if err := q.SetPlan(ctx, mark); err != nil {
			return fmt.Errorf("keep the policy of the plan: %w", err)
		}
		return nil
	})
	return done, err
}

// follows reports whether a duty gets the hours that the policy gives it now.
func follows(arg *db.PutDutyParams, before db.Duty, now time.Time) bool {
	if arg.DeadlineAt == nil || before.DeadlineAt == nil { // free before or now: its state decides
		return before.State != arg.State || before.Reason != arg.Reason
	}
	asked := before.AskedAt != nil
	switch {
	case !before.DeadlineAt.After(now), !asked && !before.AskAt.After(now):
		return false
	case later(before.DeadlineAt, arg.DeadlineAt) && now.After(arg.DeadlineAt.Add(-roster.AnswerTime)):
		return false
	case asked:
		arg.AskAt = before.AskAt
	}
	return !arg.AskAt.Equal(*before.AskAt) || !arg.DeadlineAt.Equal(*before.DeadlineAt) || !arg.LateUntil.Equal(*before.LateUntil)
}
