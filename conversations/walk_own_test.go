package conversations_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

var ownWalks = flag.Int("own.walks", 800, "how many walks with own questions and evidence are judged")

// everyKind asks one question of each kind, with conditions and two that must be
// answered.
const everyKind = `
[[question]]
key = "tempat"
kind = "choice"
options = ["Kantor", "Lapangan"]
id = "Di mana?"
[[question]]
key = "lokasi"
kind = "location"
when = {tempat = "Lapangan"}
id = "Lokasinya?"
[[question]]
key = "layanan"
kind = "choices"
options = ["KIA", "Gizi", "Imunisasi"]
id = "Layanan apa?"
[[question]]
key = "rujukan"
kind = "yes_no"
required = true
id = "Ada rujukan?"
[[question]]
key = "lama"
kind = "how_long"
when = {rujukan = "ya"}
id = "Berapa lama?"
[[question]]
key = "jam"
kind = "times"
when = {tempat = "Kantor"}
id = "Jam berapa?"
[[question]]
key = "tanggal"
kind = "date"
id = "Kapan?"
[[question]]
key = "orang"
kind = "number"
min = 0
max = 100
id = "Berapa orang?"
[[question]]
key = "foto"
kind = "photo"
required = true
id = "Fotonya?"
[[question]]
key = "catatan"
kind = "text"
id = "Catatan?"
`

// answers are words that answer a question of everyKind, and what is kept of them.
func answers() map[string][][2]string {
	return map[string][][2]string{
		"tempat": {{"kantor", "Kantor"}, {"2", "Lapangan"}}, "layanan": {{"1 dan 3", "KIA; Imunisasi"}, {"gizi", "Gizi"}},
		"rujukan": {{"nggih", "ya"}, {"tidak", "tidak"}}, "lama": {{"1,5 jam", "90"}, {"setengah jam", "30"}},
		"jam": {{"08.00-10.00", "08:00-10:00"}}, "tanggal": {{"27 November", "2026-11-27"}},
		"orang": {{"12", "12"}, {"dua belas", "12"}}, "catatan": {{"Jalan masuk ditutup warga", "Jalan masuk ditutup warga"}},
	}
}

// TestOwnWalks lets people report with own questions and evidence in any order,
// and looks after each step that nothing said or sent is lost, that everything is
// answered, and that there is a way to send and a way to leave.
func TestOwnWalks(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	h := *c.h
	h.Flow = own(t, everyKind)
	for part := range 4 {
		t.Run(strconv.Itoa(part), func(t *testing.T) {
			t.Parallel()
			for seed := part; seed < *ownWalks; seed += 4 {
				w := &ownWalk{h: &h, rnd: rand.New(rand.NewPCG(uint64(seed), 9)), kept: map[int64]conversations.Evidence{}}
				w.rec = &ownStore{records: &records{reports: map[roster.Day]conversations.Report{}}, kept: w.kept}
				w.now = c.now
				if wrong := w.run(); wrong != "" {
					t.Fatalf("walk %d: %s\n%s", seed, wrong, w.story.String())
				}
			}
		})
	}
}

// ownStore holds evidence by day, as the rows do.
type ownStore struct {
	*records
	kept map[int64]conversations.Evidence
}

func (s *ownStore) Evidence(context.Context, roster.EmployeeID, roster.Day) ([]conversations.Evidence, error) {
	return slices.SortedFunc(maps.Values(s.kept), func(a, b conversations.Evidence) int { return int(a.Inbox - b.Inbox) }), nil
}

type ownWalk struct {
	h       *conversations.Handler
	rnd     *rand.Rand
	rec     *ownStore
	kept    map[int64]conversations.Evidence
	session conversations.Session
	now     time.Time
	inbox   int64
	names   int
	buttons []conversations.Choice
	album   string
	story   strings.Builder
}

const ownDay = "2026-11-23"

func (w *ownWalk) run() string {
	for range 4 + w.rnd.IntN(16) {
		w.now = w.now.Add(time.Duration(1+w.rnd.IntN(60)) * time.Second)
		if wrong := w.step(w.draw()); wrong != "" {
			return wrong
		}
	}
	return w.ways()
}

// ownStep is one event and what must come of it.
type ownStep struct {
	msg  bot.MsgIn
	tap  *conversations.Tap
	name string // an activity that was said whole
	key  string // an own question that is answered with
	want string
	away bool // it may take things away: Batal, Hapus
}

