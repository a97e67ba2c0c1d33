package conversations

import (
	"context"
	"time"

	"ekinerja/roster"
)

// ActPresence answers what was asked about a day of which machines and reports say
// different things: Question is the contradiction, Value what the person says.
const ActPresence Action = "presence"

// What a person says about such a day, besides kinds of absence.
const (
	presenceLeave  = "tetap" // it stays a day of leave
	presenceCame   = "masuk" // they came to work although they had leave
	presenceForgot = "lupa"  // they forgot to stand before the machine
	presenceBroken = "mesin" // the machine did not work
)

// PresenceNotice is what a question about a contradiction is made from.
type PresenceNotice struct {
	Person Person
	Day    roster.Day
	What   roster.Contradiction
	Reason roster.Reason // of the duty, for a day of leave
	Punch  time.Time     // zero when nothing was recorded
	Now    time.Time
}

// PresenceAnswer is what the person said about a day.
type PresenceAnswer struct {
	Day    roster.Day
	Answer string
}

// PresenceQuestion asks about a day of which two sources say different things. It
// reproaches nothing, and every answer is one tap.
func (s Speaker) PresenceQuestion(n PresenceNotice) Message {
	data := Data{
		"Salam": s.Greeting(n.Now), "Sapa": s.Vocative(n.Person), "Anda": s.Honorific(n.Person.Sex), "Tgl": s.Day(n.Day),
		"Pukul": s.Time(n.Punch), "Alasan": "",
	}
	if n.What == roster.OnLeave {
		data["Alasan"] = s.Text("alasan_"+string(n.Reason), nil)
	}
	m := s.Say("presensi_tanya_"+string(n.What), data)
	answer := func(label, value string) Choice {
		return Choice{Label: s.Text(label, nil), Action: ActPresence, Args: Args{Day: n.Day, Question: string(n.What), Value: value}}
	}
	switch n.What {
	case roster.OnLeave:
		m.Buttons = [][]Choice{{answer("tombol_tetap_libur", presenceLeave)}, {answer("tombol_masuk_kerja", presenceCame)}}
	case roster.Unseen:
		m.Buttons = [][]Choice{
			{answer("tidak_hadir_DL", string(roster.FieldDuty)), answer("tidak_hadir_WFH", string(roster.FromHome))},
			{answer("tombol_lupa_presensi", presenceForgot), answer("tombol_mesin_rusak", presenceBroken)},
		}
	default:
		m.Buttons = [][]Choice{
			{{Label: s.Text("tombol_tulis_laporan", nil), Action: ActStart, Args: Args{Day: n.Day}}},
			{answer("tidak_hadir_DL", string(roster.FieldDuty)), answer("tombol_pulang_sakit", string(roster.SickDay))},
			{{Label: s.Text("tombol_keterangan_lain", nil), Action: ActAbsent, Args: Args{Day: n.Day}}},
		}
	}
	return m
}

// PresenceNote tells a person that a machine has just recorded them.
func (s Speaker) PresenceNote(at time.Time, first bool) Message {
	if first {
		return s.Say("presensi_masuk", Data{"Pukul": s.Time(at)})
	}
	return s.Say("presensi_tercatat", Data{"Pukul": s.Time(at)})
}

// presence takes what a person says about such a day. What is an absence goes the
// way of every absence; the rest is only noted.
func (t *turn) presence(ctx context.Context, a Args) error {
	t.out.Presence = &PresenceAnswer{Day: a.Day, Answer: a.Value}
	data := Data{"Sapa": t.say.Vocative(*t.Person), "Tgl": t.say.Day(a.Day), "Anda": t.say.Honorific(t.Person.Sex)}
	switch a.Value {
	case presenceLeave:
		t.reply(t.say.Say("presensi_tetap", data))
		return nil
	case presenceCame:
		return t.cameToWork(ctx, a.Day, data)
	case presenceForgot, presenceBroken:
		t.reply(t.say.Say("presensi_jawab_"+a.Value, data))
		return nil
	}
	kind := roster.AbsenceKind(a.Value)
	if t.open(a.Day) {
		return t.claim(ctx, a.Day, kind)
	}
	if !kind.Works() { // the day is closed; whoever was ill cannot say so here any more
		t.out.Presence = nil
		return t.closed(a.Day)
	}
	if _, _, err := t.claimDays(ctx, LeaveDraft{Kind: kind, From: a.Day, To: a.Day}); err != nil {
		return err
	}
	data["Jenis"], data["Atasan"] = t.say.Text("tidak_hadir_"+string(kind), nil), ShortName(t.Person.Supervisor)
	t.reply(t.say.Say("presensi_jawab_kerja", data))
	return nil
}

// cameToWork offers to end the leave of somebody who works all the same. Only they
// end it: who fetched a file from the office still has leave.
func (t *turn) cameToWork(ctx context.Context, day roster.Day, data Data) error {
	if day != t.Today {
		t.reply(t.say.Say("presensi_masuk_lewat", data))
		return nil
	}
	absences, err := t.rec.Absences(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	for _, o := range absences {
		if o.Kind.Works() || day.Before(o.From) || day.After(o.To) {
			continue
		}
		data["Jenis"], data["Hari"] = t.say.absenceTitle(o.Kind), t.say.Days(o.From, o.To)
		m := t.say.Say("presensi_masuk_cuti", data)
		m.Buttons = append(t.endButtons(o), []Choice{t.leaveKeep()})
		t.reply(m)
		return nil
	}
	m := t.say.Say("presensi_masuk_bebas", data)
	m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_tulis_laporan", nil), Action: ActStart, Args: Args{Day: day}}}}
	t.reply(m)
	return nil
}
