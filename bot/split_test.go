package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	family := "👨\u200d👩\u200d👧" // 8 units, one visible character
	for name, c := range map[string]struct {
		text  string
		spans []bot.Span
		limit int
		want  []bot.Part
	}{
		"empty":                     {"", nil, 10, []bot.Part{{Text: ""}}},
		"fits, and is left alone":   {" hai \n", nil, 10, []bot.Part{{Text: " hai \n"}}},
		"at a line end":             {"satu dua\ntiga empat", nil, 12, []bot.Part{{Text: "satu dua"}, {Text: "tiga empat"}}},
		"not at a line end far off": {"a\nbcd efgh ijk", nil, 12, []bot.Part{{Text: "a\nbcd efgh"}, {Text: "ijk"}}},
		"at a space":                {"satu dua tiga", nil, 9, []bot.Part{{Text: "satu dua"}, {Text: "tiga"}}},
		"a space right at the edge": {"satu dua", nil, 4, []bot.Part{{Text: "satu"}, {Text: "dua"}}},
		"a long word":               {"abcdefgh", nil, 3, []bot.Part{{Text: "abc"}, {Text: "def"}, {Text: "gh"}}},
		"no half surrogate":         {"a😀😀", nil, 4, []bot.Part{{Text: "a😀"}, {Text: "😀"}}},
		"no torn family":            {"ab" + family, nil, 9, []bot.Part{{Text: "ab"}, {Text: family}}},
		"no torn accent":            {"abe\u0301", nil, 3, []bot.Part{{Text: "ab"}, {Text: "e\u0301"}}},
		"no torn flag":              {"🇮🇩🇮🇩", nil, 6, []bot.Part{{Text: "🇮🇩"}, {Text: "🇮🇩"}}},
		"white space alone":         {"      ", nil, 3, []bot.Part{{Text: ""}}},
		"a span is cut along": {
			"satu dua tiga",
			[]bot.Span{{0, 4}, {5, 13}},
			9,
			[]bot.Part{{Text: "satu dua", Bold: []bot.Span{{0, 4}, {5, 8}}}, {Text: "tiga", Bold: []bot.Span{{0, 4}}}},
		},
		"bad spans are dropped": {
			"é",
			[]bot.Span{{0, 1}, {1, 2}, {-1, 2}, {0, 9}, {2, 2}, {0, 2}},
			9,
			[]bot.Part{{Text: "é", Bold: []bot.Span{{0, 2}}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, bot.Split(c.text, c.spans, c.limit)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("satu dua\ntiga 😀 empat", 2, 9, 7)
	f.Add(strings.Repeat("🇮🇩e\u0301", 9), 0, 3, 3)
	f.Add("\xff\xfe a\x00", 0, 2, 2)
	f.Fuzz(func(t *testing.T, text string, from, to, limit int) {
		limit = max(2, limit%100)
		parts := bot.Split(text, []bot.Span{{from, to}}, limit)
		if err := checkSplit(text, bot.Span{Start: from, End: to}, limit, parts); err != nil {
			t.Error(err)
		}
	})
}

// checkSplit holds what Split promises: limits kept, nothing but white space
// lost, and the bold text still the same text.
func checkSplit(text string, span bot.Span, limit int, parts []bot.Part) error {
	if len(parts) == 0 {
		return fmt.Errorf("no part")
	}
	var joined, bold strings.Builder
	for i, p := range parts {
		if n := bot.UTF16Len(p.Text); n > limit {
			return fmt.Errorf("part %d has %d units, limit %d", i, n, limit)
		}
		if len(parts) > 1 && strings.TrimSpace(p.Text) == "" {
			return fmt.Errorf("part %d is blank", i)
		}
		if utf8.ValidString(text) && !utf8.ValidString(p.Text) {
			return fmt.Errorf("part %d tears a character", i)
		}
		joined.WriteString(solid(p.Text))
		for _, s := range p.Bold {
			bold.WriteString(solid(p.Text[s.Start:s.End]))
		}
	}
	if got, want := solid(joined.String()), solid(text); got != want {
		return fmt.Errorf("joined parts are %q, want %q", got, want)
	}
	valid := span.Start >= 0 && span.Start < span.End && span.End <= len(text) &&
		utf8.RuneStart(text[span.Start]) && (span.End == len(text) || utf8.RuneStart(text[span.End]))
	want := ""
	if valid {
		want = solid(text[span.Start:span.End])
	}
	if got := solid(bold.String()); got != want {
		return fmt.Errorf("bold text is %q, want %q", got, want)
	}
	return nil
}

// solid is s without white space, each broken byte as one replacement character.
func solid(s string) string {
	s = string([]rune(s))
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), "")
}

func TestUTF16Len(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "😀": 2, "🇮🇩": 4, "\xff": 1} {
		if got := bot.UTF16Len(s); got != want {
			t.Errorf("UTF16Len(%q) = %d, want %d", s, got, want)
		}
	}
}
