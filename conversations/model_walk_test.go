package conversations_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

var (
	modelWalks = flag.Int("model.walks", 3_000, "how many walks are compared with the reference model")
	modelSeed  = flag.Uint64("model.seed", 1, "seed of the first walk; the others have those after it")
)

// TestWalksAgreeWithTheModel lets people do anything, in any order, at any hour,
// and compares what the handler made of it with the reference model after each
// step. A walk that differs is told as a story, with the seed that repeats it.
func TestWalksAgreeWithTheModel(t *testing.T) {
	t.Parallel()
	const parts = 4
	h := newChat(t).h
	for part := range parts {
		t.Run(strconv.Itoa(part), func(t *testing.T) {
			t.Parallel()
			cal := calendar{}
			for i := part; i < *modelWalks; i += parts {
				seed := *modelSeed + uint64(i)
				if wrong := newWalk(h, seed, nil, cal).run(); wrong != "" {
					story := &strings.Builder{}
					wrong = newWalk(h, seed, story, cal).run()
					t.Fatalf("walk -model.seed=%d -model.walks=1:\n%s\n%s", seed, story, wrong)
				}
			}
		})
	}
}

// person is one who walks, with the telephone in hand and a store in memory.
type modelWalk struct {
	h       *conversations.Handler
	rnd     *rand.Rand
	m       *model
	rec     *records
	who     *conversations.Person
	session conversations.Session
	body    []byte // the session as it is stored, when it was lost just now
	now, at time.Time
	buttons []*button // all that were ever sent
	asked   []asking
	wrote   []event
	inbox   int
	out     conversations.Outcome
	touched bool                                    // a sent report was changed by something else than Kirim
	chat    string                                  // that the person holds in hand now
	numbers map[string]int                          // of the newest message in each chat
	served  map[roster.Day][]conversations.PlanLink // as they were sent
	story   *strings.Builder
	calendar
	closed roster.Day // the newest day whose deadline was told
}

// calendar remembers days: most walks see the same.
type calendar map[roster.Day]conversations.WorkDay

func newWalk(h *conversations.Handler, seed uint64, story *strings.Builder, cal calendar) *modelWalk {
	w := &modelWalk{
		h: h, rnd: rand.New(rand.NewPCG(seed, 0)), rec: &records{reports: map[roster.Day]conversations.Report{}},
		who: &conversations.Person{ID: 7, Name: "Sri Wahyuni, S.E.", Sex: roster.Female, Lang: "id", Supervisor: "Bambang Setiawan"},
		now: time.Date(2026, 11, 23, 15, 40, 0, 0, wib), story: story, calendar: cal,
		chat: "7", numbers: map[string]int{}, served: map[roster.Day][]conversations.PlanLink{},
	}
	w.m = newModel(w.workDay)
	if w.m.plan = w.rnd.IntN(2) == 0; w.m.plan {
		w.rec.plan = modelPlan()
	}
	return w
}

// workDay is a day as the calendar of an office has it: Monday to Friday, asked
// at 15.00, until 21.00, late until the next working day's 16.00.
func (w *modelWalk) workDay(d roster.Day) conversations.WorkDay {
	out, known := w.calendar[d]
	if !known {
		out = officeDay(d)
		w.calendar[d] = out
	}
	if rep, ok := w.rec.reports[d]; ok {
		out.Report = &rep.Head
	}
	return out
}

func officeDay(d roster.Day) conversations.WorkDay {
	out := conversations.WorkDay{Day: d, Duty: roster.Duty{Day: d, State: roster.NotDue, Reason: roster.ReasonWeekend}}
	if wd := d.Weekday(); wd == time.Saturday || wd == time.Sunday {
		return out
	}
	next := d.Add(1)
	if d.Weekday() == time.Friday {
		next = d.Add(3)
	}
	out.Duty.State, out.Duty.Reason = roster.Due, roster.ReasonWorkday
	out.Times = roster.Times{
		AskAt: d.At(roster.At24(15, 0), wib), Deadline: d.At(roster.At24(21, 0), wib), LateUntil: next.At(roster.At24(16, 0), wib),
	}
	return out
}

// run walks some steps; what differs from the model is told.
func (w *modelWalk) run() string {
	for range 3 + w.rnd.IntN(10) {
		w.pass()
		if wrong := w.step(w.draw()); wrong != "" {
			return wrong
		}
	}
	return w.leads()
}

