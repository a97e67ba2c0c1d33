package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"ekinerja/bot"
	"ekinerja/bot/whatsapp"
	"ekinerja/store"
)

// second is the network beside Telegram: one WhatsApp number with a sender of its
// own, because its limits are others.
type second struct {
	adapter *whatsapp.Adapter
	inbox   bot.Inbox
	sender  *bot.Sender
	wake    chan struct{}
}

// checkWhatsApp checks what the second network needs.
func (c config) checkWhatsApp() error {
	switch c.WhatsAppMode {
	case "off", "":
		return nil
	case "whatsmeow":
		return nil
	}
	return wrong("EKINERJA_WHATSAPP_MODE", c.WhatsAppMode, "off or whatsmeow")
}

func (c config) whatsAppOn() bool { return c.WhatsAppMode == "whatsmeow" }

// openWhatsApp opens the number's session in the database. carrier nil is the real
// network.
func (s settings) openWhatsApp(ctx context.Context, db *store.Store, clk *clock, carrier http.RoundTripper, log *slog.Logger) (*whatsapp.Adapter, io.Closer, error) {
	sessions := db.WhatsApp()
	a, err := whatsapp.New(ctx, whatsapp.Config{
		DB: sessions, Carrier: carrier, Now: clk.Now, Sleep: clk.Sleep, Version: s.WhatsAppVersion,
		Choose: s.words.In("id").Text("wa_pilih", nil),
	}, log)
	if err != nil {
		_ = sessions.Close() // the first error is the one to tell
		return nil, nil, err
	}
	return a, sessions, nil
}

// addWhatsApp wires the second network in.
func (a *app) addWhatsApp(adapter *whatsapp.Adapter) {
	w := &second{adapter: adapter, wake: make(chan struct{}, 1)}
	w.inbox = bot.Numbered{Inbox: a.inbox, Menus: store.Menus{Store: a.store.Hot()}, Prefix: whatsapp.CallbackPrefix}
	w.sender = &bot.Sender{
		Outbox:  &store.Outbox{Store: a.store.Hot(), Network: bot.WhatsApp, Blobs: a.s.blobs},
		Channel: adapter, Pacer: bot.NewLocalPacer(bot.WhatsAppRates()), Workers: 1,
		Log: a.log, Now: a.clock.Now, Sleep: a.clock.Sleep, Observe: a.meter.sent, Waited: a.meter.waited,
	}
	a.whatsapp = w
}

// telegramOnly is whose messages Telegram's sender takes.
func telegramOnly(adapter *whatsapp.Adapter) bot.Network {
	if adapter == nil {
		return "" // there is nobody else
	}
	return bot.Telegram
}

// runWhatsApp holds the number's connection and sends by it until ctx ends. A
// device can be connected once: among replicas one does both, under a lease.
func (a *app) runWhatsApp(ctx context.Context) error {
	w := a.whatsapp
	if w == nil {
		return nil
	}
	work := func(ctx context.Context, inbox bot.Inbox) error {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return w.adapter.Run(ctx, inbox) })
		g.Go(func() error { return w.sender.Run(ctx, w.wake) })
		return g.Wait()
	}
	if a.replica.holder == "" {
		return work(ctx, w.inbox)
	}
	lease := &store.Lease{
		Store: a.store, Name: "whatsapp", Holder: a.replica.holder,
		TTL: a.s.Lease, Now: a.clock.Now, Passed: a.clock.passed, Sleep: a.clock.Sleep, Log: a.log,
	}
	return lease.Hold(ctx, func(ctx context.Context, t *store.Term) error { return work(ctx, leasedInbox{w.inbox, t}) })
}

// wakeUp tells the second network's sender, if there is one, that there is work.
func (w *second) wakeUp() {
	if w == nil {
		return
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// drain is what Pump does of the second network.
func (w *second) drain(ctx context.Context, clk *clock) (sent int, err error) {
	if w == nil {
		return 0, nil
	}
	sent, _, err = w.sender.Drain(ctx, clk.Now)
	return sent, err
}

// wrong says in a few words what is wrong with the number, empty for nothing.
func (w *second) wrong() string {
	if w == nil {
		return ""
	}
	if h := w.adapter.Health(); h.Alarming() {
		return "whatsapp: " + string(h.State)
	}
	return ""
}

// answerTap answers a tap on the network that it came from.
func (a *app) answerTap(ctx context.Context, m bot.MsgOut) error {
	var channel bot.Channel = a.adapter
	if a.whatsapp != nil && strings.HasPrefix(m.Callback, whatsapp.CallbackPrefix) {
		channel = a.whatsapp.adapter
	}
	_, err := channel.Send(ctx, m)
	return err
}

// fetch opens a file on the network that it came from.
func (a *app) fetch(ctx context.Context, id string) (io.ReadCloser, error) {
	if !whatsapp.IsFile(id) {
		return a.adapter.Fetch(ctx, id)
	}
	if a.whatsapp == nil {
		return nil, fmt.Errorf("fetch file of WhatsApp: %w", errNoWhatsApp)
	}
	return a.whatsapp.adapter.Fetch(ctx, id)
}
