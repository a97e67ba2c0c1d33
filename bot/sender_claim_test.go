package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ekinerja/bot"
)

// TestRunClaimsOnlyWhatItSends: a claim that waits would, after a crash, look
// like a message that may have been sent. So at no moment is anything claimed
// that is not on its way.
func TestRunClaimsOnlyWhatItSends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var msgs []bot.Claimed
		for i := range 60 { // of two classes, some for the same chat
			msgs = append(msgs, urgent(bot.Priority(i%2), to(fmt.Sprint(i%20), "a")))
		}
		b, w := newBox(msgs...), &wire{}
		var flying atomic.Int64
		w.send = func(context.Context, bot.MsgOut) error {
			flying.Add(1)
			defer flying.Add(-1)
			pass(70 * time.Millisecond)
			return nil
		}
		s := sender(b, w)
		s.Pacer = bot.NewLocalPacer(bot.TelegramRates())
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.Run(ctx, nil) }()
		for range 1000 {
			pass(5 * time.Millisecond)
			synctest.Wait()
			if claimed := strings.Count(b.states(), string(sending)); claimed != int(flying.Load()) {
				t.Fatalf("%d claimed, %d on their way", claimed, flying.Load())
			}
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := len(w.log()); n != 60 {
			t.Errorf("%d sent, want 60: %s", n, b.states())
		}
		if b.claims > 240 {
			t.Errorf("the outbox was asked %d times for 60 messages", b.claims)
		}
	})
}
