package conversations

import (
	"context"

	"ekinerja/bot"
	"ekinerja/roster"
)

// Menu is the bot's command menu in a language: the ten that people use most.
// The others are listed by /bantuan.
func (w *Words) Menu(lang string) []bot.Command {
	s := w.In(lang)
	var menu []bot.Command
	for _, name := range []string{"lapor", "status", "cuti", "sakit", "susulan", "bukti", "riwayat", "nilai", "jeda", "bantuan"} {
		menu = append(menu, bot.Command{Name: name, Description: s.Text("menu_"+name, nil)})
	}
	return menu
}

// command runs a slash command of a known person.
func (t *turn) command(ctx context.Context, name, arg string) error {
	switch name {
	case "start":
		return t.startLink(ctx, arg)
	case "lapor", "report", "mulai":
		return t.commandReport(ctx)
	case "status":
		return t.commandStatus()
	case "riwayat", "history":
		return t.history(ctx, arg)
	case "nilai", "score":
		return t.commandScores(ctx)
	case "periksa", "review":
		return t.queueOf(ctx, 0)
	case "batal", "cancel":
		return t.commandCancel()
	case "bahasa", "language", "gaya":
		t.languages()
	case "bantuan", "help":
		t.reply(t.say.Say("bantuan", Data{"Nama": t.say.Vocative(*t.Person)}))
	default:
		if done, err := t.leading(ctx, name, arg); done || err != nil {
			return err
		}
		return t.commandOwn(ctx, name, arg)
	}
	return nil
}

// commandOwn are the commands about own days and own rights.
func (t *turn) commandOwn(ctx context.Context, name, arg string) error {
	switch name {
	case "cuti", "sakit", "dinasluar", "dl", "wfh", "diklat", "libursif", "leave":
		return t.leave(ctx, name, arg)
	case "persetujuan":
		return t.approvals(ctx)
	case "susulan":
		return t.late()
	case "tarik":
		return t.takeBack(ctx, arg)
	case "bukti":
		return t.receiptOf(ctx, arg)
	case "kenapa", "why":
		return t.why(ctx, arg)
	case "dataku", "mydata":
		return t.everything(ctx, t.Person.ID)
	case "jeda", "snooze":
		return t.snooze(arg)
	case "waktu":
		return t.askTime(ctx, arg)
	case "staf":
		return t.staff(ctx, arg)
	}
	t.reply(t.say.Say("perintah_tidak_dikenal", nil))
	return nil
}

// tappedOwn handles the buttons about own days and own rights.
func (t *turn) tappedOwn(ctx context.Context, a Args) error {
	switch t.Tap.Action {
	case ActLeave:
		return t.tappedLeave(ctx, a)
	case ActApprove, ActRefuse:
		return t.decideTap(ctx, a)
	case ActLetter:
		return t.showLetters(ctx, a)
	case ActWithdraw:
		return t.withdraw(ctx, a.Day, a.Value)
	case ActSnooze:
		w, _ := t.day(a.Day)
		return t.putOff(w, a.Item)
	case ActAskTime:
		return t.setAskTime(a.Value)
	default:
		return t.read(ctx, a)
	}
}

// languages offers the languages, and Indonesian without Javanese greetings.
func (t *turn) languages() {
	m := t.say.Say("pilih_bahasa", nil)
	lang := func(label, value string) Choice {
		return Choice{Label: label, Action: ActLang, Args: Args{Value: value}}
	}
	m.Buttons = [][]Choice{
		{lang("Bahasa Indonesia", "id"), lang("English", "en")},
		{lang(t.say.Text("tombol_tanpa_jawa", nil), LangPlain)},
	}
	t.reply(m)
}

