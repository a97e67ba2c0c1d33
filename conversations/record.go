package conversations

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// A superior notes days away of one of the staff, as the buttons of a digest do for
// one day:
//
//	/catat Fitri sakit 24-25 November ─▶ (who?) ─▶ (what?) ─▶ (when?) ─▶ summary ─ Kirim
//
// It is confirmed at once; the person is told and may say that it is wrong.

// record begins to note days away, or does it from what the words say.
func (t *turn) record(ctx context.Context, arg string) error {
	if t.Person.Staff == 0 {
		t.reply(t.say.Say("catat_tanpa_staf", nil))
		return nil
	}
	t.out.Session.Side = &Side{Kind: SideRecord}
	if arg != "" {
		if err := t.readRecord(ctx, arg); err != nil {
			return err
		}
	}
	return t.recordNext(ctx)
}

// recordKinds are what a superior may note.
func recordKinds() []roster.AbsenceKind {
	return []roster.AbsenceKind{roster.SickDay, roster.AnnualLeave, roster.FieldDuty}
}

// readRecord takes from words whom, what and when they mean.
func (t *turn) readRecord(ctx context.Context, text string) error {
	s := t.side()
	if k := absenceSaid(text); k != "" {
		s.Leave.Kind = k
	}
	if d, ok := parse.ReadDates(text, t.Today); ok {
		s.Leave.From, s.Leave.To, text = d.From, d.To, d.Rest
	}
	staff, err := t.staffPeople(ctx)
	if err != nil {
		return err
	}
	if p, ok := namedIn(staff, text); ok {
		s.Lead.Employee = p.ID
	}
	return nil
}

// absenceSaid is the kind that words name; empty for none.
func absenceSaid(text string) roster.AbsenceKind {
	switch parse.Read(text).Intent {
	case parse.Sick:
		return roster.SickDay
	case parse.Leave:
		return roster.AnnualLeave
	case parse.FieldDuty:
		return roster.FieldDuty
	default:
	}
	for _, word := range []struct {
		said string
		kind roster.AbsenceKind
	}{{"sakit", roster.SickDay}, {"cuti", roster.AnnualLeave}, {"dinas luar", roster.FieldDuty}, {" dl", roster.FieldDuty}} {
		if strings.Contains(strings.ToLower(text), word.said) {
			return word.kind
		}
	}
	return ""
}

// staffPeople are those whom the person leads today.
func (t *turn) staffPeople(ctx context.Context) ([]Person, error) {
	days, err := t.rec.Staff(ctx, t.Person.ID, t.Today)
	if err != nil {
		return nil, err
	}
	out := make([]Person, len(days))
	for i, d := range days {
		out[i] = Person{ID: d.ID, Name: d.Name}
	}
	return out, nil
}

