package parse

import "strings"

// part is a stretch of tokens between separators.
type part struct {
	from, to int
	strong   bool // a ; | or tab came before it
	first    bool // the line begins with it
	force    bool // surely a new activity
}

// described is a part taken apart.
type described struct {
	desc  string
	weak  string   // desc with its doubtful amounts left in; empty when there are none
	words []string // lower-case words of desc
	spans []span
	lead  bool // a value came before the first word
}

// describe separates the understood spans of a part from its description.
func (l *line) describe(p part) described {
	var d described
	var sure []span
	for _, s := range l.spans {
		if s.from >= p.from && s.to <= p.to && s.kind != spanObstacle {
			d.spans = append(d.spans, s)
			if !l.doubtful(p, s) {
				sure = append(sure, s)
			}
		}
	}
	keep := l.without(p, d.spans)
	d.desc, d.words = l.text(p, keep)
	if len(d.spans) > 0 {
		d.lead = len(d.words) > 0 && !anyBefore(keep, d.spans[0].from-p.from)
	}
	if len(sure) == len(d.spans) || d.desc == "" {
		return d
	}
	weak, words := l.text(p, l.without(p, sure))
	d.weak = weak
	for _, s := range sure {
		if s.kind == spanQuantity && s.unit != "" {
			d.desc, d.words, d.spans, d.weak = weak, words, sure, ""
			break
		}
	}
	return d
}

// without marks the tokens of a part that stay when the spans are taken out.
func (l *line) without(p part, spans []span) []bool {
	keep := make([]bool, p.to-p.from)
	for i := range keep {
		keep[i] = l.at(p.from+i).kind != tokJunk
	}
	for _, s := range spans {
		l.drop(p, s, keep)
	}
	l.trimWords(p, keep)
	return keep
}

// doubtful reports an amount that may be part of a name: a number at the end of
// words, or before a capitalised noun that is no unit.
func (l *line) doubtful(p part, s span) bool {
	if s.kind != spanQuantity || s.known || s.from == p.from || s.reason != "" {
		return false
	}
	if s.unit == "" {
		prev := l.at(s.from - 1)
		return prev.kind == tokWord && !connectives[prev.low]
	}
	unit := l.at(s.unitFrom)
	return l.src[unit.start:unit.end] != unit.low && strings.ToUpper(l.src) != l.src
}

func anyBefore(keep []bool, n int) bool {
	for i := 0; i < n && i < len(keep); i++ {
		if keep[i] {
			return true
		}
	}
	return false
}

// drop takes a span out, and the small words that came with it.
func (l *line) drop(p part, s span, keep []bool) {
	from, to := s.from, s.to
	j := from - 1
	for j >= p.from && keep[j-p.from] && l.connective(j, s) {
		j--
	}
	if l.at(j+1).low == "dengan" || l.at(j+1).low == "dgn" {
		if j+2 == from {
			j++
		}
	}
	opened := false
	for k := j + 1; k < from; k++ {
		opened = opened || l.at(k).low == "(" || l.at(k).low == "["
	}
	for to < p.to && trailers[l.at(to).low] && (l.at(to).kind == tokWord || opened) && (l.at(to).kind != tokWord || s.kind == spanDuration || s.kind == spanRange) {
		to++
	}
	unitFrom := s.to
	if s.kind == spanQuantity && s.unitFrom > 0 && j+1 == from && l.keepsNoun(p, s, keep) {
		unitFrom = s.unitFrom
	}
	for i := j + 1; i < to; i++ {
		keep[i-p.from] = i >= unitFrom && i < s.to
	}
}