// pass lets time pass: mostly a moment, at times hours, at times the night.
func (w *modelWalk) pass() {
	switch n := w.rnd.IntN(40); {
	case n < 12:
		w.now = w.now.Add(time.Duration(1+w.rnd.IntN(5)) * time.Second)
	case n < 34:
		w.now = w.now.Add(time.Duration(10+w.rnd.IntN(300)) * time.Second)
	case n < 38:
		w.now = w.now.Add(time.Duration(1+w.rnd.IntN(5)) * time.Hour)
	default:
		w.now = w.now.Add(time.Duration(10+w.rnd.IntN(60)) * time.Hour)
	}
}

// draw is what happens next.
func (w *modelWalk) draw() event {
	if d := roster.DayOf(w.now); w.now.After(w.workDay(d).Times.Deadline) && w.closed != d && w.workDay(d).Duty.State == roster.Due {
		w.closed = d
		return event{kind: "deadline", day: d, chat: w.chat}
	}
	if w.rnd.IntN(8) == 0 { // the other telephone
		w.chat = map[string]string{"7": "8", "8": "7"}[w.chat]
	}
	e := event{kind: "says", chat: w.chat}
	switch n := w.rnd.IntN(40); {
	case n < 10:
		for range 1 + w.rnd.IntN(2)*w.rnd.IntN(3) {
			e.acts = append(e.acts, w.activity())
		}
	case n < 15:
		a := w.activity()
		e.qty, e.unit, e.min = a.qty, a.unit, a.min
		if !e.bare() {
			e.word = "lewati"
		}
	case n < 21:
		words := []string{"kirim", "ubah", "tambah", "batal", "/lapor", "/status", "bantuan", "lewati", "tidak ada", "halo", "???", nothingTyped}
		e.word = words[w.rnd.IntN(len(words))]
	case n < 35 && len(w.buttons) > 0:
		e.kind, e.tap = "taps", w.press()
		e.chat = e.tap.chat
	case n < 37 && len(w.wrote) > 0:
		return w.rewrite()
	case n < 38:
		e.kind = "sticker"
	default:
		e.acts = []act{w.activity()}
	}
	if e.kind == "says" && len(w.asked) > 0 {
		w.point(&e)
	}
	if e.quote != nil {
		e.chat = e.quote.chat
	}
	return e
}

// point quotes an older message of ours, or finds some standing twice, or the
// open one not yet on the telephone; and thumbs are impatient.
func (w *modelWalk) point(e *event) {
	switch n := w.rnd.IntN(14); n {
	case 2, 3, 4:
		e.early, e.underway = n != 3, n == 3
		if n == 4 {
			e.quote = &w.asked[max(0, len(w.asked)-1-w.rnd.IntN(3))]
		}
		if last := w.wrote; len(last) > 0 && w.rnd.IntN(2) == 0 {
			again := last[len(last)-1]
			e.acts, e.word, e.qty, e.unit, e.min = again.acts, again.word, again.qty, again.unit, again.min
		}
	case 0:
		e.quote = &w.asked[w.rnd.IntN(len(w.asked))]
	case 1:
		e.twice = w.asked[max(0, len(w.asked)-3):]
	}
}

func activityNames() []string {
	return []string{
		"Menata arsip kepegawaian", "Rapat koordinasi anggaran", "Verifikasi data pajak", "Menyusun laporan keuangan",
		"Melayani warga di loket", "Memeriksa surat masuk", "Menyiapkan bahan rapat",
	}
}

// activity is one with some or all of its figures.
func (w *modelWalk) activity() act {
	names := activityNames()
	units := []string{"berkas", "dokumen", "kegiatan", "laporan"}
	a := act{name: names[w.rnd.IntN(len(names))]}
	if w.rnd.IntN(3) > 0 {
		a.qty, a.unit = 1+w.rnd.IntN(99), units[w.rnd.IntN(len(units))]
	}
	if w.rnd.IntN(3) > 0 {
		a.min = 5 * (2 + w.rnd.IntN(40))
	}
	return a
}

// press chooses a button of any age; some are used, expired or somebody else's.
func (w *modelWalk) press() *button {
	b := w.buttons[w.rnd.IntN(len(w.buttons))]
	if w.rnd.IntN(2) == 0 { // mostly one of the last messages'
		b = w.buttons[len(w.buttons)-1-w.rnd.IntN(min(6, len(w.buttons)))]
	}
	switch n := w.rnd.IntN(20); {
	case n == 0:
		b.state = conversations.TapExpired
	case n == 1:
		b.state = conversations.TapUnknown
	case b.used:
		b.state = conversations.TapUsed
	default:
		b.state, b.used = conversations.TapFresh, true
	}
	return b
}

