package conversations

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ekinerja/roster"
)

// OfficeRules is what holders of roles are shown.
type OfficeRules struct {
	// Below is the share of reports, in percent, under which an office is an exception.
	Below int
	// ReadWithin are the working days within which a report is to be read.
	ReadWithin int
}

// fewestDays are the people's days below which an office is not shown to leaders: of
// very few people a figure is a name.
const fewestDays = 25

// LeaderNews is what a leader of the city hears: only what stands out.
type LeaderNews struct {
	To          Person
	First, Last roster.Day // the week that is over, Monday to Friday
	Days        []OfficeDay
	Before      []OfficeDay // of the week before
	Open        []OfficeOpen
	Rules       OfficeRules
	Now         time.Time
}

// leaderOffice is one office that stands out, and why.
type leaderOffice struct {
	opd   string
	lines []Message
	worst int // the most urgent first
}

// mostExceptions are the offices that a digest names.
const mostExceptions = 5

// LeaderNews tells what stands out; false when nothing does. No person is in it.
func (s Speaker) LeaderNews(n LeaderNews) (Message, bool) {
	all := s.exceptions(n)
	data := Data{
		"Salam": s.Greeting(n.Now), "Sapa": s.Vocative(n.To), "Anda": s.Honorific(n.To.Sex),
		"Awal": s.ShortDay(n.First), "Akhir": s.ShortDay(n.Last), "OPD": s.Int(len(n.Days)), "Batas": s.Int(n.Rules.Below),
	}
	if len(all) == 0 {
		return s.Say("pimpinan_aman", data), false
	}
	shown := all[:min(len(all), mostExceptions)]
	parts := []Message{s.Say("pimpinan_judul", data)}
	var row []Choice
	for i, o := range shown {
		parts = append(parts, s.Say("pimpinan_opd", Data{"No": i + 1, "OPD": Clip(o.opd, 60)}))
		parts = append(parts, o.lines...)
		row = append(row, Choice{Label: fmt.Sprint(i + 1), Action: ActExplainOffice, Args: Args{Value: o.opd}})
	}
	data["Lain"] = max(0, len(all)-len(shown))
	data["Wajar"] = max(0, len(n.Days)-len(all))
	m := Lines(append(parts, s.Say("pimpinan_tutup", data))...)
	m.Buttons = [][]Choice{row}
	return m, true
}

// exceptions are the offices that stand out, the most urgent first.
func (s Speaker) exceptions(n LeaderNews) []leaderOffice {
	at := map[string]*leaderOffice{}
	office := func(opd string) *leaderOffice {
		if at[opd] == nil {
			at[opd] = &leaderOffice{opd: opd}
		}
		return at[opd]
	}
	before := map[string]OfficeDay{}
	for _, b := range n.Before {
		before[b.OPD] = b
	}
	for _, d := range n.Days {
		if d.Answered+d.Missing < fewestDays || d.Percent() >= n.Rules.Below {
			continue
		}
		o, id := office(d.OPD), "pimpinan_rendah"
		data := Data{"Persen": s.Int(d.Percent()), "Sebelumnya": ""}
		if b := before[d.OPD]; b.Answered+b.Missing > 0 {
			data["Sebelumnya"] = s.Int(b.Percent())
		}
		o.lines, o.worst = append(o.lines, s.Say(id, data)), o.worst+100-d.Percent()
	}
	for _, w := range n.Open {
		if w.What != OpenUnread && w.What != OpenBlocker && w.What != OpenDrafted {
			continue // what helps a person is nobody else's business
		}
		o := office(w.OPD)
		o.lines = append(o.lines, s.Say("pimpinan_"+string(w.What), Data{"Banyak": s.Int(w.N), "Sejak": s.ShortDay(w.Since)}))
		o.worst += w.N
	}
	out := make([]leaderOffice, 0, len(at))
	for _, o := range at {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b leaderOffice) int {
		return cmp.Or(cmp.Compare(b.worst, a.worst), strings.Compare(a.opd, b.opd))
	})
	return out
}

// leaderNews answers a leader with what stands out in the week that is over.
func (t *turn) leaderNews(ctx context.Context) error {
	first := t.Today.Monday().Add(-7)
	n := LeaderNews{To: *t.Person, First: first, Last: first.Add(4), Rules: t.h.Offices, Now: t.Now}
	var err error
	if n.Days, err = t.rec.OfficeDays(ctx, t.Person.ID, roster.Leader, first, first.Add(6)); err != nil {
		return err
	}
	if n.Before, err = t.rec.OfficeDays(ctx, t.Person.ID, roster.Leader, first.Add(-7), first.Add(-1)); err != nil {
		return err
	}
	if n.Open, err = t.rec.OfficeOpen(ctx, t.Person.ID, roster.Leader); err != nil {
		return err
	}
	m, _ := t.say.LeaderNews(n)
	t.reply(m)
	return nil
}

// askOffice asks the head of an office for an explanation, in the leader's name. The
// answer goes to the leader directly: it is no business of this service's.
func (t *turn) askOffice(ctx context.Context, opd string) error {
	head, found, err := t.rec.Routed(ctx, HelpRoute{ToOPD: opd})
	if err != nil {
		return err
	}
	if !found || head.ID == t.Person.ID {
		t.reply(t.say.Say("penjelasan_tak_sampai", Data{"OPD": Clip(opd, 60)}))
		return nil
	}
	say := t.h.Words.To(head)
	t.tell(head, fmt.Sprintf("explain/%s/%d/%d", t.Today, t.Person.ID, head.ID), say.Say("penjelasan_diminta", Data{
		"Sapa": say.Vocative(head), "Pimpinan": ShortName(t.Person.Name), "Jabatan": Clip(t.Person.Post, 60), "OPD": Clip(opd, 60), "Anda": say.Honorific(head.Sex),
	}))
	t.audit("office.explain", fmt.Sprintf("employee:%d", head.ID))
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	t.reply(t.say.Say("penjelasan_diteruskan", Data{"Nama": ShortName(head.Name), "OPD": Clip(opd, 60)}))
	return nil
}
