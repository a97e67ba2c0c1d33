package main

import (
	"context"
	"errors"
	"fmt"
	goio "io"
	"log/slog"
	"strings"
	"time"

	"rsc.io/qr"

	"ekinerja/bot/whatsapp"
)

// errNoWhatsApp says that the second network is switched off.
var errNoWhatsApp = errors.New("EKINERJA_WHATSAPP_MODE is off")

// whatsappCmd is about the linked number.
type whatsappCmd struct {
	Pair   whatsappPairCmd   `cmd:"" help:"Link the service to a WhatsApp number, by a QR code or by a code to type."`
	Status whatsappStatusCmd `cmd:"" help:"Say whether a number is linked."`
	Logout whatsappLogoutCmd `cmd:"" help:"Unlink the number and forget its keys; stop serve before."`
}

type whatsappPairCmd struct {
	config
	Number string `help:"Number with the country's code, digits only (6281…): shows a code to type on that phone instead of QR codes."`
}

type whatsappStatusCmd struct{ config }

type whatsappLogoutCmd struct{ config }

// pairPatience is longer than the network's codes are good.
const pairPatience = 4 * time.Minute

// Run shows codes until a phone has taken one.
func (c whatsappPairCmd) Run(ctx context.Context, io streams) error {
	ctx, cancel := context.WithTimeout(ctx, pairPatience)
	defer cancel()
	return c.withWhatsApp(ctx, io, func(a *whatsapp.Adapter) error {
		err := a.Pair(ctx, c.Number, func(s whatsapp.Shown) { showPairing(io.out, s) })
		switch {
		case errors.Is(err, whatsapp.ErrLinked):
			return fmt.Errorf("%w; to link another number: ekinerja whatsapp logout", err)
		case errors.Is(err, whatsapp.ErrPasskey):
			return fmt.Errorf("%w, which only the owner's browser can give: link by QR code, or use another number", err)
		case errors.Is(err, whatsapp.ErrPairing), errors.Is(err, context.DeadlineExceeded):
			return fmt.Errorf("%w: no phone took a code in time; run the command again", whatsapp.ErrPairing)
		case err != nil:
			return err
		}
		_, err = fmt.Fprintln(io.out, "linked. Start serve with EKINERJA_WHATSAPP_MODE=whatsmeow; a running one connects within seconds.\n"+
			"Keep the phone: it must be online at least every 14 days.")
		return err
	})
}

func showPairing(out goio.Writer, s whatsapp.Shown) {
	if s.Code != "" {
		_, _ = fmt.Fprintf(out, "On the phone: WhatsApp, Linked devices, Link a device, Link with phone number instead. Type: %s\n", s.Code)
		return
	}
	_, _ = fmt.Fprintf(out, "%s\nOn the phone: WhatsApp, Linked devices, Link a device. Scan the newest code; a new one follows when it is over.\n", terminalQR(s.QR))
}

// terminalQR draws a code with two rows of it in a line, dark on light whatever
// the terminal's colours are.
func terminalQR(content string) string {
	code, err := qr.Encode(content, qr.L)
	if err != nil {
		return content
	}
	const border = 2
	var b strings.Builder
	for y := -border; y < code.Size+border; y += 2 {
		b.WriteString("\x1b[30;107m")
		for x := -border; x < code.Size+border; x++ {
			switch up, down := code.Black(x, y), code.Black(x, y+1); {
			case up && down:
				b.WriteString("█")
			case up:
				b.WriteString("▀")
			case down:
				b.WriteString("▄")
			default:
				b.WriteString(" ")
			}
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String()
}

// Run says whether a number is linked; how its connection stands, /readyz of the
// running service knows.
func (c whatsappStatusCmd) Run(ctx context.Context, io streams) error {
	return c.withWhatsApp(ctx, io, func(a *whatsapp.Adapter) error {
		if a.Account() == "" {
			_, err := fmt.Fprintln(io.out, "no number is linked: ekinerja whatsapp pair")
			return err
		}
		_, err := fmt.Fprintf(io.out, "linked (account %s); /readyz of the running service says how it is connected\n", a.Account())
		return err
	})
}

// Run unlinks the number.
func (c whatsappLogoutCmd) Run(ctx context.Context, io streams) error {
	ctx, cancel := context.WithTimeout(ctx, pairPatience)
	defer cancel()
	return c.withWhatsApp(ctx, io, func(a *whatsapp.Adapter) error {
		if err := a.Logout(ctx); err != nil {
			return fmt.Errorf("%w; the device can also be removed on the phone, under Linked devices", err)
		}
		_, err := fmt.Fprintln(io.out, "unlinked")
		return err
	})
}

// withWhatsApp opens the number's session for one command.
func (c config) withWhatsApp(ctx context.Context, io streams, f func(*whatsapp.Adapter) error) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	log := newLog(io.err, slog.LevelError)
	db, err := s.openDatabase(ctx, log, bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	a, sessions, err := s.openWhatsApp(ctx, db.Store, newClock(s.ClockOffset), nil, log)
	if err != nil {
		return err
	}
	defer sessions.Close()
	return f(a)
}
