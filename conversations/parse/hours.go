package parse

import "fmt"

// of24 is the minute of the day under a part of the day.
func (c clock) of24(part string) int {
	h := c.hour
	switch part {
	case "siang":
		if h >= 1 && h <= 4 {
			h += 12
		}
	case "sore", "petang", "sonten":
		if h >= 2 && h <= 7 {
			h += 12
		}
	case "malam", "mlm", "dalu":
		if h >= 5 && h <= 12 {
			h += 12
		}
	}
	return h*60 + c.min
}

// office reads a single time: bare hours 1–4 are the afternoon.
func (c clock) office() int {
	m := c.of24(c.part)
	if c.part == "" && c.bare && c.hour >= 1 && c.hour <= 4 {
		m += 720
	}
	return m % 1440
}

// resolve turns two typed times into minutes of the day.
func resolve(a, b clock) (start, end int, reason Reason) {
	start, end = a.of24(a.part), b.of24(b.part)
	switch {
	case a.part == "" && b.part != "" && a.bare:
		if s := a.of24(b.part); s < end {
			start = s
		} else if start >= end && start >= 720 && a.hour <= 12 {
			start = a.of24("")
		}
	case a.part != "" && b.part == "" && b.bare:
		if end <= start && b.hour <= 12 && end+720 > start && end+720 <= 1440 {
			end += 720
		}
	case a.part == "" && b.part == "" && a.bare:
		start, end = officeHours(a, b, start, end)
	}
	switch long := (end - start + 2880) % 1440; {
	case long == 0:
		reason = SameTime
	case long > 960:
		reason = TooLong
	}
	return start % 1440, end % 1440, reason
}

// officeHours is the choice for hours without a part of the day; see the
// package comment.
func officeHours(a, b clock, start, end int) (int, int) {
	switch {
	case a.hour >= 1 && a.hour <= 4 && b.bare && end > start && b.hour <= 7:
		return start + 720, end + 720
	case a.hour >= 5 && a.hour <= 12 && b.bare && b.hour >= 1 && b.hour <= 6 && end <= start:
		return start, end + 720
	}
	return start, end
}

// length is the minutes from start to end, over midnight too; 0 when unknown.
func (s span) length() int {
	if s.start < 0 || s.end < 0 {
		return 0
	}
	return (s.end - s.start + 1440) % 1440
}

func hhmm(m int) string {
	if m < 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", m/60%24, m%60)
}

var timePrefixes = map[string]bool{"jam": true, "pukul": true, "pkl": true, "pk": true, "jm": true, "pukl": true, "puku": true}

var dayParts = map[string]bool{
	"pagi": true, "siang": true, "sore": true, "malam": true, "petang": true, "subuh": true, "sonten": true, "mlm": true, "enjang": true, "dalu": true,
}

var rangeSeps = map[string]bool{
	"-": true, "–": true, "—": true, "~": true, "−": true, "s/d": true, "s.d.": true, "s.d": true, "s/d.": true, "sd": true,
	"hingga": true, "hngga": true, "to": true, "till": true, "until": true, "smp": true, "smpai": true, "sampi": true, "→": true, "ngantos": true, "tekan": true,
}
