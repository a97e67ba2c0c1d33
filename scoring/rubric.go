package scoring

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
)

// ErrNoRubric means that no rubric is in force on a day.
var ErrNoRubric = errors.New("no rubric is in force")

// Rubric is one written rule of scoring, in force from a day on, with its legal
// basis. It is data: a new regulation is a new file, not a new program. Its JSON is
// what [Rubric.Hash] is made of; a key that is added later must be left out when empty.
type Rubric struct {
	Name    string     `json:"name"`
	Version string     `json:"version"`
	From    roster.Day `json:"from"`        // first day in force
	To      roster.Day `json:"to,omitzero"` // last day in force; zero means until replaced
	Basis   string     `json:"basis"`       // the regulation or decision it rests on

	Target      int             `json:"target"` // recognised minutes of a full day
	Minutes     MinutesRule     `json:"minutes,omitzero"`
	Days        FreeDays        `json:"days,omitzero"`
	Weights     Weights         `json:"weights"`
	Given       []Given         `json:"given,omitempty"`
	Punctual    Punctual        `json:"punctual"`
	Suitability Suitabilities   `json:"suitability"`
	Index       Index           `json:"index"`
	Discipline  []Class         `json:"discipline,omitempty"`
	DayCap      decimal.Decimal `json:"day_cap"` // most percent one day can cost; zero means no cap
	// Instead of Discipline, attendance may count by one of these.
	Presence *PresenceRule `json:"presence,omitempty"`
	Ceiling  *CeilingRule  `json:"ceiling,omitempty"`
}

// Hash names the rule itself, whatever its version says: two rubrics that could give
// different numbers have different hashes. Spelling, order and comments of the file
// do not matter.
func (r Rubric) Hash() string {
	raw, err := json.Marshal(r)
	if err != nil {
		panic(err) // it holds nothing that cannot be written
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:6])
}

// Weights are the points of a day's three parts; with what is given they sum to 100.
type Weights struct {
	Minutes, Punctual, Suitability decimal.Decimal
}

// Sum are the points that days can earn; the others are given.
func (w Weights) Sum() decimal.Decimal { return decimal.Sum(w.Minutes, w.Punctual, w.Suitability) }

// Punctual holds the shares (0..1) of the punctuality weight.
type Punctual struct {
	OnTime, Late, Missing decimal.Decimal
}

// Suitabilities holds the shares (0..1) of the suitability weight. Unreviewed is
// never below Sesuai: a supervisor's delay never counts against the reporter.
type Suitabilities struct {
	Sesuai, Cukup, Kurang, Tidak, Unreviewed decimal.Decimal
}

// Index joins performance P and discipline D; the two sum to 1. It is used only
// when there is an attendance record.
type Index struct {
	P, D decimal.Decimal
}

// Covers reports whether the rubric is in force on d.
func (r Rubric) Covers(d roster.Day) bool {
	return !d.Before(r.From) && (r.To.IsZero() || !d.After(r.To))
}

// RubricOn is the rubric in force on d, or ErrNoRubric. A period is scored by
// the rubric of its first day, so that no rule reaches back.
func RubricOn(rubrics []Rubric, d roster.Day) (Rubric, error) {
	for _, r := range rubrics {
		if r.Covers(d) {
			return r, nil
		}
	}
	return Rubric{}, fmt.Errorf("find rubric of %s: %w", d, ErrNoRubric)
}

// fault is a broken rule of a rubric: the key it concerns and what is wrong.
type fault struct {
	key  string
	want string
}

func (f *fault) Error() string { return f.key + ": " + f.want }

// Check reports the first thing that makes r unusable, naming its key.
func (r Rubric) Check() error {
	if f := r.firstFault(); f != nil {
		return f
	}
	return nil
}

func (r Rubric) firstFault() *fault {
	checks := []func() *fault{
		r.identity, r.givens, r.weights, r.minutesRule, r.freeDays, r.punctuality, r.suitabilities, r.index, r.discipline,
		r.attendanceRule,
	}
	for _, check := range checks {
		if f := check(); f != nil {
			return f
		}
	}
	return nil
}

func (r Rubric) identity() *fault {
	switch {
	case strings.TrimSpace(r.Name) == "":
		return &fault{"name", "want a name"}
	case strings.TrimSpace(r.Version) == "":
		return &fault{"version", "want a version"}
	case strings.TrimSpace(r.Basis) == "":
		return &fault{"basis", "want the legal basis"}
	case r.From.IsZero():
		return &fault{"from", "want the first day in force, as 2026-01-31"}
	case !r.To.IsZero() && r.To.Before(r.From):
		return &fault{"to", fmt.Sprintf("%s is before from %s", r.To, r.From)}
	case r.Target < 1 || r.Target > 24*60:
		return &fault{"target_minutes", fmt.Sprintf("got %d, want 1 to 1440", r.Target)}
	}
	return nil
}

func (r Rubric) weights() *fault {
	w := r.Weights
	if w.Minutes.IsNegative() || w.Punctual.IsNegative() || w.Suitability.IsNegative() {
		return &fault{"weights", "no weight may be negative"}
	}
	sum := r.Weights.Sum()
	for _, g := range r.Given {
		sum = sum.Add(g.Weight)
	}
	if !sum.Equal(hundred()) {
		return &fault{"weights", fmt.Sprintf("they sum to %s, want 100", sum)}
	}
	return nil
}

func (r Rubric) punctuality() *fault {
	p := r.Punctual
	if !falling(p.OnTime, p.Late, p.Missing) {
		return &fault{"punctual", "want 1 >= on_time >= late >= missing >= 0"}
	}
	return nil
}

func (r Rubric) suitabilities() *fault {
	s := r.Suitability
	if !falling(s.Sesuai, s.Cukup, s.Kurang, s.Tidak) {
		return &fault{"suitability", "want 1 >= sesuai >= cukup >= kurang >= tidak >= 0"}
	}
	if !falling(s.Unreviewed, s.Sesuai) {
		return &fault{"suitability.unreviewed", "want at least sesuai and at most 1: a supervisor's delay never lowers a score"}
	}
	return nil
}

func (r Rubric) index() *fault {
	x := r.Index
	if x.P.IsNegative() || x.D.IsNegative() || !x.P.Add(x.D).Equal(decimal.New(1, 0)) {
		return &fault{"index", fmt.Sprintf("p %s and d %s must not be negative and sum to 1", x.P, x.D)}
	}
	return nil
}

// falling reports 1 >= s[0] >= s[1] ... >= 0.
func falling(shares ...decimal.Decimal) bool {
	top := decimal.New(1, 0)
	for _, s := range shares {
		if s.GreaterThan(top) || s.IsNegative() {
			return false
		}
		top = s
	}
	return true
}

// checkRanges reports two rubrics of one set that are in force on the same day.
func checkRanges(rubrics []Rubric) (int, *fault) {
	for i, r := range rubrics {
		for _, earlier := range rubrics[:i] {
			if r.Covers(earlier.From) || earlier.Covers(r.From) {
				return i, &fault{"from", fmt.Sprintf("%s %s is in force on days of %s %s",
					r.Name, r.Version, earlier.Name, earlier.Version)}
			}
		}
	}
	return 0, nil
}
