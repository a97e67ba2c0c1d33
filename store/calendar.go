package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// Calendar is the stored calendar. An empty table is filled with the calendar
// built in first, so that what was used can be seen and changed.
func (s *Store) Calendar(ctx context.Context) (roster.Calendar, error) {
	seed := calendarParams(roster.Seed())
	if err := s.q().SeedCalendarDays(ctx, db.SeedCalendarDaysParams(seed)); err != nil {
		return roster.Calendar{}, fmt.Errorf("fill calendar: %w", err)
	}
	return calendarOf(ctx, s.q())
}

// ImportCalendar replaces the special dates of every year that days has one of.
// Duties that are computed already stay as they are.
func (s *Store) ImportCalendar(ctx context.Context, days []roster.CalendarDay) error {
	var years []int32
	for _, d := range days {
		if y := int32(d.Day.Year); !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if err := q.SeedCalendarDays(ctx, db.SeedCalendarDaysParams(calendarParams(roster.Seed()))); err != nil {
			return fmt.Errorf("fill calendar: %w", err)
		}
		if err := q.DropCalendarYears(ctx, years); err != nil {
			return fmt.Errorf("replace calendar: %w", err)
		}
		if err := q.PutCalendarDays(ctx, calendarParams(days)); err != nil {
			return fmt.Errorf("store calendar: %w", err)
		}
		return nil
	})
}

func calendarParams(days []roster.CalendarDay) db.PutCalendarDaysParams {
	var arg db.PutCalendarDaysParams
	for _, d := range days {
		arg.Days = append(arg.Days, d.Day)
		arg.Kinds = append(arg.Kinds, string(d.Kind))
		arg.Names = append(arg.Names, d.Name)
		arg.Bases = append(arg.Bases, d.Basis)
	}
	return arg
}

// PutShifts stores listed shifts; one that is there for the person and day is replaced.
func (s *Store) PutShifts(ctx context.Context, shifts []roster.Shift) error {
	if err := s.q().PutShifts(ctx, shiftParams(shifts)); err != nil {
		return fmt.Errorf("store shifts: %w", err)
	}
	return nil
}

func shiftParams(shifts []roster.Shift) db.PutShiftsParams {
	var arg db.PutShiftsParams
	for _, sh := range shifts {
		end := sh.End
		if end <= sh.Start { // until the next day, as roster.DutyOf understands it
			end += roster.At24(24, 0)
		}
		arg.Employees = append(arg.Employees, int64(sh.Employee))
		arg.Days = append(arg.Days, sh.Day)
		arg.Starts = append(arg.Starts, int32(sh.Start))
		arg.Ends = append(arg.Ends, int32(end))
		arg.Labels = append(arg.Labels, sh.Name)
	}
	return arg
}
