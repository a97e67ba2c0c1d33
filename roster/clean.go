package roster

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Longest texts, in runes.
const (
	maxName = 120
	maxText = 200
)

// cleanText is a cell as meant: one form of each letter (NFC), single spaces,
// no invisible marks from word processors, and without the apostrophe that
// keeps a spreadsheet from reading it as a number or formula.
func cleanText(s string) string {
	s = norm.NFC.String(strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\ufeff', '\u00ad': // zero-width space, byte order mark, soft hyphen
			return -1
		}
		return r
	}, s))
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(unguard(s))
}

// guard puts an apostrophe before what must not be read as a formula or lose
// digits as a number; unguard takes it away. For every s, unguard(guard(s)) == s.
// Names that begin with an apostrophe ('Aisyah) keep it.
func guard(s string) string {
	if risky(s) || longNumber(s) || unguard(s) != s {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	rest, ok := strings.CutPrefix(s, "'")
	if !ok {
		return s
	}
	if risky(rest) || strings.HasPrefix(rest, "'") || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return rest
	}
	return s
}

// risky reports that a spreadsheet could take s for a formula (OWASP's list and
// the full-width forms, which some input methods write).
func risky(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
}

// longNumber reports more digits than a spreadsheet keeps (15).
func longNumber(s string) bool { return len(s) > 15 && allDigits(s) }

// mangled matches a number that a spreadsheet has rounded: 1,98609E+17. 12E4 may
// be a staff number.
var mangled = regexp.MustCompile(`^\d([.,]\d+[eE]\+?|[eE]\+)\d+$`)

// badText says what is wrong with a text, or nothing.
func badText(s string, longest int) string {
	if utf8.RuneCountInString(s) > longest {
		return "the text is longer than " + strconv.Itoa(longest) + " characters"
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return "the text contains a character that cannot be shown"
		}
	}
	return ""
}

// shorten keeps a found value short enough for a list of problems.
func shorten(s string) string {
	const longest = 60
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	return string([]rune(s)[:longest]) + "…"
}
