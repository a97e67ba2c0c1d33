package conversations

import (
	"slices"
	"time"

	"ekinerja/roster"
)

// OutageNotice is what a person is told about an outage: once, with all days.
type OutageNotice struct {
	Person Person
	Spans  []OutageSpan // at least one
	Owed   []OwedDay
	OnTime []roster.Day // reported late, and on time after all
	Now    time.Time
}

// OutageSpan is when people could not report. Cause is empty for our own faults.
type OutageSpan struct {
	ID       int64
	From, To time.Time
	Cause    string
}

// OwedDay is a day without a report and the moment until which one is on time.
type OwedDay struct {
	Day   roster.Day
	Until time.Time
	Draft bool
}

// Outage apologises, says until when a report is on time now, and asks for it:
// whoever was not reached with a question needs no second message.
func (s Speaker) Outage(n OutageNotice) Message {
	data := Data{"Salam": s.Greeting(n.Now), "Sapa": s.Vocative(n.Person), "Anda": s.Honorific(n.Person.Sex)}
	data["Kapan"], data["Sebab"] = s.outageTime(n.Spans), s.outageCause(n.Spans)
	id := "gangguan_kami"
	if data["Sebab"] != "" {
		id = "gangguan_luar"
	}
	parts := []Message{s.Say(id, data)}
	for _, d := range n.Owed {
		parts = append(parts, s.Say("gangguan_batas", Data{"Tgl": s.Day(d.Day), "Batas": s.untilDay(d)}))
	}
	for _, d := range n.OnTime {
		parts = append(parts, s.Say("gangguan_tepat_waktu", Data{"Tgl": s.Day(d)}))
	}
	if len(n.Owed) == 0 {
		return Join(parts...)
	}
	parts = append(parts, s.Say("gangguan_tulis", data))
	m := Join(parts...)
	first := n.Owed[0]
	m.Buttons = [][]Choice{s.dayButtons(Notice{Day: first.Day, Draft: first.Draft})}
	return m
}

// outageTime is from the first to the last: several together are one to people.
func (s Speaker) outageTime(spans []OutageSpan) string {
	from, to := spans[0].From, spans[0].To
	for _, o := range spans {
		if o.From.Before(from) {
			from = o.From
		}
		if o.To.After(to) {
			to = o.To
		}
	}
	data := Data{"Dari": from.In(s.loc).Format("15.04"), "Sampai": s.Time(to), "Hari": s.ShortDay(s.DayOf(from)), "Akhir": s.ShortDay(s.DayOf(to))}
	if s.DayOf(from) == s.DayOf(to) {
		return s.Text("gangguan_sehari", data)
	}
	return s.Text("gangguan_berhari", data)
}

// outageCause is what was declared; empty when something of ours was away too.
func (s Speaker) outageCause(spans []OutageSpan) string {
	if slices.ContainsFunc(spans, func(o OutageSpan) bool { return o.Cause == "" }) {
		return ""
	}
	return Clip(spans[0].Cause, 120)
}

// untilDay is "pukul 22.10 WIB", with the day when it is another one.
func (s Speaker) untilDay(d OwedDay) string {
	data := Data{"Pukul": s.Until(d.Until), "Tgl": s.Day(s.DayOf(d.Until))}
	if midnight := d.Until.Equal(d.Day.At(roster.At24(24, 0), s.loc)); midnight || s.DayOf(d.Until) == d.Day {
		return s.Text("gangguan_pukul", data)
	}
	return s.Text("gangguan_tanggal_pukul", data)
}
