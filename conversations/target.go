package conversations

import (
	"time"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// targetDay says which day's report words without any other hint belong to.
//
//  1. the day that the quoted message asked about;
//  2. the session's own day, while one is open;
//  3. yesterday, when they begin by saying so and it is owed and still open;
//  4. the newest unreported day whose answer is awaited now: asked, and its
//     deadline not over;
//  5. the newest unreported day that may still be sent late;
//  6. the day on which they were written, or today when that is closed.
//
// A person who means another day finds a button under the summary.
func (t *turn) targetDay() roster.Day {
	if t.About != nil && !t.About.Day.IsZero() && t.open(t.About.Day) {
		return t.About.Day
	}
	if t.out.Session.Stage != StageIdle && !t.out.Session.Day.IsZero() {
		return t.out.Session.Day
	}
	written := roster.DayOf(t.at().In(t.Now.Location()))
	if !t.open(written) {
		written = t.Today
	}
	if t.owedYesterday(written) {
		return written.Add(-1)
	}
	return awaited(t.Days, t.at(), written)
}

// owedYesterday: the words say "kemarin", and that day's report is missing.
func (t *turn) owedYesterday(today roster.Day) bool {
	if t.Msg.Kind != bot.KindText || !parse.OfYesterday(t.Msg.Text) {
		return false
	}
	w, known := t.day(today.Add(-1))
	return known && t.open(w.Day) && w.Duty.State == roster.Due && (w.Report == nil || !w.Report.Submitted)
}

func awaited(days []WorkDay, at time.Time, today roster.Day) roster.Day {
	late := roster.Day{}
	for _, d := range days {
		if d.Duty.State != roster.Due || (d.Report != nil && d.Report.Submitted) || at.After(d.Times.LateUntil) {
			continue
		}
		if !at.Before(d.Times.AskAt) && !at.After(d.Times.Deadline) {
			return d.Day
		}
		if at.After(d.Times.Deadline) && late.IsZero() {
			late = d.Day
		}
	}
	if !late.IsZero() {
		return late
	}
	return today
}

// open reports whether a report of that day may still be written: today's
// always, an earlier one until its late limit, and a day that is not owed never
// closes before the next one begins.
func (t *turn) open(d roster.Day) bool {
	if s := t.out.Session; d == t.Today || (s.Reopened && s.Day == d) {
		return true
	}
	w, known := t.day(d)
	if !known || w.Times.LateUntil.IsZero() {
		return false
	}
	return !t.at().After(w.Times.LateUntil)
}

// otherDay is a second day the words could have meant, for the button; zero
// when there is none: an earlier day that may still be sent, or today when its
// work has begun.
func (t *turn) otherDay(chosen roster.Day) roster.Day {
	for _, w := range t.Days {
		if w.Day == chosen || !t.open(w.Day) || (w.Report != nil && w.Report.Submitted) {
			continue
		}
		if w.Day == t.Today || w.Duty.State == roster.Due {
			if t.Now.Before(w.Day.At(w.Duty.Start, t.Now.Location())) {
				continue
			}
			return w.Day
		}
	}
	return roster.Day{}
}

// isLate judges by the provider's time of the words, never by ours.
func (t *turn) isLate(d roster.Day, said time.Time) bool {
	w, _ := t.day(d)
	return w.Duty.State == roster.Due && said.After(w.Times.Deadline)
}

// closeStaleSession parks a session whose day can no longer be sent. The draft
// stays in the database; nothing that was said is thrown away.
func (t *turn) closeStaleSession() {
	t.unpark()
	s := t.out.Session
	if s.Stage == StageIdle || s.Stage == StageContact || s.Stage == StageReturn || t.open(s.Day) {
		return
	}
	t.out.Session = s.ended()
	if t.Msg.Kind != bot.KindTap { // a tap on a closed day is answered by its own words
		t.reply(t.say.Say("draf_ditutup", Data{"Tgl": t.say.Day(s.Day)}))
	}
}
