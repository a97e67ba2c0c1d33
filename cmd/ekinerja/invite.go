package main

import (
	"context"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"rsc.io/qr"

	"ekinerja/bot"
	"ekinerja/bot/telegram"
	"ekinerja/roster"
	"ekinerja/store"
)

//go:embed invite.html
var invitePage string

type rosterInviteCmd struct {
	config
	OPD    string `help:"Only people of this OPD (exact name)."`
	Number string `help:"Only the person with this NIP or staff number; also moves somebody to a new phone."`
	Group  bool   `help:"Make a link that connects the OPD's group chat instead of people; needs --opd."`
	Out    string `default:"undangan" help:"Directory for the printable sheets, one an OPD."`
	Bot    string `help:"The bot's username; asked from Telegram when empty."`
}

// Run makes the invitations and writes the sheets. The links exist only there:
// the database keeps their hashes.
func (c rosterInviteCmd) Run(ctx context.Context, io streams) error {
	s, err := c.check()
	if err != nil {
		return err
	}
	name, err := c.botName(ctx, &s)
	if err != nil {
		return err
	}
	log := newLog(io.err, slog.LevelWarn)
	db, err := s.openDatabase(ctx, log, bar[int64](io.err, "fetching PostgreSQL"))
	if err != nil {
		return err
	}
	defer db.Close()
	now := newClock(s.ClockOffset).Now()
	if c.Group {
		return c.group(ctx, db.Store, now, name, io)
	}
	invites, err := c.invites(ctx, db.Store, now)
	if err != nil {
		return err
	}
	files, err := writeSheets(c.Out, name, now.Add(inviteLife).In(s.loc), invites)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "%d invitations, good until %s, on %d sheets in %s\n",
		len(invites), now.Add(inviteLife).In(s.loc).Format("2006-01-02 15:04"), files, c.Out)
	return err
}

// group prints the link by which an administrator connects the OPD's group.
func (c rosterInviteCmd) group(ctx context.Context, db *store.Store, now time.Time, name string, io streams) error {
	if c.OPD == "" {
		return fmt.Errorf("%w: --group needs --opd", errConfig)
	}
	inv, err := db.CreateGroupInvite(ctx, now, c.OPD, inviteLife)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(io.out, "https://t.me/%s?startgroup=%s\n", name, inv.Token)
	return err
}

func (c rosterInviteCmd) invites(ctx context.Context, db *store.Store, now time.Time) ([]store.Invite, error) {
	if c.Number == "" {
		return db.CreateInvites(ctx, now, c.OPD, inviteLife)
	}
	inv, err := db.InvitePerson(ctx, now, c.Number, inviteLife)
	return []store.Invite{inv}, err
}

func (c rosterInviteCmd) botName(ctx context.Context, s *settings) (string, error) {
	if c.Bot != "" {
		return strings.TrimPrefix(c.Bot, "@"), nil
	}
	if err := s.checkTelegram(); err != nil {
		return "", err
	}
	a, err := telegram.New(telegram.Config{Token: bot.Secret(s.TelegramToken), APIURL: s.TelegramAPIURL, Now: time.Now}, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", err
	}
	return a.Me(ctx)
}

// sheetRow is one person on a printable sheet.
type sheetRow struct {
	Name, Number, Link string
	QR                 template.URL
}

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9]+`)

func writeSheets(dir, botName string, until time.Time, invites []store.Invite) (files int, err error) {
	page, err := template.New("sheet").Parse(invitePage)
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	byOPD := map[string][]sheetRow{}
	for _, inv := range invites {
		row, err := sheetRowOf(botName, inv)
		if err != nil {
			return files, err
		}
		byOPD[inv.OPD] = append(byOPD[inv.OPD], row)
	}
	for opd, rows := range byOPD {
		name := filepath.Join(dir, strings.Trim(unsafeName.ReplaceAllString(opd, "-"), "-")+".html")
		if err := writeSheet(name, page, map[string]any{"OPD": opd, "Rows": rows, "Until": until.Format("02-01-2006 15.04")}); err != nil {
			return files, err
		}
		files++
	}
	return files, nil
}

func sheetRowOf(botName string, inv store.Invite) (sheetRow, error) {
	link := fmt.Sprintf("https://t.me/%s?start=%s", botName, inv.Token)
	code, err := qr.Encode(link, qr.M)
	if err != nil {
		return sheetRow{}, fmt.Errorf("draw the code: %w", err)
	}
	return sheetRow{
		Name: inv.Employee.Name, Number: roster.MaskNumber(inv.Employee.Number), Link: link,
		QR: template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())), //nolint:gosec // a picture drawn here, nothing of it was typed
	}, nil
}

func writeSheet(name string, page *template.Template, data any) (err error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return page.Execute(f, data)
}
