package roster

import "time"

// Machine is what machines have recorded of one person, and how they worked.
type Machine struct {
	Punches []Punch
	// Used are the machines that the person uses: for each, how many people it
	// recorded in an hour, by the hour's beginning in UTC. Hours of none are missing.
	Used []MachineHours
}

// MachineHours is how many people one machine recorded in each hour.
type MachineHours map[time.Time]int

// How a machine proves that it worked.
const (
	watchSpan = 2 // hours before and after a moment
	watchers  = 2 // people in one of them, so that one is somebody else
)

// Watched reports whether every machine that the person uses was at work around a
// moment: it recorded other people, and what it recorded has arrived. Otherwise a
// missing punch says nothing about the person; a fault of the machine, of its line
// or of ours must not become theirs. Who was never recorded is never watched.
func (m Machine) Watched(at time.Time) bool {
	hour := at.UTC().Truncate(time.Hour)
	for _, hours := range m.Used {
		worked := false
		for h := -watchSpan; h <= watchSpan; h++ {
			worked = worked || hours[hour.Add(time.Duration(h)*time.Hour)] >= watchers
		}
		if !worked {
			return false
		}
	}
	return len(m.Used) > 0
}
