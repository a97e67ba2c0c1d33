package conversations

import (
	"strconv"
	"time"
)

// BlockerOverdue reminds the holder of an obstacle, once, when its day is over.
func (s Speaker) BlockerOverdue(b Blocker) Message {
	m := s.Say("bantuan_lewat", Data{
		"Sapa": s.Vocative(b.Holder), "Nama": ShortName(b.Reporter.Name), "Kendala": Clip(b.Said, 200), "Batas": s.Day(b.Due),
	})
	first := "done"
	if b.State == BlockerOpen {
		first = "accept"
	}
	m.Buttons = stepButtons(s, b, first)
	return m
}

// OldestBlockers is the weekly list of an office for its head.
func (s Speaker) OldestBlockers(to Person, opd string, oldest []Blocker, all int, now time.Time) Message {
	head := s.Say("kendala_terlama", Data{"Salam": s.Greeting(now), "Sapa": s.Vocative(to), "OPD": opd, "Count": all})
	rows := make([]Message, len(oldest))
	for i, b := range oldest {
		rows[i] = s.Say("kendala_terlama_baris", Data{
			"No": strconv.Itoa(i + 1), "Nama": ShortName(b.Reporter.Name), "Kendala": Clip(b.Said, 120),
			"Hari": s.DayOf(now).Sub(s.DayOf(b.MadeAt)), "Penangan": ShortName(b.Holder.Name),
		})
	}
	return Join(head, Lines(rows...))
}
