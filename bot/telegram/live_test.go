package telegram

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
)

// list is the smallest outbox: what is due, one in flight a chat.
type list struct {
	mu   sync.Mutex
	rows map[int64]*listRow
}

type listRow struct {
	bot.Claimed
	state     bot.Settled
	notBefore time.Time
}

func (l *list) Claim(_ context.Context, now time.Time, limit int) ([]bot.Claimed, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	busy := map[bot.Address]bool{}
	var due []*listRow
	for _, r := range l.rows {
		switch {
		case r.state == "sending":
			busy[r.Msg.To] = true
		case r.state == bot.SettledPending && !r.notBefore.After(now):
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b *listRow) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.ID, b.ID))
	})
	var out []bot.Claimed
	for _, r := range due {
		if len(out) < limit && !busy[r.Msg.To] {
			busy[r.Msg.To], r.state = true, "sending"
			r.Attempt++
			out = append(out, r.Claimed)
		}
	}
	return out, nil
}

func (l *list) Settle(_ context.Context, _ time.Time, all []bot.Settlement) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range all {
		l.rows[s.ID].state, l.rows[s.ID].notBefore = s.State, s.NotBefore
		if s.Untried {
			l.rows[s.ID].Untried++
		}
	}
	return nil
}

func (l *list) states() map[bot.Settled]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := map[bot.Settled]int{}
	for _, r := range l.rows {
		n[r.state]++
	}
	return n
}

// live runs a sender against a simulated network with Telegram's own limits, in
// a bubble of fake time, for as long as d.
func live(t *testing.T, l *list, d time.Duration, prepare func(*fakegram.Server)) *fakegram.Server {
	t.Helper()
	srv := fakegram.New(fakegram.Config{Token: testToken, BotUsername: "kinerja_bot", BotName: "Kinerja", Now: time.Now})
	defer srv.Close()
	prepare(srv)
	log := slog.New(slog.DiscardHandler)
	a, err := New(Config{
		Token: testToken, APIURL: "http://telegram", Now: time.Now,
		HTTP: &http.Client{Transport: fakegram.InProcess(srv)},
	}, log)
	if err != nil {
		t.Fatal(err)
	}
	s := bot.Sender{Outbox: l, Channel: a, Pacer: bot.NewLocalPacer(bot.TelegramRates()), Log: log, Now: time.Now}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := s.Run(ctx, nil); err != nil {
		t.Error(err)
	}
	return srv
}

func message(id int64, chat int64, class bot.Priority) *listRow {
	return &listRow{state: bot.SettledPending, Claimed: bot.Claimed{
		ID: id, Priority: class, Msg: bot.MsgOut{To: address(chat), Text: fmt.Sprint("nomor ", id)},
	}}
}

// TestNeverOverTheLimits: a broadcast, questions, replies and a busy group at
// once, and the network, which counts with its own limits, refuses none.
func TestNeverOverTheLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &list{rows: map[int64]*listRow{}}
		const people, group = 300, -77
		for i := range int64(2 * people) {
			l.rows[i+1] = message(i+1, 1000+i%people, bot.Priority(i%4))
		}
		for i := range int64(30) {
			l.rows[5000+i] = message(5000+i, group, bot.PrioritySummary)
		}
		srv := live(t, l, 3*time.Minute, func(srv *fakegram.Server) {
			for i := range int64(people) {
				srv.Person(1000+i, "Ani", "").Open()
			}
			if _, err := srv.Group(group, "Bidang").AddBot(srv.Person(1000, "Ani", "")); err != nil {
				t.Fatal(err)
			}
		})
		if n := l.states()[bot.SettledSent]; n != len(l.rows) {
			t.Errorf("%d of %d sent: %v", n, len(l.rows), l.states())
		}
		if n := srv.Counts()["sendMessage 429"]; n != 0 {
			t.Errorf("the network refused %d messages", n)
		}
		if v := srv.Violations(); len(v) > 0 {
			t.Errorf("rules broken: %v", v)
		}
	})
}

// TestBadDay: refusals, errors and cut connections; every message ends in a
// state that is true of what the person saw, and none is shown twice.
func TestBadDay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &list{rows: map[int64]*listRow{}}
		for i := range int64(200) {
			l.rows[i+1] = message(i+1, 1000+i%50, bot.PriorityQuestion)
		}
		srv := live(t, l, 20*time.Minute, func(srv *fakegram.Server) {
			for i := range int64(50) {
				srv.Person(1000+i, "Ani", "").Open()
			}
			srv.Inject(fakegram.Fault{Kind: fakegram.FaultTooMany, Next: 2, RetryAfter: 7 * time.Second})
			srv.Inject(fakegram.Fault{Kind: fakegram.FaultError, Probability: 0.1})
			srv.Inject(fakegram.Fault{Kind: fakegram.FaultCut, Probability: 0.05})
			srv.Inject(fakegram.Fault{Kind: fakegram.FaultBlocked, ChatID: 1007})
		})
		for id, r := range l.rows {
			shown := 0
			for _, m := range srv.Person(mustInt(t, r.Msg.To.ID), "", "").Seen() {
				if m.Text == r.Msg.Text {
					shown++
				}
			}
			switch {
			case shown > 1,
				r.state == bot.SettledSent && shown != 1,
				r.state == bot.SettledFailed && (shown != 0 || r.Msg.To.ID != "1007"),
				r.state == bot.SettledPending:
				t.Errorf("message %d is %s and was shown %d times", id, r.state, shown)
			}
		}
		if n := l.states(); n[bot.SettledUnclear] == 0 || n[bot.SettledSent] < 150 {
			t.Errorf("states are %v: the day was not bad, or the sender was", n)
		}
		if log := fmt.Sprint(srv.Counts()); !strings.Contains(log, "sendMessage 429:2") {
			t.Errorf("calls are %s", log)
		}
	})
}

func mustInt(t *testing.T, s string) int64 {
	t.Helper()
	var n int64
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return n
}