// rewrite edits one of the person's messages.
func (w *modelWalk) rewrite() event {
	of := w.wrote[w.rnd.IntN(len(w.wrote))]
	e := event{kind: "edits", chat: of.chat, msg: of.msg}
	for range 1 + w.rnd.IntN(2) {
		e.acts = append(e.acts, w.activity())
	}
	return e
}

// step does one event on both sides and compares.
func (w *modelWalk) step(e event) string {
	w.inbox++
	e.now, e.at = w.now, w.now
	if e.kind == "says" && w.rnd.IntN(10) == 0 { // the network was away
		if e.at = e.at.Add(-time.Duration(w.rnd.IntN(600)) * time.Minute); e.at.Before(w.at) {
			e.at = w.at
		}
	}
	w.at = e.at
	if e.chat == "" {
		e.chat = w.chat
	}
	if e.kind != "edits" {
		w.numbers[e.chat]++
		e.msg = w.numbers[e.chat]
	}
	if e.kind == "says" {
		w.wrote = append(w.wrote, e)
	}
	e.text = e.write()
	w.tell(e)
	turn := w.turn(e)
	out, err := w.h.Handle(context.Background(), turn, w.rec)
	if err != nil {
		return err.Error()
	}
	if w.body != nil {
		if after, _ := json.Marshal(turn.Session); !bytes.Equal(after, w.body) {
			return fmt.Sprintf("the handler changed what it was given:\n%s\n%s", w.body, after)
		}
		if again, _ := w.h.Handle(context.Background(), turn, w.rec); !reflect.DeepEqual(again, out) {
			return fmt.Sprintf("the same turn came out otherwise:\n%+v\n%+v", out, again)
		}
	}
	w.m.hear(e)
	w.apply(out)
	w.keep(e)
	return w.compare(e)
}

// lose forgets the session and makes it anew from what is stored of it.
func (w *modelWalk) lose() (body []byte, s conversations.Session) {
	body, err := json.Marshal(w.session)
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	if err != nil {
		panic(err)
	}
	return body, s
}

// turn is the event as the store hands it over.
func (w *modelWalk) turn(e event) conversations.Turn {
	t := conversations.Turn{Inbox: int64(w.inbox), Person: w.who, Today: roster.DayOf(e.now), Now: e.now}
	w.body, t.Session = nil, w.session
	if w.rnd.IntN(4) == 0 {
		w.body, t.Session = w.lose()
	}
	for i := range 8 {
		t.Days = append(t.Days, w.workDay(t.Today.Add(-i)))
	}
	t.Msg = bot.MsgIn{
		From: bot.Address{Network: bot.Telegram, ID: e.chat}, Sender: e.chat, MessageID: strconv.Itoa(e.msg), At: e.at,
		Kind: bot.KindText, Text: e.text,
	}
	switch e.kind {
	case "taps":
		t.Msg.Kind, t.Msg.At = bot.KindTap, time.Time{}
		t.Tap = &conversations.Tap{State: e.tap.state, Action: e.tap.action, Args: e.tap.args}
	case "edits":
		t.Msg.Kind = bot.KindEdit
	case "sticker":
		t.Msg.Kind, t.Msg.Odd = bot.KindOther, "sticker"
	case "deadline":
		t.Msg = conversations.CloseDraft(t.Msg.From, e.day)
	}
	if e.quote != nil {
		t.About = &e.quote.about
	}
	w.rec.arrival = w.arrival(e)
	for _, q := range e.twice {
		if q.short() {
			t.Repeated = append(t.Repeated, q.about)
		}
	}
	return t
}

// arrival is what the store knows of the open question's copies.
func (w *modelWalk) arrival(e event) conversations.Arrival {
	switch {
	case e.underway:
		return conversations.Arrival{Doubtful: true, Waits: w.rnd.IntN(2) == 0}
	case e.early && w.rnd.IntN(2) == 0:
		return conversations.Arrival{Waits: true}
	case e.early:
		return conversations.Arrival{Numbers: []string{strconv.Itoa(e.msg + 2), strconv.Itoa(e.msg + 1)}, Waits: w.rnd.IntN(2) == 0}
	case w.rnd.IntN(2) == 0:
		return conversations.Arrival{Numbers: []string{strconv.Itoa(e.msg + 1), strconv.Itoa(e.msg - 1)}, Waits: w.rnd.IntN(2) == 0}
	}
	return conversations.Arrival{}
}
