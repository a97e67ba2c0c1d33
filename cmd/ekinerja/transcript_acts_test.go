package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
	"ekinerja/roster"
	"ekinerja/store"
)

// act is what a person does with the phone.
func (s *story) act(who, what string) (err error) {
	if who == "grup" {
		key, text, _ := strings.Cut(what, ": ")
		s.last, err = s.w.group.Say(s.phone(key), text)
		return err
	}
	if onWhatsApp(who) {
		return s.actWhatsApp(who, what)
	}
	p := s.phone(who)
	switch {
	case strings.HasPrefix(what, "["):
		return s.taps(p, what)
	case strings.HasPrefix(what, "^"):
		word, text, _ := strings.Cut(what[1:], ": ")
		m, ok := newest(p, func(m fakegram.Message) bool { return strings.Contains(m.Text, word) })
		if !ok {
			return fmt.Errorf("no bubble with %q", word)
		}
		s.last, err = p.Reply(m.ID, text)
		return err
	case strings.HasPrefix(what, "("):
		return s.special(p, what)
	}
	s.last, err = p.Send(strings.ReplaceAll(what, `\n`, "\n"))
	return err
}

func newest(p *fakegram.Person, match func(fakegram.Message) bool) (fakegram.Message, bool) {
	for _, m := range slices.Backward(p.Seen()) {
		if m.FromBot && match(m) {
			return m, true
		}
	}
	return fakegram.Message{}, false
}

func (s *story) taps(p *fakegram.Person, what string) (err error) {
	for label := range strings.SplitSeq(strings.Trim(what, "[]"), "] [") {
		m, ok := newest(p, func(m fakegram.Message) bool { return has(m, label) })
		if !ok {
			return fmt.Errorf("no button %q", label)
		}
		if s.last, err = p.Tap(m.ID, label); err != nil {
			return err
		}
	}
	return nil
}

// special are things that are not typed: (stiker) (suara) (foto) (foto: caption)
// (album) (album: caption) (berkas: name; caption) (lokasi) (kontak) (kontak orang lain) (undangan) (undangan palsu) (blokir)
// (buka blokir) (ubah) new text of the own last message.
func (s *story) special(p *fakegram.Person, what string) (err error) {
	inside, rest, _ := strings.Cut(strings.TrimPrefix(what, "("), ")")
	verb, arg, _ := strings.Cut(inside, ": ")
	switch verb {
	case "stiker":
		s.last, err = p.SendSticker("👍")
	case "suara":
		s.last, err = p.SendVoice(7)
	case "foto":
		s.last, err = p.SendPhoto(s.picture(), arg)
	case "album":
		s.last, err = p.SendAlbum([][]byte{s.picture(), s.picture(), s.picture()}, arg)
	case "berkas":
		name, caption, _ := strings.Cut(arg, "; ")
		s.last, err = p.SendDocument(name, s.document(name), caption)
	case "lokasi":
		s.last, err = p.SendLocation(-7.5666, 110.8167)
	case "kontak":
		s.last, err = p.ShareContact(true, "", 0)
	case "kontak orang lain":
		s.last, err = p.ShareContact(false, s.w.actor("sri").employee.Phone, 70_004)
	case "undangan":
		return s.openInvite(p, arg)
	case "undangan palsu":
		s.last, err = p.Start("AAAAAAAAAAAAAAAAAAAAAA")
	case "blokir":
		s.last = p.Block()
	case "buka blokir":
		s.last = p.Unblock()
	case "ubah":
		own, ok := lastOwn(p)
		if !ok {
			return errors.New("nothing to edit")
		}
		s.last, err = p.EditMessage(own.ID, strings.ReplaceAll(strings.TrimSpace(rest), `\n`, "\n"))
	default:
		return fmt.Errorf("unknown act %q", inside)
	}
	return err
}

func lastOwn(p *fakegram.Person) (fakegram.Message, bool) {
	for _, m := range slices.Backward(p.Seen()) {
		if !m.FromBot && m.Kind == "text" {
			return m, true
		}
	}
	return fakegram.Message{}, false
}

