package roster

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// NIP is a valid number of a civil servant, 18 digits without spaces:
//
//	YYYYMMDD birth | YYYY appointed | MM month, or ≥ 21 for PPPK | sex | serial
//
// (Perka BKN 22/2007; PPPK carry their contract count, from 21, in the month's
// place.) There is no check digit: a well-formed NIP proves nothing, only the
// imported roster does.
type NIP string

// Which rule of the NIP a number breaks.
var (
	ErrNIPLength = errors.New("a NIP has 18 digits")
	ErrNIPBirth  = errors.New("digits 1 to 8 of a NIP are a birth date, YYYYMMDD")
	ErrNIPMonth  = errors.New("digits 13 and 14 of a NIP are a month 01 to 12, or 21 and above for PPPK")
	ErrNIPSex    = errors.New("digit 15 of a NIP is 1 (male) or 2 (female)")
	ErrNIPSerial = errors.New("digits 16 to 18 of a NIP are a serial from 001")
	ErrNIPAge    = errors.New("a NIP tells an age at appointment of 16 to 60 years")
	// ErrStaffNumber: neither a NIP nor a staff number of a person without one.
	ErrStaffNumber = errors.New("a staff number has 3 to 20 letters, digits or dashes")
)

const (
	nipDigits    = 18
	firstPPPK    = 21 // the contract count of a first PPPK contract
	youngest     = 16 // years at appointment
	oldest       = 60
	earliestBorn = 1900
)

// ParseNIP reads a NIP as people write it: spaces and dots are dropped. The
// error is one of the ErrNIP values.
func ParseNIP(s string) (NIP, error) {
	n := NIP(squeeze(s))
	if !allDigits(string(n)) || len(n) != nipDigits {
		return "", ErrNIPLength
	}
	if b := n.Birth(); b.String() != fmt.Sprintf("%s-%s-%s", n[0:4], n[4:6], n[6:8]) || b.Year < earliestBorn {
		return "", ErrNIPBirth
	}
	if m := digits(n[12:14]); m < 1 || m > 12 && m < firstPPPK {
		return "", ErrNIPMonth
	}
	if n[14] != '1' && n[14] != '2' {
		return "", ErrNIPSex
	}
	if n[15:] == "000" {
		return "", ErrNIPSerial
	}
	if age := n.ageAtAppointment(); age < youngest || age > oldest {
		return "", ErrNIPAge
	}
	return n, nil
}

// Birth is the birth date. It is personal data: it may choose nothing and is
// never shown.
func (n NIP) Birth() Day {
	return Day{digits(n[0:4]), time.Month(digits(n[4:6])), digits(n[6:8])}
}

// Sex is what digit 15 tells.
func (n NIP) Sex() Sex {
	if n[14] == '2' {
		return Female
	}
	return Male
}

// IsPPPK reports a contract employee's number (PPPK or PPPK paruh waktu).
func (n NIP) IsPPPK() bool { return digits(n[12:14]) >= firstPPPK }

// Masked is what may be shown to others: "…1001".
func (n NIP) Masked() string { return MaskNumber(string(n)) }

// ageAtAppointment is in full years. A PPPK number has only the year, so the
// birthday counts as passed.
func (n NIP) ageAtAppointment() int {
	b, year := n.Birth(), digits(n[8:12])
	age := year - b.Year
	if !n.IsPPPK() && time.Month(digits(n[12:14])) < b.Month {
		age--
	}
	return age
}

// ParseStaffNumber reads the number of a person without a NIP, in capitals and
// without spaces. The error is [ErrStaffNumber].
func ParseStaffNumber(s string) (string, error) {
	s = strings.ToUpper(squeeze(s))
	if len(s) < 3 || len(s) > 20 {
		return "", ErrStaffNumber
	}
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return "", ErrStaffNumber
		}
	}
	return s, nil
}

// MaskNumber hides all but the last four characters of a NIP or staff number:
// a whole NIP tells a birth date.
func MaskNumber(s string) string {
	r := []rune(s)
	return "…" + string(r[max(0, len(r)-4):])
}

// squeeze drops what people put between digits to read them: spaces and dots.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' {
			return -1
		}
		return r
	}, s)
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// digits reads ASCII digits that were checked before.
func digits(s NIP) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
