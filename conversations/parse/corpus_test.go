package parse

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// labelled is one line of a corpus: what was typed and what a person says it means.
type labelled struct {
	Text string `json:"text"`
	Want struct {
		Intent Intent   `json:"intent"`
		Items  []Item   `json:"items"`
		Ask    []string `json:"ask"` // "0 quantity": the item and the field
		From   string   `json:"from"`
		To     string   `json:"to"`
	} `json:"want"`
}

// minimum is the share of labelled values that must match exactly, per field.
const minimum = 0.95

// The judging lines were labelled from the rules before the parser saw them, in
// three batches; at first sight 171 of 182, 78 of 91 and 75 of 89 were wholly
// right, and what missed then was repaired where a rule was missing. The labels
// stay as they were given. Of a fourth batch, as ten people of ten offices would
// type on a cheap telephone, 53 of 59 were wholly right at first sight (description,
// quantity and minutes 57, unit 54); what taught the parser went to the tuning
// lines, and three units that are not this project's words were relabelled: jp, rit, wp.
// A fifth and a sixth batch are of corrections, greetings and Javanese: 57 of 72
// and, after the parser had learned from the fifth, 37 of 44 at first sight; what
// taught it went to the tuning lines again.
// The tuning lines are the ones the parser was written with.
func TestCorpus(t *testing.T) {
	t.Parallel()
	for _, name := range [...]string{"tuning", "judging"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScore()
			for _, l := range readCorpus(t, "testdata/"+name+".jsonl") {
				s.line(l)
			}
			t.Log(s.table())
			for f, m := range s.misses {
				if share := 1 - float64(m)/float64(s.seen[f]); share < minimum {
					t.Errorf("%s: %.1f %% match, want at least %.0f %%", f, share*100, minimum*100)
				}
			}
		})
	}
}

func readCorpus(t *testing.T, path string) []labelled {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []labelled
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		var l labelled
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatalf("%s line %d: %v", path, len(out)+1, err)
		}
		out = append(out, l)
	}
	if len(out) < 150 {
		t.Fatalf("%s has %d lines, want 150", path, len(out))
	}
	return out
}

// score counts exact matches per field; a missing or surplus item misses in
// every field.
type score struct {
	seen, misses map[string]int
	notes        []string
	lines, whole int
}

func newScore() *score { return &score{seen: map[string]int{}, misses: map[string]int{}} }

func (s *score) line(l labelled) {
	got := Read(l.Text)
	before := len(s.notes)
	s.field(l, "intent", string(got.Intent), string(l.Want.Intent))
	s.field(l, "correction", got.From+"→"+got.To, l.Want.From+"→"+l.Want.To)
	for i := range max(len(got.Items), len(l.Want.Items)) {
		g, w := itemAt(got.Items, i), itemAt(l.Want.Items, i)
		s.field(l, "description", g.Description, w.Description)
		s.field(l, "quantity", g.Quantity.String(), w.Quantity.String())
		s.field(l, "unit", g.Unit, w.Unit)
		s.field(l, "minutes", fmt.Sprint(g.Minutes), fmt.Sprint(w.Minutes))
		s.field(l, "start", g.Start, w.Start)
		s.field(l, "end", g.End, w.End)
		s.field(l, "more", fmt.Sprint(g.More), fmt.Sprint(w.More))
		s.field(l, "obstacle", g.Obstacle, w.Obstacle)
	}
	var ask []string
	for _, q := range got.Ask {
		ask = append(ask, fmt.Sprintf("%d %s", q.Item, q.Field))
	}
	s.field(l, "ask", strings.Join(ask, ", "), strings.Join(l.Want.Ask, ", "))
	s.lines++
	if len(s.notes) == before {
		s.whole++
	}
}

func itemAt(items []Item, i int) Item {
	if i < len(items) {
		return items[i]
	}
	return Item{Description: "(no item)"}
}

func (s *score) field(l labelled, name, got, want string) {
	s.seen[name]++
	if got != want {
		s.misses[name]++
		s.notes = append(s.notes, fmt.Sprintf("%-12s %q: got %q, want %q", name, l.Text, got, want))
	}
}

func (s *score) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d lines wholly right\n", s.whole, s.lines)
	for _, f := range [...]string{"intent", "correction", "description", "quantity", "unit", "minutes", "start", "end", "more", "obstacle", "ask"} {
		fmt.Fprintf(&b, "%-12s %4d of %4d  %5.1f %%\n", f, s.seen[f]-s.misses[f], s.seen[f], 100*(1-float64(s.misses[f])/float64(s.seen[f])))
	}
	for _, n := range s.notes {
		b.WriteString(n + "\n")
	}
	return b.String()
}
