package conversations

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// late lists the days that can still be made good, and says of closed ones what
// can be done. What is written for them is marked as late; that is not hidden.
func (t *turn) late() error {
	var open, closed []WorkDay
	for _, w := range t.Days {
		if w.Duty.State != roster.Due || w.Report != nil && w.Report.Submitted || !t.Now.After(w.Times.Deadline) {
			continue
		}
		if t.open(w.Day) {
			open = append(open, w)
		} else {
			closed = append(closed, w)
		}
	}
	if len(open)+len(closed) == 0 {
		t.reply(t.say.Say("susulan_kosong", Data{"Nama": t.say.Vocative(*t.Person)}))
		return nil
	}
	var parts []Message
	var rows [][]Choice
	if len(open) > 0 {
		parts = append(parts, t.say.Say("susulan_judul", nil))
	}
	for _, w := range open {
		id := "susulan_hari"
		if w.Report != nil {
			id = "susulan_hari_draf"
		}
		parts = append(parts, t.say.Say(id, Data{"Tgl": t.say.Day(w.Day), "Akhir": t.say.DayTime(w.Times.LateUntil)}))
		rows = append(rows, []Choice{{
			Label: t.say.Text("tombol_tulis_hari", Data{"Tgl": t.say.ShortDay(w.Day)}), Action: ActStart, Args: Args{Day: w.Day},
		}})
	}
	if len(closed) > 0 {
		days := make([]string, len(closed))
		for i, w := range closed {
			days[i] = t.say.ShortDay(w.Day)
		}
		parts = append(parts, t.say.Say("susulan_ditutup", Data{
			"Hari": strings.Join(days, ", "), "Batas": t.h.hours().LateUntil.String(), "Atasan": ShortName(t.Person.Supervisor),
		}))
	}
	m := Lines(parts...)
	m.Buttons = rows
	t.reply(m)
	return nil
}

// takeBack begins the withdrawal of the newest report that can be withdrawn.
func (t *turn) takeBack(ctx context.Context, arg string) error {
	var sent *WorkDay
	for i, w := range t.Days {
		if w.Report == nil || !w.Report.Submitted {
			continue
		}
		if sent = &t.Days[i]; t.open(w.Day) {
			break
		}
		t.reply(t.say.Say("tarik_ditutup", Data{"Tgl": t.say.Day(w.Day), "Kode": w.Report.Code, "Atasan": ShortName(t.Person.Supervisor)}))
		return nil
	}
	if sent == nil {
		t.reply(t.say.Say("tarik_kosong", nil))
		return nil
	}
	if strings.TrimSpace(arg) != "" {
		return t.withdraw(ctx, sent.Day, arg)
	}
	t.out.Session.Side = &Side{Kind: SideWithdraw, Day: sent.Day}
	id := "tarik_alasan"
	if sent.Duty.State == roster.Due && t.Now.After(sent.Times.Deadline) {
		id = "tarik_alasan_terlambat"
	}
	why := func(id string) Choice {
		words := t.say.Text(id, nil)
		return Choice{Label: words, Action: ActWithdraw, Args: Args{Day: sent.Day, Value: words}}
	}
	t.sideAsk(id, Data{"Tgl": t.say.Day(sent.Day), "Kegiatan": sent.Report.Activities}, [][]Choice{
		{why("tombol_tarik_isi"), why("tombol_tarik_hari")},
		{{Label: t.say.Text("tombol_tidak_jadi", nil), Action: ActWithdraw, Args: Args{Day: sent.Day}}},
	})
	return nil
}

// withdraw takes a sent report back with the reason. Its versions stay; what it
// held is the draft of the day again.
func (t *turn) withdraw(ctx context.Context, day roster.Day, reason string) error {
	t.out.Session.Side = nil
	if reason == "" || parse.Read(reason).Intent == parse.Cancel || slices.Contains([]string{"tidak", "jangan", "tidak jadi", "no"}, strings.ToLower(reason)) {
		t.reply(t.say.Say("tarik_batal", Data{"Tgl": t.say.Day(day)}))
		return nil
	}
	w, _ := t.day(day)
	if w.Report == nil || !w.Report.Submitted || !t.open(day) {
		return t.closed(day)
	}
	if may, err := t.mayChange(ctx, day); err != nil || !may {
		return err // an approved report is locked, and that has been said
	}
	t.out.Own.Withdrew = &Withdrawal{Day: day, Reason: Clip(strings.TrimSpace(reason), 300)}
	t.out.Session.forget(day)
	if s := &t.out.Session; s.Day == day {
		*s = s.ended() // a change of the sent report that was being written
	}
	t.audit("report.withdraw", day)
	id := "ditarik"
	switch {
	case w.Duty.State != roster.Due:
		id = "ditarik_tidak_wajib"
	case t.Now.After(w.Times.Deadline):
		id = "ditarik_terlambat"
	}
	m := t.say.Say(id, Data{
		"Tgl": t.say.Day(day), "Versi": w.Report.Version, "Batas": t.say.DayTime(w.Times.Deadline), "Akhir": t.say.DayTime(w.Times.LateUntil),
	})
	m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_lanjutkan", nil), Action: ActStart, Args: Args{Day: day}}}}
	t.reply(m)
	return nil
}

// snoozes are for how many minutes a reminder may be put off.
func snoozes() []int { return []int{30, 60, 120} }

