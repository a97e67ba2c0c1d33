package roster

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// PlanItem is one item of a person's plan: a "rencana hasil kerja" (RHK) of the
// SKP, with its indicator and target (PermenPANRB 6/2022).
type PlanItem struct {
	ID        int64  // 0 until it is stored
	Number    string // of the person
	Code      string // as the plan numbers it: "1", "2a"
	Text      string
	Indicator string
	Target    string // in the person's words: "120", "100 %"
	Unit      string // of the target
	Period    Period
}

// Standard is an entry of an office's activity bank: something its people do
// again and again, with the minutes of a day that it usually takes.
type Standard struct {
	ID      int64
	OPD     string
	Unit    string // empty: the whole office
	Name    string
	Result  string // the unit in which it is counted: "berkas"
	Minutes int
}

// Period is a year, or one of its quarters ("triwulan"), the periods in which
// the SKP is planned and looked at.
type Period struct {
	Year    int
	Quarter int // 1–4; 0 is the whole year
}

// ErrPeriod: a text is no period.
var ErrPeriod = errors.New("not a period")

var (
	yearAlone   = regexp.MustCompile(`^(20\d\d)$`)
	yearQuarter = regexp.MustCompile(`^(20\d\d) ?(?:TW|TRIWULAN|Q) ?([1-4]|I{1,3}|IV)$`)
	quarterYear = regexp.MustCompile(`^(?:TW|TRIWULAN|Q) ?([1-4]|I{1,3}|IV) ?(20\d\d)$`)
)

// ParsePeriod reads "2026", "2026-TW4", "TW IV 2026", "Triwulan 4 2026".
func ParsePeriod(s string) (Period, error) {
	s = strings.Join(strings.Fields(strings.NewReplacer("-", " ", "/", " ", ".", " ").Replace(strings.ToUpper(s))), " ")
	var year, quarter string
	if m := yearAlone.FindStringSubmatch(s); m != nil {
		year = m[1]
	} else if m := yearQuarter.FindStringSubmatch(s); m != nil {
		year, quarter = m[1], m[2]
	} else if m := quarterYear.FindStringSubmatch(s); m != nil {
		quarter, year = m[1], m[2]
	} else {
		return Period{}, ErrPeriod
	}
	y, err := strconv.Atoi(year)
	if err != nil {
		return Period{}, ErrPeriod
	}
	q := map[string]int{"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}[quarter]
	return Period{y, q}, nil
}

// String is how an export writes it; [ParsePeriod] reads it back.
func (p Period) String() string {
	if p.Quarter == 0 {
		return strconv.Itoa(p.Year)
	}
	return fmt.Sprintf("%d-TW%d", p.Year, p.Quarter)
}

// First is the period's first day.
func (p Period) First() Day {
	return Day{Year: p.Year, Month: time.Month(max(p.Quarter*3-2, 1)), Date: 1}
}

// Contains reports whether a day is in the period.
func (p Period) Contains(d Day) bool {
	return d.Year == p.Year && (p.Quarter == 0 || (int(d.Month)-1)/3+1 == p.Quarter)
}

// From is the first day on which an item counts that is entered today: one that
// is new from its period's beginning, for a plan is often entered late; one that
// replaces another not before today, for what was reported keeps what it served.
func (i PlanItem) From(today Day, replaces bool) Day {
	first := i.Period.First()
	if !replaces || first.After(today) {
		return first
	}
	return today
}

// SortPlan puts items in the order of the plan: by period, then by code as
// people count ("2" before "10").
func SortPlan(items []PlanItem) {
	slices.SortStableFunc(items, func(a, b PlanItem) int {
		return cmp.Or(
			cmp.Compare(a.Number, b.Number),
			cmp.Compare(a.Period.Year, b.Period.Year), cmp.Compare(a.Period.Quarter, b.Period.Quarter),
			cmp.Compare(leading(a.Code), leading(b.Code)), cmp.Compare(a.Code, b.Code),
		)
	})
}

// leading is the number a code begins with, or a large one.
func leading(code string) int {
	end := strings.IndexFunc(code, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(code)
	}
	n, err := strconv.Atoi(code[:end])
	if err != nil {
		return 1 << 30
	}
	return n
}

// planCode is a code without the freedoms people take: "RHK 2." is "2".
func planCode(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	s = strings.TrimSpace(strings.TrimPrefix(s, "RHK"))
	s = strings.Trim(s, " .):#-")
	if utf8.RuneCountInString(s) > longestCode {
		return ""
	}
	return strings.ToLower(s)
}

const longestCode = 8

// key is what an item is known by within the plans: changing anything else
// changes the item.
func (i PlanItem) key() string { return i.Number + "\x00" + i.Period.String() + "\x00" + i.Code }

// key is what an entry is known by within the banks.
func (s Standard) key() string { return s.OPD + "\x00" + s.Unit + "\x00" + MatchKey(s.Name) }