// recordNext asks for what is missing, or shows the whole.
func (t *turn) recordNext(ctx context.Context) error {
	s := t.side()
	staff, err := t.staffPeople(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(staff, func(p Person) bool { return p.ID == s.Lead.Employee })
	l := &s.Leave
	switch {
	case at < 0:
		return t.askWhom(staff)
	case l.Kind == "":
		s.Step = "kind"
		var row []Choice
		for _, k := range recordKinds() {
			row = append(row, Choice{Label: t.say.Text("tidak_hadir_"+string(k), nil), Action: ActRecord, Args: Args{Question: "kind", Value: string(k)}})
		}
		t.sideAsk("catat_jenis", Data{"Nama": ShortName(staff[at].Name)}, [][]Choice{row, {t.recordDo("tombol_batal", "drop")}})
		return nil
	case l.From.IsZero():
		return t.askRecordDays("catat_tanggal", staff[at])
	case l.From.Before(t.Today.Add(-reach)), l.To.Sub(l.From) > 31, l.From.Sub(t.Today) > leaveAhead:
		return t.askRecordDays("catat_tanggal_jauh", staff[at])
	}
	s.Step = "confirm"
	t.sideAsk("catat_ringkasan", Data{
		"Nama": ShortName(staff[at].Name), "Jenis": t.absenceName(l.Kind), "Hari": t.say.Days(l.From, l.To),
	}, [][]Choice{{t.recordDo("tombol_kirim", "send")}, {t.recordDo("tombol_tanggal", "days"), t.recordDo("tombol_batal", "drop")}})
	return nil
}

func (t *turn) recordDo(id, what string) Choice {
	return Choice{Label: t.say.Text(id, nil), Action: ActRecord, Args: Args{Question: what}}
}

func (t *turn) askWhom(staff []Person) error {
	t.side().Step = "who"
	rows := make([]Message, 0, len(staff)+1)
	rows = append(rows, t.say.Say("catat_siapa", nil))
	var keys [][]Choice
	for i, p := range staff {
		rows = append(rows, t.say.Say("catat_baris", Data{"No": i + 1, "Nama": ShortName(p.Name)}))
		if i%buttonsInRow == 0 {
			keys = append(keys, nil)
		}
		last := &keys[len(keys)-1]
		*last = append(*last, Choice{Label: fmt.Sprint(i + 1), Action: ActRecord, Args: Args{Question: "who", Employee: p.ID}})
	}
	m := Lines(rows...)
	m.Buttons = append(keys, []Choice{t.recordDo("tombol_batal", "drop")})
	t.sideSay(m)
	return nil
}

func (t *turn) askRecordDays(sentence string, p Person) error {
	s := t.side()
	s.Step, s.Leave.From, s.Leave.To = "dates", roster.Day{}, roster.Day{}
	on := func(id, words string) Choice {
		return Choice{Label: t.say.Text(id, nil), Action: ActRecord, Args: Args{Question: "on", Value: words}}
	}
	t.sideAsk(sentence, Data{"Nama": ShortName(p.Name), "Jenis": t.absenceName(s.Leave.Kind)}, [][]Choice{
		{on("tombol_hari_ini", "hari ini"), on("tombol_besok", "besok")},
		{t.recordDo("tombol_batal", "drop")},
	})
	return nil
}

// recordWords reads an answer to the dialogue.
func (t *turn) recordWords(ctx context.Context, text string) (bool, error) {
	s, r := t.side(), parse.Read(text)
	switch {
	case r.Intent == parse.Cancel:
		return true, t.tappedRecord(ctx, Args{Question: "drop"})
	case s.Step == "confirm" && (r.Intent == parse.Send || r.Intent == parse.Yes):
		return true, t.sendRecord(ctx)
	case r.Intent == parse.Help || whole(r):
		return false, nil
	}
	if err := t.readRecord(ctx, text); err != nil {
		return true, err
	}
	return true, t.recordNext(ctx)
}

// tappedRecord handles the buttons; one below somebody's name begins it.
func (t *turn) tappedRecord(ctx context.Context, a Args) error {
	if a.Question == "begin" {
		t.out.Session.Side = &Side{Kind: SideRecord, Lead: LeadSide{Employee: a.Employee}}
		return t.recordNext(ctx)
	}
	s := t.side()
	if s == nil || s.Kind != SideRecord {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	switch a.Question {
	case "who":
		s.Lead.Employee = a.Employee
	case "kind":
		s.Leave.Kind = roster.AbsenceKind(a.Value)
	case "on":
		if d, ok := parse.ReadDates(a.Value, t.Today); ok {
			s.Leave.From, s.Leave.To = d.From, d.To
		}
	case "days":
		s.Leave.From = roster.Day{}
	case "send":
		return t.sendRecord(ctx)
	default:
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return nil
	}
	return t.recordNext(ctx)
}

// sendRecord notes the days and tells the person.
func (t *turn) sendRecord(ctx context.Context) error {
	s := t.side()
	l, id := s.Leave, s.Lead.Employee
	staff, err := t.staffPeople(ctx)
	if err != nil {
		return err
	}
	if l.Kind == "" || l.From.IsZero() || !slices.ContainsFunc(staff, func(p Person) bool { return p.ID == id }) {
		return t.recordNext(ctx)
	}
	p, found, err := t.rec.Colleague(ctx, id)
	if err != nil || !found {
		return err
	}
	t.out.Session.Side = nil
	t.out.Absent = append(t.out.Absent, AbsenceChange{Employee: id, From: l.From, To: l.To, Kind: l.Kind, Confirmed: true})
	t.audit("absence.confirm", fmt.Sprintf("employee:%d %s %s %s", id, l.Kind, l.From, l.To))
	t.reply(t.say.Say("staf_dicatat", Data{"Nama": ShortName(p.Name), "Jenis": t.absenceName(l.Kind), "Tgl": t.say.Days(l.From, l.To)}))
	say := t.h.Words.To(p)
	m := say.Say("dicatat_atasan", Data{
		"Nama": say.Vocative(p), "Atasan": ShortName(t.Person.Name), "Tgl": say.Days(l.From, l.To), "Jenis": say.absence(l.Kind),
	})
	m.Buttons = contestRow(say, l.From)
	t.tell(p, fmt.Sprintf("marked/%d/%d", t.Inbox, id), m)
	return nil
}

// contestRow is the button that says that what the superior noted is wrong.
func contestRow(say Speaker, day roster.Day) [][]Choice {
	return [][]Choice{{{Label: say.Text("tombol_keliru", nil), Action: ActContest, Args: Args{Day: day, Question: "absence"}}}}
}
