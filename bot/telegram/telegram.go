// Package telegram speaks the Telegram Bot API: it takes updates in, by long
// poll or webhook, and sends messages out.
//
// It knows update JSON, methods, limits and error descriptions of Telegram, and
// decides how each failed send may be followed up. It never knows employees,
// reports, the database or what a sentence means.
//
// An update is confirmed only after the inbox has committed it:
//
//	getUpdates(offset) ─▶ decode ─▶ Inbox.Receive ─┬─ nil ───▶ getUpdates(last+1)
//	       ▲                                       └─ error ─┐
//	       └───────── same offset, after a rest ◀────────────┘
//
//	POST webhook ─▶ secret? ─▶ decode ─▶ Inbox.Receive ─┬─ nil ───▶ 200
//	                 └─ no: 401                         └─ error ─▶ 503, Telegram asks again
//
// The library github.com/go-telegram/bot lends its types for what we send. Its
// update loop confirms before anything is stored, so the loop and the webhook
// are ours; so is the HTTP call, because only there one can see whether a
// request had left when it failed.
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot/models"

	"ekinerja/bot"
)

// DefaultAPIURL is the real Bot API.
const DefaultAPIURL = "https://api.telegram.org"

// callTimeout bounds every call but the long poll, which adds its own wait.
const callTimeout = 15 * time.Second

// Config is what the adapter needs to know. Only Token and Now are required.
type Config struct {
	Token  bot.Secret
	APIURL string // DefaultAPIURL when empty
	// WebhookSecret is required by Handler and SetWebhook only.
	WebhookSecret bot.Secret
	// HTTP carries the calls; nil makes one with sane timeouts. Redirects are
	// never followed.
	HTTP *http.Client
	// Now is the application's clock. It dates taps, which carry no time of
	// their own.
	Now func() time.Time
	// Sleep rests between polls that failed; nil sleeps for real.
	Sleep func(ctx context.Context, d time.Duration) error
	// MayPoll, when set, is asked before each request for updates: a process that
	// was frozen while another one took its place must not disturb that one.
	MayPoll func() bool
	// Heard, when set, hears that updates reach us: a poll was answered, also
	// with nothing, or a posted update was taken in.
	Heard func()
	// Refused, when set, hears of each post to the webhook without the secret.
	Refused func()
}

// Adapter is one bot account. It is a [bot.Channel].
type Adapter struct {
	cfg     Config
	base    string // API URL and token: never logged
	account string
	http    *http.Client
	log     *slog.Logger
	timeout time.Duration  // of one call
	jitter  func() float64 // in [0,1)
	quiet   quiet

	// offset is what the next getUpdates confirms up to; it lives in this
	// process alone, because Telegram remembers what is unconfirmed.
	offset int64
}

var (
	tokenShape  = regexp.MustCompile(`^([0-9]{1,19}):[A-Za-z0-9_-]{3,128}$`)
	secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{16,256}$`)
)

// New checks the configuration; it calls nobody.
func New(cfg Config, log *slog.Logger) (*Adapter, error) {
	m := tokenShape.FindStringSubmatch(cfg.Token.Reveal())
	if m == nil {
		return nil, errors.New("telegram token: want the form digits:letters that BotFather gives")
	}
	if s := cfg.WebhookSecret.Reveal(); s != "" && !secretShape.MatchString(s) {
		return nil, errors.New("telegram webhook secret: want 16 to 256 of A-Z a-z 0-9 _ -")
	}
	if cfg.Now == nil {
		return nil, errors.New("telegram: no clock given")
	}
	if cfg.APIURL == "" {
		cfg.APIURL = DefaultAPIURL
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.MayPoll == nil {
		cfg.MayPoll = func() bool { return true }
	}
	if cfg.Refused == nil {
		cfg.Refused = func() {}
	}
	if cfg.Heard == nil {
		cfg.Heard = func() {}
	}
	return &Adapter{
		cfg:     cfg,
		base:    strings.TrimRight(cfg.APIURL, "/"),
		account: m[1],
		http:    client(cfg.HTTP),
		log:     log,
		timeout: callTimeout,
		jitter:  rand.Float64,
		quiet:   quiet{last: map[string]time.Time{}},
	}, nil
}

// Network implements [bot.Channel].
func (*Adapter) Network() bot.Network { return bot.Telegram }

// Account is the bot's own user id: the inbox keeps it with every message.
func (a *Adapter) Account() string { return a.account }

// Limits are Telegram's, in the Bot API's units.
func (*Adapter) Limits() bot.Limits {
	return bot.Limits{Text: maxText, Caption: maxCaption, ButtonToken: maxToken}
}

// Me asks who we are: the bot's username, without @.
func (a *Adapter) Me(ctx context.Context) (string, error) {
	var me models.User
	if err := a.call(ctx, "getMe", nil, &me); err != nil {
		return "", fmt.Errorf("ask telegram who we are: %w", err)
	}
	return me.Username, nil
}

// SetCommands replaces the command menu of private chats for one language; "" is
// every other language. Groups have no menu: the bot answers no command there.
func (a *Adapter) SetCommands(ctx context.Context, lang string, cmds []bot.Command) error {
	params := menuParams{Scope: &menuScope{Type: "all_private_chats"}, LanguageCode: lang}
	for _, c := range cmds {
		params.Commands = append(params.Commands, models.BotCommand{Command: c.Name, Description: c.Description})
	}
	if err := a.call(ctx, "setMyCommands", params, nil); err != nil {
		return fmt.Errorf("set telegram commands for %q: %w", lang, err)
	}
	if err := a.call(ctx, "deleteMyCommands", menuParams{LanguageCode: lang}, nil); err != nil {
		return fmt.Errorf("clear telegram commands for %q: %w", lang, err)
	}
	return nil
}

// menuParams are those of setMyCommands and deleteMyCommands; without a scope every
// chat is meant that has no menu of its own. The library's scopes do not survive
// encoding/json.
type menuParams struct {
	Commands     []models.BotCommand `json:"commands,omitempty"`
	Scope        *menuScope          `json:"scope,omitempty"`
	LanguageCode string              `json:"language_code,omitempty"`
}

type menuScope struct {
	Type string `json:"type"`
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// quiet lets a repeated alarm through once a minute.
type quiet struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (q *quiet) first(now time.Time, alarm string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if t, ok := q.last[alarm]; ok && now.Sub(t) < time.Minute && !now.Before(t) {
		return false
	}
	q.last[alarm] = now
	return true
}
