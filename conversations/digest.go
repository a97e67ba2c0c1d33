package conversations

import (
	"slices"
	"strconv"
	"time"

	"ekinerja/roster"
)

// MostListed is how many people one digest lists; the rest is counted.
const MostListed = 30

// buttonsInRow keeps the numbers large enough for a thumb.
const buttonsInRow = 5

// Digest is what one supervisor is told about silent staff.
type Digest struct {
	Escalation int64
	To         Person
	Staff      int // people who report to the receiver
	Members    []DigestMember
	Notes      []OfficeNote
	Now        time.Time
}

// OfficeNote is an office whose week is below what the ladder asks for.
type OfficeNote struct {
	Step        string     `json:"step"`
	OPD         string     `json:"opd"`
	First, Last roster.Day // of the working week
	In, Due     int        // reports that came, of those that were due
}

// DigestMember is one silent person: the newest day without a report and how
// many due days in a row it ends.
type DigestMember struct {
	ID     roster.EmployeeID
	Name   string
	Day    roster.Day
	InARow int
	Live   bool // has a chat; false: we could not ask
	// Other: somebody else leads the person, Lead by name; the ladder has gone up.
	Other bool
	Lead  string
	// Step is the ladder's, InMonth the days without a report in that month, AckDays
	// the working days for which an acknowledgement holds.
	Step    string
	InMonth int
	AckDays int
}

// Digest lists who is silent with a number each: the receiver's own staff first,
// then people for whom the ladder has gone up to the receiver, then whole offices. It
// states what is known and asks; it accuses nobody.
func (s Speaker) Digest(d Digest) Message {
	own, others := apart(d.Members)
	all := slices.Concat(own, others)
	listed := all[:min(len(all), MostListed)]
	var parts []Message
	if len(own) > 0 {
		parts = append(parts, s.Say("daftar_diam", Data{
			"Salam": s.Greeting(d.Now), "Sapa": s.Vocative(d.To), "Pukul": s.Time(d.Now),
			"Count": len(own), "Staf": s.Int(max(d.Staff, len(own))),
		}), s.memberRows(listed[:min(len(own), len(listed))], 0, len(own)))
	} else {
		parts = append(parts, s.Say("daftar_salam", Data{"Salam": s.Greeting(d.Now), "Sapa": s.Vocative(d.To)}))
	}
	if len(others) > 0 {
		from := min(len(own), len(listed))
		parts = append(parts, s.Say("daftar_naik", nil), s.memberRows(listed[from:], from, len(others)))
	}
	for _, n := range d.Notes {
		parts = append(parts, s.Say("daftar_opd", Data{
			"OPD": Clip(n.OPD, 60), "Pekan": s.Range(n.First, n.Last), "Persen": s.Int(n.In * 100 / max(1, n.Due)),
			"Lapor": s.Int(n.In), "Wajib": s.Int(n.Due),
		}))
	}
	if len(listed) > 0 {
		parts = append(parts, s.Say("daftar_diam_mohon", Data{"Count": len(listed)}))
	}
	m := Join(parts...)
	m.Buttons = s.digestButtons(d.Escalation, listed)
	return m
}

// apart are the receiver's own staff and the others, each as they came.
func apart(members []DigestMember) (own, others []DigestMember) {
	for _, m := range members {
		if m.Other {
			others = append(others, m)
		} else {
			own = append(own, m)
		}
	}
	return own, others
}

// memberRows numbers a part of the list; what is not listed of all is counted.
func (s Speaker) memberRows(listed []DigestMember, from, all int) Message {
	rows := make([]Message, 0, len(listed)+1)
	for i, m := range listed {
		rows = append(rows, Message{Text: strconv.Itoa(from+i+1) + ". " + s.member(m)})
	}
	if more := all - len(listed); more > 0 {
		rows = append(rows, s.Say("daftar_diam_lainnya", Data{"Count": more}))
	}
	return Lines(rows...)
}

func (s Speaker) member(m DigestMember) string {
	id := "anggota_diam"
	switch {
	case !m.Live:
		id = "anggota_belum_terhubung"
	case m.Other:
		data := Data{"Nama": ShortName(m.Name), "Tgl": s.ShortDay(m.Day), "Hari": s.Int(m.InARow), "Atasan": ShortName(m.Lead)}
		if m.InMonth > m.InARow {
			data["Hari"] = s.Int(m.InMonth)
			return s.Text("anggota_naik_sebulan", data)
		}
		return s.Text("anggota_naik", data)
	case m.InARow > 1:
		id = "anggota_diam_berturut"
	}
	return s.Text(id, Data{"Nama": ShortName(m.Name), "Tgl": s.ShortDay(m.Day), "Hari": m.InARow})
}

func (s Speaker) digestButtons(escalation int64, members []DigestMember) [][]Choice {
	var rows [][]Choice
	live := false
	for i, m := range members {
		live = live || m.Live
		if i%buttonsInRow == 0 {
			rows = append(rows, nil)
		}
		last := &rows[len(rows)-1]
		*last = append(*last, Choice{
			Label: strconv.Itoa(i + 1), Action: ActOpen,
			Args: Args{Escalation: escalation, Employee: m.ID, Day: m.Day},
		})
	}
	if live {
		rows = append(rows, []Choice{{Label: s.Text("tombol_ingatkan_semua", nil), Action: ActNudge, Args: Args{Escalation: escalation}}})
	}
	return rows
}
