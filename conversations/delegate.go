package conversations

import (
	"context"
	"fmt"
	"slices"

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
