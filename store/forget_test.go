package store

import (
	"fmt"
	"testing"
	"time"

	"ekinerja/conversations"
)

// What is old is emptied in steps, each row once; what is younger is left alone,
// and what was said stays.
func TestForget(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	j := Jobs{s.store}
	for i := range 7 {
		s.receive(s.text("9", "rapat"))
		s.enqueue(conversations.Say{
			Key: fmt.Sprint("p", i), Kind: conversations.KindSummary, To: telegram("9"),
			Msg: conversations.Message{Text: "Rekap", Photo: []byte("png")},
		})
		s.clock.advance(24 * time.Hour)
	}
	before := monday().Add(5*24*time.Hour - time.Hour) // five of the seven
	for step, want := range []int{3, 2, 0} {
		raw, err := j.ForgetRaw(t.Context(), s.clock.now(), before, 3)
		if err != nil || raw != want {
			t.Errorf("step %d: %d messages, %v; want %d", step, raw, err, want)
		}
		pictures, err := j.ForgetPictures(t.Context(), s.clock.now(), before, 3)
		if err != nil || pictures != want {
			t.Errorf("step %d: %d pictures, %v; want %d", step, pictures, err, want)
		}
	}
	if n := one[int](s, `SELECT count(*) FROM inbox WHERE raw = '' AND received_at < $1 AND msg->>'text' = 'rapat'`, before); n != 5 {
		t.Errorf("%d old messages without their raw form, want 5", n)
	}
	if n := one[int](s, `SELECT count(*) FROM inbox WHERE raw <> ''`); n != 2 {
		t.Errorf("%d messages with it, want the 2 young ones", n)
	}
	if n := one[int](s, `SELECT count(*) FROM outbox WHERE photo IS NOT NULL`); n != 2 {
		t.Errorf("%d pictures, want 2", n)
	}
}
