package jobs

import (
	"context"
	"time"

	"ekinerja/bot"
	"ekinerja/conversations"
	"ekinerja/roster"
)

// closeFor is how long after a deadline its drafts are still looked for: what a
// downtime missed is made good, before the morning's digest.
const closeFor = 11 * time.Hour

// Draft is a report that is written and not sent.
type Draft struct {
	Chat bot.Address
	Day  roster.Day
}

// Drafts are the rows of what was written and not sent.
type Drafts interface {
	// UnsentDrafts are drafts whose deadline lies after since and not after now,
	// of people with a live address, and whose conversation was not told yet.
	UnsentDrafts(ctx context.Context, since, now time.Time, limit int) ([]Draft, error)
	// Tell puts messages in the inbox, each once for ever.
	Tell(ctx context.Context, now time.Time, in []bot.MsgIn) error
}

// closing tells the conversations with a draft that its deadline has come; what
// that means is decided there, in the order of the person's own messages.
type closing struct{ Deps }

func (j closing) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	drafts, err := j.Store.UnsentDrafts(ctx, now.Add(-closeFor), now, chunk)
	if err != nil || len(drafts) == 0 {
		return res, err
	}
	in := make([]bot.MsgIn, len(drafts))
	for i, d := range drafts {
		in[i] = conversations.CloseDraft(d.Chat, d.Day)
		in[i].At = now
	}
	if err := j.Store.Tell(ctx, now, in); err != nil {
		return res, err
	}
	res.did("told", len(in))
	return res, nil
}
