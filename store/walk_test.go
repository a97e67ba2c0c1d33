package store

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

var stormWalks = flag.Int("storm.walks", 40, "how many stories are told in a calm and in a storm")

// TestStormsChangeNothing gives two people the same messages: one in a calm, one
// by one; the other with messages delivered again and in bursts, two workers at
// once, turns that are rolled back before they commit, and a Redis that is
// emptied. What the reference model says of a conversation (conversations,
// TestWalksAgreeWithTheModel) must be true of both: their reports and where they
// stand are the same in the end.
func TestStormsChangeNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	redis := newRedis(t)
	s.turns.Sessions = &Sessions{Redis: redis, Epoch: s.store.Epoch()}
	words, err := conversations.NewWords(wib())
	if err != nil {
		t.Fatal(err)
	}
	flow, err := conversations.DefaultFlow()
	if err != nil {
		t.Fatal(err)
	}
	h := &conversations.Handler{Words: words, Flow: flow, City: "Pemkot Surakarta"}
	for seed := range *stormWalks {
		w := &storm{stage: s, h: h, redis: redis, rnd: rand.New(rand.NewPCG(uint64(seed), 1)), chat: fmt.Sprint(1000 + 2*seed)}
		calm := fmt.Sprint(1001 + 2*seed)
		rough, smooth := s.person("Sri", w.chat), s.person("Sri", calm)
		said := w.story()
		s.acts.set(func(turn conversations.Turn, rec conversations.Records) (conversations.Outcome, error) {
			return h.Handle(context.Background(), turn, rec)
		})
		for _, text := range said {
			s.receive(s.text(calm, text))
			s.handle(keyOf(smooth))
		}
		w.weather(rough, said)
		if diff := cmp.Diff(s.standing(smooth), s.standing(rough)); diff != "" {
			t.Fatalf("walk %d, %q (-calm +storm):\n%s", seed, said, diff)
		}
	}
}

type storm struct {
	*stage
	h     *conversations.Handler
	redis *Redis
	rnd   *rand.Rand
	chat  string
}

// story is what is written, in this order.
func (w *storm) story() []string {
	all := []string{
		"Menata arsip kepegawaian; %d berkas; 60 menit", "Rapat koordinasi anggaran; %d kegiatan", "Verifikasi data pajak", "%d berkas, 45 menit",
		"9%d menit", "kirim", "ubah", "tambah", "batal", "lewati", "tidak ada", "/lapor", "jaringan lambat", "kirim", "Menyusun laporan; %d dokumen; 30 menit\nMelayani warga; %d orang",
	}
	out := make([]string, 4+w.rnd.IntN(6))
	for i := range out {
		text := all[w.rnd.IntN(len(all))]
		for k := range text {
			if text[k] == '%' {
				text = fmt.Sprintf("%s%d%s", text[:k], 1+w.rnd.IntN(9), text[k+2:])
				break
			}
		}
		out[i] = text
	}
	return out
}

// weather delivers the story in bursts, some of it again, while two workers
// handle it and some of their turns end before they commit.
func (w *storm) weather(id roster.EmployeeID, said []string) {
	for len(said) > 0 {
		n := 1 + w.rnd.IntN(min(3, len(said)))
		var burst []bot.MsgIn
		for _, text := range said[:n] {
			burst = append(burst, w.text(w.chat, text))
		}
		said = said[n:]
		for range 1 + w.rnd.IntN(2) {
			w.receive(burst...)
		}
		if w.rnd.IntN(3) == 0 {
			w.redis.client.FlushDB(context.Background())
		}
		if w.rnd.IntN(3) == 0 {
			w.rolledBack(id)
		}
		w.receive(burst[0])
		w.work(id)
	}
}

// rolledBack ends a turn between its decision and its commit.
func (w *storm) rolledBack(id roster.EmployeeID) {
	ctx, die := context.WithCancel(context.Background())
	defer die()
	h := w.h
	w.acts.set(func(turn conversations.Turn, rec conversations.Records) (conversations.Outcome, error) {
		out, err := h.Handle(context.Background(), turn, rec)
		die()
		return out, err
	})
	if _, err := w.turns.Handle(ctx, keyOf(id)); err == nil {
		w.t.Fatal("the turn that was to die committed")
	}
	w.acts.set(func(turn conversations.Turn, rec conversations.Records) (conversations.Outcome, error) {
		return h.Handle(context.Background(), turn, rec)
	})
}

// work lets two workers handle what waits.
func (w *storm) work(id roster.EmployeeID) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for one[int](w.stage, `SELECT count(*) FROM inbox WHERE state = 'new' AND key = $1`, keyOf(id)) > 0 {
				if _, err := w.turns.Handle(context.Background(), keyOf(id)); err != nil {
					w.t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// stands is what is left of a walk.
type stands struct {
	Session  conversations.Session
	Reports  []string
	Replies  int
	Versions int
}

func (s *stage) standing(id roster.EmployeeID) stands {
	out := stands{
		Replies:  one[int](s, `SELECT count(*) FROM outbox WHERE employee_id = $1`, id),
		Versions: one[int](s, `SELECT count(*) FROM report_version v JOIN report r ON r.id = v.report_id WHERE r.employee_id = $1`, id),
		Reports: one[[]string](s, `SELECT coalesce(array_agg(concat_ws('|', r.day, r.state, r.late, r.version, r.obstacle, a.position, a.description, a.quantity, a.unit, a.minutes)
			ORDER BY r.day, a.position), '{}') FROM report r LEFT JOIN activity a ON a.report_id = r.id WHERE r.employee_id = $1`, id),
	}
	body := one[[]byte](s, `SELECT body FROM conversation WHERE key = $1`, keyOf(id))
	if err := json.Unmarshal(body, &out.Session); err != nil {
		s.t.Fatal(err)
	}
	out.Session.SentFrom = nil
	for i := range out.Session.Origins {
		out.Session.Origins[i] = "" // the numbers of messages are each person's own
	}
	out.Session.SaidAt, out.Session.AskedAt = time.Time{}, time.Time{}
	return out
}