// connective reports a token before a value that goes with the value.
func (l *line) connective(j int, s span) bool {
	w := l.at(j).low
	switch {
	case l.at(j).kind == tokPunct:
		return w != ")" && w != "]" && w != "\"" && w != "%" && w != "/" && w != "&" && w != "+"
	case w == "dengan" || w == "dgn":
		return true
	case w == "dari" || w == "mulai" || w == "sejak" || w == "pada" || w == "antara" || w == "jam" || w == "pukul" || w == "dr" || w == "wktu" || w == "pd":
		return s.kind == spanRange || s.kind == spanVague
	case w == "lebih" || w == "kurang":
		return l.at(j-1).low == "kurang" || l.at(j+1).low == "lebih"
	case w == "hasil" && s.kind == spanRange:
		return false
	case w == "sebesar" || w == "senilai":
		return s.money
	case w == "kira":
		return true
	case w == "kerja":
		return s.kind == spanDuration && (l.at(j-1).low == "waktu" || l.at(j-1).low == "lama")
	}
	return connectives[w] && (s.kind != spanQuantity || !timeConnectives[w])
}

// keepsNoun decides whether the counted noun stays in the sentence; see the
// package comment.
func (l *line) keepsNoun(p part, s span, keep []bool) bool {
	noun := l.at(s.unitFrom).low
	for i := p.from; i < s.from; i++ {
		if l.at(i).low == noun && keep[i-p.from] {
			return false
		}
	}
	next := l.at(s.to)
	followed := s.to < p.to && next.kind == tokWord && !l.startsSpan(s.to) && (!notUnits[next.low] || afterNoun[next.low]) && !connectives[next.low] && !obstacleWords[next.low] && !lateWords[next.low]
	if followed {
		return !counters[s.unit]
	}
	prev := l.at(s.from - 1).low
	object := isVerb(prev) || prepositions[prev] || takesObject(prev) && !counters[s.unit]
	return object && s.from > p.from && !neverObjects[s.unit] && !s.money
}

func (l *line) startsSpan(i int) bool {
	for _, s := range l.spans {
		if s.from == i {
			return true
		}
	}
	return false
}

// trimWords takes off small words left at both ends: "hari ini saya", "dan", "selama".
func (l *line) trimWords(p part, keep []bool) {
	i := 0
	for i < len(keep) {
		t := l.at(p.from + i)
		switch {
		case !keep[i] || t.kind == tokPunct && !openers[t.low] || t.kind == tokComma:
		case t.low == "hari" && l.at(p.from+i+1).low == "ini" && i+1 < len(keep):
			keep[i] = false
			i++
		case (t.low == "kegiatan" || t.low == "laporan" || t.low == "aktivitas") && i+2 < len(keep) && (l.at(p.from+i+1).low == "saya" || l.at(p.from+i+1).low == "hari" && l.at(p.from+i+2).low == "ini"):
		case dayParts[t.low] && i > 0 && (l.at(p.from+i-1).low == "tadi" || spelling[l.at(p.from+i-1).low] == "kemarin" || l.at(p.from+i-1).low == "kemarin"):
		case (spelling[t.low] == "kemarin" || t.low == "kemarin") && i+1 < len(keep): // "kmrn sore", "kemarin rapat"
		case (t.low == "setelah" || t.low == "habis") && l.at(p.from+i+1).low == "itu" && i+1 < len(keep):
			keep[i] = false
			i++
		case t.low == "dengan" && i > 0 && (l.at(p.from+i-1).low == "dilanjutkan" || l.at(p.from+i-1).low == "lanjut"):
		case headWords[t.low]:
		default:
			l.trimTail(p, keep, i)
			return
		}
		keep[i] = false
		i++
	}
}

func (l *line) trimTail(p part, keep []bool, head int) {
	for i := len(keep) - 1; i > head; i-- {
		t := l.at(p.from + i)
		switch {
		case !keep[i]:
		case t.low == ")" || t.low == "]":
			if l.balanced(p, keep, t.low) {
				return
			}
			keep[i] = false
		case t.kind == tokPunct && t.low != "\"" && t.low != "%" && t.low != "”", t.kind == tokComma, tailWords[t.low]:
			keep[i] = false
		default:
			return
		}
	}
}

// balanced reports that a closing bracket has its opening one in the description.
func (l *line) balanced(p part, keep []bool, closer string) bool {
	opener := "("
	if closer == "]" {
		opener = "["
	}
	n := 0
	for i, k := range keep {
		switch w := l.at(p.from + i).low; {
		case !k:
		case w == opener:
			n++
		case w == closer:
			n--
		}
	}
	return n == 0
}