func (w *ownWalk) draw() ownStep {
	s := w.session
	switch n := w.rnd.IntN(20); {
	case n < 3 || s.Stage == conversations.StageIdle && n < 12:
		w.names++
		name := fmt.Sprintf("Rapat koordinasi bidang %s", string(rune('A'+w.names%26))+strconv.Itoa(w.names))
		return ownStep{msg: said(name + "; 2 berkas; 45 menit"), name: name}
	case n < 9 && s.Stage == conversations.StageExtra && len(answers()[s.Question]) > 0:
		all := answers()[s.Question]
		a := all[w.rnd.IntN(len(all))]
		return ownStep{msg: said(a[0]), key: s.Question, want: a[1]}
	case n < 14:
		return w.sends()
	case n < 18 && len(w.buttons) > 0:
		b := w.buttons[len(w.buttons)-1-w.rnd.IntN(min(len(w.buttons), 8))]
		return ownStep{
			msg: bot.MsgIn{Kind: bot.KindTap}, tap: &conversations.Tap{State: conversations.TapFresh, Action: b.Action, Args: b.Args},
			away: b.Action == conversations.ActDrop || b.Action == conversations.ActDiscard || b.Action == conversations.ActEvidenceDrop,
		}
	default:
		words := []string{"lewati", "kirim", "batal", "ubah", "tambah", "???", "ya", "tidak ada", "/lapor", "bantuan", "halo"}
		word := words[w.rnd.IntN(len(words))]
		return ownStep{msg: said(word), away: word == "batal"}
	}
}

func said(text string) bot.MsgIn { return bot.MsgIn{Kind: bot.KindText, Text: text} }

// sends is a photo, a place, a document, or a piece of the album that is coming in.
func (w *ownWalk) sends() ownStep {
	m := bot.MsgIn{Kind: bot.KindMedia, Attachments: []bot.Attachment{{Kind: bot.Photo, FileID: "f", Size: 1000}}}
	switch w.rnd.IntN(6) {
	case 0:
		m.Attachments[0] = bot.Attachment{Kind: bot.Location, Lat: -7.5, Lon: 110.8}
	case 1:
		m.Attachments[0] = bot.Attachment{Kind: bot.Document, FileID: "d", Name: "undangan.pdf", MIME: "application/pdf", Size: 1000}
	case 2, 3:
		if w.album == "" || w.rnd.IntN(3) == 0 {
			w.album = strconv.FormatInt(w.inbox+1, 10)
		}
		m.Album = w.album
		w.now = w.now.Add(-time.Second)
	default:
	}
	return ownStep{msg: m}
}

func (w *ownWalk) step(e ownStep) string {
	w.inbox++
	e.msg.From, e.msg.Sender, e.msg.MessageID = bot.Address{Network: bot.Telegram, ID: "7"}, "7", strconv.FormatInt(w.inbox, 10)
	if e.tap == nil {
		e.msg.At = w.now
	}
	day := roster.MustDay(ownDay)
	today := officeDay(day)
	if rep, ok := w.rec.reports[day]; ok {
		today.Report = &rep.Head
	}
	before, err := json.Marshal(w.session)
	if err != nil {
		return err.Error()
	}
	turn := conversations.Turn{
		Inbox: w.inbox, Msg: e.msg, Person: &conversations.Person{ID: 7, Name: "Sri Wahyuni", Sex: roster.Female, Lang: "id", Supervisor: "Bambang"},
		Days: []conversations.WorkDay{today}, Today: day, Session: w.session, Tap: e.tap, Now: w.now,
	}
	out, err := w.h.Handle(context.Background(), turn, w.rec)
	if err != nil {
		return err.Error()
	}
	fmt.Fprintf(&w.story, "%d %s %q %+v → %s %s\n", w.inbox, e.msg.Kind, e.msg.Text, e.tap, out.Session.Stage, out.Session.Question)
	if after, _ := json.Marshal(turn.Session); !bytes.Equal(before, after) {
		return "the handler changed the session that it was given"
	}
	if again, _ := w.h.Handle(context.Background(), turn, w.rec); !reflect.DeepEqual(again, out) {
		return "the same turn came out otherwise"
	}
	wrong := w.judge(e, out)
	w.apply(out, day)
	return wrong
}

// judge looks for anything lost in one step.
func (w *ownWalk) judge(e ownStep, out conversations.Outcome) string {
	was, is := w.session, out.Session
	sent := out.Report != nil && out.Report.Submit
	amended := out.Evidence != nil && (out.Evidence.Amend != nil || e.msg.Album != "")
	if len(out.Say) == 0 && out.Toast == "" && !amended {
		return "no answer"
	}
	items, extra := is.Items, is.Extra
	if sent {
		items, extra = out.Report.Items, out.Report.Extra
	}
	if e.away {
		return ""
	}
	have := map[string]bool{}
	for _, it := range items {
		have[it.Description] = true
	}
	for i, it := range was.Items {
		rewritten := was.Stage == conversations.StageEdit && i == was.Item && e.tap == nil
		if !have[it.Description] && !rewritten {
			return fmt.Sprintf("lost the activity %q", it.Description)
		}
	}
	if e.name != "" && !have[e.name] {
		return fmt.Sprintf("did not take %q", e.name)
	}
	if e.key != "" && extra[e.key] != e.want {
		return fmt.Sprintf("%q for %s was kept as %q", e.want, e.key, extra[e.key])
	}
	return w.judgeExtra(e, was, extra, sent) + w.judgePiece(e, out)
}

