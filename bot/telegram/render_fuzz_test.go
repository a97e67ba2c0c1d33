package telegram

import (
	"slices"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"ekinerja/bot"
)

// FuzzEntities: whatever text is cut however, Telegram gets pieces within its
// limit, and marks inside them, in order, that show the same letters bold.
func FuzzEntities(f *testing.F) {
	f.Add("satu dua\ntiga 😀 empat", 2, 9)
	f.Add("🇮🇩e\u0301👩‍👩‍👧‍👦 rapat", 0, 30)
	f.Add("\xff\xfe a\x00", 0, 2)
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		for _, limit := range []int{7, maxText} {
			for _, part := range bot.Split(text, []bot.Span{{Start: from, End: to}}, limit) {
				units := utf16.Encode([]rune(part.Text))
				if len(units) > limit {
					t.Fatalf("%d units, limit %d", len(units), limit)
				}
				after := 0
				for i, e := range entities(part) {
					if e.Offset < after || e.Length <= 0 || e.Offset+e.Length > len(units) {
						t.Fatalf("mark %d is %+v in %d units, the one before ends at %d", i, e, len(units), after)
					}
					after = e.Offset + e.Length
					s := part.Bold[i]
					if !utf8.ValidString(text) {
						continue // one broken byte is one letter for us and one unit for Telegram
					}
					if want := utf16.Encode([]rune(part.Text[s.Start:s.End])); !slices.Equal(units[e.Offset:after], want) {
						t.Fatalf("%q is bold, want %q", string(utf16.Decode(units[e.Offset:after])), part.Text[s.Start:s.End])
					}
				}
			}
		}
	})
}
