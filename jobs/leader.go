package jobs

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// LeaderPolicy is when the city's leaders hear what stands out, and below which share
// of its reports, in percent, an office does.
type LeaderPolicy struct {
	On    bool
	Day   time.Weekday
	At    roster.Clock
	Below int
}

// Exceptions are the rows of what stands out in a week.
type Exceptions interface {
	// LeaderNews fills in what a holder of the role leader may see of a week and of
	// the one before: its offices' days, and what is open in them.
	LeaderNews(ctx context.Context, viewer roster.EmployeeID, week Week, today roster.Day) (conversations.LeaderNews, error)
}

// OfficeRules is what holders of roles are shown, by this policy.
func (p Policy) OfficeRules() conversations.OfficeRules {
	return conversations.OfficeRules{Below: p.Leader.Below, ReadWithin: p.Review.UpAfter}
}

// leader tells the city's leaders once a week what stands out, and nothing when
// nothing does.
type leader struct{ Deps }

func (j leader) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	p, day := j.Policy.Leader, today(now)
	if !p.On || clockOf(now) < p.At || j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	days, err := j.Store.Calendar(ctx)
	if err != nil || day != summaryDay(j.Policy.Calendar(days), weekOf(day), p.Day) {
		return res, err
	}
	period := weekOf(day.Add(-7))
	done, err := j.Store.Progress(ctx, "leader", period.First.String())
	if err != nil || done.Done {
		return res, err
	}
	says, err := j.says(ctx, now, period)
	if err != nil {
		return res, err
	}
	ours, err := j.Store.Commit(ctx, now, Run{
		Job: "leader", Period: period.First.String(), Done: true, Counts: map[string]int{"told": len(says)},
	}, Batch{Says: says})
	if ours {
		res.did("told", len(says))
		res.Hour = day.At(p.At, j.Loc)
	}
	return res, err
}

func (j leader) says(ctx context.Context, now time.Time, week Week) (says []conversations.Say, err error) {
	holders, err := j.Store.RoleHolders(ctx, today(now))
	if err != nil {
		return nil, err
	}
	seen := map[roster.EmployeeID]bool{}
	for _, h := range holders {
		if h.Role != roster.Leader || !h.Live || seen[h.Person.ID] {
			continue
		}
		seen[h.Person.ID] = true
		news, err := j.Store.LeaderNews(ctx, h.Person.ID, week, today(now))
		if err != nil {
			return nil, err
		}
		news.To, news.Rules, news.Now = h.Person, j.Policy.OfficeRules(), now
		m, some := j.Words.To(h.Person).LeaderNews(news)
		if !some {
			continue
		}
		says = append(says, conversations.Say{
			Key: fmt.Sprintf("leader/%s/%d", week.First, h.Person.ID), Kind: conversations.KindSummary, Employee: h.Person.ID, Msg: m,
			ExpiresAt: today(now).At(roster.At24(21, 0), j.Loc),
		})
	}
	return says, nil
}