// openInvite opens the link of an invitation for a person of the seed; a link
// once opened in a story is the same link the next time.
func (s *story) openInvite(p *fakegram.Person, key string) (err error) {
	token, ok := s.token[key]
	if !ok {
		inv, err := s.w.db.InvitePerson(s.ctx, s.w.clock.Now(), s.w.actor(key).employee.Number, inviteLife)
		if err != nil {
			return err
		}
		token = inv.Token
		s.token[key] = token
	}
	s.last, err = p.Start(token)
	return err
}

// disturb is what happens to the service: "redis hilang", "layanan mati"
// (killed and started anew), "layanan padam" and "layanan menyala" (time passes
// between), "berkas hilang" (the next file cannot be fetched), "berkas tertahan" and
// "berkas pulih" (none can, for a while), "telegram putus"
// and "telegram pulih", "gangguan bkn 16.00-18.00"
// (declared, of that day), "kiriman ganda" (the last update comes again),
// "grup ditautkan", "ponsel zaenab tersambung"; and see [story.office].
func (s *story) disturb(what string) error {
	if done, err := s.life(what); done || err != nil {
		return err
	}
	if done, err := s.leads(what); done || err != nil {
		return err
	}
	switch what {
	case "whatsapp menyala":
		return s.startWhatsApp()
	case "redis hilang":
		s.w.redis.Flush()
		return nil
	case "layanan mati":
		s.w.app.Close()
		return s.w.startApp(s.ctx)
	case "layanan padam":
		s.w.app.Close()
		s.dark = true
		return nil
	case "layanan menyala":
		s.dark = false
		if err := s.w.startApp(s.ctx); err != nil {
			return err
		}
		return s.tick()
	case "berkas hilang":
		s.w.net.Inject(fakegram.Fault{Kind: fakegram.FaultError, Method: "getFile", Status: 400, Next: 1})
		return nil
	case "berkas tertahan":
		s.mend = s.w.net.Inject(fakegram.Fault{Kind: fakegram.FaultError, Method: "getFile", Status: 502})
		return nil
	case "berkas pulih":
		s.mend()
		return nil
	case "telegram putus", "telegram pulih":
		return s.cutOff(what == "telegram putus")
	case "kiriman ganda":
		return s.w.net.Redeliver(s.last.UpdateID)
	case "rencana diimpor":
		return s.w.seedPlans(s.ctx)
	case "grup ditautkan":
		return s.w.linkGroup(s.ctx, s.w.actor("sri").employee.OPD)
	case "ponsel zaenab tersambung":
		a := s.w.actor(unlinked)
		a.phone.Open()
		return s.w.db.BindAddress(s.ctx, s.w.clock.Now(), a.employee.ID,
			bot.Address{Network: bot.Telegram, ID: fmt.Sprint(a.phone.ID)})
	}
	if rest, ok := strings.CutPrefix(what, "rencana "); ok { // "rencana sri 1: new text"
		who, text, _ := strings.Cut(rest, ": ")
		key, code, _ := strings.Cut(who, " ")
		return s.w.replan(s.ctx, s.w.actor(key).employee.Number, code, text)
	}
	if rest, ok := strings.CutPrefix(what, "gangguan "); ok {
		return s.declare(rest)
	}
	return s.office(what)
}

// cutOff takes the network away, or gives it back; the service looks at once.
func (s *story) cutOff(away bool) error {
	if away {
		s.mend = s.w.net.Inject(fakegram.Fault{Kind: fakegram.FaultDown})
		s.w.app.look(s.ctx)
		return nil
	}
	s.mend()
	return s.tick()
}

// declare writes down what an operator knows: "bkn 16.00-18.00".
func (s *story) declare(what string) error {
	name, span, _ := strings.Cut(what, " ")
	from, to, _ := strings.Cut(span, "-")
	now := s.w.clock.Now().In(s.w.settings.loc)
	o := store.Outage{Channel: "declared:" + name, DeclaredBy: "test", Note: "aplikasi " + strings.ToUpper(name) + " tidak dapat dibuka"}
	for text, at := range map[string]*time.Time{from: &o.From, to: &o.To} {
		clock, err := roster.ParseClock(text)
		if err != nil {
			return err
		}
		*at = roster.DayOf(now).At(clock, s.w.settings.loc)
	}
	_, err := s.w.db.AddOutage(s.ctx, o)
	return err
}
