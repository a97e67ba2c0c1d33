package conversations

import (
	"strings"

	"ekinerja/conversations/parse"
)

// askObstacle asks once whether anything stood in the way.
func (t *turn) askObstacle(key string) error {
	s := &t.out.Session
	s.Stage, s.Question = StageObstacle, key
	s.asked(key)
	m := t.say.Say("tanya_kendala", nil)
	m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_tidak_ada", nil), Action: ActNoObstacle, Args: Args{Day: s.Day}}}}
	t.reply(m, About{Day: s.Day, Question: string(StageObstacle)})
	return nil
}

func (t *turn) answerObstacle(text string) error {
	s := &t.out.Session
	if !parse.Nothing(text) {
		s.Obstacle = Clip(strings.Join(strings.Fields(text), " "), 300)
	}
	s.asked("obstacle")
	t.said(StageObstacle, 0, text)
	return t.advance()
}

// askExtra asks one of the city's own questions.
func (t *turn) askExtra(q Question) error {
	s := &t.out.Session
	s.Stage, s.Question = StageExtra, q.Key
	s.asked(q.Key)
	words := q.ID
	if t.say.lang == "en" && q.EN != "" {
		words = q.EN
	}
	m := Message{Text: words}
	switch q.Kind {
	case QChoice:
		for _, o := range q.Options {
			m.Buttons = append(m.Buttons, []Choice{{Label: o, Action: ActAnswer, Args: Args{Day: s.Day, Value: o}}})
		}
	case QYesNo:
		yes, no := t.say.Text("tombol_ya", nil), t.say.Text("tombol_tidak", nil)
		m.Buttons = [][]Choice{{
			{Label: yes, Action: ActAnswer, Args: Args{Day: s.Day, Value: "ya"}},
			{Label: no, Action: ActAnswer, Args: Args{Day: s.Day, Value: "tidak"}},
		}}
	default:
		m.Reply = true
	}
	t.reply(m, About{Day: s.Day, Question: string(StageExtra)})
	return nil
}

func (t *turn) answerExtra(text string) error {
	s := &t.out.Session
	q, ok := t.h.Flow.Question(s.Question)
	if !ok { // the flow changed meanwhile; the answer stays on record
		t.said(StageExtra, 0, text)
		return t.advance()
	}
	limit := q.Max
	if limit <= 0 {
		limit = 500
	}
	value := Clip(strings.TrimSpace(text), limit)
	if q.Kind == QNumber {
		if !bareNumber(value) {
			m := t.say.Say("belum_paham_angka", nil)
			m.Reply = true
			t.reply(m, About{Day: s.Day, Question: string(StageExtra)})
			return nil
		}
	}
	if s.Extra == nil {
		s.Extra = map[string]string{}
	}
	s.Extra[q.Key] = value
	t.said(StageExtra, 0, text)
	return t.advance()
}
