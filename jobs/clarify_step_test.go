package jobs

import (
	"testing"

	"ekinerja/conversations"
)

func TestClarifySteps(t *testing.T) {
	t.Parallel()
	p := Default().Clarify
	all := func(state ClarifyState) Clarification { return Clarification{State: state, Still: p.Days} }
	with := func(c Clarification, change func(*Clarification)) Clarification { change(&c); return c }
	for name, c := range map[string]struct {
		now    Clarification
		waited int
		want   clarifyMove
	}{
		"just asked":                       {all(ClarifyAsked), 0, clarifyWaits},
		"the last day for the answer":      {all(ClarifyAsked), p.Answer, clarifyReminds},
		"reminded":                         {with(all(ClarifyAsked), func(c *Clarification) { c.Reminded = true }), p.Answer, clarifyWaits},
		"no answer":                        {all(ClarifyAsked), p.Answer + 1, clarifyReviews},
		"explained":                        {with(all(ClarifyExplained), func(c *Clarification) { c.Explained, c.Kind = true, conversations.ExplainSick }), 0, clarifyReviews},
		"asks for counselling":             {with(all(ClarifyExplained), func(c *Clarification) { c.Explained, c.Kind = true, conversations.ExplainCounselling }), 0, clarifyCares},
		"says it was our fault":            {with(all(ClarifyExplained), func(c *Clarification) { c.Explained, c.Kind = true, conversations.ExplainSystem }), 0, clarifyCares},
		"the superior has it":              {all(ClarifyReview), p.Decide, clarifyWaits},
		"the superior does not read":       {all(ClarifyReview), p.Decide + 1, clarifyRaises},
		"nobody reads an explanation":      {with(all(ClarifyReview), func(c *Clarification) { c.Level, c.Explained = 1, true }), p.Decide + 1, clarifyLapses},
		"nobody reads, nobody explained":   {with(all(ClarifyReview), func(c *Clarification) { c.Level = 1 }), p.Decide + 1, clarifyPasses},
		"forwarded today":                  {all(ClarifyForwarded), 0, clarifyWaits},
		"forwarded":                        {all(ClarifyForwarded), p.Draft, clarifyDrafts},
		"a draft is where the clock stops": {all(ClarifyDrafted), 99, clarifyWaits},
		"help is given by people":          {all(ClarifyCare), 99, clarifyWaits},
		"excused meanwhile":                {with(all(ClarifyReview), func(c *Clarification) { c.Still-- }), 0, clarifyVoids},
		"excused before anybody answered":  {with(all(ClarifyAsked), func(c *Clarification) { c.Still = 0 }), 9, clarifyVoids},
	} {
		if got := p.next(c.now, c.waited); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
