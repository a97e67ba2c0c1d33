package conversations

import (
	"strings"

	"ekinerja/scoring"
)

// scoreLine is the score and, with attendance, the two parts it is made of.
func (s Speaker) scoreLine(w WeekRecap, data Data) Message {
	if w.Result.D == nil {
		return s.Say("rekap_skor", data)
	}
	data["P"], data["D"] = s.points(w.Result.P), s.points(*w.Result.D)
	data["BobotP"], data["BobotD"] = s.points(w.Index.P.Shift(2)), s.points(w.Index.D.Shift(2))
	return s.Say("rekap_skor_presensi", data)
}

// disciplineLine says what attendance took off, or that there is none.
func (s Speaker) disciplineLine(r scoring.Result) Message {
	switch {
	case !r.Attendance:
		return s.Say("rekap_tanpa_presensi", nil)
	case len(r.Deductions) == 0:
		return s.Say("rekap_disiplin_penuh", nil)
	}
	days := make([]string, len(r.Deductions))
	for i, d := range r.Deductions {
		days[i] = s.deducted(d)
	}
	return s.Say("rekap_disiplin", Data{"Kelas": strings.Join(days, "; ")})
}

// disciplineLost are the lines of /nilai about attendance: where points were lost,
// and what the score is made of.
func (s Speaker) disciplineLost(r scoring.Result) []Message {
	if !r.Attendance {
		return []Message{s.Say("nilai_tanpa_presensi", nil)}
	}
	var parts []Message
	for _, d := range r.Deductions {
		parts = append(parts, s.Say("nilai_disiplin", Data{
			"Tgl": s.ShortDay(d.Day), "Poin": s.points(d.Percent), "Kelas": strings.Join(d.Codes, ", "),
		}))
	}
	if r.D != nil { // otherwise attendance is in the minutes already
		parts = append(parts, s.Say("nilai_presensi", Data{"P": s.points(r.P), "D": s.points(*r.D)}))
	}
	if len(r.Deductions) > 0 {
		parts = append(parts, s.Say("nilai_singkatan", nil))
	}
	return parts
}
