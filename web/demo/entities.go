package demo

import (
	"slices"
	"strings"
	"unicode/utf16"

	"ekinerja/bot/fakegram"
)

// span is a piece of a text with one look.
type span struct {
	Text  string
	Class string // CSS classes: "bold", "bold italic", empty
}

// spans cuts a text where its entities begin and end. Their offsets count
// UTF-16 units, so an emoji before a bold word counts two.
func spans(text string, entities []fakegram.Entity) []span {
	units := utf16.Encode([]rune(text))
	cuts := []int{0, len(units)}
	for _, e := range entities {
		cuts = append(cuts, clamp(e.Offset, len(units)), clamp(e.Offset+e.Length, len(units)))
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []span
	for i := 1; i < len(cuts); i++ {
		from, to := cuts[i-1], cuts[i]
		out = append(out, span{Text: string(utf16.Decode(units[from:to])), Class: looks(entities, from, to)})
	}
	return out
}

func looks(entities []fakegram.Entity, from, to int) string {
	var classes []string
	for _, e := range entities {
		if e.Offset > from || e.Offset+e.Length < to {
			continue
		}
		switch e.Type {
		case "bold", "italic", "underline", "strikethrough", "code", "pre", "bot_command":
			if !slices.Contains(classes, e.Type) {
				classes = append(classes, e.Type)
			}
		}
	}
	return strings.Join(classes, " ")
}

func clamp(n, limit int) int { return min(max(n, 0), limit) }
