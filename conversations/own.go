package conversations

import (
	"context"
	"time"

	"ekinerja/roster"
)

// OwnRecords are what people may ask and say of themselves.
type OwnRecords interface {
	Absences
	Rights
}

// Absences are a person's own days away, and those of others that a turn decides about.
type Absences interface {
	// Workdays are the person's working days between two, both included, whatever
	// absence is noted.
	Workdays(ctx context.Context, id roster.EmployeeID, from, to roster.Day) ([]roster.Day, error)
	// Absences are those of the person that count and do not end before a day.
	Absences(ctx context.Context, id roster.EmployeeID, from roster.Day) ([]OwnAbsence, error)
	// Superior is who leads the person today, the nearest who still works; false
	// for nobody.
	Superior(ctx context.Context, id roster.EmployeeID) (Person, bool, error)
	Claims
}

// Claims are what waits for a superior.
type Claims interface {
	// Claim is what a message claimed, if viewer may decide about it; else false.
	Claim(ctx context.Context, viewer roster.EmployeeID, claim int64) (Claim, bool, error)
	// Pending are the claims that wait for viewer, oldest first, at most ten.
	Pending(ctx context.Context, viewer roster.EmployeeID) ([]Claim, error)
	Letters
}

// Rights answer what people may ask about themselves.
type Rights interface {
	// Receipt is the kept report of a day; with a code, of that code's day. The
	// zero day is the newest. False when there is none.
	Receipt(ctx context.Context, id roster.EmployeeID, day roster.Day, code string) (Receipt, bool, error)
	// Why is what was decided and sent about a day; false when nothing was decided.
	Why(ctx context.Context, id roster.EmployeeID, day roster.Day) (Why, bool, error)
	// Everything is all that is kept about a person, as JSON.
	Everything(ctx context.Context, id roster.EmployeeID) ([]byte, error)
	Staff
}

// Staff is what a superior may see of others.
type Staff interface {
	// Staff are the days of those whom viewer leads on a day, by name.
	Staff(ctx context.Context, viewer roster.EmployeeID, day roster.Day) ([]StaffDay, error)
	// MayRead tells whether viewer is the person, led them on the day, or stands
	// above them in today's line.
	MayRead(ctx context.Context, viewer, id roster.EmployeeID, day roster.Day) (bool, error)
}

// OwnAbsence is one run of days away.
type OwnAbsence struct {
	ID        int64
	Kind      roster.AbsenceKind
	From, To  roster.Day
	Confirmed bool
	Letter    string
	Claim     int64 // the message that claimed it, 0 for none
}

// Claim is what a person said of days of theirs.
type Claim struct {
	ID       int64 // of the message
	Absence  int64
	Person   Person
	Kind     roster.AbsenceKind
	From, To roster.Day
	Waiting  bool // nobody has decided yet
	Refused  bool // or taken back by its writer
	Letter   string
	Note     string
	Letters  int // pieces that were added
}

// Receipt is what is kept of a report.
type Receipt struct {
	Day      roster.Day
	Code     string
	Sent     bool // false: it was taken back
	Late     bool
	SentAt   time.Time
	Version  int
	Versions int
	KeptAt   time.Time
	SHA256   string // of the newest version, in hexadecimal digits
	Readers  []Reader
}

// Reader is a superior or holder of a role who did something, when, and the reason
// that was given, if any.
type Reader struct {
	Name   string
	At     time.Time
	Reason string
}

// Why is what the rows say about one day of one person.
type Why struct {
	Day     WorkDay
	Graced  bool        // more time was granted for the day
	Planned time.Time   // the deadline before an outage moved it
	AskedAt time.Time   // when the day was asked about; zero: not yet
	Sent    []SentAbout // questions and reminders that went out, oldest first
	Told    []Reader    // superiors who were told
	Lapsed  bool        // nobody read the report in time, so it counts as accepted
}

// SentAbout is a message about a day that went out.
type SentAbout struct {
	Kind Kind
	At   time.Time
}

// StaffDay is one person's day as their superior sees it.
type StaffDay struct {
	ID     roster.EmployeeID
	Name   string
	Sent   bool
	Late   bool
	SentAt time.Time
	State  roster.State
	Reason roster.Reason
}

// Decision settles a claim.
type Decision struct {
	Claim    int64
	Absence  int64
	Employee roster.EmployeeID
	From, To roster.Day // of the days that it concerns
	Approve  bool
	Reason   string
	// Grace is until when the days that become due may be reported.
	Grace Grace
}

// AbsenceEnd takes an absence back, or ends it earlier.
type AbsenceEnd struct {
	Absence  int64
	From, To roster.Day // as it was
	Last     roster.Day // the new last day; zero takes all of it back
	Grace    Grace
}

// Grace is the least time for days that become due late.
type Grace struct{ Deadline, LateUntil time.Time }

// Withdrawal takes a sent report back.
type Withdrawal struct {
	Day    roster.Day
	Reason string
}

// Opened notes that the person who writes read somebody's report. The personnel
// office says for which reason; a superior needs none.
type Opened struct {
	Employee roster.EmployeeID
	Day      roster.Day
	Reason   string
}

// AskTime is when a person likes to be asked.
type AskTime struct {
	At    roster.Clock
	Reset bool // as the policy says again
	// Day and Moment move today's question, when it is still to be asked.
	Day    roster.Day
	Moment time.Time
}

// Own are the changes of a turn that concern people's own days and rights.
type Own struct {
	Decided  *Decision
	Ended    *AbsenceEnd
	Withdrew *Withdrawal
	Opened   *Opened
	AskTime  *AskTime
	ReadTime *ReadTime
	// Snoozed is the day whose next reminder moves.
	Snoozed roster.Day
	// Confirmed: the chat has shared the number that the roster has now.
	Confirmed bool
}

// Side is a short dialogue beside a report: it ends with its answer, and the
// report that was being written goes on.
type Side struct {
	Kind SideKind  `json:"kind"`
	Step string    `json:"step,omitempty"`
	At   time.Time `json:"at,omitzero"` // when it was asked last
	// Leave is the leave that is being written.
	Leave LeaveDraft `json:"leave,omitzero"`
	Claim int64      `json:"claim,omitempty"`
	Day   roster.Day `json:"day,omitzero"`
	// Lead is what the dialogues of those who lead keep.
	Lead LeadSide `json:"lead,omitzero"`
}

// SideKind names a side dialogue.
type SideKind string

// The side dialogues.
const (
	SideLeave    SideKind = "leave"    // days away
	SideRefuse   SideKind = "refuse"   // why a claim is refused
	SideWithdraw SideKind = "withdraw" // why a report is taken back
)

// sideFor is how long a side dialogue waits for its answer.
const sideFor = 12 * time.Hour

// LeaveDraft are days away that are being written.
type LeaveDraft struct {
	Kind   roster.AbsenceKind `json:"kind,omitempty"`
	From   roster.Day         `json:"from,omitzero"`
	To     roster.Day         `json:"to,omitzero"`
	Count  int                `json:"count,omitempty"` // working days that were said instead of To
	Letter string             `json:"letter,omitempty"`
	Note   string             `json:"note,omitempty"`
	// Letters are the messages that pictures of the letter came with.
	Letters []int64 `json:"letters,omitempty"`
}
