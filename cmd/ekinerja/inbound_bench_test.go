package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

// benchPeople write in turn, so that nobody waits for an own earlier message.
const benchPeople = 400

// service is the whole program on a real database, without anybody but us to
// write to it.
type service struct {
	*app
	hook http.Handler
	url  string
}

func newService(b *testing.B) *service {
	b.Helper()
	set, err := config{
		Timezone: "Asia/Jakarta", City: "Pemkot Surakarta", Listen: "127.0.0.1:0", TelegramMode: "webhook",
		RedisURL: storetest.Redis(b), TelegramToken: "1720:benchmark", TelegramAPIURL: "http://fakegram.invalid", TelegramWebhookSecret: "benchmark-secret-1720",
	}.check()
	if err != nil {
		b.Fatal(err)
	}
	s := &service{url: storetest.New(b)}
	db, err := store.Open(b.Context(), store.Config{URL: s.url})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	clk := newClock(time.Until(time.Date(2026, 11, 23, 16, 5, 0, 0, set.loc)))
	net := fakegram.New(fakegram.Config{Token: set.TelegramToken, BotUsername: "b", BotName: "b", Now: clk.Now, Limits: fakegram.NoLimits()})
	b.Cleanup(net.Close)
	s.app, err = newApp(set, parts{
		store: db, clock: clk, log: slog.New(slog.DiscardHandler),
		http: &http.Client{Transport: fakegram.InProcess(net)},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	if s.hook, err = s.adapter.Handler(s.inbox); err != nil {
		b.Fatal(err)
	}
	s.settle(b, net)
	return s
}

// settle puts people on the roster, with phones and a duty for today.
func (s *service) settle(b *testing.B, net *fakegram.Server) {
	b.Helper()
	ctx, now := b.Context(), s.clock.Now()
	day := roster.DayOf(now.In(s.s.loc))
	incoming := make([]roster.Employee, benchPeople)
	for i := range incoming {
		incoming[i] = roster.Employee{
			Number: fmt.Sprintf("B%04d", i), Name: fmt.Sprintf("Pegawai %04d", i), Kind: roster.NonASN, OPD: "Dinas Uji",
			Unit: "Bidang Uji", Phone: fmt.Sprintf("+62812000%04d", i), Pattern: roster.FiveDays,
		}
		if i > 0 {
			incoming[i].Supervisor = "B0000"
		}
	}
	if err := s.store.ApplyImport(ctx, now, day, incoming, nil); err != nil {
		b.Fatal(err)
	}
	people, err := s.store.Employees(ctx, day)
	if err != nil {
		b.Fatal(err)
	}
	for i, e := range people {
		net.Person(int64(100_000+i), e.Name, e.Phone).Open()
		if err := s.store.BindAddress(ctx, now, e.ID, bot.Address{Network: bot.Telegram, ID: fmt.Sprint(100_000 + i)}); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := s.jobs.Tick(ctx, now); err != nil {
		b.Fatal(err)
	}
}

// update is the nth message that comes: people in turn report, send, add, and
// throw the addition away again.
func (s *service) update(n int) string {
	person, round := n%benchPeople, n/benchPeople
	words := []string{"Verifikasi berkas PBB; 25 berkas; 120 menit", "kirim", "Rapat koordinasi; 1 kegiatan; 60 menit", "batal"}[round%4]
	if round >= 4 && round%4 == 1 {
		words = "batal" // so that a report does not grow with the length of the run
	}
	chat := 100_000 + person
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":"B","language_code":"id"},`+
		`"chat":{"id":%d,"type":"private","first_name":"B"},"date":%d,"text":%q}}`, n+1, n+1, chat, chat, s.clock.Now().Unix(), words)
}

// post brings n updates as Telegram's webhook does, over four connections, and
// returns when all of them are handled.
func (s *service) post(b *testing.B, from, n int) {
	b.Helper()
	ctx, end := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = s.dispatch.Run(ctx) })
	const connections = 4
	var posts sync.WaitGroup
	for c := range connections {
		posts.Go(func() {
			for i := from + c; i < from+n; i += connections {
				r := httptest.NewRequestWithContext(ctx, http.MethodPost, webhookPath, strings.NewReader(s.update(i)))
				r.Header.Set("X-Telegram-Bot-Api-Secret-Token", s.s.TelegramWebhookSecret)
				w := httptest.NewRecorder()
				if s.hook.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Errorf("update refused: %d", w.Code)
				}
			}
		})
	}
	posts.Wait()
	for busy := true; busy; {
		busy = len(storetest.Rows(b, s.url, `SELECT 1 FROM inbox WHERE state = 'new' LIMIT 1`)) > 0
		<-time.After(time.Millisecond)
	}
	end()
	wg.Wait()
}

// BenchmarkInbound is the way in: a posted update, decoded, committed to the
// inbox, handled in a turn of its own, its answer committed to the outbox.
func BenchmarkInbound(b *testing.B) {
	s := newService(b)
	b.ReportAllocs()
	b.ResetTimer()
	s.post(b, 0, b.N)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
	if got := storetest.Rows(b, s.url, `SELECT count(*) FROM inbox WHERE state = 'done'`)[0][0]; got != fmt.Sprint(b.N) {
		b.Errorf("%s messages are done, want %d", got, b.N)
	}
}

// BenchmarkOutbound is the way out: rows of the outbox, claimed, sent to a
// network in this process that has no limits, and settled.
func BenchmarkOutbound(b *testing.B) {
	s := newService(b)
	s.sender.Pacer = nil
	s.post(b, 0, b.N)
	waiting := func() int {
		return len(storetest.Rows(b, s.url, `SELECT 1 FROM outbox WHERE state IN ('pending', 'sending')`))
	}
	rows := waiting()
	ctx, end := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	wg.Go(func() { _ = s.sender.Run(ctx, s.wake) })
	for waiting() > 0 {
		<-time.After(2 * time.Millisecond)
	}
	b.StopTimer()
	end()
	wg.Wait()
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "sent/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/sent")
}
