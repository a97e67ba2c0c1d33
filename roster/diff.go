package roster

import (
	"maps"
	"slices"
)

// Mode says what a person's absence from a file means.
type Mode string

// A whole roster tells who is gone; a part of one does not.
const (
	Whole Mode = "whole"
	Part  Mode = "part"
)

// Diff is what an import would change. Nobody is ever removed by an import:
// Gone is a list for people to decide on.
type Diff struct {
	Added     []Employee
	Changed   []Change
	Gone      []Employee
	Unchanged int
}

// Change is what changes of one person. ID is that of the roster.
type Change struct {
	ID     EmployeeID
	Number string
	Name   string // the new one
	OPD    string // the new one
	Fields []FieldChange
	// Transfer: the supervisor, unit or OPD changes, so from now on the line of
	// command is another one.
	Transfer bool
}

// FieldChange is one field, by its column's name, before and after.
type FieldChange struct{ Field, Old, New string }

// Compare tells what incoming would change of current, person by number.
// The order is that of incoming; Gone has that of current.
func Compare(current, incoming []Employee, mode Mode) Diff {
	have := make(map[string]Employee, len(current))
	for _, e := range current {
		have[e.Number] = e
	}
	var d Diff
	listed := make(map[string]bool, len(incoming))
	for _, e := range incoming {
		listed[e.Number] = true
		old, ok := have[e.Number]
		if !ok {
			d.Added = append(d.Added, e)
			continue
		}
		if c := changeOf(old, e); len(c.Fields) > 0 {
			d.Changed = append(d.Changed, c)
		} else {
			d.Unchanged++
		}
	}
	for _, e := range current {
		if mode == Whole && !listed[e.Number] {
			d.Gone = append(d.Gone, e)
		}
	}
	return d
}

func changeOf(old, e Employee) Change {
	c := Change{ID: old.ID, Number: e.Number, Name: e.Name, OPD: e.OPD}
	before, after := values(old), values(e)
	for i, col := range exported() {
		if before[i] == after[i] {
			continue
		}
		c.Fields = append(c.Fields, FieldChange{string(col), before[i], after[i]})
		c.Transfer = c.Transfer || col == colSupervisor || col == colUnit || col == colOPD
	}
	return c
}

// Counts is a Diff in numbers; Transfers are among Changed.
type Counts struct{ Added, Changed, Transfers, Unchanged, Gone int }

// OPDCounts are the counts of one OPD. Unchanged is not counted by OPD. Who
// changes OPD counts for the new one.
type OPDCounts struct {
	OPD string
	Counts
}

// Summary is a Diff in numbers, as a whole and by OPD in the order of its name.
type Summary struct {
	Counts
	OPDs []OPDCounts
}

// Summary counts.
func (d Diff) Summary() Summary {
	all := Counts{Unchanged: d.Unchanged}
	by := map[string]*Counts{}
	count := func(opd string, add func(*Counts)) {
		if by[opd] == nil {
			by[opd] = &Counts{}
		}
		add(&all)
		add(by[opd])
	}
	for _, e := range d.Added {
		count(e.OPD, func(c *Counts) { c.Added++ })
	}
	for _, e := range d.Gone {
		count(e.OPD, func(c *Counts) { c.Gone++ })
	}
	for _, ch := range d.Changed {
		count(ch.OPD, func(c *Counts) {
			c.Changed++
			if ch.Transfer {
				c.Transfers++
			}
		})
	}
	s := Summary{Counts: all}
	for _, opd := range slices.Sorted(maps.Keys(by)) {
		s.OPDs = append(s.OPDs, OPDCounts{opd, *by[opd]})
	}
	return s
}
