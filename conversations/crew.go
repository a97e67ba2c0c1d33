package conversations

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// A foreman reports for people without a telephone of their own: who was there, by
// the numbers of the roll, what they did together, a photo. Each of them has a
// report and a record of their own from it, and may say later that it is wrong.
//
//	/kru ─▶ roll ─▶ what was done ─▶ summary ─ Kirim ─▶ a report for each who was there
//
// Nobody of a crew is asked or reminded; whom the foreman does not name, nothing is
// noted of, and an unnamed day is nobody's fault.

// ActCrew is a step of reporting for a crew: Question says which.
const ActCrew Action = "crew"

// Crews are for whom somebody reports.
type Crews interface {
	// Crew is the crew of a foreman on a day, in the order of the roll; none for
	// everybody else.
	Crew(ctx context.Context, foreman roster.EmployeeID, day roster.Day) ([]CrewMember, error)
}

// CrewMember is somebody of a crew.
type CrewMember struct {
	Place  int // the number on the roll
	Person Person
	Sent   bool // has a report of the day
	Ours   bool // which the foreman wrote
	Live   bool // has a chat
}

// CrewDraft is a report for a crew that is being written.
type CrewDraft struct {
	Day    roster.Day        `json:"day"`
	States map[int]CrewState `json:"states,omitempty"`
	Items  []parse.Item      `json:"items,omitempty"`
	Photos int               `json:"photos,omitempty"`
}

