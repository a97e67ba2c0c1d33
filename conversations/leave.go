package conversations

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// Days away are told in one message ("/cuti 25-27 Nov acara keluarga") or asked
// for piece by piece; nothing that was said is asked again. What is sent counts
// at once as claimed: nobody asks, reminds or scores those days while somebody
// decides. See leave_decide.go for what a decision does.

// leaveAhead is how far ahead days away may begin.
const leaveAhead = 366

// leaveKinds are what /cuti offers (PP 11/2017 jo. 17/2020), in rows of buttons.
func leaveKinds() [][]roster.AbsenceKind {
	return [][]roster.AbsenceKind{
		{roster.AnnualLeave, roster.SickLeave},
		{roster.MaternityLeave, roster.UrgentLeave},
		{roster.LongLeave, roster.UnpaidLeave},
	}
}

// kindOfCommand is the kind that a command names; empty for /cuti, which has many.
func kindOfCommand(name string) roster.AbsenceKind {
	switch name {
	case "sakit":
		return roster.SickDay
	case "dinasluar", "dl":
		return roster.FieldDuty
	case "wfh":
		return roster.FromHome
	case "diklat":
		return roster.Training
	case "libursif":
		return roster.ShiftOff
	}
	return ""
}

// leave begins, or does at once, what one of the commands asks for.
func (t *turn) leave(ctx context.Context, command, arg string) error {
	l := LeaveDraft{Kind: kindOfCommand(command)}
	if l.Kind == "" {
		l.Kind, arg = kindInWords(arg)
	}
	t.readLeave(&l, arg)
	if l.From.IsZero() && arg == "" && (l.Kind == roster.SickDay || l.Kind == roster.FromHome || l.Kind == roster.ShiftOff) {
		l.From, l.To = t.Today, t.Today // said on the day itself, nearly always
	}
	if l.Kind == "" && !l.From.IsZero() {
		l.Kind = roster.AnnualLeave // the common one; the summary shows it
	}
	t.attach(&l)
	t.out.Session.Side = &Side{Kind: SideLeave, Leave: l}
	if arg == "" && l.Kind == "" {
		return t.leaveOverview(ctx)
	}
	return t.leaveNext(ctx)
}

// kindInWords finds a kind of leave at the beginning of the words.
func kindInWords(arg string) (kind roster.AbsenceKind, rest string) {
	low := strings.ToLower(arg)
	for _, k := range []struct {
		words string
		kind  roster.AbsenceKind
	}{
		{"tahunan", roster.AnnualLeave},
		{"besar", roster.LongLeave},
		{"sakit", roster.SickLeave},
		{"melahirkan", roster.MaternityLeave},
		{"bersalin", roster.MaternityLeave},
		{"alasan penting", roster.UrgentLeave},
		{"penting", roster.UrgentLeave},
		{"di luar tanggungan negara", roster.UnpaidLeave},
		{"luar tanggungan", roster.UnpaidLeave},
		{"cltn", roster.UnpaidLeave},
	} {
		if strings.HasPrefix(low, k.words) {
			return k.kind, strings.TrimSpace(arg[len(k.words):])
		}
	}
	return "", arg
}

// letterNumber is how people write the number of a letter.
var letterNumber = regexp.MustCompile(`(?i)\b(?:(?:no(?:mor)?\.?\s*)?(?:spt|surat(?:\s+(?:tugas|cuti|izin|keterangan))?)(?:\s*(?:no(?:mor)?\.?|:))*|no(?:mor)?\.?)\s*:?\s*([A-Za-z0-9.]*\d[A-Za-z0-9./-]*)`)

// readLeave takes from words what they say: dates, a letter's number, a reason.
func (t *turn) readLeave(l *LeaveDraft, text string) (read bool) {
	if m := letterNumber.FindStringSubmatch(text); m != nil {
		l.Letter = Clip(m[1], 60)
		text = strings.Replace(text, m[0], " ", 1)
		read = true
	}
	d, ok := parse.ReadDates(text, t.Today)
	if ok {
		l.From, l.To = d.From, d.To
		if d.Count > 0 {
			l.To = roster.Day{}
			l.Count = d.Count
		}
		text, read = d.Rest, true
	}
	if note := strings.Trim(parse.Clean(text), " ,.;"); note != "" && (ok || l.Note == "" && !l.From.IsZero()) {
		l.Note, read = Clip(note, 200), true
	}
	return read
}

// attach keeps a picture of the letter; it is fetched when somebody looks at it.
func (t *turn) attach(l *LeaveDraft) bool {
	for _, a := range t.Msg.Attachments {
		if a.FileID != "" {
			l.File = a.FileID
			return true
		}
	}
	return false
}

