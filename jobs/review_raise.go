package jobs

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Overdue is a report whose time to be read is over.
type Overdue struct {
	Report   int64
	Version  int
	Day      roster.Day
	Writer   conversations.Person
	Superior conversations.Person // whose it was to read
	// Told: the writer heard of such a report in the two weeks before.
	Told bool
}

// Raised is an overdue report with whom it goes to; 0 when nobody is above.
type Raised struct {
	Overdue
	To roster.EmployeeID
}

// Raises are the rows of reports whose time to be read is over.
type Raises interface {
	// Overdue are reports of first or later that wait and were sent before a moment,
	// in the order of their rows, above after.
	Overdue(ctx context.Context, q OverdueQuery) ([]Overdue, error)
	// Raise makes a step true: the reports are with somebody else and count as
	// accepted, and the messages are queued. False when somebody else did the step.
	Raise(ctx context.Context, now time.Time, run Run, all []Raised, says []conversations.Say) (bool, error)
}

// OverdueQuery chooses reports whose time to be read is over.
type OverdueQuery struct {
	Now        time.Time
	First      roster.Day
	SentBefore time.Time
	After      int64
	Limit      int
}

// raise takes what was not read in time to whoever leads the superior, once a day;
// false while there is more of it. Its writer loses nothing by that.
func (j review) raise(ctx context.Context, now time.Time, calendar roster.Calendar) (int, bool, error) {
	day := today(now)
	at, err := j.Store.Progress(ctx, "raise", day.String())
	if err != nil || at.Done {
		return 0, err == nil, err
	}
	all, err := j.Store.Overdue(ctx, OverdueQuery{
		Now: now, First: day.Add(-lookBack), SentBefore: sentBefore(calendar, day, j.Policy.Review.UpAfter, j.Loc), After: at.After, Limit: chunk,
	})
	if err != nil {
		return 0, false, err
	}
	run := Run{Job: "raise", Period: day.String(), From: at.After, To: at.After, Done: len(all) < chunk}
	if len(all) == 0 {
		_, err := j.Store.Raise(ctx, now, run, nil, nil)
		return 0, err == nil, err
	}
	run.To = all[len(all)-1].Report
	command, err := j.Store.Command(ctx, day, day)
	if err != nil {
		return 0, false, err
	}
	lines := roster.NewLines(command.Lines)
	raised := make([]Raised, len(all))
	for i, o := range all {
		raised[i] = Raised{o, lines.Climb(o.Superior.ID, day, command.active)}
		if raised[i].To == o.Writer.ID { // nobody reads the own report
			raised[i].To = 0
		}
	}
	run.Counts = map[string]int{"raised": len(raised)}
	ours, err := j.Store.Raise(ctx, now, run, raised, j.raisedSays(raised, command, now))
	if !ours {
		return 0, false, err
	}
	return len(raised), run.Done, err
}

// raisedSays are one message to each writer who has not heard of it lately, and one
// to each of those who read now.
func (j review) raisedSays(all []Raised, c Command, now time.Time) (says []conversations.Say) {
	day := today(now)
	writers, readers := map[roster.EmployeeID][]Raised{}, map[roster.EmployeeID][]Raised{}
	for _, r := range all {
		if !r.Told {
			writers[r.Writer.ID] = append(writers[r.Writer.ID], r)
		}
		if r.To != 0 {
			readers[r.To] = append(readers[r.To], r)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(writers)) {
		list := writers[id]
		slices.SortFunc(list, func(a, b Raised) int { return cmp.Compare(a.Day.Sub(b.Day), 0) })
		w := list[0].Writer
		says = append(says, conversations.Say{
			Key: fmt.Sprintf("lapsed/%s/%d", day, id), Kind: conversations.KindNotice, Employee: id,
			Msg: j.Words.To(w).Lapsed(conversations.LapsedNotice{
				To: w, Superior: list[0].Superior.Name, Above: c.Heads[list[0].To].Name, Day: list[0].Day, Count: len(list), After: j.Policy.Review.UpAfter,
			}),
		})
	}
	for _, id := range slices.Sorted(maps.Keys(readers)) {
		list, names := readers[id], map[string]bool{}
		for _, r := range list {
			names[conversations.ShortName(r.Superior.Name)] = true
		}
		to := c.Heads[id]
		says = append(says, conversations.Say{
			Key: fmt.Sprintf("raised/%s/%d", day, id), Kind: conversations.KindSummary, Employee: id,
			Msg: j.Words.To(to).RaisedTo(conversations.RaisedNotice{
				To: to, Superiors: slices.Sorted(maps.Keys(names)), Count: len(list), After: j.Policy.Review.UpAfter, Now: now,
			}),
			ExpiresAt: day.At(roster.At24(21, 0), j.Loc),
		})
	}
	return says
}
