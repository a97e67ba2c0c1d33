package conversations

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ekinerja/roster"
)

// Flows are the versions of questions that were served before.
type Flows interface {
	// Flow is a version by its reference, such as "harian/1"; false when it was
	// never served from this database.
	Flow(ctx context.Context, ref string) (Flow, bool, error)
}

// flowOf is the flow that a draft was begun with: new questions never come into
// a running report. A version that nobody knows any more is today's.
func (h *Handler) flowOf(ctx context.Context, ref string, rec Flows) (Flow, error) {
	if ref == "" || ref == h.Flow.Ref() {
		return h.Flow, nil
	}
	f, found, err := rec.Flow(ctx, ref)
	if err != nil {
		return Flow{}, fmt.Errorf("load flow %s: %w", ref, err)
	}
	if !found {
		return h.Flow, nil
	}
	return f, nil
}

// circumstances decide which of a flow's questions are asked.
type circumstances struct {
	person Person
	reason roster.Reason
	guided bool
	said   map[string]string
}

// asks are the questions for somebody on a day, in order, given what was
// answered so far. The report's own are always among them.
func (f Flow) asks(c circumstances) []Question {
	var out []Question
	mine := f.variantOf(c.person)
	for _, q := range f.Questions {
		if q.Own() && !f.meant(q.Key, mine) {
			continue
		}
		if q.fits(c) {
			out = append(out, q)
		}
	}
	return out
}

// variantOf is the first variant that fits, or -1.
func (f Flow) variantOf(p Person) int {
	return slices.IndexFunc(f.Variants, func(v Variant) bool {
		return begins(v.OPD, p.OPD) && begins(v.Post, p.Post) && among(v.People, p.Kind)
	})
}

// meant reports whether a question is for the people of a variant (-1: of none).
func (f Flow) meant(key string, mine int) bool {
	named := false
	for i, v := range f.Variants {
		if slices.Contains(v.Questions, key) {
			if i == mine {
				return true
			}
			named = true
		}
	}
	return !named
}

func (q Question) fits(c circumstances) bool {
	if q.When == Guided && !c.guided && c.said[q.Key] == "" {
		return false
	}
	if !among(q.On, c.reason) || !among(q.People, c.person.Kind) {
		return false
	}
	for key, answers := range q.If {
		given := strings.Split(c.said[key], ticksBetween)
		if !slices.ContainsFunc(answers, func(a string) bool { return slices.Contains(given, a) }) {
			return false
		}
	}
	return true
}

func among[T comparable](all []T, one T) bool { return len(all) == 0 || slices.Contains(all, one) }

func begins(names []string, name string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(n string) bool {
		return strings.HasPrefix(strings.ToLower(name), strings.ToLower(strings.TrimSpace(n)))
	})
}

// asks are the questions of the session's day for this person.
func (t *turn) asks() []Question {
	s := t.out.Session
	w, _ := t.day(s.Day)
	return t.flow.asks(circumstances{person: *t.Person, reason: w.Duty.Reason, guided: s.Guided, said: s.Extra})
}
