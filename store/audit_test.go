package store

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"ekinerja/store/db"
)

// line writes lines of the record.
func (s *stage) lines(n int) {
	s.t.Helper()
	s.exec(`INSERT INTO audit (at, actor, action, subject, detail)
		SELECT $1::timestamptz + n * interval '1 second', 'employee:' || n % 9, 'report.submit', 'e' || n % 7, jsonb_build_object('inbox', n, 'day', 'x')
		FROM generate_series(1, $2::integer) n`, s.clock.now(), n)
}

func (s *stage) seal() int {
	s.t.Helper()
	n, err := s.store.Seal(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestSealLinksEveryLineOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.lines(2*sealChunk + 7)
	var wg sync.WaitGroup
	for range 4 { // replicas
		wg.Go(func() {
			if _, err := s.store.Seal(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.seal()
	s.lines(3)
	if n := s.seal(); n != 3 {
		t.Errorf("the second time %d lines were linked", n)
	}
	if n := s.seal(); n != 0 {
		t.Errorf("%d lines were linked again", n)
	}
	chain, err := s.store.Chain(t.Context())
	if err != nil || chain.Lines != 2*sealChunk+10 || len(chain.Hash) != 64 {
		t.Errorf("chain %+v %v", chain, err)
	}
	s.within(func(tx pgx.Tx) {
		if got := s.broken(tx); len(got) != 0 {
			t.Errorf("broken: %v", got)
		}
	})
}

func TestRecordIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.lines(2)
	for _, sql := range []string{
		`UPDATE audit SET actor = 'x' WHERE seq = 1`,
		`UPDATE audit SET detail = '{}' WHERE seq = 2`,
		`DELETE FROM audit`, `TRUNCATE audit`,
		`UPDATE audit SET link = 1, prev_hash = '', hash = '', actor = 'x' WHERE seq = 1`,
	} {
		if _, err := s.store.pool.Exec(t.Context(), sql); codeOf(err) != "23001" {
			t.Errorf("%s: %v", sql, err)
		}
	}
	s.seal()
	for _, sql := range []string{
		`UPDATE audit SET link = 9 WHERE seq = 1`,
		`UPDATE audit SET link = NULL, prev_hash = NULL, hash = NULL WHERE seq = 1`,
	} {
		if _, err := s.store.pool.Exec(t.Context(), sql); codeOf(err) != "23001" {
			t.Errorf("after sealing, %s: %v", sql, err)
		}
	}
}

// TestAnyChangedByteIsFound changes one random byte, letter or figure of one
// random linked line, a thousand times.
func TestAnyChangedByteIsFound(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	const lines, times = 60, 1000
	s.lines(lines)
	s.seal()
	rng := rand.New(rand.NewPCG(1720, 1))
	letter := func(column string) string {
		return fmt.Sprintf(`%[1]s = overlay(%[1]s placing chr(ascii(substr(%[1]s, p, 1)) # 1) from p for 1) FROM (SELECT 1 + %d %% 8 AS p) x`, column, rng.IntN(1000))
	}
	flip := func(column string) string {
		at := rng.IntN(32)
		return fmt.Sprintf(`%[1]s = set_byte(%[1]s, %[2]d, get_byte(%[1]s, %[2]d) # %[3]d)`, column, at, 1<<rng.IntN(8))
	}
	changes := []func() string{
		func() string { return `actor = overlay(actor placing 'E' from 1)` },
		func() string { return letter("action") },
		func() string { return `subject = subject || ' '` },
		func() string { return fmt.Sprintf(`at = at + %d * interval '1 microsecond'`, 1+rng.IntN(1e9)) },
		func() string { return `detail = jsonb_set(detail, '{inbox}', to_jsonb((detail->>'inbox')::int + 1))` },
		func() string { return `detail = detail || '{"y": null}'` },
		func() string { return flip("hash") },
		func() string { return flip("prev_hash") },
		func() string { return `link = link + 1000` },
	}
	for range times {
		sql := "UPDATE audit SET " + changes[rng.IntN(len(changes))]() + fmt.Sprintf(" WHERE link = %d", 1+rng.IntN(lines))
		s.within(func(tx pgx.Tx) {
			if tag, err := tx.Exec(t.Context(), sql); err != nil || tag.RowsAffected() != 1 {
				t.Fatalf("%s: %v %v", sql, tag, err)
			}
			found := int64(0)
			err := verifyChain(t.Context(), db.New(tx), func(_ string, n int64, _ string) { found += n })
			if err != nil || found == 0 {
				t.Errorf("not found (%v): %s", err, sql)
			}
		})
	}
}

// BenchmarkSeal is what the record costs beside the turns, a line.
func BenchmarkSeal(b *testing.B) {
	s := newStage(b)
	s.lines(b.N)
	b.ResetTimer()
	if n := s.seal(); n != b.N {
		b.Fatalf("%d linked", n)
	}
}
