// Package roster knows facts about people and days: who is employed where, who
// leads whom and since when, who is away, which days are worked, and therefore
// who owes a report on which day and why.
//
// It never does I/O, never knows chats or sentences, and never reads a clock:
// now is always given.
package roster

// EmployeeID is our own key of a person; NIP and phone are attributes of it.
type EmployeeID int64

// Kind is the legal kind of employment.
type Kind string

// Kinds of employment (UU 20/2023; PPPK_PW by KepmenPANRB 16/2025).
const (
	PNS    Kind = "PNS"
	PPPK   Kind = "PPPK"
	PPPKPW Kind = "PPPK_PW" // paruh waktu
	CPNS   Kind = "CPNS"
	NonASN Kind = "NON_ASN"
)

// Sex is M, F, or empty when unknown; it only chooses Bapak or Ibu.
type Sex string

// Sexes as the 15th digit of the NIP tells them.
const (
	Male   Sex = "M"
	Female Sex = "F"
)

// Pattern names a work pattern.
type Pattern string

// The patterns: five and six working days, and shifts listed day by day.
const (
	FiveDays Pattern = "5HK"
	SixDays  Pattern = "6HK"
	Shifts   Pattern = "SIF"
)

// Employee is one person on the roster as imported.
type Employee struct {
	ID      EmployeeID
	Number  string // NIP (18 digits) or staff number
	Name    string
	Kind    Kind
	Sex     Sex
	Post    string
	OPD     string
	Unit    string
	Phone   string // E.164, may be empty
	Pattern Pattern
	Lang    string // "id" or "en"
	// Supervisor is the supervisor's Number; empty for the top of the line.
	Supervisor string
}
