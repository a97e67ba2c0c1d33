package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// sortedValues are the values of a map in the order of its keys.
func sortedValues[K cmp.Ordered, V any](m map[K]V) []V {
	out := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}

// PINs are all that are kept, ended ones too.
func (s *Store) PINs(ctx context.Context) ([]roster.PIN, error) { return pinsOf(ctx, s.q()) }

func pinsOf(ctx context.Context, q *db.Queries) ([]roster.PIN, error) {
	rows, err := q.Pins(ctx)
	if err != nil {
		return nil, fmt.Errorf("read pins: %w", err)
	}
	out := make([]roster.PIN, len(rows))
	for i, r := range rows {
		out[i] = roster.PIN{ID: r.ID, Employee: roster.EmployeeID(r.EmployeeID), PIN: r.Pin, Device: r.Serial, From: r.ValidFrom, To: r.LastDay}
	}
	return out, nil
}

// PutPINs writes rows of a file, as [roster.ComparePINs] decides, in one
// transaction. It returns how many rows changed something.
func (s *Store) PutPINs(ctx context.Context, now time.Time, file []roster.PIN) (n int, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.LockPins(ctx); err != nil { // two files at once would give a PIN away twice
			return fmt.Errorf("lock pins: %w", err)
		}
		stored, err := pinsOf(ctx, q)
		if err != nil {
			return err
		}
		changes := roster.ComparePINs(stored, file)
		for _, c := range changes {
			if err := changePIN(ctx, q, c); err != nil {
				return err
			}
		}
		n = len(changes)
		return noteRoster(ctx, q, now, "pin.import", map[string]any{"rows": len(file), "changed": n})
	})
	return n, err
}

func changePIN(ctx context.Context, q *db.Queries, c roster.PINChange) error {
	for _, o := range c.Ends {
		end := func() error { return q.DropPin(ctx, o.ID) }
		if o.From.Before(c.New.From) {
			end = func() error { return q.EndPin(ctx, c.New.From, o.ID) }
		}
		if err := end(); err != nil {
			return fmt.Errorf("end pin: %w", err)
		}
	}
	if !c.Gives {
		return nil
	}
	arg := db.AddPinParams{EmployeeID: int64(c.New.Employee), Pin: c.New.PIN, Serial: c.New.Device, ValidFrom: c.New.From}
	if !c.New.To.IsZero() {
		arg.ValidTo = c.New.To.Add(1)
	}
	if err := q.AddPin(ctx, arg); err != nil {
		return fmt.Errorf("add pin: %w", err)
	}
	return nil
}
