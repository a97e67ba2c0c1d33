package conversations_test

import (
	"strings"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

// press taps the newest button with that label.
func (c *chat) press(label string) {
	c.t.Helper()
	for _, s := range c.last {
		for _, row := range s.Msg.Buttons {
			for _, b := range row {
				if b.Label == label {
					c.do(bot.MsgIn{Kind: bot.KindTap}, &conversations.Tap{State: conversations.TapFresh, Action: b.Action, Args: b.Args})
					return
				}
			}
		}
	}
	c.t.Fatalf("no button %q", label)
}

func (c *chat) write(text string) string {
	c.t.Helper()
	return c.do(bot.MsgIn{Kind: bot.KindText, Text: text, At: c.now}, nil)
}

func withHead(t *testing.T) *chat {
	t.Helper()
	c := newChat(t)
	c.rec.own.head = &conversations.Person{ID: 2, Name: "Bambang Setiawan", Sex: roster.Male, Lang: "id"}
	return c
}

// TestLeaveInOneMessage: what was said is not asked again, and what is sent is
// claimed and put to the superior.
func TestLeaveInOneMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, from, to string
		kind           roster.AbsenceKind
		letter, note   string
	}{
		{"/cuti 25-27 Nov acara keluarga", "2026-11-25", "2026-11-27", roster.AnnualLeave, "", "acara keluarga"},
		{"/cuti melahirkan 1 Desember - 26 Februari", "2026-12-01", "2027-02-26", roster.MaternityLeave, "", ""},
		{"/cuti alasan penting 3 hari mulai Jumat", "2026-11-27", "2026-12-01", roster.UrgentLeave, "", ""},
		{"/cuti CLTN 1 Des sampai 31 Des", "2026-12-01", "2026-12-31", roster.UnpaidLeave, "", ""},
		{"/sakit", "2026-11-23", "2026-11-23", roster.SickDay, "", ""},
		{"/wfh besok", "2026-11-24", "2026-11-24", roster.FromHome, "", ""},
		{"/dinasluar besok SPT 094/1234 ke Semarang", "2026-11-24", "2026-11-24", roster.FieldDuty, "094/1234", "ke Semarang"},
		{"/diklat pekan depan", "2026-11-30", "2026-12-04", roster.Training, "", ""},
		{"/libursif", "2026-11-23", "2026-11-23", roster.ShiftOff, "", ""},
	} {
		chat := withHead(t)
		chat.write(c.text)
		chat.press("Kirim")
		if len(chat.out.Absent) != 1 {
			t.Errorf("%s: %d absences", c.text, len(chat.out.Absent))
			continue
		}
		a := chat.out.Absent[0]
		if a.From.String() != c.from || a.To.String() != c.to || a.Kind != c.kind || a.Letter != c.letter || a.Note != c.note || a.Confirmed || a.Asks != 2 {
			t.Errorf("%s: %+v", c.text, a)
		}
		if chat.session.Side != nil {
			t.Errorf("%s: the dialogue goes on", c.text)
		}
	}
}

// TestLeaveKeepsTheDraft: days away are told beside a report, which goes on after.
func TestLeaveKeepsTheDraft(t *testing.T) {
	t.Parallel()
	c := withHead(t)
	c.write("Verifikasi berkas PBB; 25 berkas; 120 menit")
	c.write("/cuti besok")
	c.press("Kirim")
	if len(c.session.Items) != 1 || c.session.Stage != conversations.StageConfirm {
		t.Fatalf("the draft is gone: %+v", c.session)
	}
	c.write("/cuti")
	if got := c.write("Rapat koordinasi; 1 kegiatan; 90 menit"); !strings.Contains(got, "Rapat koordinasi") || len(c.session.Items) != 2 {
		t.Errorf("a whole activity was taken for a date: %q", got)
	}
}

// TestRefusalGivesTime: whatever the hour of a refusal, there is time to write,
// until an evening of a working day, and at least three hours.
func TestRefusalGivesTime(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	for hour := range 24 * 7 {
		c.session = conversations.Session{}
		c.now = time.Date(2026, 11, 23, 0, 30, 0, 0, wib).Add(time.Duration(hour) * time.Hour)
		today := roster.DayOf(c.now)
		c.rec.own.claims = map[int64]conversations.Claim{5: {
			ID: 5, Absence: 9, Person: conversations.Person{ID: 3, Name: "Fitri", Lang: "id"}, Kind: roster.AnnualLeave,
			From: today.Add(-20), To: today, Waiting: true,
		}}
		c.do(bot.MsgIn{Kind: bot.KindTap}, &conversations.Tap{
			State: conversations.TapFresh, Action: conversations.ActRefuse, Args: conversations.Args{Claim: 5, Value: "Hari itu hadir"},
		})
		d := c.out.Own.Decided
		switch {
		case d == nil:
			t.Fatalf("%s: nothing was decided", c.now)
		case d.Grace.Deadline.Sub(c.now) < 3*time.Hour:
			t.Errorf("%s: only until %s", c.now, d.Grace.Deadline)
		case d.Grace.LateUntil.Before(d.Grace.Deadline):
			t.Errorf("%s: late until %s, before the deadline %s", c.now, d.Grace.LateUntil, d.Grace.Deadline)
		case d.From.Before(today.Add(-7)):
			t.Errorf("%s: makes %s due, which nobody can write any more", c.now, d.From)
		}
	}
}

