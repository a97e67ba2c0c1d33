package conversations

import (
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
	Now        time.Time
}

// DigestMember is one silent person: the newest day without a report and how
// many due days in a row it ends.
type DigestMember struct {
	ID     roster.EmployeeID
	Name   string
	Day    roster.Day
	InARow int
	Live   bool // has a chat; false: we could not ask
}

// Digest lists the silent staff of one supervisor with a number each. It states
// what is known and asks; it accuses nobody.
func (s Speaker) Digest(d Digest) Message {
	listed := d.Members[:min(len(d.Members), MostListed)]
	head := s.Say("daftar_diam", Data{
		"Salam": s.Greeting(d.Now), "Sapa": s.Vocative(d.To), "Pukul": s.Time(d.Now),
		"Count": len(d.Members), "Staf": s.Int(max(d.Staff, len(d.Members))),
	})
	rows := make([]Message, 0, len(listed)+1)
	for i, m := range listed {
		rows = append(rows, Message{Text: strconv.Itoa(i+1) + ". " + s.member(m)})
	}
	if more := len(d.Members) - len(listed); more > 0 {
		rows = append(rows, s.Say("daftar_diam_lainnya", Data{"Count": more}))
	}
	m := Join(head, Lines(rows...), s.Say("daftar_diam_mohon", Data{"Count": len(listed)}))
	m.Buttons = s.digestButtons(d.Escalation, listed)
	return m
}

func (s Speaker) member(m DigestMember) string {
	id := "anggota_diam"
	switch {
	case !m.Live:
		id = "anggota_belum_terhubung"
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
