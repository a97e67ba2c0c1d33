package fakewa_test

import (
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"
)

func TestOfflineQueueAndCut(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	sri := register(t, net, "6281234567010")
	c.Disconnect()
	said := []string{"satu", "dua", "tiga"}
	for _, words := range said {
		must[string](t)(sri.Say(own, words))
	}
	if n := net.Pending(own); n != len(said) {
		t.Errorf("%d pending", n)
	}
	if err := c.Connect(); err != nil {
		t.Fatal(err)
	}
	for _, want := range said {
		if words, _ := c.text(); words != want {
			t.Errorf("got %q, want %q", words, want)
		}
	}
	until[*events.OfflineSyncCompleted](c)
	net.Cut()
	until[*events.Disconnected](c)
	until[*events.Connected](c) // by itself
	must[string](t)(sri.Say(own, "empat"))
	if words, _ := c.text(); words != "empat" {
		t.Errorf("got %q", words)
	}
	if err := net.Settled(t.Context()); err != nil || net.Pending(own) != 0 {
		t.Errorf("%d pending: %v", net.Pending(own), err)
	}
	calm(t, net)
}

// The sender cannot know; the phone shows one message however often it comes.
func TestLostAcknowledgement(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	sri := register(t, net, "6281234567012")
	must[string](t)(sri.Say(own, "halo"))
	c.text()
	net.LoseAcks(1)
	extra := whatsmeow.SendRequestExtra{ID: "3EB0LOST"}
	ask := &waE2E.Message{Conversation: new("sudah?")}
	_, _ = c.SendMessage(t.Context(), sri.LID, ask, extra) // whether it says so depends on who reconnects first
	if err := net.Online(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SendMessage(t.Context(), sri.LID, ask, extra); err != nil {
		t.Fatal(err)
	}
	got := sri.Inbox()
	if len(got) != 1 || got[0].ID != extra.ID || got[0].Copies < 2 {
		t.Errorf("saw %+v", got)
	}
	calm(t, net)
}
