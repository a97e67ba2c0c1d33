package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// Employees are all active people; Supervisor is who was named as theirs, for
// that day, whoever stands in.
func (s *Store) Employees(ctx context.Context, day roster.Day) ([]roster.Employee, error) {
	rows, err := s.q().Employees(ctx, day)
	if err != nil {
		return nil, fmt.Errorf("read roster: %w", err)
	}
	out := make([]roster.Employee, len(rows))
	for i, r := range rows {
		out[i] = roster.Employee{
			ID: roster.EmployeeID(r.ID), Number: r.Number, Name: r.Name, Kind: roster.Kind(r.Kind), Sex: roster.Sex(r.Sex),
			Post: r.Post, OPD: r.Opd, Unit: r.Unit, Phone: r.Phone, Pattern: roster.Pattern(r.Pattern), Lang: r.Lang,
			Supervisor: r.Supervisor,
		}
	}
	return out, nil
}

// ErrNoSupervisor: a person's supervisor is neither in the import nor known.
var ErrNoSupervisor = errors.New("supervisor is not on the roster")

// importStep is one set-based statement of an import.
type importStep struct {
	what, sql string
	args      []any
}

// importSteps turn the copied rows into the roster. They expect the temporary
// tables incoming and transfer, and leave alone whoever is not in them.
func importSteps(now time.Time, day roster.Day) []importStep {
	return []importStep{
		{"add offices", `INSERT INTO opd (name) SELECT DISTINCT opd FROM incoming ORDER BY opd ON CONFLICT DO NOTHING`, nil},
		{"add units", `INSERT INTO unit (opd_id, name)
			SELECT DISTINCT o.id, i.unit FROM incoming i JOIN opd o ON o.name = i.opd ORDER BY o.id, i.unit ON CONFLICT DO NOTHING`, nil},
		// Two people may have swapped numbers: everybody lets go before anybody takes.
		{"free phones", `UPDATE employee e SET phone = NULL FROM incoming i
			WHERE e.number = i.number AND e.phone IS DISTINCT FROM NULLIF(i.phone, '')`, nil},
		{"put people", `INSERT INTO employee (number, name, kind, sex, post, unit_id, phone, pattern, lang, created_at)
			SELECT i.number, i.name, i.kind, i.sex, i.post, u.id, NULLIF(i.phone, ''), i.pattern, i.lang, $1::timestamptz
			FROM incoming i JOIN opd o ON o.name = i.opd JOIN unit u ON u.opd_id = o.id AND u.name = i.unit
			ORDER BY i.ord
			ON CONFLICT (number) DO UPDATE SET name = excluded.name, kind = excluded.kind, sex = excluded.sex, post = excluded.post,
				unit_id = excluded.unit_id, phone = excluded.phone, pattern = excluded.pattern, active = true`, []any{now}},
		{"find transfers", `INSERT INTO transfer SELECT e.id, s.id
			FROM incoming i JOIN employee e ON e.number = i.number LEFT JOIN employee s ON s.number = i.supervisor
			WHERE (SELECT l.supervisor_id FROM supervisor_link l
				WHERE l.employee_id = e.id AND l.valid_from <= $1::date AND (l.valid_to IS NULL OR l.valid_to > $1::date)
				ORDER BY l.valid_from DESC LIMIT 1) IS DISTINCT FROM s.id
			   OR EXISTS (SELECT FROM supervisor_link l WHERE l.employee_id = e.id AND l.valid_from > $1::date)`, []any{day}},
		// Of one day only the last word counts; what was before it is history.
		{"replace links of the day", `DELETE FROM supervisor_link l USING transfer t
			WHERE l.employee_id = t.employee_id AND l.valid_from >= $1::date`, []any{day}},
		{"close links", `UPDATE supervisor_link l SET valid_to = $1::date FROM transfer t
			WHERE l.employee_id = t.employee_id AND (l.valid_to IS NULL OR l.valid_to > $1::date)`, []any{day}},
		{"open links", `INSERT INTO supervisor_link (employee_id, supervisor_id, valid_from)
			SELECT employee_id, supervisor_id, $1::date FROM transfer WHERE supervisor_id IS NOT NULL`, []any{day}},
	}
}

