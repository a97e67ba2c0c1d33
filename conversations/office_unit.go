package conversations

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// mostMissing are the people whom a line names; the file has all.
const mostMissing = 12

// unitDay shows an administrator the own office: today, or the day that was said.
func (t *turn) unitDay(ctx context.Context, arg string) error {
	day := t.Today
	if d, ok := parse.ReadDates(arg, t.Today); ok {
		day = d.From
	}
	return t.unitOn(ctx, day)
}

func (t *turn) unitOn(ctx context.Context, day roster.Day) error {
	people, err := t.rec.OfficePeople(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	days, err := t.rec.OfficeDays(ctx, t.Person.ID, roster.OPDAdmin, day, day)
	if err != nil {
		return err
	}
	parts := []Message{t.say.Say("unit_judul", Data{"OPD": Clip(places(people), 120), "Tgl": t.say.Day(day), "Pegawai": len(people)})}
	due := 0
	for _, d := range days {
		due += d.Due
	}
	if due > 0 {
		parts = append(parts, t.unitCounts(days))
	} else {
		parts = append(parts, t.say.Say("unit_tidak_wajib", nil))
	}
	parts = append(parts, t.unitNames("unit_belum", people, owes)...)
	parts = append(parts, t.unitNames("unit_putus", people, func(p OfficePerson) bool { return !p.Live })...)
	parts = append(parts, t.unitNames("unit_pergi", people, func(p OfficePerson) bool { return p.away() })...)
	m := Lines(parts...)
	show := func(label, what string, day roster.Day) Choice {
		return Choice{Label: label, Action: ActOffice, Args: Args{Value: what, Day: day}}
	}
	m.Buttons = [][]Choice{{show(t.say.Text("tombol_daftar_berkas", nil), officeList, day)}}
	before, err := t.rec.Workdays(ctx, t.Person.ID, day.Add(-14), day.Add(-1))
	if err != nil {
		return err
	}
	if n := len(before); n > 0 {
		m.Buttons[0] = append(m.Buttons[0], show(t.say.ShortDay(before[n-1]), officeDay, before[n-1]))
	}
	t.reply(m)
	return nil
}

// unitCounts is how the day stands, of those who owe a report.
func (t *turn) unitCounts(days []OfficeDay) Message {
	var all OfficeDay
	for _, d := range days {
		all.Due, all.Sent, all.Late, all.Away = all.Due+d.Due, all.Sent+d.Sent, all.Late+d.Late, all.Away+d.Away
	}
	return t.say.Say("unit_angka", Data{"Wajib": all.Due, "Sudah": all.Sent, "Terlambat": all.Late, "Belum": all.Due - all.Sent})
}

// places are the offices of a list of people, in its order.
func places(people []OfficePerson) string {
	var out []string
	for _, p := range people {
		if len(out) == 0 || out[len(out)-1] != p.OPD {
			out = append(out, p.OPD)
		}
	}
	return strings.Join(out, ", ")
}

func owes(p OfficePerson) bool { return p.State == roster.Due && !p.Sent }

// away tells whether the person is on leave, ill or studying.
func (p OfficePerson) away() bool {
	switch p.Reason {
	case roster.ReasonLeave, roster.ReasonSick, roster.ReasonMaternity, roster.ReasonStudy:
		return p.State != roster.Due
	default:
		return false
	}
}

// unitNames is a line that names some people, none when there are none.
func (t *turn) unitNames(id string, people []OfficePerson, is func(OfficePerson) bool) []Message {
	var names []string
	n := 0
	for _, p := range people {
		if !is(p) {
			continue
		}
		if n++; n <= mostMissing {
			names = append(names, Clip(ShortName(p.Name), 24))
		}
	}
	if n == 0 {
		return nil
	}
	list := strings.Join(names, ", ")
	if n > mostMissing {
		list += ", …"
	}
	return []Message{t.say.Say(id, Data{"Banyak": n, "Siapa": list})}
}

// unitList sends everybody of the office on a day as a file. It says nothing of what
// was reported.
func (t *turn) unitList(ctx context.Context, day roster.Day) error {
	people, err := t.rec.OfficePeople(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{{"opd", "unit", "nama", "terhubung", "wajib_lapor", "keterangan", "sudah_lapor"}}
	yes := func(is bool) string { return t.say.Text(map[bool]string{true: "sel_ya", false: "sel_tidak"}[is], nil) }
	for _, p := range people {
		why := ""
		if p.Reason != "" {
			why = t.say.Text("alasan_"+string(p.Reason), nil)
		}
		rows = append(rows, []string{cell(p.OPD), cell(p.Unit), cell(p.Name), yes(p.Live), yes(p.State == roster.Due), why, yes(p.Sent)})
	}
	_ = w.WriteAll(rows) // into memory
	m := t.say.Say("unit_berkas", Data{"Tgl": t.say.Day(day), "Pegawai": len(people)})
	m.File = &File{Name: "pegawai-" + day.String() + ".csv", Data: out.Bytes()}
	t.audit("office.list", day)
	t.reply(m)
	return nil
}
