package whatsapp

import (
	"context"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"
)

// Why pairing ended without a linked device.
var (
	// ErrLinked: a device is linked already; log it out first.
	ErrLinked = errors.New("a device is linked already")
	// ErrNotLinked: there is no device to log out.
	ErrNotLinked = errors.New("no device is linked")
	// ErrPairing: nobody scanned a code in time, or the network ended it.
	ErrPairing = errors.New("pairing ended without a device")
	// ErrPasskey: the network wants a passkey of the number's owner, which only a
	// browser can give.
	ErrPasskey = errors.New("the network asks for a passkey")
)

// Shown is what pairing asks its operator to show or to type: one of the two.
type Shown struct {
	QR   string // content of a QR code; a newer one replaces it
	Code string // eight letters and digits for the phone
}

// pairingName must look like a browser's, or the network refuses a code.
const pairingName = "Chrome (Linux)"

// Pair links a new device. With a number (digits with the country's code) the
// phone is given a code to type, else QR codes to scan, for about 160 s. It
// returns when the device is linked and ready, or says why not.
func (a *Adapter) Pair(ctx context.Context, number string, show func(Shown)) error {
	if a.Account() != "" {
		return ErrLinked
	}
	a.refresh(ctx)
	cli := a.open(a.devices.NewDevice())
	ready := make(chan struct{}, 1)
	cli.AddEventHandler(func(e any) {
		if _, ok := e.(*events.Connected); ok {
			select {
			case ready <- struct{}{}:
			default:
			}
		}
	})
	codes, err := cli.GetQRChannel(ctx)
	if err != nil {
		return fmt.Errorf("ask for codes: %w", err)
	}
	if err := cli.ConnectContext(ctx); err != nil {
		return fmt.Errorf("connect to whatsapp: %w", err)
	}
	defer cli.Disconnect()
	if err := a.paired(ctx, cli, number, codes, show); err != nil {
		return err
	}
	select {
	case <-ready:
		return a.look(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// paired shows codes until one was used.
func (a *Adapter) paired(ctx context.Context, cli *whatsmeow.Client, number string, codes <-chan whatsmeow.QRChannelItem, show func(Shown)) error {
	asked := false
	for item := range codes {
		switch item.Event {
		case whatsmeow.QRChannelEventCode:
			if number == "" {
				show(Shown{QR: item.Code})
				continue
			}
			if asked {
				continue // a code for typing stays good while the QR codes change
			}
			code, err := cli.PairPhone(ctx, number, true, whatsmeow.PairClientChrome, pairingName)
			if err != nil {
				return fmt.Errorf("ask for a code to type: %w", err)
			}
			asked = true
			show(Shown{Code: code})
		case whatsmeow.QRChannelSuccess.Event:
			return nil
		case whatsmeow.QRChannelEventPasskeyRequest:
			return ErrPasskey
		default:
			return fmt.Errorf("%w: %s", ErrPairing, item.Event)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return ErrPairing
}

// Logout unlinks the device at the network and forgets its keys. The process that
// holds the connection must not run meanwhile: it would be thrown out.
func (a *Adapter) Logout(ctx context.Context) error {
	a.mu.Lock()
	dev := a.device
	a.mu.Unlock()
	if dev == nil {
		return ErrNotLinked
	}
	a.refresh(ctx)
	cli := a.open(dev)
	ready := make(chan struct{})
	cli.AddEventHandler(func(e any) {
		if _, ok := e.(*events.Connected); ok {
			close(ready)
		}
	})
	if err := cli.ConnectContext(ctx); err != nil {
		return fmt.Errorf("connect to whatsapp: %w", err)
	}
	defer cli.Disconnect()
	select {
	case <-ready:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := cli.Logout(ctx); err != nil {
		return fmt.Errorf("unlink the device: %w", err)
	}
	return a.look(ctx)
}
