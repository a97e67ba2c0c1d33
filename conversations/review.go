package conversations

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"
	"unicode"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// VerdictState says what a superior decided about one sending of a report.
type VerdictState string

// The verdicts. A report without one counts as suitable: a superior's delay is
// never the reporter's fault.
const (
	Approved VerdictState = "approved" // locked from then on
	Returned VerdictState = "returned" // its writer may change it again, with the note
)

// Unread is one report that waits for its superior.
type Unread struct {
	Report   int64 // its row
	Employee roster.EmployeeID
	Name     string
	// For is the superior in whose stead the reader reads; empty for the own staff.
	For        string
	Day        roster.Day
	Version    int
	Late       bool
	Minutes    int
	Activities int
	Obstacle   bool
	SentAt     time.Time // of this version
}

// Verdict is what a superior said of the last sending of a report.
type Verdict struct {
	State    VerdictState
	Grade    scoring.Suitability // of an approved one
	Note     string              // of a returned one
	At       time.Time
	Reviewer string // name
}

// Mark is a verdict to be kept, on the version that was shown.
type Mark struct {
	Employee roster.EmployeeID
	Day      roster.Day
	Version  int
	State    VerdictState
	Grade    scoring.Suitability
	Note     string
}

// Reviews are the reports that a superior reads; only those of the own line.
type Reviews interface {
	// Unread are the reports that wait for reviewer, oldest first.
	Unread(ctx context.Context, reviewer roster.EmployeeID) ([]Unread, error)
	// Verdict is what was said of the last sending of a report; false when it waits.
	Verdict(ctx context.Context, id roster.EmployeeID, day roster.Day) (Verdict, bool, error)
	// Colleague is an active person by id; false when there is none.
	Colleague(ctx context.Context, id roster.EmployeeID) (Person, bool, error)
	// Reviewed are reviewer's verdicts of one message since a moment that stand.
	Reviewed(ctx context.Context, reviewer roster.EmployeeID, inbox int64, since time.Time) ([]Mark, error)
}

// undoFor is how long a verdict may be taken back by a tap.
const undoFor = 10 * time.Minute

