package conversations_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"ekinerja/conversations"
)

// FuzzSay: what a person typed stands in our sentence as it was typed, and only
// what we meant is bold.
func FuzzSay(f *testing.F) {
	for _, s := range []string{"25 berkas", "*tebal* _miring_", "{{.Nama}} <b>", "**", "a\n*b", "👩‍👩‍👧‍👦*\u0301", "\xff*\x00"} {
		f.Add(s)
	}
	words, err := conversations.NewWords(wib)
	if err != nil {
		f.Fatal(err)
	}
	say := words.In("id")
	f.Fuzz(func(t *testing.T, typed string) {
		m := say.Say("tanya_balik", conversations.Data{"Jawaban": typed})
		var bold strings.Builder
		end := 0
		for _, s := range m.Bold {
			if s.Start < end || s.End > len(m.Text) || s.Start >= s.End {
				t.Fatalf("%q: marks %v of %q", typed, m.Bold, m.Text)
			}
			bold.WriteString(m.Text[s.Start:s.End])
			end = s.End
		}
		if !utf8.ValidString(typed) || strings.ContainsRune(typed, '\uE02A') {
			return
		}
		if got := bold.String(); got != typed || !strings.Contains(m.Text, typed) {
			t.Fatalf("typed %q, bold is %q in %q", typed, got, m.Text)
		}
	})
}
