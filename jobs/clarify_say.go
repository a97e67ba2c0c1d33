package jobs

import (
	"errors"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// clarifyDay is the moment of a step with its calendar.
type clarifyDay struct {
	now time.Time
	l   ladder
}

// errNobodyThere says that a step has to wait: nobody it turns to has a chat.
var errNobodyThere = errors.New("nobody of the personnel office can be reached")

// step is what a move changes and who hears of it.
func (j clarify) step(c Clarification, move clarifyMove, command Command, at clarifyDay) (ClarifyChange, []conversations.Say, error) {
	change := ClarifyChange{ID: c.ID, Person: c.Person.ID, Move: string(move)}
	day := today(at.now)
	switch move {
	case clarifyReviews, clarifyRaises:
		to := readers(c, command, day)
		if len(to) == 0 { // nobody is above: people of the personnel office look
			change.Move = string(clarifyPasses)
			if move == clarifyRaises && c.Explained {
				change.Move = string(clarifyLapses)
			}
			return change, j.told(c, change.Move, at), nil
		}
		change.Holder = to[0]
		return change, append(j.told(c, change.Move, at), j.reader(c, command.Heads[to[0]], move == clarifyRaises, at)), nil
	case clarifyCares, clarifyDrafts:
		var says []conversations.Say
		for _, id := range command.holders(roster.HR, command.Places[c.Person.ID]) {
			if !command.Live[id] || id == c.Person.ID {
				continue
			}
			say, err := j.office(c, command.Heads[id], move, at)
			if err != nil {
				return change, nil, err
			}
			says = append(says, say)
		}
		if len(says) == 0 {
			return change, nil, errNobodyThere
		}
		return change, says, nil
	case clarifyReminds, clarifyLapses, clarifyPasses, clarifyVoids, clarifyWaits:
	}
	return change, j.told(c, change.Move, at), nil
}

// readers are the superiors who may read it next, nearest first, with a chat.
func readers(c Clarification, command Command, day roster.Day) (to []roster.EmployeeID) {
	chain := command.index.Chain(c.Person.ID, day, command.active)
	for i, id := range chain {
		if id == c.Holder.ID {
			chain, to = chain[i+1:], nil
			break
		}
	}
	for _, id := range chain {
		if command.Live[id] {
			to = append(to, id)
		}
	}
	return to
}

// told is what the person hears of a step.
func (j clarify) told(c Clarification, move string, at clarifyDay) []conversations.Say {
	n := conversations.ClarifyAsk{To: c.Person, Missed: c.Missed, Until: at.l.forth(c.Since, j.Policy.Clarify.Answer), Now: at.now, Explained: c.Explained}
	m, ok := j.Words.To(c.Person).ClarifyNews(c.ID, move, n)
	if !ok {
		return nil
	}
	return []conversations.Say{{
		Key: fmt.Sprintf("clarify/%d/%s", c.ID, move), Kind: conversations.KindNotice, Employee: c.Person.ID, Msg: m,
	}}
}

// reader is what a superior reads.
func (j clarify) reader(c Clarification, to conversations.Person, up bool, at clarifyDay) conversations.Say {
	return conversations.Say{
		Key: fmt.Sprintf("clarify/%d/read/%d/%t", c.ID, to.ID, c.Explained), Kind: conversations.KindNotice, Employee: to.ID,
		Msg: j.Words.To(to).Explanation(conversations.ExplanationNotice{
			ID: c.ID, To: to, Of: c.Person, Missed: c.Missed, Kind: c.Kind, Said: c.Said,
			Until: at.l.forth(today(at.now), j.Policy.Clarify.Decide), Up: up, Before: c.Holder.Name,
		}),
	}
}

// office is what somebody of the personnel office gets: a request for help, or a
// draft of a letter that is theirs to send or not.
func (j clarify) office(c Clarification, to conversations.Person, move clarifyMove, at clarifyDay) (conversations.Say, error) {
	say := conversations.Say{Key: fmt.Sprintf("clarify/%d/%s/%d", c.ID, move, to.ID), Kind: conversations.KindNotice, Employee: to.ID}
	words := j.Words.To(to)
	if move == clarifyCares {
		say.Msg = words.ClarifyHelp(c.ID, to, c.Person, c.Kind)
		return say, nil
	}
	var err error
	say.Msg, err = words.SummonsDraft(conversations.Summons{
		ID: c.ID, To: to, Of: c.Person, Number: c.Number, Post: c.Post, OPD: c.OPD, Missed: c.Missed, Kind: c.Kind, Said: c.Said,
		Letter: j.Words.In("id"), Now: at.now,
	})
	return say, err
}
