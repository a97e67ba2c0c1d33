package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"

	"ekinerja/roster"
)

//go:embed seed/plan.csv
var seedPlan []byte

//go:embed seed/bank.csv
var seedBank []byte

// seedPlans gives the city its plans of work and activity banks, once. Not
// everybody has a plan; who has none sees nothing of it.
func (w *world) seedPlans(ctx context.Context) error {
	known := map[string]bool{}
	for _, a := range w.actors {
		known[a.employee.Number] = true
	}
	year := w.clock.Now().In(w.settings.loc).Format("2006") // the seed is written for 2026
	plans, problems, err := roster.ReadPlans(bytes.NewReader(bytes.ReplaceAll(seedPlan, []byte(",2026"), []byte(","+year))), known)
	if err == nil && !roster.Accepted(problems) {
		err = fmt.Errorf("the plans have %d problems, the first: %s", len(problems), problems[0])
	}
	if err != nil {
		return err
	}
	current, err := w.db.Plans(ctx)
	if err != nil || len(current) > 0 {
		return err
	}
	now := w.clock.Now()
	today := roster.DayOf(now.In(w.settings.loc))
	if err := w.db.ApplyPlans(ctx, now, today, roster.ComparePlans(nil, plans)); err != nil {
		return err
	}
	places, err := w.db.Places(ctx)
	if err != nil {
		return err
	}
	bank, problems, err := roster.ReadBank(bytes.NewReader(seedBank), places)
	if err == nil && !roster.Accepted(problems) {
		err = fmt.Errorf("the bank has %d problems, the first: %s", len(problems), problems[0])
	}
	if err != nil {
		return err
	}
	return w.db.ApplyBank(ctx, now, today, roster.CompareBanks(nil, bank))
}
