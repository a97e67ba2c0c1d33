package conversations

import (
	"slices"
	"time"

	"ekinerja/roster"
)

// Reminder names the wording of a reminder; a policy chooses it.
type Reminder string

// The wordings of reminders.
const (
	RemindEvening Reminder = "malam" // the deadline comes near
	RemindMorning Reminder = "pagi"  // the deadline has passed, late still counts
)

// Reminders are all wordings.
func Reminders() []Reminder { return []Reminder{RemindEvening, RemindMorning} }

// Known reports whether the wording exists.
func (r Reminder) Known() bool { return slices.Contains(Reminders(), r) }

// Notice is what a question or a reminder is made from. Usual is what the person
// may have done; see [roster.Usuals].
type Notice struct {
	Person Person
	Day    roster.Day
	Reason roster.Reason // of the duty; short forms have their own words
	Short  bool          // a short report is enough
	Draft  bool          // something is written already
	Same   bool          // there is a recent report to take over
	Usual  []roster.Usual
	Now    time.Time // chooses the greeting
	Until  time.Time // the moment until which an answer counts
}

func (s Speaker) noticeData(n Notice) Data {
	return Data{
		"Salam": s.Greeting(n.Now), "Sapa": s.Vocative(n.Person), "Anda": s.Honorific(n.Person.Sex),
		"Tgl": s.Day(n.Day), "Batas": s.Until(n.Until), "Tugas": s.errand(n),
	}
}

// errand is what takes a person elsewhere, for the short form.
func (s Speaker) errand(n Notice) string {
	if n.Reason == roster.ReasonTraining {
		return s.Text("tugas_diklat", nil)
	}
	return s.Text("tugas_dinas_luar", nil)
}

// Question asks for the activities of a day. Telegram has no buttons beside a
// forced reply, and the buttons help more.
func (s Speaker) Question(n Notice) Message {
	id := "tanya"
	switch {
	case n.Draft:
		id = "tanya_draf"
	case n.Short:
		id = "tanya_singkat"
	case n.Day != s.DayOf(n.Now): // a shift that ended in the morning
		id = "tanya_sif_malam"
	}
	m := s.Say(id, s.noticeData(n))
	if !n.Draft && !n.Short {
		if m.Buttons = s.usualRows(n.Day, n.Usual, nil); len(m.Buttons) > 0 {
			m = withHint(m, s)
		}
	}
	if n.Same && !n.Draft {
		m.Buttons = append(m.Buttons, []Choice{{Label: s.Text("tombol_sama", nil), Action: ActSame, Args: Args{Day: n.Day}}})
	}
	m.Buttons = append(m.Buttons, s.dayButtons(n))
	return m
}

// Reminder asks again, kindly.
func (s Speaker) Reminder(r Reminder, n Notice) Message {
	id := "ingatkan_" + string(r)
	if n.Draft {
		id += "_draf"
	}
	m := s.Say(id, s.noticeData(n))
	m.Buttons = [][]Choice{s.dayButtons(n)}
	return m
}

func (s Speaker) dayButtons(n Notice) []Choice {
	absent := Choice{Label: s.Text("tombol_tidak_kerja", nil), Action: ActAbsent, Args: Args{Day: n.Day}}
	if !n.Draft {
		return []Choice{absent}
	}
	return []Choice{{Label: s.Text("tombol_lanjutkan", nil), Action: ActStart, Args: Args{Day: n.Day}}, absent}
}

// Greeting is "Sugeng sonten" by the hour; in Solo the body is Indonesian, the
// greeting Javanese.
func (s Speaker) Greeting(now time.Time) string {
	at := now.In(s.loc)
	switch c := roster.At24(at.Hour(), at.Minute()); {
	case c < roster.At24(3, 0), c >= roster.At24(18, 0):
		return s.Text("salam_dalu", nil)
	case c < roster.At24(10, 30):
		return s.Text("salam_enjang", nil)
	case c < roster.At24(14, 30):
		return s.Text("salam_siang", nil)
	}
	return s.Text("salam_sonten", nil)
}

// Vocative is how a person is spoken to: "Bu Sri Wahyuni".
func (s Speaker) Vocative(p Person) string {
	id := "sapa_umum"
	switch p.Sex {
	case roster.Male:
		id = "sapa_pak"
	case roster.Female:
		id = "sapa_bu"
	}
	return s.Text(id, nil) + " " + ShortName(p.Name)
}

// Until is Time, with midnight as "24.00 WIB": "until 00.00" would be read as
// the wrong end of the day.
func (s Speaker) Until(t time.Time) string {
	if at := t.In(s.loc); at.Hour() == 0 && at.Minute() == 0 {
		return "24.00 WIB"
	}
	return s.Time(t)
}

// Eve announces a run of days off.
type Eve struct {
	Person      Person
	First, Last roster.Day
	Name        string // of the holiday
	Next        roster.Day
	Now         time.Time
}

// Eve tells that nobody asks on days off, and when asking goes on.
func (s Speaker) Eve(e Eve) Message {
	id := "besok_libur"
	if e.First != e.Last {
		id = "besok_libur_panjang"
	}
	return s.Say(id, Data{
		"Salam": s.Greeting(e.Now), "Sapa": s.Vocative(e.Person), "Tgl": s.Day(e.First), "Akhir": s.Day(e.Last),
		"Nama": Clip(e.Name, 120), "Kembali": s.Day(e.Next),
	})
}
