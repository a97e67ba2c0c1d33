package conversations

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ekinerja/conversations/picture"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// WeekRecap is one person's week; the person alone is shown it.
type WeekRecap struct {
	Person      Person
	First, Last roster.Day // Last is the day of the recap
	Result      scoring.Result
	Weights     scoring.Weights
	Index       scoring.Index   // how performance and discipline are joined
	Previous    *scoring.Result // of the week before, nil when there is none
}

// WeekRecap tells a person the own figures and what they were made from, with a
// picture. An error costs only the picture; the words are always there.
func (s Speaker) WeekRecap(w WeekRecap) (Message, error) {
	r := w.Result
	data := Data{
		"Sapa": s.Vocative(w.Person), "Anda": s.Honorific(w.Person.Sex), "Pekan": s.Range(w.First, w.Last),
		"Lapor": r.OnTime + r.Late, "Wajib": r.DueDays, "Tepat": r.OnTime, "Menit": s.Int(r.Minutes),
		"Skor": s.points(r.Score), "Lalu": "",
	}
	if w.Previous != nil && !w.Previous.Empty {
		data["Lalu"] = s.points(w.Previous.Score)
	}
	parts := []Message{s.Say("rekap_judul", data)}
	if r.Empty {
		parts = append(parts, s.Say("rekap_kosong", data))
	} else {
		parts = append(parts, Lines(s.Say("rekap_angka", data), s.scoreLine(w, data)), Lines(s.made(w)...))
	}
	if waiting := s.waiting(w); waiting != "" {
		parts = append(parts, s.Say("rekap_terbuka", Data{"Tgl": waiting}))
	}
	m := Join(append(parts, s.Say("rekap_terima_kasih", data))...)
	photo, err := picture.Week(s.weekChart(w))
	if err != nil {
		return m, fmt.Errorf("draw week: %w", err)
	}
	m.Photo = photo
	return m, nil
}

// points is a score as people read it.
func (s Speaker) points(d decimal.Decimal) string { return s.Number(scoring.Shown(d).String()) }

// made are the mean parts of the score, so that nobody has to believe it.
func (s Speaker) made(w WeekRecap) []Message {
	var lines []Message
	for _, part := range s.parts(w.Result, w.Weights) {
		lines = append(lines, s.Say("rekap_bagian", Data{"Bagian": part}))
	}
	return append(lines, s.disciplineLine(w.Result))
}

// waiting are the days up to the recap that are not judged yet: "Jum 20/11".
func (s Speaker) waiting(w WeekRecap) string {
	var days []string
	for _, t := range w.Result.Terms {
		if t.Removed == scoring.StillOpen && !t.Day.After(w.Last) {
			days = append(days, s.ShortDay(t.Day))
		}
	}
	return strings.Join(days, ", ")
}

func (s Speaker) weekChart(w WeekRecap) picture.WeekChart {
	c := picture.WeekChart{
		Title: s.Text("gambar_rekap", Data{"Pekan": s.Range(w.First, w.Last)}), Subtitle: ShortName(w.Person.Name),
		Legend: s.legend(), Nothing: s.Text("gambar_kosong", nil),
	}
	for _, t := range w.Result.Terms {
		if t.Day.After(w.Last) || t.Removed == scoring.NotDue && t.Why == string(roster.ReasonWeekend) {
			continue
		}
		d := picture.Day{Label: s.columnLabel(t.Day), State: stateOf(t), Text: "–"}
		if t.Removed == "" {
			d.Value, d.Text = t.Points.InexactFloat64(), s.points(t.Points)
		}
		c.Days = append(c.Days, d)
	}
	if p := w.Previous; p != nil && !p.Empty {
		c.Previous = &picture.Level{Label: s.Text("gambar_pekan_lalu", Data{"Skor": s.points(p.Score)}), Value: p.Score.InexactFloat64()}
	}
	return c
}

// columnLabel is "Sen 16".
func (s Speaker) columnLabel(d roster.Day) string {
	return fmt.Sprintf("%s %d", string([]rune(s.Weekday(d))[:3]), d.Date)
}

func (s Speaker) legend() picture.Legend {
	return picture.Legend{
		OnTime: s.Text("gambar_tepat", nil), Late: s.Text("gambar_terlambat", nil), Missing: s.Text("gambar_tidak_lapor", nil),
		Off: s.Text("gambar_tidak_wajib", nil), Holiday: s.Text("gambar_libur", nil), Waiting: s.Text("gambar_terbuka", nil),
	}
}

