package fakegram

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"
)

// Errors of what a person tries; errors.Is finds them.
var (
	ErrNoMessage = errors.New("no such message in this chat")
	ErrNoButton  = errors.New("no such button under this message")
	ErrTooLong   = errors.New("text is longer than 4096 UTF-16 units")
	ErrEmpty     = errors.New("text is empty")
	ErrBlocking  = errors.New("the person blocks the bot")
	ErrNotMine   = errors.New("the message is not the person's own")
	ErrNoUpdate  = errors.New("no such update, or it is too old")
	ErrClosed    = errors.New("the account is deleted or the group has moved")
)

// apiError is an answer other than "ok".
type apiError struct {
	code        int
	description string
	retryAfter  int // seconds
	migrateTo   int64
	violation   bool // a careful bot never gets this answer
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s", e.code, e.description) }

// errCut closes the connection without an answer.
var errCut = errors.New("connection cut")

var (
	errChatNotFound  = badRequest("chat not found")
	errBlockedByUser = forbidden("bot was blocked by the user")
	errDeactivated   = forbidden("user is deactivated")
	errNotStarted    = forbidden("bot can't initiate conversation with a user")
	errNotMember     = forbidden("bot is not a member of the group chat")
	errKicked        = forbidden("bot was kicked from the group chat")
	errUnauthorized  = &apiError{code: http.StatusUnauthorized, description: "Unauthorized"}
)

// badRequest is a refusal that depends on the state of a chat.
func badRequest(why string) error {
	return &apiError{code: http.StatusBadRequest, description: "Bad Request: " + why}
}

// breach is a refusal that only a careless bot gets: it counts as a violation.
func breach(why string) error {
	return &apiError{code: http.StatusBadRequest, description: "Bad Request: " + why, violation: true}
}

func forbidden(why string) error {
	return &apiError{code: http.StatusForbidden, description: "Forbidden: " + why}
}

func conflict(why string) error {
	return &apiError{code: http.StatusConflict, description: "Conflict: " + why}
}

func notFound(why string) error {
	return &apiError{code: http.StatusNotFound, description: "Not Found" + why, violation: true}
}

// tooMany rounds up to whole seconds, which is all the Bot API can say.
func tooMany(wait time.Duration) error {
	seconds := max(1, int(math.Ceil(wait.Seconds())))
	return &apiError{
		code: http.StatusTooManyRequests, retryAfter: seconds,
		description: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
	}
}

func migrated(to int64) error {
	return &apiError{
		code: http.StatusBadRequest, migrateTo: to,
		description: "Bad Request: group chat was upgraded to a supergroup chat",
	}
}
