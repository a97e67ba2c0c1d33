package roster

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestParseNIP(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		err      error
	}{
		{"pns", "198609262015051001", nil},
		{"spaces", "19860926 201505 1 001", nil},
		{"dots and odd spaces", " 19860926.201505.1.001\u00a0", nil},
		{"pppk", "198509152022211001", nil},
		{"pppk second contract", "198509152027222001", nil},
		{"leap day", "198402292010012001", nil},
		{"sixteen", "200001152016011001", nil},
		{"sixty at pppk", "196212312022211001", nil},
		{"short", "19860926201505100", ErrNIPLength},
		{"long", "1986092620150510011", ErrNIPLength},
		{"empty", "", ErrNIPLength},
		{"letter", "19860926201505100A", ErrNIPLength},
		{"wide digits", "１98609262015051001", ErrNIPLength},
		{"30 february", "198602302015051001", ErrNIPBirth},
		{"29 february of a common year", "198502292015051001", ErrNIPBirth},
		{"year 0", "000001012015051001", ErrNIPBirth},
		{"month 00", "198609262015001001", ErrNIPMonth},
		{"month 13", "198609262015131001", ErrNIPMonth},
		{"month 20", "198609262015201001", ErrNIPMonth},
		{"sex 3", "198609262015053001", ErrNIPSex},
		{"serial 000", "198609262015051000", ErrNIPSerial},
		{"fifteen", "200002152016011001", ErrNIPAge},
		{"before birth", "198609261980051001", ErrNIPAge},
		{"sixty-one", "195401012015051001", ErrNIPAge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := ParseNIP(tt.in); !errors.Is(err, tt.err) {
				t.Errorf("ParseNIP(%q): got %v, want %v", tt.in, err, tt.err)
			}
		})
	}
}

func TestNIPTells(t *testing.T) {
	t.Parallel()
	pns, err := ParseNIP("19860926 201505 1 001")
	if err != nil {
		t.Fatal(err)
	}
	if pns.Birth() != MustDay("1986-09-26") || pns.Sex() != Male || pns.IsPPPK() || pns.Masked() != "…1001" {
		t.Errorf("got %v %v %v %v", pns.Birth(), pns.Sex(), pns.IsPPPK(), pns.Masked())
	}
	pppk, err := ParseNIP("198509152022212001")
	if err != nil {
		t.Fatal(err)
	}
	if !pppk.IsPPPK() || pppk.Sex() != Female {
		t.Errorf("got %v %v", pppk.IsPPPK(), pppk.Sex())
	}
}

func TestMaskNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"": "…", "AB1": "…AB1", "TKPK-00017": "…0017"} {
		if got := MaskNumber(in); got != want {
			t.Errorf("MaskNumber(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestParseStaffNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"tkpk-0017": "TKPK-0017", " 33 72 01 ": "337201", "ab": "", "A_B1": "", "É123": "",
		"123456789012345678901": "", "": "",
	} {
		got, err := ParseStaffNumber(in)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("ParseStaffNumber(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

// genNIP draws a valid NIP.
func genNIP() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		born := MustDay("1965-01-01").Add(rapid.IntRange(0, 13000).Draw(t, "born"))
		month := rapid.OneOf(rapid.IntRange(1, 12), rapid.IntRange(21, 25)).Draw(t, "month")
		return fmt.Sprintf("%04d%02d%02d%04d%02d%d%03d", born.Year, born.Month, born.Date,
			born.Year+rapid.IntRange(17, 58).Draw(t, "age"), month,
			rapid.IntRange(1, 2).Draw(t, "sex"), rapid.IntRange(1, 999).Draw(t, "serial"))
	})
}

func TestEveryWellFormedNIPIsAccepted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := genNIP().Draw(t, "nip")
		if n, err := ParseNIP(s); err != nil || string(n) != s {
			t.Fatalf("ParseNIP(%q) = %q, %v", s, n, err)
		}
	})
}

func TestParsePhone(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"081234567890":       "+6281234567890",
		"0812-3456-7890":     "+6281234567890",
		"+62 812-3456-7890":  "+6281234567890",
		"62812 3456 7890":    "+6281234567890",
		"81234567890":        "+6281234567890",
		"(0271) 642020":      "+62271642020",
		"+1 650-253-0000":    "+16502530000",
		"12345":              "",
		"":                   "",
		"08123":              "",
		"0812345678901234":   "",
		"0812 FLOWERS":       "",
		"8,12346E+11":        "",
		"08123456789/081333": "",
	} {
		got, err := ParsePhone(in)
		if got != want || (want == "") != errors.Is(err, ErrPhone) {
			t.Errorf("ParsePhone(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}
