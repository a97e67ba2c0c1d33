package jobs

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// DelegationTurn is a stand-in whose days begin, end, or are overruled by a decree.
type DelegationTurn struct {
	conversations.Delegation

	How         conversations.DelegationTurn
	Begun       bool // it was running before
	Done, Waits int  // reports that were read, and that wait
}

// Leads are the rows of those who act for others or help them.
type Leads interface {
	Delegations
	Blockers
}

// Delegations are the rows of who stands in for whom.
type Delegations interface {
	// TurnDelegations begins and ends what the day says, and queues what say makes
	// of each turn in the same transaction. It tells how many turned.
	TurnDelegations(ctx context.Context, now time.Time, day roster.Day, say func(DelegationTurn) []conversations.Say) (int, error)
}

// delegate begins and ends stand-ins that superiors have named. It runs before
// everything that speaks to superiors.
type delegate struct{ Deps }

func (j delegate) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	n, err := j.Store.TurnDelegations(ctx, now, today(now), func(t DelegationTurn) []conversations.Say { return j.says(t, now) })
	res.did("stand_ins", n)
	return res, err
}

// says are the messages of one turn; they wait for the end of the quiet hours. One
// that never began ends without a word.
func (j delegate) says(t DelegationTurn, now time.Time) []conversations.Say {
	say := func(to conversations.Person, m conversations.Message) conversations.Say {
		return conversations.Say{
			Key: fmt.Sprintf("delegation/%d/%s/%d", t.ID, t.How, to.ID), Kind: conversations.KindNotice, Employee: to.ID, Msg: m,
			NotBefore: j.morning(now),
		}
	}
	stands, superior := j.Words.To(t.Stands), j.Words.To(t.Superior)
	switch {
	case t.How == conversations.DelegationBegins:
		return []conversations.Say{say(t.Stands, stands.StandInBegins(t.Delegation, t.Waits))}
	case !t.Begun && t.How == conversations.DelegationOver:
		return nil
	}
	return []conversations.Say{
		say(t.Superior, superior.StandInEnds(t.Delegation, t.How, t.Done, t.Waits)),
		say(t.Stands, stands.StandInThanks(t.Delegation, t.How)),
	}
}

// morning is the first moment from now on at which superiors may be told anything.
func (j delegate) morning(now time.Time) time.Time {
	if at := today(now).At(j.Policy.Reading.From, j.Loc); now.Before(at) {
		return at
	}
	return j.Policy.Quiet.Over(now)
}
