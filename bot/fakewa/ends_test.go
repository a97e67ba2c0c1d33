//go:build !race

package fakewa_test

// The library races with itself when a session ends: the deletion of the device
// against receipts that are still being handled, and the end of a socket against
// its own closing. What ends sessions is tested without the race detector, all
// else with it.

import (
	"errors"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"

	"ekinerja/bot/fakewa"
)

func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	net, _, c := linked(t)
	c.Disconnect()
	net.Refuse(fakewa.ReasonTempBan, map[string]any{"code": 101, "expire": 3600})
	if err := c.Connect(); err != nil {
		t.Fatal(err)
	}
	if e := until[*events.TemporaryBan](c); e.Expire != time.Hour || e.Code != 101 {
		t.Errorf("%+v", e)
	}
	c.Disconnect()
	net.Refuse(fakewa.ReasonOutdated, nil)
	if err := c.Connect(); err != nil {
		t.Fatal(err)
	}
	until[*events.ClientOutdated](c)
	c.Disconnect()
	net.Refuse(0, nil)
	c.connect()
	calm(t, net)
}

func TestUnlinkedAndReplaced(t *testing.T) {
	t.Parallel()
	net, own, c := linked(t)
	twin := connectable(t, net, c.Store)
	twin.connect()
	until[*events.StreamReplaced](c)
	net.Unlink(own)
	until[*events.LoggedOut](twin)
	calm(t, net)
}

func TestPairingByQR(t *testing.T) {
	t.Parallel()
	net := open(t)
	own, sri := register(t, net, "6281100000002"), register(t, net, "6281234567013")
	c := connectable(t, net, fakewa.Device())
	codes, err := c.GetQRChannel(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Connect(); err != nil {
		t.Fatal(err)
	}
	code := <-codes
	if err := own.Scan("not a code"); !errors.Is(err, fakewa.ErrCode) {
		t.Errorf("a wrong code: %v", err)
	}
	if err := own.Scan(code.Code); err != nil {
		t.Fatal(err)
	}
	if end := <-codes; end.Event != "success" {
		t.Fatalf("%+v", end)
	}
	until[*events.Connected](c)
	must[string](t)(sri.Say(own, "halo"))
	if words, chat := c.text(); words != "halo" || c.say(chat, "ya") == "" {
		t.Errorf("got %q", words)
	}
	calm(t, net)
}

func TestPairingByCode(t *testing.T) {
	t.Parallel()
	net := open(t)
	own := register(t, net, "6281100000003")
	c := connectable(t, net, fakewa.Device())
	if err := own.Enter("ABCD-EFGH"); !errors.Is(err, fakewa.ErrNoClient) {
		t.Errorf("nobody waits: %v", err)
	}
	if err := c.Connect(); err != nil {
		t.Fatal(err)
	}
	until[*events.QR](c)
	code, err := c.PairPhone(t.Context(), "+62 811-0000-0003", true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		t.Fatal(err)
	}
	if err := own.Enter(code); err != nil {
		t.Fatal(err)
	}
	until[*events.PairSuccess](c)
	until[*events.Connected](c)
	calm(t, net)
}
