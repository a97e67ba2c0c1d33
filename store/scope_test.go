package store

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// TestEveryQueryOfATurnIsInTheMatrix: a new question about people is asked here
// too, or says why it need not be.
func TestEveryQueryOfATurnIsInTheMatrix(t *testing.T) {
	t.Parallel()
	known := unasked()
	for _, p := range (&quarter{}).probes() {
		known[p.name] = "asked"
	}
	methods := map[string]bool{}
	for m := range reflect.TypeFor[*Records]().Methods() {
		methods[m.Name] = true
		if known[m.Name] == "" {
			t.Errorf("Records.%s is neither asked in the matrix (probes) nor excused (unasked)", m.Name)
		}
	}
	for name := range unasked() {
		if !methods[name] {
			t.Errorf("Records has no %s any more", name)
		}
	}
}

// as asks a probe in a transaction like a turn's.
func (q *quarter) as(viewer string, f func(r *Records) error) error {
	return pgx.BeginFunc(q.t.Context(), q.store.pool, func(tx pgx.Tx) error {
		r := &Records{loc: wib(), today: q.today, scope: scope{tx: tx, viewer: q.id[viewer], day: q.today}}
		r.scorer, r.now = jobs.Scorer{Rubrics: []scoring.Rubric{scoring.Solo()}, Loc: wib()}, q.today.At(roster.At24(9, 0), wib())
		r.q = q.store.q().WithTx(tx)
		return f(r)
	})
}

// ask asks a probe, in a transaction of the viewer's.
func (q *quarter) ask(p probe, r *Records, viewer, who string, day roster.Day) bool {
	q.t.Helper()
	sees, err := p.sees(q.t.Context(), r, q.id[viewer], q.id[who], day)
	if err != nil && !errors.Is(err, ErrNotTheirs) {
		q.t.Fatalf("%s of %s by %s: %v", p.name, who, viewer, err)
	}
	return sees && err == nil
}

// TestNobodySeesStrangers is the matrix: everybody asks every query about everybody
// else, on a day under a former superior, under the present one and under a Plh.
// docs/scope.md is made of it.
func TestNobodySeesStrangers(t *testing.T) {
	t.Parallel()
	q := newQuarter(t)
	seen := map[string]map[string]bool{} // "viewer/who/day" → query
	asked, leaks := 0, 0
	for _, viewer := range q.names() {
		err := q.as(viewer, func(r *Records) error {
			for who := range strings.FieldsSeq("sri dian kabidA kadisA mantan sekda tono kabidB") {
				for _, day := range moments() {
					key := viewer + "/" + who + "/" + day.String()
					seen[key] = map[string]bool{}
					for _, p := range q.probes() {
						asked++
						got, want := q.ask(p, r, viewer, who, day), p.allowed(q, viewer, who, day)
						seen[key][p.name] = got
						switch {
						case got && !want:
							leaks++
							t.Errorf("LEAK: %s shows %s to %s on %s", p.name, who, viewer, day)
						case want && !got:
							t.Errorf("%s keeps %s from %s on %s", p.name, who, viewer, day)
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	q.document(seen, asked, leaks)
}