// leaveNext asks for the next thing that is missing, or shows the summary.
func (t *turn) leaveNext(ctx context.Context) error {
	s := t.side()
	l := &s.Leave
	if l.Kind == "" {
		s.Step = "kind"
		t.sideAsk("cuti_jenis", nil, t.kindButtons())
		return nil
	}
	if l.From.IsZero() {
		return t.askLeaveDays("cuti_tanggal", nil)
	}
	if err := t.countDays(ctx, l); err != nil {
		return err
	}
	if handled, err := t.leaveRefused(ctx, *l); handled || err != nil {
		return err
	}
	return t.leaveSummary(ctx)
}

func (t *turn) askLeaveDays(sentence string, data Data) error {
	s := t.side()
	s.Step, s.Leave.From, s.Leave.To = "dates", roster.Day{}, roster.Day{}
	if data == nil {
		data = Data{}
	}
	data["Jenis"] = t.absenceName(s.Leave.Kind)
	on := func(id, words string) Choice {
		return Choice{Label: t.say.Text(id, nil), Action: ActLeave, Args: Args{Question: "on", Value: words}}
	}
	t.sideAsk(sentence, data, [][]Choice{
		{on("tombol_hari_ini", "hari ini"), on("tombol_besok", "besok")},
		{t.leaveCancel()},
	})
	return nil
}

func (t *turn) kindButtons() [][]Choice {
	var rows [][]Choice
	for _, row := range leaveKinds() {
		var line []Choice
		for _, k := range row {
			line = append(line, Choice{
				Label: t.say.Text("tombol_cuti_"+string(k), nil), Action: ActLeave, Args: Args{Question: "kind", Value: string(k)},
			})
		}
		rows = append(rows, line)
	}
	return append(rows, []Choice{t.leaveCancel()})
}

func (t *turn) leaveCancel() Choice {
	return Choice{Label: t.say.Text("tombol_batal", nil), Action: ActLeave, Args: Args{Question: "drop"}}
}

// absenceName is how a kind is called to people.
func (t *turn) absenceName(k roster.AbsenceKind) string { return t.say.absence(k) }

