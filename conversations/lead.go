package conversations

import (
	"context"

	"ekinerja/roster"
)

// Lead is what a turn changes about reading, standing in, helping and crews.
type Lead struct {
	// Sampled are reports that were shown whole beside a list.
	Sampled []Sampled
	// Delegated is a stand-in that the person has named; Undelegated ends one.
	Delegated   *NewDelegation
	Undelegated *Undelegated
	// Blocked is an obstacle that goes to somebody; Moved a step on its way.
	Blocked *NewBlocker
	Moved   *BlockerStep
	// Crew are the reports that a foreman sends for a crew.
	Crew *CrewReport
	// Contested is a word against what was noted; Settled decides about one.
	Contested *NewContest
	Settled   *ContestSettled
}

// lead is the turn's changes of that kind, begun when there are none.
func (t *turn) lead() *Lead {
	if t.out.Lead == nil {
		t.out.Lead = &Lead{}
	}
	return t.out.Lead
}

// Leading is what superiors, helpers and foremen read of others.
type Leading interface {
	Delegates
	Helpers
	Crews
	Contests
}

// tappedLead handles their buttons; false leaves the button to others.
func (t *turn) tappedLead(ctx context.Context, action Action, a Args) (bool, error) {
	switch action {
	case ActDelegate:
		return true, t.tappedDelegate(ctx, a)
	case ActHelp, ActBlocker:
		return true, t.tappedBlocker(ctx, action, a)
	case ActCrew:
		return true, t.tappedCrew(ctx, a)
	case ActContest:
		return true, t.tappedContest(ctx, a)
	case ActRecord:
		return true, t.tappedRecord(ctx, a)
	default:
		return false, nil
	}
}

// besideLead hears words that answer their side dialogues; false leaves them to
// other dialogues.
func (t *turn) besideLead(ctx context.Context, s *Side, text string) (handled, ours bool, err error) {
	switch s.Kind {
	case SideDelegate:
		handled, err = t.delegateWords(ctx, text)
	case SideBlocker:
		handled, err = true, t.blockerWords(ctx, text)
	case SideCrew:
		handled, err = t.crewWords(ctx, text)
	case SideContest:
		handled, err = t.contestWords(ctx, text)
	case SideRecord:
		handled, err = t.recordWords(ctx, text)
	default:
		return false, false, nil
	}
	return handled, true, err
}

// The side dialogues of those who lead, help or report for others.
const (
	SideDelegate SideKind = "delegate" // who stands in, and when
	SideBlocker  SideKind = "blocker"  // why an obstacle is not ours
	SideCrew     SideKind = "crew"     // what the crew did
	SideContest  SideKind = "contest"  // what is wrong with what was noted
	SideRecord   SideKind = "record"   // who of the staff is away, and when
)

// tell queues a notice to somebody, once for this message and key.
func (t *turn) tell(p Person, key string, m Message) {
	t.queue(Say{Key: key, Kind: KindNotice, Employee: p.ID, Msg: m})
}

// LeadSide is what a dialogue of those who lead keeps while it runs.
type LeadSide struct {
	Employee roster.EmployeeID `json:"employee,omitempty"`
	Crew     *CrewDraft        `json:"crew,omitempty"`
}
