package conversations_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

var wib = time.FixedZone("WIB", 7*3600)

// records is a person's record in memory: what the store would remember.
type records struct {
	planned
	offices
	reports map[roster.Day]conversations.Report
	invites map[string]conversations.Invite
	silent  []conversations.Silent
	flows   map[string]conversations.Flow
	scores  []conversations.WeekScore
	days    []conversations.WorkDay
	own     ownFacts
	// evidence is what was sent beside words, of any day.
	evidence []conversations.Evidence
	// arrival is how far the open question has come.
	arrival conversations.Arrival
}

func (r *records) Arrival(context.Context, bot.Address, conversations.About) (conversations.Arrival, error) {
	return r.arrival, nil
}

func (r *records) Report(_ context.Context, _ roster.EmployeeID, day roster.Day) (conversations.Report, bool, error) {
	rep, ok := r.reports[day]
	return rep, ok, nil
}

func (r *records) LatestReport(_ context.Context, _ roster.EmployeeID, before roster.Day) (conversations.Report, bool, error) {
	for d := before.Add(-1); d.After(before.Add(-30)); d = d.Add(-1) {
		if rep, ok := r.reports[d]; ok && rep.Head.Submitted {
			return rep, true, nil
		}
	}
	return conversations.Report{}, false, nil
}

func (r *records) Evidence(context.Context, roster.EmployeeID, roster.Day) ([]conversations.Evidence, error) {
	return r.evidence, nil
}

func (r *records) Scores(context.Context, roster.EmployeeID, int) ([]conversations.WeekScore, error) {
	return r.scores, nil
}

func (r *records) Month(context.Context, roster.EmployeeID, roster.Day) (conversations.MonthScore, bool, error) {
	return conversations.MonthScore{}, false, nil
}

func (r *records) History(context.Context, roster.EmployeeID, roster.Day, roster.Day) ([]conversations.WorkDay, error) {
	return r.days, nil
}

func (r *records) Invite(_ context.Context, token string, _ time.Time) (conversations.Invite, bool, error) {
	inv, ok := r.invites[token]
	return inv, ok, nil
}

func (r *records) Flow(_ context.Context, ref string) (conversations.Flow, bool, error) {
	f, ok := r.flows[ref]
	return f, ok, nil
}

func (r *records) Silent(context.Context, roster.EmployeeID, int64) ([]conversations.Silent, error) {
	return r.silent, nil
}

// chat is one person's conversation with the handler, in memory.
type chat struct {
	t       *testing.T
	h       *conversations.Handler
	rec     *records
	person  *conversations.Person
	now     time.Time
	session conversations.Session
	last    []conversations.Say
	out     conversations.Outcome
	inbox   int64
	// repeated are questions that may stand twice on the phone.
	repeated []conversations.About
	about    *conversations.About // of the message that is quoted
	phone    string               // in which of the person's chats; empty: the first
}

func newChat(t *testing.T) *chat {
	t.Helper()
	words, err := conversations.NewWords(wib)
	if err != nil {
		t.Fatal(err)
	}
	flow, err := conversations.DefaultFlow()
	if err != nil {
		t.Fatal(err)
	}
	return &chat{
		t: t, h: &conversations.Handler{Words: words, Flow: flow, City: "Pemkot Surakarta"},
		rec: &records{reports: map[roster.Day]conversations.Report{}},
		person: &conversations.Person{
			ID: 7, Name: "Sri Wahyuni, S.E.", Sex: roster.Female, Lang: "id", OPD: "Bapenda",
			Supervisor: "Bambang Setiawan, M.Si.",
		},
		now: time.Date(2026, 11, 23, 15, 40, 0, 0, wib),
	}
}

// workDays are Monday 23 November 2026 and the Friday before, both due.
func (c *chat) workDays() []conversations.WorkDay {
	var out []conversations.WorkDay
	for _, d := range []string{"2026-11-23", "2026-11-20"} {
		day := roster.MustDay(d)
		next := day.Add(1)
		if day.Weekday() == time.Friday {
			next = day.Add(3)
		}
		w := conversations.WorkDay{
			Day: day, Duty: roster.Duty{Day: day, State: roster.Due, Reason: roster.ReasonWorkday},
			Times: roster.Times{
				AskAt: day.At(roster.At24(15, 0), wib), Deadline: day.At(roster.At24(21, 0), wib),
				LateUntil: next.At(roster.At24(16, 0), wib),
			},
		}
		if rep, ok := c.rec.reports[day]; ok {
			w.Report = &rep.Head
		}
		out = append(out, w)
	}
	return out
}

func (c *chat) do(msg bot.MsgIn, tap *conversations.Tap) string {
	c.t.Helper()
	c.inbox++
	phone := cmp.Or(c.phone, "7")
	msg.From, msg.Sender = bot.Address{Network: bot.Telegram, ID: phone}, phone
	if msg.MessageID == "" {
		msg.MessageID = fmt.Sprint(c.inbox)
	}
	if msg.Kind != bot.KindTap {
		msg.At = c.now
	}
	out, err := c.h.Handle(context.Background(), conversations.Turn{
		Inbox: c.inbox, Msg: msg, Person: c.person, Days: c.workDays(), Today: roster.DayOf(c.now),
		Session: c.session, Tap: tap, About: c.about, Repeated: c.repeated, Now: c.now,
	}, c.rec)
	if err != nil {
		c.t.Fatal(err)
	}
	c.session, c.out, c.last = out.Session, out, out.Say
	c.apply(out.Report)
	var texts []string
	for _, s := range out.Say {
		texts = append(texts, s.Msg.Text)
	}
	return strings.Join(texts, "\n---\n")
}

