package roster

import (
	"cmp"
	"slices"
)

// PlanChange is what an import of plans changes: rows end, rows begin. A changed
// item is in both, so that what served the old one keeps it.
type PlanChange struct {
	Added     []PlanItem
	Changed   []PlanItem // as they will be
	Before    []PlanItem // what Changed replace, in their order, with IDs
	Ended     []PlanItem // gone from the plan of a person and period in the file
	Unchanged int
}

// ComparePlans tells what a file changes of the plans that stand.
func ComparePlans(current []PlanItem, file Plans) PlanChange {
	have := make(map[string]PlanItem, len(current))
	for _, it := range current {
		have[it.key()] = it
	}
	var c PlanChange
	listed, whole := map[string]bool{}, map[string]bool{}
	for _, it := range file.Items {
		listed[it.key()], whole[it.Number+it.Period.String()] = true, true
		old, known := have[it.key()]
		it.ID = old.ID
		switch {
		case !known:
			c.Added = append(c.Added, it)
		case it == old:
			c.Unchanged++
		default:
			c.Changed, c.Before = append(c.Changed, it), append(c.Before, old)
		}
	}
	for _, it := range current {
		if !listed[it.key()] && whole[it.Number+it.Period.String()] {
			c.Ended = append(c.Ended, it)
		}
	}
	return c
}

// Empty reports whether nothing changes.
func (c PlanChange) Empty() bool { return len(c.Added)+len(c.Changed)+len(c.Ended) == 0 }

// BankChange is what an import of a bank changes; see [PlanChange].
type BankChange struct {
	Added, Changed, Before, Ended []Standard
	Unchanged                     int
}

// CompareBanks tells what a file changes of the banks that stand.
func CompareBanks(current []Standard, file Bank) BankChange {
	have := make(map[string]Standard, len(current))
	for _, e := range current {
		have[e.key()] = e
	}
	var c BankChange
	listed, whole := map[string]bool{}, map[string]bool{}
	for _, e := range file.Entries {
		listed[e.key()], whole[e.OPD] = true, true
		old, known := have[e.key()]
		e.ID = old.ID
		switch {
		case !known:
			c.Added = append(c.Added, e)
		case e == old:
			c.Unchanged++
		default:
			c.Changed, c.Before = append(c.Changed, e), append(c.Before, old)
		}
	}
	for _, e := range current {
		if !listed[e.key()] && whole[e.OPD] {
			c.Ended = append(c.Ended, e)
		}
	}
	return c
}

// Empty reports whether nothing changes.
func (c BankChange) Empty() bool { return len(c.Added)+len(c.Changed)+len(c.Ended) == 0 }

// SortBank puts entries in the order of office and unit.
func SortBank(entries []Standard) {
	slices.SortStableFunc(entries, func(a, b Standard) int {
		return cmp.Or(cmp.Compare(a.OPD, b.OPD), cmp.Compare(a.Unit, b.Unit))
	})
}
