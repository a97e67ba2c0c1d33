package conversations

import (
	"context"
	"fmt"
	"strconv"

	"ekinerja/roster"
)

// A claim is put to whoever leads the person today. While it waits nobody asks,
// reminds, passes on or scores those days, however long it takes: a superior's
// delay is nobody else's loss. A refusal makes the days due again, with time
// until the evening of a working day from now on, never less than there was.

// reach is how many days back a refusal or an early end makes days due again;
// what is older cannot be written any more and stays as it was claimed.
const reach = 6

// putClaim asks the superior.
func (t *turn) putClaim(head Person, l LeaveDraft) {
	say := t.h.Words.To(head)
	m := Lines(append([]Message{say.Say("pengajuan", Data{
		"Sapa": say.Vocative(head), "Nama": ShortName(t.Person.Name), "Jenis": say.absence(l.Kind), "Hari": say.Days(l.From, l.To),
	})}, (&turn{say: say}).leaveDetails(l)...)...)
	m.Buttons = claimButtons(say, Claim{ID: t.Inbox, Person: *t.Person, Letters: len(l.Letters)})
	t.queue(Say{Key: fmt.Sprintf("claim/%d", t.Inbox), Kind: KindNotice, Employee: head.ID, Msg: m})
}

func claimButtons(say Speaker, c Claim) [][]Choice {
	a := Args{Claim: c.ID, Employee: c.Person.ID}
	rows := [][]Choice{{
		{Label: say.Text("tombol_setujui", nil), Action: ActApprove, Args: a},
		{Label: say.Text("tombol_tolak", nil), Action: ActRefuse, Args: a},
	}}
	if c.Letters > 0 {
		rows = append(rows, []Choice{letterButton(say, c)})
	}
	return rows
}

// decideTap handles the superior's buttons.
func (t *turn) decideTap(ctx context.Context, a Args) error {
	if t.Tap.Action == ActRefuse && a.Value == "" {
		c, ok, err := t.waiting(ctx, a.Claim)
		if err != nil || !ok {
			return err
		}
		t.out.Session.Side = &Side{Kind: SideRefuse, Claim: a.Claim}
		reason := func(id string) Choice {
			words := t.say.Text(id, nil)
			return Choice{Label: words, Action: ActRefuse, Args: Args{Claim: a.Claim, Employee: a.Employee, Value: words}}
		}
		t.sideAsk("tolak_alasan", Data{"Nama": ShortName(c.Person.Name), "Jenis": t.absenceName(c.Kind), "Hari": t.say.Days(c.From, c.To)},
			[][]Choice{{reason("tombol_tolak_surat"), reason("tombol_tolak_hadir")}, {reason("tombol_tolak_tugas")}})
		return nil
	}
	if t.Tap.Action == ActRefuse {
		return t.refuseClaim(ctx, a.Claim, a.Value)
	}
	c, ok, err := t.waiting(ctx, a.Claim)
	if err != nil || !ok {
		return err
	}
	t.out.Own.Decided = &Decision{Claim: c.ID, Absence: c.Absence, Employee: c.Person.ID, From: c.From, To: c.To, Approve: true}
	t.audit("absence.confirm", fmt.Sprintf("employee:%d %s %s %s", c.Person.ID, c.Kind, c.From, c.To))
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	t.reply(t.say.Say("pengajuan_disetujui", Data{"Nama": ShortName(c.Person.Name), "Judul": t.say.absenceTitle(c.Kind), "Hari": t.say.Days(c.From, c.To)}))
	say := t.h.Words.To(c.Person)
	t.notify(c, say.Say("cuti_disetujui", Data{
		"Nama": say.Vocative(c.Person), "Atasan": ShortName(t.Person.Name), "Jenis": say.absence(c.Kind), "Hari": say.Days(c.From, c.To),
	}))
	return nil
}

// waiting is the claim, if it still waits for this person; else it is said why not.
func (t *turn) waiting(ctx context.Context, id int64) (Claim, bool, error) {
	c, found, err := t.rec.Claim(ctx, t.Person.ID, id)
	switch {
	case err != nil:
		return c, false, err
	case !found:
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
	case c.Refused:
		t.reply(t.say.Say("pengajuan_ditarik", Data{"Nama": ShortName(c.Person.Name)}))
	case !c.Waiting:
		t.out.Toast = t.say.Text("sudah_tercatat", nil)
	default:
		return c, true, nil
	}
	if t.out.Toast == "" || len(t.out.Say) > 0 || t.Tap != nil {
		return c, false, nil
	}
	t.reply(t.say.Say("sudah_tercatat", nil)) // words have no toast
	return c, false, nil
}

