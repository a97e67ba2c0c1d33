package parse

// amount is a number found in the tokens: its value and where it ends.
type amount struct {
	val   Number
	to    int
	words bool
	num   numeral // of the digits token, when there was one
	frac  bool
}

// amountAt reads digits ("25", "1½", "1/2", "15 rb", "25 (dua puluh lima)") or
// number words ("dua puluh lima", "satu setengah") from token i on.
func (l *line) amountAt(i int) (amount, bool) {
	t := l.at(i)
	var a amount
	switch t.kind {
	case tokNumber:
		a = amount{val: t.num.val, to: i + 1, num: t.num}
		l.fraction(i, &a)
	case tokFraction:
		a = amount{val: Milli(fractionMilli[t.low]), to: i + 1, frac: true}
	case tokWord:
		v, to := l.wordNumber(i)
		if to == i {
			return a, false
		}
		a = amount{val: v, to: to, words: true}
	default:
		return a, false
	}
	if !a.val.known && !a.num.clock {
		return a, false
	}
	l.scale(&a)
	l.half(&a)
	l.spelled(&a)
	return a, true
}

// fraction adds "½" in "1½", and reads "1/2", "3/4", "1 1/2".
func (l *line) fraction(i int, a *amount) {
	next := l.at(i + 1)
	switch {
	case next.kind == tokFraction:
		a.val.milli += fractionMilli[next.low]
		a.to, a.frac = i+2, true
	case l.isFraction(i):
		a.val = Milli(a.val.milli / int64(digits(l.at(i+2).low)))
		a.to, a.frac = i+3, true
	case a.num.plain && l.isFraction(i+1) && !l.at(i+1).glued:
		a.val.milli += l.at(i+1).num.val.milli / int64(digits(l.at(i+3).low))
		a.to, a.frac = i+4, true
	}
}

// isFraction reports "1/2", "1/3", "2/3", "1/4", "3/4" written together.
func (l *line) isFraction(i int) bool {
	a, s, b := l.at(i), l.at(i+1), l.at(i+2)
	if a.kind != tokNumber || b.kind != tokNumber || s.low != "/" || !s.glued || !b.glued || l.at(i+3).low == "/" {
		return false
	}
	return len(a.low) == 1 && len(b.low) == 1 && a.low >= "1" && a.low < b.low && b.low >= "2" && b.low <= "4"
}

func (l *line) scale(a *amount) {
	f, ok := scales[l.at(a.to).low]
	if !ok || a.words || !a.val.known || a.val.milli > 1e12 {
		return
	}
	if l.at(a.to).low == "k" && !l.at(a.to).glued {
		return
	}
	a.val.milli *= f
	a.to++
}

// half adds the "setengah" of "satu setengah" and "2 setengah".
func (l *line) half(a *amount) {
	switch w := l.at(a.to).low; {
	case w == "setengah" && a.val.known && a.val.milli%1000 == 0:
		a.val.milli += 500
		a.to, a.frac = a.to+1, true
	case w == "perempat" && a.words && a.val.milli < 4000:
		a.val.milli /= 4
		a.to, a.frac = a.to+1, true
	}
}

// spelled skips the "(dua puluh lima)" that official letters add.
func (l *line) spelled(a *amount) {
	if a.words || l.at(a.to).low != "(" {
		return
	}
	v, to := l.wordNumber(a.to + 1)
	if to > a.to+1 && l.at(to).low == ")" && v == a.val {
		a.to = to + 1
	}
}

// wordNumber reads number words from i; to == i when there are none.
func (l *line) wordNumber(i int) (Number, int) {
	if f, ok := fractionWords[l.at(i).low]; ok {
		return Milli(f), i + 1
	}
	var total, group int64
	pending := int64(-1)
	j := i
	for ; j < len(l.toks) && j < i+12; j++ {
		w := l.at(j).low
		d, isDigit := digitWords[w]
		c, isCount := countWords[w]
		m, isMul := multipliers[w]
		switch {
		case isDigit && pending < 0:
			pending = d
		case isCount && pending < 0:
			group += c
		case isMul && m < 1000 && pending > 0:
			group += pending * m
			if w == "belas" {
				group = group - pending*m + pending + 10
			}
			pending = -1
		case isMul && m >= 1000 && (pending > 0 || group > 0):
			total += (group + max(pending, 0)) * m
			group, pending = 0, -1
		default:
			return Int(total + group + max(pending, 0)), j
		}
	}
	return Int(total + group + max(pending, 0)), j
}

var digitWords = map[string]int64{
	"nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5,
	"enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
}

var countWords = map[string]int64{
	"sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000, "sejuta": 1000000,
}

var multipliers = map[string]int64{"belas": 10, "puluh": 10, "ratus": 100, "ribu": 1000, "juta": 1000000}

var scales = map[string]int64{"ribu": 1000, "rb": 1000, "k": 1000, "juta": 1000000, "jt": 1000000}

var fractionWords = map[string]int64{"setengah": 500, "separuh": 500, "separo": 500, "seperempat": 250}

var fractionMilli = map[string]int64{"½": 500, "¼": 250, "¾": 750}
