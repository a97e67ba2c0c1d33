package roster

import (
	"strings"
	"time"
)

// Punch is one record of an attendance machine: that somebody with this PIN stood
// before it. Whether they came or went is not kept, for the keys for it are
// pressed by chance; nor is how the machine knew them (finger, face, card).
type Punch struct {
	PIN string
	At  time.Time // whole seconds, by the machine's clock and zone
	// Doubt: the machine's clock was known to be wrong then. The punch proves no minute.
	Doubt bool
}

// longestPIN is what the machines can hold; theirs have at most 24 digits.
const longestPIN = 24

// CleanPIN is the normal form of a PIN: files pad it with spaces, some firmware
// with zeros, and to the machine all of these are the same number. False when it
// is none.
func CleanPIN(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > longestPIN {
		return "", false
	}
	digits := true
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
		case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
			digits = false
		default:
			return "", false
		}
	}
	if digits {
		if s = strings.TrimLeft(s, "0"); s == "" {
			return "", false // PIN 0 is nobody's
		}
	}
	return s, true
}

// ParsePunch reads a line of an attlog.dat file or of a push:
//
//	␠…PIN \t 2026-11-23 07:12:05 \t …
//
// Only the first two columns are read: the third is the device in a file and the
// status in a push, and what follows differs by firmware. False for anything else,
// such as the serial number and the checksum that some files begin and end with.
func ParsePunch(line string, zone *time.Location) (Punch, bool) {
	pin, rest, found := strings.Cut(strings.TrimRight(line, "\r\n"), "\t")
	if !found {
		return Punch{}, false
	}
	stamp, _, _ := strings.Cut(rest, "\t")
	at, err := time.ParseInLocation(time.DateTime, strings.TrimSpace(stamp), zone)
	if err != nil || at.Year() < 2000 || at.Year() > 2099 {
		return Punch{}, false
	}
	pin, ok := CleanPIN(pin)
	return Punch{PIN: pin, At: at}, ok
}

// ReadPunchLines reads many lines; blank ones do not count as skipped.
func ReadPunchLines(text string, zone *time.Location) (punches []Punch, skipped int) {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		p, ok := ParsePunch(line, zone)
		if !ok {
			skipped++
			continue
		}
		punches = append(punches, p)
	}
	return punches, skipped
}

// SkewLimit is how far a machine's clock may be off before it is said.
const SkewLimit = 5 * time.Minute

// skewTimes is how many single punches in a row must come late before the clock
// is blamed: one of them may just have waited for the network.
const skewTimes = 3

// Skew is what is known of a machine's clock. The zero value trusts it.
type Skew struct {
	// Off is by how much the clock is ahead (positive) or behind; zero is right.
	Off time.Duration
	// Late counts single punches in a row that came long after their time.
	Late int
}

// Wrong reports whether the clock is known to be wrong.
func (s Skew) Wrong() bool { return s.Off != 0 }

// After is what a push that was received at a moment says of the clock. A punch
// of the future is proof. One of the past is proof only when it comes alone, as
// machines send at once, and again and again: after a night without network many
// come together, and they are right.
func (s Skew) After(punches []Punch, received time.Time) Skew {
	if len(punches) == 0 {
		return s
	}
	newest := punches[0].At
	for _, p := range punches {
		if p.At.After(newest) {
			newest = p.At
		}
	}
	ahead := newest.Sub(received)
	switch {
	case ahead > SkewLimit:
		return Skew{Off: ahead}
	case ahead >= -SkewLimit:
		return Skew{}
	case len(punches) > 1:
		return s
	}
	s.Late++
	if s.Late >= skewTimes {
		s.Off = ahead
	}
	return s
}

// Mark notes on each punch whether the clock of its machine was wrong. One of the
// future always doubts itself.
func (s Skew) Mark(punches []Punch, received time.Time) {
	for i := range punches {
		punches[i].Doubt = s.Wrong() || punches[i].At.Sub(received) > SkewLimit
	}
}