// text joins what is kept, with the spaces the person typed.
func (l *line) text(p part, keep []bool) (string, []string) {
	var b strings.Builder
	var words []string
	last := -1
	for i, k := range keep {
		if !k {
			continue
		}
		t := l.at(p.from + i)
		if b.Len() > 0 && (last != i-1 || !t.glued) && t.kind != tokComma && (t.low != ")" || last == i-1) {
			b.WriteByte(' ')
		}
		b.WriteString(l.src[t.start:t.end])
		last = i
		if t.kind == tokWord || t.kind == tokNumber {
			words = append(words, t.low)
		}
	}
	if len(words) == 0 {
		return "", nil
	}
	return b.String(), words
}

// afterNoun are words that say which of the counted things: "3 siswa kelas 9".
var afterNoun = map[string]bool{"kelas": true, "kls": true, "rw": true, "rt": true, "tahun": true, "bulan": true}

// prepositions need the noun behind them: "ke 5 OPD" is "ke OPD".
var prepositions = map[string]bool{"ke": true, "di": true, "kepada": true, "untuk": true, "utk": true, "bagi": true, "bersama": true, "oleh": true, "kpd": true, "pada": true, "terhadap": true}

var openers = map[string]bool{"(": true, "[": true, "\"": true, "“": true, "#": true, "'": true}

var trailers = map[string]bool{
	")": true, "]": true, "lebih": true, "saja": true, "aja": true, "kurang": true, "an": true, "an.": true, "lamanya": true,
}

// connectives go with the value behind them.
var connectives = map[string]bool{
	"selama": true, "slama": true, "slm": true, "waktu": true, "durasi": true, "durasinya": true, "lama": true, "lamanya": true, "estimasi": true, "sekitar": true, "kurleb": true,
	"kira2": true, "sktr": true, "sekira": true, "sebanyak": true, "sebanyk": true, "sejumlah": true, "total": true, "totalnya": true, "jumlah": true, "jumlahnya": true, "jml": true, "jmlh": true,
	"hasil": true, "hasilnya": true, "output": true, "outputnya": true, "keluaran": true, "volume": true, "vol": true, "yaitu": true, "yakni": true, "dapat": true, "dpt": true, "dapet": true, "kuantitas": true, "capaian": true, "satuan": true, "hsl": true,
	"menghasilkan": true, "memakan": true,
}

// timeConnectives go with times only: "KK lama 400 lembar" keeps its "lama".
var timeConnectives = map[string]bool{"selama": true, "slama": true, "slm": true, "waktu": true, "durasi": true, "durasinya": true, "lama": true, "lamanya": true, "memakan": true}

// headWords do not begin a description.
var headWords = map[string]bool{
	"tadi": true, "saya": true, "sy": true, "aku": true, "lalu": true, "kemudian": true, "terus": true, "trus": true, "trs": true, "dan": true, "serta": true, "kmdn": true,
	"kula": true, "kulo": true, "dalem": true, "dilanjut": true, "lanjut": true, "dilanjutkan": true, "kmudian": true, "selama": true, "sebanyak": true, "lagi": true, "untuk": true, "hasil": false, "dengan": true,
}

// tailWords do not end a description.
var tailWords = map[string]bool{
	"selama": true, "dari": true, "mulai": true, "dengan": true, "dgn": true, "sebanyak": true, "total": true, "dan": true, "serta": true, "pukul": true, "jam": true,
	"yaitu": true, "sampai": true, "adalah": true, "pada": true, "durasi": true, "waktu": true, "wib": true, "tadi": true, "sekitar": true, "lalu": true, "kemudian": true, "sejumlah": true,
	"ada": true, "sd": true, "s/d": true, "untuk": true, "ya": true,
}

// lateWords follow an amount without belonging to its noun.
var lateWords = map[string]bool{
	"lancar": true, "selesai": true, "aman": true, "sudah": true, "telah": true, "dan": true, "tuntas": true, "lengkap": true, "dalam": true, "tadi": true,
}
