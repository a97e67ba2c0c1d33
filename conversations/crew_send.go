package conversations

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// CrewReport is a report for everybody of a crew who was there.
type CrewReport struct {
	Day     roster.Day
	At      time.Time
	Late    bool
	Flow    string
	Items   []parse.Item
	Members []roster.EmployeeID
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
