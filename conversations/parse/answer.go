package parse

import "strings"

// Spent is how long an activity took, as answered to "Berapa lama?".
type Spent struct {
	Minutes    int
	Start, End string // "HH:MM" or empty
	// Doubt says why the answer must be confirmed; empty when it is clear.
	Doubt Reason
}

// Amount is what an activity yielded, as answered to "Berapa hasilnya?".
type Amount struct {
	Quantity Number
	Unit     string // empty when no unit was typed; Doubt is NoUnit then
	More     []Result
	Doubt    Reason
}

// Duration reads an answer to "Berapa lama?": "2 jam", "08.00-10.00", "120". A
// bare number from 10 up is minutes; below, it is read as hours and doubted.
// ok is false when no time was found; Doubt is then Vague or Missing.
func Duration(text string) (Spent, bool) {
	d, ok := readAnswer(text)
	if !ok {
		return Spent{Doubt: Missing}, false
	}
	if !d.hasTime() && d.Quantity.Known() && d.Unit == "" && len(d.More) == 0 {
		return bareDuration(d.Quantity)
	}
	it, doubts := d.finish()
	s := Spent{Minutes: it.Minutes, Start: it.Start, End: it.End}
	for _, q := range doubts {
		if q.Field == FieldMinutes || q.Field == FieldTime {
			s.Doubt = q.Reason
		}
	}
	if s.Minutes == 0 && s.Doubt == "" {
		s.Doubt = Missing
	}
	return s, s.Minutes > 0
}

func bareDuration(n Number) (Spent, bool) {
	switch m := n.milli; {
	case m <= 0 || m > 1440000:
		return Spent{Doubt: Missing}, false
	case m < 10000:
		return Spent{Minutes: int(m * 60 / 1000), Doubt: Ambiguous}, true
	default:
		return Spent{Minutes: int(m / 1000)}, true
	}
}

// Quantity reads an answer to "Berapa hasilnya?": "25 berkas", "25", "dua puluh
// lima", "1 kegiatan, 1 kasus". ok is false when no number was found.
func Quantity(text string) (Amount, bool) {
	d, ok := readAnswer(text)
	if !ok || !d.hasAmount() {
		return Amount{Doubt: Missing}, false
	}
	_, doubts := d.finish()
	a := Amount{Quantity: d.Quantity, Unit: d.Unit, More: d.More}
	for _, q := range doubts {
		if q.Field == FieldQuantity || q.Field == FieldUnit && a.Doubt == "" {
			a.Doubt = q.Reason
		}
	}
	return a, d.Quantity.Known()
}

// readAnswer reads a message as the values of one item.
func readAnswer(text string) (draft, bool) {
	c, _ := clean(text)
	b := builder{clean: c}
	for _, t := range lines(c) {
		b.line(t)
	}
	out := draft{start: -1, end: -1}
	for i := range b.drafts {
		if d := &b.drafts[i]; d.hasValues() {
			return *d, true
		}
	}
	return out, false
}

// YesNo reads a yes or a no; ok is false for anything else.
func YesNo(text string) (yes, ok bool) {
	in := Read(text).Intent
	return in == Yes, in == Yes || in == No || in == None
}

// Nothing reports an answer that says there is none: "nihil", "-", "tidak ada",
// and a plain "tidak", as an answer to "Ada kendala?".
func Nothing(text string) bool {
	in := Read(text).Intent
	return in == None || in == No
}

func noneText(s string) bool {
	switch strings.ToLower(strings.Trim(s, " .-–—")) {
	case "", "nihil", "tidak ada", "tdk ada", "tidak", "tdk", "gak ada", "nggak ada", "ga ada", "none", "kosong":
		return true
	}
	return false
}
