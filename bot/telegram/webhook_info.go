package telegram

import (
	"context"
	"fmt"
	"time"

	"github.com/go-telegram/bot/models"
)

// WebhookInfo is what Telegram says of the place to which it posts updates.
type WebhookInfo struct {
	URL     string // empty: nowhere, they wait for a poll
	Waiting int    // updates that wait
	// LastError is why the newest post that failed did so, and when; empty and
	// zero for never. Telegram keeps it when later posts succeed.
	LastError   string
	LastErrorAt time.Time
}

// Webhook asks where updates of this bot are posted. There is one place for each
// bot, and whoever has the token can change it: then nothing reaches us, and no
// call fails (core.telegram.org/bots/api#getwebhookinfo).
func (a *Adapter) Webhook(ctx context.Context) (WebhookInfo, error) {
	var got models.WebhookInfo
	if err := a.call(ctx, "getWebhookInfo", nil, &got); err != nil {
		return WebhookInfo{}, fmt.Errorf("ask where updates go: %w", err)
	}
	info := WebhookInfo{URL: got.URL, Waiting: got.PendingUpdateCount, LastError: got.LastErrorMessage}
	if got.LastErrorDate != 0 {
		info.LastErrorAt = time.Unix(int64(got.LastErrorDate), 0).UTC()
	}
	return info, nil
}
