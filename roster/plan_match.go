package roster

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// MatchKey is a description without the freedoms of writing: lower case, single
// spaces, letters and digits only. Two that are equal mean the same.
func MatchKey(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

// emptyWords say nothing about which work was done.
const emptyWords = " dan di ke dari yang untuk pada dengan oleh serta atau dalam secara para terhadap tentang sesuai the of and "

// grams are the distinct trigrams of a text's telling words, sorted. They are
// of the words' insides, not of their edges as in PostgreSQL's pg_trgm: what
// Indonesian adds to a word stands at its edges ("verifikasi" is wholly inside
// "terverifikasinya"), and "darah" begins and ends like "daerah".
type grams []string

func gramsOf(s string) grams {
	var out grams
	for w := range strings.FieldsSeq(MatchKey(s)) {
		if strings.Contains(emptyWords, " "+w+" ") {
			continue
		}
		r := []rune(w)
		if len(r) < 3 {
			out = append(out, w)
		}
		for i := range len(r) - 2 {
			out = append(out, string(r[i:i+3]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// common counts what two have in common.
func (a grams) common(b grams) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch cmp.Compare(a[i], b[j]) {
		case -1:
			i++
		case 1:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// Similarity says how alike two descriptions are, 0 to 1: shared trigrams among
// all of both. It is symmetric, and 1 exactly when the telling words are the same.
func Similarity(a, b string) float64 { return gramsOf(a).alike(gramsOf(b)) }

func (a grams) alike(b grams) float64 {
	n := a.common(b)
	if n == 0 {
		return 0
	}
	return float64(n) / float64(len(a)+len(b)-n)
}

// covered is how much of a is in b: an activity of four words inside a plan's
// sentence of twenty is wholly covered.
func (a grams) covered(b grams) float64 {
	if len(a) == 0 {
		return 0
	}
	return float64(a.common(b)) / float64(len(a))
}

// Thresholds of a suggestion. They were chosen on the city's sample activities
// and plans (plan_match_test.go): below, words meet by chance.
const (
	sameWork = 0.62 // an own earlier description that means the same
	served   = 0.38 // an item that an activity serves
)

// Served is which item of the plan an activity serves, and why it is thought so.
type Served struct {
	Item int64 // 0: an additional duty
	By   ServedBy
}

// ServedBy is who or what said so.
type ServedBy string

// Reasons of a link. Everything but ByPerson is a suggestion.
const (
	ByPerson  ServedBy = "person"  // a tap
	ByEarlier ServedBy = "earlier" // the person's own choice for the same work before
	ByWords   ServedBy = "words"   // the words are like the item's
	ByNothing ServedBy = "nothing" // nothing alike: an additional duty
)

// Chosen is an earlier choice of the person for an activity.
type Chosen struct {
	Description string
	Item        int64 // 0: an additional duty
}

// Matcher suggests items of one person's plan. It knows only the items that it
// was made of, so it can suggest nobody else's.
type Matcher struct {
	items  []PlanItem
	grams  []grams
	chosen []Chosen
	past   []grams
}

// NewMatcher prepares a person's items and earlier choices, newest first.
// Choices of items that are not in the plan any more are left out.
func NewMatcher(items []PlanItem, chosen []Chosen) Matcher {
	m := Matcher{items: items, grams: make([]grams, len(items))}
	for i, it := range items {
		m.grams[i] = gramsOf(it.Text + " " + it.Indicator)
	}
	for _, c := range chosen {
		if _, ok := m.find(c.Item); ok || c.Item == 0 {
			m.chosen, m.past = append(m.chosen, c), append(m.past, gramsOf(c.Description))
		}
	}
	return m
}

func (m Matcher) find(id int64) (PlanItem, bool) {
	i := slices.IndexFunc(m.items, func(it PlanItem) bool { return it.ID == id })
	if i < 0 {
		return PlanItem{}, false
	}
	return m.items[i], true
}

// Suggest tells which item an activity most probably serves: the person's own
// choice for the same work first, then the item whose words are most alike;
// of two alike the first. Nothing alike is an additional duty.
func (m Matcher) Suggest(description string) Served {
	g := gramsOf(description)
	if id, ok := m.earlier(description, g); ok {
		return Served{id, ByEarlier}
	}
	best, most, alike := -1, 0.0, 0.0
	for i := range m.items {
		c := g.covered(m.grams[i])
		if c < served || c < most {
			continue
		}
		if a := g.alike(m.grams[i]); c > most || a > alike {
			best, most, alike = i, c, a
		}
	}
	if best < 0 {
		return Served{0, ByNothing}
	}
	return Served{m.items[best].ID, ByWords}
}

// earlier is the newest choice for the very same words, else for the most alike.
func (m Matcher) earlier(description string, g grams) (int64, bool) {
	key := MatchKey(description)
	best, most := -1, 0.0
	for i, c := range m.chosen {
		if MatchKey(c.Description) == key {
			return c.Item, true
		}
		if a := g.alike(m.past[i]); a >= sameWork && a > most {
			best, most = i, a
		}
	}
	if best < 0 {
		return 0, false
	}
	return m.chosen[best].Item, true
}

// Nearest are at most n items, those most like the description; they keep the
// plan's order.
func (m Matcher) Nearest(description string, n int) []PlanItem {
	if len(m.items) <= n {
		return m.items
	}
	g := gramsOf(description)
	order := make([]int, len(m.items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(g.covered(m.grams[b]), g.covered(m.grams[a]))
	})
	order = order[:n]
	slices.Sort(order)
	out := make([]PlanItem, n)
	for i, at := range order {
		out[i] = m.items[at]
	}
	return out
}
