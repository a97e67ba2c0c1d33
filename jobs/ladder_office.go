package jobs

import (
	"maps"
	"slices"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Place is where somebody works.
type Place struct{ OPD, Unit string }

// OfficeWeek is what came in of an office in a week, of what people were asked for.
type OfficeWeek struct {
	OPD     string
	Due, In int
	// Told are the steps whose digest of this week went out.
	Told []string
}

// officeNotes are what the heads of offices are told about the week that is over,
// by receiver. An office whose head cannot be reached is told of by the personnel
// office instead, and counted when there is none.
func (l ladder) officeNotes(weeks []OfficeWeek, c Command, w Week, day roster.Day) (map[roster.EmployeeID][]conversations.OfficeNote, int) {
	notes, unreached := map[roster.EmployeeID][]conversations.OfficeNote{}, 0
	for _, r := range l.rungs {
		if r.UnitBelow == 0 || l.workdays(w.Last, day) <= r.After {
			continue
		}
		for _, o := range weeks {
			if o.Due == 0 || o.In*100 >= r.UnitBelow*o.Due || slices.Contains(o.Told, r.Name) {
				continue
			}
			to := c.officeReceivers(r, o.OPD, day)
			if len(to) == 0 {
				unreached++
			}
			for _, id := range to {
				notes[id] = append(notes[id], conversations.OfficeNote{Step: r.Name, OPD: o.OPD, First: w.First, Last: w.First.Add(4), In: o.In, Due: o.Due})
			}
		}
	}
	return notes, unreached
}

// officeReceivers are those whom a step about an office reaches.
func (c Command) officeReceivers(r Rung, opd string, day roster.Day) (to []roster.EmployeeID) {
	for _, t := range append(slices.Clone(r.To), ToHR) {
		if t == ToHR && len(to) > 0 && !slices.Contains(r.To, ToHR) {
			break // only when nobody else was reached
		}
		for _, id := range c.officeTarget(t, opd, day) {
			if c.Live[id] && !slices.Contains(to, id) {
				to = append(to, id)
			}
		}
	}
	return to
}

func (c Command) officeTarget(t Target, opd string, day roster.Day) []roster.EmployeeID {
	switch t {
	case ToHead:
		if id := c.head(opd, day); id != 0 {
			return []roster.EmployeeID{id}
		}
	case ToAdmin:
		return c.holders(roster.OPDAdmin, Place{OPD: opd})
	case ToHR:
		return c.holders(roster.HR, Place{OPD: opd})
	case ToSupervisor, ToAbove:
	}
	return nil
}

// head is who stands highest in an office and is there today: the one in whom the
// lines of most of its people end; 0 for nobody.
func (c Command) head(opd string, day roster.Day) roster.EmployeeID {
	votes := map[roster.EmployeeID]int{}
	for _, id := range c.Staff {
		if c.Places[id].OPD != opd {
			continue
		}
		if up := c.target(ToHead, id, day); len(up) > 0 {
			votes[up[0]]++
		}
	}
	best := roster.EmployeeID(0)
	for _, id := range slices.Sorted(maps.Keys(votes)) {
		if votes[id] > votes[best] {
			best = id
		}
	}
	return best
}
