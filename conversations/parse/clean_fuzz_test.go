package parse

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzClean: cleaning cleans once and for all, keeps nothing that a database
// refuses, and what shows nothing is no answer.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x00b", "\xed\xa0\x80", "\ufffd", "\u200b\u2060\ufeff", "\u3164", "e\u0301", "\u202erapat", "a\r\nb\u2028c", "👩‍🏫 rapat", "\U000e0041"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if again := Clean(got); again != got {
			t.Errorf("%q: cleaned twice is %q, once %q", s, again, got)
		}
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Errorf("%q: a database would refuse %q", s, got)
		}
		if strings.TrimSpace(got) == "" && Read(s).Intent != Empty {
			t.Errorf("%q shows nothing and is read as %s", s, Read(s).Intent)
		}
		if _, ok := Quantity(s); ok && strings.TrimSpace(got) == "" {
			t.Errorf("%q shows nothing and is a quantity", s)
		}
	})
}
