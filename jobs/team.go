package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// Team is a supervisor with a live address and the people led on a day.
type Team struct {
	Head  conversations.Person
	Staff []roster.EmployeeID
}

// Office is an OPD with its linked groups, nearly always one.
type Office struct {
	OPD    int64
	Name   string
	Groups []bot.Address
	Staff  []roster.EmployeeID
}

// Rate is what came in of what was due, in one week of an OPD.
type Rate struct {
	First   roster.Day
	Due, In int
}

// Teams are the rows of who is summed up together.
type Teams interface {
	Supervisors(ctx context.Context, day roster.Day, after roster.EmployeeID, limit int) ([]Team, error)
	// Offices are OPDs with a linked group, in the order of their ids, above after.
	Offices(ctx context.Context, after int64, limit int) ([]Office, error)
	// Rates are the stored weeks of an OPD from a Monday on, oldest first.
	Rates(ctx context.Context, opd int64, from roster.Day) ([]Rate, error)
}

// teams sends each supervisor the table of the own staff.
func (j weekly) teams(ctx context.Context, now time.Time) (Result, error) {
	w, day, due, err := j.due(ctx, now, j.Policy.Weekly.Supervisor)
	if err != nil || !due {
		return Result{}, err
	}
	res, err := j.steps(ctx, now, "team", w.First.String(), pictureSteps, func(ctx context.Context, after int64) (Run, Batch, error) {
		teams, err := j.Store.Supervisors(ctx, day, roster.EmployeeID(after), pictures)
		run := Run{To: after, Done: len(teams) < pictures}
		var b Batch
		for _, t := range teams {
			run.To = int64(t.Head.ID)
			members, _, err := j.members(ctx, t.Staff, w, now)
			if err != nil {
				return run, b, err
			}
			if len(members) > 0 {
				b.Says = append(b.Says, j.team(ctx, t, members, w, day)...)
			}
		}
		run.Counts = map[string]int{"teams": len(teams)}
		return run, b, err
	})
	res.Hour = day.At(j.Policy.Weekly.Supervisor, j.Loc)
	return res, err
}

// members are the people who owed something that week, with their results.
func (j weekly) members(ctx context.Context, ids []roster.EmployeeID, w Week, now time.Time) ([]conversations.TeamMember, scoring.TeamSummary, error) {
	people, rubric, err := j.read(ctx, ids, w, now)
	if err != nil {
		return nil, scoring.TeamSummary{}, err
	}
	var members []conversations.TeamMember
	var sum []scoring.Member
	for _, p := range people {
		if !owed(p) {
			continue
		}
		r := record(p, rubric, w, now).Result
		members = append(members, conversations.TeamMember{ID: p.Person.ID, Name: p.Person.Name, Result: r})
		sum = append(sum, scoring.Member{Employee: p.Person.ID, Result: r})
	}
	praise := scoring.Praise{Top: j.Policy.Weekly.Top, AtLeast: j.Policy.Weekly.AtLeast}
	return members, scoring.Team(sum, praise), nil
}

func owed(p PersonWeek) bool {
	for _, d := range p.Days {
		if d.Duty.State == roster.Due {
			return true
		}
	}
	return false
}

// team is the recap for a supervisor: usually one message, two when the table
// is too long for a picture's caption.
func (j weekly) team(ctx context.Context, t Team, members []conversations.TeamMember, w Week, day roster.Day) []conversations.Say {
	msgs, err := j.Words.To(t.Head).TeamRecap(conversations.TeamRecap{Head: t.Head, First: w.First, Last: day, Members: members})
	if err != nil {
		j.Log.LogAttrs(ctx, slog.LevelError, "draw team", slog.Int64("employee", int64(t.Head.ID)), slog.Any("error", err))
	}
	says := make([]conversations.Say, len(msgs))
	for i, m := range msgs {
		says[i] = conversations.Say{
			Key:  numbered(fmt.Sprintf("team/%s/%d", w.First, t.Head.ID), i),
			Kind: conversations.KindSummary, Employee: t.Head.ID, Msg: m, ExpiresAt: w.Last.At(lastRecap(), j.Loc),
		}
	}
	return says
}

// numbered is the key of the i-th message of the same thing.
func numbered(key string, i int) string {
	if i == 0 {
		return key
	}
	return fmt.Sprintf("%s/%d", key, i+1)
}

// groups tells each office's group how the office did, and who did well.
func (j weekly) groups(ctx context.Context, now time.Time) (Result, error) {
	w, day, due, err := j.due(ctx, now, j.Policy.Weekly.Group)
	if err != nil || !due {
		return Result{}, err
	}
	res, err := j.steps(ctx, now, "group", w.First.String(), everyStep, func(ctx context.Context, after int64) (Run, Batch, error) {
		offices, err := j.Store.Offices(ctx, after, 1)
		if err != nil || len(offices) == 0 {
			return Run{To: after, Done: true}, Batch{}, err
		}
		says, err := j.office(ctx, offices[0], w, day, now)
		return Run{To: offices[0].OPD, Counts: map[string]int{"groups": len(says)}}, Batch{Says: says}, err
	})
	res.Hour = day.At(j.Policy.Weekly.Group, j.Loc)
	return res, err
}

// weeksShown is how many weeks an office's picture compares.
const weeksShown = 4

func (j weekly) office(ctx context.Context, o Office, w Week, day roster.Day, now time.Time) ([]conversations.Say, error) {
	members, sum, err := j.members(ctx, o.Staff, w, now)
	if err != nil || sum.Due == 0 {
		return nil, err
	}
	rates, err := j.Store.Rates(ctx, o.OPD, w.First.Add(-7*(weeksShown-1)))
	if err != nil {
		return nil, err
	}
	g := conversations.GroupRecap{Office: o.Name, First: w.First, Last: day, Sum: sum, Members: members, Top: j.Policy.Weekly.Top, AtLeast: j.Policy.Weekly.AtLeast}
	for _, r := range rates {
		if r.First.Before(w.First) {
			g.Before = append(g.Before, conversations.WeekRate{First: r.First, Due: r.Due, In: r.In})
		}
	}
	m, err := j.Words.In("id").GroupRecap(g)
	if err != nil {
		j.Log.LogAttrs(ctx, slog.LevelError, "draw group", slog.Int64("opd", o.OPD), slog.Any("error", err))
	}
	says := make([]conversations.Say, len(o.Groups))
	for i, group := range o.Groups {
		says[i] = conversations.Say{
			Key:  numbered(fmt.Sprintf("group/%s/%d", w.First, o.OPD), i),
			Kind: conversations.KindSummary, To: group, Msg: m, ExpiresAt: w.Last.At(lastRecap(), j.Loc),
		}
	}
	return says, nil
}
