package conversations

import (
	"context"

	"ekinerja/bot"
	"ekinerja/roster"
)

// CloseDraft is the message that tells a conversation that the deadline of a day
// has come. It goes through the inbox like any other, so that it meets the
// person's own messages in order, once.
func CloseDraft(to bot.Address, d roster.Day) bot.MsgIn {
	return bot.MsgIn{From: to, Kind: bot.KindTimer, ExternalID: "close:" + to.String() + ":" + d.String(), Text: d.String()}
}

// deadline sends a finished draft for its writer: who wrote a whole report and
// forgot the last tap has reported, whatever small question still stands below it
// and whichever day's draft is open now. A draft that lacks a figure stays a draft;
// the morning's reminder speaks of it. What is sent can still be changed.
func (t *turn) deadline(ctx context.Context) error {
	day, _ := roster.ParseDay(t.Msg.Text) // the zero day when it is none, which nobody has
	w, known := t.day(day)
	if !known || (w.Report != nil && w.Report.Submitted) {
		t.out.Ignored = true
		return nil
	}
	rest := t.out.Session
	other := rest.Day != day
	if other && !t.out.Session.resume(day) {
		t.out.Ignored = true
		return nil
	}
	if other {
		flow, err := t.h.flowOf(ctx, t.out.Session.Flow, t.rec)
		if err != nil {
			return err
		}
		t.flow = flow
		if err := t.refreshEvidence(ctx); err != nil {
			return err
		}
	}
	if !t.out.Session.finished() {
		t.out.Session, t.out.Ignored = rest, true
		return nil
	}
	t.takeTicks()
	t.out.Session.Auto = true
	if err := t.send(t.Now); err != nil {
		return err
	}
	if other { // what is open stays open
		sent := t.out.Session
		t.out.Session = rest
		t.out.Session.Parked, t.out.Session.NextPlace, t.out.Session.SentFrom = sent.Parked, sent.NextPlace, sent.SentFrom
	}
	return nil
}

// finished reports whether nothing of the draft's activities is open.
func (s *Session) finished() bool {
	switch s.Stage {
	case StageConfirm, StageField, StageObstacle, StageExtra, StageEdit, StageAdd:
		return len(s.Items) > 0 && len(s.Doubts) == 0 && !s.Resend
	default:
		return false
	}
}

// takeTicks makes the ticks of an open question its answer, if they are one.
func (t *turn) takeTicks() {
	s := &t.out.Session
	q, ok := t.flow.Question(s.Question)
	if s.Stage != StageExtra || !ok || len(s.Ticked) == 0 {
		return
	}
	if value, wrong := q.several(s.Ticked); wrong == nil {
		t.keepExtra(q, value)
	}
}