func stateOf(t scoring.Term) picture.State {
	switch {
	case t.Removed == scoring.StillOpen:
		return picture.Waiting
	case t.Why == string(roster.ReasonHoliday) || t.Why == string(roster.ReasonJointLeave):
		return picture.Holiday
	case t.Removed != "":
		return picture.Off
	case t.Mark == scoring.OnTime:
		return picture.OnTime
	case t.Mark == scoring.Late:
		return picture.Late
	}
	return picture.Missing
}

// TeamMember is one person's result.
type TeamMember struct {
	ID     roster.EmployeeID
	Name   string
	Result scoring.Result
}

func byShortName(members []TeamMember) []TeamMember {
	sorted := slices.Clone(members)
	slices.SortFunc(sorted, func(a, b TeamMember) int {
		return cmp.Or(cmp.Compare(strings.ToLower(ShortName(a.Name)), strings.ToLower(ShortName(b.Name))), cmp.Compare(a.ID, b.ID))
	})
	return sorted
}

// TeamRecap is what a supervisor is shown of the own staff.
type TeamRecap struct {
	Head        Person
	First, Last roster.Day
	Members     []TeamMember
}

// captionRoom is how much text, in runes, surely fits under a picture.
const captionRoom = 900

// TeamRecap lists the staff by name, not by score, under a picture; when that
// is too long for a caption the list is a second message.
func (s Speaker) TeamRecap(t TeamRecap) ([]Message, error) {
	members := byShortName(t.Members)
	sum := scoring.Team(scored(members), scoring.Praise{})
	head := s.Say("rekap_tim", Data{
		"Sapa": s.Vocative(t.Head), "Pekan": s.Range(t.First, t.Last), "Persen": s.points(sum.Compliance.Round(1)),
		"Lapor": sum.In, "Wajib": sum.Due, "Tepat": sum.OnTime, "Rerata": s.points(sum.Mean),
	})
	rows := []Message{s.Say("rekap_tim_kepala", nil)}
	for _, m := range members {
		rows = append(rows, Message{Text: s.teamRow(m)})
	}
	table := Lines(rows...)
	photo, err := picture.Team(s.teamChart(t, members, sum))
	if err != nil {
		return []Message{Join(head, table)}, fmt.Errorf("draw team: %w", err)
	}
	one := Join(head, table)
	if len([]rune(one.Text)) <= captionRoom {
		one.Photo = photo
		return []Message{one}, nil
	}
	head.Photo = photo
	return []Message{head, table}, nil
}

func scored(members []TeamMember) []scoring.Member {
	out := make([]scoring.Member, len(members))
	for i, m := range members {
		out[i] = scoring.Member{Employee: m.ID, Result: m.Result}
	}
	return out
}

// teamRow is "Budi Santoso: 5/5 · 4 · 92,4".
func (s Speaker) teamRow(m TeamMember) string {
	score := "–"
	if !m.Result.Empty {
		score = s.points(m.Result.Score)
	}
	return fmt.Sprintf("%s: %d/%d · %d · %s", ShortName(m.Name), m.Result.OnTime+m.Result.Late, m.Result.DueDays, m.Result.OnTime, score)
}

func (s Speaker) teamChart(t TeamRecap, members []TeamMember, sum scoring.TeamSummary) picture.TeamChart {
	c := picture.TeamChart{
		Title: s.Text("gambar_tim", nil), Subtitle: s.Range(t.First, t.Last), Count: s.Text("gambar_orang", nil),
		Nothing: s.Text("gambar_kosong", nil),
	}
	for _, m := range members {
		row := picture.Row{Name: ShortName(m.Name), None: m.Result.Empty, Text: "–"}
		if !row.None {
			row.Value, row.Text = m.Result.Score.InexactFloat64(), s.points(m.Result.Score)
		}
		c.Rows = append(c.Rows, row)
	}
	if sum.Scored > 0 {
		c.Mean = &picture.Level{Label: s.Text("gambar_rerata", Data{"Skor": s.points(sum.Mean)}), Value: sum.Mean.InexactFloat64()}
	}
	return c
}
