package conversations

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"ekinerja/bot"
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

// CrewReport is a report for everybody of a crew who was there.
type CrewReport struct {
	Day     roster.Day
	At      time.Time
	Late    bool
	Flow    string
	Items   []parse.Item
	Members []roster.EmployeeID
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

// crewSummary shows the whole before it is sent.
func (t *turn) crewSummary(members []CrewMember) error {
	s := t.side()
	s.Step = "confirm"
	d := s.Lead.Crew
	parts := []Message{t.say.Say("kru_ringkasan", Data{"Tgl": t.say.Day(d.Day)})}
	for _, state := range []CrewState{CrewHere, CrewSick, CrewAway, CrewFree, CrewGone, ""} {
		var names []string
		for _, m := range members {
			if own := m.Sent && !m.Ours; d.States[m.Place] == state && (state != CrewHere || !own) {
				names = append(names, strconv.Itoa(m.Place)+" "+ShortName(m.Person.Name))
			}
		}
		if len(names) > 0 {
			id := "kru_baris_" + string(state)
			if state == "" {
				id = "kru_baris_tidak_disebut"
			}
			parts = append(parts, t.say.Say(id, Data{"Count": len(names), "Nama": strings.Join(names, ", ")}))
		}
	}
	if len(d.Items) > 0 {
		parts = append(parts, t.lines(d.Items))
	}
	if d.Photos > 0 {
		parts = append(parts, t.say.Say("kru_foto", Data{"Count": d.Photos}))
	}
	m := Join(Lines(parts...), t.say.Say("kru_ubah", nil))
	do := func(id, what string) Choice {
		return Choice{Label: t.say.Text(id, nil), Action: ActCrew, Args: Args{Question: what}}
	}
	m.Buttons = [][]Choice{{do("tombol_kirim", "send")}, {do("tombol_batal", "drop")}}
	t.sideSay(m)
	return nil
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

// crewMedia takes a photo of the crew's work; it is kept with the foreman's day.
func (t *turn) crewMedia(ctx context.Context) (bool, error) {
	s := t.side()
	if s == nil || s.Kind != SideCrew || t.Msg.Kind != bot.KindMedia || len(t.Msg.Attachments) == 0 || s.Lead.Crew == nil || t.Now.Sub(s.At) > sideFor {
		return false, nil
	}
	p, refusal := t.piece()
	if refusal.Text != "" {
		t.reply(refusal)
		return true, nil
	}
	d := *s.Lead.Crew
	d.Photos++
	s.Lead.Crew = &d
	t.changeEvidence(d.Day).Add = &p
	members, err := t.rec.Crew(ctx, t.Person.ID, d.Day)
	if err != nil {
		return true, err
	}
	if t.Msg.Text != "" {
		return true, t.readCrew(members, t.Msg.Text)
	}
	if s.Step == "confirm" || t.Msg.Album == "" || d.Photos == 1 {
		return true, t.crewNext(members)
	}
	return true, nil
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

// sendCrew makes it a report for each who was there.
func (t *turn) sendCrew(ctx context.Context) error {
	d := *t.side().Lead.Crew
	members, err := t.rec.Crew(ctx, t.Person.ID, d.Day)
	if err != nil {
		return err
	}
	here := d.present(members)
	if len(d.States) == 0 || len(here) > 0 && len(d.Items) == 0 {
		return t.crewNext(members)
	}
	if d.Day != t.Today && !t.open(d.Day) {
		return t.closed(d.Day)
	}
	t.out.Session.Side = nil
	out := CrewReport{Day: d.Day, At: t.at(), Late: t.isLate(d.Day, t.at()), Flow: t.h.Flow.Ref(), Items: d.Items}
	for _, m := range here {
		out.Members = append(out.Members, m.Person.ID)
		t.tellMember(m, d.Day)
	}
	if len(here) > 0 {
		t.lead().Crew = &out
	}
	away := 0
	for _, m := range members {
		if kind := d.States[m.Place].absence(); kind != "" && !m.Sent {
			t.out.Absent = append(t.out.Absent, AbsenceChange{Employee: m.Person.ID, From: d.Day, To: d.Day, Kind: kind, Confirmed: true})
			away++
		}
	}
	t.audit("crew.report", fmt.Sprintf("%s %d", d.Day, len(here)))
	t.out.Toast = t.say.Text("toast_terkirim", nil)
	t.reply(t.say.Say("kru_terkirim", Data{
		"Nama": t.say.Vocative(*t.Person), "Tgl": t.say.Day(d.Day), "Count": len(here), "Tidak": away, "Pukul": t.say.Time(t.at()),
	}))
	return nil
}

// tellMember lets a member with a chat know, once, and say that it is wrong.
func (t *turn) tellMember(m CrewMember, day roster.Day) {
	if !m.Live {
		return
	}
	say := t.h.Words.To(m.Person)
	msg := say.Say("kru_dicatat", Data{"Sapa": say.Vocative(m.Person), "Tgl": say.Day(day), "Mandor": ShortName(t.Person.Name)})
	msg.Buttons = [][]Choice{{{Label: say.Text("tombol_keliru", nil), Action: ActContest, Args: Args{Day: day, Question: "crew"}}}}
	t.tell(m.Person, fmt.Sprintf("crew/%s/%d", day, m.Person.ID), msg)
}
