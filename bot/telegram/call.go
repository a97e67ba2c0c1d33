package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"ekinerja/bot"
)

// maxAnswer bounds what we read of one answer: 100 updates fit many times over.
const maxAnswer = 16 << 20

// refusedRest is how long the account rests after a 401 or 404: the token is
// wrong or revoked, which is no fault of the message, and a person must act.
const refusedRest = time.Minute

// throttledRest is taken when a 429 does not say how long.
const throttledRest = 5 * time.Second

// ErrToken says that Telegram does not know the token (any more).
var ErrToken = errors.New("telegram refuses the bot's token")

// ErrConflict says that another program, or a webhook, takes the updates of this bot.
var ErrConflict = errors.New("another program takes this bot's updates")

// envelope is what every answer of the Bot API is wrapped in.
type envelope struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// body is the content of one request.
type body struct {
	kind string
	data []byte
}

func jsonBody(params any) (body, error) {
	if params == nil {
		params = struct{}{}
	}
	data, err := json.Marshal(params)
	if err != nil {
		return body{}, fmt.Errorf("encode parameters: %w", err)
	}
	return body{kind: "application/json", data: data}, nil
}

// call makes one call within the timeout and decodes its result into dest
// (nil to ignore it). Every error is a *bot.SendError and free of the token.
func (a *Adapter) call(ctx context.Context, method string, params, dest any) error {
	b, err := jsonBody(params)
	if err != nil {
		return &bot.SendError{Outcome: bot.Final, Err: err}
	}
	return a.callBody(ctx, method, b, dest)
}

func (a *Adapter) callBody(ctx context.Context, method string, b body, dest any) error {
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	return a.post(ctx, method, b, dest)
}

// post tries once; the deadline is the caller's.
//
// Whether the request may have reached Telegram is known by the trace: when a
// connection was looked for and no headers were written, nothing has left;
// otherwise, or with a transport that does not trace, nobody can tell.
func (a *Adapter) post(ctx context.Context, method string, b body, dest any) error {
	var sought, wrote atomic.Bool
	trace := &httptrace.ClientTrace{
		GetConn:      func(string) { sought.Store(true) },
		WroteHeaders: func() { wrote.Store(true) },
	}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodPost,
		a.base+"/bot"+a.cfg.Token.Reveal()+"/"+method, bytes.NewReader(b.data))
	if err != nil {
		return &bot.SendError{Outcome: bot.Final, Err: a.redact(err)}
	}
	req.Header.Set("Content-Type", b.kind)
	resp, err := a.http.Do(req)
	if err != nil {
		return &bot.SendError{Outcome: lost(sought.Load() && !wrote.Load()), Err: a.redact(err)}
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return &bot.SendError{Outcome: bot.Unclear, Code: resp.StatusCode, Err: a.redact(err)}
	}
	return a.understand(resp, data, dest)
}

func lost(unsent bool) bot.Outcome {
	if unsent {
		return bot.Retry
	}
	return bot.Unclear
}

// understand reads one complete answer. Without an envelope it came from
// something on the way, which may or may not have passed the request on.
func (a *Adapter) understand(resp *http.Response, data []byte, dest any) error {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil || (!e.OK && e.Code == 0) {
		if resp.StatusCode == http.StatusTooManyRequests {
			return &bot.SendError{
				Outcome: bot.Throttled, Code: resp.StatusCode, RetryAfter: retryAfter(resp.Header.Get("Retry-After")),
				Err: errors.New("too many requests"),
			}
		}
		return &bot.SendError{Outcome: bot.Unclear, Code: resp.StatusCode, Err: errors.New("answer is not of the bot api")}
	}
	if !e.OK {
		return a.refusal(e)
	}
	if dest == nil {
		return nil
	}
	if err := json.Unmarshal(e.Result, dest); err != nil {
		return &bot.SendError{Outcome: bot.Unclear, Code: resp.StatusCode, Err: fmt.Errorf("decode result: %w", a.redact(err))}
	}
	return nil
}

func retryAfter(header string) time.Duration {
	if s, err := strconv.Atoi(header); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	return throttledRest
}

// refusal sorts an error answer into what may be done about it. Telegram gives
// no machine-readable reason below the code, so the descriptions are matched
// here and nowhere else.
func (a *Adapter) refusal(e envelope) *bot.SendError {
	se := &bot.SendError{Code: e.Code, Err: a.redact(errors.New(e.Description))}
	what := strings.ToLower(e.Description)
	switch {
	case e.Code == http.StatusTooManyRequests:
		se.Outcome, se.RetryAfter = bot.Throttled, throttledRest
		if e.Parameters.RetryAfter > 0 {
			se.RetryAfter = time.Duration(e.Parameters.RetryAfter) * time.Second
		}
	case e.Code == http.StatusUnauthorized, e.Code == http.StatusNotFound:
		se.Outcome, se.RetryAfter = bot.Throttled, refusedRest
		se.Err = fmt.Errorf("%w: %w", ErrToken, se.Err)
		if a.tell("token") {
			a.log.Error("telegram refuses the token: check it, nothing is sent or received", "account", a.account, "code", se.Code)
		}
	case e.Code == http.StatusConflict:
		se.Outcome, se.Err = bot.Retry, fmt.Errorf("%w: %w", ErrConflict, se.Err)
	case e.Parameters.MigrateTo != 0:
		se.Outcome, se.MovedTo = bot.Moved, strconv.FormatInt(e.Parameters.MigrateTo, 10)
	case e.Code == http.StatusForbidden:
		se.Outcome = bot.Blocked
	case e.Code == http.StatusBadRequest && gone(what):
		se.Outcome = bot.Blocked
	case e.Code >= http.StatusInternalServerError:
		se.Outcome = bot.Retry
	default:
		se.Outcome = bot.Final
	}
	return se
}

// gone knows the 400s that mean there is nobody to write to.
func gone(what string) bool {
	for _, s := range []string{"chat not found", "user not found", "peer_id_invalid", "user is deactivated", "group chat was deactivated"} {
		if strings.Contains(what, s) {
			return true
		}
	}
	return false
}

// tell reports whether it is time to log this alarm (again): once a minute.
func (a *Adapter) tell(alarm string) bool { return a.quiet.first(a.cfg.Now(), alarm) }

// redact makes an error safe to print. A *url.Error carries the address, and
// the address carries the token, so only its cause is kept; any other text is
// searched for the token and for its secret half.
func (a *Adapter) redact(err error) error {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		err = ue.Err
	}
	token := a.cfg.Token.Reveal()
	_, secret, _ := strings.Cut(token, ":")
	text := err.Error()
	if !strings.Contains(text, secret) {
		return err
	}
	return errors.New(strings.ReplaceAll(strings.ReplaceAll(text, token, "***"), secret, "***"))
}

// client never follows redirects: the address carries the token.
func client(given *http.Client) *http.Client {
	c := &http.Client{}
	if given != nil {
		*c = *given
	} else {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext
		t.TLSHandshakeTimeout = 5 * time.Second
		t.MaxIdleConnsPerHost = 32 // as many as the sender has in flight, and the poll
		c.Transport = t
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}
