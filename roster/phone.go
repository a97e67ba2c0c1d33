package roster

import (
	"errors"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// ErrPhone: no telephone number that an operator could have given out.
var ErrPhone = errors.New("not a valid telephone number")

// ParsePhone reads a number as Indonesians write it ("0812-3456-7890",
// "62812…", "+62 812…", also "812…" when a spreadsheet ate the zero) and gives
// it in E.164. Foreign numbers need their "+". The error is [ErrPhone].
func ParsePhone(s string) (string, error) {
	// Letters would be read as the keys of an old telephone.
	if len(s) > 40 || strings.ContainsFunc(s, unicode.IsLetter) {
		return "", ErrPhone
	}
	n, err := phonenumbers.Parse(s, "ID")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return "", ErrPhone
	}
	return phonenumbers.Format(n, phonenumbers.E164), nil
}
