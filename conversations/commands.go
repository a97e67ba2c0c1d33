package conversations

import (
	"context"
	"slices"
	"strings"

	"ekinerja/bot"
	"ekinerja/roster"
)

// Command is a word with a slash that people may type.
type Command struct {
	Name   string
	Others []string // words that do the same: English ones, and what people try
	// Unlisted says why neither the menu, /bantuan nor the README has it; empty: all
	// three have. A test holds them to it.
	Unlisted string

	run func(t *turn, ctx context.Context, arg string) error
}

// Commands are all there are, in the order of the menu: what everybody uses first,
// what superiors and foremen use last.
func Commands() []Command {
	return slices.Concat([]Command{
		{Name: "start", Unlisted: "the network's own button, and the links of invitations", run: (*turn).startLink},
		{Name: "lapor", Others: []string{"report", "mulai"}, run: plain((*turn).commandReport)},
		{Name: "status", run: alone((*turn).commandStatus)},
		{Name: "bantuan", Others: []string{"help"}, run: alone((*turn).commandHelp)},
	}, awayCommands(), []Command{
		{Name: "susulan", run: alone((*turn).late)},
		{Name: "tarik", run: (*turn).takeBack},
		{Name: "batal", Others: []string{"cancel"}, run: alone((*turn).commandCancel)},
		{Name: "riwayat", Others: []string{"history"}, run: (*turn).history},
		{Name: "bukti", run: (*turn).receiptOf},
		{Name: "nilai", Others: []string{"score"}, run: (*turn).commandScores},
		{Name: "kenapa", Others: []string{"why"}, run: (*turn).why},
		{Name: "jeda", Others: []string{"snooze"}, run: func(t *turn, _ context.Context, arg string) error { return t.snooze(arg) }},
		{Name: "waktu", run: (*turn).askTime},
		{Name: "bahasa", Others: []string{"language", "gaya"}, run: func(t *turn, _ context.Context, arg string) error { return t.languages(arg) }},
		{Name: "dataku", Others: []string{"mydata"}, run: func(t *turn, ctx context.Context, _ string) error { return t.everything(ctx, t.Person.ID) }},
		{Name: "kendala", Others: []string{"blockers"}, run: plain((*turn).blockers)},
	}, leadCommands(), roleCommands())
}

// awayCommands are those about days on which somebody is not at work, or elsewhere.
func awayCommands() []Command {
	away := func(kind roster.AbsenceKind, name string, others ...string) Command {
		return Command{Name: name, Others: others, run: func(t *turn, ctx context.Context, arg string) error {
			return t.leave(ctx, kind, arg)
		}}
	}
	return []Command{
		away("", "cuti", "leave"), // which has many kinds
		away(roster.SickDay, "sakit"), away(roster.FieldDuty, "dinasluar", "dl"), away(roster.FromHome, "wfh"),
		away(roster.Training, "diklat"), away(roster.ShiftOff, "libursif"),
	}
}

// leadCommands are those of superiors and foremen.
func leadCommands() []Command {
	return []Command{
		{Name: "staf", run: (*turn).staff},
		{Name: "periksa", Others: []string{"review"}, run: func(t *turn, ctx context.Context, _ string) error { return t.queueOf(ctx, 0) }},
		{Name: "persetujuan", run: plain((*turn).approvals)},
		{Name: "catat", Others: []string{"record"}, run: (*turn).record},
		{Name: "wakilkan", Others: []string{"delegate"}, run: (*turn).delegate},
		{Name: "kru", Others: []string{"crew"}, run: (*turn).crew},
	}
}

// alone is a command that reads nothing and takes no words.
func alone(run func(*turn) error) func(*turn, context.Context, string) error {
	return func(t *turn, _ context.Context, _ string) error { return run(t) }
}

// plain is a command that takes no words.
func plain(run func(*turn, context.Context) error) func(*turn, context.Context, string) error {
	return func(t *turn, ctx context.Context, _ string) error { return run(t, ctx) }
}

// Menu is the command menu of a private chat in a language.
func (w *Words) Menu(lang string) []bot.Command {
	s := w.In(lang)
	var menu []bot.Command
	for _, c := range Commands() {
		if c.Unlisted == "" {
			menu = append(menu, bot.Command{Name: c.Name, Description: s.Text("menu_"+c.Name, nil)})
		}
	}
	return menu
}

// command runs a slash command of a known person.
func (t *turn) command(ctx context.Context, name, arg string) error {
	for _, c := range Commands() {
		if c.Name == name || slices.Contains(c.Others, name) {
			return c.run(t, ctx, arg)
		}
	}
	t.unknownCommand()
	return nil
}

func (t *turn) unknownCommand() { t.reply(t.say.Say("perintah_tidak_dikenal", nil)) }

func (t *turn) commandHelp() error {
	t.reply(t.say.Say("bantuan", Data{"Nama": t.say.Vocative(*t.Person)}))
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
	case ActReadTime:
		return t.setReadTime(a.Value)
	default:
		return t.read(ctx, a)
	}
}

// languages offers the languages, and Indonesian without Javanese greetings; whoever
// names one has chosen.
func (t *turn) languages(arg string) error {
	if lang := languageNamed(arg); lang != "" {
		return t.setLanguage(lang)
	}
	m := t.say.Say("pilih_bahasa", nil)
	lang := func(label, value string) Choice {
		return Choice{Label: label, Action: ActLang, Args: Args{Value: value}}
	}
	m.Buttons = [][]Choice{
		{lang("Bahasa Indonesia", "id"), lang("English", "en")},
		{lang(t.say.Text("tombol_tanpa_jawa", nil), LangPlain)},
	}
	t.reply(m)
	return nil
}

func languageNamed(arg string) string {
	switch strings.ToLower(arg) {
	case "id", "indonesia", "solo", "jawa":
		return "id"
	case "en", "english", "inggris":
		return "en"
	case "tanpa jawa", "sapaan indonesia", "nasional":
		return LangPlain
	}
	return ""
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
