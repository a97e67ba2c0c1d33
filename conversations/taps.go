package conversations

import (
	"context"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// tapped handles a pressed button. The token decides what it belongs to; the
// message under it and the session only help.
func (t *turn) tapped(ctx context.Context) error {
	if t.Tap == nil {
		t.Tap = &Tap{State: TapUnknown}
	}
	switch t.Tap.State {
	case TapUsed:
		if !t.Tap.Action.shows() {
			t.out.Toast = t.say.Text("sudah_tercatat", nil)
			return nil
		}
	case TapExpired:
		t.out.Toast = t.say.Text("toast_kedaluwarsa", nil)
		return nil
	case TapFresh:
	default:
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	if isEvidence(t.Tap.Action) {
		return t.tappedEvidence(ctx, t.Tap.Action, t.Tap.Args)
	}
	switch a := t.Tap.Args; t.Tap.Action {
	case ActLang:
		return t.setLanguage(a.Value)
	case ActOpen, ActNudge, ActMark, ActContacted:
		return t.supervise(ctx, t.Tap.Action, a)
	case ActLeave, ActApprove, ActRefuse, ActLetter, ActWithdraw, ActSnooze, ActAskTime, ActReadTime, ActRead:
		return t.tappedOwn(ctx, a)
	case ActUsual, ActMinutes, ActServe, ActServed:
		return t.tappedPlan(ctx, t.Tap.Action, a)
	case ActQueue, ActReview, ActGrade, ActReturn, ActPass, ActMarkAll, ActUnmark, ActProof:
		return t.reviewing(ctx, t.Tap.Action, a)
	case ActExplain, ActExplained, ActRule, ActClose:
		return t.tappedClarify(ctx, t.Tap.Action, a)
	case ActAbsent:
		if a.Value == "" {
			return t.absenceChoices(a.Day, "pilih_status")
		}
		return t.claim(ctx, a.Day, roster.AbsenceKind(a.Value))
	case ActScore:
		return t.tappedScore(ctx, a)
	case ActPresence:
		return t.presence(ctx, a)
	case ActSame:
		if !t.open(a.Day) {
			return t.closed(a.Day)
		}
		return t.sameAsLatest(ctx, a.Day)
	default:
		if done, err := t.tappedLead(ctx, t.Tap.Action, a); done || err != nil {
			return err
		}
		if done, err := t.tappedOffice(ctx, t.Tap.Action, a); done || err != nil {
			return err
		}
	}
	return t.tappedDraft(ctx, t.Tap.Action, t.Tap.Args)
}

// tappedDraft handles the buttons of a day's draft.
func (t *turn) tappedDraft(ctx context.Context, action Action, a Args) error {
	if action == ActMove {
		return t.move(ctx, a.Day)
	}
	if changes, err := t.mayChange(ctx, a.Day); err != nil || !changes {
		return err
	}
	if w, _ := t.day(a.Day); w.Report != nil && w.Report.Submitted && !t.out.Session.holds(a.Day) &&
		(action == ActSend || action == ActDiscard) {
		t.out.Toast = t.say.Text("sudah_terkirim", nil) // an old summary; its report went out
		return nil
	}
	if err := t.enter(ctx, a.Day); err != nil {
		return err
	}
	s := &t.out.Session
	s.Reopened = !t.open(a.Day)
	if len(s.Items) == 0 && action != ActStart && action != ActAdd {
		return t.start()
	}
	switch action {
	case ActSend:
		if len(s.Doubts) > 0 && s.Stage != StageConfirm { // an older summary's; it did not show what is asked now
			return t.advance()
		}
		return t.sendAsked()
	case ActChange:
		return t.chooseItem()
	case ActReread:
		return t.rereadSent(a)
	case ActPick:
		return t.pick(s.whose(a.Item))
	case ActDrop:
		return t.drop(s.whose(a.Item))
	case ActAdd:
		return t.askMore()
	case ActBack:
		return t.summary()
	case ActDiscard:
		return t.discard()
	case ActObstacle:
		s.Stage = StageObstacle
		m := t.say.Say("tanya_kendala_apa", nil)
		m.Reply, m.Placeholder = true, t.say.Text("contoh_kendala", nil)
		t.reply(m, About{Day: a.Day, Question: string(StageObstacle)})
		return nil
	case ActNoObstacle:
		s.asked("obstacle")
		return t.advance()
	case ActAnswer, ActTick, ActTicked, ActSkip:
		return t.tappedExtra(action, a)
	case ActAssign:
		return t.assign(a)
	default:
	}
	return t.start()
}

// start begins or continues the report of the session's day.
func (t *turn) start() error {
	s := &t.out.Session
	if len(s.Items) > 0 {
		return t.advance()
	}
	s.Stage = StageAdd
	m := t.say.Say("mulai_lapor", Data{"Nama": t.say.Vocative(*t.Person), "Tgl": t.say.Day(s.Day)})
	m.Reply, m.Placeholder = true, t.say.Text("contoh_kegiatan", nil)
	m, err := t.withUsuals(m)
	t.reply(m, About{Day: s.Day, Question: "activities"})
	return err
}

func (t *turn) closed(day roster.Day) error {
	t.out.Toast = t.say.Text("toast_ditutup", nil)
	t.reply(t.say.Say("hari_ditutup", Data{"Tgl": t.say.Day(day), "Atasan": ShortName(t.Person.Supervisor)}))
	return nil
}

// discard throws the draft away; a report that was sent stays as it was sent.
func (t *turn) discard() error {
	s := t.out.Session
	id := "dibatalkan"
	if s.Resend {
		id = "perubahan_dibatalkan"
	} else {
		t.out.Report = &ReportChange{Day: s.Day, Discard: true}
		if len(s.Evidence) > 0 {
			t.changeEvidence(s.Day).Removed = &EvidenceRef{}
		}
	}
	t.out.Session = s.ended()
	t.audit("report.discard", s.Day)
	m := t.say.Say(id, Data{"Tgl": t.say.Day(s.Day)})
	m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_tulis_laporan", nil), Action: ActStart, Args: Args{Day: s.Day}}}}
	t.reply(m)
	return nil
}

// move makes the draft one of another day.
//
// What that day has already stays, before it.
func (t *turn) move(ctx context.Context, to roster.Day) error {
	s := &t.out.Session
	w, _ := t.day(to)
	if s.Stage == StageIdle || len(s.Items) == 0 || s.Resend || s.Day == to || !t.open(to) || (w.Report != nil && w.Report.Submitted) {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	mine := *s
	*s = Session{Parked: s.Parked, NextPlace: s.NextPlace}
	if err := t.enter(ctx, to); err != nil {
		return err
	}
	there := *s
	if len(there.Items)+len(mine.Items) > parse.MaxItems {
		t.out.Session = t.Session
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	t.out.Moved = mine.Day
	*s = mine
	s.Parked, s.NextPlace, s.Day = there.Parked, there.NextPlace, to
	s.precede(there)
	return t.advance()
}

func (t *turn) setLanguage(lang string) error {
	t.out.SetLang = lang
	t.say = t.h.Words.In(lang)
	t.reply(t.say.Say("bahasa_diganti", nil))
	return nil
}
