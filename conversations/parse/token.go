package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokKind uint8

const (
	tokNone     tokKind = iota // past the end
	tokWord                    // letters, then letters and digits
	tokNumber                  // digits with inner . , :
	tokFraction                // ½ ¼ ¾
	tokPunct                   // one rune that is neither
	tokStrong                  // ; | or a tab: between fields or activities
	tokComma                   // , or a full stop at a sentence's end
	tokJunk                    // emoji and marks that no description keeps
)

// token is one piece of a line; start and end are bytes of the line's text.
type token struct {
	kind       tokKind
	start, end int
	low        string // lower case
	glued      bool   // no space before it
	bound      bool   // a number that names something ("kelas 5")
	heads      bool   // a number that begins the next activity ("… 2. rapat")
	num        numeral
}

// line is one typed line with its tokens and what was found in them.
type line struct {
	src   string
	toks  []token
	spans []span
	// numbered is set when "1." began the line: "2." may follow inside it.
	numbered bool
}

// at is the token i, or the zero token outside the line.
func (l *line) at(i int) token {
	if i < 0 || i >= len(l.toks) {
		return token{}
	}
	return l.toks[i]
}

// clean makes text safe to read: valid UTF-8, no control or invisible
// characters, plain spaces, at most [MaxRunes] runes.
func clean(text string) (string, bool) {
	var b strings.Builder
	b.Grow(min(len(text), 4*MaxRunes))
	n := 0
	for i, r := range text {
		if n == MaxRunes {
			return b.String(), strings.TrimSpace(text[i:]) != ""
		}
		switch {
		case r == '\n' || r == '\t':
		case r == '\r':
			if strings.HasPrefix(text[i+1:], "\n") {
				continue
			}
			r = '\n'
		case r == '\u2028' || r == '\u2029' || r == '\u0085' || r == '\v' || r == '\f':
			r = '\n'
		case unicode.IsSpace(r):
			r = ' '
		case r == utf8.RuneError || unicode.Is(unicode.C, r) || invisible(r):
			continue
		}
		b.WriteRune(r)
		n++
	}
	return b.String(), false
}

// invisible reports letters that show nothing: variation selectors, Hangul
// fillers, blank Braille, the combining grapheme joiner.
func invisible(r rune) bool {
	return unicode.Is(unicode.Variation_Selector, r) || r == '\u034f' || r == '\u115f' ||
		r == '\u1160' || r == '\u3164' || r == '\uffa0' || r == '\u2800'
}

// Clean is the text as [Read] reads it; every Source is a substring of it.
func Clean(text string) string {
	s, _ := clean(text)
	return s
}

func tokenize(src string) []token {
	toks := make([]token, 0, len(src)/4+4)
	space := true
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRuneInString(src[i:])
		if r == ' ' {
			space = true
			i += size
			continue
		}
		t := token{start: i, glued: !space && i > 0}
		t.end, t.kind = scanToken(src, i, r, size)
		t.low = strings.ToLower(src[t.start:t.end])
		if t.kind == tokNumber {
			t.num = readNumeral(t.low)
		}
		toks = append(toks, t)
		space = false
		i = t.end
	}
	return toks
}

func scanToken(src string, i int, r rune, size int) (int, tokKind) {
	switch {
	case r >= '0' && r <= '9':
		return scanNumber(src, i), tokNumber
	case r == '½' || r == '¼' || r == '¾':
		return i + size, tokFraction
	case unicode.IsLetter(r):
		return scanWord(src, i), tokWord
	case r == ';' || r == '|' || r == '\t' || r == '¦' || r == '│' || r == '\u061b' || r == '\u037e':
		return i + size, tokStrong
	case r == ',' || r == '，':
		return i + size, tokComma
	case r == '.' && sentenceEnd(src, i):
		return i + size, tokComma
	case r == '*' || r == '_' || r == '`' || r == '~' && i > 0 && src[i-1] == '~' || junk(r):
		return i + size, tokJunk
	}
	return i + size, tokPunct
}

// junk reports emoji, pictographs and stray combining marks.
func junk(r rune) bool {
	if r == '→' || r == '±' || r == '×' || r == '%' {
		return false
	}
	return unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) && r > 127 || unicode.Is(unicode.M, r) ||
		r >= 0x1f000 || unicode.Is(unicode.Sm, r) && r > 0x2000
}

// scanNumber takes digits and single inner separators; "10.00,25" ends at the
// comma, because a time came before it.
func scanNumber(src string, i int) int {
	j := i
	for j < len(src) {
		c := src[j]
		if c >= '0' && c <= '9' {
			j++
			continue
		}
		inner := (c == '.' || c == ',' || c == ':') && j+1 < len(src) && src[j+1] >= '0' && src[j+1] <= '9'
		if !inner || c == ',' && j-i >= 4 && readNumeral(src[i:j]).clock {
			break
		}
		j++
	}
	return j
}

// scanWord takes letters, then letters, digits and inner apostrophes. It cuts
// "Rp4", "jam8", "pukul8" before the digits and keeps "s.d." and "s/d" whole.
func scanWord(src string, i int) int {
	for _, w := range [...]string{"s.d.", "s/d.", "s/d", "s.d"} {
		if len(src) >= i+len(w) && strings.EqualFold(src[i:i+len(w)], w) && !letterAt(src, i+len(w)) {
			return i + len(w)
		}
	}
	j := i
	for j < len(src) {
		r, size := utf8.DecodeRuneInString(src[j:])
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.M, r):
		case r >= '0' && r <= '9':
			if cutBeforeDigits(src[i:j]) {
				return j
			}
		case (r == '\'' || r == '’') && j > i && letterAt(src, j+size):
		default:
			return j
		}
		j += size
	}
	return j
}

func cutBeforeDigits(w string) bool {
	switch strings.ToLower(w) {
	case "rp", "idr", "jam", "pukul", "pkl", "pk", "jm", "j", "jl", "no", "x":
		return true
	}
	return false
}

func letterAt(src string, i int) bool {
	if i >= len(src) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(src[i:])
	return unicode.IsLetter(r)
}

// sentenceEnd reports whether the point at i ends a sentence rather than an
// abbreviation ("Jl.", "No.", "dr.") or a numbered heading ("1.").
func sentenceEnd(src string, i int) bool {
	if i+1 < len(src) && src[i+1] != ' ' {
		return false
	}
	j := i
	for j > 0 && (src[j-1] != ' ' && src[j-1] < 0x80 && src[j-1] != '.' && src[j-1] != '(') {
		j--
	}
	w := strings.ToLower(src[j:i])
	if len(w) == 1 && (w[0] < '0' || w[0] > '9') {
		return false
	}
	return !abbreviations[w]
}

var abbreviations = map[string]bool{
	"jl": true, "jln": true, "no": true, "nmr": true, "dr": true, "drs": true, "dra": true, "ir": true,
	"hj": true, "kel": true, "kec": true, "kab": true, "prov": true, "rp": true, "ds": true, "gg": true,
	"rw": true, "rt": true, "kls": true, "tgl": true, "thn": true, "th": true, "bpk": true, "sdr": true, //nolint:misspell // a chat spelling of "tahun"
	"sh": true, "se": true, "mm": true, "msi": true, "spd": true, "st": true, "lt": true, "psl": true,
	"pkl": true, "pk": true, "jm": true, "a.n": true, "u.p": true, "tk": true, "gd": true, "kb": true,
}
