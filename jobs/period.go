package jobs

import (
	"context"
	"time"

	"ekinerja/conversations"
)

// Progress is how far a period of a job is.
type Progress struct {
	After int64 // id of the last one dealt with
	Done  bool
}

// Run is a step of a period: from one id to another. It is the fence: of two
// replicas at the same step one changes the row, the other changes nothing.
type Run struct {
	Job, Period string
	From, To    int64
	Done        bool
	Counts      map[string]int // of this step, added up in the row
}

// Batch is what becomes true together with a step.
type Batch struct {
	Scores []Score
	Says   []conversations.Say
}

// Periods are the rows of what has run.
type Periods interface {
	// Progress is the zero value for a period that has not begun.
	Progress(ctx context.Context, job, period string) (Progress, error)
	// Commit makes a step and its batch true, or reports false and changes nothing
	// when the period is no longer where the step begins.
	Commit(ctx context.Context, now time.Time, run Run, b Batch) (bool, error)
}
