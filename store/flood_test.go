package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
)

// paced is a stage with the limits of the real service.
func paced(t testing.TB) *stage {
	t.Helper()
	s := newStage(t)
	s.inbox.Pace = HumanPace()
	return s
}

// states counts a chat's messages by state and pace.
func (s *stage) states(chat string) map[string]int {
	s.t.Helper()
	rows, err := s.store.pool.Query(s.t.Context(), `SELECT rtrim(state || ' ' || flood), count(*) FROM inbox WHERE msg->'from'->>'id' = $1 GROUP BY 1`, chat)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			s.t.Fatal(err)
		}
		out[state] = n
	}
	return out
}

func (s *stage) wantStates(chat string, want map[string]int) {
	s.t.Helper()
	if diff := cmp.Diff(want, s.states(chat)); diff != "" {
		s.t.Errorf("chat %s (-want +got):\n%s", chat, diff)
	}
}

// TestFloodOfOne: one person sends two hundred messages a second for five
// seconds, between the messages of others. Twenty are read, one warning is due,
// everything is kept, and nobody else is touched.
func TestFloodOfOne(t *testing.T) {
	t.Parallel()
	s := paced(t)
	s.person("Banjir", "666")
	for i := range 10 {
		s.person(fmt.Sprint("P", i), fmt.Sprint(100+i))
	}
	for i := range 10 {
		var batch []bot.MsgIn
		for range 100 {
			batch = append(batch, s.text("666", "x"))
			s.clock.advance(5 * time.Millisecond)
		}
		s.receive(append(batch, s.text(fmt.Sprint(100+i), "rapat"))...)
	}
	s.wantStates("666", map[string]int{"new": 20, "new warned": 1, "ignored ignored": 979})
	for i := range 10 {
		s.wantStates(fmt.Sprint(100+i), map[string]int{"new": 1})
	}
	s.clock.advance(2 * time.Minute)
	for range 25 {
		s.receive(s.text("666", "x"))
	}
	s.wantStates("666", map[string]int{"new": 40, "new warned": 1, "ignored ignored": 984})
	s.clock.advance(time.Hour)
	for range 25 {
		s.receive(s.text("666", "x"))
	}
	s.wantStates("666", map[string]int{"new": 60, "new warned": 2, "ignored ignored": 988})
}

// TestBacklogIsNoFlood: what people wrote over hours and what comes at once, or
// twice, after a failure of ours is read as if it had come in time.
func TestBacklogIsNoFlood(t *testing.T) {
	t.Parallel()
	s := paced(t)
	s.person("Sri", "100")
	var batch []bot.MsgIn
	for i := range 60 {
		m := s.text("100", "rapat")
		m.At = m.At.Add(time.Duration(i) * 5 * time.Minute)
		batch = append(batch, m)
	}
	s.receive(batch...)
	s.receive(batch...)
	s.wantStates("100", map[string]int{"new": 60})
	s.person("Teguh", "200")
	batch = nil
	for range 15 {
		batch = append(batch, s.text("200", "rapat"))
	}
	s.receive(batch...)
	for range 5 {
		batch = append(batch, s.text("200", "rapat"))
	}
	s.receive(batch...)
	s.wantStates("200", map[string]int{"new": 20})
}

func TestPaceOfADayAndOfTaps(t *testing.T) {
	t.Parallel()
	s := paced(t)
	s.person("Rajin", "100")
	for range 302 {
		s.receive(s.text("100", "x"))
		s.clock.advance(4 * time.Second)
	}
	s.wantStates("100", map[string]int{"new": 300, "new warned": 1, "ignored ignored": 1})
	s.person("Kepala", "200")
	for range 62 {
		s.receive(s.tap("200", "v1.x"))
	}
	s.receive(s.text("200", "rapat")) // taps do not use up words
	s.wantStates("200", map[string]int{"new": 61, "new warned": 1, "ignored ignored": 1})
	blocked := s.text("100", "")
	blocked.Kind = bot.KindBlocked
	s.receive(blocked)
	s.wantStates("100", map[string]int{"new": 301, "new warned": 1, "ignored ignored": 1})
}

// TestImpossibleMomentIsTaken: a date that cannot be written down must not keep
// the network from ever getting rid of the update.
func TestImpossibleMomentIsTaken(t *testing.T) {
	t.Parallel()
	s := paced(t)
	for _, sec := range []int64{1 << 60, -1 << 60} {
		m := s.text("100", "x")
		m.At = time.Unix(sec, 0)
		s.receive(m)
	}
	if n := one[int](s, `SELECT count(*) FROM inbox WHERE provider_at = $1`, s.clock.now()); n != 2 {
		t.Errorf("%d messages have our time", n)
	}
}

func TestGroupIsNotWarned(t *testing.T) {
	t.Parallel()
	s := paced(t)
	for range 30 {
		m := s.text("-300", "ramai")
		m.Group = true
		s.receive(m)
	}
	s.wantStates("-300", map[string]int{"new": 20, "ignored ignored": 10})
}

// TestFlooderIsWarnedOnce: the real handler says so, once, and reads on later.
func TestFlooderIsWarnedOnce(t *testing.T) {
	t.Parallel()
	tl := newTale(t)
	tl.inbox.Pace = HumanPace()
	tl.at(mon, "15.45")
	for range 60 {
		tl.receive(tl.text("100", "halo"))
	}
	for tl.handle(keyOf(tl.sri)) {
	}
	warnings := `SELECT count(*) FROM outbox WHERE body->>'text' LIKE 'Mohon maaf, pesannya masuk terlalu cepat%'`
	if n := one[int](tl.stage, warnings); n != 1 {
		t.Errorf("%d warnings", n)
	}
	if n := one[int](tl.stage, `SELECT count(*) FROM outbox WHERE kind = 'reply'`); n != 21 {
		t.Errorf("%d replies", n)
	}
	tl.clock.advance(2 * time.Minute)
	tl.says(tl.sri, "100", "Verifikasi berkas PBB; 25 berkas; 120 menit")
	if got := one[string](tl.stage, `SELECT body->>'stage' FROM conversation WHERE key = $1`, keyOf(tl.sri)); got == "" {
		t.Error("the draft was not taken")
	}
}

// BenchmarkReceivePaced is what the limits cost, beside BenchmarkReceive.
func BenchmarkReceivePaced(b *testing.B) {
	for _, pace := range []Pace{{}, HumanPace()} {
		b.Run(fmt.Sprint(pace.Minute), func(b *testing.B) {
			s := newStage(b)
			s.inbox.Pace = pace
			for i := range 500 {
				s.person(fmt.Sprint("P", i), fmt.Sprint(1000+i))
			}
			b.ResetTimer()
			for at := 0; at < b.N; at += 50 {
				var batch []bot.MsgIn
				for i := range min(50, b.N-at) {
					batch = append(batch, s.text(fmt.Sprint(1000+(at+i)%500), "verifikasi 25 berkas"))
				}
				s.clock.advance(time.Second)
				s.receive(batch...)
			}
		})
	}
}