// TestSnoozeNeverPassesTheDeadline: for every minute of the window and every
// length, the reminder comes later than now and before the deadline.
func TestSnoozeNeverPassesTheDeadline(t *testing.T) {
	t.Parallel()
	deadline := time.Date(2026, 11, 23, 21, 0, 0, 0, wib)
	c := newChat(t)
	for minute := range 6 * 60 {
		for _, length := range []string{"30", "120"} {
			c.now = time.Date(2026, 11, 23, 15, 0, 0, 0, wib).Add(time.Duration(minute) * time.Minute)
			c.write("/jeda " + length + " menit")
			for _, s := range c.out.Say {
				if s.Kind != conversations.KindRemind {
					continue
				}
				if !s.NotBefore.After(c.now) || !s.NotBefore.Before(deadline) || s.ExpiresAt.After(deadline) || s.Guard != conversations.GuardUnreported {
					t.Errorf("at %s for %s: %s", c.now.Format("15.04"), length, s.NotBefore.Format("15.04"))
				}
			}
		}
	}
}

// TestWithdrawNeedsAReason and an open window.
func TestWithdrawNeedsAReason(t *testing.T) {
	t.Parallel()
	day := roster.MustDay("2026-11-23")
	c := newChat(t)
	c.rec.reports[day] = conversations.Report{Day: day, Head: conversations.ReportHead{Submitted: true, Version: 1, Code: "AAAA2222", Activities: 1}}
	c.write("/tarik")
	if c.out.Own.Withdrew != nil {
		t.Fatal("taken back without a reason")
	}
	c.write("batal")
	if c.out.Own.Withdrew != nil || c.session.Side != nil {
		t.Fatal("taken back although it was called off")
	}
	c.write("/tarik salah hari")
	if w := c.out.Own.Withdrew; w == nil || w.Day != day || w.Reason != "salah hari" {
		t.Fatalf("%+v", w)
	}
	c.now = c.now.AddDate(0, 0, 3)
	if c.write("/tarik salah hari"); c.out.Own.Withdrew != nil {
		t.Error("taken back after its window")
	}
}

// TestReadingIsForTheOwnLine: a report of somebody else's staff is not shown, and
// an opened one is noted.
func TestReadingIsForTheOwnLine(t *testing.T) {
	t.Parallel()
	day := roster.MustDay("2026-11-23")
	c := newChat(t)
	c.rec.reports[day] = conversations.Report{Day: day, Head: conversations.ReportHead{Submitted: true, Code: "AAAA2222"}}
	read := &conversations.Tap{State: conversations.TapFresh, Action: conversations.ActRead, Args: conversations.Args{Employee: 3, Day: day}}
	if got := c.do(bot.MsgIn{Kind: bot.KindTap}, read); got != "" || c.out.Own.Opened != nil {
		t.Errorf("shown to a stranger: %q", got)
	}
	c.rec.own.staff = []conversations.StaffDay{{ID: 3, Name: "Fitri", Sent: true}}
	if got := c.do(bot.MsgIn{Kind: bot.KindTap}, read); !strings.Contains(got, "Fitri") || c.out.Own.Opened == nil {
		t.Errorf("not shown to the head: %q", got)
	}
}

// TestHoursToChooseAreThePolicys: what it allows is offered and taken, nothing else.
func TestHoursToChooseAreThePolicys(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.h.Hours = roster.DefaultHours()
	c.h.Hours.ChooseFrom, c.h.Hours.ChooseBefore = roster.At24(16, 0), 4*time.Hour
	if got := c.write("/waktu"); !strings.Contains(got, "16.00 dan 17.00") || len(c.last[0].Msg.Buttons[0]) != 2 {
		t.Errorf("offered: %s %v", got, c.last[0].Msg.Buttons)
	}
	for text, taken := range map[string]bool{"/waktu 15.30": false, "/waktu 16.30": true, "/waktu 17.30": false} {
		if got := c.write(text); strings.Contains(got, "mulai sekarang") != taken {
			t.Errorf("%s: %s", text, got)
		}
	}
}
