package conversations

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

func minuteSpan(n int) time.Duration { return time.Duration(n) * time.Minute }

// DayTime is "Rabu, 25 November 2026 pukul 21.00 WIB".
func (s Speaker) DayTime(at time.Time) string {
	day := s.DayOf(at)
	if c := at.In(s.loc); c.Hour() == 0 && c.Minute() == 0 {
		day = day.Add(-1)
	}
	return s.Text("hari_pukul", Data{"Tgl": s.Day(day), "Pukul": s.Until(at)})
}

// receiptOf shows what is kept of a report: text, time, code, digest, versions
// and who has opened it.
func (t *turn) receiptOf(ctx context.Context, arg string) error {
	var day roster.Day
	var code string
	if d, ok := parse.ReadDates(arg, t.Today); ok && d.From == d.To {
		day = d.From
	} else if arg != "" {
		code = strings.ToUpper(strings.TrimSpace(arg))
	}
	r, found, err := t.rec.Receipt(ctx, t.Person.ID, day, code)
	if err != nil {
		return err
	}
	if !found {
		t.reply(t.say.Say("bukti_kosong", Data{"Dicari": arg}))
		return nil
	}
	rep, found, err := t.rec.Report(ctx, t.Person.ID, r.Day)
	if err != nil {
		return err
	}
	t.reply(Lines(t.receiptLines(r, rep, found)...))
	return nil
}

func (t *turn) receiptLines(r Receipt, rep Report, found bool) []Message {
	id := "bukti_judul"
	if !r.Sent {
		id = "bukti_judul_ditarik"
	}
	parts := []Message{t.say.Say(id, Data{"Tgl": t.say.Day(r.Day)})}
	if found && len(rep.Items) > 0 {
		items := rep.Items[:min(len(rep.Items), 5)]
		parts = append(parts, t.lines(items))
		if more := len(rep.Items) - len(items); more > 0 {
			parts = append(parts, t.say.Say("bukti_lainnya", Data{"Count": more}))
		}
	}
	if r.Sent {
		id := "bukti_terkirim"
		if r.Late {
			id = "bukti_terkirim_terlambat"
		}
		parts = append(parts, t.say.Say(id, Data{"Waktu": t.say.DayTime(r.SentAt)}))
	}
	parts = append(parts, t.say.Say("bukti_versi", Data{"Kode": r.Code, "Versi": r.Version, "Banyak": r.Versions}))
	if len(r.Readers) == 0 {
		parts = append(parts, t.say.Say("bukti_belum_dibuka", nil))
	}
	for _, x := range r.Readers {
		parts = append(parts, t.say.Say("bukti_dibuka", Data{"Nama": ShortName(x.Name), "Waktu": t.say.ShortDay(t.say.DayOf(x.At)) + " " + t.say.Time(x.At), "Alasan": x.Reason}))
	}
	return append(parts, t.say.Say("bukti_sha", Data{"SHA": r.SHA256}))
}

