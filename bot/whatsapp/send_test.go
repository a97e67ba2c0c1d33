package whatsapp_test

import (
	"bytes"
	"errors"
	"testing"

	"ekinerja/bot"
	"ekinerja/bot/fakewa"
)

func to(p *fakewa.Phone, words string) bot.MsgOut {
	return bot.MsgOut{To: bot.Address{Network: bot.WhatsApp, ID: p.LID.String()}, Text: words}
}

func TestChoicesAreNumbers(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	m := to(sri, "Ringkasan Senin")
	m.Bold = []bot.Span{{Start: 0, End: 9}}
	m.Buttons = [][]bot.Button{{{Label: "Kirim", Token: "v1.a"}}, {{Label: "Ubah", Token: "v1.b"}, {Label: "Peta", URL: "https://example.id"}}}
	id, err := r.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	got := sri.Inbox()[0]
	want := "*Ringkasan* Senin\n\nBalas dengan angkanya:\n*1* Kirim\n*2* Ubah\nPeta: https://example.id"
	if got.ID != id || got.Text != want {
		t.Errorf("saw %q", got.Text)
	}
	for words, want := range map[string]string{"1": "v1.a", " 2. ": "v1.b", "ubah": "v1.b", "3": "", "kirim laporan": ""} {
		if b, _ := bot.Choose([]bot.Button{m.Buttons[0][0], m.Buttons[1][0], m.Buttons[1][1]}, words); b.Token != want {
			t.Errorf("%q chooses %q, want %q", words, b.Token, want)
		}
	}
}

func TestFilesOut(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	m := to(sri, "Pekan ini")
	m.Photo = bytes.Repeat([]byte("png"), 500)
	if _, err := r.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	f := to(sri, "Data")
	f.File, f.FileName = []byte("{}"), "dataku.json"
	if _, err := r.Send(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	got := sri.Inbox()
	picture, err := sri.Fetch(got[0].Message.GetImageMessage())
	if err != nil || !bytes.Equal(picture, m.Photo) || got[0].Text != "Pekan ini" {
		t.Errorf("picture %+v: %v", got[0], err)
	}
	file, err := sri.Fetch(got[1].Message.GetDocumentMessage())
	if err != nil || string(file) != "{}" || got[1].Name != "dataku.json" {
		t.Errorf("file %+v: %v", got[1], err)
	}
}

// A row that is sent again, for whatever reason, is one message on the phone.
func TestARowIsOneMessage(t *testing.T) {
	t.Parallel()
	r := connected(t)
	sri := r.person("6281234567001")
	m := to(sri, "sudah?")
	m.Ref = "epoch/ask/1"
	r.net.LoseAcks(1)
	first, err := r.Send(t.Context(), m)
	if err != nil && bot.OutcomeOf(err).Outcome != bot.Retry {
		t.Fatalf("a row with a name of its own may be tried again: %v", err)
	}
	r.until("a line", func() bool { return r.Health().State == "connected" })
	if err := r.net.Online(t.Context(), r.own); err != nil {
		t.Fatal(err)
	}
	var second string
	r.until("the second try", func() bool { second, err = r.Send(t.Context(), m); return err == nil })
	if got := sri.Inbox(); len(got) != 1 || got[0].ID != second || (first != "" && first != second) || got[0].Copies < 2 {
		t.Errorf("saw %+v", got)
	}
}

func TestSendsThatFail(t *testing.T) {
	t.Parallel()
	r := connected(t)
	dewi := r.person("6281234567002")
	r.net.RestrictReachOut(true)
	_, err := r.Send(t.Context(), to(dewi, "halo"))
	if se := bot.OutcomeOf(err); se.Outcome != bot.Throttled || se.Code != 463 || se.RetryAfter == 0 {
		t.Errorf("a restricted number: %v", err)
	}
	if h := r.Health(); h.State != "restricted" || !h.Alarming() {
		t.Errorf("health %+v", h)
	}
	for _, address := range []string{"", "6281234567002@s.whatsapp.net", "12345"} {
		_, err := r.Send(t.Context(), bot.MsgOut{To: bot.Address{Network: bot.WhatsApp, ID: address}, Text: "x"})
		if bot.OutcomeOf(err).Outcome != bot.Final {
			t.Errorf("address %q: %v", address, err)
		}
	}
}

func TestOfflineIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.Send(t.Context(), to(r.own, "halo"))
	if bot.OutcomeOf(err).Outcome != bot.Retry {
		t.Errorf("offline: %v", err)
	}
	if _, err := r.Fetch(t.Context(), "wa:e30"); err == nil || errors.Is(err, bot.ErrNoFile) {
		t.Errorf("offline file: %v", err)
	}
	if _, err := r.Fetch(t.Context(), "wa:%"); !errors.Is(err, bot.ErrNoFile) {
		t.Errorf("no file id: %v", err)
	}
}
