package conversations

import (
	"context"
	"fmt"
	"slices"

	"ekinerja/roster"
)

// supervise handles the buttons of a digest of silent staff. Each tap is checked
// again: who taps must have received the digest, and the person in question may
// have reported meanwhile.
func (t *turn) supervise(ctx context.Context, action Action, a Args) error {
	all, err := t.rec.Silent(ctx, t.Person.ID, a.Escalation)
	if err != nil {
		return err
	}
	if action == ActNudge && a.Employee == 0 {
		return t.nudgeAll(ctx, all, a.Escalation)
	}
	i := slices.IndexFunc(all, func(s Silent) bool { return s.Person.ID == a.Employee })
	if i < 0 {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	s := all[i]
	name := ShortName(s.Person.Name)
	if over, err := t.stillOver(ctx, s); err != nil || !over {
		return err
	}
	switch {
	case s.Reported:
		t.out.Toast = t.say.Text("toast_sudah_lapor", nil)
		t.reply(t.say.Say("staf_sudah_lapor", Data{"Nama": name, "Tgl": t.say.Day(s.Day)}))
		return nil
	case s.Settled && action != ActOpen:
		t.out.Toast = t.say.Text("sudah_tercatat", nil)
		return nil
	}
	switch action {
	case ActNudge:
		t.nudge(s, a.Escalation)
	case ActMark:
		t.mark(s, a)
	case ActContacted:
		return t.contacted(ctx, s, a.Escalation)
	default:
		t.showStaff(s, a.Escalation)
	}
	return nil
}

// showStaff shows one silent person with what the supervisor can do.
func (t *turn) showStaff(s Silent, escalation int64) {
	args := Args{Escalation: escalation, Employee: s.Person.ID, Day: s.Day}
	mark := func(k roster.AbsenceKind) Choice {
		a := args
		a.Value = string(k)
		return Choice{Label: t.say.Text("tidak_hadir_"+string(k), nil), Action: ActMark, Args: a}
	}
	id := "staf_belum_lapor"
	if !s.Reached {
		id = "staf_tidak_terhubung"
	}
	m := t.say.Say(id, Data{
		"Nama": ShortName(s.Person.Name), "Jabatan": s.Person.Post, "Tgl": t.say.Day(s.Day), "Count": s.InARow,
	})
	m.Buttons = [][]Choice{
		{mark(roster.AnnualLeave), mark(roster.SickDay), mark(roster.FieldDuty)},
	}
	first := []Choice{{Label: t.say.Text("tombol_sudah_hubungi", nil), Action: ActContacted, Args: args}}
	if s.Reached {
		first = append([]Choice{{Label: t.say.Text("tombol_ingatkan", nil), Action: ActNudge, Args: args}}, first...)
	}
	m.Buttons = append([][]Choice{first}, m.Buttons...)
	t.reply(m)
}

// nudge sends one reminder in the supervisor's name; twice is once.
func (t *turn) nudge(s Silent, escalation int64) {
	if !s.Reached {
		t.out.Toast = t.say.Text("toast_tidak_terhubung", nil)
		return
	}
	t.remindStaff(s, escalation)
	t.out.Toast = t.say.Text("toast_diingatkan", nil)
	t.reply(t.say.Say("staf_diingatkan", Data{"Nama": ShortName(s.Person.Name), "Anda": t.say.Honorific(t.Person.Sex)}))
}

func (t *turn) remindStaff(s Silent, escalation int64) {
	say := t.h.Words.To(s.Person)
	m := say.Say("diingatkan_atasan", Data{
		"Nama": say.Vocative(s.Person), "Atasan": ShortName(t.Person.Name), "Tgl": say.Day(s.Day),
	})
	m.Buttons = [][]Choice{{
		{Label: say.Text("tombol_tulis_laporan", nil), Action: ActStart, Args: Args{Day: s.Day}},
		{Label: say.Text("tombol_tidak_bekerja", nil), Action: ActAbsent, Args: Args{Day: s.Day}},
	}}
	t.queue(Say{
		Key: fmt.Sprintf("nudge/%d/%d", escalation, s.Person.ID), Kind: KindRemind, Employee: s.Person.ID,
		Msg: m, About: About{Day: s.Day, Question: "activities"}, Guard: GuardUnreported,
	})
	t.out.Acted = append(t.out.Acted, Acted{Escalation: escalation, Employee: s.Person.ID, Action: string(ActNudge)})
	t.audit("escalation.nudge", fmt.Sprintf("employee:%d %s", s.Person.ID, s.Day))
}

func (t *turn) nudgeAll(ctx context.Context, all []Silent, escalation int64) error {
	ids := make([]roster.EmployeeID, len(all))
	for i, s := range all {
		ids[i] = s.Person.ID
	}
	over, err := t.rec.StillOver(ctx, t.Person.ID, ids)
	if err != nil {
		return err
	}
	n := 0
	for _, s := range all {
		if over[s.Person.ID] && !s.Reported && !s.Settled && s.Reached && s.Action == "" {
			t.remindStaff(s, escalation)
			n++
		}
	}
	t.out.Toast = t.say.Text("toast_diingatkan", nil)
	t.reply(t.say.Say("staf_diingatkan_semua", Data{"Count": n, "Anda": t.say.Honorific(t.Person.Sex)}))
	return nil
}

// mark settles a day of a silent person: leave and sickness end the duty, field
// duty keeps a short report due. The person is told and may object.
func (t *turn) mark(s Silent, a Args) {
	kind := roster.AbsenceKind(a.Value)
	t.out.Absent = append(t.out.Absent, AbsenceChange{
		Employee: s.Person.ID, From: s.Day, To: s.Day, Kind: kind, Confirmed: true,
	})
	t.out.Acted = append(t.out.Acted, Acted{Escalation: a.Escalation, Employee: s.Person.ID, Action: a.Value})
	t.audit("absence.confirm", fmt.Sprintf("employee:%d %s %s", s.Person.ID, kind, s.Day))
	label := t.say.Text("tidak_hadir_"+a.Value, nil)
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	t.reply(t.say.Say("staf_dicatat", Data{"Nama": ShortName(s.Person.Name), "Jenis": label, "Tgl": t.say.Day(s.Day)}))
	if !s.Reached {
		return
	}
	say := t.h.Words.To(s.Person)
	m := say.Say("dicatat_atasan", Data{
		"Nama": say.Vocative(s.Person), "Atasan": ShortName(t.Person.Name), "Tgl": say.Day(s.Day),
		"Jenis": say.Text("tidak_hadir_"+a.Value, nil),
	})
	m.Buttons = contestRow(say, s.Day)
	t.queue(Say{
		Key: fmt.Sprintf("marked/%d/%d/%s", a.Escalation, s.Person.ID, kind), Kind: KindNotice, Employee: s.Person.ID, Msg: m,
	})
}
