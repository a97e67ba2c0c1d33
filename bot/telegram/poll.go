package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"ekinerja/bot"
)

const (
	pollWait     = 50 * time.Second // Telegram's longest long poll
	pollLimit    = 100              // the most updates one answer can carry
	firstRest    = time.Second
	longestRest  = 30 * time.Second
	conflictRest = 30 * time.Second
)

// allowed are the kinds of updates we ask for.
var allowed = []string{
	models.AllowedUpdateMessage, models.AllowedUpdateEditedMessage,
	models.AllowedUpdateCallbackQuery, models.AllowedUpdateMyChatMember,
}

// getUpdates is the parameter object of that method, which the library keeps to itself.
type getUpdates struct {
	Offset         int64    `json:"offset,omitempty"`
	Limit          int      `json:"limit"`
	Timeout        int      `json:"timeout"` // seconds
	AllowedUpdates []string `json:"allowed_updates"`
}

// Poll takes updates in until ctx ends or MayPoll says no, and returns nil then.
// Only one process may poll a bot: the caller holds the lease.
//
// After a failure it asks again for the same updates: 1 s, 2 s, … 30 s later,
// each ± a quarter; after a conflict 30 s later.
func (a *Adapter) Poll(ctx context.Context, inbox bot.Inbox) error {
	a.offset = 0 // of an earlier term: others may have polled since
	rest := firstRest
	for !a.dropWebhook(ctx) && a.rest(ctx, rest) {
		rest = min(2*rest, longestRest)
	}
	rest = firstRest
	for ctx.Err() == nil && a.cfg.MayPoll() {
		_, err := a.PollOnce(ctx, inbox, pollWait)
		switch {
		case err == nil:
			rest = firstRest
		case errors.Is(err, ErrConflict):
			if a.tell("conflict") {
				a.log.Error("another program takes the updates of this bot", "account", a.account, "error", err)
			}
			a.rest(ctx, conflictRest)
		case ctx.Err() == nil:
			a.pollFailed(err, rest)
			a.rest(ctx, max(rest, bot.OutcomeOf(err).RetryAfter))
			rest = min(2*rest, longestRest)
		}
	}
	return nil
}

func (a *Adapter) pollFailed(err error, rest time.Duration) {
	if errors.Is(err, ErrToken) {
		return // already told
	}
	a.log.Warn("telegram updates not taken, asking again", "account", a.account, "rest", rest, "error", err)
}

// rest sleeps about d and reports whether there is still something to do.
func (a *Adapter) rest(ctx context.Context, d time.Duration) bool {
	spread := 0.75 + 0.5*a.jitter()
	return a.cfg.Sleep(ctx, time.Duration(float64(d)*spread)) == nil
}

// dropWebhook makes getUpdates possible; what waits at Telegram is kept.
func (a *Adapter) dropWebhook(ctx context.Context) bool {
	err := a.call(ctx, "deleteWebhook", tg.DeleteWebhookParams{}, nil)
	if err != nil && ctx.Err() == nil {
		a.pollFailed(fmt.Errorf("drop webhook: %w", err), firstRest)
	}
	return err == nil
}

// PollOnce asks once for updates, waiting up to wait for the first, and hands
// them to the inbox. n is how many were taken. After an error the next call
// asks for the same updates again. Not for concurrent use.
//
// An empty answer proves that everything before the offset is confirmed, so the
// offset is forgotten then: after a quiet week Telegram numbers its updates
// anew, at random, and an old offset could hide them.
func (a *Adapter) PollOnce(ctx context.Context, inbox bot.Inbox, wait time.Duration) (n int, err error) {
	b, err := jsonBody(getUpdates{
		Offset: a.offset, Limit: pollLimit, Timeout: int(wait / time.Second), AllowedUpdates: allowed,
	})
	if err != nil {
		return 0, err
	}
	asking, cancel := context.WithTimeout(ctx, wait+a.timeout)
	defer cancel()
	var raws []json.RawMessage
	if err := a.post(asking, "getUpdates", b, &raws); err != nil {
		return 0, fmt.Errorf("ask for updates: %w", err)
	}
	if len(raws) == 0 {
		a.offset = 0
		a.cfg.Heard()
		return 0, nil
	}
	batch, next, err := a.batch(raws)
	if err != nil {
		return 0, err
	}
	if err := inbox.Receive(ctx, a.account, batch); err != nil {
		return 0, fmt.Errorf("take updates in: %w", err)
	}
	a.offset = next
	a.cfg.Heard()
	return len(batch), nil
}

// batch decodes updates and finds the offset that confirms them all.
func (a *Adapter) batch(raws []json.RawMessage) (in []bot.Received, next int64, err error) {
	in = make([]bot.Received, len(raws))
	for i, raw := range raws {
		var id int64
		in[i], id = a.receive(raw)
		next = max(next, id+1)
	}
	if next <= 1 {
		return nil, 0, errors.New("take updates in: none of them has an update_id")
	}
	return in, next, nil
}
