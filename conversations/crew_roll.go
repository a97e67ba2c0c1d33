package conversations

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ekinerja/roster"
)

// CrewState is what a foreman says of a member of the crew.
type CrewState string

// The states. Who is not named has none, and nothing is noted of them.
const (
	CrewHere CrewState = "hadir"
	CrewSick CrewState = "sakit"
	CrewAway CrewState = "cuti"
	CrewFree CrewState = "libur"
	CrewGone CrewState = "tidak_hadir" // without a word; nothing follows from it by itself
)

// absence is the kind of days away that a state stands for; empty for none.
func (s CrewState) absence() roster.AbsenceKind {
	switch s {
	case CrewSick:
		return roster.SickDay
	case CrewAway:
		return roster.AnnualLeave
	case CrewFree:
		return roster.ShiftOff
	default:
		return ""
	}
}

// stateWords are how foremen say it.
func stateWords() map[string]CrewState {
	return map[string]CrewState{
		"hadir": CrewHere, "masuk": CrewHere, "present": CrewHere, "h": CrewHere,
		"sakit": CrewSick, "sick": CrewSick,
		"cuti": CrewAway, "izin": CrewAway, "ijin": CrewAway, "leave": CrewAway,
		"libur": CrewFree, "off": CrewFree,
		"absen": CrewGone, "alpa": CrewGone, "alpha": CrewGone, "bolos": CrewGone, "absent": CrewGone, "mangkir": CrewGone,
	}
}

// Roll is who of a crew is where, by the numbers of the roll.
type Roll struct {
	States map[int]CrewState
	// Rest are the words that are no roll: what was done.
	Rest string
	// Unknown are numbers that the roll does not have.
	Unknown []int
}

var (
	rollAnd   = regexp.MustCompile(`\bdan\b`)
	rollToken = regexp.MustCompile(`\d+\s*(?:-|–|—|s\.?/?d\.?|sampai)\s*\d+|\d+|\pL+|\S`)
	rollSpan  = regexp.MustCompile(`^(\d+)\D+(\d+)$`)
)

// fillers say nothing in a roll.
func rollFiller(word string) bool {
	return slices.Contains([]string{"no", "nomor", "nomer", "orang", "yang", "saja", "kru", "pak", "bu", ".", ":", "(", ")", "="}, word)
}

// ReadRoll reads a roll as foremen write it: "hadir 1-8, 10; 9 sakit", "1 2 4
// hadir, 3 sakit", "semua hadir kecuali 3 dan 5", "hadir semua; menyapu jalan; 6
// km; 240 menit". places are the numbers that the roll has. What is no roll stays
// as Rest, in its order. False when it says nothing about anybody.
func ReadRoll(text string, places []int) (Roll, bool) {
	r := rollScan{roll: Roll{States: map[int]CrewState{}}, places: places}
	var rest []string
	for _, part := range splitKeeping(text) {
		if !r.clause(part) {
			rest = append(rest, strings.TrimSpace(part))
		}
	}
	r.settle(r.pending)
	r.roll.Rest = strings.Join(rest, "; ")
	return r.roll, len(r.roll.States) > 0
}

// splitKeeping parts a text into clauses. Commas and "dan" part numbers, not the
// words of an activity.
func splitKeeping(text string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ';' || c == '\n' }) {
		pieces := strings.FieldsFunc(part, func(c rune) bool { return c == ',' || c == '&' })
		if !slices.ContainsFunc(pieces, func(p string) bool { return slices.ContainsFunc(rollAnd.Split(p, -1), isRoll) }) {
			out = append(out, part)
			continue
		}
		for _, piece := range pieces {
			if ands := rollAnd.Split(piece, -1); !slices.ContainsFunc(ands, func(p string) bool { return !isRoll(p) }) {
				out = append(out, ands...)
				continue
			}
			out = append(out, piece)
		}
	}
	return out
}

// isRoll reports whether a clause is only numbers and words of a roll, with at
// least one of either.
func isRoll(clause string) bool {
	found := false
	for _, word := range rollToken.FindAllString(strings.ToLower(clause), -1) {
		_, state := stateWords()[word]
		switch {
		case rollFiller(word):
		case state || word == "semua" || word == "semuanya" || word == "kecuali" || word == "tidak" || word == "tdk" || word == "tanpa" || word == "keterangan" || word[0] >= '0' && word[0] <= '9':
			found = true
		default:
			return false
		}
	}
	return found
}

// rollScan reads clauses from left to right. In "hadir 1-8, 10" a bare number goes
// on with the state before it; in "1, 2, 4 hadir" it waits for the state after it.
type rollScan struct {
	roll    Roll
	places  []int
	last    CrewState
	first   bool // the last state stood before its numbers
	pending []int
	except  bool
}

// clause takes one part; false when it is no part of a roll.
func (r *rollScan) clause(text string) bool {
	if strings.TrimSpace(text) == "" {
		return true
	}
	if !isRoll(text) {
		return false
	}
	var numbers []int
	state, all, leads := CrewState(""), false, false
	for _, word := range rollToken.FindAllString(strings.ToLower(text), -1) {
		switch s, known := stateWords()[word]; {
		case word == "semua" || word == "semuanya":
			all = true
		case word == "kecuali":
			r.except = true
			r.take(state, numbers, all, leads)
			state, numbers, all = "", nil, false
		case word == "tidak" || word == "tdk" || word == "tanpa":
			state, leads = CrewGone, len(numbers) == 0
		case known && state == CrewGone && s == CrewHere: // "tidak hadir"
		case known:
			state, leads = s, len(numbers) == 0
		case word[0] >= '0' && word[0] <= '9':
			numbers = append(numbers, spanOf(word)...)
		}
	}
	r.take(state, numbers, all, leads)
	return true
}

// take notes the numbers of a clause.
func (r *rollScan) take(state CrewState, numbers []int, all, leads bool) {
	switch {
	case all:
		if state == "" {
			state = CrewHere
		}
		for _, p := range r.places {
			if r.roll.States[p] == "" {
				r.roll.States[p] = state
			}
		}
		r.last, r.first = state, true
	case r.except && state == "":
		for _, n := range numbers {
			r.put(n, CrewGone)
		}
	case state == "" && r.last != "" && r.first:
		r.pending = append(r.pending, numbers...)
		r.settle(r.pending)
	case state == "":
		r.pending = append(r.pending, numbers...)
	default:
		r.last, r.first = state, leads
		r.pending = append(r.pending, numbers...)
		if len(r.pending) > 0 {
			r.settle(r.pending)
		}
	}
}

func (r *rollScan) settle(numbers []int) {
	state := r.last
	if state == "" {
		state = CrewHere
	}
	for _, n := range numbers {
		r.put(n, state)
	}
	r.pending = nil
}

func (r *rollScan) put(n int, s CrewState) {
	if !slices.Contains(r.places, n) {
		if !slices.Contains(r.roll.Unknown, n) {
			r.roll.Unknown = append(r.roll.Unknown, n)
		}
		return
	}
	r.roll.States[n] = s
}

// spanOf is "3" or "1-8" as numbers, at most sixty of them.
func spanOf(word string) []int {
	m := rollSpan.FindStringSubmatch(word)
	if m == nil {
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil
		}
		return []int{n}
	}
	from, err1 := strconv.Atoi(m[1])
	to, err2 := strconv.Atoi(m[2])
	if err1 != nil || err2 != nil || to < from || to-from >= 60 {
		return nil
	}
	var out []int
	for n := from; n <= to; n++ {
		out = append(out, n)
	}
	return out
}
