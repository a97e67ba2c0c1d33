package roster

import (
	"fmt"
	"strings"
)

// checkTogether finds what only shows when all rows are looked at: numbers and
// telephones used twice, and a broken line of command.
func checkTogether(entries []*entry, known []Employee) {
	byNumber := checkNumbers(entries)
	checkPhones(entries, byNumber, known)
	checkSupervisors(entries, byNumber, known)
	checkCircles(entries, byNumber, known)
}

// checkNumbers indexes the rows by number and tells of doubles.
func checkNumbers(entries []*entry) map[string]*entry {
	byNumber := make(map[string]*entry, len(entries))
	for _, e := range entries {
		if e.Number == "" {
			continue
		}
		if first, twice := byNumber[e.Number]; twice {
			e.bad(colNumber, fmt.Sprintf("the same number is on line %d", first.row.Line), "keep one row for each person")
			continue
		}
		byNumber[e.Number] = e
	}
	return byNumber
}

func checkPhones(entries []*entry, byNumber map[string]*entry, known []Employee) {
	// A person of the roster who is in the file too has the file's telephone.
	elsewhere := make(map[string]bool, len(known))
	for _, k := range known {
		if _, inFile := byNumber[k.Number]; !inFile && k.Phone != "" {
			elsewhere[k.Phone] = true
		}
	}
	const fix = "give each person their own number, or leave it empty"
	line := make(map[string]int, len(entries))
	for _, e := range entries {
		if e.Phone == "" {
			continue
		}
		first, twice := line[e.Phone]
		switch {
		case twice:
			e.bad(colPhone, fmt.Sprintf("the same telephone is on line %d", first), fix)
		case elsewhere[e.Phone]:
			e.bad(colPhone, "somebody else on the roster has this telephone", fix)
		default:
			line[e.Phone] = e.row.Line
		}
	}
}

func checkSupervisors(entries []*entry, byNumber map[string]*entry, known []Employee) {
	elsewhere := make(map[string]bool, len(known))
	for _, k := range known {
		elsewhere[k.Number] = true
	}
	for _, e := range entries {
		switch {
		case e.Supervisor == "":
		case e.Supervisor == e.Number:
			e.bad(colSupervisor, "the person would be their own supervisor",
				"write the supervisor's number; leave it empty at the top of the line")
		case byNumber[e.Supervisor] == nil && !elsewhere[e.Supervisor]:
			e.bad(colSupervisor, "nobody in the file or on the roster has this number",
				"write the supervisor's number, not the name, or add a row for the supervisor")
		}
	}
}

// checkCircles tells of circles in the line of command as it would be after the
// import. Circles outside the file are not the file's fault.
func checkCircles(entries []*entry, byNumber map[string]*entry, known []Employee) {
	up := make(map[string]string, len(entries)+len(known))
	for _, k := range known {
		if k.Supervisor != "" && k.Supervisor != k.Number {
			up[k.Number] = k.Supervisor
		}
	}
	for _, e := range byNumber {
		delete(up, e.Number)
		if e.Supervisor != "" && e.Supervisor != e.Number {
			up[e.Number] = e.Supervisor
		}
	}
	for _, ring := range circles(up) {
		if first := firstOf(ring, byNumber); first != nil {
			first.bad(colSupervisor, "the supervisors go in a circle: "+ringText(ring, first.Number, byNumber),
				"correct the supervisor of one of them; the head of the OPD has none")
		}
	}
}

// firstOf is the member of a circle that is first in the file, nil for none.
func firstOf(ring []string, byNumber map[string]*entry) *entry {
	var first *entry
	for _, n := range ring {
		if e := byNumber[n]; e != nil && (first == nil || e.row.Line < first.row.Line) {
			first = e
		}
	}
	return first
}

// ringText writes a circle from and back to the member start, at most ten long.
func ringText(ring []string, start string, byNumber map[string]*entry) string {
	at := 0
	for i, n := range ring {
		if n == start {
			at = i
		}
	}
	var parts []string
	for i := range ring {
		if i == 10 {
			parts = append(parts, fmt.Sprintf("%d more", len(ring)-i))
			break
		}
		n := ring[(at+i)%len(ring)]
		if e := byNumber[n]; e != nil {
			parts = append(parts, fmt.Sprintf("line %d (%s)", e.row.Line, MaskNumber(n)))
		} else {
			parts = append(parts, "on the roster ("+MaskNumber(n)+")")
		}
	}
	return strings.Join(append(parts, fmt.Sprintf("line %d", byNumber[start].row.Line)), " → ")
}
