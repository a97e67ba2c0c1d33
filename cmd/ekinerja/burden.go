package main

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store"
)

// weighing is a handler that tells what each first sending cost its writer. It
// tells when the turn is decided; one that is tried again is told twice.
type weighing struct {
	*conversations.Handler
	reported func(messages, taps, seconds int)
}

// Handle implements [store.Handler].
func (h weighing) Handle(ctx context.Context, t conversations.Turn, r conversations.Records) (conversations.Outcome, error) {
	out, err := h.Handler.Handle(ctx, t, r)
	if c := out.Report; err == nil && h.reported != nil && c != nil && c.Submit && !t.Session.Resend && c.Burden.Messages+c.Burden.Taps > 0 {
		h.reported(c.Burden.Messages, c.Burden.Taps, c.Burden.Seconds)
	}
	return out, err
}

// weeklyBurden writes one line into the log when the scores of a week are made:
// what its reports cost their writers.
func (a *app) weeklyBurden(ctx context.Context, did map[string]jobs.Result) {
	if !did["score"].Did {
		return
	}
	today := roster.DayOf(a.clock.Now().In(a.s.loc))
	b, err := a.store.Burden(ctx, today.Add(-7), today.Add(-1))
	if err != nil {
		a.log.Warn("burden of the week not read", "error", err)
		return
	}
	a.log.Info("burden of the week", "reports", b.Reports, "median_messages", b.Messages, "median_taps", b.Taps, "median_seconds", b.Seconds)
}

// burden says what the reports of the last seven days cost their writers, and
// notes when that is more than the budget.
func (e *examination) burden(ctx context.Context, db *store.Store, today roster.Day) {
	b, err := db.Burden(ctx, today.Add(-7), today)
	switch {
	case err != nil:
		e.wrong("the burden of reports cannot be read: %v", err)
	case b.Reports == 0:
	case b.Messages > budget || b.Taps > budget:
		e.note("half of the last week's reports took more than %s; the budget is %d messages and %d taps: which question can go?", told(b), budget, budget)
	default:
		e.good("half of the last week's reports took at most %s", told(b))
	}
}

// budget is how many messages, and how many taps, half of all reports may take.
const budget = 2

func told(b store.Burden) string {
	return fmt.Sprintf("%g messages, %g taps and %s", b.Messages, b.Taps, time.Duration(b.Seconds)*time.Second)
}
