package conversations

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// ParseFlow reads a flow file. Its error names the file and, for each fault,
// the line, the key, what was found and what is accepted.
func ParseFlow(name, text string) (Flow, error) {
	var f Flow
	meta, err := toml.Decode(text, &f)
	if err != nil {
		if pe, ok := errors.AsType[toml.ParseError](err); ok {
			return Flow{}, fmt.Errorf("read flow %s: line %d: %s", name, pe.Position.Line, pe.Message)
		}
		return Flow{}, fmt.Errorf("read flow %s: %w", name, err)
	}
	f.Text = text
	lines := strings.Split(text, "\n")
	var faults []fault
	for _, key := range meta.Undecoded() {
		k := key.String()
		if strings.HasPrefix(k, "question.when.") {
			continue // answers to other questions; see flowCheck.when
		}
		faults = append(faults, fault{line: lineOf(lines, k), text: fmt.Sprintf("unknown key %q; remove it, or see docs/flow.md", k)})
	}
	c := flowCheck{lines: lines}
	c.flow(&f)
	if faults = append(faults, c.faults...); len(faults) == 0 {
		return f, nil
	}
	slices.SortStableFunc(faults, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	all := make([]error, len(faults))
	for i, x := range faults {
		all[i] = fmt.Errorf("read flow %s: line %d: %s", name, x.line, x.text)
	}
	return Flow{}, errors.Join(all...)
}

// fault is a rule that a file breaks, with the line where it does.
type fault struct {
	line int
	text string
}

// lineOf is where a key, such as "question.colour", first stands.
func lineOf(lines []string, key string) int {
	last := key[strings.LastIndex(key, ".")+1:]
	for i, line := range lines {
		if holds(line, last) {
			return i + 1
		}
	}
	return 1
}

// holds reports whether a line gives a value to a key.
func holds(line, key string) bool {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), key)
	return ok && strings.HasPrefix(strings.TrimSpace(rest), "=")
}

// lineIn is the line of a key in the nth table of a sort ("question"), or the
// line where that table begins.
func lineIn(lines []string, table string, n int, key string) int {
	begin := 0
	for i, line := range lines {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "[["+table+"]]"):
			n--
			if n == 0 {
				begin = i + 1
			}
		case begin == 0:
		case strings.HasPrefix(line, "[["):
			return begin
		}
		if begin > 0 && key != "" && holds(line, key) {
			return i + 1
		}
	}
	return max(begin, 1)
}
