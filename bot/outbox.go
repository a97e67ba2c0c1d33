package bot

import (
	"context"
	"time"
)

// Claimed is a row of the outbox that this process alone may send now.
type Claimed struct {
	ID int64
	// Attempt counts the claims of the row, this one included. It is the fence:
	// a settlement with an older attempt changes nothing.
	Attempt int
	// Untried is how many earlier claims made no try of their own (they were
	// settled with [Settlement.Untried]). An outbox that does not count them
	// leaves it 0; the row then gives up a little sooner.
	Untried  int
	Priority Priority
	Msg      MsgOut
	// Key is the row's own name, and Inbox the row of the inbox that it answers,
	// 0 for none: made of ids alone, for the log.
	Key   string
	Inbox int64
}

// Settled is the state in which a claim leaves its row.
type Settled string

// The states a sender can settle. The outbox knows more of its own.
const (
	// SettledSent: the network confirmed it.
	SettledSent Settled = "sent"
	// SettledPending: surely not sent; claim it again from NotBefore on. With
	// MovedTo, write to that chat from now on.
	SettledPending Settled = "pending"
	// SettledUnclear: it may have been sent; the outbox decides what that means.
	SettledUnclear Settled = "unclear"
	// SettledFailed: it will never be sent; Outcome says why. With [Blocked]
	// the address is dead.
	SettledFailed Settled = "failed"
)

// Settlement is how one claim ended.
type Settlement struct {
	ID        int64
	Attempt   int
	State     Settled
	To        Address // the chat of the message
	MessageID string  // with SettledSent: the provider's id
	NotBefore time.Time
	// Untried says that the network was not asked, or refused for reasons that
	// are not the row's own; it must not count against the row.
	Untried bool
	Outcome Outcome // empty when sent
	Code    int     // the network's code, 0 if there was none
	MovedTo string  // the chat's new id, with SettledPending
}

// Outbox holds what must be sent.
type Outbox interface {
	// Claim gives up to limit rows that are due and whose reason still holds,
	// the most urgent first, leased to the caller. Of one chat at most one row
	// is claimed at a time. The lease must outlast [Sender.Hold] and the send's
	// timeout together: 20 s do with the defaults.
	Claim(ctx context.Context, now time.Time, limit int) ([]Claimed, error)
	// Settle records results, fenced by ID and Attempt. It may be called again
	// with the same settlements after an error.
	Settle(ctx context.Context, now time.Time, s []Settlement) error
}
