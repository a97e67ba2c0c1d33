package conversations

import (
	"context"
	"slices"
	"strings"

	"ekinerja/bot"
	"ekinerja/conversations/parse"
)

// Words answer what their writer has read. People type the next line, or the same
// one again, before the question that comes next is on their telephone; such words
// belong to what came before it:
//
//	the same figures again      answer nothing more
//	activities with a name      are further activities
//	other figures               are asked back: the question before, or this one?
//
// The numbers of the messages tell, where the network's have an order; where
// they do not, two clocks must do ([turn.echo], [turn.continues]).

// Phone is what is known of a person's telephone.
type Phone interface {
	// Arrival tells how a question of ours came to a chat.
	Arrival(ctx context.Context, chat bot.Address, a About) (Arrival, error)
}

// Arrival is how far the copies of one question have come.
type Arrival struct {
	Numbers  []string // of the messages in the chat
	Waits    bool     // a copy waits to be sent, and surely is not on the telephone
	Doubtful bool     // a copy may be on the telephone under a number that we do not know
}

// sight is whether the open question could be read when the words were written.
type sight int

const (
	read     sight = iota // it could, or nothing tells that it could not
	underway              // it was being sent
	unread                // it could not
)

// sight compares the number of what was written with those of the question.
func (a Arrival) sight(n bot.Network, number string) sight {
	switch {
	case a.Doubtful:
		return underway
	case !a.Waits && len(a.Numbers) == 0:
		return read
	}
	later := func(of string) bool {
		earlier, ok := bot.Earlier(n, number, of)
		return !ok || !earlier
	}
	if slices.ContainsFunc(a.Numbers, later) {
		return read
	}
	return unread
}

// glance finds out whether the open question could be read, for the few words
// whose meaning depends on it.
func (t *turn) glance(ctx context.Context, r parse.Reading) error {
	s := &t.out.Session
	asked := s.Stage == StageField || s.Stage == StageObstacle
	switch {
	case !asked || t.Msg.MessageID == "":
		return nil
	case t.About != nil && !t.aboutSaid():
		return nil
	case s.Said != "" && len(r.Items) > 0:
	case named(r) && (s.Stage == StageObstacle || !t.continues(r)):
	default:
		return nil
	}
	a, err := t.rec.Arrival(ctx, t.Msg.From, t.openQuestion())
	t.sight = a.sight(t.Msg.From.Network, t.Msg.MessageID)
	return err
}

// aboutSaid reports whether the quoted question is the one that was answered last.
func (t *turn) aboutSaid() bool {
	s := &t.out.Session
	return s.Said != "" && t.About.Day == s.Day && t.About.Question == string(StageField) && t.About.Item == s.SaidTo
}

// requoted reports whether the same words quote the same question again, while
// the next one could not be read yet.
func (t *turn) requoted(text string) bool {
	s := &t.out.Session
	return t.About != nil && t.sight == unread && t.aboutSaid() && *t.About != t.openQuestion() && same(text, s.Said)
}

// heardAgain deals with words that were understood when they came first. The
// question that followed is put once more, unless it surely is still to be seen.
func (t *turn) heardAgain(text string) error {
	if t.sight != unread {
		return t.advance()
	}
	s := &t.out.Session
	t.out.Answer = &Answer{Day: s.Day, Question: string(StageField), Item: max(s.whose(s.SaidTo), 0), Said: text}
	return nil
}

// openQuestion is how messages of ours name the question that is open.
func (t *turn) openQuestion() About {
	s := &t.out.Session
	a := About{Day: s.Day, Question: string(s.Stage)}
	if s.Stage == StageField {
		a.Item = s.place(s.Item)
	}
	return a
}

// before is the question that figures answer which were written before the open
// one could be read; nil when that is no other one, or when they only say again
// what answered it.
func (t *turn) before(text string, r parse.Reading) *About {
	s := &t.out.Session
	if t.sight != unread || !figures(r) || s.whose(s.SaidTo) < 0 || t.echo(text, r) {
		return nil
	}
	return &About{Day: s.Day, Question: string(StageField), Item: s.SaidTo}
}

// same words are the same answer, however they are spaced.
func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// figures reports whether the words are measures without any activity.
func figures(r parse.Reading) bool {
	return len(r.Items) > 0 && !slices.ContainsFunc(r.Items, func(i parse.Item) bool { return i.Description != "" })
}

// named reports whether each of the words' activities has a description.
func named(r parse.Reading) bool {
	return len(r.Items) > 0 && !slices.ContainsFunc(r.Items, func(i parse.Item) bool { return i.Description == "" })
}
