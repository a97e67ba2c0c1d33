package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// ShiftsOf are the listed shifts of these people, first to last, both included.
func (s *Store) ShiftsOf(ctx context.Context, people []roster.EmployeeID, first, last roster.Day) ([]roster.Shift, error) {
	arg := db.ShiftsOfPeopleParams{First: first, Last: last}
	for _, e := range people {
		arg.Ids = append(arg.Ids, int64(e))
	}
	rows, err := s.q().ShiftsOfPeople(ctx, arg)
	if err != nil {
		return nil, fmt.Errorf("read shifts: %w", err)
	}
	out := make([]roster.Shift, len(rows))
	for i, r := range rows {
		out[i] = roster.Shift{
			Employee: roster.EmployeeID(r.EmployeeID), Day: r.Day, Start: roster.Clock(r.Starts), End: roster.Clock(r.Ends), Name: r.Label,
		}
	}
	return out, nil
}

// ChangeShifts makes changes of a shift list true, in one transaction. The duties
// they touch are decided anew by [Turns.Redecide].
func (s *Store) ChangeShifts(ctx context.Context, now time.Time, changes []roster.ShiftChange) error {
	var put []roster.Shift
	var drop struct {
		employees []int64
		days      []string
	}
	for _, c := range changes {
		if c.New != nil {
			put = append(put, *c.New)
			continue
		}
		drop.employees, drop.days = append(drop.employees, int64(c.Employee)), append(drop.days, c.Day.String())
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.DropShifts(ctx, drop.employees, drop.days); err != nil {
			return fmt.Errorf("drop shifts: %w", err)
		}
		if err := q.PutShifts(ctx, shiftParams(put)); err != nil {
			return fmt.Errorf("store shifts: %w", err)
		}
		return noteRoster(ctx, q, now, "shifts.import", map[string]any{"days": len(changes)})
	})
}
