package jobs

import (
	"ekinerja/conversations"
	"ekinerja/roster"
)

// ClarifyPolicy is when missing reports are asked about, and how many working days
// each step waits.
type ClarifyPolicy struct {
	On        bool
	At, Until roster.Clock
	// Days without a report within Window working days begin it.
	Days, Window int
	// Answer is for the person, Decide for the superior, Draft for the personnel
	// office before a draft is prepared.
	Answer, Decide, Draft int
}

// Clarification is one that is not settled yet.
type Clarification struct {
	ID     int64
	Person conversations.Person
	OPD    string
	Post   string
	Number string       // staff number, for the draft
	Missed []roster.Day // days without a report when it began
	Still  int          // of them, how many are due and without a report today
	State  ClarifyState
	Since  roster.Day // first day of the state
	// Explained: the person has said something, Kind and Said.
	Explained  bool
	Kind, Said string
	Reminded   bool
	Holder     conversations.Person // in review: who has to read it
	Level      int                  // how often it went up
}

// ClarifyState is where a clarification stands; the drawing is in [clarify].
type ClarifyState string

// The states.
const (
	ClarifyAsked     ClarifyState = "asked"     // the person was asked
	ClarifyExplained ClarifyState = "explained" // and has answered
	ClarifyReview    ClarifyState = "review"    // a superior has it
	ClarifyCare      ClarifyState = "care"      // the personnel office has it, to help
	ClarifyForwarded ClarifyState = "forwarded" // the personnel office will get a draft
	ClarifyDrafted   ClarifyState = "drafted"   // and has it; a person decides
	ClarifyAccepted  ClarifyState = "accepted"
	ClarifyClosed    ClarifyState = "closed"
	ClarifyVoid      ClarifyState = "void" // the days were excused
)

// clarifyMove is what the clock does with a clarification.
type clarifyMove string

const (
	clarifyWaits   clarifyMove = ""
	clarifyReminds clarifyMove = "reminded"
	clarifyReviews clarifyMove = "review"
	clarifyCares   clarifyMove = "care"
	clarifyRaises  clarifyMove = "raised"
	clarifyLapses  clarifyMove = "accepted" // nobody read the explanation in time
	clarifyPasses  clarifyMove = "forwarded"
	clarifyDrafts  clarifyMove = "drafted"
	clarifyVoids   clarifyMove = "void"
)

// next is the move that is due on a day. waited are the working days since the state
// began. Nobody is worse off for a superior who does not read: an explanation that
// nobody read in time is accepted, and only without any the personnel office is asked
// to look. The clock never gets further than a draft.
func (p ClarifyPolicy) next(c Clarification, waited int) clarifyMove {
	if c.Still < p.Days && c.State != ClarifyCare && c.State != ClarifyDrafted {
		return clarifyVoids
	}
	switch c.State {
	case ClarifyAsked:
		switch {
		case waited > p.Answer:
			return clarifyReviews
		case waited == p.Answer && !c.Reminded:
			return clarifyReminds
		}
	case ClarifyExplained:
		if c.Kind == conversations.ExplainCounselling || c.Kind == conversations.ExplainSystem {
			return clarifyCares
		}
		return clarifyReviews
	case ClarifyReview:
		switch {
		case waited <= p.Decide:
		case c.Level == 0:
			return clarifyRaises
		case c.Explained:
			return clarifyLapses
		default:
			return clarifyPasses
		}
	case ClarifyForwarded:
		if waited >= p.Draft {
			return clarifyDrafts
		}
	case ClarifyCare, ClarifyDrafted, ClarifyAccepted, ClarifyClosed, ClarifyVoid: // people decide
	}
	return clarifyWaits
}
