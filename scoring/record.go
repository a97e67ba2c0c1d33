package scoring

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Errors of Verify.
var (
	ErrOtherRubric = errors.New("the record was made by another rubric")
	ErrMismatch    = errors.New("the stored result does not follow from its inputs")
)

// Record is a score as it is stored: what went in, by which rule, what came out.
// Whoever holds it and the rubric can compute it again.
type Record struct {
	Inputs     []Entry      `json:"inputs"`
	Attendance *Attendance  `json:"attendance,omitempty"`
	Given      []GivenShare `json:"given,omitempty"`
	Month      bool         `json:"month,omitempty"`
	Rubric     string       `json:"rubric"`
	Version    string       `json:"version"`
	Hash       string       `json:"hash,omitempty"` // empty in records of the first versions
	Result     Result       `json:"result"`
}

// Record scores a week and keeps the inputs beside the result.
func (r Rubric) Record(entries []Entry, attendance *Attendance) Record {
	return r.RecordOf(Inputs{Entries: entries, Attendance: attendance})
}

// RecordOf scores a period and keeps the inputs beside the result.
func (r Rubric) RecordOf(in Inputs) Record {
	return Record{
		Inputs: slices.Clone(in.Entries), Attendance: in.Attendance, Given: slices.Clone(in.Given), Month: in.Month,
		Rubric: r.Name, Version: r.Version, Hash: r.Hash(), Result: r.Score(in),
	}
}

// Again are the inputs of the record.
func (rec Record) Again() Inputs {
	return Inputs{Entries: rec.Inputs, Attendance: rec.Attendance, Given: rec.Given, Month: rec.Month}
}

// By reports that the rubric made the record. A rubric that was edited without a new
// version is another rubric.
func (rec Record) By(r Rubric) bool {
	return rec.Rubric == r.Name && rec.Version == r.Version && (rec.Hash == "" || rec.Hash == r.Hash())
}

// Verify computes the record again and compares it to the last digit. The error
// wraps ErrOtherRubric or ErrMismatch, the latter naming the first difference.
func Verify(rec Record, r Rubric) error {
	if !rec.By(r) {
		return fmt.Errorf("verify record of %s %s %s by %s %s %s: %w",
			rec.Rubric, rec.Version, rec.Hash, r.Name, r.Version, r.Hash(), ErrOtherRubric)
	}
	if what := firstDifference(rec.Result, r.Score(rec.Again())); what != "" {
		return fmt.Errorf("verify record: %s: %w", what, ErrMismatch)
	}
	return nil
}

// firstDifference names the figure that differs; empty when none does.
func firstDifference(got, want Result) string {
	for _, f := range []struct {
		name      string
		got, want any
	}{
		{"score", got.Score, want.Score},
		{"p", got.P, want.P},
		{"d", got.D, want.D},
		{"terms", got.Terms, want.Terms},
		{"deductions", got.Deductions, want.Deductions},
		{"result", got, want},
	} {
		a, errA := json.Marshal(f.got)
		b, errB := json.Marshal(f.want)
		if errA != nil || errB != nil || string(a) != string(b) {
			if f.name == "score" || f.name == "p" || f.name == "d" {
				return fmt.Sprintf("%s is %s, computed %s", f.name, a, b)
			}
			return f.name + " differ"
		}
	}
	return ""
}
