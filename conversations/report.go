package conversations

import (
	"context"
	"maps"
	"slices"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// answer uses words that are no command: as the answer to what was asked, or as
// activities, depending on the quoted message first and the stage second.
func (t *turn) answer(ctx context.Context, text string, r parse.Reading) error {
	if a := t.About; a != nil && !a.Day.IsZero() && a.Question != "receipt" && !t.open(a.Day) {
		return t.closed(a.Day) // what was asked is not asked any more, and these words are not another day's
	}
	day := t.targetDay()
	if changes, err := t.mayChange(ctx, day); err != nil || !changes {
		return err
	}
	if err := t.enter(ctx, day); err != nil {
		return err
	}
	if err := t.glance(ctx, r); err != nil {
		return err
	}
	if t.requoted(text) {
		return t.heardAgain(text)
	}
	if !t.quoted() {
		return t.summary() // the activity that was asked about is gone
	}
	if choices := t.candidates(text, r); len(choices) > 1 {
		return t.askBack(text, choices)
	}
	return t.answerStage(text, r)
}

// answerStage uses words as the answer to the session's question.
func (t *turn) answerStage(text string, r parse.Reading) error {
	if t.echo(text, r) {
		return t.heardAgain(text)
	}
	switch t.out.Session.Stage {
	case StageField:
		return t.answerField(text, r)
	case StageObstacle:
		switch r.Intent { // neither is an obstacle: there is none to tell
		case parse.Send:
			t.out.Session.asked("obstacle")
			return t.summary()
		case parse.Skip:
			t.out.Session.asked("obstacle")
			t.said(StageObstacle, 0, text)
			return t.advance()
		default:
		}
		if t.About == nil && (whole(r) || t.sight == unread && named(r)) { // an activity that came late, not an obstacle
			return t.activities(text, r)
		}
		return t.answerObstacle(text)
	case StageExtra:
		return t.answerExtra(text, r)
	case StageEdit:
		return t.answerEdit(text, r)
	default:
	}
	return t.activities(text, r)
}

// enter opens the session of a day. Another day's draft that was open stays as
// it is, with what was being asked; a draft or a sent report of the new day is
// taken up.
func (t *turn) enter(ctx context.Context, day roster.Day) error {
	s := &t.out.Session
	if s.Stage != StageIdle && s.Day == day {
		return nil
	}
	if s.park(); s.resume(day) {
		var err error
		t.flow, err = t.h.flowOf(ctx, s.Flow, t.rec)
		return err
	}
	s.Day, s.Flow, t.flow = day, t.h.Flow.Ref(), t.h.Flow
	old, found, err := t.rec.Report(ctx, t.Person.ID, day)
	if err != nil || !found {
		return err
	}
	s.Items, s.Obstacle, s.Extra = slices.Clone(old.Items), old.Obstacle, maps.Clone(old.Extra)
	s.Origins = make([]string, len(s.Items))
	s.Resend = old.Head.Submitted
	if !s.Resend && old.Flow != "" {
		if t.flow, err = t.h.flowOf(ctx, old.Flow, t.rec); err != nil {
			return err
		}
		s.Flow = t.flow.Ref()
	}
	if s.Evidence, err = t.rec.Evidence(ctx, t.Person.ID, day); err != nil {
		return err
	}
	return nil
}

// quoted moves the session to the question that the quoted message asked; false
// when it asked about an activity that is gone.
func (t *turn) quoted() bool {
	s := &t.out.Session
	if t.About == nil || t.About.Day != s.Day || len(s.Items) == 0 {
		return true
	}
	switch Stage(t.About.Question) {
	case StageField, StageEdit:
		if s.whose(t.About.Item) < 0 {
			return false
		}
		t.turnTo(*t.About)
	case StageObstacle:
		s.Stage = StageObstacle
	default:
	}
	return true
}

// activities adds what was read to the draft.
func (t *turn) activities(text string, r parse.Reading) error {
	s := &t.out.Session
	switch r.Intent {
	case parse.Send, parse.Yes:
		if s.Stage == StageConfirm {
			return t.sendAsked()
		}
		if r.Intent == parse.Send && len(s.Items) > 0 {
			return t.summary() // what would be sent is shown first
		}
	case parse.Change:
		if len(s.Items) > 0 {
			return t.chooseItem()
		}
	case parse.Add:
		return t.askMore()
	case parse.Correction:
		if t.correct(r.From, r.To) {
			t.said(StageConfirm, 0, text)
			return t.advance()
		}
	default:
	}
	if len(r.Items) == 0 {
		return t.unclear()
	}
	t.add(r)
	t.said(StageIdle, 0, text)
	return t.advance()
}

// unclear answers words in which nothing was found, without blaming the person.
func (t *turn) unclear() error {
	s := &t.out.Session
	if len(s.Items) > 0 {
		t.reply(t.say.Say("belum_paham_draf", nil))
		return t.summary()
	}
	day := s.Day
	if t.out.Session = t.Session.clone(); t.Session.Stage != StageContact && t.Session.Stage != StageIdle && !t.open(t.Session.Day) {
		t.out.Session = t.Session.ended()
	}
	t.reply(t.say.Say("belum_paham", nil), About{Day: day, Question: "activities"})
	return nil
}

func (t *turn) add(r parse.Reading) {
	s := &t.out.Session
	base := len(s.Items)
	room := max(parse.MaxItems-base, 0)
	items := r.Items[:min(len(r.Items), room)]
	for _, it := range items {
		s.Items = append(s.Items, it)
		s.Origins = append(s.Origins, t.origin())
		if it.Obstacle != "" && s.Obstacle == "" {
			s.Obstacle = it.Obstacle
		}
	}
	for _, d := range r.Ask {
		if d.Item < len(items) {
			d.Item += base
			s.Doubts = append(s.Doubts, d)
		}
	}
	if w, ok := t.day(s.Day); ok && w.Duty.ShortForm { // the letter and one activity are enough
		s.Doubts = slices.DeleteFunc(s.Doubts, func(d parse.Doubt) bool {
			return d.Field == parse.FieldQuantity && d.Reason == parse.Missing
		})
	}
	if len(items) < len(r.Items) {
		t.reply(t.say.Say("terlalu_banyak", Data{"Batas": parse.MaxItems}))
	}
}

// said records the person's words and when they were said: lateness is judged
// by the last words that made the draft what it is.
func (t *turn) said(question Stage, item int, text string) {
	s := &t.out.Session
	q := string(question)
	if q == "" {
		q = "activities"
	}
	s.SaidAt = t.at()
	s.Said, s.SaidTo = "", 0
	if question == StageField {
		s.Said, s.SaidTo = text, s.place(item)
	}
	t.evidenceHeard(question, item)
	t.out.Answer = &Answer{Day: s.Day, Question: q, Item: item, Said: text}
}

// advance asks the next question that is needed, or shows the summary; the
// draft so far is kept either way.
func (t *turn) advance() error {
	s := &t.out.Session
	if len(s.Items) == 0 {
		return t.unclear()
	}
	s.nameless()
	t.keepDraft()
	for _, q := range t.asks() {
		switch q.Kind {
		case QQuantity, QDuration:
			if d, ok := s.doubt(q.Kind); ok {
				return t.askField(d)
			}
		case QObstacle:
			if !s.Asked[q.Key] && s.Obstacle == "" {
				return t.askObstacle(q.Key)
			}
		case QActivities, QConfirm:
		default:
			if s.wants(q) {
				return t.askExtra(q)
			}
		}
	}
	return t.summary()
}

// doubt is the first open doubt that a question of that kind settles.
func (s *Session) doubt(k QuestionKind) (parse.Doubt, bool) {
	i := slices.IndexFunc(s.Doubts, func(d parse.Doubt) bool {
		if d.Field == parse.FieldQuantity || d.Field == parse.FieldUnit {
			return k == QQuantity
		}
		return k == QDuration || d.Field == parse.FieldDescription
	})
	if i < 0 {
		return parse.Doubt{}, false
	}
	return s.Doubts[i], true
}

// settle removes the doubts about a field of an item.
func (s *Session) settle(item int, fields ...parse.Field) {
	s.Doubts = slices.DeleteFunc(s.Doubts, func(d parse.Doubt) bool {
		return d.Item == item && slices.Contains(fields, d.Field)
	})
}

// nameless gives activities of which only figures were said, and which nothing
// is going to ask about, the person's own words as their description: a report
// never holds an activity without one.
func (s *Session) nameless() {
	for i := range s.Items {
		if s.Items[i].Description == "" && !s.has(i, parse.FieldDescription) {
			s.Items[i].Description = Clip(s.Items[i].Source, 300)
		}
	}
}

func (s *Session) has(item int, field parse.Field) bool {
	return slices.ContainsFunc(s.Doubts, func(d parse.Doubt) bool { return d.Item == item && d.Field == field })
}

func (s *Session) asked(key string) {
	if s.Asked == nil {
		s.Asked = map[string]bool{}
	}
	s.Asked[key] = true
}