// why tells why a day is owed or not, and what was sent about it: from the rows
// that the jobs themselves go by, and from nothing else.
func (t *turn) why(ctx context.Context, arg string) error {
	day := t.Today
	if d, ok := parse.ReadDates(arg, t.Today); ok {
		day = d.From
	}
	w, found, err := t.rec.Why(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	if found {
		t.reply(t.say.Why(w))
		return nil
	}
	days, err := t.rec.Workdays(ctx, t.Person.ID, day, day)
	if err != nil {
		return err
	}
	id := "kenapa_belum_libur"
	if len(days) > 0 {
		id = "kenapa_belum_hari_kerja"
	}
	t.reply(t.say.Say(id, Data{"Tgl": t.say.Day(day)}))
	return nil
}

// Why is the answer to /kenapa.
func (s Speaker) Why(w Why) Message {
	d := w.Day
	data := Data{
		"Tgl": s.Day(d.Day), "Alasan": s.Text("alasan_"+string(d.Duty.Reason), nil), "Nama": Clip(d.Duty.Name, 80),
		"Mulai": d.Duty.Start.String(), "Selesai": d.Duty.End.String(),
		"Tanya": s.DayTime(d.Times.AskAt), "Batas": s.DayTime(d.Times.Deadline), "Akhir": s.DayTime(d.Times.LateUntil),
	}
	parts := []Message{s.Say("kenapa_"+string(d.Duty.State), data)}
	if d.Duty.State == roster.Due {
		parts = append(parts, s.Say("kenapa_batas", data))
		if d.Duty.ShortForm {
			parts = append(parts, s.Say("kenapa_singkat", nil))
		}
		switch {
		case w.Graced:
			parts = append(parts, s.Say("kenapa_tambahan_waktu", nil))
		case !w.Planned.IsZero() && w.Planned.Before(d.Times.Deadline):
			parts = append(parts, s.Say("kenapa_gangguan", Data{"Semula": s.DayTime(w.Planned)}))
		}
	}
	if r := d.Report; r != nil && r.Submitted {
		parts = append(parts, s.Say("kenapa_terkirim", Data{"Waktu": s.DayTime(r.SubmittedAt), "Kode": r.Code}))
		if w.Lapsed {
			parts = append(parts, s.Say("kenapa_lewat_verifikasi", nil))
		}
	}
	asked := false
	for _, x := range w.Sent {
		id := "kenapa_diingatkan"
		if x.Kind == KindAsk {
			id, asked = "kenapa_ditanya", true
		}
		parts = append(parts, s.Say(id, Data{"Waktu": s.DayTime(x.At)}))
	}
	switch {
	case d.Duty.State != roster.Due || asked:
	case !w.AskedAt.IsZero():
		parts = append(parts, s.Say("kenapa_ditanya", Data{"Waktu": s.DayTime(w.AskedAt)}))
	default:
		parts = append(parts, s.Say("kenapa_belum_ditanya", nil))
	}
	for _, x := range w.Told {
		parts = append(parts, s.Say("kenapa_diteruskan", Data{"Atasan": ShortName(x.Name), "Waktu": s.DayTime(x.At)}))
	}
	return Lines(parts...)
}

// everything sends the person all that is kept about them, as a file.
func (t *turn) everything(ctx context.Context, id roster.EmployeeID) error {
	data, err := t.rec.Everything(ctx, id)
	if err != nil {
		return err
	}
	if !json.Valid(data) {
		return errors.New("what is kept about a person is no JSON")
	}
	m := t.say.Say("dataku", nil)
	m.File = &File{Name: fmt.Sprintf("data-saya-%s.json", t.Today), Data: data}
	t.audit("person.data", fmt.Sprintf("employee:%d", id))
	t.reply(m)
	return nil
}

// staff lists the reports of a day of those whom the person leads.
func (t *turn) staff(ctx context.Context, arg string) error {
	day := t.Today
	if d, ok := parse.ReadDates(arg, t.Today); ok {
		day = d.From
	}
	people, err := t.rec.Staff(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		t.reply(t.say.Say("staf_kosong", Data{"Tgl": t.say.Day(day)}))
		return nil
	}
	parts := []Message{t.say.Say("staf_judul", Data{"Tgl": t.say.Day(day)})}
	var rows [][]Choice
	read := 0
	for i, p := range people {
		id := "staf_baris_belum"
		data := Data{"No": i + 1, "Nama": ShortName(p.Name), "Alasan": t.say.Text("alasan_"+string(p.Reason), nil), "Pukul": ""}
		switch {
		case p.Sent:
			id, data["Pukul"] = "staf_baris_terkirim", t.say.Time(p.SentAt)
			if read%buttonsInRow == 0 {
				rows = append(rows, nil)
			}
			read++
			last := &rows[len(rows)-1]
			*last = append(*last, Choice{Label: fmt.Sprint(i + 1), Action: ActRead, Args: Args{Day: day, Employee: p.ID}})
		case p.State != roster.Due:
			id = "staf_baris_tidak_wajib"
		}
		parts = append(parts, t.say.Say(id, data))
	}
	if read > 0 {
		parts = append(parts, t.say.Say("staf_buka", nil))
	}
	m := Lines(parts...)
	m.Buttons = rows
	t.reply(m)
	return nil
}

// read shows somebody's report to whoever leads them, and lets its writer see that.
func (t *turn) read(ctx context.Context, a Args) error {
	may, err := t.rec.MayRead(ctx, t.Person.ID, a.Employee, a.Day)
	if err != nil {
		return err
	}
	if !may {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	people, err := t.rec.Staff(ctx, t.Person.ID, a.Day)
	if err != nil {
		return err
	}
	rep, found, err := t.rec.Report(ctx, a.Employee, a.Day)
	if err != nil {
		return err
	}
	if !found || !rep.Head.Submitted {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil) // it was taken back meanwhile
		return nil
	}
	name := ""
	for _, p := range people {
		if p.ID == a.Employee {
			name = ShortName(p.Name)
		}
	}
	if name == "" { // from further above
		p, _, err := t.rec.Colleague(ctx, a.Employee)
		if err != nil {
			return err
		}
		name = ShortName(p.Name)
	}
	t.out.Own.Opened = &Opened{Employee: a.Employee, Day: a.Day}
	parts := []Message{t.say.Say("staf_laporan", Data{"Nama": name, "Tgl": t.say.Day(a.Day)}), t.lines(rep.Items)}
	if rep.Obstacle != "" {
		parts = append(parts, t.say.Say("ringkasan_kendala", Data{"Kendala": Clip(rep.Obstacle, 200)}))
	}
	parts = append(parts, t.say.Say("kode_bukti", Data{"Kode": rep.Head.Code}))
	t.reply(Lines(parts...))
	return nil
}

// former answers somebody who has left: nothing is asked of them any more, and
// what is kept about them stays theirs to see.
func (t *turn) former(ctx context.Context) error {
	cmd, _, _ := command(t.Msg.Text)
	if cmd == "dataku" || cmd == "mydata" {
		return t.everything(ctx, t.Former.ID)
	}
	if t.Msg.Kind == "tap" {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	t.reply(t.say.Say("sudah_purna", Data{"Nama": t.say.Vocative(*t.Former)}))
	return nil
}
