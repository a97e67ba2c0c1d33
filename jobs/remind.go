package jobs

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// RemindQuery chooses whom to remind: people who owe a report, with fewer
// reminders than Step, whose moment (Before the anchor) has come and whose
// anchor has not. The anchor is the deadline, or late_until when Late. Who was
// asked only after that moment needs no reminder.
type RemindQuery struct {
	Step   int
	Before time.Duration
	Late   bool
	Now    time.Time
	After  roster.EmployeeID
	Limit  int
}

// Reminders are the rows of who has to be reminded.
type Reminders interface {
	// ToRemind are people to be reminded, in the order of their ids.
	ToRemind(ctx context.Context, q RemindQuery) ([]Candidate, error)
	// Remind notes the step for each message's person and day and queues the
	// messages of those who had fewer, in one transaction. It returns how many.
	Remind(ctx context.Context, now time.Time, step int, says []conversations.Say) (int, error)
}

// remind reminds the silent, by the steps of the policy.
type remind struct{ Deps }

// run goes from the newest step to the oldest: whoever gets the newest has had
// the ones before it, sent or not.
func (j remind) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	if j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	for step := len(j.Policy.Remind); step > 0; step-- {
		n, err := j.step(ctx, now, step)
		res.did("reminded", n)
		if err != nil {
			return res, err
		}
	}
	return res, nil
}

func (j remind) step(ctx context.Context, now time.Time, step int) (int, error) {
	s := j.Policy.Remind[step-1]
	q := RemindQuery{Step: step, Before: s.BeforeDeadline, Now: now, Limit: chunk}
	if s.NextMorning != 0 {
		q.Before, q.Late = span(j.Policy.Hours.LateUntil-s.NextMorning), true
	}
	sum := 0
	for {
		people, err := j.Store.ToRemind(ctx, q)
		if err != nil || len(people) == 0 {
			return sum, err
		}
		says := make([]conversations.Say, len(people))
		for i, p := range people {
			says[i] = reminder(j.Words, p, step, s, now)
		}
		n, err := j.Store.Remind(ctx, now, step, says)
		sum += n
		if err != nil || len(people) < q.Limit {
			return sum, err
		}
		q.After = people[len(people)-1].Person.ID
	}
}

func span(c roster.Clock) time.Duration { return time.Duration(c) * time.Minute }

func reminder(words *conversations.Words, c Candidate, n int, s Step, now time.Time) conversations.Say {
	until := c.Deadline
	if s.NextMorning != 0 {
		until = c.LateUntil
	}
	return conversations.Say{
		Key: fmt.Sprintf("remind/%s/%d/%d", c.Day, c.Person.ID, n), Kind: conversations.KindRemind, Employee: c.Person.ID,
		Msg:   words.To(c.Person).Reminder(s.Wording, c.notice(now, until)),
		About: conversations.About{Day: c.Day, Question: activities},
		Guard: conversations.GuardUnreported, ExpiresAt: until,
	}
}
