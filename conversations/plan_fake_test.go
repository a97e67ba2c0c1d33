package conversations_test

import (
	"context"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// planned is the plan and the habits of whoever the test is about.
type planned struct {
	plan   conversations.Plan
	usuals []roster.Usual
	asked  int // how often the plan was read
}

func (p *planned) Plan(context.Context, roster.EmployeeID, roster.Day) (conversations.Plan, error) {
	p.asked++
	return p.plan, nil
}

func (p *planned) Usuals(context.Context, roster.EmployeeID, roster.Day) ([]roster.Usual, error) {
	return p.usuals, nil
}
