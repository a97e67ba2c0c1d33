package conversations_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ekinerja/bot"
	"ekinerja/conversations"
)

// TestNoWalkGetsStuck lets a person do anything in any order. Whatever they do:
// they always get an answer, a whole activity they typed is in the draft or the
// report until they take it out, and "batal" twice always leads out.
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
	switch rapid.SampledFrom([]string{"activity", "words", "tap", "tap", "odd", "used"}).Draw(w.rapid, "act") {
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
	}
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
}
