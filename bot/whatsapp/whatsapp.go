// Package whatsapp is a linked device of an ordinary WhatsApp number, by the
// library whatsmeow: it takes messages in and sends messages out.
//
// It knows stanzas' events, JIDs, choices written as numbers, and decides how each
// failed send may be followed up. It never knows employees, reports, or what a
// sentence means; of the database it knows the tables of its own session alone.
//
// A message is acknowledged only after the inbox has committed it. Three settings
// of the library do that together, and any two of them lose messages:
//
//	SynchronousAck ─────────────── no receipt before the handler has returned
//	handler says "failed" ──────── no receipt at all: it comes again at the next login
//	EnableDecryptedEventBuffer ─── and can be read again then, though the key is used up
//
//	event ─▶ MsgIn ─▶ Inbox.Receive ─┬─ nil ───▶ receipt
//	                                 └─ error ─▶ nothing more is taken; the line is
//	                                             cut after a rest, and all comes again
//
// # Identity
//
// An address is the person's LID, without device. The number is an attribute that
// may be missing; it travels only with the words of an invitation.
//
// # What the terms say
//
// WhatsApp's terms do not allow unofficial clients. A number may be barred at any
// time; docs/operations.md says how to live with that.
package whatsapp

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"

	"ekinerja/bot"
)

// Config is what the adapter needs to know. DB and Now are required.
type Config struct {
	// DB keeps the session: keys, sessions and the device's identity, in the first
	// schema of its search path. Whoever reads it can write as the number.
	DB *sql.DB
	// Carrier takes every request of the library; nil is the real network.
	Carrier http.RoundTripper
	Now     func() time.Time
	// Sleep rests between connections; nil sleeps for real.
	Sleep func(ctx context.Context, d time.Duration) error
	// Choose is said above numbered choices: "Balas dengan angkanya:".
	Choose string
	// Version of WhatsApp Web to announce, "2.3000.…"; empty asks the network at
	// each start, because old ones are refused after some weeks.
	Version string
	// Changed, when set, hears each change of the state. It must not block.
	Changed func(Health)
}

// Adapter is one linked device. It is a [bot.Channel].
type Adapter struct {
	cfg     Config
	log     *slog.Logger
	devices *sqlstore.Container

	mu     sync.Mutex
	health Health
	device *store.Device // the linked one, nil when there is none
	client *whatsmeow.Client
	inbox  bot.Inbox
	ended  chan end // of the present connection
	deaf   bool     // a message could not be stored: nothing is taken until all comes again
	// refused: a message was left with the network while deaf, since the line was last
	// cut for it. The library tells of a new line late; without this such a message
	// would wait for the next one.
	refused bool
}

// New makes the tables of the session ready; it calls nobody.
func New(ctx context.Context, cfg Config, log *slog.Logger) (*Adapter, error) {
	if cfg.DB == nil || cfg.Now == nil {
		return nil, errors.New("whatsapp: no database or no clock given")
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	prepared()
	a := &Adapter{cfg: cfg, log: log, devices: sqlstore.NewWithDB(cfg.DB, "pgx", quietLog{log})}
	a.health = Health{State: Unpaired, Since: cfg.Now()}
	if err := a.devices.Upgrade(ctx); err != nil {
		return nil, fmt.Errorf("prepare whatsapp session tables: %w", err)
	}
	if err := a.look(ctx); err != nil {
		return nil, err
	}
	if err := announce(cfg.Version); err != nil {
		return nil, err
	}
	return a, nil
}

// look finds the linked device; another process may have linked or lost it.
func (a *Adapter) look(ctx context.Context) error {
	dev, err := a.devices.GetFirstDevice(ctx)
	if err != nil {
		return fmt.Errorf("look for the linked device: %w", err)
	}
	if dev.ID == nil { // a fresh one, linked to nobody
		dev = nil
	}
	a.mu.Lock()
	a.device = dev
	a.mu.Unlock()
	return nil
}

// Network implements [bot.Channel].
func (*Adapter) Network() bot.Network { return bot.WhatsApp }

// Account is the hidden id of our own number, empty while no device is linked:
// the inbox keeps it with every message.
func (a *Adapter) Account() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.device == nil {
		return ""
	}
	return a.device.GetLID().User
}

// Limits of a message: what people still read, far below what WhatsApp takes.
const (
	maxText    = 4096
	maxCaption = 1024
)

// Limits are those of a message on WhatsApp; there are no buttons, so their tokens
// are never sent.
func (*Adapter) Limits() bot.Limits {
	const any64 = 64
	return bot.Limits{Text: maxText, Caption: maxCaption, ButtonToken: any64}
}

// open makes a client of a device with the settings on which delivery rests.
func (a *Adapter) open(dev *store.Device) *whatsmeow.Client {
	cli := whatsmeow.NewClient(dev, quietLog{a.log})
	cli.SynchronousAck, cli.EnableDecryptedEventBuffer = true, true
	cli.UseRetryMessageStore = true      // who asks again after our restart gets an answer
	cli.ManualHistorySyncDownload = true // the owner's older conversations are none of ours
	cli.InitialAutoReconnect = true      // a network that is away at the start is waited for
	cli.AutomaticMessageRerequestFromPhone = true
	cli.SendReportingTokens = true
	if a.cfg.Carrier != nil {
		h := &http.Client{Transport: a.cfg.Carrier}
		cli.SetWebsocketHTTPClient(h)
		cli.SetPreLoginHTTPClient(h)
		cli.SetMediaHTTPClient(h)
	}
	return cli
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
