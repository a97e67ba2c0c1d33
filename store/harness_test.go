package store

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/storetest"
)

// wib is the city's zone without the machine's zone files.
func wib() *time.Location { return time.FixedZone("WIB", 7*60*60) }

// monday is a working day, 16.00 in the city.
func monday() time.Time { return time.Date(2026, 11, 23, 16, 0, 0, 0, wib()) }

// clock is the application's clock of a test.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(monday().UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

// stage is a whole store with a handler that does what the test says.
type stage struct {
	t     testing.TB
	url   string
	store *Store
	clock *clock
	inbox *Inbox
	turns *Turns
	out   *Outbox
	acts  *script
	said  atomic.Int64 // numbers messages

	mu     sync.Mutex
	toasts []string
	hints  []string
}

// script is a handler made of a function.
type script struct {
	mu sync.Mutex
	do func(conversations.Turn, conversations.Records) (conversations.Outcome, error)
}

func (s *script) set(do func(conversations.Turn, conversations.Records) (conversations.Outcome, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.do = do
}

func (s *script) Handle(_ context.Context, t conversations.Turn, r conversations.Records) (conversations.Outcome, error) {
	s.mu.Lock()
	do := s.do
	s.mu.Unlock()
	if do == nil {
		return conversations.Outcome{Session: t.Session}, nil
	}
	return do(t, r)
}

func (s *script) Quarantined(p conversations.Person) conversations.Say {
	return conversations.Say{Msg: conversations.Message{Text: "Pesan Anda tersimpan, akan diperiksa."}}
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{t: t, url: storetest.New(t), clock: newClock(), acts: &script{}}
	s.store = s.open()
	s.inbox = &Inbox{Store: s.store.Hot(), Now: s.clock.now, Hint: s.hint}
	s.turns = s.newTurns(s.store)
	s.out = &Outbox{Store: s.store.Hot()}
	return s
}

func (s *stage) open() *Store {
	s.t.Helper()
	st, err := Open(s.t.Context(), Config{URL: s.url, MaxConns: 6})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(st.Close)
	return st
}

func (s *stage) newTurns(st *Store) *Turns {
	return &Turns{
		Store: st.Hot(), Handler: s.acts, Log: slog.New(slog.DiscardHandler), Now: s.clock.now, Loc: wib(),
		Policy: Policy{Hours: roster.DefaultHours()}, Hint: s.hint,
		Toast: func(_ context.Context, id, text string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.toasts = append(s.toasts, id+":"+text)
		},
	}
}

func (s *stage) hint(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hints = append(s.hints, key)
}

func (s *stage) exec(sql string, args ...any) {
	s.t.Helper()
	if _, err := s.store.pool.Exec(s.t.Context(), sql, args...); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
}

// one reads a single value.
func one[T any](s *stage, sql string, args ...any) T {
	s.t.Helper()
	var v T
	if err := s.store.pool.QueryRow(s.t.Context(), sql, args...).Scan(&v); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// person makes somebody who is employed; with a chat, also bound to it.
func (s *stage) person(name, chat string) roster.EmployeeID {
	s.t.Helper()
	s.exec(`INSERT INTO opd (name) VALUES ('Dinas Kominfo') ON CONFLICT DO NOTHING`)
	s.exec(`INSERT INTO unit (opd_id, name) SELECT id, 'Bidang TIK' FROM opd ON CONFLICT DO NOTHING`)
	id := one[int64](s, `INSERT INTO employee (number, name, kind, unit_id, phone, created_at)
		SELECT 'N' || count(e.*), $1, 'PNS', min(u.id), '+62811' || count(e.*), $2
		FROM unit u LEFT JOIN employee e ON true RETURNING id`, name, s.clock.now())
	if chat != "" {
		if err := s.store.BindAddress(s.t.Context(), s.clock.now(), roster.EmployeeID(id), telegram(chat)); err != nil {
			s.t.Fatal(err)
		}
	}
	return roster.EmployeeID(id)
}

func telegram(chat string) bot.Address { return bot.Address{Network: bot.Telegram, ID: chat} }

// text is a message that was not there before.
func (s *stage) text(chat, words string) bot.MsgIn {
	n := s.said.Add(1)
	return bot.MsgIn{
		From: telegram(chat), Sender: chat, ExternalID: fmt.Sprintf("m:%s:%d", chat, n), MessageID: fmt.Sprint(n),
		At: s.clock.now(), Kind: bot.KindText, Text: words,
	}
}

// tap is a press of the button with the token.
func (s *stage) tap(chat, token string) bot.MsgIn {
	m := s.text(chat, "")
	m.Kind, m.Token, m.CallbackID = bot.KindTap, token, m.ExternalID
	m.ExternalID = "c:" + m.ExternalID
	return m
}

func (s *stage) receive(in ...bot.MsgIn) {
	s.t.Helper()
	batch := make([]bot.Received, len(in))
	for i, m := range in {
		batch[i] = bot.Received{Msg: m, Raw: []byte("{}")}
	}
	if err := s.inbox.Receive(s.t.Context(), "bot", batch); err != nil {
		s.t.Fatal(err)
	}
}

// handle deals with one message and fails the test when the turn fails.
func (s *stage) handle(key string) bool {
	s.t.Helper()
	more, err := s.turns.Handle(s.t.Context(), key)
	if err != nil {
		s.t.Fatalf("Handle(%s): %v", key, err)
	}
	return more
}

// does makes the handler give this outcome and keeps what it was given.
func (s *stage) does(out conversations.Outcome) *conversations.Turn {
	var got conversations.Turn
	s.acts.set(func(t conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		got = t
		return out, nil
	})
	return &got
}

func (s *stage) claim() []bot.Claimed {
	s.t.Helper()
	rows, err := s.out.Claim(s.t.Context(), s.clock.now(), 10)
	if err != nil {
		s.t.Fatal(err)
	}
	return rows
}

func (s *stage) settle(done ...bot.Settlement) {
	s.t.Helper()
	if err := s.out.Settle(s.t.Context(), s.clock.now(), done); err != nil {
		s.t.Fatal(err)
	}
}

// sent settles a claim as delivered.
func sent(c bot.Claimed, id string) bot.Settlement {
	return bot.Settlement{ID: c.ID, Attempt: c.Attempt, To: c.Msg.To, State: bot.SettledSent, MessageID: id}
}

func (s *stage) enqueue(says ...conversations.Say) {
	s.t.Helper()
	tx, err := s.store.pool.Begin(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if err := Enqueue(s.t.Context(), tx, s.clock.now(), says); err != nil {
		s.t.Fatal(err)
	}
	if err := tx.Commit(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}
