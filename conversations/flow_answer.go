package conversations

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// Kept answers of a yes-or-no question, in every language.
const (
	answerYes = "ya"
	answerNo  = "tidak"
)

// ticksBetween stands between the kept answers of a question that takes several.
const ticksBetween = "; "

// misread says why words are no answer: the sentence that tells it, and its blanks.
type misread struct {
	id   string
	data Data
}

// read makes the kept form of words that answer an own question, or says what is
// wrong with them. day is the report's.
func (q Question) read(text string, day roster.Day) (string, *misread) {
	text = strings.TrimSpace(text)
	switch q.Kind {
	case QNumber:
		return q.readNumber(text)
	case QChoice:
		return q.readChoice(text)
	case QChoices:
		return q.readChoices(text)
	case QYesNo:
		if yes, ok := parse.YesNo(text); ok {
			return map[bool]string{true: answerYes, false: answerNo}[yes], nil
		}
		return "", &misread{id: "belum_paham_ya_tidak"}
	case QHowLong:
		return q.readHowLong(text)
	case QTimes:
		if d, ok := parse.Duration(text); ok && d.Start != "" {
			return d.Start + "-" + d.End, nil
		}
		return "", &misread{id: "belum_paham_jam"}
	case QDate:
		return q.readDate(text, day)
	case QPhoto:
		return "", &misread{id: "minta_foto"}
	case QLocation:
		return "", &misread{id: "minta_lokasi"}
	default:
		return q.readText(text)
	}
}

func (q Question) readText(text string) (string, *misread) {
	n := len([]rune(text))
	switch limit := valueOr(q.Max, defaultMaxText); {
	case n > limit:
		return "", &misread{"jawaban_terlalu_panjang", Data{"Batas": limit, "N": n}}
	case n < valueOr(q.Min, 1):
		return "", &misread{"jawaban_terlalu_pendek", Data{"Batas": valueOr(q.Min, 1)}}
	}
	return text, nil
}

func valueOr(v *int, other int) int {
	if v == nil {
		return other
	}
	return *v
}

func (q Question) readNumber(text string) (string, *misread) {
	a, ok := parse.Quantity(text)
	if negative := strings.HasPrefix(text, "-"); !ok || negative {
		return "", &misread{id: "belum_paham_angka"}
	}
	v := a.Quantity.Thousandths()
	if out := q.outside(v, 1000); out != nil {
		return "", out
	}
	return a.Quantity.String(), nil
}

// outside says that a value is beyond the question's limits, which count in
// units of one.
func (q Question) outside(v, one int64) *misread {
	low, high := valueOr(q.Min, math.MinInt32), valueOr(q.Max, math.MaxInt32)
	if v >= int64(low)*one && v <= int64(high)*one {
		return nil
	}
	data := Data{}
	if q.Min != nil {
		data["Dari"] = low
	}
	if q.Max != nil {
		data["Sampai"] = high
	}
	if q.Kind == QHowLong {
		return &misread{"di_luar_batas_lama", data}
	}
	return &misread{"di_luar_batas", data}
}

func (q Question) readHowLong(text string) (string, *misread) {
	d, ok := parse.Duration(text)
	if !ok {
		return "", &misread{id: "belum_paham_lama_sendiri"}
	}
	if out := q.outside(int64(d.Minutes), 1); out != nil {
		return "", out
	}
	return strconv.Itoa(d.Minutes), nil
}

// readChoice takes an option by its words, their beginning or its number.
func (q Question) readChoice(text string) (string, *misread) {
	if o, ok := q.option(text); ok {
		return o, nil
	}
	return "", &misread{id: "belum_paham_pilihan"}
}

func (q Question) option(text string) (string, bool) {
	low := strings.ToLower(strings.TrimSpace(strings.TrimRight(text, ".")))
	if n, err := strconv.Atoi(low); err == nil && n >= 1 && n <= len(q.Options) {
		return q.Options[n-1], true
	}
	var hits []string
	for _, o := range q.Options {
		switch name := strings.ToLower(o); {
		case name == low:
			return o, true
		case len(low) >= 2 && strings.HasPrefix(name, low):
			hits = append(hits, o)
		}
	}
	if len(hits) == 1 {
		return hits[0], true
	}
	return "", false
}

// readChoices takes several options: "1 dan 3", "Vaksin, Imunisasi".
func (q Question) readChoices(text string) (string, *misread) {
	if o, ok := q.option(text); ok { // an option may hold a comma or "dan" itself
		return q.several([]string{o})
	}
	words := strings.NewReplacer(",", "\n", ";", "\n", "&", "\n", "+", "\n", " dan ", "\n", " and ", "\n").Replace(strings.ToLower(text))
	if strings.Trim(words, "0123456789 \n") == "" { // "1 3"
		words = strings.ReplaceAll(words, " ", "\n")
	}
	var ticked []string
	for part := range strings.SplitSeq(words, "\n") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		o, ok := q.option(part)
		if !ok {
			return "", &misread{id: "belum_paham_beberapa"}
		}
		ticked = append(ticked, o)
	}
	return q.several(ticked)
}

// several keeps ticked options in the file's order, each once.
func (q Question) several(ticked []string) (string, *misread) {
	var out []string
	for _, o := range q.Options {
		if slices.Contains(ticked, o) {
			out = append(out, o)
		}
	}
	low, high := valueOr(q.Min, 1), valueOr(q.Max, len(q.Options))
	switch {
	case len(out) == 0:
		return "", &misread{id: "belum_paham_beberapa"}
	case len(out) < low || len(out) > high:
		return "", &misread{"banyak_pilihan", Data{"Dari": low, "Sampai": high, "Sama": low == high}}
	}
	return strings.Join(out, ticksBetween), nil
}

func (q Question) readDate(text string, day roster.Day) (string, *misread) {
	d, ok := parse.ReadDates(text, day)
	if !ok || d.From != d.To {
		return "", &misread{id: "belum_paham_tanggal"}
	}
	low, high := valueOr(q.Min, -366), valueOr(q.Max, 366)
	if d.From.Before(day.Add(low)) || d.From.After(day.Add(high)) {
		return "", &misread{"tanggal_di_luar", Data{"Dari": day.Add(low), "Sampai": day.Add(high)}}
	}
	return d.From.String(), nil
}

// Kept shows a kept answer to its writer: "2 jam 30 menit", "Selasa, 24 November 2026".
func (s Speaker) Kept(q Question, value string) string {
	switch q.Kind {
	case QNumber:
		return s.Number(value)
	case QYesNo:
		id := map[string]string{answerYes: "tombol_ya", answerNo: "tombol_tidak"}[value]
		if id == "" {
			return value
		}
		return strings.ToLower(s.Text(id, nil))
	case QChoices:
		return strings.ReplaceAll(value, ticksBetween, ", ")
	case QHowLong:
		if n, err := strconv.Atoi(value); err == nil {
			return s.Text("menit", Data{"Menit": s.Int(n)})
		}
	case QTimes:
		return strings.NewReplacer(":", ".", "-", "–").Replace(value)
	case QDate:
		if d, err := roster.ParseDay(value); err == nil {
			return s.Day(d)
		}
	case QPhoto:
		return s.Text("jawaban_foto", Data{"N": len(strings.Fields(value))})
	case QLocation:
		return s.Text("jawaban_lokasi", nil)
	default:
	}
	return value
}

// wording is the question in the speaker's language.
func (s Speaker) wording(q Question) string {
	if s.lang == "en" && q.EN != "" {
		return q.EN
	}
	return q.ID
}
