package parse

import "strings"

// typedLine is a line of the cleaned message and where it begins there.
type typedLine struct {
	text     string
	off      int
	numbered bool // "1." or "1)" began the line
}

// lines cuts a message into lines without bullets and numbering.
func lines(clean string) []typedLine {
	var out []typedLine
	off := 0
	for s := range strings.SplitSeq(clean, "\n") {
		if strings.TrimSpace(s) != "" {
			out = append(out, typedLine{text: s, off: off})
		}
		off += len(s) + 1
	}
	bare := bareNumbering(out)
	for i := range out {
		n := bulletLen(out[i].text, bare)
		out[i].numbered = strings.HasPrefix(strings.TrimLeft(out[i].text[:n], " *_"), "1")
		out[i].text, out[i].off = out[i].text[n:], out[i].off+n
	}
	return out
}

// bareNumbering reports lines that begin 1, 2, 3, … without a point.
func bareNumbering(in []typedLine) bool {
	next := 1
	for _, l := range in {
		s := strings.TrimLeft(l.text, " \t*_")
		n := leadingDigits(s)
		if n == 0 || n > 2 || n >= len(s) || s[n] != ' ' || digits(s[:n]) != next {
			continue
		}
		next++
	}
	return next > 2
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// bulletLen is how many bytes of numbering begin the line: "1. ", "2)", "- ", "a. ".
func bulletLen(s string, bare bool) int {
	i := len(s) - len(strings.TrimLeft(s, " \t*_>"))
	for {
		n := bulletAt(s[i:], bare)
		if n == 0 {
			return i
		}
		i += n
		i += len(s[i:]) - len(strings.TrimLeft(s[i:], " \t*_"))
		bare = false
	}
}

func bulletAt(s string, bare bool) int {
	for _, b := range [...]string{"•", "·", "▪", "◦", "●", "○", "■", "□", "✓", "✔", "✅", "☑", "➢", "➤", "►", "▶", "→", "–", "—"} {
		if strings.HasPrefix(s, b) {
			return len(b)
		}
	}
	if len(s) > 1 && (s[0] == '-' || s[0] == '+') {
		return 1
	}
	n := leadingDigits(s)
	if n == 0 && len(s) > 2 && s[0] >= 'a' && s[0] <= 'h' && (s[1] == '.' || s[1] == ')') && s[2] == ' ' {
		return 2
	}
	if n == 0 || n > 2 || n >= len(s) {
		return 0
	}
	switch {
	case (s[n] == '.' || s[n] == ')' || s[n] == '/') && n+1 < len(s) && (s[n] != '.' || s[n+1] < '0' || s[n+1] > '9') && s[n] != '/':
		if s[n] == '.' && n+2 < len(s) && s[n+1] == ' ' && strings.HasPrefix(s[n+2:], "000") {
			return 0
		}
		return n + 1
	case bare && s[n] == ' ':
		return n
	}
	return 0
}

// polite skips greetings, titles and "mohon izin lapor" at the line's start and
// thanks at its end; it returns the tokens between.
func polite(toks []token) []token {
	i := 0
	for i < len(toks) {
		n := politeAt(toks, i)
		if n == 0 {
			break
		}
		i += n
		for i < len(toks) && (toks[i].kind == tokComma || toks[i].kind == tokJunk || toks[i].kind == tokPunct && !openers[toks[i].low]) {
			i++
		}
	}
	toks = toks[i:]
	return thanksOff(toks)
}

func word(toks []token, i int) string {
	if i < 0 || i >= len(toks) {
		return ""
	}
	return toks[i].low
}

func politeAt(toks []token, i int) int {
	w, next := word(toks, i), word(toks, i+1)
	switch {
	case (w == "selamat" || w == "slmt" || w == "met" || w == "sugeng") && dayParts[next]:
		return 2
	case (w == "nuwun" || w == "nyuwun") && next == "sewu", (w == "kulo" || w == "kula") && next == "nuwun", w == "matur" && next == "nuwun", w == "terima" && next == "kasih", w == "om" && next == "swastiastu", w == "selamat" && next == "malam":
		return 2
	case w == "assalamualaikum" || w == "assalamu" || w == "asslamualaikum" || w == "aslmkm" || w == "ass" && i == 0 || w == "alaikum" || w == "wr" || w == "wb" || w == "warahmatullahi" || w == "wabarakatuh" || w == "wassalamualaikum":
		return 1
	case (w == "mohon" || w == "mhn" || w == "mohn") && (next == "izin" || next == "ijin") || w == "mohon" && next == "maaf":
		return 2
	case (w == "izin" || w == "ijin" || w == "mohon") && reporting[next]:
		return 2
	case i > 0 && reporting[w] && (word(toks, i-1) == "izin" || word(toks, i-1) == "ijin"):
		return 1
	case reporting[w] && i == 0 && len(toks) > 2 && (titles[next] || toks[1].kind == tokComma):
		return 1
	case greetWords[w]:
		return 1
	case titles[w] && (i > 0 || i+1 < len(toks) && toks[i+1].kind == tokComma):
		return 1
	}
	return 0
}

func thanksOff(toks []token) []token {
	n := len(toks)
	for n > 0 {
		w, prev := word(toks, n-1), word(toks, n-2)
		switch {
		case w == "kasih" && (prev == "terima" || prev == "trima"), w == "nuwun" && prev == "matur", w == "sewu" && prev == "nuwun":
			n -= 2
		case w == "terimakasih" || w == "makasih" || w == "mksh" || w == "nuwun" || w == "suwun" || w == "tks" || w == "thx" || w == "trims" || w == "mtrnwn" || w == "njih" || w == "nggih" || w == "maturnuwun" || w == "trimakasih" || w == "inggih":
			n--
		case titles[w] && (toks[n-1].kind == tokWord) && n >= 2 && (toks[n-2].kind == tokComma || politeTail[prev]):
			n--
		case n < len(toks) && (toks[n-1].kind == tokComma || toks[n-1].low == "."), toks[n-1].kind == tokJunk, toks[n-1].low == "!" || toks[n-1].kind == tokComma && toks[n-1].low == ".":
			n--
		default:
			return toks[:n]
		}
	}
	return toks[:n]
}

var politeTail = map[string]bool{"kasih": true, "nuwun": true, "njih": true, "nggih": true, "suwun": true, "makasih": true, "terimakasih": true}

var reporting = map[string]bool{"lapor": true, "melaporkan": true, "menyampaikan": true, "report": true, "lapor:": true, "laporan": true, "melapor": true}

var greetWords = map[string]bool{
	"halo": true, "hallo": true, "hai": true, "hi": true, "monggo": true, "mangga": true, "njih": true, "nggih": true, "inggih": true, "nuwun": true, "kulonuwun": true,
	"nyuwun": true, "pagi": false, "maaf": true, "permisi": true, "siap": true, "p": true, "hello": true, "assalamu'alaikum": true, "assalamualaikum": true, "assalamu’alaikum": true, "baik": true, "nggeh": true, "sami": true, "aslm": true, "salam": true, "ok": true, "oke": true,
}

var titles = map[string]bool{
	"pak": true, "bu": true, "bapak": true, "ibu": true, "admin": true, "min": true, "mas": true, "mbak": true, "bpk": true, "kak": true, "bos": true, "mba": true, "ndan": true, "komandan": true,
}

// header reports lines that introduce a list or repeat who and when.
func (l *line) header() bool {
	w := l.at(0).low
	colon := l.at(1).low == ":"
	if formHeads[w] && (colon || l.at(1).low == "/" || w == "unit" && l.at(2).low == ":" || w == "hari" && l.at(1).low == ",") {
		return true
	}
	known := false
	for _, t := range l.toks {
		switch {
		case t.kind == tokNumber && t.bound, t.kind != tokWord && t.kind != tokNumber, months[t.low]:
		case headerWords[t.low]:
			known = true
		default:
			last := l.at(len(l.toks) - 1).low
			return last == ":" && len(l.spans) == 0 && len(l.toks) <= 12 && headerStart[w]
		}
	}
	return known && len(l.toks) > 1 && len(l.spans) == 0
}

var formHeads = map[string]bool{"nama": true, "nip": true, "jabatan": true, "opd": true, "instansi": true, "tanggal": true, "tgl": true, "hari": true, "unit": true, "pangkat": true}

var headerStart = map[string]bool{
	"laporan": true, "kegiatan": true, "aktivitas": true, "rincian": true, "berikut": true, "uraian": true, "hari": true, "lapor": true, "ini": true, "pekerjaan": true, "tugas": true, "adapun": true, "rekap": true, "lap": true, "saya": true, "yang": true,
}

var headerWords = map[string]bool{
	"laporan": true, "kegiatan": true, "harian": true, "hari": true, "ini": true, "tanggal": true, "tgl": true, "senin": true, "selasa": true, "rabu": true, "kamis": true, "jumat": true, "jum'at": true,
	"sabtu": true, "minggu": true, "asn": true, "kinerja": true, "aktivitas": true, "berikut": true, "saya": true, "lap": true, "keg": true, "lapor": true, "ekinerja": true, "pekerjaan": true, "sbb": true, "adalah": true,
}
