package conversations

import (
	"context"
	"fmt"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// What somebody else noted about a person's day, the superior an absence or the
// foreman a report, the person may say is wrong:
//
//	Keliru ─▶ (what is wrong?) ─▶ open ─ Batalkan catatan ─▶ granted: it counts no more
//	                                   └ Tetap ─▶ kept: the personnel office is named
//
// Until somebody decides nothing changes, and nothing is lost by it: such a day
// never lowers a score.

// Actions about what was noted by others.
const (
	ActContest Action = "contest" // Question says which: absence, crew; grant, keep of Employee
	ActRecord  Action = "record"  // note days away of one of the staff
)

// Contests are words against what was noted.
type Contests interface {
	// Noted is what somebody else noted about a person's day: "absence" or "crew".
	Noted(ctx context.Context, id roster.EmployeeID, day roster.Day, about string) (Noted, bool, error)
	// Contest is the word of a person about a day that waits for viewer; else false.
	Contest(ctx context.Context, viewer, id roster.EmployeeID, day roster.Day) (Contest, bool, error)
}

// Noted is a record that somebody else made about a day.
type Noted struct {
	Absence, Report int64 // one of them
	Kind            roster.AbsenceKind
	By              roster.EmployeeID // who decides about a word against it
	Contested       bool              // something was said already
}

// Contest is a person's word that waits for a decision.
type Contest struct {
	ID              int64
	Absence, Report int64
	Person          Person
	Kind            roster.AbsenceKind
	Day, From, To   roster.Day
	Said            string
}

// NewContest says that what was noted about Day is wrong.
type NewContest struct {
	Day             roster.Day
	Absence, Report int64
	Asks            roster.EmployeeID
	Said            string
}

// ContestSettled decides about one. Granted: what was noted counts no more; Grace
// is until when days that become due may be reported.
type ContestSettled struct {
	Contest Contest
	Granted bool
	Grace   Grace
}

// tappedContest handles the buttons.
func (t *turn) tappedContest(ctx context.Context, a Args) error {
	if a.Question == "grant" || a.Question == "keep" {
		return t.settleContest(ctx, a)
	}
	n, found, err := t.rec.Noted(ctx, t.Person.ID, a.Day, a.Question)
	switch {
	case err != nil:
		return err
	case !found:
		t.out.Toast = t.say.Text("toast_catatan_tidak_ada", nil)
		return nil
	case n.Contested:
		t.out.Toast = t.say.Text("sudah_tercatat", nil)
		return nil
	}
	t.out.Session.Side = &Side{Kind: SideContest, Day: a.Day, Step: a.Question}
	t.sideAsk("keliru_apa", Data{"Tgl": t.say.Day(a.Day)}, nil)
	return nil
}

// contestWords are what is wrong.
func (t *turn) contestWords(ctx context.Context, text string) (bool, error) {
	s := t.side()
	r := parse.Read(text)
	if r.Intent == parse.Cancel {
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return true, nil
	}
	if r.Intent == parse.Help || whole(r) {
		return false, nil
	}
	t.out.Session.Side = nil
	n, found, err := t.rec.Noted(ctx, t.Person.ID, s.Day, s.Step)
	if err != nil {
		return true, err
	}
	if !found || n.Contested {
		t.reply(t.say.Say("sudah_tercatat", nil))
		return true, nil
	}
	said := Clip(parse.Clean(text), 300)
	head, found, err := t.rec.Colleague(ctx, n.By)
	if err != nil {
		return true, err
	}
	if !found {
		n.By = 0
	}
	t.lead().Contested = &NewContest{Day: s.Day, Absence: n.Absence, Report: n.Report, Asks: n.By, Said: said}
	t.audit("contest.made", s.Day)
	t.reply(t.say.Say("keliru_diteruskan", Data{"Nama": t.say.Vocative(*t.Person), "Atasan": ShortName(head.Name)}))
	if !found {
		return true, nil
	}
	say := t.h.Words.To(head)
	t.tell(head, fmt.Sprintf("contest/%d", t.Inbox), say.ContestHeard(head, Contest{Person: *t.Person, Day: s.Day, Said: said}, n.Kind))
	return true, nil
}

// ContestHeard puts a word against a note to whoever decides: an absence of a kind,
// or without one a report by the foreman.
func (s Speaker) ContestHeard(to Person, c Contest, kind roster.AbsenceKind) Message {
	what := s.Text("catatan_kru", nil)
	if kind != "" {
		what = s.absence(kind)
	}
	m := s.Say("keliru_masuk", Data{
		"Sapa": s.Vocative(to), "Nama": ShortName(c.Person.Name), "Tgl": s.Day(c.Day), "Catatan": what, "Kata": c.Said,
	})
	do := func(label, what string) Choice {
		return Choice{Label: s.Text(label, nil), Action: ActContest, Args: Args{Question: what, Employee: c.Person.ID, Day: c.Day}}
	}
	m.Buttons = [][]Choice{{do("tombol_batalkan_catatan", "grant"), do("tombol_tetap", "keep")}}
	return m
}

// settleContest decides about a word.
func (t *turn) settleContest(ctx context.Context, a Args) error {
	c, found, err := t.rec.Contest(ctx, t.Person.ID, a.Employee, a.Day)
	if err != nil {
		return err
	}
	if !found {
		t.out.Toast = t.say.Text("sudah_tercatat", nil)
		return nil
	}
	d := ContestSettled{Contest: c, Granted: a.Question == "grant"}
	if d.Granted && c.Absence != 0 {
		if d.Grace, err = t.fair(ctx, c.Person.ID); err != nil {
			return err
		}
	}
	t.lead().Settled = &d
	t.audit("contest."+a.Question, fmt.Sprintf("employee:%d %s", c.Person.ID, c.Day))
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	say := t.h.Words.To(c.Person)
	data := Data{"Sapa": say.Vocative(c.Person), "Tgl": say.Day(c.Day), "Atasan": ShortName(t.Person.Name), "Batas": ""}
	id, told := "keliru_tetap", "keliru_tetap_pelapor"
	if d.Granted {
		id, told = "keliru_dibatalkan", "keliru_dibatalkan_pelapor"
	}
	if !d.Grace.Deadline.IsZero() {
		data["Batas"] = say.DayTime(d.Grace.Deadline)
	}
	t.reply(t.say.Say(id, Data{"Nama": ShortName(c.Person.Name), "Tgl": t.say.Day(c.Day), "Ponsel": c.Person.Phone != ""}))
	m := say.Say(told, data)
	if d.Granted && c.Absence != 0 {
		m.Buttons = [][]Choice{{{Label: say.Text("tombol_tulis_laporan", nil), Action: ActStart, Args: Args{Day: c.Day}}}}
	}
	t.tell(c.Person, fmt.Sprintf("contest/%d/%d", c.ID, t.Inbox), m)
	return nil
}
