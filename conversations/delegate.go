package conversations

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// A superior who will be away names somebody who reads, is told who is silent and
// decides in the superior's stead, for a run of days:
//
//	/wakilkan ─▶ (who?) ─▶ (when?) ─▶ summary ─ Kirim ─▶ planned ─▶ active ─▶ over
//	                                                        │          │
//	                             Berhalangan: refused ◀─────┼──────────┤
//	                             Akhiri: ended ◀────────────┴──────────┤
//	                             a Plh by decree: overruled ◀──────────┘
//
// The line of command stays as it is, so a report keeps the superior of its day;
// whatever the stand-in decides is kept with both names. It begins and ends by the
// clock, see jobs/delegate.go.

// ActDelegate is a step of naming a stand-in: Question says which.
const ActDelegate Action = "delegate"

// Delegates are those who may stand in, and who does.
type Delegates interface {
	// StandIns are who may read for a superior: whoever leads them, their peers who
	// lead, their staff who lead; in that order, with a chat.
	StandIns(ctx context.Context, superior roster.EmployeeID) ([]Person, error)
	// Delegations are those of a person, on either side, that are to come or run.
	Delegations(ctx context.Context, id roster.EmployeeID) ([]Delegation, error)
}

// Delegation is somebody who stands in for a superior on some days.
type Delegation struct {
	ID               int64
	Superior, Stands Person
	From, To         roster.Day
	Active           bool
}

// NewDelegation names a stand-in.
type NewDelegation struct {
	StandIn  roster.EmployeeID
	From, To roster.Day
}

// Undelegated ends a stand-in before its time; Refused: by the one who was named.
type Undelegated struct {
	ID      int64
	Refused bool
}

// delegate begins to name a stand-in, or shows who is named.
func (t *turn) delegate(ctx context.Context, arg string) error {
	if t.Person.Staff == 0 {
		t.reply(t.say.Say("wakil_tanpa_staf", nil))
		return nil
	}
	mine, err := t.ownDelegations(ctx)
	if err != nil {
		return err
	}
	if arg == "" && len(mine) > 0 {
		t.showDelegations(mine)
		return nil
	}
	return t.newDelegate(ctx, arg)
}

func (t *turn) newDelegate(ctx context.Context, arg string) error {
	t.out.Session.Side = &Side{Kind: SideDelegate}
	if arg != "" {
		if err := t.readDelegate(ctx, arg); err != nil {
			return err
		}
	}
	return t.delegateNext(ctx)
}

// ownDelegations are those that the person has named.
func (t *turn) ownDelegations(ctx context.Context) ([]Delegation, error) {
	all, err := t.rec.Delegations(ctx, t.Person.ID)
	return slices.DeleteFunc(all, func(d Delegation) bool { return d.Superior.ID != t.Person.ID }), err
}

func (t *turn) showDelegations(mine []Delegation) {
	parts := []Message{t.say.Say("wakil_tercatat", nil)}
	var rows [][]Choice
	for _, d := range mine[:min(len(mine), 4)] {
		parts = append(parts, t.say.Say("wakil_baris", Data{"Nama": ShortName(d.Stands.Name), "Hari": t.say.Days(d.From, d.To), "Berjalan": d.Active}))
		rows = append(rows, []Choice{{
			Label: t.say.Text("tombol_akhiri", Data{"Tgl": t.say.ShortDay(d.From)}), Action: ActDelegate, Args: Args{Question: "end", Claim: d.ID},
		}})
	}
	m := Lines(parts...)
	m.Buttons = append(rows, []Choice{{Label: t.say.Text("tombol_wakil_lain", nil), Action: ActDelegate, Args: Args{Question: "new"}}})
	t.reply(m)
}

