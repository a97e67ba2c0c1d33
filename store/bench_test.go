package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/store/storetest"
)

const benchPeople = 200

// crowd is people who owe a report today, and a handler that answers each
// message with a kept answer, a draft and a summary with buttons.
func crowd(b *testing.B) *stage {
	b.Helper()
	s := newStage(b)
	for i := range benchPeople {
		s.due(s.person(fmt.Sprint("P", i), fmt.Sprint(1000+i)), "due")
	}
	s.acts.set(func(t conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		buttons := [][]conversations.Choice{{
			{Label: "Kirim", Action: conversations.ActSend}, {Label: "Ubah", Action: conversations.ActChange},
		}}
		return conversations.Outcome{
			Session: conversations.Session{Stage: conversations.StageConfirm, Day: today(), Items: items()},
			Answer:  &conversations.Answer{Day: today(), Question: "activities", Said: t.Msg.Text},
			Report:  change(false),
			Say: []conversations.Say{{
				Key: fmt.Sprintf("reply/%d", t.Inbox), Kind: conversations.KindReply, To: t.Msg.From,
				Msg: conversations.Message{Text: "Ringkasan", Buttons: buttons},
			}},
		}, nil
	})
	return s
}

// fill receives n messages in batches as a poller does, round the crowd.
func (s *stage) fill(b *testing.B, n int) {
	b.Helper()
	const batch = 50
	for at := 0; at < n; at += batch {
		in := make([]bot.Received, min(batch, n-at))
		for i := range in {
			chat := fmt.Sprint(1000 + (at+i)%benchPeople)
			in[i] = bot.Received{Msg: s.text(chat, "verifikasi 25 berkas PBB 2 jam"), Raw: []byte(`{"update_id":1}`)}
		}
		if err := s.inbox.Receive(b.Context(), "bot", in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReceive(b *testing.B) {
	s := crowd(b)
	b.ResetTimer()
	s.fill(b, b.N)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}

func BenchmarkTurn(b *testing.B)      { benchmarkTurn(b, "") }
func BenchmarkTurnRedis(b *testing.B) { benchmarkTurn(b, storetest.Redis(b)) }

// benchmarkTurn handles b.N messages with four workers.
func benchmarkTurn(b *testing.B, redis string) {
	b.Helper()
	s := crowd(b)
	if redis != "" {
		r, err := OpenRedis(RedisConfig{URL: redis})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = r.Close() })
		s.turns.Sessions = &Sessions{Redis: r, Epoch: s.store.Epoch()}
	}
	s.fill(b, b.N)
	b.ResetTimer()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				key := fmt.Sprint("e", (i-1)%benchPeople+1)
				if _, err := s.turns.Handle(b.Context(), key); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turn/s")
	b.ReportMetric(float64(one[int](s, `SELECT count(*) FROM inbox WHERE state = 'new'`)), "left")
}

// BenchmarkOutbox claims and settles from 10,000 waiting messages.
func BenchmarkOutbox(b *testing.B) {
	s := crowd(b)
	var says []conversations.Say
	for i := range 10_000 {
		m := say(fmt.Sprint("k", i), 0, conversations.KindAsk)
		m.To = telegram(fmt.Sprint(5000 + i))
		says = append(says, m)
	}
	s.enqueue(says...)
	b.ResetTimer()
	sentAll := 0
	for range b.N {
		rows := s.claim()
		for _, c := range rows {
			s.settle(sent(c, fmt.Sprint(c.ID)))
		}
		sentAll += len(rows)
	}
	b.ReportMetric(float64(sentAll)/b.Elapsed().Seconds(), "sent/s")
}