// reviewing handles the buttons of reading reports:
//
//	          ┌──────────────── next ────────────────┐
//	          ▼                                      │
//	list ─▶ one report ─ Setujui, Cukup, Kurang, Tidak sesuai ─▶ told, 10 min to undo
//	  │       └── Kembalikan ─▶ (why?) ─ words ─▶ its writer may change it
//	  └─ Setujui semua (only here, after a report shown whole)
func (t *turn) reviewing(ctx context.Context, action Action, a Args) error {
	switch action {
	case ActUnmark:
		return t.unmark(ctx, a)
	case ActQueue:
		page, _ := strconv.Atoi(a.Value) // of our own making; 0 is the first
		return t.queueOf(ctx, page)
	case ActProof:
		return t.showProof(ctx, a)
	default:
	}
	waiting, err := t.rec.Unread(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	switch action {
	case ActMarkAll:
		return t.markAll(waiting, a)
	case ActReview:
		if a.Employee == 0 {
			return t.nextUnread(ctx, waiting, Unread{})
		}
	default:
	}
	for _, u := range waiting {
		if u.Employee != a.Employee || u.Day != a.Day {
			continue
		}
		if action != ActReview && u.Version != a.Item {
			t.out.Toast = t.say.Text("toast_laporan_baru", nil)
			return t.showUnread(ctx, u)
		}
		return t.judge(ctx, action, a, u, waiting)
	}
	t.out.Toast = t.say.Text("toast_sudah_dibaca", nil)
	return nil
}

// judge does to one waiting report what the button says.
func (t *turn) judge(ctx context.Context, action Action, a Args, u Unread, waiting []Unread) error {
	switch action {
	case ActGrade:
		grade := scoring.Suitability(a.Value)
		t.mark1(Mark{Employee: u.Employee, Day: u.Day, Version: u.Version, State: Approved, Grade: grade})
		if grade != scoring.Sesuai {
			if err := t.tellWriter(ctx, u, "dinilai_atasan_"+string(grade), nil); err != nil {
				return err
			}
		}
		t.out.Toast = t.say.Text("toast_dicatat", nil)
		t.reply(t.marked("laporan_disetujui", u, Data{"Nilai": t.say.Text("nilai_"+string(grade), nil)}))
		return t.nextUnread(ctx, waiting, u)
	case ActReturn:
		s := &t.out.Session
		s.park() // the superior's own draft waits
		s.Stage, s.Returning = StageReturn, &Args{Employee: u.Employee, Day: u.Day, Item: u.Version}
		m := t.say.Say("tanya_alasan_kembali", Data{"Nama": ShortName(u.Name), "Tgl": t.say.Day(u.Day)})
		m.Reply, m.Placeholder = true, t.say.Text("contoh_alasan_kembali", nil)
		t.reply(m, About{Day: u.Day, Question: string(StageReturn)})
		return nil
	case ActPass:
		return t.nextUnread(ctx, waiting, u)
	default:
		return t.showUnread(ctx, u)
	}
}

func (t *turn) mark1(m Mark) {
	t.out.Marks = append(t.out.Marks, m)
	t.audit("report."+string(m.State), fmt.Sprintf("employee:%d %s/%d %s", m.Employee, m.Day, m.Version, m.Grade))
}

// marked tells what was kept, with the button that takes it back.
func (t *turn) marked(id string, u Unread, more Data) Message {
	data := Data{"Nama": ShortName(u.Name), "Tgl": t.say.ShortDay(u.Day)}
	maps.Copy(data, more)
	m := t.say.Say(id, data)
	m.Buttons = [][]Choice{{t.undo()}}
	return m
}

func (t *turn) undo() Choice {
	return Choice{Label: t.say.Text("tombol_batal_nilai", nil), Action: ActUnmark, Args: Args{Escalation: t.Inbox}}
}

// returnWith takes the words as the reason why a report goes back. Without a
// reason nothing goes back.
func (t *turn) returnWith(ctx context.Context, text string, intent parse.Intent) error {
	if intent == parse.Cancel {
		t.keepReport()
		return nil
	}
	a := *t.out.Session.Returning
	note := Clip(strings.Join(strings.Fields(text), " "), 300)
	if !strings.ContainsFunc(note, unicode.IsLetter) {
		t.reply(t.say.Say("alasan_kembali_kosong", nil), About{Day: a.Day, Question: string(StageReturn)})
		return nil
	}
	t.out.Session = t.out.Session.ended()
	waiting, err := t.rec.Unread(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	for _, u := range waiting {
		if u.Employee != a.Employee || u.Day != a.Day {
			continue
		}
		if u.Version != a.Item {
			t.reply(t.say.Say("laporan_baru_saja_diubah", Data{"Nama": ShortName(u.Name)}))
			return t.showUnread(ctx, u)
		}
		t.mark1(Mark{Employee: u.Employee, Day: u.Day, Version: u.Version, State: Returned, Note: note})
		if err := t.tellWriter(ctx, u, "dikembalikan_atasan", Data{"Catatan": note}); err != nil {
			return err
		}
		t.reply(t.marked("laporan_dikembalikan", u, nil))
		return t.nextUnread(ctx, waiting, u)
	}
	t.reply(t.say.Say("laporan_tidak_menunggu", nil))
	return nil
}

// keepReport ends the question why a report goes back: it stays where it is.
func (t *turn) keepReport() {
	t.out.Session = t.out.Session.ended()
	t.reply(t.say.Say("tidak_jadi_kembali", nil))
}

// markAll approves what the list showed: only reports that waited then, in the
// form they had then.
func (t *turn) markAll(waiting []Unread, a Args) error {
	n := 0
	for _, u := range waiting {
		if u.SentAt.UnixMicro() <= a.Escalation {
			t.mark1(Mark{Employee: u.Employee, Day: u.Day, Version: u.Version, State: Approved, Grade: scoring.Sesuai})
			n++
		}
	}
	if n == 0 {
		t.out.Toast = t.say.Text("toast_sudah_dibaca", nil)
		return nil
	}
	m := t.say.Say("semua_disetujui", Data{"Count": n, "Sisa": len(waiting) - n})
	m.Buttons = [][]Choice{{t.undo()}}
	if len(waiting) > n {
		m.Buttons = append(m.Buttons, []Choice{{Label: t.say.Text("tombol_lihat_daftar", nil), Action: ActQueue}})
	}
	t.out.Toast = t.say.Text("toast_dicatat", nil)
	t.reply(m)
	return nil
}

// unmark takes back the verdicts of one tap or message.
func (t *turn) unmark(ctx context.Context, a Args) error {
	marks, err := t.rec.Reviewed(ctx, t.Person.ID, a.Escalation, t.Now.Add(-undoFor))
	if err != nil {
		return err
	}
	if len(marks) == 0 {
		t.out.Toast = t.say.Text("toast_tidak_bisa_batal", nil)
		t.reply(t.say.Say("tidak_bisa_batal", nil))
		return nil
	}
	t.out.Unmark = a.Escalation
	for _, m := range marks {
		t.audit("report.unmarked", fmt.Sprintf("employee:%d %s", m.Employee, m.Day))
		if m.State == Returned || (m.Grade != scoring.Sesuai && m.Grade != "") {
			if err := t.tellWriter(ctx, Unread{Employee: m.Employee, Day: m.Day}, "penilaian_dibatalkan", nil); err != nil {
				return err
			}
		}
	}
	t.out.Toast = t.say.Text("toast_dibatalkan", nil)
	m := t.say.Say("penilaian_dibatalkan_atasan", Data{"Count": len(marks)})
	m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_lihat_daftar", nil), Action: ActQueue}}}
	t.reply(m)
	return nil
}

// mayChange reports whether the report of a day may be written or changed now,
// and says why not.
func (t *turn) mayChange(ctx context.Context, day roster.Day) (bool, error) {
	if w, _ := t.day(day); w.Report == nil || !w.Report.Submitted || !w.Report.Reviewed {
		if t.open(day) {
			return true, nil
		}
		return false, t.closed(day)
	}
	v, found, err := t.rec.Verdict(ctx, t.Person.ID, day)
	switch {
	case err != nil:
		return false, err
	case found && v.State == Approved:
		t.reply(t.say.Say("laporan_terkunci", Data{
			"Tgl": t.say.Day(day), "Atasan": ShortName(v.Reviewer), "Pukul": t.say.ShortDay(t.say.DayOf(v.At)) + " " + t.say.Time(v.At),
		}))
		return false, nil
	case found && v.State == Returned, t.open(day):
		return true, nil
	}
	return false, t.closed(day)
}
