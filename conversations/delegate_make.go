package conversations

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

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
