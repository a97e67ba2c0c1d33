package demo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ekinerja/bot/fakegram"
)

func TestSpans(t *testing.T) {
	t.Parallel()
	bold := func(offset, length int) fakegram.Entity {
		return fakegram.Entity{Type: "bold", Offset: offset, Length: length}
	}
	for name, c := range map[string]struct {
		text     string
		entities []fakegram.Entity
		want     []span
	}{
		"plain":                      {"halo", nil, []span{{"halo", ""}}},
		"empty":                      {"", nil, nil},
		"an emoji counts two":        {"🙏 Bu Sri", []fakegram.Entity{bold(3, 6)}, []span{{"🙏 ", ""}, {"Bu Sri", "bold"}}},
		"all of it":                  {"Sri", []fakegram.Entity{bold(0, 3)}, []span{{"Sri", "bold"}}},
		"one in another":             {"abcd", []fakegram.Entity{bold(0, 4), {Type: "italic", Offset: 1, Length: 2}}, []span{{"a", "bold"}, {"bc", "bold italic"}, {"d", "bold"}}},
		"the same twice":             {"ab", []fakegram.Entity{bold(0, 2), bold(0, 2)}, []span{{"ab", "bold"}}},
		"a kind without a look":      {"ab", []fakegram.Entity{{Type: "spoiler\" onclick=", Length: 2}}, []span{{"ab", ""}}},
		"beyond the end, and before": {"ab", []fakegram.Entity{bold(1, 99), bold(-5, 6)}, []span{{"a", "bold"}, {"b", "bold"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, spans(c.text, c.entities)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// Whatever is marked, no word is lost: unless a mark cuts an emoji in half.
func TestSpansKeepTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("ab \n<&é–"))).Draw(t, "text")
		var entities []fakegram.Entity
		for range rapid.IntRange(0, 5).Draw(t, "n") {
			entities = append(entities, fakegram.Entity{
				Type: "bold", Offset: rapid.IntRange(-3, 20).Draw(t, "offset"), Length: rapid.IntRange(-3, 20).Draw(t, "length"),
			})
		}
		var got strings.Builder
		for _, s := range spans(text, entities) {
			got.WriteString(s.Text)
		}
		if got.String() != text {
			t.Fatalf("%q became %q", text, got.String())
		}
	})
}
