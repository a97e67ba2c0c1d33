package bot

import (
	"errors"
	"fmt"
	"time"
)

// Outcome is how a failed send may be followed up; adapters decide it, nobody
// else reads a network's error texts.
type Outcome string

// The closed set of outcomes.
const (
	// Retry: surely not sent (refused connection, 5xx with a body); try again later.
	Retry Outcome = "retry"
	// Throttled: surely not sent; the whole account must rest for RetryAfter.
	Throttled Outcome = "throttled"
	// Unclear: it may have been sent (timeout after the request was written).
	Unclear Outcome = "unclear"
	// Blocked: the person blocked us or the account is gone; stop writing there.
	Blocked Outcome = "blocked"
	// Moved: the group has another id now (MovedTo).
	Moved Outcome = "moved"
	// Final: the network refuses this message for good.
	Final Outcome = "final"
)

// SendError says how a send failed and what may be done.
type SendError struct {
	Outcome    Outcome
	RetryAfter time.Duration // with Throttled
	MovedTo    string        // with Moved
	Code       int           // the network's code, 0 if there was none
	Err        error         // never contains the bot's token
}

func (e *SendError) Error() string {
	return fmt.Sprintf("send: %s (code %d): %v", e.Outcome, e.Code, e.Err)
}

func (e *SendError) Unwrap() error { return e.Err }

// OutcomeOf classifies any error of [Channel.Send]; an unknown error is Unclear.
func OutcomeOf(err error) *SendError {
	if se, ok := errors.AsType[*SendError](err); ok {
		return se
	}
	return &SendError{Outcome: Unclear, Err: err}
}

// ErrNoFile says that a file which came with a message cannot be had from its
// network, now or later.
var ErrNoFile = errors.New("the network has no such file")
