package jobs

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// BlockerPolicy is who removes obstacles, and when their heads hear of those that
// stay.
type BlockerPolicy struct {
	conversations.Help

	At         roster.Clock // of reminders on working days, and of the weekly list
	Day        time.Weekday // of the weekly list
	Oldest     int          // in the list
	CloseAfter int          // days without the reporter's word
}

// OfficeBlockers are the open obstacles of an office, oldest first, with its head.
type OfficeBlockers struct {
	OPD  string
	Head conversations.Person
	Open []conversations.Blocker
}

// Blockers are the rows of obstacles that somebody was asked to remove.
type Blockers interface {
	// RemindBlockers reminds the holders of those whose day is over, once each, and
	// closes those that were said to be done before a moment and of which nothing
	// was heard.
	RemindBlockers(ctx context.Context, now time.Time, day roster.Day, before time.Time,
		say func(conversations.Blocker) conversations.Say) (reminded, closed int, err error)
	// OldestBlockers are the open ones of each office whose head can be told.
	OldestBlockers(ctx context.Context, day roster.Day) ([]OfficeBlockers, error)
}

// blocker keeps obstacles moving: a word when their day is over, once, and a list
// for the head of the office once a week.
type blocker struct{ Deps }

func (j blocker) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	p, day := j.Policy.Blocker, today(now)
	if len(p.Kinds) == 0 || clockOf(now) < p.At || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	done, err := j.Store.Progress(ctx, "blocker", day.String())
	if err != nil || done.Done {
		return res, err
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil {
		return res, err
	}
	calendar := j.Policy.Calendar(days)
	if !calendar.IsWorkday(roster.FiveDays, day) {
		return res, nil
	}
	reminded, closed, err := j.Store.RemindBlockers(ctx, now, day, now.AddDate(0, 0, -p.CloseAfter), func(b conversations.Blocker) conversations.Say {
		return conversations.Say{
			Key: fmt.Sprintf("blocker/%d/late/%s", b.ID, day), Kind: conversations.KindNotice, Employee: b.Holder.ID,
			Msg: j.Words.To(b.Holder).BlockerOverdue(b),
		}
	})
	res.did("reminded", reminded)
	res.did("closed", closed)
	if err != nil {
		return res, err
	}
	run := Run{Job: "blocker", Period: day.String(), Done: true}
	var b Batch
	if day == summaryDay(calendar, weekOf(day), p.Day) {
		if b.Says, err = j.lists(ctx, now); err != nil {
			return res, err
		}
	}
	ours, err := j.Store.Commit(ctx, now, run, b)
	if ours {
		res.did("lists", len(b.Says))
	}
	res.Hour = day.At(p.At, j.Loc)
	return res, err
}

// lists are the weekly lists of the oldest, one for each office that has some.
func (j blocker) lists(ctx context.Context, now time.Time) ([]conversations.Say, error) {
	day := today(now)
	all, err := j.Store.OldestBlockers(ctx, day)
	if err != nil {
		return nil, err
	}
	says := make([]conversations.Say, len(all))
	for i, o := range all {
		oldest := o.Open[:min(len(o.Open), j.Policy.Blocker.Oldest)]
		says[i] = conversations.Say{
			Key: fmt.Sprintf("blocker/list/%s/%d", day, o.Head.ID), Kind: conversations.KindSummary, Employee: o.Head.ID,
			Msg:       j.Words.To(o.Head).OldestBlockers(o.Head, o.OPD, oldest, len(o.Open), now),
			ExpiresAt: day.At(roster.At24(21, 0), j.Loc),
		}
	}
	return says, nil
}
