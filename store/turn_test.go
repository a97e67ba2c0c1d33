package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

func TestReceiveStoresEachMessageOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	m, stranger := s.text("100", "rapat"), s.text("200", "halo\x00 \\u0000")
	group := s.text("-300", "ramai")
	group.Group = true
	for range 3 {
		s.receive(m, stranger, group)
	}
	if n := one[int](s, `SELECT count(*) FROM inbox`); n != 3 {
		t.Errorf("%d rows after three deliveries of three messages", n)
	}
	want := []string{keyOf(id), "utelegram:-300", "utelegram:200"}
	keys, err := s.store.Waiting(t.Context(), s.clock.now(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, keys, sorted); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, s.hints, sorted); diff != "" {
		t.Errorf("hints: only what is new (-want +got):\n%s", diff)
	}
	if got := one[string](s, `SELECT msg->>'text' FROM inbox WHERE key = 'utelegram:200'`); got != `halo \u0000` {
		t.Errorf("stored text %q", got)
	}
}

func TestUndecodableIsQuarantinedAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	m := s.text("100", "")
	m.Kind, m.Odd = bot.KindOther, "undecodable"
	s.receive(m)
	if got := one[string](s, `SELECT state FROM inbox`); got != "quarantined" {
		t.Errorf("state %s", got)
	}
	if len(s.hints) != 0 {
		t.Errorf("hinted %v", s.hints)
	}
}

func TestTurnKnowsThePerson(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	boss, id := s.person("Bu Kepala", ""), s.person("Sri Wahyuni", "100")
	s.exec(`INSERT INTO reporting_line VALUES ($1, $2, '2026-01-01', NULL)`, id, boss)
	got := s.does(conversations.Outcome{Session: conversations.Session{Stage: conversations.StageAdd}})
	s.receive(s.text("100", "rapat"))
	s.handle(keyOf(id))
	today := roster.MustDay("2026-11-23")
	want := &conversations.Person{
		ID: id, Name: "Sri Wahyuni", Lang: "id", OPD: "Dinas Kominfo", Kind: roster.PNS, Phone: "+628111", Supervisor: "Bu Kepala",
	}
	if diff := cmp.Diff(want, got.Person); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
	if got.Today != today || got.Msg.Text != "rapat" || got.Session.Stage != "" {
		t.Errorf("turn %+v", got)
	}
	if len(got.Days) != 1 || got.Days[0].Duty.State != roster.Due || got.Days[0].Times.Deadline.IsZero() {
		t.Errorf("the duty of today was not decided: %+v", got.Days)
	}
	s.receive(s.text("100", "lagi"))
	s.handle(keyOf(id))
	if got.Session.Stage != conversations.StageAdd {
		t.Errorf("second turn has session %+v", got.Session)
	}
}

func TestMessagesAreHandledInOrder(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	var mu sync.Mutex
	var order []string
	s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, turn.Msg.Text)
		return conversations.Outcome{}, nil
	})
	var want []string
	for i := range 30 {
		want = append(want, fmt.Sprint(i))
		s.receive(s.text("100", fmt.Sprint(i)))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for one[int](s, `SELECT count(*) FROM inbox WHERE state = 'new'`) > 0 {
				if _, err := s.turns.Handle(t.Context(), keyOf(id)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestQuotedMessageTellsTheQuestion(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	day := roster.MustDay("2026-11-20")
	s.enqueue(conversations.Say{
		Key: "q", Kind: conversations.KindAsk, Employee: id, Msg: conversations.Message{Text: "?"},
		About: conversations.About{Day: day, Question: "field", Item: 2},
	})
	c := s.claim()[0]
	s.settle(sent(c, "77"))
	got := s.does(conversations.Outcome{})
	for _, quoted := range []string{"77", "78", ""} {
		m := s.text("100", "25")
		m.Quoted = quoted
		s.receive(m)
		s.handle(keyOf(id))
		if want := quoted == "77"; (got.About != nil) != want {
			t.Errorf("quoted %q: %+v", quoted, got.About)
		} else if want && *got.About != (conversations.About{Day: day, Question: "field", Item: 2}) {
			t.Errorf("about %+v", got.About)
		}
	}
}

func TestQuarantineAfterFiveTries(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		switch turn.Msg.Text {
		case "rusak":
			var none *conversations.Tap
			_ = none.State // a handler that panics
		case "salah":
			return conversations.Outcome{}, errors.New("cannot")
		}
		return conversations.Outcome{}, nil
	})
	s.receive(s.text("100", "rusak"), s.text("100", "baik"))
	for i, pause := range append(pauses(), 0) {
		more, err := s.turns.Handle(t.Context(), keyOf(id))
		if err == nil || !strings.Contains(err.Error(), "panicked") {
			t.Fatalf("try %d: %v", i, err)
		}
		if last := i == 4; more != last {
			t.Errorf("try %d: more %v", i, more)
		}
		s.handle(keyOf(id)) // too early: nothing happens, the later one waits
		if got := one[int](s, `SELECT count(*) FROM inbox WHERE state = 'done'`); i < 4 && got != 0 {
			t.Fatalf("try %d: a later message overtook", i)
		}
		s.clock.advance(pause)
	}
	if got := one[string](s, `SELECT string_agg(state, ' ' ORDER BY id) FROM inbox`); got != "quarantined done" {
		t.Errorf("states %q", got)
	}
	rows := s.claim()
	if len(rows) != 1 || rows[0].Msg.To.ID != "100" || !strings.HasPrefix(rows[0].Msg.Text, "Pesan Anda") {
		t.Errorf("the person was told %+v", rows)
	}
}

func TestFence(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.receive(s.text("100", "rapat"))
	s.acts.set(func(turn conversations.Turn, _ conversations.Records) (conversations.Outcome, error) {
		return conversations.Outcome{Say: []conversations.Say{{Key: "k", Employee: id, Msg: conversations.Message{Text: "x"}}}}, nil
	})
	tx, err := s.store.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g := newGroup(s.clock.now(), wib(), []string{keyOf(id)})
	g.copies = s.turns.Sessions.Get(t.Context(), g.now, g.keys()...)
	w := g.works[0]
	if err := s.turns.load(t.Context(), tx, g); err != nil || w.inbox == 0 {
		t.Fatalf("load: %v %+v", err, w)
	}
	w.version++ // as if somebody had worked with another version
	wr := &writer{}
	err = errors.Join(s.turns.apply(t.Context(), tx, wr, w), wr.finish(t.Context(), tx, g.now))
	if !errors.Is(err, errFenced) {
		t.Errorf("apply: %v", err)
	}
	if more, err := s.turns.Handle(t.Context(), keyOf(id)); more || err != nil {
		t.Errorf("a locked conversation: %v %v", more, err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.handle(keyOf(id))
	if n := one[int](s, `SELECT count(*) FROM outbox`); n != 1 {
		t.Errorf("%d messages", n)
	}
}
