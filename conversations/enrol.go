package conversations

import (
	"context"
	"fmt"

	"ekinerja/bot"
	"ekinerja/roster"
)

// Enrolment binds a chat to a person by two things together: an invitation that
// the personnel office handed out, and the person's own contact, shared from
// the phone that stands on the roster. Neither alone is enough, and a stranger
// learns nothing about anybody: every refusal is the same sentence. After five
// refusals within an hour a chat is refused without looking.

// maxAttempts is how often within an hour a chat may be refused.
const maxAttempts = 5

// stranger talks to a chat we do not know.
func (t *turn) stranger(ctx context.Context) error {
	if t.Msg.Kind == bot.KindTap {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return nil
	}
	if t.Msg.Kind == bot.KindContact {
		return t.contact(ctx)
	}
	if cmd, arg, ok := command(t.Msg.Text); ok && cmd == "start" && arg != "" {
		return t.invited(ctx, arg)
	}
	if t.out.Session.Stage == StageContact {
		t.askContact()
		return nil
	}
	t.reply(t.say.Say("belum_terhubung", Data{"Kantor": t.h.City}))
	return nil
}

// invited opens an invitation: the next step is the own contact.
func (t *turn) invited(ctx context.Context, token string) error {
	inv, found, err := t.invite(ctx, token)
	if err != nil {
		return err
	}
	if !found || inv.Person == nil {
		t.refuse()
		t.reply(t.say.Say("undangan_tidak_berlaku", nil))
		return nil
	}
	t.out.Session = Session{Stage: StageContact, Invite: token}
	if t.Msg.Contact != nil { // the network itself says which number wrote
		return t.contact(ctx)
	}
	t.askContact()
	return nil
}

// invite looks an invitation up, unless the chat has been refused too often.
func (t *turn) invite(ctx context.Context, token string) (Invite, bool, error) {
	if t.Attempts >= maxAttempts {
		return Invite{}, false, nil
	}
	return t.rec.Invite(ctx, token, t.Now)
}

// refuse counts a refusal; one without looking says nothing about guessing.
func (t *turn) refuse() { t.out.Refused = t.Attempts < maxAttempts }

func (t *turn) askContact() {
	if t.Msg.From.Network == bot.WhatsApp { // where nobody can share their own number with proof
		t.out.Session = Session{}
		t.reply(t.say.Say("nomor_tidak_tampak", Data{"Kantor": t.h.City}))
		return
	}
	m := t.say.Say("minta_kontak", Data{"Kantor": t.h.City})
	m.Keyboard = &bot.Keyboard{AskContact: t.say.Text("tombol_bagikan_kontak", nil)}
	t.reply(m)
}

// contact checks the shared contact against the invitation.
func (t *turn) contact(ctx context.Context) error {
	token := t.out.Session.Invite
	if token == "" || t.Msg.Contact == nil {
		t.reply(t.say.Say("belum_terhubung", Data{"Kantor": t.h.City}))
		return nil
	}
	inv, found, err := t.invite(ctx, token)
	if err != nil {
		return err
	}
	if !found || inv.Person == nil || !t.ownContact(*inv.Person) {
		t.refuse()
		t.warnOwner(inv, found)
		t.audit("enrol.refused", t.Msg.From)
		if t.Msg.Kind != bot.KindContact {
			t.out.Session = Session{}
			t.reply(t.say.Say("nomor_tidak_cocok", nil))
			return nil
		}
		m := t.say.Say("kontak_tidak_cocok", nil)
		m.Keyboard = &bot.Keyboard{AskContact: t.say.Text("tombol_bagikan_kontak", nil)}
		t.reply(m)
		return nil
	}
	t.welcome(*inv.Person, inv)
	return nil
}

// warnOwner tells a connected person that somebody else tried their invitation,
// once an invitation.
func (t *turn) warnOwner(inv Invite, found bool) {
	if !found || inv.Person == nil || !inv.Linked {
		return
	}
	say := t.h.Words.To(*inv.Person)
	t.queue(Say{
		Key: fmt.Sprintf("tried/%d/%x", inv.Person.ID, inv.Hash), Kind: KindNotice, Employee: inv.Person.ID,
		Msg: say.Say("undangan_dicoba", Data{"Nama": say.Vocative(*inv.Person)}),
	})
}

