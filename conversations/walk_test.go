package conversations_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ekinerja/bot"
	"ekinerja/conversations"
)

// TestNoWalkGetsStuck lets a person do anything in any order, on two telephones: words,
// buttons, edits, quotes, long pauses. Whatever they do: they always get an answer, where
// they wrote; a whole activity they typed is in the draft or the report until they take
// it out, and "batal" twice always leads out.
func TestNoWalkGetsStuck(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := newChat(t)
		w := &walk{chat: c, rapid: r}
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			w.step()
		}
		c.types("batal")
		c.types("batal")
		if c.session.Stage != conversations.StageIdle {
			r.Fatalf("after two batal the stage is %q", c.session.Stage)
		}
	})
}

type walk struct {
	chat  *chat
	rapid *rapid.T
	n     int
}

func (w *walk) step() {
	c := w.chat
	c.now = c.now.Add(time.Duration(rapid.IntRange(1, 400).Draw(w.rapid, "seconds")) * time.Second)
	switch rapid.SampledFrom([]string{"activity", "words", "tap", "tap", "odd", "used", "edit", "quote", "late", "switch"}).Draw(w.rapid, "act") {
	case "activity":
		w.activity()
	case "words":
		w.answered(c.types(rapid.SampledFrom([]string{
			"rapat", "90 menit", "25 berkas", "lewati", "tidak ada", "ya", "kirim", "ubah", "tambah", "sama seperti kemarin",
			"bukan 25 tapi 52", "/lapor", "/status", "/batal", "nihil", "saya sakit", "08.00-10.00", "sugeng", "\u200b", "???",
		}).Draw(w.rapid, "text")))
	case "tap":
		w.tap(conversations.TapFresh)
	case "used":
		w.tap(conversations.TapUsed)
	case "odd":
		w.answered(c.do(bot.MsgIn{Kind: bot.KindOther, Odd: "sticker"}, nil))
	case "edit":
		of := fmt.Sprint(rapid.Int64Range(1, c.inbox+1).Draw(w.rapid, "of"))
		w.answered(c.do(bot.MsgIn{Kind: bot.KindEdit, MessageID: of, Text: "Rapat bidang; 2 kegiatan; 45 menit"}, nil))
	case "quote":
		w.quote()
	case "late":
		c.now = c.now.Add(time.Duration(rapid.IntRange(1, 5).Draw(w.rapid, "hours")) * time.Hour)
	case "switch":
		c.phone = map[string]string{"": "8", "8": ""}[c.phone]
	}
}

// quote answers one of the last messages by quoting it.
func (w *walk) quote() {
	c := w.chat
	var abouts []conversations.About
	for _, s := range c.last {
		abouts = append(abouts, s.About)
	}
	if len(abouts) == 0 {
		return
	}
	about := rapid.SampledFrom(abouts).Draw(w.rapid, "about")
	c.about = &about
	w.answered(c.types(rapid.SampledFrom([]string{"25 berkas", "90 menit", "lewati", "tidak ada", "hujan deras"}).Draw(w.rapid, "answer")))
	c.about = nil
}

// activity types a whole activity; it must be kept.
func (w *walk) activity() {
	c := w.chat
	w.n++
	name := fmt.Sprintf("Menata arsip nomor%c", 'a'+w.n%26)
	full := len(c.session.Items) >= 20
	edits := c.session.Stage == conversations.StageEdit || c.session.Stage == conversations.StageObstacle ||
		c.session.Question == "description"
	w.answered(c.types(fmt.Sprintf("%s; %d berkas; %d menit", name, w.n, 30+w.n)))
	if full || edits {
		return
	}
	for _, it := range c.session.Items {
		if strings.Contains(it.Description, name) {
			return
		}
	}
	w.rapid.Fatalf("%q was lost at stage %q: %+v", name, c.session.Stage, c.session.Items)
}

// tap presses a random button of the last messages, if there is one.
func (w *walk) tap(state conversations.TapState) {
	c := w.chat
	var all []conversations.Choice
	for _, s := range c.last {
		for _, row := range s.Msg.Buttons {
			all = append(all, row...)
		}
	}
	if len(all) == 0 {
		return
	}
	b := rapid.SampledFrom(all).Draw(w.rapid, "button")
	before := c.last
	got := c.do(bot.MsgIn{Kind: bot.KindTap}, &conversations.Tap{State: state, Action: b.Action, Args: b.Args})
	if got == "" && c.out.Toast == "" {
		w.rapid.Fatalf("a tap on %q said nothing", b.Label)
	}
	if got == "" {
		c.last = before // the old bubbles stay on the phone
	}
}

func (w *walk) answered(got string) {
	if got == "" {
		w.rapid.Fatalf("no answer at stage %q", w.chat.session.Stage)
	}
	for _, s := range w.chat.last {
		if in := w.chat.phone; s.To.ID != "" && s.To.ID != cmp.Or(in, "7") {
			w.rapid.Fatalf("what was written in %q is answered in %q", in, s.To.ID)
		}
	}
}
