package conversations

import (
	"context"
	"fmt"
	"slices"

	"ekinerja/roster"
)

// leaveSummary shows the whole before it is sent.
func (t *turn) leaveSummary(ctx context.Context) error {
	s := t.side()
	s.Step = "confirm"
	if err := t.standing(ctx, &s.Leave); err != nil {
		return err
	}
	l := s.Leave
	days, err := t.rec.Workdays(ctx, t.Person.ID, l.From, l.To)
	if err != nil {
		return err
	}
	head, found, err := t.rec.Superior(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	parts := []Message{t.say.Say("cuti_ringkasan", Data{
		"Judul": t.say.absenceTitle(l.Kind), "Hari": t.say.Days(l.From, l.To), "Count": len(days),
	})}
	parts = append(parts, t.leaveDetails(l)...)
	id := "cuti_kepada_admin"
	if found {
		id = "cuti_kepada"
	}
	parts = append(parts, t.say.Say(id, Data{"Atasan": ShortName(head.Name)}))
	m := Lines(parts...)
	do := func(id, what string) Choice {
		return Choice{Label: t.say.Text(id, nil), Action: ActLeave, Args: Args{Question: what}}
	}
	m.Buttons = [][]Choice{{do("tombol_kirim", "send")}, {do("tombol_ubah", "change"), t.leaveCancel()}}
	t.sideSay(m)
	return nil
}

func (t *turn) leaveDetails(l LeaveDraft) []Message {
	var parts []Message
	if l.Letter != "" {
		parts = append(parts, t.say.Say("cuti_surat", Data{"Surat": l.Letter}))
	}
	if n := len(l.Letters); n > 0 {
		parts = append(parts, t.say.Say("cuti_foto", Data{"N": n}))
	}
	if l.Note != "" {
		parts = append(parts, t.say.Say("cuti_keterangan", Data{"Keterangan": l.Note}))
	}
	return parts
}

// tappedLeave handles the buttons of the dialogue.
func (t *turn) tappedLeave(ctx context.Context, a Args) error {
	switch a.Question {
	case "keep":
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_dibiarkan", nil))
		return nil
	case "withdraw", "early":
		return t.endLeave(ctx, a)
	}
	s := t.side()
	if s == nil || s.Kind != SideLeave {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	switch a.Question {
	case "kind":
		s.Leave.Kind = roster.AbsenceKind(a.Value)
	case "on":
		t.readLeave(&s.Leave, a.Value)
	case "send":
		return t.sendLeave(ctx)
	case "change":
		s.Step = "change"
		t.sideAsk("cuti_ubah", nil, t.changeButtons())
		return nil
	case "days":
		return t.askLeaveDays("cuti_tanggal", nil)
	case "other":
		s.Step = "kind"
		t.sideAsk("cuti_jenis", nil, t.kindButtons())
		return nil
	default:
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return nil
	}
	return t.leaveNext(ctx)
}

func (t *turn) changeButtons() [][]Choice {
	row := []Choice{{Label: t.say.Text("tombol_tanggal", nil), Action: ActLeave, Args: Args{Question: "days"}}}
	if k := t.side().Leave.Kind; slices.ContainsFunc(leaveKinds(), func(row []roster.AbsenceKind) bool { return slices.Contains(row, k) }) {
		row = append(row, Choice{Label: t.say.Text("tombol_jenis", nil), Action: ActLeave, Args: Args{Question: "other"}})
	}
	return [][]Choice{row, {t.leaveCancel()}}
}

// sendLeave notes the days and puts them to whoever decides.
func (t *turn) sendLeave(ctx context.Context) error {
	l := t.side().Leave
	if l.Kind == "" || l.From.IsZero() || l.To.IsZero() {
		return t.leaveNext(ctx)
	}
	if handled, err := t.leaveRefused(ctx, l); handled || err != nil {
		return err // it waited, and the days are over or taken now
	}
	t.out.Session.Side = nil
	head, found, err := t.claimDays(ctx, l)
	if err != nil {
		return err
	}
	id := "cuti_terkirim"
	switch {
	case l.Kind.Works():
		id = "cuti_terkirim_kerja"
	case l.Kind == roster.SickDay || l.Kind == roster.SickLeave:
		id = "cuti_terkirim_sakit"
	}
	data := Data{"Nama": t.say.Vocative(*t.Person), "Jenis": t.absenceName(l.Kind), "Judul": t.say.absenceTitle(l.Kind), "Hari": t.say.Days(l.From, l.To), "Atasan": "", "Surat": len(l.Letters) > 0}
	if found {
		data["Atasan"] = ShortName(head.Name)
	}
	m := t.say.Say(id, data)
	if l.Kind.Works() && !l.From.After(t.Today) && !l.To.Before(t.Today) {
		m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_tulis_laporan", nil), Action: ActStart, Args: Args{Day: t.Today}}}}
	}
	t.reply(m)
	return nil
}

// claimDays notes days away as claimed and tells whoever decides about them.
func (t *turn) claimDays(ctx context.Context, l LeaveDraft) (head Person, found bool, err error) {
	if head, found, err = t.rec.Superior(ctx, t.Person.ID); err != nil {
		return head, found, err
	}
	if err := t.standing(ctx, &l); err != nil {
		return head, found, err
	}
	t.out.Absent = append(t.out.Absent, AbsenceChange{
		Employee: t.Person.ID, From: l.From, To: l.To, Kind: l.Kind,
		Letter: l.Letter, Note: l.Note, Claim: t.Inbox, Asks: head.ID,
	})
	if s := &t.out.Session; !l.Kind.Works() && !s.Day.Before(l.From) && !s.Day.After(l.To) && len(s.Items) == 0 && s.Stage != StageIdle {
		side := s.Side
		*s = s.ended()
		s.Side = side // nothing is left to ask
	}
	t.audit("absence.claim", fmt.Sprintf("%s %s %s", l.Kind, l.From, l.To))
	t.encloseSent(l)
	if found {
		t.putClaim(head, l)
	}
	return head, found, nil
}
