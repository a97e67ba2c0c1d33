package jobs

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Free are the rows of who is told about days off.
type Free interface {
	// OfPattern are active people of a pattern with a live address, in the order
	// of their ids, above after.
	OfPattern(ctx context.Context, p roster.Pattern, after roster.EmployeeID, limit int) ([]conversations.Person, error)
}

// eve tells people on the last working day before days off that a holiday makes.
type eve struct{ Deps }

func (j eve) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	if c := clockOf(now); !j.Policy.Eve.On || c < j.Policy.Eve.At || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil {
		return res, err
	}
	calendar := j.Policy.Calendar(days)
	for _, p := range []roster.Pattern{roster.FiveDays, roster.SixDays} {
		block, ok := daysOff(calendar, p, today(now))
		if !ok {
			continue
		}
		n, err := j.tell(ctx, now, p, block)
		res.did("told", n)
		if err != nil {
			return res, err
		}
	}
	return res, nil
}

// block is a run of free days and the working day after it.
type block struct {
	first, last, next roster.Day
	name              string
}

// daysOff is the block that begins tomorrow; false when today is free itself,
// when tomorrow is worked, or when the week alone makes it free.
func daysOff(c roster.Calendar, p roster.Pattern, day roster.Day) (block, bool) {
	b := block{first: day.Add(1), next: c.NextWorkday(p, day)}
	b.last = b.next.Add(-1)
	if !c.IsWorkday(p, day) || b.last.Before(b.first) {
		return block{}, false
	}
	for d := b.first; !d.After(b.last); d = d.Add(1) {
		special, _ := c.On(d)
		if _, worked := roster.PatternOf(p).Hours(d.Weekday()); worked && special.Name != "" && b.name == "" {
			b.name = special.Name
		}
	}
	return b, b.name != ""
}

func (j eve) tell(ctx context.Context, now time.Time, p roster.Pattern, b block) (int, error) {
	period := string(p) + "/" + b.first.String()
	at, err := j.Store.Progress(ctx, "eve", period)
	told := 0
	for err == nil && !at.Done {
		var people []conversations.Person
		if people, err = j.Store.OfPattern(ctx, p, roster.EmployeeID(at.After), chunk); err != nil {
			return told, err
		}
		run := Run{Job: "eve", Period: period, From: at.After, To: at.After, Done: len(people) < chunk}
		var says []conversations.Say
		for _, person := range people {
			run.To = int64(person.ID)
			says = append(says, j.notice(person, b, now))
		}
		run.Counts = map[string]int{"told": len(says)}
		ours, err := j.Store.Commit(ctx, now, run, Batch{Says: says})
		if err != nil || !ours {
			return told, err
		}
		told += len(says)
		at = Progress{After: run.To, Done: run.Done}
	}
	return told, err
}

func (j eve) notice(p conversations.Person, b block, now time.Time) conversations.Say {
	e := conversations.Eve{Person: p, First: b.first, Last: b.last, Name: b.name, Next: b.next, Now: now}
	return conversations.Say{
		Key: fmt.Sprintf("eve/%s/%d", b.first, p.ID), Kind: conversations.KindNotice, Employee: p.ID,
		Msg: j.Words.To(p).Eve(e), ExpiresAt: b.first.At(roster.At24(9, 0), j.Loc),
	}
}
