package whatsapp_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCommon"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"

	"ekinerja/bot"
)

func TestMessagesIn(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	id := r.say(sri, "halo")
	m := r.next()
	if m.From != (bot.Address{Network: bot.WhatsApp, ID: sri.LID.String()}) || m.Sender != sri.LID.String() || m.Group {
		t.Errorf("from %+v", m)
	}
	if m.Kind != bot.KindText || m.Text != "halo" || m.MessageID != id || m.ExternalID != "m:"+sri.LID.String()+":"+id {
		t.Errorf("got %+v", m)
	}
	if m.Contact != nil || time.Since(m.At) > patience {
		t.Errorf("contact %v, at %v", m.Contact, m.At)
	}
	if _, err := sri.Reply(r.own, "3EB0FF", "25 berkas"); err != nil {
		t.Fatal(err)
	}
	if m := r.next(); m.Quoted != "3EB0FF" || m.Text != "25 berkas" {
		t.Errorf("reply %+v", m)
	}
	r.calm()
}

func TestTheNumberComesWithAnInvitationOnly(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri, hidden := r.person("6281234567001"), r.person("6281234567002")
	hidden.HideNumber()
	r.say(sri, "DAFTAR abc")
	if m := r.next(); m.Contact == nil || m.Contact.Phone != "+6281234567001" || m.Contact.UserID != m.Sender {
		t.Errorf("contact %+v", m.Contact)
	}
	r.say(hidden, "DAFTAR abc")
	if m := r.next(); m.Contact != nil || m.Sender != hidden.LID.String() {
		t.Errorf("of a hidden number %+v", m)
	}
}

// Whichever id comes first, the address is the hidden one.
func TestTheOlderFormIsTheSamePerson(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	sri.WriteFromNumber()
	r.say(sri, "halo")
	if m := r.next(); m.From.ID != sri.LID.String() {
		t.Errorf("from %+v", m)
	}
}

func TestFilesIn(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	picture := bytes.Repeat([]byte("foto"), 1000)
	if _, err := sri.SendPhoto(r.own, picture, "image/jpeg", "bukti"); err != nil {
		t.Fatal(err)
	}
	m := r.next()
	if m.Kind != bot.KindText || m.Text != "bukti" || len(m.Attachments) != 1 || m.Attachments[0].Kind != bot.Photo {
		t.Fatalf("photo %+v", m)
	}
	f, err := r.Fetch(t.Context(), m.Attachments[0].FileID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, picture) {
		t.Errorf("fetched %d bytes, %v", len(got), err)
	}
	if _, err := sri.SendDocument(r.own, picture, "spt.pdf", "application/pdf", ""); err != nil {
		t.Fatal(err)
	}
	m = r.next()
	if m.Kind != bot.KindMedia || m.Attachments[0].Name != "spt.pdf" {
		t.Errorf("document %+v", m)
	}
	r.net.LoseFiles()
	if _, err := r.Fetch(t.Context(), m.Attachments[0].FileID); !errors.Is(err, bot.ErrNoFile) {
		t.Errorf("a lost file: %v", err)
	}
}

// Reactions and the owner's own words are no answers to anything.
func TestWhatNobodyWroteToUs(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	if _, err := sri.Send(r.own, &waE2E.Message{ReactionMessage: &waE2E.ReactionMessage{
		Key: &waCommon.MessageKey{ID: new("X")}, Text: new("👍"),
	}}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.own.Say(r.own, "catatan"); err != nil {
		t.Fatal(err)
	}
	r.say(sri, "halo")
	if m := r.next(); m.Text != "halo" || len(r.inbox.all()) != 1 {
		t.Errorf("taken: %+v", r.inbox.all())
	}
}

// The network sends before the library tells that the line is there: what was refused
// in between is sent again, and does not wait for the next fault.
func TestWhatCameBeforeTheLineWasToldOfComesAgain(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	r.Deafen()
	r.say(sri, "halo")
	r.until("the refusal", r.Refused)
	r.Tell(&events.Connected{})
	if m := r.next(); m.Text != "halo" {
		t.Errorf("taken: %+v", m)
	}
	r.calm()
}

// While the inbox fails nothing is confirmed, and nothing overtakes; afterwards
// all is there, once and in order.
func TestNothingIsConfirmedBeforeItIsStored(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	r.inbox.mu.Lock()
	r.inbox.fail = 2
	r.inbox.mu.Unlock()
	for _, words := range []string{"satu", "dua", "tiga"} {
		r.say(sri, words)
	}
	r.until("the first try", func() bool { r.inbox.mu.Lock(); defer r.inbox.mu.Unlock(); return r.inbox.tries > 0 })
	if n := r.net.Pending(r.own); n != 3 {
		t.Errorf("%d of 3 are held by the network", n)
	}
	for range 3 {
		r.next()
	}
	if err := r.net.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range r.inbox.all() {
		got = append(got, m.Text)
	}
	if strings.Join(got, " ") != "satu dua tiga" {
		t.Errorf("taken: %v", got)
	}
	r.calm()
}

func TestPanicIsAFailure(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	r.inbox.mu.Lock()
	r.inbox.panic = true
	r.inbox.mu.Unlock()
	r.say(sri, "halo rahasia")
	if m := r.next(); m.Text != "halo rahasia" {
		t.Errorf("got %+v", m)
	}
	if log := r.log.String(); !strings.Contains(log, "panicked") || strings.Contains(log, "rahasia") || strings.Contains(log, "6281234567001") {
		t.Errorf("log:\n%s", log)
	}
}
