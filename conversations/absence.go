package conversations

import (
	"context"

	"ekinerja/roster"
)

// choices are the absences a person may claim in chat, in the order of their buttons.
func absences() [][]roster.AbsenceKind {
	return [][]roster.AbsenceKind{
		{roster.AnnualLeave, roster.SickDay, roster.FieldDuty},
		{roster.Training, roster.FromHome, roster.ShiftOff},
	}
}

// absenceChoices asks which kind of day it is.
func (t *turn) absenceChoices(day roster.Day, sentence string) error {
	if !t.open(day) {
		return t.closed(day)
	}
	m := t.say.Say(sentence, Data{"Tgl": t.say.Day(day), "Anda": t.say.Honorific(t.Person.Sex)})
	for _, row := range absences() {
		var buttons []Choice
		for _, k := range row {
			buttons = append(buttons, Choice{
				Label: t.say.Text("tidak_hadir_"+string(k), nil), Action: ActAbsent,
				Args: Args{Day: day, Value: string(k)},
			})
		}
		m.Buttons = append(m.Buttons, buttons)
	}
	m.Buttons = append(m.Buttons, []Choice{{
		Label: t.say.Text("tombol_tulis_laporan", nil), Action: ActStart, Args: Args{Day: day},
	}})
	t.reply(m, About{Day: day, Question: "absence"})
	return nil
}

// claim notes what the person says of a day. It waits for the supervisor or the
// leave file; until then nobody is reminded, escalated or scored for it. Work
// elsewhere (field duty, training, home) still owes a report.
func (t *turn) claim(ctx context.Context, day roster.Day, kind roster.AbsenceKind) error {
	if !t.open(day) {
		return t.closed(day)
	}
	l := LeaveDraft{Kind: kind, From: day, To: day}
	t.enclose(&l)
	if _, _, err := t.claimDays(ctx, l); err != nil {
		return err
	}
	id := "dicatat_tidak_hadir"
	switch {
	case kind.Works():
		id = "dicatat_kerja_di_tempat_lain"
	case kind == roster.SickDay:
		id = "dicatat_sakit"
	}
	m := t.say.Say(id, Data{
		"Jenis": t.say.Text("tidak_hadir_"+string(kind), nil), "Tgl": t.say.Day(day),
		"Atasan": ShortName(t.Person.Supervisor), "Surat": len(l.Letters) > 0,
	})
	if kind.Works() {
		m.Buttons = [][]Choice{{{
			Label: t.say.Text("tombol_tulis_laporan", nil), Action: ActStart, Args: Args{Day: day},
		}}}
	}
	t.reply(m)
	return nil
}
