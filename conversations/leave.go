package conversations

import (
	"context"
	"regexp"
	"strings"
	"unicode"

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

// leave begins, or does at once, what one of the commands asks for; without a kind
// the words may have one.
func (t *turn) leave(ctx context.Context, kind roster.AbsenceKind, arg string) error {
	l := LeaveDraft{Kind: kind}
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
	t.enclose(&l)
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