// refuseClaim refuses with a reason, which its writer reads.
func (t *turn) refuseClaim(ctx context.Context, id int64, reason string) error {
	t.out.Session.Side = nil
	c, ok, err := t.waiting(ctx, id)
	if err != nil || !ok {
		return err
	}
	grace, err := t.fair(ctx, c.Person.ID)
	if err != nil {
		return err
	}
	d := Decision{Claim: c.ID, Absence: c.Absence, Employee: c.Person.ID, From: c.From, To: c.To, Reason: Clip(reason, 200), Grace: grace}
	if first := t.Today.Add(-reach); d.From.Before(first) {
		d.From = first
	}
	t.out.Own.Decided = &d
	t.audit("absence.refuse", fmt.Sprintf("employee:%d %s %s %s", c.Person.ID, c.Kind, c.From, c.To))
	t.reply(t.say.Say("pengajuan_ditolak", Data{"Nama": ShortName(c.Person.Name), "Judul": t.say.absenceTitle(c.Kind), "Hari": t.say.Days(c.From, c.To)}))
	return t.tellRefused(ctx, c, d)
}

func (t *turn) tellRefused(ctx context.Context, c Claim, d Decision) error {
	say := t.h.Words.To(c.Person)
	m := say.Say("cuti_ditolak", Data{
		"Nama": say.Vocative(c.Person), "Atasan": ShortName(t.Person.Name), "Jenis": say.absence(c.Kind), "Hari": say.Days(c.From, c.To),
		"Alasan": d.Reason,
	})
	if c.Kind.Works() { // the report was due all along
		t.notify(c, m)
		return nil
	}
	var past []roster.Day
	if !d.From.After(t.Today) {
		var err error
		if past, err = t.rec.Workdays(ctx, c.Person.ID, d.From, earlier(d.To, t.Today)); err != nil {
			return err
		}
	}
	if len(past) == 0 {
		t.notify(c, Join(m, say.Say("cuti_ditolak_nanti", nil)))
		return nil
	}
	m = Join(m, say.Say("cuti_ditolak_tulis", Data{
		"Hari": say.Days(past[0], past[len(past)-1]), "Batas": say.DayTime(d.Grace.Deadline),
	}))
	for i, day := range past[max(0, len(past)-4):] {
		if i%2 == 0 {
			m.Buttons = append(m.Buttons, nil)
		}
		last := &m.Buttons[len(m.Buttons)-1]
		*last = append(*last, Choice{Label: say.Text("tombol_tulis_hari", Data{"Tgl": say.ShortDay(day)}), Action: ActStart, Args: Args{Day: day}})
	}
	t.notify(c, m)
	return nil
}

func earlier(a, b roster.Day) roster.Day {
	if b.Before(a) {
		return b
	}
	return a
}

// notify tells the claim's writer, once.
func (t *turn) notify(c Claim, m Message) {
	t.queue(Say{Key: fmt.Sprintf("decided/%d", c.ID), Kind: KindNotice, Employee: c.Person.ID, Msg: m})
}

// least is how much of a working day must be left for it to be the one until
// whose evening a report may be written.
const least = 3 * 60 // minutes

// fair is how long days that become due now may be written: until the usual hour
// of today if it is a working day with hours left, else of the next one.
func (t *turn) fair(ctx context.Context, id roster.EmployeeID) (Grace, error) {
	days, err := t.rec.Workdays(ctx, id, t.Today, t.Today.Add(21))
	if err != nil {
		return Grace{}, err
	}
	loc, hours := t.Now.Location(), t.h.hours()
	if len(days) > 0 && days[0] == t.Today && t.Now.After(t.Today.At(hours.Deadline-least, loc)) {
		days = days[1:]
	}
	for len(days) < 2 { // no list of shifts that far: any day
		next := t.Today.Add(1)
		if len(days) == 1 {
			next = days[0].Add(1)
		}
		days = append(days, next)
	}
	return Grace{Deadline: days[0].At(hours.Deadline, loc), LateUntil: days[1].At(hours.LateUntil, loc)}, nil
}

func (h *Handler) hours() roster.Hours {
	if h.Hours == (roster.Hours{}) {
		return roster.DefaultHours()
	}
	return h.Hours
}

