package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Part is one message's worth of a longer text; Bold counts bytes of its own Text.
type Part struct {
	Text string
	Bold []Span
}

// UTF16Len is the length of s in UTF-16 units, the measure of Telegram's limits
// and entity offsets. An invalid byte counts as the replacement character.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n += units(r)
	}
	return n
}

func units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// Split cuts text into parts of at most limit UTF-16 units, at the end of a
// line if one lies in the second half of the part, else at a space, else
// between two visible characters. White space at a cut is dropped, everything
// else is kept in order. Spans are cut along; a span outside the text or inside
// a character is dropped. There is always at least one part.
//
// A limit below 2 is taken as 2: a single character may need two units.
func Split(text string, spans []Span, limit int) []Part {
	limit = max(limit, 2)
	var parts []Part
	start := 0
	for {
		end := start + cut(text[start:], limit)
		if body := strings.TrimRightFunc(text[start:end], unicode.IsSpace); body != "" || (end == len(text) && len(parts) == 0) {
			if start == 0 && end == len(text) {
				body = text // nothing was cut, so nothing is trimmed
			}
			parts = append(parts, Part{Text: body, Bold: within(text, spans, start, start+len(body))})
		}
		if end == len(text) {
			return parts
		}
		start = end + len(text[end:]) - len(strings.TrimLeftFunc(text[end:], unicode.IsSpace))
	}
}

// cut is the number of bytes of s that the next part takes.
func cut(s string, limit int) int {
	var (
		used  int
		line  int // after the last line end that leaves the part at least half full
		space int // at the last space of the part
		whole int // at the last boundary between visible characters
		seam  seam
	)
	for i, r := range s {
		if seam.before(r) {
			whole = i
		}
		if unicode.IsSpace(r) {
			space = i
			if r == '\n' && used >= limit/2 {
				line = i
			}
		}
		if used+units(r) > limit {
			return firstPositive(line, space, whole, i)
		}
		used += units(r)
	}
	return len(s)
}

func firstPositive(places ...int) int {
	for _, p := range places {
		if p > 0 {
			return p
		}
	}
	return 0
}

// seam tells where a text may be cut without tearing one visible character
// apart. It knows combining marks, emoji joined by ZWJ, skin tones and flags;
// not all of UAX #29.
type seam struct {
	last  rune
	flags int // regional indicators in a row so far
	begun bool
}

const (
	zeroWidthJoiner = '\u200d'
	firstTone       = '\U0001F3FB'
	lastTone        = '\U0001F3FF'
	firstRegional   = '\U0001F1E6'
	lastRegional    = '\U0001F1FF'
)

// before reports whether a cut right before r is fine, and moves past r.
func (s *seam) before(r rune) bool {
	regional := r >= firstRegional && r <= lastRegional
	ok := s.begun &&
		!unicode.Is(unicode.M, r) &&
		r != zeroWidthJoiner && s.last != zeroWidthJoiner &&
		(r < firstTone || r > lastTone) &&
		(!regional || s.flags%2 == 0)
	if regional {
		s.flags++
	} else {
		s.flags = 0
	}
	s.last, s.begun = r, true
	return ok
}

// within gives the spans that touch text[start:end), counted from start.
func within(text string, spans []Span, start, end int) []Span {
	var out []Span
	for _, sp := range spans {
		if sp.Start < 0 || sp.End > len(text) || sp.Start >= sp.End || !onRune(text, sp.Start) || !onRune(text, sp.End) {
			continue
		}
		from, to := max(sp.Start, start), min(sp.End, end)
		if from < to {
			out = append(out, Span{Start: from - start, End: to - start})
		}
	}
	return out
}

func onRune(s string, i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }
