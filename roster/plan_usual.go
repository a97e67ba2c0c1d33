package roster

import (
	"cmp"
	"slices"
)

// Past is an activity that a person reported.
type Past struct {
	Day         Day
	Description string
	Unit        string // in which it was counted
	Minutes     int    // 0: not said
}

// Usual is something a person often does, as a proposal for today.
type Usual struct {
	Name    string
	Unit    string
	Minutes int  // 0: not known
	Agreed  bool // the minutes are those of the office's bank, not the person's habit
	Own     bool // the person has reported it before
}

// usualPast is how many of the newest activities are looked at.
const usualPast = 10

// Usuals are what a person may have done today: the own newest activities, the
// more frequent first and of equals the newer, then the office's bank in its
// order. Each is there once; the bank's minutes and unit go before the habit's.
// past is newest first.
func Usuals(past []Past, bank []Standard) []Usual {
	agreed := make(map[string]Standard, len(bank))
	for _, b := range bank {
		if k := MatchKey(b.Name); agreed[k].Name == "" {
			agreed[k] = b
		}
	}
	out := habits(past, agreed)
	seen := make(map[string]bool, len(out))
	for _, u := range out {
		seen[MatchKey(u.Name)] = true
	}
	for _, b := range bank {
		if k := MatchKey(b.Name); !seen[k] {
			seen[k] = true
			out = append(out, Usual{Name: b.Name, Unit: b.Result, Minutes: b.Minutes, Agreed: true})
		}
	}
	return out
}

// habits are the distinct ones of the newest activities.
func habits(past []Past, agreed map[string]Standard) []Usual {
	type habit struct {
		Usual
		times int
	}
	var all []habit
	at := map[string]int{}
	for _, p := range past[:min(usualPast, len(past))] {
		key := MatchKey(p.Description)
		if key == "" {
			continue
		}
		i, known := at[key]
		if !known {
			i = len(all)
			at[key], all = i, append(all, habit{Usual: Usual{Name: p.Description, Unit: p.Unit, Minutes: p.Minutes, Own: true}})
		}
		all[i].times++
		if all[i].Unit == "" {
			all[i].Unit = p.Unit
		}
		if all[i].Minutes == 0 {
			all[i].Minutes = p.Minutes
		}
	}
	slices.SortStableFunc(all, func(a, b habit) int { return cmp.Compare(b.times, a.times) })
	out := make([]Usual, len(all))
	for i, h := range all {
		out[i] = h.Usual
		if b, ok := agreed[MatchKey(h.Name)]; ok {
			out[i].Minutes, out[i].Agreed = b.Minutes, true
			if b.Result != "" {
				out[i].Unit = b.Result
			}
		}
	}
	return out
}

// UsualFor is the proposal for an activity that was typed: the one of the same
// words, else the most alike of those that mean the same. False when none does
// or its minutes are not known.
func UsualFor(description string, all []Usual) (Usual, bool) {
	g, key := gramsOf(description), MatchKey(description)
	best, most := -1, 0.0
	for i, u := range all {
		if u.Minutes == 0 {
			continue
		}
		if MatchKey(u.Name) == key {
			return u, true
		}
		if a := g.alike(gramsOf(u.Name)); a >= sameWork && a > most {
			best, most = i, a
		}
	}
	if best < 0 {
		return Usual{}, false
	}
	return all[best], true
}
