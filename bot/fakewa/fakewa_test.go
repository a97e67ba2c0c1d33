package fakewa_test

import (
	"bytes"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"ekinerja/bot/fakewa"
)

func TestConversation(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	sri := register(t, net, "6281234567001")
	must[string](t)(sri.Say(own, "halo"))
	m := until[*events.Message](c)
	if m.Message.GetConversation() != "halo" || m.Info.Sender != sri.LID || m.Info.SenderAlt != sri.PN || m.Info.PushName != sri.Name {
		t.Fatalf("got %+v %v", m.Info, m.Message)
	}
	for i, words := range []string{"satu", "dua"} {
		id := c.say(m.Info.Chat, words)
		got := must[[]fakewa.Bubble](t)(sri.Await(t.Context(), i+1))[i]
		if got.ID != id || got.Text != words || got.Copies != 1 || got.From != own.LID {
			t.Errorf("saw %+v", got)
		}
		must[string](t)(sri.Reply(own, id, "baik "+words))
		if reply, _ := c.text(); reply != "baik "+words {
			t.Errorf("reply %q", reply)
		}
	}
	copies := own.Seen() // the linked account's own phone shows what the client says
	if len(copies) != 5 || !copies[4].Own && !copies[3].Own {
		t.Errorf("the own phone has %d bubbles", len(copies))
	}
	if err := net.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	calm(t, net)
}

func TestFirstContactByNumber(t *testing.T) {
	t.Parallel()
	net, _, c := linked(t)
	budi := register(t, net, "6281234567002")
	c.say(types.NewJID("6281234567002", types.DefaultUserServer), "selamat sore")
	if got := must[[]fakewa.Bubble](t)(budi.Await(t.Context(), 1)); got[0].Text != "selamat sore" {
		t.Errorf("saw %+v", got)
	}
	until[*events.Receipt](c) // two grey ticks
	calm(t, net)
}

func TestRestrictedReachOut(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	dewi := register(t, net, "6281234567003")
	net.RestrictReachOut(true)
	_, err := c.SendMessage(t.Context(), dewi.LID, &waE2E.Message{Conversation: new("halo")})
	if err == nil || len(dewi.Seen()) > 0 {
		t.Fatalf("a stranger was written to: %v", err)
	}
	must[string](t)(dewi.Say(own, "DAFTAR"))
	c.text()
	c.say(dewi.LID, "silakan")
	calm(t, net)
}

func TestFormsOfIdentity(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	old, hidden := register(t, net, "6281234567004"), register(t, net, "6281234567005")
	old.WriteFromNumber()
	hidden.HideNumber()
	must[string](t)(old.Say(own, "a"))
	if m := until[*events.Message](c); m.Info.Sender != old.PN || m.Info.SenderAlt != old.LID {
		t.Errorf("older form: %+v", m.Info)
	}
	must[string](t)(hidden.Say(own, "b"))
	if m := until[*events.Message](c); m.Info.Sender != hidden.LID || !m.Info.SenderAlt.IsEmpty() {
		t.Errorf("hidden number: %+v", m.Info)
	}
	c.say(hidden.LID, "siapa?")
	if got := must[[]fakewa.Bubble](t)(hidden.Await(t.Context(), 1)); got[0].Text != "siapa?" {
		t.Errorf("saw %+v", got)
	}
	calm(t, net)
}

func TestTypingAndReading(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	sri := register(t, net, "6281234567006")
	id := must[string](t)(sri.Say(own, "halo"))
	c.text()
	if err := c.MarkRead(t.Context(), []types.MessageID{id}, time.Now(), sri.LID, sri.LID); err != nil {
		t.Fatal(err)
	}
	if err := c.SendChatPresence(t.Context(), sri.LID, types.ChatPresenceComposing, ""); err != nil {
		t.Fatal(err)
	}
	c.say(sri.LID, "ya") // later stanzas of one connection come later
	if !sri.WasRead(id) || sri.Typed() != 1 {
		t.Errorf("read %v, typed %d", sri.WasRead(id), sri.Typed())
	}
	calm(t, net)
}

func TestFiles(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	sri := register(t, net, "6281234567007")
	picture := bytes.Repeat([]byte("foto"), 3000)
	must[string](t)(sri.SendPhoto(own, picture, "image/jpeg", "bukti"))
	img := until[*events.Message](c).Message.GetImageMessage()
	if got, err := c.Download(t.Context(), img); err != nil || !bytes.Equal(got, picture) || img.GetCaption() != "bukti" {
		t.Errorf("photo: %d bytes, %v", len(got), err)
	}
	file := bytes.Repeat([]byte("laporan,"), 500)
	up, err := c.Upload(t.Context(), file, whatsmeow.MediaDocument)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.SendMessage(t.Context(), sri.LID, &waE2E.Message{DocumentMessage: &waE2E.DocumentMessage{
		FileName: new("rekap.csv"), URL: &up.URL, DirectPath: &up.DirectPath, MediaKey: up.MediaKey,
		FileEncSHA256: up.FileEncSHA256, FileSHA256: up.FileSHA256, FileLength: &up.FileLength,
	}})
	if err != nil {
		t.Fatal(err)
	}
	got := must[[]fakewa.Bubble](t)(sri.Await(t.Context(), 1))[0]
	plain, err := sri.Fetch(got.Message.GetDocumentMessage())
	if err != nil || !bytes.Equal(plain, file) || got.Name != "rekap.csv" {
		t.Errorf("document %+v: %v", got, err)
	}
	net.LoseFiles()
	if _, err := c.Download(t.Context(), img); err == nil {
		t.Error("a lost file was found")
	}
	calm(t, net)
}

// A phone that lost its sessions asks again, and so does a client.
func TestRetryReceipts(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	sri := register(t, net, "6281234567008")
	must[string](t)(sri.Say(own, "halo"))
	c.text()
	c.say(sri.LID, "satu")
	sri.Forget(own)
	id := c.say(sri.LID, "dua")
	got := must[[]fakewa.Bubble](t)(sri.Await(t.Context(), 2))
	if got[1].ID != id || got[1].Text != "dua" || len(sri.Unreadable()) != 1 {
		t.Errorf("saw %+v after %v", got, sri.Unreadable())
	}
	if err := c.Store.Sessions.DeleteSession(t.Context(), sri.LID.SignalAddress().String()); err != nil {
		t.Fatal(err)
	}
	must[string](t)(sri.Say(own, "tiga"))
	if words, _ := c.text(); words != "tiga" {
		t.Errorf("the client read %q", words)
	}
	calm(t, net)
}
