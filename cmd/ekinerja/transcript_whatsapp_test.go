package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ekinerja/bot/fakewa"
)

// waStory is WhatsApp in a story: the service's own number, and people with
// phones on it.
type waStory struct {
	net    *fakewa.Server
	own    *fakewa.Phone
	phones map[string]*fakewa.Phone
	shown  map[string]int // bubbles printed
}

// waReceipts are the same codes between WhatsApp's stars.
var waReceipts = regexp.MustCompile(`((?:Kode bukti: |code: )\*)[A-HJ-NP-Z2-9]{8}\*`)

func onWhatsApp(key string) bool { return strings.HasPrefix(key, "wa-") }

// settled waits until the service has taken in all that people wrote.
func (w *waStory) settled(ctx context.Context) error {
	if w == nil {
		return nil
	}
	return w.net.Settled(ctx)
}

// startWhatsApp gives the service a number and begins it anew with that.
func (s *story) startWhatsApp() error {
	net, err := fakewa.New(fakewa.Config{Now: s.w.clock.Now})
	if err != nil {
		return err
	}
	s.t.Cleanup(net.Close)
	s.wa = &waStory{net: net, phones: map[string]*fakewa.Phone{}, shown: map[string]int{}}
	if s.wa.own, err = net.Register("6281100000001", "Laporan Harian Solo"); err != nil {
		return err
	}
	adapter, sessions, err := s.w.settings.openWhatsApp(s.ctx, s.w.db, s.w.clock, net.Transport(), s.w.log)
	if err != nil {
		return err
	}
	s.t.Cleanup(func() { _ = sessions.Close() })
	own := s.w.db.WhatsApp()
	defer own.Close()
	if err := s.wa.own.Link(s.ctx, own); err != nil {
		return err
	}
	s.w.app.Close()
	s.w.whatsapp = adapter
	if err := s.w.startApp(s.ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	done := make(chan error, 1)
	go func() { done <- adapter.Run(ctx, s.w.app.whatsapp.inbox) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Errorf("whatsapp ended: %v", err)
		}
	})
	return net.Online(ctx, s.wa.own)
}

// waPhone is whose phone a key such as "wa-sri" names, with the number that the
// roster has.
func (s *story) waPhone(key string) (*fakewa.Phone, error) {
	if p := s.wa.phones[key]; p != nil {
		return p, nil
	}
	a := s.w.actor(strings.TrimPrefix(key, "wa-"))
	if a == nil {
		return nil, fmt.Errorf("nobody is called %q", key)
	}
	p, err := s.wa.net.Register(strings.TrimPrefix(a.employee.Phone, "+"), a.employee.Name)
	s.wa.phones[key] = p
	return p, err
}

// actWhatsApp is what a person does there: words, "^word: words" quotes the newest
// bubble with that word, "(undangan: sri)" sends what the link of Sri's invitation
// has ready, "(foto: caption)" a picture.
func (s *story) actWhatsApp(who, what string) error {
	p, err := s.waPhone(who)
	if err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(what, "^"):
		word, words, _ := strings.Cut(what[1:], ": ")
		for _, b := range slices.Backward(p.Inbox()) {
			if strings.Contains(b.Text, word) {
				_, err = p.Reply(s.wa.own, b.ID, words)
				return err
			}
		}
		return fmt.Errorf("no bubble with %q", word)
	case strings.HasPrefix(what, "(undangan: "):
		inv, err := s.w.db.InvitePerson(s.ctx, s.w.clock.Now(), s.w.actor(strings.TrimSuffix(what[len("(undangan: "):], ")")).employee.Number, inviteLife)
		if err != nil {
			return err
		}
		_, err = p.Say(s.wa.own, "DAFTAR "+inv.Token)
		return err
	case strings.HasPrefix(what, "(foto"):
		caption := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(what, "(foto"), ": "), ")")
		_, err = p.SendPhoto(s.wa.own, s.picture(), "image/png", caption)
		return err
	}
	_, err = p.Say(s.wa.own, strings.ReplaceAll(what, `\n`, "\n"))
	return err
}

func (s *story) printWhatsApp(key string) {
	if s.wa == nil || s.wa.phones[key] == nil {
		return
	}
	all := s.wa.phones[key].Inbox()
	for _, b := range all[s.wa.shown[key]:] {
		words := b.Text
		if b.Kind != "text" {
			words = "(" + b.Kind + ") " + words
		}
		words = waReceipts.ReplaceAllString(words, "${1}KODE*")
		words = receipts.ReplaceAllString(shield.Replace(digests.ReplaceAllString(words, "SIDIK")), "${1}KODE${2}")
		_, _ = fmt.Fprintf(&s.out, "%s< %s\n", key, strings.ReplaceAll(words, "\n", "\n  "))
		if b.Copies != 1 {
			s.t.Errorf("%s saw a message %d times", key, b.Copies)
		}
	}
	s.wa.shown[key] = len(all)
}