// crew begins a report for the crew.
func (t *turn) crew(ctx context.Context, arg string) error {
	day := t.Today
	if rest, ok := strings.CutPrefix(strings.ToLower(arg), "kemarin"); ok {
		day, arg = t.Today.Add(-1), strings.TrimSpace(arg[len(arg)-len(rest):])
	}
	members, err := t.rec.Crew(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	switch {
	case len(members) == 0:
		t.reply(t.say.Say("kru_tidak_ada", nil))
		return nil
	case day != t.Today && !t.open(day):
		return t.closed(day)
	}
	t.out.Session.Side = &Side{Kind: SideCrew, Step: "roll", Lead: LeadSide{Crew: &CrewDraft{Day: day}}}
	if arg != "" {
		return t.readCrew(members, arg)
	}
	return t.crewNext(members)
}

// readCrew takes from words who was where and what was done.
func (t *turn) readCrew(members []CrewMember, text string) error {
	d := t.side().Lead.Crew
	roll, named := ReadRoll(text, placesOf(members))
	if len(roll.Unknown) > 0 {
		t.reply(t.say.Say("kru_nomor_tidak_ada", Data{"Nomor": numbers(roll.Unknown), "Count": len(members)}))
	}
	if named {
		states := map[int]CrewState{}
		maps.Copy(states, d.States)
		maps.Copy(states, roll.States)
		d.States, text = states, roll.Rest
	}
	if text != "" {
		d.did(parse.Read(text))
	}
	return t.crewNext(members)
}

// did takes activities; figures alone complete the one that has none.
func (d *CrewDraft) did(r parse.Reading) {
	if len(r.Items) == 0 {
		return
	}
	if it := r.Items[0]; it.Description == "" && len(d.Items) > 0 {
		last := &d.Items[len(d.Items)-1]
		if it.Minutes > 0 {
			last.Minutes, last.Start, last.End = it.Minutes, it.Start, it.End
		}
		if it.Quantity.Known() {
			last.Quantity, last.Unit = it.Quantity, it.Unit
		}
		return
	}
	d.Items = nil
	for _, it := range r.Items[:min(len(r.Items), 5)] {
		if it.Description == "" {
			it.Description = Clip(it.Source, 300)
		}
		d.Items = append(d.Items, it)
	}
}

func (d *CrewDraft) timed() bool {
	return len(d.Items) > 0 && !slices.ContainsFunc(d.Items, func(it parse.Item) bool { return it.Minutes == 0 })
}

func placesOf(members []CrewMember) []int {
	places := make([]int, len(members))
	for i, m := range members {
		places[i] = m.Place
	}
	return places
}

func numbers(all []int) string {
	words := make([]string, len(all))
	for i, n := range all {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, ", ")
}

// crewNext asks for what is missing, or shows the whole.
func (t *turn) crewNext(members []CrewMember) error {
	s := t.side()
	d := s.Lead.Crew
	drop := []Choice{{Label: t.say.Text("tombol_batal", nil), Action: ActCrew, Args: Args{Question: "drop"}}}
	switch {
	case len(d.States) == 0:
		s.Step = "roll"
		rows := make([]Message, 0, len(members)+2)
		rows = append(rows, t.say.Say("kru_daftar", Data{"Tgl": t.say.Day(d.Day), "Count": len(members)}))
		for _, m := range members {
			rows = append(rows, Message{Text: strconv.Itoa(m.Place) + ". " + ShortName(m.Person.Name)})
		}
		m := Join(Lines(rows...), t.say.Say("kru_tanya_hadir", nil))
		m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_semua_hadir", nil), Action: ActCrew, Args: Args{Question: "all"}}}, drop}
		t.sideSay(m)
	case !d.anyHere():
		return t.crewSummary(members)
	case len(d.Items) == 0:
		s.Step = "work"
		t.sideAsk("kru_tanya_kegiatan", Data{"Count": len(d.present(members))}, [][]Choice{drop})
	case !d.timed() && s.Step != "time":
		s.Step = "time"
		t.sideAsk("kru_tanya_lama", Data{"Kegiatan": Clip(d.Items[0].Description, 120)}, [][]Choice{drop})
	default:
		return t.crewSummary(members)
	}
	return nil
}

func (d *CrewDraft) anyHere() bool {
	for _, s := range d.States {
		if s == CrewHere {
			return true
		}
	}
	return false
}

// present are those who were there and have no report of their own hand.
func (d *CrewDraft) present(members []CrewMember) []CrewMember {
	return slices.DeleteFunc(slices.Clone(members), func(m CrewMember) bool {
		return d.States[m.Place] != CrewHere || m.Sent && !m.Ours
	})
}

// crewWords reads an answer to the dialogue.
func (t *turn) crewWords(ctx context.Context, text string) (bool, error) {
	s, r := t.side(), parse.Read(text)
	if s.Lead.Crew == nil {
		t.out.Session.Side = nil
		return false, nil
	}
	switch {
	case r.Intent == parse.Cancel:
		return true, t.tappedCrew(ctx, Args{Question: "drop"})
	case s.Step == "confirm" && (r.Intent == parse.Send || r.Intent == parse.Yes):
		return true, t.sendCrew(ctx)
	case r.Intent == parse.Help:
		return false, nil
	}
	members, err := t.rec.Crew(ctx, t.Person.ID, s.Lead.Crew.Day)
	if err != nil {
		return true, err
	}
	if _, named := ReadRoll(text, placesOf(members)); !named && len(s.Lead.Crew.States) == 0 {
		return false, nil // the own report, perhaps
	}
	if s.Step == "time" && len(r.Items) == 0 {
		return true, t.crewSummary(members) // no time then
	}
	return true, t.readCrew(members, text)
}

// tappedCrew handles the buttons.
func (t *turn) tappedCrew(ctx context.Context, a Args) error {
	s := t.side()
	if s == nil || s.Kind != SideCrew || s.Lead.Crew == nil {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	switch a.Question {
	case "send":
		return t.sendCrew(ctx)
	case "all":
		members, err := t.rec.Crew(ctx, t.Person.ID, s.Lead.Crew.Day)
		if err != nil {
			return err
		}
		return t.readCrew(members, "semua hadir")
	default:
		t.out.Session.Side = nil
		t.reply(t.say.Say("cuti_batal", nil))
		return nil
	}
}
