package jobs

import (
	"context"
	"fmt"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

// numberDays is how long somebody has to share the number that the roster has
// now. Until then nothing changes: whoever still holds the telephone is asked as
// before.
const numberDays = 7

// EndingChat is a live chat that does not fit the roster any more.
type EndingChat struct {
	Address int64 // the row
	Chat    bot.Address
	Person  conversations.Person
	Left    bool // the person has left; else the number is another now
}

// Lives are the rows of chats and whose they are.
type Lives interface {
	// ChatsToEnd are live chats that were not told yet that they do not fit.
	ChatsToEnd(ctx context.Context, limit int) ([]EndingChat, error)
	// TellEnd notes that chats were told and queues the messages of those that
	// were not noted before, in one transaction. It returns how many.
	TellEnd(ctx context.Context, now time.Time, chats []EndingChat, say func(EndingChat) conversations.Say) (int, error)
	// CloseUnconfirmed closes chats that were told of another number before a
	// moment and have not shared it, and queues the messages. It returns how many.
	CloseUnconfirmed(ctx context.Context, now, before time.Time, say func(EndingChat) conversations.Say) (int, error)
}

// life tells a chat that its person has left, or that their number changed.
type life struct{ Deps }

// run looks every ten minutes of the office's day: nobody is told at night.
func (j life) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	if c := clockOf(now); c < roster.At24(8, 0) || c >= roster.At24(17, 0) || now.Minute()%10 != 0 {
		return res, nil
	}
	n, err := j.Store.CloseUnconfirmed(ctx, now, now.AddDate(0, 0, -numberDays), func(c EndingChat) conversations.Say {
		return lifeSay("unconfirmed", c, j.Words.To(c.Person).NumberUnconfirmed(c.Person))
	})
	res.did("closed", n)
	if err != nil {
		return res, err
	}
	chats, err := j.Store.ChatsToEnd(ctx, chunk)
	if err != nil || len(chats) == 0 {
		return res, err
	}
	n, err = j.Store.TellEnd(ctx, now, chats, func(c EndingChat) conversations.Say {
		say := j.Words.To(c.Person)
		if c.Left {
			return lifeSay("left", c, say.Farewell(c.Person))
		}
		return lifeSay("number", c, say.NumberChanged(c.Person, numberDays))
	})
	res.did("told", n)
	return res, err
}

// lifeSay goes to the chat itself, whosever it is by now.
func lifeSay(what string, c EndingChat, m conversations.Message) conversations.Say {
	return conversations.Say{
		Key: fmt.Sprintf("%s/%d/%s", what, c.Address, c.Person.Phone), Kind: conversations.KindNotice, To: c.Chat, Msg: m,
	}
}