// leaveOverview shows what is noted and offers to take it back or add to it.
func (t *turn) leaveOverview(ctx context.Context) error {
	old, err := t.rec.Absences(ctx, t.Person.ID, t.Today)
	if err != nil {
		return err
	}
	s := t.side()
	s.Step = "kind"
	if len(old) == 0 {
		return t.leaveNext(ctx)
	}
	parts := []Message{t.say.Say("cuti_tercatat", nil)}
	var rows [][]Choice
	for _, o := range old[:min(len(old), 4)] {
		id := "cuti_baris_menunggu"
		if o.Confirmed {
			id = "cuti_baris"
		}
		parts = append(parts, t.say.Say(id, Data{"Jenis": t.absenceName(o.Kind), "Hari": t.say.Days(o.From, o.To)}))
		rows = append(rows, t.endButtons(o)...)
	}
	parts = append(parts, t.say.Say("cuti_jenis", nil))
	m := Lines(parts...)
	m.Buttons = append(rows, t.kindButtons()...)
	t.sideSay(m)
	return nil
}

// endButtons take an absence back, or end one that runs.
func (t *turn) endButtons(o OwnAbsence) [][]Choice {
	a := Args{Question: "withdraw", Value: strconv.FormatInt(o.ID, 10)}
	if o.From.Before(t.Today) {
		a.Question = "early"
		return [][]Choice{{{Label: t.say.Text("tombol_masuk_awal", nil), Action: ActLeave, Args: a}}}
	}
	return [][]Choice{{{Label: t.say.Text("tombol_batalkan", Data{"Tgl": t.say.ShortDay(o.From)}), Action: ActLeave, Args: a}}}
}

// endLeave takes an absence back before it begins, or ends a running one: the
// person works again from today on.
func (t *turn) endLeave(ctx context.Context, a Args) error {
	id, err := strconv.ParseInt(a.Value, 10, 64)
	if err != nil {
		id = 0
	}
	old, err := t.rec.Absences(ctx, t.Person.ID, t.Today)
	if err != nil {
		return err
	}
	t.out.Session.Side = nil
	for _, o := range old {
		if o.ID != id {
			continue
		}
		e := AbsenceEnd{Absence: o.ID, From: o.From, To: o.To}
		if e.Grace, err = t.fair(ctx, t.Person.ID); err != nil {
			return err
		}
		sentence, toHead := "cuti_dibatalkan", "cuti_dibatalkan_atasan"
		if o.From.Before(t.Today) {
			e.Last, e.From = t.Today.Add(-1), t.Today
			sentence, toHead = "cuti_dipersingkat", "cuti_dipersingkat_atasan"
		}
		t.out.Own.Ended = &e
		t.audit("absence.end", fmt.Sprintf("%s %s %s", o.Kind, e.From, e.To))
		t.reply(t.say.Say(sentence, Data{"Jenis": t.absenceName(o.Kind), "Judul": t.say.absenceTitle(o.Kind), "Hari": t.say.Days(e.From, e.To)}))
		return t.tellEnded(ctx, o, toHead)
	}
	t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
	return nil
}

// tellEnded lets the superior know, who may have planned without the person.
func (t *turn) tellEnded(ctx context.Context, o OwnAbsence, sentence string) error {
	head, found, err := t.rec.Superior(ctx, t.Person.ID)
	if err != nil || !found {
		return err
	}
	say := t.h.Words.To(head)
	t.queue(Say{
		Key: fmt.Sprintf("ended/%d", t.Inbox), Kind: KindNotice, Employee: head.ID,
		Msg: say.Say(sentence, Data{"Nama": ShortName(t.Person.Name), "Jenis": say.absence(o.Kind), "Hari": say.Days(o.From, o.To)}),
	})
	return nil
}

// approvals lists what waits for this person's decision.
func (t *turn) approvals(ctx context.Context) error {
	waiting, err := t.rec.Pending(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		t.reply(t.say.Say("persetujuan_kosong", nil))
		return nil
	}
	for _, c := range waiting[:min(len(waiting), 5)] {
		m := Lines(append([]Message{t.say.Say("pengajuan", Data{
			"Sapa": t.say.Vocative(*t.Person), "Nama": ShortName(c.Person.Name), "Jenis": t.absenceName(c.Kind), "Hari": t.say.Days(c.From, c.To),
		})}, t.leaveDetails(LeaveDraft{Letter: c.Letter, Note: c.Note, Letters: make([]int64, c.Letters)})...)...)
		m.Buttons = claimButtons(t.say, c)
		t.reply(m)
	}
	return nil
}