// ApplyImport puts added and changed people on the roster, in one transaction.
// A changed supervisor ends the open link on that day and begins a new one;
// history stays, and from that day on the line of command is decided anew. People who are not in incoming are not touched, and nobody's
// own choice of language is. progress, when set, is told the rows copied so far.
//
// [ErrNoSupervisor] when somebody's supervisor is unknown; then nothing changes.
func (s *Store) ApplyImport(ctx context.Context, now time.Time, day roster.Day, incoming []roster.Employee, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if err := copyIncoming(ctx, tx, incoming, progress); err != nil {
			return err
		}
		for _, step := range importSteps(now, day) {
			if _, err := tx.Exec(ctx, step.sql, step.args...); err != nil {
				return fmt.Errorf("%s: %w", step.what, err)
			}
			if step.what == "put people" {
				if err := checkSupervisors(ctx, tx); err != nil {
					return err
				}
			}
		}
		if _, err := relink(ctx, db.New(tx), day); err != nil {
			return err
		}
		if err := countPeople(ctx, tx, len(incoming)); err != nil {
			return err
		}
		progress(len(incoming), len(incoming))
		return noteImport(ctx, tx, now, len(incoming))
	})
}

// countPeople has Postgres look how many people there are after a large import. It
// does so by itself too, minutes later, and plans for an empty city until then.
func countPeople(ctx context.Context, tx pgx.Tx, imported int) error {
	const many = 1000
	if imported < many {
		return nil
	}
	if _, err := tx.Exec(ctx, `ANALYZE employee, reporting_line, supervisor_link, unit, opd`); err != nil {
		return fmt.Errorf("count people: %w", err)
	}
	return nil
}

func copyIncoming(ctx context.Context, tx pgx.Tx, incoming []roster.Employee, progress func(done, total int)) error {
	if _, err := tx.Exec(ctx, `CREATE TEMP TABLE incoming (
		ord integer, number text PRIMARY KEY, name text, kind text, sex text, post text, opd text, unit text,
		phone text, pattern text, lang text, supervisor text) ON COMMIT DROP;
		CREATE TEMP TABLE transfer (employee_id bigint PRIMARY KEY, supervisor_id bigint) ON COMMIT DROP`); err != nil {
		return fmt.Errorf("prepare import: %w", err)
	}
	columns := []string{"ord", "number", "name", "kind", "sex", "post", "opd", "unit", "phone", "pattern", "lang", "supervisor"}
	const tellEvery = 500
	rows := pgx.CopyFromSlice(len(incoming), func(i int) ([]any, error) {
		if i%tellEvery == 0 {
			progress(i, len(incoming))
		}
		e := incoming[i]
		if e.Lang == "" {
			e.Lang = "id"
		}
		if e.Pattern == "" {
			e.Pattern = roster.FiveDays
		}
		return []any{
			i, e.Number, e.Name, string(e.Kind), string(e.Sex), e.Post, e.OPD, e.Unit, e.Phone, string(e.Pattern), e.Lang, e.Supervisor,
		}, nil
	})
	if _, err := tx.CopyFrom(ctx, pgx.Identifier{"incoming"}, columns, rows); err != nil {
		return fmt.Errorf("copy roster: %w", err)
	}
	if _, err := tx.Exec(ctx, `ANALYZE incoming`); err != nil {
		return fmt.Errorf("prepare import: %w", err)
	}
	return nil
}

func checkSupervisors(ctx context.Context, tx pgx.Tx) error {
	var row, missing int
	err := tx.QueryRow(ctx, `SELECT coalesce(min(i.ord), 0), count(*) FROM incoming i
		WHERE i.supervisor <> '' AND NOT EXISTS (SELECT FROM employee s WHERE s.number = i.supervisor)`).Scan(&row, &missing)
	if err != nil {
		return fmt.Errorf("check supervisors: %w", err)
	}
	if missing > 0 {
		return fmt.Errorf("%d people, first of them person %d of the import: %w", missing, row+1, ErrNoSupervisor)
	}
	return nil
}

func noteImport(ctx context.Context, tx pgx.Tx, now time.Time, people int) error {
	detail, err := json.Marshal(map[string]int{"people": people})
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	if err := db.New(tx).AddAudit(ctx, db.AddAuditParams{
		At: now, Actors: []string{"system"}, Actions: []string{"roster.import"}, Subjects: []string{"roster"},
		Details: []json.RawMessage{detail},
	}); err != nil {
		return fmt.Errorf("keep record: %w", err)
	}
	return nil
}