func (c *chat) apply(r *conversations.ReportChange) {
	if r == nil {
		return
	}
	if r.Discard {
		delete(c.rec.reports, r.Day)
		return
	}
	head := c.rec.reports[r.Day].Head
	head.Submitted = head.Submitted || r.Submit
	if r.Submit {
		head.Version++
		head.SubmittedAt, head.Late, head.Code = r.At, r.Late, "ABCD2345"
	}
	c.rec.reports[r.Day] = conversations.Report{Day: r.Day, Head: head, Items: r.Items, Obstacle: r.Obstacle}
}

func (c *chat) types(text string) string {
	c.t.Helper()
	return c.do(bot.MsgIn{Kind: bot.KindText, Text: text}, nil)
}

// taps presses the button with that label among the last messages.
func (c *chat) taps(label string) string {
	c.t.Helper()
	for _, s := range c.last {
		for _, row := range s.Msg.Buttons {
			for _, b := range row {
				if b.Label == label {
					return c.do(bot.MsgIn{Kind: bot.KindTap}, &conversations.Tap{State: conversations.TapFresh, Action: b.Action, Args: b.Args})
				}
			}
		}
	}
	c.t.Fatalf("no button %q under %v", label, c.last)
	return ""
}

func (c *chat) wants(got, want string) {
	c.t.Helper()
	if !strings.Contains(got, want) {
		c.t.Fatalf("got:\n%s\nwant in it:\n%s", got, want)
	}
}

func TestOneMessageAndOneTap(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.wants(c.types("Verifikasi berkas PBB; 25 berkas; 120 menit"), "Ringkasan Senin, 23 November 2026\nVerifikasi berkas PBB — 25 berkas, 120 menit")
	c.wants(c.taps("Kirim"), "sudah kami terima pukul 15.40 WIB")
	if r := c.rec.reports[roster.MustDay("2026-11-23")]; !r.Head.Submitted || r.Items[0].Minutes != 120 {
		t.Fatalf("stored %+v", r)
	}
	if c.session.Stage != conversations.StageIdle {
		t.Fatalf("stage %q after sending", c.session.Stage)
	}
}

func TestOnlyWhatIsMissingIsAsked(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.wants(c.types("rapat koordinasi\nmelayani 21 permohonan 2 jam"), "Kegiatan 1 dari 2: rapat koordinasi\nBerapa hasilnya dan berapa lama?")
	c.wants(c.types("90 menit"), "Berapa hasilnya?")
	c.wants(c.types("1 notulen"), "Ada kendala?")
	got := c.types("jaringan lambat")
	c.wants(got, "1. rapat koordinasi — 1 notulen, 90 menit")
	c.wants(got, "2. melayani permohonan — 21 permohonan, 120 menit")
	c.wants(got, "Kendala: jaringan lambat")
	c.wants(got, "Total 210 menit.")
}

func TestChangeOneActivity(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.types("Verifikasi berkas PBB; 25 berkas; 120 menit\nRapat; 1 kegiatan; 60 menit")
	c.wants(c.taps("Ubah"), "Kegiatan mana")
	c.wants(c.taps("1. Verifikasi berk…"), "Kegiatan 1 sekarang")
	c.wants(c.types("52 berkas"), "1. Verifikasi berkas PBB — 52 berkas, 120 menit")
	c.wants(c.types("bukan 60 tapi 90"), "2. Rapat — 1 kegiatan, 90 menit")
}

func TestMorningAfterBelongsToYesterday(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.now = time.Date(2026, 11, 23, 7, 40, 0, 0, wib)
	got := c.types("Rapat; 1 kegiatan; 60 menit")
	c.wants(got, "Ringkasan Jumat, 20 November 2026")
	c.wants(got, "tercatat terlambat")
	c.wants(c.taps("Untuk Sen 23/11"), "Ringkasan Senin, 23 November 2026")
	c.wants(c.taps("Kirim"), "Laporan Senin, 23 November 2026")
}

func TestFurtherActivityAfterSending(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.now = time.Date(2026, 11, 23, 16, 5, 0, 0, wib)
	c.rec.reports[roster.MustDay("2026-11-20")] = conversations.Report{Head: conversations.ReportHead{Submitted: true}}
	c.types("Rapat; 1 kegiatan; 60 menit")
	c.taps("Kirim")
	got := c.types("Menyusun laporan keuangan; 1 dokumen; 45 menit")
	c.wants(got, "1. Rapat")
	c.wants(got, "2. Menyusun laporan keuangan")
	c.wants(c.taps("Kirim perubahan"), "Perubahan laporan Senin, 23 November 2026")
}

func TestOddContentIsAnswered(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.wants(c.do(bot.MsgIn{Kind: bot.KindOther, Odd: "voice"}, nil), "pesan suara belum dapat kami terima")
	c.wants(c.types("/status"), "belum ada laporan, batas 21.00 WIB")
	c.wants(c.types("/tidakada"), "belum kami kenal")
	c.wants(c.types("saya sakit hari ini"), "Semoga lekas sembuh")
}
