package conversations

import "ekinerja/scoring"

// Scores explains the newest weekly results: what made each, and where points
// were lost.
func (s Speaker) Scores(weeks []WeekScore) Message {
	parts := []Message{s.Say("nilai_judul", nil)}
	for i, w := range weeks {
		data := s.weekData(w)
		if w.Result.Empty {
			parts = append(parts, s.Say("nilai_pekan_kosong", data))
			continue
		}
		parts = append(parts, s.Say("nilai_pekan", data))
		if i > 0 {
			continue
		}
		for _, term := range w.Result.Terms {
			for _, loss := range term.Losses {
				parts = append(parts, s.Say("nilai_hilang_"+string(loss.Reason), Data{
					"Tgl": s.ShortDay(term.Day), "Poin": s.Number(loss.Points.StringFixed(1)),
				}))
			}
			if term.Why == scoring.VerificationLapsed {
				parts = append(parts, s.Say("nilai_lewat_verifikasi", Data{"Tgl": s.ShortDay(term.Day)}))
			}
		}
		parts = append(parts, s.disciplineLost(w.Result)...)
	}
	return Lines(parts...)
}

func (s Speaker) weekData(w WeekScore) Data {
	r := w.Result
	last := w.First.Add(4) // Saturday and Sunday are named only when they counted
	for _, term := range r.Terms {
		if term.Removed == "" && term.Day.After(last) {
			last = term.Day
		}
	}
	return Data{
		"Pekan": s.Range(w.First, last), "Skor": s.Number(r.Score.StringFixed(1)),
		"Lapor": r.OnTime + r.Late, "Wajib": r.DueDays, "Tepat": r.OnTime, "Terlambat": r.Late,
		"Menit": s.Int(r.Minutes),
	}
}