// absenceTitle is its name at the beginning of a sentence.
func (s Speaker) absenceTitle(k roster.AbsenceKind) string {
	r := []rune(s.absence(k))
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

func (s Speaker) absence(k roster.AbsenceKind) string { return s.Text("jenis_"+string(k), nil) }

// countDays ends "3 hari mulai besok" at the third working day.
func (t *turn) countDays(ctx context.Context, l *LeaveDraft) error {
	if !l.To.IsZero() {
		return nil
	}
	l.To = l.From.Add(l.Count - 1)
	days, err := t.rec.Workdays(ctx, t.Person.ID, l.From, l.From.Add(2*l.Count+14))
	if err == nil && len(days) >= l.Count {
		l.To = days[l.Count-1]
	}
	return err
}

// leaveRefused says what is wrong with the days, if anything is, and how to go on.
func (t *turn) leaveRefused(ctx context.Context, l LeaveDraft) (bool, error) {
	first := t.firstOpen()
	switch {
	case l.From.Before(first):
		return true, t.askLeaveDays("cuti_sudah_ditutup", Data{"Tgl": t.say.Day(first), "Atasan": ShortName(t.Person.Supervisor)})
	case l.From.Sub(t.Today) > leaveAhead:
		return true, t.askLeaveDays("cuti_terlalu_jauh", nil)
	}
	old, err := t.rec.Absences(ctx, t.Person.ID, l.From)
	if err != nil {
		return false, err
	}
	for _, o := range old {
		if o.From.After(l.To) || o.Kind.Works() != l.Kind.Works() {
			continue
		}
		t.out.Session.Side = nil
		m := t.say.Say("cuti_bertumpuk", Data{"Jenis": t.absenceName(o.Kind), "Hari": t.say.Days(o.From, o.To)})
		m.Buttons = append(t.endButtons(o), []Choice{t.leaveKeep()})
		t.reply(m)
		return true, nil
	}
	days, err := t.rec.Workdays(ctx, t.Person.ID, l.From, l.To)
	if err == nil && len(days) == 0 {
		return true, t.askLeaveDays("cuti_bukan_hari_kerja", Data{"Hari": t.say.Days(l.From, l.To)})
	}
	return false, err
}

func (t *turn) leaveKeep() Choice {
	return Choice{Label: t.say.Text("tombol_biarkan", nil), Action: ActLeave, Args: Args{Question: "keep"}}
}

// firstOpen is the earliest day that may still be reported: what is over is over,
// in a leave too.
func (t *turn) firstOpen() roster.Day {
	first := t.Today
	for _, w := range t.Days {
		if t.open(w.Day) && w.Day.Before(first) {
			first = w.Day
		}
	}
	return first
}

// leaveSummary shows the whole before it is sent.
func (t *turn) leaveSummary(ctx context.Context) error {
	s := t.side()
	s.Step = "confirm"
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
	if l.File != "" {
		parts = append(parts, t.say.Say("cuti_foto", nil))
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
	data := Data{"Nama": t.say.Vocative(*t.Person), "Jenis": t.absenceName(l.Kind), "Judul": t.say.absenceTitle(l.Kind), "Hari": t.say.Days(l.From, l.To), "Atasan": ""}
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
	t.out.Absent = append(t.out.Absent, AbsenceChange{
		Employee: t.Person.ID, From: l.From, To: l.To, Kind: l.Kind,
		Letter: l.Letter, Note: l.Note, File: l.File, Claim: t.Inbox, Asks: head.ID,
	})
	if s := &t.out.Session; !l.Kind.Works() && !s.Day.Before(l.From) && !s.Day.After(l.To) && len(s.Items) == 0 && s.Stage != StageIdle {
		side := s.Side
		*s = s.ended()
		s.Side = side // nothing is left to ask
	}
	t.audit("absence.claim", fmt.Sprintf("%s %s %s", l.Kind, l.From, l.To))
	if found {
		t.putClaim(head, l)
	}
	return head, found, nil
}

// besides hears words that answer a side dialogue; false leaves them to the report.
func (t *turn) besides(ctx context.Context, text string) (bool, error) {
	s := t.side()
	if s == nil {
		return false, nil
	}
	if t.Now.Sub(s.At) > sideFor || t.About != nil && t.About.Question != sideQuestion {
		return false, nil
	}
	switch s.Kind {
	case SideRefuse:
		return true, t.refuseClaim(ctx, s.Claim, text)
	case SideWithdraw:
		return true, t.withdraw(ctx, s.Day, text)
	default:
	}
	return t.leaveWords(ctx, text)
}

// leaveWords reads an answer about days away. A whole activity is no answer to it.
func (t *turn) leaveWords(ctx context.Context, text string) (bool, error) {
	s, r := t.side(), parse.Read(text)
	switch {
	case r.Intent == parse.Cancel:
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return true, nil
	case s.Step == "confirm" && (r.Intent == parse.Send || r.Intent == parse.Yes):
		return true, t.sendLeave(ctx)
	case s.Step == "confirm" && r.Intent == parse.Change:
		return true, t.tappedLeave(ctx, Args{Question: "change"})
	case r.Intent == parse.Help || whole(r):
		return false, nil
	}
	if s.Leave.Kind == "" || s.Step == "kind" {
		kind, rest := kindInWords(strings.TrimPrefix(strings.ToLower(text), "cuti "))
		if kind != "" {
			s.Leave.Kind = kind
			t.readLeave(&s.Leave, rest)
			return true, t.leaveNext(ctx)
		}
	}
	found := t.attach(&s.Leave)
	if t.readLeave(&s.Leave, text) || found {
		return true, t.leaveNext(ctx)
	}
	if s.Step == "confirm" || s.Step == "change" {
		s.Leave.Note = Clip(parse.Clean(text), 200)
		return true, t.leaveNext(ctx)
	}
	if s.Leave.Kind == "" {
		return true, t.leaveNext(ctx)
	}
	return true, t.askLeaveDays("cuti_tanggal_belum_paham", nil)
}

// sideMedia takes a picture of a letter.
func (t *turn) sideMedia(ctx context.Context) (bool, error) {
	s := t.side()
	if s == nil || s.Kind != SideLeave || t.Msg.Kind != bot.KindMedia || t.Now.Sub(s.At) > sideFor || !t.attach(&s.Leave) {
		return false, nil
	}
	return true, t.leaveNext(ctx)
}

// sideQuestion marks the messages of a side dialogue, so that a quote of one is
// an answer to it.
const sideQuestion = "side"

// side is the running side dialogue, nil for none.
func (t *turn) side() *Side { return t.out.Session.Side }

func (t *turn) sideAsk(sentence string, data Data, buttons [][]Choice) {
	m := t.say.Say(sentence, data)
	m.Buttons = buttons
	t.sideSay(m)
}

func (t *turn) sideSay(m Message) {
	if s := t.side(); s != nil {
		s.At = t.Now
	}
	t.reply(m, About{Question: sideQuestion})
}

// Days is one day or a run of them: "Rabu, 25 November 2026", "25–27 November 2026".
func (s Speaker) Days(from, to roster.Day) string {
	if from == to {
		return s.Day(from)
	}
	return s.Range(from, to)
}
