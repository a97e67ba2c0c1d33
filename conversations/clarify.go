package conversations

import (
	"context"
	"fmt"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// Actions of the buttons about missing reports.
const (
	ActExplain   Action = "explain"   // the person explains Claim as Value; empty: in own words
	ActExplained Action = "explained" // that is all about Claim, as Value
	ActRule      Action = "rule"      // the superior decides about Claim: accepted, forwarded
	ActClose     Action = "close"     // the personnel office closes Claim: summoned, dropped
)

// SideExplain awaits why reports are missing.
const SideExplain SideKind = "explain"

// What an explanation may be, besides own words. Counselling and a fault of ours go
// to the personnel office, which helps, and not to the superior.
const (
	ExplainSick        = "sick"
	ExplainBereavement = "bereavement"
	ExplainCounselling = "counselling"
	ExplainSystem      = "system"
	ExplainOther       = "other"
)

// Clarifications are what is asked about missing reports.
type Clarifications interface {
	// Clarification is one that viewer may see: the person, whoever has to read it
	// now, or the personnel office once it is theirs. False for everybody else.
	Clarification(ctx context.Context, viewer roster.EmployeeID, id int64) (Clarification, bool, error)
}

// ClarifyRole is as whom somebody sees a clarification.
type ClarifyRole string

// The roles.
const (
	ClarifySelf   ClarifyRole = "self"
	ClarifyReader ClarifyRole = "reader"
	ClarifyOffice ClarifyRole = "office"
)

// Clarification is what is known of one.
type Clarification struct {
	ID        int64
	Person    Person
	As        ClarifyRole
	Explained bool
	// Open: the person may still explain, the reader decide, or the office close.
	Open bool
}

// Clarified is what a turn changes about one: one of its three is set.
type Clarified struct {
	ID         int64
	Kind, Said string // the explanation
	Decision   string // of a superior: accepted, forwarded
	Closed     string // by the personnel office: summoned, dropped
}

// tappedClarify handles the buttons about missing reports. Each tap is checked again.
func (t *turn) tappedClarify(ctx context.Context, action Action, a Args) error {
	c, found, err := t.rec.Clarification(ctx, t.Person.ID, a.Claim)
	if err != nil {
		return err
	}
	want := map[Action]ClarifyRole{ActExplain: ClarifySelf, ActExplained: ClarifySelf, ActRule: ClarifyReader, ActClose: ClarifyOffice}[action]
	switch {
	case !found || c.As != want:
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	case !c.Open || c.Explained && want == ClarifySelf:
		t.out.Toast = t.say.Text("sudah_tercatat", nil)
		return nil
	}
	switch action {
	case ActExplain:
		return t.askExplanation(c, a.Value)
	case ActExplained:
		t.explain(c, a.Value, "")
	case ActRule:
		t.rule(c, a.Value)
	default:
		t.closeClarification(c, a.Value)
	}
	return nil
}

// askExplanation takes what needs no words at once, and asks for a few otherwise.
func (t *turn) askExplanation(c Clarification, kind string) error {
	if kind == ExplainCounselling {
		t.explain(c, kind, "")
		return nil
	}
	if kind == "" {
		kind = ExplainOther
	}
	t.out.Session.Side = &Side{Kind: SideExplain, Claim: c.ID, Step: kind}
	var buttons [][]Choice
	if kind != ExplainOther {
		buttons = [][]Choice{{{Label: t.say.Text("tombol_cukup_itu", nil), Action: ActExplained, Args: Args{Claim: c.ID, Value: kind}}}}
	}
	t.sideAsk("jelaskan_"+kind, Data{"Anda": t.say.Honorific(t.Person.Sex)}, buttons)
	return nil
}

// explainWith takes words as the explanation that was asked for.
func (t *turn) explainWith(ctx context.Context, text string) (bool, error) {
	s := *t.side()
	r := parse.Read(text)
	if r.Intent == parse.Cancel {
		t.out.Session.Side = nil
		t.reply(t.say.Say("jelaskan_nanti", nil))
		return true, nil
	}
	if r.Intent == parse.Help || whole(r) { // a report is never taken for an excuse
		return false, nil
	}
	c, found, err := t.rec.Clarification(ctx, t.Person.ID, s.Claim)
	if err != nil {
		return true, err
	}
	if !found || c.As != ClarifySelf || !c.Open || c.Explained {
		t.out.Session.Side = nil
		t.reply(t.say.Say("sudah_tercatat", nil))
		return true, nil
	}
	t.explain(c, s.Step, Clip(strings.Join(strings.Fields(parse.Clean(text)), " "), 600))
	return true, nil
}

// explain keeps the explanation; the clock takes it on from there.
func (t *turn) explain(c Clarification, kind, said string) {
	t.out.Session.Side = nil
	t.out.Clarified = &Clarified{ID: c.ID, Kind: kind, Said: said}
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	t.reply(t.say.Say("penjelasan_diterima_"+kind, Data{"Sapa": t.say.Vocative(*t.Person), "Anda": t.say.Honorific(t.Person.Sex), "Atasan": ShortName(t.Person.Supervisor)}))
}

// rule keeps what the superior decides. It is no sanction either way.
func (t *turn) rule(c Clarification, decision string) {
	t.out.Clarified = &Clarified{ID: c.ID, Decision: decision}
	t.audit("clarification."+decision, fmt.Sprintf("employee:%d", c.Person.ID))
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	t.reply(t.say.Say("klarifikasi_putus_"+decision, Data{"Nama": ShortName(c.Person.Name)}))
	say := t.h.Words.To(c.Person)
	t.queue(Say{
		Key: fmt.Sprintf("clarify/%d/%s", c.ID, decision), Kind: KindNotice, Employee: c.Person.ID,
		Msg: say.Say("klarifikasi_kabar_"+decision, Data{
			"Sapa": say.Vocative(c.Person), "Atasan": ShortName(t.Person.Name), "Anda": say.Honorific(c.Person.Sex),
		}),
	})
}

// closeClarification keeps what a person of the personnel office decided.
func (t *turn) closeClarification(c Clarification, how string) {
	t.out.Clarified = &Clarified{ID: c.ID, Closed: how}
	t.audit("clarification."+how, fmt.Sprintf("employee:%d", c.Person.ID))
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	t.reply(t.say.Say("klarifikasi_tutup_"+how, Data{"Nama": ShortName(c.Person.Name)}))
	say := t.h.Words.To(c.Person)
	t.queue(Say{
		Key: fmt.Sprintf("clarify/%d/%s", c.ID, how), Kind: KindNotice, Employee: c.Person.ID,
		Msg: say.Say("klarifikasi_akhir_"+how, Data{"Sapa": say.Vocative(c.Person), "Anda": say.Honorific(c.Person.Sex)}),
	})
}
