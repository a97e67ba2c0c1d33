package conversations

import (
	"strings"
	"time"

	"ekinerja/roster"
)

// QueueNotice is what a superior is told about reports that wait to be read.
type QueueNotice struct {
	To      Person
	Waiting int
	Oldest  roster.Day
	// Fresh are new, Due have waited for RemindAfter working days, Raised went up
	// today because UpAfter were over.
	Fresh, Due, Raised   int
	RemindAfter, UpAfter int
	Now                  time.Time
}

// QueueNotice tells once of what is new, and once more of what has waited: with what
// happens next, so that nobody is surprised.
func (s Speaker) QueueNotice(n QueueNotice) Message {
	var parts []Message
	m := Message{}
	if n.Waiting > 0 {
		m = s.Waiting(n.To, n.Waiting, n.Oldest, n.Now)
		parts = append(parts, Message{Text: m.Text, Bold: m.Bold})
	} else {
		parts = append(parts, s.Say("daftar_salam", Data{"Salam": s.Greeting(n.Now), "Sapa": s.Vocative(n.To)}))
	}
	if n.Due > 0 {
		parts = append(parts, s.Say("menunggu_lama", Data{
			"Count": n.Due, "Hari": s.Int(n.RemindAfter), "Batas": s.Int(n.UpAfter), "Anda": s.Honorific(n.To.Sex),
		}))
	}
	if n.Raised > 0 {
		parts = append(parts, s.Say("menunggu_naik", Data{"Count": n.Raised, "Batas": s.Int(n.UpAfter), "Anda": s.Honorific(n.To.Sex)}))
	}
	out := Join(parts...)
	out.Buttons = m.Buttons
	return out
}

// LapsedNotice is what the writer of reports is told that nobody read in time.
type LapsedNotice struct {
	To              Person
	Superior, Above string // names; Above is empty when nobody is
	Day             roster.Day
	Count           int
	After           int // working days
}

// Lapsed tells the writer that the delay is not theirs and costs them nothing.
func (s Speaker) Lapsed(n LapsedNotice) Message {
	return s.Say("lewat_verifikasi", Data{
		"Sapa": s.Vocative(n.To), "Tgl": s.Day(n.Day), "Lain": n.Count - 1, "Atasan": ShortName(n.Superior), "Pengganti": ShortName(n.Above),
		"Hari": s.Int(n.After), "Anda": s.Honorific(n.To.Sex),
	})
}

// RaisedNotice is what a superior's superior is told about reports that went up.
type RaisedNotice struct {
	To        Person
	Superiors []string // names
	Count     int
	After     int // working days
	Now       time.Time
}

// RaisedTo asks for the reading that was not done in time.
func (s Speaker) RaisedTo(n RaisedNotice) Message {
	m := s.Say("naik_dibaca", Data{
		"Salam": s.Greeting(n.Now), "Sapa": s.Vocative(n.To), "Count": n.Count, "Atasan": Clip(strings.Join(n.Superiors, ", "), 160),
		"Hari": s.Int(n.After), "Anda": s.Honorific(n.To.Sex),
	})
	m.Buttons = [][]Choice{{
		{Label: s.Text("tombol_lihat_daftar", nil), Action: ActQueue},
		{Label: s.Text("tombol_satu_satu", nil), Action: ActReview},
	}}
	return m
}
