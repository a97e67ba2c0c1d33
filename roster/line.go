package roster

import (
	"cmp"
	"slices"
)

// Line is one dated link of the line of command: who led whom from..to, both
// days included; a zero To is open. It is kept apart from the organisation
// because a supervisor cannot be derived from a unit.
type Line struct {
	Employee, Supervisor EmployeeID
	From, To             Day
}

func (l Line) holds(d Day) bool {
	return !d.Before(l.From) && (l.To.IsZero() || !d.After(l.To))
}

// MaxClimb is how many steps up the line anything is ever passed on; above it
// is the HR inbox.
const MaxClimb = 12

// Lines is the line of command, ready to be asked often. The zero Lines is empty.
type Lines struct{ of map[EmployeeID][]Line }

// NewLines indexes links in any order.
func NewLines(links []Line) Lines {
	of := make(map[EmployeeID][]Line)
	for _, l := range links {
		of[l.Employee] = append(of[l.Employee], l)
	}
	return Lines{of}
}

// SupervisorOn is who led the employee on that day, 0 for nobody. See [Lines.SupervisorOn].
func SupervisorOn(links []Line, employee EmployeeID, day Day) EmployeeID {
	return NewLines(links).SupervisorOn(employee, day)
}

// SupervisorOn is who led the employee on that day, 0 for nobody. When several
// links hold, the one that began last counts: an acting leader (Plh, Plt) begins
// after the one represented. Nobody leads themself.
func (l Lines) SupervisorOn(employee EmployeeID, day Day) EmployeeID {
	var best *Line
	for i, link := range l.of[employee] {
		if !link.holds(day) || link.Supervisor == employee || link.Supervisor == 0 {
			continue
		}
		if best == nil || best.From.Before(link.From) ||
			best.From == link.From && best.Supervisor > link.Supervisor {
			best = &l.of[employee][i]
		}
	}
	if best == nil {
		return 0
	}
	return best.Supervisor
}

// Climb is the nearest active superior, past inactive ones; 0 (the HR inbox)
// when there is none within [MaxClimb] steps. It ends on cycles too and is
// never the person itself.
func (l Lines) Climb(employee EmployeeID, day Day, active func(EmployeeID) bool) EmployeeID {
	if up := l.Chain(employee, day, active); len(up) > 0 {
		return up[0]
	}
	return 0
}

// Chain are all active superiors, nearest first, nobody twice and never the
// person itself: level 2 of an escalation is the second of them.
func (l Lines) Chain(employee EmployeeID, day Day, active func(EmployeeID) bool) []EmployeeID {
	var chain []EmployeeID
	seen := map[EmployeeID]bool{employee: true}
	at := employee
	for range MaxClimb {
		at = l.SupervisorOn(at, day)
		if at == 0 || seen[at] {
			break
		}
		seen[at] = true
		if active(at) {
			chain = append(chain, at)
		}
	}
	return chain
}

// Cycles are the circles in the line of command on that day, each from its
// smallest id; a sound line of command has none.
func (l Lines) Cycles(day Day) [][]EmployeeID {
	up := make(map[EmployeeID]EmployeeID, len(l.of))
	for e := range l.of {
		if s := l.SupervisorOn(e, day); s != 0 {
			up[e] = s
		}
	}
	return circles(up)
}

// circles finds the circles of a graph where each node points to at most one
// other. Each begins with its smallest node; they are sorted by it.
func circles[T cmp.Ordered](up map[T]T) [][]T {
	var found [][]T
	walk := make(map[T]int, len(up)) // the number of the walk that was here first
	n := 0
	for start := range up {
		n++
		at, ok := start, true
		for ok && walk[at] == 0 {
			walk[at] = n
			at, ok = up[at]
		}
		if ok && walk[at] == n {
			found = append(found, circle(up, at))
		}
	}
	slices.SortFunc(found, func(a, b []T) int { return cmp.Compare(a[0], b[0]) })
	return found
}

func circle[T cmp.Ordered](up map[T]T, member T) []T {
	ring := []T{member}
	for at := up[member]; at != member; at = up[at] {
		ring = append(ring, at)
	}
	least := slices.Index(ring, slices.Min(ring))
	return slices.Concat(ring[least:], ring[:least])
}