// judgeExtra: an answer goes only when its question is answered anew or skipped, or
// when another answer made it pointless.
func (w *ownWalk) judgeExtra(e ownStep, was conversations.Session, extra map[string]string, sent bool) string {
	needs := map[string][2]string{"lokasi": {"tempat", "Lapangan"}, "jam": {"tempat", "Kantor"}, "lama": {"rujukan", "ya"}}
	for key, v := range was.Extra {
		anew := was.Question == key || e.tap != nil && e.tap.Args.Question == key || e.msg.Album != "" && key == "foto"
		n, conditional := needs[key]
		pointless := sent && conditional && extra[n[0]] != n[1]
		if extra[key] != v && !anew && !pointless {
			return fmt.Sprintf("the answer to %s was %q and is %q", key, v, extra[key])
		}
	}
	return ""
}

// judgePiece: whatever was sent is kept, and a photo that was asked for is the answer.
func (w *ownWalk) judgePiece(e ownStep, out conversations.Outcome) string {
	if len(e.msg.Attachments) == 0 {
		return ""
	}
	c := out.Evidence
	if c == nil || c.Add == nil || c.Add.Inbox != w.inbox {
		return "a piece was not kept"
	}
	asked := w.session.Stage == conversations.StageExtra && w.session.Question == "foto" && e.msg.Attachments[0].Kind == bot.Photo
	if asked && !slices.Contains(strings.Fields(out.Session.Extra["foto"]), strconv.FormatInt(w.inbox, 10)) {
		return "a photo that was asked for is no answer"
	}
	if out.Session.Stage != conversations.StageIdle && !slices.ContainsFunc(out.Session.Evidence, func(p conversations.Evidence) bool { return p.Inbox == w.inbox }) &&
		c.Day == out.Session.Day {
		return "the draft does not know of the piece"
	}
	return ""
}

func (w *ownWalk) apply(out conversations.Outcome, day roster.Day) {
	w.session = out.Session
	for _, s := range out.Say {
		for _, c := range slices.Concat(s.Msg.Buttons...) {
			if c.Action != conversations.ActAbsent && c.Action != conversations.ActObstacle {
				w.buttons = append(w.buttons, c)
			}
		}
	}
	if c := out.Evidence; c != nil {
		w.applyEvidence(c)
	}
	r := out.Report
	if r == nil {
		return
	}
	old := w.rec.reports[day]
	switch {
	case r.Discard && !old.Head.Submitted:
		delete(w.rec.reports, day)
	case !r.Discard && (r.Submit || !old.Head.Submitted):
		old.Head.Submitted = old.Head.Submitted || r.Submit
		old.Day, old.Items, old.Obstacle, old.Extra, old.Flow = day, r.Items, r.Obstacle, r.Extra, r.Flow
		if r.Submit {
			old.Head.Version++
			old.Head.SubmittedAt, old.Head.Code, old.Head.Activities = r.At, "ABCD2345", len(r.Items)
		}
		w.rec.reports[day] = old
	}
}

func (w *ownWalk) applyEvidence(c *conversations.EvidenceChange) {
	if c.Add != nil && !c.Add.Letter {
		w.kept[c.Add.Inbox] = c.Add.Evidence
	}
	for _, p := range c.Placed {
		w.kept[p.Inbox] = p
	}
	if r := c.Removed; r != nil {
		for id, p := range w.kept {
			if *r == (conversations.EvidenceRef{}) || id == r.Inbox || r.Album != "" && p.Album == r.Album {
				delete(w.kept, id)
			}
		}
	}
}

// ways: from wherever a walk ends there is a way to send and one to leave.
func (w *ownWalk) ways() string {
	start, store := w.session, maps.Clone(w.rec.reports)
	for _, word := range []string{"batal", "kirim"} {
		w.session, w.rec.reports = start, maps.Clone(store)
		version, items := store[roster.MustDay(ownDay)].Head.Version, len(start.Items)
		for range 9 {
			if w.session.Stage == conversations.StageIdle {
				break
			}
			if wrong := w.step(ownStep{msg: said(word), away: true}); wrong != "" {
				return wrong
			}
		}
		if w.session.Stage != conversations.StageIdle && (word == "batal" || items > 0) {
			return fmt.Sprintf("nine %q lead only to %q", word, w.session.Stage)
		}
		if word == "kirim" && items > 0 && w.rec.reports[roster.MustDay(ownDay)].Head.Version != version+1 {
			return "nine Kirim sent nothing"
		}
	}
	return ""
}
