package jobs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"ekinerja/roster"
)

// reader takes the keys out of a policy file one by one and keeps the first
// thing that is wrong; what is left over at the end is unknown.
type reader struct {
	name  string
	lines []string
	root  map[string]any
	err   error
}

func newReader(text, name string) (*reader, error) {
	r := &reader{name: name, lines: strings.Split(text, "\n")}
	if _, err := toml.Decode(text, &r.root); err != nil {
		if bad, ok := errors.AsType[toml.ParseError](err); ok {
			return nil, fmt.Errorf("read policy: %s, line %d: %s", name, bad.Position.Line, bad.Message)
		}
		return nil, fmt.Errorf("read policy: %s: %w", name, err)
	}
	return r, nil
}

// table is a [table] of the file, the n-th of a repeated one.
type table struct {
	r      *reader
	name   string
	n      int
	values map[string]any
}

func (r *reader) table(name string) table {
	t := table{r: r, name: name}
	if name == "" {
		t.values = r.root
		return t
	}
	raw, there := r.root[name]
	t.values, _ = raw.(map[string]any)
	if there && t.values == nil {
		t.bad("", raw, "a ["+name+"] table")
	}
	return t
}

func (r *reader) tables(name string) []table {
	raw, there := r.root[name]
	list, ok := raw.([]map[string]any)
	if there && !ok {
		table{r: r, name: name}.bad("", raw, "[["+name+"]] tables")
	}
	var out []table
	for n, values := range list {
		out = append(out, table{r, name, n, values})
	}
	return out
}

// bad notes what is wrong with a key, an empty one for the table itself.
func (t table) bad(key string, found any, want string) {
	if s, ok := found.(string); ok {
		found = fmt.Sprintf("%q", s)
	}
	t.fail(key, fmt.Sprintf("found %v, want %s", found, want))
}

func (t table) fail(key, what string) {
	if t.r.err == nil {
		full := strings.Trim(t.name+"."+key, ".")
		t.r.err = fmt.Errorf("read policy: %s, line %d: %s: %s", t.r.name, t.r.line(t.name, t.n, key), full, what)
	}
}

func (t table) take(key string) (any, bool) {
	v, ok := t.values[key]
	delete(t.values, key)
	return v, ok
}

func (t table) text(key string, to *string) {
	if v, ok := t.take(key); ok {
		if *to, ok = v.(string); !ok {
			t.bad(key, v, "a text in quotes")
		}
	}
}

func (t table) texts(key string, to *[]string) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	list, ok := v.([]any)
	*to = nil
	for _, item := range list {
		s, text := item.(string)
		ok = ok && text
		*to = append(*to, s)
	}
	if !ok {
		t.bad(key, v, `a list of file names: ["a.toml"]`)
	}
}

func (t table) flag(key string, to *bool) {
	if v, ok := t.take(key); ok {
		if *to, ok = v.(bool); !ok {
			t.bad(key, v, "true or false")
		}
	}
}

func (t table) number(key string, to *int, least, most int) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	n, ok := v.(int64)
	if !ok || n < int64(least) || n > int64(most) {
		t.bad(key, v, fmt.Sprintf("a whole number from %d to %d", least, most))
	}
	*to = int(n)
}

func (t table) span(key string, to *time.Duration, least, most time.Duration) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	s, _ := v.(string)
	d, err := time.ParseDuration(s)
	if err != nil || d < least || d > most {
		t.bad(key, v, fmt.Sprintf(`a span from %s to %s, like "45m"`, spanText(least), spanText(most)))
	}
	*to = d
}

// spanText is "1h30m" rather than "1h30m0s".
func spanText(d time.Duration) string {
	if d < time.Hour {
		return fmt.Sprintf("%dm", int(d.Minutes()))
	}
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

func (t table) clock(key string, to *roster.Clock, least, most roster.Clock) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	s, _ := v.(string)
	c, err := roster.ParseClock(s)
	if err != nil || c < least || c > most {
		low, _ := least.MarshalText() // writes 24.00 where String says 00.00
		high, _ := most.MarshalText()
		t.bad(key, v, fmt.Sprintf(`a time from %s to %s, like "15.30"`, low, high))
	}
	*to = c
}

func (t table) day(key string, to *roster.Day) {
	v, _ := t.take(key)
	s, _ := v.(string)
	d, err := roster.ParseDay(s)
	if err != nil {
		t.bad(key, v, `a day like "2027-02-08"`)
	}
	*to = d
}

func (t table) weekday(key string, to *time.Weekday) {
	v, ok := t.take(key)
	if !ok {
		return
	}
	names := []string{"minggu", "senin", "selasa", "rabu", "kamis", "jumat", "sabtu"}
	s, _ := v.(string)
	i := slices.Index(names, strings.ToLower(strings.TrimSpace(s)))
	if i < 0 {
		t.bad(key, v, "one of Senin, Selasa, Rabu, Kamis, Jumat, Sabtu, Minggu")
	}
	*to = time.Weekday(max(0, i))
}

// unknown notes the first key that nobody took.
func (r *reader) unknown() {
	for _, name := range slices.Sorted(maps.Keys(r.root)) {
		t := table{r: r, name: name}
		switch v := r.root[name].(type) {
		case map[string]any:
			t.leftover(v)
		case []map[string]any:
			for n, values := range v {
				table{r, name, n, values}.leftover(values)
			}
		default:
			table{r: r}.fail(name, "no such key")
		}
	}
}

func (t table) leftover(values map[string]any) {
	known := []string{"ask", "preflight", "deadline", "remind", "quiet", "escalate", "weekly", "eve", "review", "board", "clarify", "attendance", "keep", "verify", "ramadan", "line", "shift", "hours", "reading", "leader", "blocker", "blocker_kind", "blocker_route"}
	if !slices.Contains(known, t.name) {
		t.fail("", "no such table; known are "+strings.Join(known, ", "))
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		t.fail(key, "no such key")
	}
}

// line is where a key of the n-th table of that name stands, else where the
// table begins, else the first line.
func (r *reader) line(name string, n int, key string) int {
	at, in, found := "", -1, 1
	for i, line := range r.lines {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && !strings.Contains(line, "=") {
			line, _, _ = strings.Cut(line, "#")
			if at = strings.Trim(line, "[] \t"); at == name {
				if in++; in == n {
					found = i + 1
				}
			}
			continue
		}
		k, _, ok := strings.Cut(line, "=")
		if ok && at == name && (name == "" || in == n) && strings.Trim(k, "\" \t") == key {
			return i + 1
		}
	}
	return found
}
