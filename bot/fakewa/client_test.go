package fakewa_test

import (
	"context"
	"os"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"

	"ekinerja/bot/fakewa"
)

// client is the library as it is, with its events in a row.
type client struct {
	*whatsmeow.Client

	t      *testing.T
	events chan any
}

func connectable(t *testing.T, net *fakewa.Server, dev *store.Device) *client {
	t.Helper()
	var log waLog.Logger
	if os.Getenv("FAKEWA_LOG") != "" { // every stanza, for whoever looks for a fault
		log = waLog.Stdout("client", "DEBUG", false)
	}
	c := &client{Client: whatsmeow.NewClient(dev, log), t: t, events: make(chan any, 1000)}
	net.Attach(c.Client)
	c.AddEventHandler(func(e any) { c.events <- e })
	t.Cleanup(c.Disconnect)
	return c
}

// linked is a network with a client that is linked to a phone and connected.
func linked(t *testing.T) (*fakewa.Server, *fakewa.Phone, *client) {
	t.Helper()
	net := open(t)
	own := register(t, net, "6281100000001")
	dev := fakewa.Device()
	if err := own.Adopt(t.Context(), dev); err != nil {
		t.Fatal(err)
	}
	c := connectable(t, net, dev)
	c.connect()
	return net, own, c
}

func open(t *testing.T) *fakewa.Server {
	t.Helper()
	net, err := fakewa.New(fakewa.Config{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(net.Close)
	return net
}

// calm fails a test whose client did what a careful one would not.
func calm(t *testing.T, net *fakewa.Server) {
	t.Helper()
	if v := net.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}

func register(t *testing.T, net *fakewa.Server, number string) *fakewa.Phone {
	t.Helper()
	p, err := net.Register(number, "Orang "+number[len(number)-3:])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (c *client) connect() {
	c.t.Helper()
	if err := c.Connect(); err != nil {
		c.t.Fatal(err)
	}
	until[*events.Connected](c)
}

// until waits for an event of that kind and gives it; others pass by.
func until[T any](c *client) T {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	for {
		select {
		case e := <-c.events:
			if got, ok := e.(T); ok {
				return got
			}
		case <-ctx.Done():
			var none T
			c.t.Fatalf("no %T came", none)
		}
	}
}

// text waits for words and says which.
func (c *client) text() (string, types.JID) {
	c.t.Helper()
	m := until[*events.Message](c)
	if x := m.Message.GetExtendedTextMessage(); x != nil {
		return x.GetText(), m.Info.Chat
	}
	return m.Message.GetConversation(), m.Info.Chat
}

func (c *client) say(to types.JID, words string) string {
	c.t.Helper()
	resp, err := c.SendMessage(c.t.Context(), to, &waE2E.Message{Conversation: new(words)})
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.ID
}

func must[T any](t *testing.T) func(v T, err error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
