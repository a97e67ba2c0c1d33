package conversations

import (
	"slices"
	"strconv"

	"ekinerja/conversations/parse"
)

// After a crash a question may stand twice on a phone, and words that quote
// nothing may answer either copy. Guessing would put a true answer at the wrong
// place, so the person is asked which question was meant.

// candidates are the questions that unquoted words could answer: the open one,
// the one before it when this one could not be read yet, and those of which a
// second copy may have been seen. One or none: no doubt.
func (t *turn) candidates(text string, r parse.Reading) []About {
	s := &t.out.Session
	switch s.Stage {
	case StageField, StageObstacle:
	default:
		return nil
	}
	switch r.Intent {
	case parse.Skip, parse.Send, parse.Change, parse.Add:
		return nil
	default:
	}
	if t.About != nil || further(r) {
		return nil
	}
	out := []About{t.openQuestion()}
	if a := t.before(text, r); a != nil && *a != out[0] {
		out = append(out, *a)
	}
	for _, a := range t.Repeated {
		fits := a.Day == s.Day &&
			(a.Question == string(StageField) && s.whose(a.Item) >= 0 || a.Question == string(StageObstacle))
		if fits && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// askBack shows the words and the questions they may answer.
func (t *turn) askBack(text string, choices []About) error {
	s := &t.out.Session
	text = Clip(text, 300)
	m := t.say.Say("tanya_balik", Data{"Jawaban": Clip(text, 100)})
	for _, c := range choices {
		label := t.say.Text("tombol_kendala", nil)
		if c.Question == string(StageField) {
			i := s.whose(c.Item)
			label = strconv.Itoa(i+1) + ". " + Clip(s.Items[i].Description, 16)
		}
		m.Buttons = append(m.Buttons, []Choice{{
			Label: label, Action: ActAssign, Args: Args{Day: c.Day, Question: c.Question, Item: c.Item, Value: text},
		}})
	}
	t.reply(m)
	return nil
}

// assign uses the words of an ask-back for the chosen question.
func (t *turn) assign(a Args) error {
	if a.Question == string(StageField) && t.out.Session.whose(a.Item) < 0 {
		return t.summary()
	}
	t.About = &About{Day: a.Day, Question: a.Question, Item: a.Item}
	t.turnTo(*t.About)
	return t.answerStage(a.Value, parse.Read(a.Value))
}

// turnTo makes a question of the draft the open one. Which of its figures was
// asked then is not known any more, so the answer may give either.
func (t *turn) turnTo(a About) {
	s := &t.out.Session
	i := max(s.whose(a.Item), 0)
	if s.Stage == Stage(a.Question) && (s.Item == i || a.Question == string(StageObstacle)) {
		return
	}
	s.Stage, s.Item, s.Question = Stage(a.Question), i, "details"
}
