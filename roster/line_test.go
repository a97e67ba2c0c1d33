package roster

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSupervisorOn(t *testing.T) {
	t.Parallel()
	links := []Line{
		{1, 10, MustDay("2026-01-01"), MustDay("2026-11-22")},
		{1, 11, MustDay("2026-11-23"), Day{}},
		{1, 12, MustDay("2026-12-01"), MustDay("2026-12-05")}, // Plh
		{2, 2, MustDay("2026-01-01"), Day{}},
		{3, 10, MustDay("2026-01-01"), Day{}},
		{3, 9, MustDay("2026-01-01"), Day{}},
	}
	for _, tt := range []struct {
		employee EmployeeID
		day      string
		want     EmployeeID
	}{
		{1, "2025-12-31", 0},
		{1, "2026-01-01", 10},
		{1, "2026-11-22", 10},
		{1, "2026-11-23", 11},
		{1, "2026-12-01", 12},
		{1, "2026-12-05", 12},
		{1, "2026-12-06", 11},
		{1, "2030-01-01", 11},
		{2, "2026-06-01", 0}, // oneself
		{3, "2026-06-01", 9}, // a tie is settled, whatever the order
		{4, "2026-06-01", 0},
	} {
		if got := SupervisorOn(links, tt.employee, MustDay(tt.day)); got != tt.want {
			t.Errorf("SupervisorOn(%d, %s) = %d, want %d", tt.employee, tt.day, got, tt.want)
		}
	}
}

// chainOf links 1→2→…→n from the start of 2026.
func chainOf(n EmployeeID) []Line {
	var links []Line
	for e := EmployeeID(1); e < n; e++ {
		links = append(links, Line{e, e + 1, MustDay("2026-01-01"), Day{}})
	}
	return links
}

func TestClimb(t *testing.T) {
	t.Parallel()
	day := MustDay("2026-11-23")
	l := NewLines(chainOf(20))
	active := func(ids ...EmployeeID) func(EmployeeID) bool {
		return func(e EmployeeID) bool { return slices.Contains(ids, e) }
	}
	all := func(EmployeeID) bool { return true }
	for _, tt := range []struct {
		name   string
		from   EmployeeID
		active func(EmployeeID) bool
		want   EmployeeID
	}{
		{"the next", 1, all, 2},
		{"past two inactive", 1, active(1, 4, 5), 4},
		{"twelve steps", 1, active(13), 13},
		{"thirteen steps", 1, active(14), 0},
		{"nobody", 1, active(), 0},
		{"top", 20, all, 0},
	} {
		if got := l.Climb(tt.from, day, tt.active); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
	if diff := cmp.Diff([]EmployeeID{2, 4}, l.Chain(1, day, active(2, 4))); diff != "" {
		t.Error(diff)
	}
}

func TestCycles(t *testing.T) {
	t.Parallel()
	from := MustDay("2026-01-01")
	l := NewLines([]Line{
		{7, 5, from, Day{}}, {5, 9, from, Day{}}, {9, 7, from, Day{}}, // 5→9→7
		{1, 7, from, Day{}}, {2, 3, from, Day{}}, // lead into it; and none
		{3, 2, from, MustDay("2026-06-30")},
	})
	if diff := cmp.Diff([][]EmployeeID{{5, 9, 7}}, l.Cycles(MustDay("2026-11-23"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]EmployeeID{{2, 3}, {5, 9, 7}}, l.Cycles(MustDay("2026-06-30"))); diff != "" {
		t.Error(diff)
	}
	if got := l.Climb(5, MustDay("2026-11-23"), func(e EmployeeID) bool { return e == 5 }); got != 0 {
		t.Errorf("climbed to %d in a circle", got)
	}
	if got := NewLines(nil).Cycles(from); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestClimbOnAnyRoster(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "people")
		id := rapid.Custom(func(t *rapid.T) EmployeeID { return EmployeeID(rapid.IntRange(1, n).Draw(t, "id")) })
		var links []Line
		for range rapid.IntRange(0, 60).Draw(t, "links") {
			l := Line{Employee: id.Draw(t, "employee"), Supervisor: id.Draw(t, "supervisor"), From: genDay().Draw(t, "from")}
			if rapid.Bool().Draw(t, "ends") {
				l.To = l.From.Add(rapid.IntRange(-1, 400).Draw(t, "days"))
			}
			links = append(links, l)
		}
		on := rapid.SliceOfNDistinct(id, 0, n, rapid.ID[EmployeeID]).Draw(t, "active")
		active := func(e EmployeeID) bool { return slices.Contains(on, e) }
		lines, day := NewLines(links), genDay().Draw(t, "day")
		for e := EmployeeID(1); e <= EmployeeID(n); e++ {
			chain := lines.Chain(e, day, active)
			if len(chain) > MaxClimb || slices.Contains(chain, e) {
				t.Fatalf("chain of %d: %v", e, chain)
			}
			if top := lines.Climb(e, day, active); top == e || top != 0 && !active(top) {
				t.Fatalf("%d climbs to %d", e, top)
			}
		}
		for _, ring := range lines.Cycles(day) {
			for i, e := range ring {
				if lines.SupervisorOn(e, day) != ring[(i+1)%len(ring)] || e < ring[0] {
					t.Fatalf("not a circle from its least member: %v", ring)
				}
			}
		}
	})
}
