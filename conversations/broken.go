package conversations

import (
	"strings"
	"time"

	"ekinerja/roster"
)

// Broken is what the look of a night found, for whoever runs the service.
type Broken struct {
	To    Person
	Day   roster.Day // of the night
	Now   time.Time  // chooses the greeting
	Found []Found    // nothing: what was found the night before is gone
}

// Found is a promise that does not hold, by the number that `ekinerja verify`
// prints, and how many rows break it.
type Found struct {
	ID   string
	Rows int
}

// mostFound are the promises that a message names: all of them do not fit on a
// telephone, and the first ones say enough to go and look.
const mostFound = 8

// Broken says what was found, or that nothing is any more.
func (s Speaker) Broken(b Broken) Message {
	data := Data{"Salam": s.Greeting(b.Now), "Nama": s.Vocative(b.To), "Tgl": s.Day(b.Day)}
	if len(b.Found) == 0 {
		return s.Say("periksa_beres", data)
	}
	var list []string
	for _, f := range b.Found[:min(mostFound, len(b.Found))] {
		list = append(list, s.Text("periksa_satu", Data{"Nomor": f.ID, "Banyak": s.Int(f.Rows)}))
	}
	data["Temuan"] = strings.Join(list, ", ")
	parts := []Message{s.Say("periksa_temuan", data)}
	if more := len(b.Found) - mostFound; more > 0 {
		parts = append(parts, s.Say("periksa_lain", Data{"Banyak": s.Int(more)}))
	}
	return Lines(append(parts, s.Say("periksa_tutup", nil))...)
}
