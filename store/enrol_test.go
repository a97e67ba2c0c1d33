package store

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ekinerja/bot"
)

// tries sends /start with a token from a chat nobody knows and returns the answer.
func (tl *tale) tries(chat, token string) string {
	tl.t.Helper()
	tl.receive(tl.text(chat, "/start "+token))
	tl.handle("utelegram:" + chat)
	rows := tl.claim()
	if len(rows) != 1 {
		tl.t.Fatalf("%d answers to %s", len(rows), chat)
	}
	tl.settle(sent(rows[0], chat+"-"+fmt.Sprint(rows[0].ID)))
	return rows[0].Msg.Text
}

const noInvite = "Mohon maaf, tautan ini tidak berlaku"

// TestFiveAttemptsAnHour: after five refusals even the right invitation is
// refused, in the same words, until an hour has passed.
func TestFiveAttemptsAnHour(t *testing.T) {
	t.Parallel()
	tl := newTale(t)
	inv, err := tl.store.InvitePerson(t.Context(), tl.clock.now(), "N0", 72*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	first := tl.tries("900", "tidak-ada")
	if !strings.HasPrefix(first, noInvite) {
		t.Fatalf("the first answer: %s", first)
	}
	for range 4 {
		tl.tries("900", "tidak-ada")
		tl.clock.advance(time.Minute)
	}
	if got := tl.tries("900", inv.Token); got != first {
		t.Errorf("the sixth answer: %s", got)
	}
	if n := one[int](tl.stage, `SELECT count(*) FROM enrol_attempt`); n != 5 {
		t.Errorf("%d attempts counted", n)
	}
	if got := tl.tries("901", inv.Token); strings.HasPrefix(got, noInvite) {
		t.Errorf("another chat: %s", got)
	}
	tl.clock.advance(time.Hour)
	if got := tl.tries("900", inv.Token); strings.HasPrefix(got, noInvite) {
		t.Errorf("an hour later: %s", got)
	}
}

// TestWrongContactsCount: the right invitation does not help who shares others' contacts.
func TestWrongContactsCount(t *testing.T) {
	t.Parallel()
	tl := newTale(t)
	inv, err := tl.store.InvitePerson(t.Context(), tl.clock.now(), "N0", 72*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	const own = "+6281100000001"
	tl.exec(`UPDATE employee SET phone = $1 WHERE number = 'N0'`, own)
	tl.tries("900", inv.Token)
	contact := func(phone string) {
		m := tl.text("900", "")
		m.Kind, m.Contact = bot.KindContact, &bot.Contact{UserID: "900", Phone: phone}
		tl.receive(m)
		tl.handle("utelegram:900")
		tl.deliver()
	}
	for i := range 7 {
		contact(fmt.Sprint("+62899000", i))
	}
	contact(own)
	if n := one[int](tl.stage, `SELECT count(*) FROM address WHERE chat_id = '900'`); n != 0 {
		t.Error("the chat was bound after five wrong contacts")
	}
	if n := one[int](tl.stage, `SELECT count(*) FROM enrol_attempt`); n != 5 {
		t.Errorf("%d attempts counted", n)
	}
	tl.clock.advance(time.Hour)
	contact(own)
	if n := one[int](tl.stage, `SELECT count(*) FROM address WHERE chat_id = '900' AND state = 'live'`); n != 1 {
		t.Error("the chat was not bound an hour later")
	}
}

// TestFleetAlarm: the fifty-first refusal within an hour, from whatever chats,
// is told to the operator, once.
func TestFleetAlarm(t *testing.T) {
	t.Parallel()
	tl := newTale(t)
	var log bytes.Buffer
	tl.turns.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))
	for i := range 60 {
		tl.tries(fmt.Sprint(900+i), "tidak-ada")
		if told := log.Len() > 0; told != (i >= fleetAttempts) {
			t.Fatalf("after %d attempts: %q", i+1, log.String())
		}
	}
	if n := strings.Count(log.String(), "attempts_in_an_hour=51"); n != 1 || strings.Count(log.String(), "\n") != 1 {
		t.Errorf("log %q", log.String())
	}
	m, err := tl.store.Pressure(t.Context(), tl.clock.now())
	if err != nil || m.Refused != 60 {
		t.Errorf("pressure %+v %v", m, err)
	}
	tl.clock.advance(8 * 24 * time.Hour)
	if _, err := tl.store.SweepOutbox(t.Context(), tl.clock.now()); err != nil {
		t.Fatal(err)
	}
	if n := one[int](tl.stage, `SELECT count(*) FROM enrol_attempt`); n != 0 {
		t.Errorf("%d attempts are kept", n)
	}
}