func (t *turn) commandReport(ctx context.Context) error {
	day := t.targetDay()
	if w, ok := t.day(day); ok && w.Report != nil && w.Report.Submitted && t.out.Session.Stage == StageIdle {
		m := t.say.Say("sudah_lapor", Data{
			"Tgl": t.say.Day(day), "Pukul": t.say.Time(w.Report.SubmittedAt), "Kode": w.Report.Code,
		})
		m.Buttons = [][]Choice{{
			{Label: t.say.Text("tombol_ubah_laporan", nil), Action: ActChange, Args: Args{Day: day}},
			{Label: t.say.Text("tombol_tambah", nil), Action: ActAdd, Args: Args{Day: day}},
		}}
		t.reply(m)
		return nil
	}
	if err := t.enter(ctx, day); err != nil {
		return err
	}
	return t.start()
}

func (t *turn) commandCancel() error {
	s := t.out.Session
	if s.Side != nil {
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return nil
	}
	if s.Stage == StageReturn {
		t.keepReport()
		return nil
	}
	if s.Stage == StageIdle {
		t.reply(t.say.Say("tidak_ada_yang_dibatalkan", nil))
		return nil
	}
	if len(s.Items) > 0 && s.Stage != StageConfirm {
		return t.summary() // leave the question, keep the draft; Batal there throws it away
	}
	return t.discard()
}

// commandStatus tells where today and the open days before it stand.
func (t *turn) commandStatus() error {
	parts := []Message{t.say.Say("status_judul", Data{"Nama": t.say.Vocative(*t.Person)})}
	for _, w := range t.Days {
		if w.Day == t.Today || (w.Duty.State == roster.Due && t.open(w.Day)) {
			parts = append(parts, t.dayLine(w))
		}
	}
	if len(parts) == 1 {
		parts = append(parts, t.say.Say("status_kosong", nil))
	}
	t.reply(Lines(parts...))
	return nil
}

// dayLine is one day in a list: its date and what is known of it.
func (t *turn) dayLine(w WorkDay) Message {
	data := Data{"Tgl": t.say.ShortDay(w.Day), "Nama": w.Duty.Name}
	if w.Times.Deadline.After(w.Times.AskAt) {
		data["Batas"] = t.say.Time(w.Times.Deadline)
		if d := t.say.DayOf(w.Times.Deadline); d != w.Day {
			data["Batas"] = t.say.ShortDay(d) + " " + t.say.Time(w.Times.Deadline)
		}
		data["Akhir"] = t.say.ShortDay(t.say.DayOf(w.Times.LateUntil)) + " " + t.say.Time(w.Times.LateUntil)
	}
	switch r := w.Report; {
	case r != nil && r.Submitted:
		data["Pukul"], data["Kode"] = t.say.Time(r.SubmittedAt), r.Code
		data["Kegiatan"], data["Menit"] = r.Activities, t.say.Int(r.Minutes)
		if r.Late {
			return t.say.Say("hari_terlambat", data)
		}
		return t.say.Say("hari_terkirim", data)
	case w.Duty.State == roster.NotDue:
		data["Alasan"] = t.say.Text("alasan_"+string(w.Duty.Reason), nil)
		return t.say.Say("hari_tidak_wajib", data)
	case w.Duty.State == roster.Deferred:
		data["Alasan"] = t.say.Text("alasan_"+string(w.Duty.Reason), nil)
		return t.say.Say("hari_ditunda", data)
	case r != nil:
		return t.say.Say("hari_draf", data)
	case t.Now.After(w.Times.LateUntil):
		return t.say.Say("hari_tidak_lapor", data)
	case t.Now.After(w.Times.Deadline):
		return t.say.Say("hari_lewat_batas", data)
	}
	return t.say.Say("hari_belum", data)
}

func (t *turn) commandScores(ctx context.Context) error {
	weeks, err := t.rec.Scores(ctx, t.Person.ID, 4)
	if err != nil {
		return err
	}
	if len(weeks) == 0 {
		t.reply(t.say.Say("nilai_kosong", nil))
		return nil
	}
	t.reply(t.say.Scores(weeks))
	return nil
}