// snoozeLast is how long before the deadline a reminder that was put off comes at the latest.
const snoozeLast = 15

// snooze offers to put the reminder off, or does it when the minutes were said.
func (t *turn) snooze(arg string) error {
	w, ok := t.awaitedNow()
	if !ok {
		t.reply(t.say.Say("jeda_tidak_ada", nil))
		return nil
	}
	if spent, ok := parse.Duration(arg); ok && spent.Minutes > 0 {
		return t.putOff(w, spent.Minutes)
	}
	m := t.say.Say("jeda_pilih", Data{"Tgl": t.say.Day(w.Day), "Batas": t.say.Until(w.Times.Deadline)})
	var row []Choice
	for _, n := range snoozes() {
		row = append(row, Choice{
			Label: t.say.Text("tombol_menit", Data{"Menit": n}), Action: ActSnooze, Args: Args{Day: w.Day, Item: n},
		})
	}
	m.Buttons = [][]Choice{row}
	t.reply(m)
	return nil
}

// awaitedNow is the day whose answer is awaited now.
func (t *turn) awaitedNow() (WorkDay, bool) {
	for _, w := range t.Days {
		if w.Duty.State == roster.Due && (w.Report == nil || !w.Report.Submitted) &&
			!t.Now.Before(w.Times.AskAt) && t.Now.Before(w.Times.Deadline) {
			return w, true
		}
	}
	return WorkDay{}, false
}

// putOff moves the next reminder of a day. It never passes the deadline: the
// last moment is a quarter of an hour before.
func (t *turn) putOff(w WorkDay, minutes int) error {
	if w.Report != nil && w.Report.Submitted || w.Duty.State != roster.Due || !t.Now.Before(w.Times.Deadline) {
		t.reply(t.say.Say("jeda_tidak_ada", nil))
		return nil
	}
	at := t.Now.Add(minuteSpan(min(max(minutes, 5), 240)))
	last := w.Times.Deadline.Add(-minuteSpan(snoozeLast))
	id := "jeda_dicatat"
	if at.After(last) {
		at, id = last, "jeda_dicatat_batas"
	}
	if !at.After(t.Now) {
		t.reply(t.say.Say("jeda_terlalu_dekat", Data{"Batas": t.say.Until(w.Times.Deadline)}))
		return nil
	}
	t.out.Own.Snoozed = w.Day
	n := Notice{
		Person: *t.Person, Day: w.Day, Reason: w.Duty.Reason, Short: w.Duty.ShortForm, Draft: w.Report != nil, Now: at, Until: w.Times.Deadline,
	}
	t.queue(Say{
		Key: fmt.Sprintf("jeda/%s/%d", w.Day, t.Inbox), Kind: KindRemind, Employee: t.Person.ID, Msg: t.say.Reminder(RemindEvening, n),
		About: About{Day: w.Day, Question: "activities"}, Guard: GuardUnreported, NotBefore: at, ExpiresAt: w.Times.Deadline,
	})
	t.reply(t.say.Say(id, Data{"Pukul": t.say.Time(at), "Batas": t.say.Until(w.Times.Deadline)}))
	return nil
}

// askTime shows or changes when the person likes to be asked.
func (t *turn) askTime(_ context.Context, arg string) error {
	first, last := t.h.hours().Choosable()
	if arg == "" {
		m := t.say.Say("waktu_pilih", Data{"Dari": first.String(), "Sampai": last.String()})
		var row []Choice
		for _, c := range []roster.Clock{roster.At24(15, 0), roster.At24(16, 0), roster.At24(17, 0), roster.At24(19, 0)} {
			if c >= first && c <= last {
				row = append(row, Choice{Label: c.String(), Action: ActAskTime, Args: Args{Value: c.String()}})
			}
		}
		m.Buttons = [][]Choice{row, {{Label: t.say.Text("tombol_waktu_biasa", nil), Action: ActAskTime, Args: Args{Value: "biasa"}}}}
		t.reply(m)
		if t.Person.Staff > 0 {
			t.readTimes()
		}
		return nil
	}
	if hour, ok := readingHour(arg); ok {
		return t.setReadTime(hour)
	}
	return t.setAskTime(arg)
}

func (t *turn) setAskTime(arg string) error {
	switch strings.ToLower(strings.TrimSpace(arg)) {
	case "biasa", "reset", "default", "semula":
		t.out.Own.AskTime = &AskTime{Reset: true}
		t.reply(t.say.Say("waktu_semula", nil))
		return nil
	}
	first, last := t.h.hours().Choosable()
	at, ok := clockInWords(arg)
	if !ok || at < first || at > last {
		t.reply(t.say.Say("waktu_di_luar", Data{"Dari": first.String(), "Sampai": last.String()}))
		return nil
	}
	t.out.Own.AskTime = &AskTime{At: at}
	t.audit("person.ask_time", at)
	t.reply(t.say.Say("waktu_dicatat", Data{"Pukul": at.String()}))
	return nil
}

// clockInWords reads "16.30", "16:30", "pukul 16.30", "jam 16.30".
func clockInWords(text string) (roster.Clock, bool) {
	text = strings.TrimSpace(strings.ToLower(text))
	text = strings.TrimPrefix(strings.TrimPrefix(text, "pukul "), "jam ")
	at, err := roster.ParseClock(strings.ReplaceAll(text, ":", "."))
	return at, err == nil
}
