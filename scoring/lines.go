package scoring

import (
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
)

// source is the text of a rubric file; it finds the line of a key, which the
// decoder no longer knows when a rule about two keys breaks.
type source string

// at is the error for a fault of the n-th rubric (from 0).
func (s source) at(n int, f *fault) error {
	return fmt.Errorf("read rubric: line %d: %s: %s", s.line(n, f.key), f.key, f.want)
}

// unknown is the error for a key that no rubric has.
func (s source) unknown(key toml.Key) error {
	last := key[len(key)-1]
	for i, line := range strings.Split(string(s), "\n") {
		if name, ok := keyOf(line); ok && name == last || strings.Contains(headerOf(line), last) {
			return fmt.Errorf("read rubric: line %d: %s: unknown key", i+1, key)
		}
	}
	return fmt.Errorf("read rubric: %s: unknown key", key)
}

// line is where a key of the n-th rubric stands; when it stands nowhere, where
// its table begins. Keys look like "name", "weights.minutes", "given[0].weight" and
// "attendance.class[2].percent".
func (s source) line(n int, key string) int {
	rubric, table := -1, ""
	rows := map[string]int{} // of the arrays of tables
	found := 1
	for i, line := range strings.Split(string(s), "\n") {
		switch header := headerOf(line); {
		case header == "rubric":
			rubric, table = rubric+1, ""
			clear(rows)
		case header == "rubric.attendance.class" || header == "rubric.given":
			name := strings.TrimPrefix(header, "rubric.")
			table = fmt.Sprintf("%s[%d]", name, rows[name])
			rows[name]++
		case header != "":
			table = strings.TrimPrefix(header, "rubric.")
		default:
			name, ok := keyOf(line)
			if ok && rubric == n && strings.TrimPrefix(table+"."+name, ".") == key {
				return i + 1
			}
			continue
		}
		if rubric == n && (table == "" || table == key || strings.HasPrefix(key, table+".")) {
			found = i + 1
		}
	}
	return found
}

// headerOf is the name in a [table] or [[table]] line, else empty.
func headerOf(line string) string {
	line, _, _ = strings.Cut(strings.TrimSpace(line), "#")
	if !strings.HasPrefix(line, "[") {
		return ""
	}
	return strings.Trim(strings.TrimSpace(line), "[] \t")
}

func keyOf(line string) (string, bool) {
	name, _, ok := strings.Cut(line, "=")
	return strings.Trim(strings.TrimSpace(name), `"`), ok
}
