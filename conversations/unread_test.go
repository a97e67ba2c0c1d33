package conversations_test

import (
	"testing"
	"time"

	"ekinerja/conversations"
)

// notSeen makes the open question one that came after all that is written now;
// seen makes it an old one.
func (c *chat) notSeen() { c.rec.arrival = conversations.Arrival{Numbers: []string{"1000000"}} }

func (c *chat) seen() { c.rec.arrival = conversations.Arrival{Numbers: []string{"1000000", "1"}} }

// The same answer three times, seconds apart, before the next question could be
// read (chaos C8, seed 10337356413401957946): by its number, not by the time.
func TestWhatWasTypedBeforeTheQuestionIsNoAnswer(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.types("rapat koordinasi\nmenyusun laporan")
	c.now = c.now.Add(time.Minute)
	c.wants(c.types("1 notulen, 60 menit"), "Kegiatan 2 dari 2")
	c.now = c.now.Add(5 * time.Second)
	c.notSeen()
	if said := c.types("1 notulen, 60 menit"); said != "" {
		t.Fatalf("the question was put again while it was on its way: %s", said)
	}
	c.rec.arrival = conversations.Arrival{Waits: true, Doubtful: true}
	c.wants(c.types("1 notulen, 60 menit"), "Kegiatan 2 dari 2")
	if got := c.session.Items[1].Minutes; got != 0 {
		t.Fatalf("the echo became the answer: %d minutes", got)
	}
	c.seen()
	c.wants(c.types("1 notulen, 60 menit"), "Ada kendala?")
}

func TestOtherFiguresTypedBeforeTheQuestionAreAskedBack(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.types("rapat koordinasi\nmenyusun laporan")
	c.now = c.now.Add(time.Minute)
	c.types("1 notulen, 60 menit")
	c.notSeen()
	c.wants(c.types("2 notulen, 90 menit"), "untuk pertanyaan yang mana?")
	c.wants(c.taps("1. rapat koordinasi"), "Kegiatan 2 dari 2")
	if got := c.session.Items; got[0].Minutes != 90 || got[1].Minutes != 0 {
		t.Fatalf("the chosen activity has %+v", got)
	}
	c.wants(c.types("1 laporan"), "untuk pertanyaan yang mana?")
	c.wants(c.taps("2. menyusun laporan"), "Berapa lama")
	c.wants(c.types("120 menit"), "Ada kendala?") // the same activity: no doubt
	c.wants(c.types("arsip surat"), "Kegiatan 3 dari 3: arsip surat")
	c.seen()
	c.types("4 surat, 30 menit")
	if got := c.session; got.Obstacle != "" || len(got.Items) != 3 || got.Items[2].Minutes != 30 {
		t.Fatalf("an activity became the obstacle: %+v", got)
	}
}

func TestActivitiesTypedLongBeforeTheQuestionCame(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.types("rapat koordinasi")
	c.now = c.now.Add(10 * time.Minute) // the network was away, for us only
	c.notSeen()
	c.types("menyusun laporan")
	if n := len(c.session.Items); n != 2 {
		t.Fatalf("%d activities were understood, want 2: %+v", n, c.session.Items)
	}
}

// Telegram's client quotes by itself: the same answer twice quotes the same question.
func TestTheSameQuotedTwice(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.types("rapat koordinasi\nmenyusun laporan")
	quoted := c.last[len(c.last)-1].About
	c.now = c.now.Add(time.Minute)
	c.about = &quoted
	c.wants(c.types("1 notulen, 60 menit"), "Kegiatan 2 dari 2")
	c.notSeen()
	if said := c.types("1 notulen, 60 menit"); said != "" || c.out.Answer == nil || c.out.Answer.Item != 0 {
		t.Fatalf("said %q, answer %+v", said, c.out.Answer)
	}
	c.wants(c.types("2 notulen, 90 menit"), "Kegiatan 2 dari 2") // another answer counts
	if got := c.session.Items; got[0].Minutes != 90 || got[1].Minutes != 0 {
		t.Fatalf("%+v", got)
	}
}
