package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	tg "github.com/go-telegram/bot"

	"ekinerja/bot"
)

const (
	maxUpdate     = 1 << 20 // bytes of one posted update
	webhookBudget = 2 * time.Second
	secretHeader  = "X-Telegram-Bot-Api-Secret-Token"
)

// ErrNoSecret says that a webhook was asked for without a secret: anybody could
// speak for anybody then.
var ErrNoSecret = errors.New("telegram webhook needs a secret")

// SetWebhook tells Telegram to post updates to publicURL (https), over at most
// maxConnections at once (1–100; the database pool is the measure). What waits
// at Telegram is kept.
func (a *Adapter) SetWebhook(ctx context.Context, publicURL string, maxConnections int) error {
	if a.cfg.WebhookSecret == "" {
		return ErrNoSecret
	}
	err := a.call(ctx, "setWebhook", tg.SetWebhookParams{
		URL: publicURL, MaxConnections: maxConnections, AllowedUpdates: allowed, SecretToken: a.cfg.WebhookSecret.Reveal(),
	}, nil)
	if err != nil {
		return fmt.Errorf("set webhook: %w", err)
	}
	return nil
}

// Handler takes updates posted by Telegram. It answers 200 only after the inbox
// has committed, 401 to a wrong secret, and 503 when the inbox cannot take the
// update now: Telegram posts it again then. An update that nobody can read is
// kept raw like any other, for it would come back for ever.
func (a *Adapter) Handler(inbox bot.Inbox) (http.Handler, error) {
	secret := []byte(a.cfg.WebhookSecret.Reveal())
	if len(secret) == 0 {
		return nil, ErrNoSecret
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "post only", http.StatusMethodNotAllowed)
			return
		}
		if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), secret) != 1 {
			a.cfg.Refused()
			if a.tell("secret") {
				a.log.Warn("webhook called with a wrong secret", "account", a.account)
			}
			http.Error(w, "unauthorized", http.StatusUnauthorized)
			return
		}
		a.posted(w, r, inbox)
	}), nil
}

// posted takes in one update whose sender has shown the secret.
func (a *Adapter) posted(w http.ResponseWriter, r *http.Request, inbox bot.Inbox) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "body not read", http.StatusBadRequest)
		return
	}
	in, _ := a.receive(raw)
	ctx, cancel := context.WithTimeout(r.Context(), webhookBudget)
	defer cancel()
	if err := inbox.Receive(ctx, a.account, []bot.Received{in}); err != nil {
		a.log.Warn("webhook update not taken, telegram will post it again", "account", a.account, "error", a.redact(err))
		w.Header().Set("Retry-After", "1")
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	a.cfg.Heard()
	w.WriteHeader(http.StatusOK)
}
