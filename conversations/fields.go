package conversations

import (
	"strconv"
	"strings"
	"time"

	"ekinerja/conversations/parse"
)

// askField asks what is missing of one activity; quantity and time together
// when both are, so that one answer settles both.
func (t *turn) askField(d parse.Doubt) error {
	if t.askUsual(d) {
		return nil
	}
	s := &t.out.Session
	s.Stage, s.Item, s.Question, s.Guided = StageField, d.Item, string(d.Field), true
	s.AskedAt = t.Now
	it := s.Items[d.Item]
	data := Data{
		"Terbaca": d.Understood, "Hasil": t.results(it), "Lama": t.duration(it),
	}
	id := fieldSentence(d)
	if s.has(d.Item, parse.FieldQuantity) && (s.has(d.Item, parse.FieldMinutes) || s.has(d.Item, parse.FieldTime)) &&
		d.Reason == parse.Missing && it.Description != "" {
		id, s.Question = "tanya_hasil_dan_lama", "details"
	}
	m := Lines(t.which(d.Item), t.say.Say(id, data))
	m.Reply, m.Placeholder = true, t.say.Text("contoh_"+placeholder(s.Question), nil)
	err := t.offerMinutes(&m, d)
	t.reply(m, About{Day: s.Day, Question: string(StageField), Item: s.place(d.Item)})
	return err
}

// which names the activity that a question is about; one without a name has none.
func (t *turn) which(i int) Message {
	s := &t.out.Session
	data := Data{"No": i + 1, "Banyak": len(s.Items), "Kegiatan": Clip(s.Items[i].Description, 120)}
	switch {
	case s.Items[i].Description == "":
		return Message{}
	case len(s.Items) == 1:
		return t.say.Say("kegiatan_tunggal", data)
	}
	return t.say.Say("kegiatan_ke", data)
}

func fieldSentence(d parse.Doubt) string {
	switch d.Field {
	case parse.FieldDescription:
		return "tanya_uraian"
	case parse.FieldUnit:
		return "tanya_satuan"
	case parse.FieldQuantity:
		if d.Reason == parse.Missing {
			return "tanya_hasil"
		}
		return "pastikan_hasil"
	case parse.FieldMinutes, parse.FieldTime:
		switch d.Reason {
		case parse.Missing:
			return "tanya_lama"
		case parse.Disagrees:
			return "pastikan_lama_beda"
		default:
			return "pastikan_lama"
		}
	}
	return "tanya_hasil_dan_lama"
}

func placeholder(question string) string {
	switch parse.Field(question) {
	case parse.FieldDescription:
		return "uraian"
	case parse.FieldQuantity, parse.FieldUnit:
		return "hasil"
	case parse.FieldMinutes, parse.FieldTime:
		return "lama"
	}
	return "rinci"
}

// answerField uses words as the answer to the asked field. Whole activities are
// taken as further ones: people send three short lines in a row.
func (t *turn) answerField(text string, r parse.Reading) error {
	s := &t.out.Session
	i := s.Item
	if i >= len(s.Items) {
		return t.activities(text, r)
	}
	if t.answerAmounts(text, r) {
		t.said(StageField, i, text)
		return t.advance()
	}
	switch r.Intent {
	case parse.Skip, parse.None, parse.No:
		s.settle(i, parse.FieldQuantity, parse.FieldUnit, parse.FieldMinutes, parse.FieldTime, parse.FieldDescription)
		t.said(StageField, i, text)
		return t.advance()
	case parse.Yes:
		if t.confirmUnderstood(i) {
			t.said(StageField, i, text)
			return t.advance()
		}
	case parse.Send, parse.Change, parse.Add, parse.Correction:
		return t.activities(text, r)
	default:
	}
	if t.About == nil && (further(r) || t.continues(r)) {
		return t.activities(text, r)
	}
	if s.Question == string(parse.FieldDescription) {
		return t.answerDescription(i, text)
	}
	if !t.fill(i, text) {
		m := Lines(t.which(i), t.say.Say("belum_paham_"+placeholder(s.Question), nil))
		m.Reply, m.Placeholder = true, t.say.Text("contoh_"+placeholder(s.Question), nil)
		t.reply(m, About{Day: s.Day, Question: string(StageField), Item: s.place(i)})
		return nil
	}
	t.said(StageField, i, text)
	return t.advance()
}

// oneBreath is how long after a question words may still belong to what was
// being written before it: people send an answer in three short lines.
const oneBreath = 6 * time.Second

// echoFor is how long the same words are the same answer: nobody reads the next
// question and types its answer in that time. The network dates in whole seconds.
const echoFor = 2 * time.Second

// echo reports whether figures only say again what answered the question before:
// an impatient thumb, or a telephone that sent twice. They are not the answer to
// a question that could not have been read yet; see [turn.heardAgain].
func (t *turn) echo(text string, r parse.Reading) bool {
	s := t.out.Session
	return t.About == nil && (s.Stage == StageField || s.Stage == StageObstacle) && s.Said != "" && len(r.Items) > 0 &&
		same(text, s.Said) && (t.sight != read || t.at().Sub(s.SaidAt) < echoFor)
}

