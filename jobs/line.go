package jobs

import (
	"context"
	"time"

	"ekinerja/roster"
)

// Lines are the rows of who leads whom.
type Lines interface {
	// Line applies the planned moves whose day has come and decides the line of
	// command anew when something about it has changed. It tells how many people
	// moved, and how many are led otherwise for another reason.
	Line(ctx context.Context, now time.Time, day roster.Day, passLeave int) (moved, rerouted int, err error)
}

// line keeps the line of command right. It runs before everything that speaks to
// somebody about somebody else.
type line struct{ Deps }

func (j line) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	moved, rerouted, err := j.Store.Line(ctx, now, today(now), j.Policy.PassLeave)
	res.did("moved", moved)
	res.did("rerouted", rerouted)
	return res, err
}
