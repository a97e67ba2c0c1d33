package store

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/store/storetest"
)

// wire is a network that takes everything and notes when.
type wire struct {
	mu      sync.Mutex
	all     []grant
	replies map[string]time.Time // by text
}

func (*wire) Network() bot.Network { return bot.Telegram }

func (w *wire) Send(_ context.Context, m bot.MsgOut) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now, class := time.Now(), bot.PrioritySummary
	if strings.HasPrefix(m.Text, "reply") {
		class = bot.PriorityReply
		w.replies[m.Text] = now
	}
	w.all = append(w.all, grant{now, m.To.ID, class})
	return fmt.Sprint(len(w.all)), nil
}

// TestBroadcastDelaysNoReply: while two processes send a broadcast to ten
// thousand, every reply is out within two seconds (p99 is the promise), and the
// broadcast goes on.
func TestBroadcastDelaysNoReply(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	start := time.Now()
	s.clock.at.Store(start.UnixNano())
	s.exec(`INSERT INTO outbox (key, kind, priority, network, chat_id, body, not_before, created_at)
		SELECT 'bc/' || n, 'week', 3, 'telegram', (100000 + n)::text, '{"text": "broadcast"}', $1, $1 FROM generate_series(1, 10000) n`, start)
	w := &wire{replies: map[string]time.Time{}}
	url, acc := storetest.Redis(t), account()
	ctx, end := context.WithCancel(t.Context())
	var run sync.WaitGroup
	for range 2 {
		r, err := OpenRedis(RedisConfig{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = r.Close() })
		sender := &bot.Sender{
			Outbox: &Outbox{Store: s.open().Hot()}, Channel: w, Log: slog.New(slog.DiscardHandler), Now: time.Now,
			Pacer: NewLimits(LimitsConfig{Redis: r, Account: acc, Rates: bot.TelegramRates(), Now: time.Now}),
		}
		run.Go(func() { _ = sender.Run(ctx, nil) })
	}
	const replies = 40
	asked := map[string]time.Time{}
	for n := range replies { // five a second
		<-time.After(200 * time.Millisecond)
		text := fmt.Sprint("reply ", n)
		asked[text] = time.Now()
		s.clock.at.Store(asked[text].UnixNano())
		s.enqueue(conversations.Say{
			Key: text, Kind: conversations.KindReply, To: telegram(fmt.Sprint(500 + n)), Msg: conversations.Message{Text: text},
		})
	}
	<-time.After(2 * time.Second)
	end()
	run.Wait()
	took := time.Since(start)
	var late []time.Duration
	for text, at := range asked {
		out, ok := w.replies[text]
		if !ok {
			t.Errorf("%s is not out after 2 s", text)
			continue
		}
		late = append(late, out.Sub(at))
	}
	slices.Sort(late)
	broadcast := len(w.all) - len(w.replies)
	t.Logf("%d replies: median %v, slowest %v; broadcast: %.1f a second", len(late), late[len(late)/2], late[len(late)-1],
		float64(broadcast)/took.Seconds())
	// The figure is in the log; what fails is a reply that waits for the broadcast,
	// which takes a quarter of an hour.
	if worst := late[len(late)-1]; worst > 30*time.Second {
		t.Errorf("the slowest reply took %v", worst)
	}
	if most := int(took/(100*time.Millisecond)) + 1; broadcast > most || broadcast == 0 {
		t.Errorf("%d messages of the broadcast in %v, want at most %d, and some", broadcast, took, most)
	}
}
