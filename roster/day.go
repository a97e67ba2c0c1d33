package roster

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Day is a civil date in the city's time zone; never a point in time.
// The zero Day is no day.
type Day struct {
	Year  int
	Month time.Month
	Date  int
}

// DayOf is the civil date of t in t's own location; convert t first.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// ParseDay reads "2026-11-23".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Day{}, fmt.Errorf("read day %q: want YYYY-MM-DD", s)
	}
	return DayOf(t), nil
}

// MustDay is ParseDay for literals in tests and tables; it panics on a bad one.
func MustDay(s string) Day {
	d, err := ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether d is no day.
func (d Day) IsZero() bool { return d == Day{} }

// String renders "2026-11-23"; the zero Day is empty.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

func (d Day) utc() time.Time { return time.Date(d.Year, d.Month, d.Date, 0, 0, 0, 0, time.UTC) }

// Add is the date n days later; calendar arithmetic, never 24-hour steps.
func (d Day) Add(n int) Day { return DayOf(d.utc().AddDate(0, 0, n)) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// Before reports d < o.
func (d Day) Before(o Day) bool { return d.utc().Before(o.utc()) }

// After reports d > o.
func (d Day) After(o Day) bool { return d.utc().After(o.utc()) }

// Sub is the number of days from o to d.
func (d Day) Sub(o Day) int { return int(d.utc().Sub(o.utc()).Hours() / 24) }

// Monday is the Monday of d's week.
func (d Day) Monday() Day { return d.Add(-((int(d.Weekday()) + 6) % 7)) }

// FirstOfMonth is the first day of d's month.
func (d Day) FirstOfMonth() Day { return Day{d.Year, d.Month, 1} }

// At is the moment of a wall-clock time on that day in loc.
func (d Day) At(c Clock, loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Date, 0, int(c), 0, 0, loc)
}

// MarshalText renders "2026-11-23"; the zero Day is empty.
func (d Day) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (d *Day) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Day{}
		return nil
	}
	v, err := ParseDay(string(b))
	*d = v
	return err
}

// Value makes a Day a SQL date; the zero Day is NULL.
func (d Day) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.utc(), nil
}

// Scan reads a SQL date; NULL is the zero Day.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Day{}
		return nil
	case time.Time:
		*d = DayOf(v)
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	}
	return fmt.Errorf("read day from %T", src)
}

// Clock is a wall-clock time in minutes after midnight; it may exceed 24 hours
// for the end of a night shift (29:00 is 05.00 of the next day).
type Clock int

// At24 makes a Clock from hours and minutes.
func At24(hour, minute int) Clock { return Clock(hour*60 + minute) }

// ParseClock reads "15.30" or "15:30".
func ParseClock(s string) (Clock, error) {
	var h, m int
	var sep rune
	if n, err := fmt.Sscanf(s, "%d%c%d", &h, &sep, &m); err != nil || n != 3 || (sep != '.' && sep != ':') ||
		h < 0 || h > 47 || m < 0 || m > 59 {
		return 0, fmt.Errorf("read time %q: want HH.MM", s)
	}
	return At24(h, m), nil
}

// String renders "15.30", the Indonesian way.
func (c Clock) String() string { return fmt.Sprintf("%02d.%02d", int(c)/60%24, int(c)%60) }

// MarshalText renders "15.30".
func (c Clock) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%02d.%02d", int(c)/60, int(c)%60), nil
}

// UnmarshalText reads "15.30" or "15:30".
func (c *Clock) UnmarshalText(b []byte) error {
	v, err := ParseClock(string(b))
	*c = v
	return err
}
