package conversations

import (
	"context"
	"slices"
	"time"

	"ekinerja/bot"
	"ekinerja/roster"
)

// keepDraft makes the draft rows what the session says. A report that was sent
// stays as it was sent until its change is sent too.
func (t *turn) keepDraft() {
	s := t.out.Session
	if s.Resend {
		return
	}
	t.placeEvidence()
	t.out.Report = &ReportChange{Day: s.Day, Flow: s.Flow, At: s.SaidAt, Items: s.Items, Obstacle: s.Obstacle, Extra: s.Extra}
}

// sameAsLatest takes the person's latest report as the draft of a day.
func (t *turn) sameAsLatest(ctx context.Context, day roster.Day) error {
	old, found, err := t.rec.LatestReport(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	if !found {
		t.reply(t.say.Say("belum_ada_sebelumnya", nil), About{Day: day, Question: "activities"})
		return nil
	}
	if err := t.enter(ctx, day); err != nil {
		return err
	}
	s := &t.out.Session
	s.Items = slices.Clone(old.Items)
	s.Origins, s.Places = make([]string, len(s.Items)), nil
	s.Doubts = nil
	s.reread("")
	t.said(StageIdle, 0, t.Msg.Text)
	if t.Msg.Kind == "tap" {
		t.out.Answer = nil
	}
	t.reply(t.say.Say("disalin_dari", Data{"Tgl": t.say.Day(old.Day)}))
	return t.advance()
}

// sendAsked sends what its writer asks to send, once what the office must know was
// put a second time.
func (t *turn) sendAsked() error {
	if q, owed := t.owed(); owed {
		t.out.Session.asked(insisted(q.Key))
		return t.askExtra(q)
	}
	if t.Msg.Kind == bot.KindTap {
		t.out.Toast = t.say.Text("toast_terkirim", nil)
	}
	return t.send(t.at())
}

// send makes the draft a report.
func (t *turn) send(at time.Time) error {
	s := t.out.Session
	said := s.SaidAt
	if said.IsZero() {
		said = at
	}
	s.Doubts = nil // what was not answered by now stays open
	s.nameless()
	t.pruneExtra()
	late := t.isLate(s.Day, said)
	t.placeEvidence()
	t.out.Report = &ReportChange{
		Day: s.Day, Submit: true, Late: late, At: at, Flow: s.Flow,
		Items: s.Items, Obstacle: s.Obstacle, Extra: s.Extra, Links: s.served(),
	}
	action := "report.submit"
	if s.Auto {
		action = "report.submit_at_deadline"
	}
	t.audit(action, s.Day)
	t.receipt(s, at, late)
	t.out.Session = s.ended()
	t.out.Session.SentFrom = &SentFrom{Day: s.Day, Origins: slices.Clone(s.Origins)}
	return nil
}