// knownContact is a contact of somebody who is connected: after the roster's
// number has changed it confirms the new one, from the same account.
func (t *turn) knownContact() error {
	id := "kontak_sudah_terhubung"
	if t.ownContact(*t.Person) {
		t.out.Own.Confirmed = true
		id = "nomor_dikonfirmasi"
	}
	m := t.say.Say(id, Data{"Nama": t.say.Vocative(*t.Person)})
	m.Keyboard = &bot.Keyboard{Remove: true}
	t.reply(m)
	return nil
}

// NumberChanged asks a connected chat for the number that the roster has now.
func (s Speaker) NumberChanged(p Person, days int) Message {
	m := s.Say("nomor_berubah", Data{"Nama": s.Vocative(p), "Hari": days})
	m.Keyboard = &bot.Keyboard{AskContact: s.Text("tombol_bagikan_kontak", nil)}
	return m
}

// NumberUnconfirmed tells a chat that it is not connected any more.
func (s Speaker) NumberUnconfirmed(p Person) Message {
	m := s.Say("nomor_tidak_dikonfirmasi", Data{"Nama": s.Vocative(p)})
	m.Keyboard = &bot.Keyboard{Remove: true}
	return m
}

// Farewell ends the questions to somebody who has left.
func (s Speaker) Farewell(p Person) Message {
	m := s.Say("purna", Data{"Nama": s.Vocative(p), "Anda": s.Honorific(p.Sex)})
	m.Keyboard = &bot.Keyboard{Remove: true}
	return m
}

// ownContact: the contact is the sender's own account, and its phone is the one
// on the roster.
func (t *turn) ownContact(p Person) bool {
	c := t.Msg.Contact
	if c.UserID == "" || c.UserID != t.Msg.Sender || p.Phone == "" {
		return false
	}
	phone, err := roster.ParsePhone(c.Phone)
	return err == nil && phone == p.Phone
}

func (t *turn) welcome(p Person, inv Invite) {
	t.out.Session = Session{}
	t.out.Link = &Link{Invite: inv.Hash, Employee: p.ID, Chat: t.Msg.From}
	t.audit("enrol.linked", fmt.Sprintf("employee:%d", p.ID))
	t.say = t.h.Words.To(p)
	if inv.Linked {
		t.queue(Say{
			Key: fmt.Sprintf("relinked/%d/%d", p.ID, t.Inbox), Kind: KindNotice, Employee: p.ID,
			Msg: t.say.Say("pindah_ponsel", Data{"Nama": t.say.Vocative(p)}),
		})
	}
	m := t.say.Say("selamat_datang", Data{"Nama": t.say.Vocative(p), "Kantor": t.h.City, "OPD": p.OPD})
	m.Keyboard = &bot.Keyboard{Remove: true}
	t.reply(m)
}

// startLink is /start of a known person: a greeting, or a link that needs no use.
func (t *turn) startLink(ctx context.Context, token string) error {
	if token != "" {
		t.reply(t.say.Say("kontak_sudah_terhubung", Data{"Nama": t.say.Vocative(*t.Person)}))
		return nil
	}
	return t.command(ctx, "bantuan", "")
}

// group ignores a group's talk; only an invitation for its OPD is heard.
func (t *turn) group(ctx context.Context) error {
	cmd, arg, ok := command(t.Msg.Text)
	if !ok || cmd != "start" || arg == "" {
		t.out.Ignored = true
		return nil
	}
	inv, found, err := t.invite(ctx, arg)
	if err != nil {
		return err
	}
	if !found || inv.OPD == "" {
		t.refuse()
		t.reply(t.say.Say("undangan_grup_tidak_berlaku", nil))
		return nil
	}
	t.out.Link = &Link{Invite: inv.Hash, Chat: t.Msg.From}
	t.audit("group.linked", t.Msg.From)
	t.reply(t.say.Say("grup_terhubung", Data{"OPD": inv.OPD}))
	return nil
}
