package conversations

import "ekinerja/roster"

// NoLongerDue tells a person who was asked about a day that no answer is needed
// after all: a holiday was announced, or the shift was taken off the list.
func (s Speaker) NoLongerDue(p Person, d roster.Duty) Message {
	id := "tidak_jadi_wajib"
	switch d.Reason {
	case roster.ReasonHoliday, roster.ReasonJointLeave:
		id = "tidak_jadi_wajib_libur"
	case roster.ReasonOffShift:
		id = "tidak_jadi_wajib_sif"
	default:
	}
	return s.Say(id, Data{"Sapa": s.Vocative(p), "Tgl": s.Day(d.Day), "Nama": Clip(d.Name, 120)})
}
