package conversations

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"ekinerja/conversations/picture"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// GroupRecap is what an office's group is told.
type GroupRecap struct {
	Office      string
	First, Last roster.Day
	Sum         scoring.TeamSummary
	Members     []TeamMember
	Top         int             // most names
	AtLeast     decimal.Decimal // points of whoever is named
	Before      []WeekRate      // the weeks before, oldest first
}

// WeekRate is what came in of what was due in a week.
type WeekRate struct {
	First   roster.Day
	Due, In int
}

// GroupRecap tells a group the rate of the office and good results only. Nobody
// can be told from it to have done badly: names are few, in the order of the
// alphabet and without figures, and when more people share the last place than
// may be named, none is.
func (s Speaker) GroupRecap(g GroupRecap) (Message, error) {
	parts := []Message{s.Say("rekap_opd", Data{
		"OPD": g.Office, "Pekan": s.Range(g.First, g.Last), "Persen": s.points(g.Sum.Compliance.Round(1)),
		"Lapor": s.Int(g.Sum.In), "Wajib": s.Int(g.Sum.Due),
	})}
	if n := complete(g.Members); n > 0 {
		parts = append(parts, s.Say("rekap_opd_lengkap", Data{"Count": n}))
	}
	if praised := s.praised(g); praised.Text != "" {
		parts = append(parts, praised)
	}
	m := Join(append(parts, s.Say("rekap_opd_penutup", nil))...)
	photo, err := picture.Group(s.groupChart(g))
	if err != nil {
		return m, fmt.Errorf("draw group: %w", err)
	}
	m.Photo = photo
	return m, nil
}

// complete counts people with a report for every day that counts.
func complete(members []TeamMember) int {
	n := 0
	for _, m := range members {
		if m.Result.DueDays > 0 && m.Result.Missing == 0 {
			n++
		}
	}
	return n
}

func (s Speaker) praised(g GroupRecap) Message {
	data := Data{"Nilai": s.points(g.AtLeast), "Count": 0, "Nama": ""}
	best := map[roster.EmployeeID]bool{}
	for _, m := range g.Sum.Best {
		best[m.Employee] = true
	}
	if len(best) == 0 {
		return Message{}
	}
	if len(best) > g.Top {
		n := 0
		for _, m := range g.Members {
			if r := m.Result; !r.Empty && r.Missing == 0 && r.Score.GreaterThanOrEqual(g.AtLeast) {
				n++
			}
		}
		data["Count"] = n
		return s.Say("rekap_opd_banyak", data)
	}
	var names []string
	for _, m := range byShortName(g.Members) {
		if best[m.ID] {
			names = append(names, ShortName(m.Name))
		}
	}
	data["Nama"] = strings.Join(names, ", ")
	return s.Say("rekap_opd_terbaik", data)
}

func (s Speaker) groupChart(g GroupRecap) picture.GroupChart {
	c := picture.GroupChart{
		Title: Clip(g.Office, 60), Subtitle: s.Text("gambar_kepatuhan", nil), Nothing: s.Text("gambar_kosong", nil),
	}
	weeks := append(append([]WeekRate{}, g.Before...), WeekRate{First: g.First, Due: g.Sum.Due, In: g.Sum.In})
	for _, w := range weeks {
		r := picture.Rate{Label: fmt.Sprintf("%d %s", w.First.Date, string([]rune(s.Month(w.First.Month))[:3])), None: w.Due == 0, Text: "–"}
		if w.Due > 0 {
			value := decimal.NewFromInt(int64(w.In)*100).DivRound(decimal.NewFromInt(int64(w.Due)), 1)
			r.Value, r.Text = value.InexactFloat64(), s.Number(value.String())+" %"
		}
		c.Weeks = append(c.Weeks, r)
	}
	return c
}
