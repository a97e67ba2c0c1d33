package conversations

import (
	"slices"
	"strconv"
	"strings"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
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

// skipped marks an own question that its reader left out, and insisted one that
// was put twice.
func skipped(key string) string  { return key + "/skipped" }
func insisted(key string) string { return key + "/again" }

// wants reports whether an own question is still to be asked.
func (s *Session) wants(q Question) bool {
	return s.Extra[q.Key] == "" && !s.Asked[skipped(q.Key)] && (q.Required || !s.Asked[q.Key])
}

// owed is the first required question without an answer; it is put once more
// before the report goes, and never holds it longer.
func (t *turn) owed() (Question, bool) {
	for _, q := range t.asks() {
		if q.Own() && q.Required && t.out.Session.wants(q) && !t.out.Session.Asked[insisted(q.Key)] {
			return q, true
		}
	}
	return Question{}, false
}

// askExtra asks one of the city's own questions.
func (t *turn) askExtra(q Question, before ...Message) error {
	s := &t.out.Session
	if s.Question != q.Key {
		s.Ticked = nil
	}
	if s.Asked[q.Key] {
		s.asked(insisted(q.Key))
	}
	s.Stage, s.Question = StageExtra, q.Key
	s.asked(q.Key)
	m := Lines(append(before, Message{Text: t.say.wording(q)}, t.hint(q))...)
	m.Buttons = t.extraButtons(q)
	if len(m.Buttons) == 0 {
		m.Reply = true
	}
	t.reply(m, About{Day: s.Day, Question: string(StageExtra)})
	return nil
}

// hint says what an answer looks like, where that is not plain.
func (t *turn) hint(q Question) Message {
	switch q.Kind {
	case QChoices, QHowLong, QTimes, QDate, QPhoto, QLocation:
		return t.say.Say("petunjuk_"+string(q.Kind), nil)
	default:
	}
	return Message{}
}

func (t *turn) extraButtons(q Question) (rows [][]Choice) {
	s := t.out.Session
	args := func(value string) Args { return Args{Day: s.Day, Question: q.Key, Value: value} }
	switch q.Kind {
	case QChoice:
		for _, o := range q.Options {
			rows = append(rows, []Choice{{Label: o, Action: ActAnswer, Args: args(o)}})
		}
	case QChoices:
		for _, o := range q.Options {
			label := o
			if slices.Contains(s.Ticked, o) {
				label = "✓ " + o
			}
			rows = append(rows, []Choice{{Label: label, Action: ActTick, Args: args(o)}})
		}
		if len(s.Ticked) > 0 {
			rows = append(rows, []Choice{{Label: t.say.Text("tombol_selesai", nil), Action: ActTicked, Args: args("")}})
		}
	case QYesNo:
		rows = append(rows, []Choice{
			{Label: t.say.Text("tombol_ya", nil), Action: ActAnswer, Args: args(answerYes)},
			{Label: t.say.Text("tombol_tidak", nil), Action: ActAnswer, Args: args(answerNo)},
		})
	default:
	}
	if !q.Required || s.Asked[insisted(q.Key)] {
		rows = append(rows, []Choice{{Label: t.say.Text("tombol_lewati", nil), Action: ActSkip, Args: args("")}})
	}
	return rows
}

// answerExtra uses words as the answer to the asked own question. Whole
// activities are taken as such: they are never lost in a small question.
func (t *turn) answerExtra(text string, r parse.Reading) error {
	s := &t.out.Session
	q, ok := t.flow.Question(s.Question)
	if !ok { // the flow is unknown by now; the answer stays on record
		t.said(StageExtra, 0, text)
		return t.advance()
	}
	if t.About == nil && whole(r) {
		return t.activities(text, r)
	}
	switch r.Intent {
	case parse.Skip:
		return t.skip(q)
	case parse.Send: // no answer either: show what there is to send
		return t.summary()
	default:
	}
	return t.accept(q, text)
}

// accept keeps an answer, or asks again saying what was wrong with it.
func (t *turn) accept(q Question, text string) error {
	s := &t.out.Session
	value, wrong := q.read(text, s.Day)
	if wrong != nil {
		return t.askExtra(q, t.misread(*wrong))
	}
	t.keepExtra(q, value)
	t.said(StageExtra, 0, text)
	return t.advance()
}

// misread puts a fault of an answer into words.
func (t *turn) misread(m misread) Message {
	data := Data{}
	for k, v := range m.data {
		switch v := v.(type) {
		case int:
			data[k] = t.say.Int(v)
		case roster.Day:
			data[k] = t.say.Day(v)
		default:
			data[k] = v
		}
	}
	return t.say.Say(m.id, data)
}

func (t *turn) keepExtra(q Question, value string) {
	s := &t.out.Session
	if s.Extra == nil {
		s.Extra = map[string]string{}
	}
	s.Extra[q.Key] = value
	s.Ticked = nil
}

// skip leaves an own question out; a required one is put once more.
func (t *turn) skip(q Question) error {
	s := &t.out.Session
	if q.Required && !s.Asked[insisted(q.Key)] {
		return t.askExtra(q, t.say.Say("mohon_diisi", nil))
	}
	s.asked(skipped(q.Key))
	delete(s.Extra, q.Key)
	return t.advance()
}

// tappedExtra handles the buttons of own questions. A button of an earlier
// question changes that one's answer.
func (t *turn) tappedExtra(action Action, a Args) error {
	s := &t.out.Session
	key := a.Question
	if key == "" { // a button from before questions stood on their buttons
		key = s.Question
	}
	q, ok := t.flow.Question(key)
	if !ok {
		return t.advance()
	}
	switch action {
	case ActTick:
		return t.tick(q, a.Value)
	case ActTicked:
		value, wrong := q.several(s.Ticked)
		if wrong != nil {
			return t.askExtra(q, t.misread(*wrong))
		}
		t.keepExtra(q, value)
		t.said(StageExtra, 0, value)
		return t.advance()
	case ActSkip:
		return t.skip(q)
	default:
	}
	return t.accept(q, a.Value)
}

// tick puts a tick to an option or takes it away, in the bubble that was tapped.
func (t *turn) tick(q Question, option string) error {
	s := &t.out.Session
	if s.Stage != StageExtra || s.Question != q.Key {
		s.Stage, s.Question = StageExtra, q.Key
		s.Ticked = nil
		if v := s.Extra[q.Key]; v != "" {
			s.Ticked = strings.Split(v, ticksBetween)
		}
	}
	if i := slices.Index(s.Ticked, option); i >= 0 {
		s.Ticked = slices.Delete(slices.Clone(s.Ticked), i, i+1)
	} else {
		s.Ticked = append(slices.Clone(s.Ticked), option)
	}
	m := Lines(Message{Text: t.say.wording(q)}, t.hint(q))
	m.Buttons, m.Edit = t.extraButtons(q), t.Msg.MessageID
	t.reply(m, About{Day: s.Day, Question: string(StageExtra)})
	return nil
}

// cameAsAnswer takes a photo or a place as the answer to the question that asked
// for one; false when none did. The piece itself is evidence like any other.
func (t *turn) cameAsAnswer() bool {
	s := &t.out.Session
	q, ok := t.flow.Question(s.Question)
	if s.Stage != StageExtra || !ok || len(t.Msg.Attachments) == 0 {
		return false
	}
	kind := map[QuestionKind]bot.AttachmentKind{QPhoto: bot.Photo, QLocation: bot.Location}[q.Kind]
	if kind == "" || t.Msg.Attachments[0].Kind != kind {
		return false
	}
	t.keepExtra(q, strings.TrimSpace(s.Extra[q.Key]+" "+strconv.FormatInt(t.Inbox, 10)))
	return true
}

// keepAnswer keeps a piece that answered a question and goes on. The other pieces
// of its album belong to the same answer; they come a moment later, one by one.
func (t *turn) keepAnswer(p NewEvidence) error {
	s := &t.out.Session
	before, key := s.Album, s.Question
	t.keep(p)
	if err := t.advance(); err != nil {
		return err
	}
	if text := t.Msg.Text; text != "" {
		t.out.Answer = &Answer{Day: s.Day, Question: string(StageExtra), Said: text}
	}
	s.Album = nil
	if t.onceForAlbum(before); s.Album != nil {
		s.Album.Question = key
	}
	return nil
}

// moreOfAnswer adds a further piece of an album to the answer that its first one
// gave; false when the message is none.
func (t *turn) moreOfAnswer(p NewEvidence) (bool, error) {
	s := &t.out.Session
	a := s.Album
	if a == nil || a.Question == "" || a.ID != p.Album || p.Kind != bot.Photo || s.Extra[a.Question] == "" {
		return false, nil
	}
	q, ok := t.flow.Question(a.Question)
	if !ok {
		return false, nil
	}
	ticked := s.Ticked // of another question, which stays open
	t.keepExtra(q, s.Extra[a.Question]+" "+strconv.FormatInt(t.Inbox, 10))
	s.Ticked = ticked
	t.keep(p)
	t.keepDraft()
	switch {
	case s.Stage != StageConfirm:
		return true, nil
	case t.collecting(a):
		return true, t.amendSummary()
	}
	return true, t.summary()
}

// pruneExtra takes out answers to questions that a later answer made pointless:
// who changed "Lapangan" to "Kantor" reports no place in the field.
func (t *turn) pruneExtra() {
	s := &t.out.Session
	asked := t.asks()
	for key := range s.Extra {
		q, known := t.flow.Question(key)
		if known && len(q.If) > 0 && !slices.ContainsFunc(asked, func(a Question) bool { return a.Key == key }) {
			delete(s.Extra, key)
		}
	}
}
