package conversations

import (
	"context"
	"fmt"
	"strings"

	"ekinerja/conversations/picture"
	"ekinerja/roster"
)

// history is a calendar of the month as a picture, and the newest days in words.
func (t *turn) history(ctx context.Context, arg string) error {
	month := t.Today
	if strings.Contains(strings.ToLower(arg), "lalu") || strings.Contains(strings.ToLower(arg), "last") {
		month = t.Today.Add(-t.Today.Date)
	}
	first := month.FirstOfMonth()
	last := first.Add(31)
	last = last.Add(-last.Date)
	days, err := t.rec.History(ctx, t.Person.ID, earlier(first, t.Today.Add(-13)), last)
	if err != nil {
		return err
	}
	m := t.historyLines(days)
	photo, err := picture.Month(t.monthChart(first, days))
	if err != nil {
		return fmt.Errorf("draw month: %w", err)
	}
	t.queue(Say{Kind: KindReply, To: t.Msg.From, Msg: Message{Text: t.say.Text("riwayat_gambar_huruf", Data{"Bulan": t.say.Month(first.Month), "Tahun": first.Year}), Photo: photo}})
	t.reply(m)
	return nil
}

func (t *turn) historyLines(days []WorkDay) Message {
	parts := []Message{t.say.Say("riwayat_judul", nil)}
	for _, w := range days {
		if w.Day.After(t.Today) || w.Day.Before(t.Today.Add(-13)) {
			continue
		}
		if (w.Duty.Reason == roster.ReasonWeekend || w.Duty.Reason == roster.ReasonOffShift) && w.Report == nil {
			continue
		}
		parts = append(parts, t.dayLine(w))
	}
	if len(parts) == 1 {
		parts = append(parts, t.say.Say("riwayat_kosong", nil))
	}
	return Lines(parts...)
}

func (t *turn) monthChart(first roster.Day, days []WorkDay) picture.MonthChart {
	c := picture.MonthChart{
		Title:    t.say.Text("riwayat_gambar", Data{"Bulan": t.say.Month(first.Month), "Tahun": first.Year}),
		Subtitle: ShortName(t.Person.Name), Month: first, Today: t.Today, TodayIs: t.say.Text("gambar_hari_ini", nil),
		Days: map[roster.Day]picture.State{}, Letters: map[roster.Day]string{}, Legend: t.say.legend(),
	}
	for i := range c.Weekdays {
		c.Weekdays[i] = string([]rune(t.say.Weekday(first.Monday().Add(i)))[:3])
	}
	for _, w := range days {
		planned := w.Day.After(t.Today) && w.Duty.State == roster.Due // nothing is awaited of it yet
		if w.Day.Month == first.Month && w.Day.Year == first.Year && !planned {
			c.Days[w.Day] = t.stateOfDay(w)
			c.Letters[w.Day] = t.letterOf(w)
		}
	}
	return c
}

// letterOf is what a day's field says besides its colour and mark.
func (t *turn) letterOf(w WorkDay) string {
	switch w.Duty.Reason {
	case roster.ReasonLeave, roster.ReasonMaternity, roster.ReasonStudy:
		return t.say.Text("huruf_cuti", nil)
	case roster.ReasonSick:
		return t.say.Text("huruf_sakit", nil)
	case roster.ReasonFieldDuty, roster.ReasonTraining:
		return t.say.Text("huruf_dinas_luar", nil)
	case roster.ReasonWFH, roster.ReasonWFA:
		return t.say.Text("huruf_rumah", nil)
	default:
	}
	if w.Report != nil && w.Report.Submitted && w.Report.Late {
		return t.say.Text("huruf_terlambat", nil)
	}
	return ""
}

func (t *turn) stateOfDay(w WorkDay) picture.State {
	switch {
	case w.Report != nil && w.Report.Submitted && w.Report.Late:
		return picture.Late
	case w.Report != nil && w.Report.Submitted:
		return picture.OnTime
	case w.Duty.Reason == roster.ReasonHoliday || w.Duty.Reason == roster.ReasonJointLeave:
		return picture.Holiday
	case w.Duty.State != roster.Due:
		return picture.Off
	case t.Now.After(w.Times.LateUntil):
		return picture.Missing
	}
	return picture.Waiting
}
