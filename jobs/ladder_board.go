package jobs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// BoardPolicy is when the personnel office gets the month.
type BoardPolicy struct {
	On        bool
	At, Until roster.Clock
}

// ReadSpeed is one report: when it was sent and when it was read, zero for not yet.
type ReadSpeed struct {
	OPD    string
	SentAt time.Time
	ReadAt time.Time
}

// Listed is somebody with many days without a report in a month.
type Listed struct {
	Name, Number, Post, OPD, Superior string
	Missed                            int
}

// Boards are the rows of a month.
type Boards interface {
	// ReadSpeeds are the reports of a span that somebody has to read.
	ReadSpeeds(ctx context.Context, first, last roster.Day) ([]ReadSpeed, error)
	// Listed are people with at least so many closed days without a report in a span,
	// of those on which they were asked.
	Listed(ctx context.Context, first, last roster.Day, least int) ([]Listed, error)
}

// board tells the personnel office once a month how soon reports are read and who
// stands on the ladder's list of the month. Both are facts for people to talk about.
type board struct{ Deps }

func (j board) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	p, day := j.Policy.Board, today(now)
	if c := clockOf(now); !p.On || c < p.At || c >= p.Until {
		return res, nil
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil {
		return res, err
	}
	l := ladder{rungs: j.Policy.Escalate.Steps, calendar: j.Policy.Calendar(days)}
	last := day.Add(-day.Date) // of the month before
	first := last.FirstOfMonth()
	if !l.calendar.IsWorkday(roster.FiveDays, day) || l.workdays(last, day) > 5 { // later it is of no use
		return res, nil
	}
	at, err := j.Store.Progress(ctx, "board", first.String())
	if err != nil || at.Done {
		return res, err
	}
	says, err := j.says(ctx, now, Week{first, last}, l)
	if err != nil {
		return res, err
	}
	ours, err := j.Store.Commit(ctx, now, Run{Job: "board", Period: first.String(), Done: true, Counts: map[string]int{"told": len(says)}}, Batch{Says: says})
	if ours {
		res.did("told", len(says))
		res.Hour = day.At(p.At, j.Loc)
	}
	return res, err
}

// says are the messages to everybody of the personnel office with a chat.
func (j board) says(ctx context.Context, now time.Time, month Week, l ladder) (says []conversations.Say, err error) {
	holders, err := j.Store.RoleHolders(ctx, today(now))
	if err != nil {
		return nil, err
	}
	speeds, err := j.Store.ReadSpeeds(ctx, month.First, month.Last)
	if err != nil {
		return nil, err
	}
	var listed []Listed
	for _, r := range l.rungs {
		if r.MonthList == 0 {
			continue
		}
		if listed, err = j.Store.Listed(ctx, month.First, month.Last, r.MonthList); err != nil {
			return nil, err
		}
	}
	seen := map[roster.EmployeeID]bool{}
	for _, h := range holders {
		if h.Role != roster.HR || h.OPD != "" || !h.Live || seen[h.Person.ID] {
			continue
		}
		seen[h.Person.ID] = true
		words := j.Words.To(h.Person)
		m, err := words.SpeedBoard(conversations.SpeedBoard{To: h.Person, Month: month.First, Offices: j.offices(speeds, l), Limit: j.Policy.Review.UpAfter, Now: now})
		if err != nil {
			return nil, err
		}
		all := []conversations.Message{m}
		if len(listed) > 0 {
			all = append(all, words.MonthList(conversations.MonthList{To: h.Person, Month: month.First, People: people(listed)}))
		}
		for i, m := range all {
			says = append(says, conversations.Say{
				Key:  numbered(fmt.Sprintf("board/%s/%d", month.First, h.Person.ID), i),
				Kind: conversations.KindSummary, Employee: h.Person.ID, Msg: m,
			})
		}
	}
	return says, nil
}

func people(listed []Listed) []conversations.ListedPerson {
	out := make([]conversations.ListedPerson, len(listed))
	for i, p := range listed {
		out[i] = conversations.ListedPerson(p)
	}
	return out
}

// offices sums up how soon each office reads, by name. A report that is not read yet
// counts as late once its time is over, and not before.
func (j board) offices(speeds []ReadSpeed, l ladder) []conversations.OfficeSpeed {
	limit := j.Policy.Review.UpAfter
	at := map[string]*conversations.OfficeSpeed{}
	for _, s := range speeds {
		o := at[s.OPD]
		if o == nil {
			o = &conversations.OfficeSpeed{Name: s.OPD}
			at[s.OPD] = o
		}
		o.Sent++
		if s.ReadAt.IsZero() {
			o.Unread++
			continue
		}
		if l.workdays(roster.DayOf(s.SentAt.In(j.Loc)), roster.DayOf(s.ReadAt.In(j.Loc))) <= limit {
			o.InTime++
		}
	}
	out := make([]conversations.OfficeSpeed, 0, len(at))
	for _, o := range at {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b conversations.OfficeSpeed) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
