package store

import (
	"context"
	"testing"

	"ekinerja/store/db"
)

// BenchmarkUsuals500 reads the proposals of a whole chunk of questions: people
// with ten reports of three activities each, and a bank of twenty.
func BenchmarkUsuals500(b *testing.B) {
	s := newStage(b)
	ctx := context.Background()
	first := s.person("Sri", "100")
	for _, sql := range []string{
		`INSERT INTO employee (number, name, kind, sex, post, unit_id, pattern, lang, created_at)
		 SELECT 'N' || n, 'X', kind, sex, post, unit_id, pattern, lang, created_at FROM employee, generate_series(1, 499) n`,
		`INSERT INTO report (employee_id, day, state, version, unit_id, started_at, submitted_at, code)
		 SELECT e.id, '2026-11-01'::date + d, 'submitted', 1, e.unit_id, e.created_at, e.created_at, e.id || '-' || d
		 FROM employee e, generate_series(1, 20) d`,
		`INSERT INTO activity (report_id, position, description, unit, minutes, source)
		 SELECT r.id, p, 'Verifikasi berkas nomor ' || p, 'berkas', 60, 'x' FROM report r, generate_series(0, 2) p`,
		`INSERT INTO bank_activity (opd_id, name, result, minutes, valid_from, created_at)
		 SELECT o.id, 'Kegiatan ' || n, 'berkas', 60, '2026-01-01', '2026-01-01' FROM opd o, generate_series(1, 20) n`,
		`ANALYZE`,
	} {
		if _, err := s.store.pool.Exec(ctx, sql); err != nil {
			b.Fatal(err)
		}
	}
	var ids []int64
	var days []string
	for i := range 500 {
		ids, days = append(ids, int64(first)+int64(i)), append(days, today().String())
	}
	for b.Loop() {
		got, err := usualsOf(ctx, db.New(s.store.pool), ids, days)
		if err != nil || len(got) < 400 {
			b.Fatalf("%d people: %v", len(got), err)
		}
	}
}
