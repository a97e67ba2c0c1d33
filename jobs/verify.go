package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/scoring"
)

const (
	// verifyFor is how long after its hour a night's look may still begin. Later,
	// people work, and what a restart has to catch up with is not yet in order.
	verifyFor = 3 * time.Hour
	// verifyAgain is when a look that did not end, because it failed or its process
	// died, is taken up by whoever comes.
	verifyAgain = 30 * time.Minute
)

// Broken is a promise that does not hold.
type Broken struct {
	ID      string // "I1"; `ekinerja verify` explains it
	Count   int
	Example string // the id of one row: never a name, a number or words of a person
}

// Verified is a look that ended: when it was taken up, and how many rows break
// each promise that does not hold.
type Verified struct {
	At    time.Time // zero: there was none
	Found map[string]int
}

// Promises are the rows of what must hold of all others.
type Promises interface {
	// Broken is what must never be in the database and is, at one moment of it.
	Broken(ctx context.Context, now time.Time, rubrics []scoring.Rubric) ([]Broken, error)
	// LastVerified is the newest look that ended.
	LastVerified(ctx context.Context) (Verified, error)
}

// verify looks every night for what must never be in the database, and tells the
// operator when that is something else than in the night before: a list that
// never changes is not read.
//
// Whoever begins a night notes the moment as the period's step, so that one
// replica looks and another takes over when it does not come to an end.
type verify struct{ Deps }

func (j verify) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	night := today(now)
	hour := night.At(j.Policy.VerifyAt, j.Loc)
	if now.Before(hour) || !now.Before(hour.Add(verifyFor)) {
		return res, nil
	}
	before, err := j.Store.LastVerified(ctx)
	if err != nil {
		return res, err
	}
	ours, err := j.takeUp(ctx, now, night)
	if err != nil || !ours {
		return res, err
	}
	found, err := j.Store.Broken(ctx, now, j.Rubrics)
	if err != nil {
		return res, err
	}
	counts := map[string]int{}
	for _, b := range found {
		counts[b.ID] = b.Count
		j.Log.LogAttrs(ctx, slog.LevelError, "promise broken", slog.String("invariant", b.ID), slog.Int("rows", b.Count), slog.String("example", b.Example))
	}
	var says []conversations.Say
	if !maps.Equal(counts, before.Found) {
		if says, err = j.words(ctx, now, found); err != nil {
			return res, err
		}
	}
	run := Run{Job: "verify", Period: night.String(), From: now.Unix(), To: now.Unix(), Done: true, Counts: counts}
	if ours, err = j.Store.Commit(ctx, now, run, Batch{Says: says}); err != nil || !ours {
		return res, err
	}
	res.did("looked", 1)
	res.saw("broken", len(found))
	res.saw("told", len(says))
	res.Hour = hour
	return res, nil
}

// takeUp reports whether this process does the night's look.
func (j verify) takeUp(ctx context.Context, now time.Time, night roster.Day) (bool, error) {
	at, err := j.Store.Progress(ctx, "verify", night.String())
	if err != nil || at.Done {
		return false, err
	}
	if since := now.Sub(time.Unix(at.After, 0)); since >= 0 && since < verifyAgain {
		return false, nil
	}
	return j.Store.Commit(ctx, now, Run{Job: "verify", Period: night.String(), From: at.After, To: now.Unix()}, Batch{})
}

// words go to whoever runs the service, in the morning, and not any more when the
// next night knows better.
func (j verify) words(ctx context.Context, now time.Time, found []Broken) ([]conversations.Say, error) {
	night := today(now)
	holders, err := j.Store.RoleHolders(ctx, night)
	if err != nil {
		return nil, err
	}
	b := conversations.Broken{Day: night, Now: j.Policy.Quiet.Over(now)}
	for _, f := range found {
		b.Found = append(b.Found, conversations.Found{ID: f.ID, Rows: f.Count})
	}
	var says []conversations.Say
	for _, h := range Of(holders, roster.Operator, "", "") {
		if !h.Live {
			continue
		}
		b.To = h.Person
		says = append(says, conversations.Say{
			Key: fmt.Sprintf("verify/%s/%d", night, h.Person.ID), Kind: conversations.KindNotice, Employee: h.Person.ID,
			Msg: j.Words.To(h.Person).Broken(b), NotBefore: b.Now, ExpiresAt: night.Add(1).At(j.Policy.VerifyAt, j.Loc),
		})
	}
	return says, nil
}

// Verify looks for broken promises, when it is time. It reads every row and may
// take minutes, so it is none of the jobs of [Runner.Tick], which would wait for it.
func (r *Runner) Verify(ctx context.Context, now time.Time) (Result, error) {
	now = now.In(r.loc)
	res, err := safely(ctx, now, r.verify)
	if r.observe != nil {
		r.observe(r.verify.name, res, err)
	}
	if err != nil {
		return res, fmt.Errorf("run job %s: %w", r.verify.name, err)
	}
	if res.Did {
		r.log.LogAttrs(ctx, slog.LevelInfo, "job done", attrs(r.verify.name, res)...)
	}
	return res, nil
}
