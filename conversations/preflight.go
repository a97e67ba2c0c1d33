package conversations

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"ekinerja/roster"
)

// Ahead is what the next working day looks like, for somebody who can mend it:
// of one office, or of the city.
type Ahead struct {
	To     Person
	Day    roster.Day
	Now    time.Time
	Office *OfficeAhead // nil: the city
	// Of the city: offices with something to mend, circles in the line, offices
	// without an administrator, and whether the personnel office can be told at all.
	Offices                         []OfficeAhead
	People, Asked, Circles, NoAdmin int
	NoHR                            bool
}

// OfficeAhead is one office on the next working day; names are of a few people.
type OfficeAhead struct {
	OPD                                                    string
	People, Enrolled, Asked, Unreached, Alone, Left, Heads int
	AloneWho, HeadsWho                                     []string
	Few                                                    bool
}

// mostOffices are the offices of a city's preflight; who leads the city does not
// read forty lines in the evening.
const mostOffices = 5

// Ahead tells what to mend before the next working day, or that nothing is.
func (s Speaker) Ahead(a Ahead) Message {
	data := Data{
		"Salam": s.Greeting(a.Now), "Nama": s.Vocative(a.To), "Anda": s.Honorific(a.To.Sex), "Tgl": s.Day(a.Day),
		"Ditanya": s.Int(a.Asked), "Pegawai": s.Int(a.People),
	}
	if o := a.Office; o != nil {
		data["OPD"], data["Ditanya"], data["Pegawai"] = Clip(o.OPD, 60), s.Int(o.Asked), s.Int(o.People)
		parts := append([]Message{s.Say("siap_judul_opd", data)}, s.officeLines(*o)...)
		if len(parts) == 1 {
			return Lines(parts[0], s.Say("siap_aman", nil))
		}
		return Lines(append(parts, s.Say("siap_tutup_opd", data))...)
	}
	parts := []Message{s.Say("siap_judul_kota", data)}
	if a.NoHR {
		parts = append(parts, s.Say("siap_tanpa_sdm", nil))
	}
	if a.Circles > 0 {
		parts = append(parts, s.Say("siap_lingkaran", Data{"Banyak": s.Int(a.Circles)}))
	}
	if a.NoAdmin > 0 {
		parts = append(parts, s.Say("siap_tanpa_admin", Data{"Banyak": s.Int(a.NoAdmin)}))
	}
	worst := slices.Clone(a.Offices)
	slices.SortStableFunc(worst, func(x, y OfficeAhead) int { return cmp.Compare(y.wrong(), x.wrong()) })
	for _, o := range worst[:min(mostOffices, len(worst))] {
		parts = append(parts, s.Say("siap_opd", Data{"OPD": Clip(o.OPD, 40), "Isi": s.officeInShort(o)}))
	}
	if more := len(worst) - mostOffices; more > 0 {
		parts = append(parts, s.Say("siap_opd_lain", Data{"Banyak": s.Int(more)}))
	}
	if len(parts) == 1 {
		parts = append(parts, s.Say("siap_aman", nil))
	}
	return Lines(parts...)
}

// officeInShort is what an office should mend, in one line.
func (s Speaker) officeInShort(o OfficeAhead) string {
	var all []string
	for _, x := range []struct {
		id string
		n  int
	}{{"siap_isi_putus", o.Unreached}, {"siap_isi_atasan", o.Heads}, {"siap_isi_sendiri", o.Alone + o.Left}} {
		if x.n > 0 {
			all = append(all, s.Text(x.id, Data{"Banyak": s.Int(x.n)}))
		}
	}
	if o.Few {
		all = append(all, s.Text("siap_isi_sedikit", Data{"Persen": s.Int(o.Enrolled * 100 / max(o.People, 1))}))
	}
	return strings.Join(all, ", ")
}

func (o OfficeAhead) wrong() int { return o.Unreached + o.Alone + o.Left + o.Heads }

// officeLines are what one office should mend, the nearest to a person first.
func (s Speaker) officeLines(o OfficeAhead) (parts []Message) {
	line := func(n int, id string, who []string) {
		if n == 0 {
			return
		}
		names := make([]string, len(who))
		for i, w := range who {
			names[i] = Clip(ShortName(w), 24)
		}
		list := strings.Join(names, ", ")
		if n > len(names) && len(names) > 0 {
			list += ", …"
		}
		parts = append(parts, s.Say(id, Data{"Banyak": s.Int(n), "Siapa": list}))
	}
	line(o.Unreached, "siap_putus", nil)
	line(o.Heads, "siap_atasan", o.HeadsWho)
	line(o.Alone, "siap_sendiri", o.AloneWho)
	line(o.Left, "siap_keluar", nil)
	if o.Few {
		parts = append(parts, s.Say("siap_sedikit", Data{"Persen": s.Int(o.Enrolled * 100 / max(o.People, 1))}))
	}
	return parts
}
