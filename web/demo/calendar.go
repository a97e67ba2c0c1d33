package demo

import (
	"fmt"
	"time"
)

// The buttons' hours, a little after what they show: questions go out from
// 15.00, escalation is at 08.00, the list of reports to read at 10.00, the group's recap on Friday at 16.00.
const (
	askHour, askMinute      = 15, 30
	morningHour, morningMin = 8, 5
	recapHour, recapMinute  = 16, 5
	readingHour, readingMin = 10, 5
	halfHour                = 30 * time.Minute
	fastest                 = 600
)

// destination is where a button of the clock leads from now, always forward.
func destination(button string, now time.Time) (time.Time, bool) {
	switch button {
	case "to-1530":
		return nextAt(now, askHour, askMinute, working), true
	case "plus-30":
		return now.Add(halfHour), true
	case "next-morning":
		y, m, d := now.Date()
		tomorrow := time.Date(y, m, d+1, 0, 0, 0, 0, now.Location())
		return nextAt(tomorrow, morningHour, morningMin, working), true
	case "friday":
		return nextAt(now, recapHour, recapMinute, func(d time.Weekday) bool { return d == time.Friday }), true
	}
	return time.Time{}, false
}

// evening tells whether people have been asked and may still write at leisure.
func evening(now time.Time) bool {
	c := now.Hour()*60 + now.Minute()
	return working(now.Weekday()) && c >= askHour*60+askMinute && c < 20*60
}

// working leaves out weekends only; holidays are the service's to know, and
// seeing nobody asked on one is worth a visit.
func working(d time.Weekday) bool { return d != time.Saturday && d != time.Sunday }

// nextAt is the first hour:minute after now on a weekday that fits.
func nextAt(now time.Time, hour, minute int, fits func(time.Weekday) bool) time.Time {
	y, m, d := now.Date()
	for i := 0; ; i++ {
		at := time.Date(y, m, d+i, hour, minute, 0, 0, now.Location())
		if at.After(now) && fits(at.Weekday()) {
			return at
		}
	}
}

// longDate is "Senin, 23 November 2026".
func longDate(t time.Time) string {
	return fmt.Sprintf("%s, %d %s %d", weekday(t.Weekday()), t.Day(), month(t.Month()), t.Year())
}

// hour is "15.31".
func hour(t time.Time) string { return t.Format("15.04") }

func weekday(d time.Weekday) string {
	return [...]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}[d]
}

func month(m time.Month) string {
	return [...]string{
		"Januari", "Februari", "Maret", "April", "Mei", "Juni",
		"Juli", "Agustus", "September", "Oktober", "November", "Desember",
	}[m-1]
}
