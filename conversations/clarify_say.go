package conversations

import (
	"strings"
	"time"

	"ekinerja/roster"
)

// ClarifyAsk is what somebody is asked about missing reports.
type ClarifyAsk struct {
	To        Person
	Missed    []roster.Day // oldest first
	Until     roster.Day   // the last day for the answer
	Explained bool
	Now       time.Time
}

// AskToExplain asks how the person is before it asks for anything else.
func (s Speaker) AskToExplain(id int64, a ClarifyAsk) Message {
	m := s.Say("klarifikasi_tanya", Data{
		"Salam": s.Greeting(a.Now), "Sapa": s.Vocative(a.To), "Anda": s.Honorific(a.To.Sex), "Count": len(a.Missed),
		"Hari": s.dayList(a.Missed), "Sampai": s.Day(a.Until),
	})
	m.Buttons = s.explainButtons(id)
	return m
}

func (s Speaker) explainButtons(id int64) [][]Choice {
	b := func(label, kind string) Choice {
		return Choice{Label: s.Text(label, nil), Action: ActExplain, Args: Args{Claim: id, Value: kind}}
	}
	return [][]Choice{
		{b("tombol_sedang_sakit", ExplainSick), b("tombol_ada_duka", ExplainBereavement)},
		{b("tombol_konseling", ExplainCounselling)},
		{b("tombol_kendala_layanan", ExplainSystem)},
		{b("tombol_alasan_lain", ExplainOther)},
	}
}

// dayList names a few days and counts the others: "Sen 2/11, Sel 3/11 dan 4 hari lain".
func (s Speaker) dayList(days []roster.Day) string {
	const named = 8
	var names []string
	for _, d := range days[max(0, len(days)-named):] {
		names = append(names, s.ShortDay(d))
	}
	list := strings.Join(names, ", ")
	if more := len(days) - named; more > 0 {
		return s.Text("dan_hari_lain", Data{"Hari": list, "Count": more})
	}
	return list
}

// ClarifyNews is what the person hears when the clock moves it; false when it says
// nothing.
func (s Speaker) ClarifyNews(id int64, move string, a ClarifyAsk) (Message, bool) {
	data := Data{"Sapa": s.Vocative(a.To), "Anda": s.Honorific(a.To.Sex), "Sampai": s.Day(a.Until)}
	var m Message
	switch move {
	case "reminded":
		m = s.Say("klarifikasi_ingatkan", data)
	case "review":
		if a.Explained {
			return m, false // it was told when it was taken
		}
		m = s.Say("klarifikasi_ke_atasan", data)
	case "forwarded":
		m = s.Say("klarifikasi_ke_hr", data)
	case "accepted":
		return s.Say("klarifikasi_lewat", data), true
	case "void":
		return s.Say("klarifikasi_gugur", data), true
	default:
		return m, false
	}
	if !a.Explained {
		m.Buttons = s.explainButtons(id)
	}
	return m, true
}

// ExplanationNotice is what a superior reads about somebody's missing reports.
type ExplanationNotice struct {
	ID         int64
	To, Of     Person
	Missed     []roster.Day
	Kind, Said string // empty: nothing was explained
	Until      roster.Day
	Up         bool   // it came from the superior below, Before by name
	Before     string // who had it
}

// Explanation states what is known and what the person says; the superior accepts it
// or passes it on. It names no sanction, because none follows from it.
func (s Speaker) Explanation(n ExplanationNotice) Message {
	data := Data{
		"Sapa": s.Vocative(n.To), "Nama": ShortName(n.Of.Name), "Count": len(n.Missed), "Hari": s.dayList(n.Missed),
		"Sampai": s.Day(n.Until), "Sebelum": "",
	}
	if n.Up {
		data["Sebelum"] = ShortName(n.Before)
	}
	said, accept := s.Say("klarifikasi_tanpa_penjelasan", nil), "tombol_sudah_jelas"
	if n.Kind != "" {
		said, accept = s.Say("klarifikasi_penjelasan", Data{"Jenis": s.Text("jelas_"+n.Kind, nil), "Kata": Clip(n.Said, 600)}), "tombol_terima_jelas"
	}
	m := Join(s.Say("klarifikasi_atasan", data), said, s.Say("klarifikasi_atasan_mohon", data))
	b := func(label, decision string) Choice {
		return Choice{Label: s.Text(label, nil), Action: ActRule, Args: Args{Claim: n.ID, Value: decision}}
	}
	m.Buttons = [][]Choice{{b(accept, "accepted")}, {b("tombol_teruskan_hr", "forwarded")}}
	return m
}

// ClarifyHelp asks the personnel office to help somebody. Of counselling it says
// nothing but that it was asked for.
func (s Speaker) ClarifyHelp(id int64, to, of Person, kind string) Message {
	m := s.Say("klarifikasi_bantu_"+kind, Data{"Sapa": s.Vocative(to), "Nama": ShortName(of.Name)})
	m.Buttons = s.closeRow(id, false)
	return m
}
