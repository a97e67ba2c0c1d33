package jobs

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// Candidate is a person with a live address who owes the report of a day and
// has not sent it.
type Candidate struct {
	Person    conversations.Person
	Day       roster.Day
	Reason    roster.Reason
	Short     bool
	Deadline  time.Time
	LateUntil time.Time
	Draft     bool // something is written already
	Recent    bool // there is a sent report of the seven days before
	Usual     []roster.Usual
}

// AskQuery chooses whom to ask.
type AskQuery struct {
	Now   time.Time
	Last  time.Duration // before the deadline, nobody is asked any more
	After roster.EmployeeID
	Limit int
}

// Asks are the rows of who has to be asked.
type Asks interface {
	// ToAsk are people whose time to be asked has come, in the order of their ids.
	ToAsk(ctx context.Context, q AskQuery) ([]Candidate, error)
	// Ask marks each message's person and day as asked and queues the messages of
	// those who were not marked before, in one transaction. It returns how many.
	Ask(ctx context.Context, now time.Time, says []conversations.Say) (int, error)
	// Unreachable counts people who would be asked now but have no live address, and
	// sets them aside: ToAsk need not look at them until they have one.
	Unreachable(ctx context.Context, q AskQuery) (int, error)
}

// ask asks everybody whose time has come, until shortly before the deadline.
type ask struct {
	Deps
	look glance
	away atomic.Int64 // who could not be reached at the last look
}

func (j *ask) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	q := AskQuery{Now: now, Last: j.Policy.LastAsk, Limit: chunk}
	if j.look.due(now) {
		away, err := j.Store.Unreachable(ctx, q)
		if err != nil {
			return res, err
		}
		j.away.Store(int64(away))
		j.look.done(now)
	}
	res.saw("unreachable", int(j.away.Load()))
	for {
		people, err := j.Store.ToAsk(ctx, q)
		if err != nil || len(people) == 0 {
			return res, err
		}
		says := make([]conversations.Say, len(people))
		for i, p := range people {
			says[i] = question(j.Words, p, now)
		}
		n, err := j.Store.Ask(ctx, now, says)
		res.did("asked", n)
		if err != nil || len(people) < q.Limit {
			return res, err
		}
		q.After = people[len(people)-1].Person.ID
	}
}

// question is the message that asks for a day.
func question(words *conversations.Words, c Candidate, now time.Time) conversations.Say {
	return conversations.Say{
		Key: fmt.Sprintf("ask/%s/%d", c.Day, c.Person.ID), Kind: conversations.KindAsk, Employee: c.Person.ID,
		Msg:   words.To(c.Person).Question(c.notice(now, c.Deadline)),
		About: conversations.About{Day: c.Day, Question: activities},
		Guard: conversations.GuardUnreported, ExpiresAt: c.Deadline,
	}
}

// activities is the question that a free answer to these messages belongs to.
const activities = "activities"

func (c Candidate) notice(now, until time.Time) conversations.Notice {
	return conversations.Notice{
		Person: c.Person, Day: c.Day, Reason: c.Reason, Short: c.Short, Draft: c.Draft, Same: c.Recent, Usual: c.Usual,
		Now: now, Until: until,
	}
}
