// Package conversations asks. It holds the questions, where a person stands in
// them, what their words do to their report, and every sentence we send
// (id.toml, en.toml).
//
// It knows people, days and reports as values handed to it. It never reads a
// clock, never sends, never touches a database: a [Turn] goes in, an [Outcome]
// comes out, and whoever handed the turn in makes the outcome true in one
// transaction.
//
// The states of a person's session:
//
//	         words that hold activities
//	┌──────┐ ─────────────────────────▶ ┌────────┐ something missing ┌───────┐
//	│ idle │                            │ (fill) │ ────────────────▶ │ field │─┐
//	└──────┘ ◀─ Batal ─ any             └────────┘ ◀─── answered ─── └───────┘ │
//	   ▲                                    │ nothing missing                 │ quoted or
//	   │                                    ▼                                 │ tapped: the
//	   │ Kirim                          ┌─────────┐  Ubah  ┌──────┐           │ token decides
//	   └─────────────────────────────── │ confirm │ ─────▶ │ edit │ ◀─────────┘
//	     receipt with time and code     └─────────┘ ◀───── └──────┘
//
// Position is data: it is rebuilt from the session's stored body, so a lost
// Redis or a killed process is not noticed by anybody.
package conversations

import (
	"context"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// Person is who a conversation is with.
type Person struct {
	ID         roster.EmployeeID
	Name       string
	Sex        roster.Sex
	Lang       string // "id" or "en"
	OPD        string
	Post       string
	Kind       roster.Kind
	Phone      string // E.164 as on the roster, compared only
	Supervisor string // name of today's supervisor, empty at the top
	Staff      int    // how many people report to this person today
}

// WorkDay is one day of one person: the duty and what has been reported.
type WorkDay struct {
	Day    roster.Day
	Duty   roster.Duty
	Times  roster.Times // zero unless the duty is due
	Asked  bool
	Report *ReportHead // nil when nothing was begun
}

// ReportHead is a report without its activities.
type ReportHead struct {
	Submitted   bool
	Version     int       // sendings so far
	SubmittedAt time.Time // the provider's time of the first sending
	Late        bool
	Code        string // short receipt code
	Minutes     int
	Activities  int
	Reviewed    bool // the superior has said something of the last sending
}

// Report is one person's report of one day.
type Report struct {
	Day      roster.Day
	Head     ReportHead
	Items    []parse.Item
	Obstacle string
	Extra    map[string]string // answers to the flow's own questions, by key
	Flow     string            // the version of the questions it was made with: "harian/1"
}

// Turn is everything one message needs, read under the lock of its conversation.
type Turn struct {
	Inbox   int64 // id of the message in the inbox
	Msg     bot.MsgIn
	Person  *Person   // nil: a chat we do not know
	Former  *Person   // who has left, when Person is nil
	Days    []WorkDay // today and a week back, newest first; empty for strangers
	Today   roster.Day
	Session Session
	Tap     *Tap   // the pressed button; nil when the message is no tap
	About   *About // what the quoted message asked, nil when none or not ours
	// Repeated are the questions of which the person may have seen a second copy
	// in the last ten minutes: after a crash between sending and settling.
	Repeated []About
	Now      time.Time
	// Attempts are the refused enrolments of a chat we do not know, in the last hour.
	Attempts int
	// Flood: the chat sends faster than it is read; this message is only answered
	// with a warning.
	Flood bool
}

// Tap is a pressed button of ours, looked up by its token.
type Tap struct {
	State  TapState
	Action Action
	Args   Args
}

// TapState says what became of the token.
type TapState string

// States of a token. Foreign and forged tokens are TapUnknown: the person
// learns nothing about others' buttons.
const (
	TapFresh   TapState = "fresh"
	TapUsed    TapState = "used"
	TapExpired TapState = "expired"
	TapUnknown TapState = "unknown"
)

// Args are a button's parameters, stored with its token and never sent out.
type Args struct {
	Day        roster.Day        `json:"day,omitzero"`
	Item       int               `json:"item,omitempty"`
	Employee   roster.EmployeeID `json:"employee,omitempty"`
	Escalation int64             `json:"escalation,omitempty"`
	Question   string            `json:"question,omitempty"`
	Value      string            `json:"value,omitempty"`
	Claim      int64             `json:"claim,omitempty"`
}

// About says which question of which day a message of ours asked.
type About struct {
	Day      roster.Day `json:"day,omitzero"`
	Question string     `json:"question,omitempty"`
	Item     int        `json:"item,omitempty"`
}

// Records answers what only some turns need. It reads inside the turn's transaction.
type Records interface {
	Personal
	Others
	Flows
	Results
}

// Personal is what is kept of the person who writes.
type Personal interface {
	Reports
	Plans
	OwnRecords
	Proofs
}

// Others is what is kept of those whom the person leads or meets.
type Others interface {
	People
	Readings
	Crowd
}

// Crowd is what superiors and holders of roles read of many people.
type Crowd interface {
	Leading
	Quiet
	Overseers
}

// Readings are reports as their readers have them.
type Readings interface {
	Reviews
	Beside
}

// Quiet is what is known of those who have not reported.
type Quiet interface {
	Ladders
	Clarifications
}

// Reports are a person's own.
type Reports interface {
	// Report is the person's report of a day with its activities; false when none.
	Report(ctx context.Context, id roster.EmployeeID, day roster.Day) (Report, bool, error)
	// LatestReport is the newest submitted report before a day; false when none.
	LatestReport(ctx context.Context, id roster.EmployeeID, before roster.Day) (Report, bool, error)
	// History is the person's days between two dates, newest first.
	History(ctx context.Context, id roster.EmployeeID, from, to roster.Day) ([]WorkDay, error)
	Phone
}

// People are those whom a turn may concern besides the one who writes.
type People interface {
	// Invite is an unused, unexpired invitation by its token; false when there is none.
	Invite(ctx context.Context, token string, now time.Time) (Invite, bool, error)
	// Silent are the members of an escalation that viewer received, with what is
	// known of them now; empty when viewer did not receive it.
	Silent(ctx context.Context, viewer roster.EmployeeID, escalation int64) ([]Silent, error)
}

// WeekScore is one stored weekly result.
type WeekScore struct {
	First, Last roster.Day
	Result      scoring.Result
}

// Invite is who or which OPD's group an invitation is for.
type Invite struct {
	Person *Person // with Phone, for the check of the shared contact
	OPD    string  // set for a group's invitation
	Hash   []byte  // what Link.Invite names
	Linked bool    // the person has a live chat already
}

// Silent is one person in a supervisor's digest, as of now.
type Silent struct {
	Person   Person
	Day      roster.Day
	InARow   int
	Reported bool   // has reported meanwhile
	Settled  bool   // not due any more (leave, sick, …)
	Action   string // what the supervisor already did: "", "nudge", or an absence kind
	Reached  bool   // has a live address
	// Contacted: somebody has spoken to the person and the ladder rests; AckDays are
	// the working days for which it would.
	Contacted bool
	AckDays   int
}

// Outcome is what one turn changes. Everything in it becomes true together or not at all.
type Outcome struct {
	Session Session
	Say     []Say
	// Toast answers a tap on the spot; it is not worth keeping.
	Toast string
	// Answer records the person's own words; nil when they answered nothing.
	Answer *Answer
	Report *ReportChange
	// Moved is the day whose draft became Report.Day's; its own draft goes.
	Moved  roster.Day
	Absent []AbsenceChange
	// Evidence is what changes about pictures, documents and places.
	Evidence *EvidenceChange
	// Presence is what the person said about a day that a machine contradicts.
	Presence *PresenceAnswer
	// Acted notes what a supervisor did about a member of an escalation.
	Acted []Acted
	// Contacted holds the ladder for people who were spoken to.
	Contacted []Contacted
	// Clarified is what a turn changes about missing reports that were asked about.
	Clarified *Clarified
	// Marks are a superior's verdicts; Unmark is the message whose verdicts are
	// taken back, 0 for none.
	Marks  []Mark
	Unmark int64
	Link   *Link
	// Refused: an invitation or a contact was refused after looking; it counts in
	// [Turn.Attempts].
	Refused bool
	// Own are changes of the person's own days and rights.
	Own Own
	// Lead are changes about reading, standing in, helping and crews; nil for most turns.
	Lead *Lead
	// SetLang changes the person's language; empty leaves it.
	SetLang string
	// Reach says that the chat blocked or unblocked us.
	Reach bot.Kind
	// Ignored: the message meant nothing to us (a group's chatter).
	Ignored bool
	Audit   []Audit
}

// Answer is one accepted message of a person.
type Answer struct {
	Day      roster.Day
	Question string
	Item     int
	Said     string
}

// ReportChange replaces the draft of a day, or sends it, or throws the draft away.
// Links say what the activities of a sending serve, one for each; none without a
// plan.
type ReportChange struct {
	Day      roster.Day
	Discard  bool // only the draft; a sent report stays as it was
	Submit   bool
	Late     bool
	At       time.Time // the provider's time of the sending
	Flow     string    // "harian/1"
	Links    []PlanLink
	Items    []parse.Item
	Obstacle string
	Extra    map[string]string
	Burden   Burden // of a sending; zero when it was not counted
}

// AbsenceChange marks days of a person as not worked (or field duty).
type AbsenceChange struct {
	Employee  roster.EmployeeID
	From, To  roster.Day
	Kind      roster.AbsenceKind
	Confirmed bool // by the supervisor; false: claimed by the person
	// Letter and Note are what the person added to a claim; Claim is its message,
	// Asks whom it was put to (0: nobody leads the person).
	Letter, Note string
	Claim        int64
	Asks         roster.EmployeeID
}

// Acted is a supervisor's tap on a member of an escalation.
type Acted struct {
	Escalation int64
	Employee   roster.EmployeeID
	Action     string
}

// Link binds a chat to a person, or a group to an OPD, and uses up the invitation.
type Link struct {
	Invite   []byte
	Employee roster.EmployeeID // 0: the group of the invitation's OPD
	Chat     bot.Address
}

// Audit is one line of the record of changes. Actor and subject are ids, never names.
type Audit struct {
	Actor, Action, Subject string
	// Why is the reason that was given, where one is asked for.
	Why string
}