// readDelegate takes from words whom they name and which days.
func (t *turn) readDelegate(ctx context.Context, text string) error {
	s := t.side()
	if d, ok := parse.ReadDates(text, t.Today); ok {
		s.Leave.From, s.Leave.To, text = d.From, d.To, d.Rest
	}
	all, err := t.rec.StandIns(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	if p, ok := namedIn(all, text); ok {
		s.Lead.Employee = p.ID
	}
	return nil
}

// namedIn finds the one person whose name words begin; false when none or several.
func namedIn(all []Person, text string) (Person, bool) {
	best, most, tie := Person{}, 0, false
	words := strings.Fields(strings.ToLower(text))
	for _, p := range all {
		n := 0
		for name := range strings.FieldsSeq(strings.ToLower(ShortName(p.Name))) {
			if slices.Contains(words, name) {
				n++
			}
		}
		switch {
		case n > most:
			best, most, tie = p, n, false
		case n == most:
			tie = true
		}
	}
	return best, most > 0 && !tie
}

// delegateNext asks for what is missing, or shows the whole.
func (t *turn) delegateNext(ctx context.Context) error {
	s := t.side()
	all, err := t.rec.StandIns(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(p Person) bool { return p.ID == s.Lead.Employee })
	switch {
	case len(all) == 0:
		t.out.Session.Side = nil
		t.reply(t.say.Say("wakil_tidak_ada", nil))
		return nil
	case at < 0:
		return t.askStandIn(all)
	case s.Leave.From.IsZero():
		return t.askStandInDays("wakil_tanggal", all[at])
	}
	switch sentence, err := t.standInDays(ctx, s.Leave.From, s.Leave.To); {
	case err != nil:
		return err
	case sentence != "":
		return t.askStandInDays(sentence, all[at])
	}
	s.Step = "confirm"
	t.sideAsk("wakil_ringkasan", Data{
		"Nama": ShortName(all[at].Name), "Hari": t.say.Days(s.Leave.From, s.Leave.To), "Staf": t.Person.Staff, "Anda": t.say.Honorific(t.Person.Sex),
	}, [][]Choice{
		{t.delegateDo("tombol_kirim", "send")},
		{t.delegateDo("tombol_wakil_lain", "other"), t.delegateDo("tombol_tanggal", "days"), t.delegateDo("tombol_batal", "drop")},
	})
	return nil
}

// standInDays is what is wrong with the days, empty for nothing.
func (t *turn) standInDays(ctx context.Context, from, to roster.Day) (string, error) {
	switch {
	case from.Before(t.Today):
		return "wakil_sudah_lewat", nil
	case to.Sub(from) >= t.h.Review.standIn():
		return "wakil_terlalu_lama", nil
	case from.Sub(t.Today) > leaveAhead:
		return "cuti_terlalu_jauh", nil
	}
	mine, err := t.ownDelegations(ctx)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(mine, func(d Delegation) bool { return !d.From.After(to) && !d.To.Before(from) }) {
		return "wakil_bertumpuk", nil
	}
	return "", nil
}

func (t *turn) delegateDo(id, what string) Choice {
	return Choice{Label: t.say.Text(id, nil), Action: ActDelegate, Args: Args{Question: what}}
}

// askStandIn offers the colleagues in reach.
func (t *turn) askStandIn(all []Person) error {
	t.side().Step = "who"
	var rows [][]Choice
	for _, p := range all[:min(len(all), 8)] {
		rows = append(rows, []Choice{{
			Label: Clip(ShortName(p.Name), 20), Action: ActDelegate, Args: Args{Question: "who", Employee: p.ID},
		}})
	}
	t.sideAsk("wakil_siapa", nil, append(rows, []Choice{t.delegateDo("tombol_batal", "drop")}))
	return nil
}

func (t *turn) askStandInDays(sentence string, p Person) error {
	s := t.side()
	s.Step, s.Leave.From, s.Leave.To = "dates", roster.Day{}, roster.Day{}
	on := func(id, words string) Choice {
		return Choice{Label: t.say.Text(id, nil), Action: ActDelegate, Args: Args{Question: "on", Value: words}}
	}
	t.sideAsk(sentence, Data{"Nama": ShortName(p.Name), "Count": t.h.Review.standIn(), "Tgl": t.say.Day(t.Today.Add(leaveAhead))}, [][]Choice{
		{on("tombol_hari_ini", "hari ini"), on("tombol_besok", "besok")},
		{t.delegateDo("tombol_batal", "drop")},
	})
	return nil
}

// delegateWords reads an answer to the dialogue. A whole activity is none.
func (t *turn) delegateWords(ctx context.Context, text string) (bool, error) {
	s, r := t.side(), parse.Read(text)
	switch {
	case r.Intent == parse.Cancel:
		return true, t.tappedDelegate(ctx, Args{Question: "drop"})
	case s.Step == "confirm" && (r.Intent == parse.Send || r.Intent == parse.Yes):
		return true, t.sendDelegate(ctx)
	case r.Intent == parse.Help || whole(r):
		return false, nil
	}
	if err := t.readDelegate(ctx, text); err != nil {
		return true, err
	}
	return true, t.delegateNext(ctx)
}

// tappedDelegate handles the buttons.
func (t *turn) tappedDelegate(ctx context.Context, a Args) error {
	switch a.Question {
	case "new":
		return t.newDelegate(ctx, "")
	case "end", "refuse":
		return t.endDelegate(ctx, a)
	}
	s := t.side()
	if s == nil || s.Kind != SideDelegate {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	switch a.Question {
	case "who":
		s.Lead.Employee = a.Employee
	case "on":
		if err := t.readDelegate(ctx, a.Value); err != nil {
			return err
		}
	case "other":
		s.Lead.Employee = 0
	case "days":
		s.Leave.From = roster.Day{}
	case "send":
		return t.sendDelegate(ctx)
	default:
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return nil
	}
	return t.delegateNext(ctx)
}

// sendDelegate notes the stand-in and tells them.
func (t *turn) sendDelegate(ctx context.Context) error {
	s := t.side()
	from, to := s.Leave.From, s.Leave.To
	all, err := t.rec.StandIns(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(p Person) bool { return p.ID == s.Lead.Employee })
	wrong, err := t.standInDays(ctx, from, to)
	if err != nil {
		return err
	}
	if at < 0 || from.IsZero() || wrong != "" {
		return t.delegateNext(ctx) // it waited, and is not possible any more
	}
	p := all[at]
	t.out.Session.Side = nil
	t.lead().Delegated = &NewDelegation{StandIn: p.ID, From: from, To: to}
	t.audit("delegation.made", fmt.Sprintf("employee:%d %s %s", p.ID, from, to))
	t.reply(t.say.Say("wakil_terkirim", Data{"Nama": ShortName(p.Name), "Hari": t.say.Days(from, to)}))
	say := t.h.Words.To(p)
	m := say.Say("wakil_ditunjuk", Data{
		"Sapa": say.Vocative(p), "Anda": say.Honorific(p.Sex), "Atasan": ShortName(t.Person.Name), "Hari": say.Days(from, to), "Staf": t.Person.Staff,
	})
	m.Buttons = [][]Choice{{{Label: say.Text("tombol_berhalangan", nil), Action: ActDelegate, Args: Args{Question: "refuse", Employee: t.Person.ID, Day: from}}}}
	t.tell(p, fmt.Sprintf("delegate/%d", t.Inbox), m)
	return nil
}

// endDelegate ends one before its time, from either side.
func (t *turn) endDelegate(ctx context.Context, a Args) error {
	all, err := t.rec.Delegations(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	refuses := a.Question == "refuse"
	at := slices.IndexFunc(all, func(d Delegation) bool {
		if refuses {
			return d.Stands.ID == t.Person.ID && d.Superior.ID == a.Employee && d.From == a.Day
		}
		return d.Superior.ID == t.Person.ID && d.ID == a.Claim
	})
	if at < 0 {
		t.out.Toast = t.say.Text("toast_wakil_selesai", nil)
		return nil
	}
	d := all[at]
	t.lead().Undelegated = &Undelegated{ID: d.ID, Refused: refuses}
	t.audit("delegation.ended", d.ID)
	other, sentence, told := d.Stands, "wakil_diakhiri", "wakil_diakhiri_wakil"
	if refuses {
		other, sentence, told = d.Superior, "wakil_ditolak", "wakil_ditolak_atasan"
	}
	t.reply(t.say.Say(sentence, Data{"Nama": ShortName(other.Name), "Hari": t.say.Days(d.From, d.To)}))
	say := t.h.Words.To(other)
	m := say.Say(told, Data{"Sapa": say.Vocative(other), "Nama": ShortName(t.Person.Name), "Hari": say.Days(d.From, d.To)})
	if refuses {
		m.Buttons = [][]Choice{{{Label: say.Text("tombol_wakil_lain", nil), Action: ActDelegate, Args: Args{Question: "new"}}}}
	}
	t.tell(other, fmt.Sprintf("delegate/%d/end", d.ID), m)
	return nil
}

// DelegationTurn is what the clock has done with a delegation.
type DelegationTurn string

// The turns of a delegation by the clock.
const (
	DelegationBegins    DelegationTurn = "active"
	DelegationOver      DelegationTurn = "over"
	DelegationOverruled DelegationTurn = "overruled"
)

// StandInBegins tells a stand-in that the days have begun and what waits.
func (s Speaker) StandInBegins(d Delegation, waiting int) Message {
	m := s.Say("wakil_mulai", Data{
		"Sapa": s.Vocative(d.Stands), "Atasan": ShortName(d.Superior.Name), "Sampai": s.Day(d.To), "Count": waiting,
	})
	if waiting > 0 {
		m.Buttons = [][]Choice{{{Label: s.Text("tombol_lihat_daftar", nil), Action: ActQueue}}}
	}
	return m
}

// StandInEnds tells the superior how it was: what was read and what waits.
func (s Speaker) StandInEnds(d Delegation, how DelegationTurn, done, waiting int) Message {
	id := "wakil_berakhir"
	if how == DelegationOverruled {
		id = "wakil_digantikan_plh"
	}
	m := s.Say(id, Data{
		"Sapa": s.Vocative(d.Superior), "Nama": ShortName(d.Stands.Name), "Hari": s.Days(d.From, d.To), "Count": done, "Sisa": waiting,
	})
	if waiting > 0 && how == DelegationOver {
		m.Buttons = [][]Choice{{{Label: s.Text("tombol_lihat_daftar", nil), Action: ActQueue}}}
	}
	return m
}

// StandInThanks ends it for the stand-in.
func (s Speaker) StandInThanks(d Delegation, how DelegationTurn) Message {
	id := "wakil_selesai"
	if how == DelegationOverruled {
		id = "wakil_selesai_plh"
	}
	return s.Say(id, Data{"Sapa": s.Vocative(d.Stands), "Atasan": ShortName(d.Superior.Name)})
}
