package conversations

import "ekinerja/roster"

// FiledLeave tells somebody what the leave system has of their days: that it
// confirms what they said, or what it has instead.
func (s Speaker) FiledLeave(p Person, a roster.Absence, confirms bool) Message {
	id := "cuti_berkas_lain"
	if confirms {
		id = "cuti_berkas_cocok"
	}
	parts := []Message{s.Say(id, Data{"Nama": s.Vocative(p), "Jenis": s.absence(a.Kind), "Hari": s.Days(a.From, a.To)})}
	if a.Basis != "" {
		parts = append(parts, s.Say("cuti_surat", Data{"Surat": Clip(a.Basis, 60)}))
	}
	return Lines(parts...)
}