// continues reports whether the words were written before the question could
// have been read, by the messages' numbers or the provider's time, and name
// activities of their own. For a bare measure ("90 menit") the time is no proof.
func (t *turn) continues(r parse.Reading) bool {
	s := t.out.Session
	inBreath := !s.AskedAt.IsZero() && t.at().Sub(s.AskedAt) < oneBreath
	return named(r) && (inBreath || t.sight == unread)
}

// further reports whether the words are activities of their own: each with a
// description, and some measure among them.
func further(r parse.Reading) bool {
	measured := false
	for _, it := range r.Items {
		if len(strings.Fields(it.Description)) < 2 {
			return false
		}
		measured = measured || it.Quantity.Known() || it.Minutes > 0
	}
	return measured
}

// whole reports whether the words are activities, one of them with result and
// time. "jaringan lambat 40 menit" is not: it tells an obstacle.
func whole(r parse.Reading) bool {
	found := false
	for _, it := range r.Items {
		if it.Description == "" {
			return false
		}
		found = found || (it.Quantity.Known() && it.Minutes > 0)
	}
	return found
}

// confirmUnderstood accepts "ya" as "as you read it"; false when there is
// nothing to accept.
func (t *turn) confirmUnderstood(i int) bool {
	s := &t.out.Session
	it := s.Items[i]
	switch parse.Field(s.Question) {
	case parse.FieldQuantity, parse.FieldUnit:
		if !it.Quantity.Known() {
			return false
		}
		s.settle(i, parse.FieldQuantity, parse.FieldUnit)
	case parse.FieldMinutes, parse.FieldTime:
		if it.Minutes == 0 {
			return false
		}
		s.settle(i, parse.FieldMinutes, parse.FieldTime)
	default:
		return false
	}
	return true
}

func (t *turn) answerDescription(i int, text string) error {
	s := &t.out.Session
	s.Items[i].Description = Clip(strings.Join(strings.Fields(text), " "), 300)
	s.settle(i, parse.FieldDescription)
	t.said(StageField, i, text)
	return t.advance()
}

// fill puts the understood quantity and time into an item; false when the words
// held neither, or not the one that was asked. What is still unsure becomes a
// doubt again, so that it is asked showing what was understood.
func (t *turn) fill(i int, text string) bool {
	s := &t.out.Session
	switch parse.Field(s.Question) {
	case parse.FieldMinutes, parse.FieldTime:
		if !t.fillTime(i, text) {
			return false
		}
		if !bareNumber(text) {
			t.fillAmount(i, text) // whoever says the result as well is not asked for it
		}
		return true
	case parse.FieldQuantity:
		if !t.fillAmount(i, text) {
			return false
		}
		if !bareNumber(text) {
			t.fillTime(i, text)
		}
		return true
	case parse.FieldUnit:
		return t.fillAmount(i, text) || t.fillUnit(i, text)
	default:
	}
	timed := !bareNumber(text) && t.fillTime(i, text)
	counted := t.fillAmount(i, text)
	return timed || counted
}

func (t *turn) fillTime(i int, text string) bool {
	s := &t.out.Session
	d, ok := parse.Duration(text)
	if !ok {
		return false
	}
	it := &s.Items[i]
	it.Minutes, it.Start, it.End = d.Minutes, d.Start, d.End
	s.settle(i, parse.FieldMinutes, parse.FieldTime)
	if d.Doubt != "" {
		s.Doubts = append([]parse.Doubt{{Item: i, Field: parse.FieldMinutes, Reason: d.Doubt, Understood: t.duration(*it)}}, s.Doubts...)
	}
	return true
}

func (t *turn) fillAmount(i int, text string) bool {
	s := &t.out.Session
	a, ok := parse.Quantity(text)
	if !ok {
		return false
	}
	it := &s.Items[i]
	unit := a.Unit
	if unit == "" {
		unit = it.Unit
	}
	it.Quantity, it.Unit = a.Quantity, unit
	if len(a.More) > 0 {
		it.More = a.More
	}
	s.settle(i, parse.FieldQuantity, parse.FieldUnit)
	if unit == "" {
		s.Doubts = append([]parse.Doubt{{Item: i, Field: parse.FieldUnit, Reason: parse.NoUnit, Understood: a.Quantity.String()}}, s.Doubts...)
	}
	return true
}

// fillUnit takes plain words as the unit of a number that is already known.
func (t *turn) fillUnit(i int, text string) bool {
	s := &t.out.Session
	words := strings.Fields(strings.ToLower(text))
	if !s.Items[i].Quantity.Known() || len(words) == 0 || len(words) > 3 {
		return false
	}
	s.Items[i].Unit = strings.Join(words, " ")
	s.settle(i, parse.FieldUnit, parse.FieldQuantity)
	return true
}

func bareNumber(text string) bool {
	_, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), ",", "."), 64)
	return err == nil
}
