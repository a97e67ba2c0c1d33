package conversations

import (
	"strings"

	"ekinerja/roster"
)

// RoleName is a role as people call it, with the place that it reaches.
func (s Speaker) RoleName(g roster.Grant) string {
	place := s.Text("peran_seluruh_kota", nil)
	switch {
	case g.Role == roster.Operator: // the service is one for all
		place = ""
	case g.Unit != "":
		place = g.Unit + ", " + g.OPD
	case g.OPD != "":
		place = g.OPD
	}
	return strings.TrimSpace(s.Text("peran_"+string(g.Role), nil) + " " + place)
}

// RoleNotice tells somebody of a role that began, and what to type for it, or of
// one that ended.
func (s Speaker) RoleNotice(p Person, g roster.Grant, ended bool) Message {
	data := Data{"Nama": s.Vocative(p), "Anda": s.Honorific(p.Sex), "Peran": Clip(s.RoleName(g), 120)}
	if ended {
		return s.Say("tugas_berakhir", data)
	}
	data["Tgl"] = s.Day(g.From)
	if !g.To.IsZero() {
		data["Sampai"] = s.Day(g.To)
		return Lines(s.Say("tugas_diberikan_sampai", data), s.Say("guna_"+string(g.Role), data))
	}
	return Lines(s.Say("tugas_diberikan", data), s.Say("guna_"+string(g.Role), data))
}
