package conversations

// DelegationTurn is what the clock has done with a delegation.
type DelegationTurn string

// The turns of a delegation by the clock.
const (
	DelegationBegins    DelegationTurn = "active"
	DelegationOver      DelegationTurn = "over"
	DelegationOverruled DelegationTurn = "overruled"
)

// StandInBegins tells a stand-in that the days have begun and what waits.
func (s Speaker) StandInBegins(d Delegation, waiting int) Message {
	m := s.Say("wakil_mulai", Data{
		"Sapa": s.Vocative(d.Stands), "Atasan": ShortName(d.Superior.Name), "Sampai": s.Day(d.To), "Count": waiting,
	})
	if waiting > 0 {
		m.Buttons = [][]Choice{{{Label: s.Text("tombol_lihat_daftar", nil), Action: ActQueue}}}
	}
	return m
}

// StandInEnds tells the superior how it was: what was read and what waits.
func (s Speaker) StandInEnds(d Delegation, how DelegationTurn, done, waiting int) Message {
	id := "wakil_berakhir"
	if how == DelegationOverruled {
		id = "wakil_digantikan_plh"
	}
	m := s.Say(id, Data{
		"Sapa": s.Vocative(d.Superior), "Nama": ShortName(d.Stands.Name), "Hari": s.Days(d.From, d.To), "Count": done, "Sisa": waiting,
	})
	if waiting > 0 && how == DelegationOver {
		m.Buttons = [][]Choice{{{Label: s.Text("tombol_lihat_daftar", nil), Action: ActQueue}}}
	}
	return m
}

// StandInThanks ends it for the stand-in.
func (s Speaker) StandInThanks(d Delegation, how DelegationTurn) Message {
	id := "wakil_selesai"
	if how == DelegationOverruled {
		id = "wakil_selesai_plh"
	}
	return s.Say(id, Data{"Sapa": s.Vocative(d.Stands), "Atasan": ShortName(d.Superior.Name)})
}
