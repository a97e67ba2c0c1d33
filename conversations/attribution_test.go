package conversations_test

import (
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

func TestThreeShortLinesAreThreeActivities(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.wants(c.types("rapat koordinasi"), "Berapa hasilnya dan berapa lama?")
	c.now = c.now.Add(2 * time.Second)
	c.types("menyusun laporan")
	c.now = c.now.Add(3 * time.Second)
	c.types("arsip berkas")
	if n := len(c.session.Items); n != 3 {
		t.Fatalf("%d activities were understood, want 3: %+v", n, c.session.Items)
	}
	c.wants(c.types("1 notulen, 60 menit"), "Kegiatan 2 dari 3: menyusun laporan")
	c.now = c.now.Add(time.Minute)
	c.wants(c.types("lama sekali"), "belum terbaca")
	if n := len(c.session.Items); n != 3 {
		t.Fatalf("an answer became an activity: %+v", c.session.Items)
	}
}

func TestARepeatedQuestionIsAskedBack(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.types("rapat koordinasi\nmenyusun laporan")
	c.now = c.now.Add(time.Minute)
	c.wants(c.types("1 notulen, 60 menit"), "Kegiatan 2 dari 2")
	c.now = c.now.Add(time.Minute)
	c.repeated = []conversations.About{{Day: roster.MustDay("2026-11-23"), Question: "field", Item: 0}}
	c.wants(c.types("2 notulen, 90 menit"), "untuk pertanyaan yang mana?")
	if c.session.Items[0].Minutes != 60 || c.session.Items[1].Minutes != 0 {
		t.Fatalf("the words were used before the person chose: %+v", c.session.Items)
	}
	c.wants(c.taps("1. rapat koordinasi"), "Kegiatan 2 dari 2")
	if c.session.Items[0].Minutes != 90 || c.session.Items[0].Quantity.String() != "2" {
		t.Fatalf("the chosen activity has %+v", c.session.Items[0])
	}
	c.repeated = nil
	c.wants(c.types("1 laporan, 120 menit"), "Ada kendala?")
}

// The same answer three times within a second, the last one quoting nothing: it
// is not the answer to the question that was on its way (chaos C8, seed
// 10337356413401957946).
func TestAnEchoAnswersNothing(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.types("rapat koordinasi\nmenyusun laporan")
	c.now = c.now.Add(time.Minute)
	c.wants(c.types("1 notulen, 60 menit"), "Kegiatan 2 dari 2")
	c.wants(c.types("1 notulen, 60 menit"), "Kegiatan 2 dari 2")
	if got := c.session.Items[1].Minutes; got != 0 {
		t.Fatalf("the echo became the answer: %d minutes", got)
	}
	c.now = c.now.Add(2 * time.Second)
	c.wants(c.types("1 notulen, 60 menit"), "Ada kendala?")
}

func TestEveryActivityHasADescription(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.wants(c.types("25 berkas 90 menit"), "Kegiatannya apa?")
	c.now = c.now.Add(time.Minute)
	c.types("lewati")
	if got := c.session.Items[0].Description; got != "25 berkas 90 menit" {
		t.Fatalf("the activity is described as %q", got)
	}
}

func TestAnActivityIsNoObstacle(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	c.types("rapat koordinasi")
	c.now = c.now.Add(time.Minute)
	c.wants(c.types("1 notulen, 60 menit"), "Ada kendala?")
	c.now = c.now.Add(time.Minute)
	c.wants(c.types("Menata arsip; 40 berkas; 90 menit"), "2. Menata arsip — 40 berkas, 90 menit")
	if c.session.Obstacle != "" {
		t.Fatalf("the activity became the obstacle %q", c.session.Obstacle)
	}
}
