package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// A picture takes about 20 ms to draw; a tick must not keep questions waiting.
const (
	pictures     = 50 // in one transaction
	pictureSteps = 4  // in one tick
)

// everyStep is for periods without pictures.
const everyStep = 1 << 20

// personal stores everybody's score of the week and sends the own recap.
func (j weekly) personal(ctx context.Context, now time.Time) (Result, error) {
	w, day, due, err := j.due(ctx, now, j.Policy.Weekly.Personal)
	if err != nil || !due {
		return Result{}, err
	}
	res, err := j.steps(ctx, now, "week", w.First.String(), pictureSteps, j.scoring(w, now, pictures, func(p PersonWeek, s Score) *conversations.Say {
		if !p.Live {
			return nil
		}
		say, err := j.recap(p, s, day)
		if err != nil { // a picture that cannot be drawn must not cost the words
			j.Log.LogAttrs(ctx, slog.LevelError, "draw recap", slog.Int64("employee", int64(s.Employee)), slog.Any("error", err))
		}
		return &say
	}))
	res.Hour = day.At(j.Policy.Weekly.Personal, j.Loc)
	return res, err
}

// scoring is the step that scores the next people; say, when not nil, makes the
// message of each.
func (j weekly) scoring(w Week, now time.Time, limit int, say func(PersonWeek, Score) *conversations.Say) step {
	return func(ctx context.Context, after int64) (Run, Batch, error) {
		ids, err := j.Store.WeekPeople(ctx, w, roster.EmployeeID(after), limit)
		if err != nil {
			return Run{}, Batch{}, err
		}
		run := Run{To: after, Done: len(ids) < limit}
		people, rubric, err := j.read(ctx, ids, w, now)
		if err != nil || len(ids) == 0 {
			return run, Batch{}, err
		}
		run.To = int64(ids[len(ids)-1])
		var b Batch
		for _, p := range people {
			s := Score{Employee: p.Person.ID, Week: w, Record: record(p, rubric, w, now)}
			b.Scores = append(b.Scores, s)
			if say == nil {
				continue
			}
			if m := say(p, s); m != nil {
				b.Says = append(b.Says, *m)
			}
		}
		run.Counts = map[string]int{"scored": len(b.Scores), "recaps": len(b.Says)}
		return run, b, nil
	}
}

// read gives people's weeks and the rubric that counts them: the one in force on
// the first day, so that no rule reaches back.
func (j weekly) read(ctx context.Context, ids []roster.EmployeeID, w Week, now time.Time) ([]PersonWeek, scoring.Rubric, error) {
	rubric, err := scoring.RubricOn(j.Rubrics, w.First)
	if err != nil {
		return nil, rubric, err
	}
	people, err := j.Store.PersonWeeks(ctx, ids, w)
	if err != nil {
		return nil, rubric, err
	}
	seen, err := j.Store.Presences(ctx, PresenceQuery{IDs: ids, First: w.First, Last: w.Last, Now: now})
	for i, p := range people {
		if x, ok := seen[p.Person.ID]; ok {
			people[i].Attendance = j.Scorer().Attendance(x, w, now)
		}
	}
	return people, rubric, err
}

func (j weekly) recap(p PersonWeek, s Score, day roster.Day) (conversations.Say, error) {
	rubric, err := scoring.RubricOn(j.Rubrics, s.Week.First)
	if err != nil {
		return conversations.Say{}, err
	}
	m, err := j.Words.To(p.Person).WeekRecap(conversations.WeekRecap{
		Person: p.Person, First: s.Week.First, Last: day, Result: s.Record.Result, Weights: rubric.Weights, Index: rubric.Index, Previous: p.Previous,
	})
	return conversations.Say{
		Key: fmt.Sprintf("week/%s/%d", s.Week.First, s.Employee), Kind: conversations.KindSummary, Employee: s.Employee,
		Msg: m, ExpiresAt: s.Week.Last.At(lastRecap(), j.Loc),
	}, err
}

// scorePasses are the days after a week's end on which its scores are computed
// again: at once, when Friday's late window has closed, and a week later, when
// even a late window across holidays has.
func scorePasses() []int { return []int{1, 3, 8} }

// scores computes past weeks again and stores them; it sends nothing.
func (j weekly) scores(ctx context.Context, now time.Time) (Result, error) {
	var all Result
	for back := 1; back <= 3; back++ {
		w := weekOf(today(now).Add(-7 * back))
		pass, ok := j.pass(w, now)
		if !ok {
			continue
		}
		period := fmt.Sprintf("%s/%d", w.First, pass)
		res, err := j.steps(ctx, now, "score", period, everyStep, j.scoring(w, now, chunk, nil))
		all.did("scored", res.Counts["scored"])
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// pass is the newest pass whose hour has come; those before it are then of no use.
func (j weekly) pass(w Week, now time.Time) (int, bool) {
	newest := 0
	for _, days := range scorePasses() {
		if !now.Before(w.Last.Add(days).At(j.Policy.Weekly.ScoreAt, j.Loc)) {
			newest = days
		}
	}
	return newest, newest > 0
}
