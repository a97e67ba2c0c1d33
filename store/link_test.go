package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/conversations"
)

func TestLinkBindsAStranger(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "")
	inv, err := s.store.CreateInvites(t.Context(), s.clock.now(), "", time.Hour)
	if err != nil || len(inv) != 1 || len(inv[0].Token) != 22 {
		t.Fatalf("invites %+v %v", inv, err)
	}
	s.acts.set(func(turn conversations.Turn, r conversations.Records) (conversations.Outcome, error) {
		if turn.Person != nil {
			return conversations.Outcome{Session: turn.Session}, nil
		}
		i, ok, err := r.Invite(t.Context(), turn.Msg.Text, turn.Now)
		if err != nil || !ok || i.Person.ID != id {
			t.Errorf("invite %+v %v %v", i, ok, err)
		}
		return conversations.Outcome{
			Link: &conversations.Link{Invite: i.Hash, Employee: id, Chat: turn.Msg.From},
			Say:  []conversations.Say{{Key: "welcome", To: turn.Msg.From, Msg: conversations.Message{Buttons: [][]conversations.Choice{{{Label: "Mulai", Action: conversations.ActStart}}}}}},
		}, nil
	})
	s.receive(s.text("100", inv[0].Token), s.text("100", "halo"), s.text("100", "lagi"))
	if more := s.handle("utelegram:100"); more {
		t.Error("the stranger's conversation goes on")
	}
	if got := one[string](s, `SELECT string_agg(key || ' ' || state, ', ' ORDER BY id) FROM inbox`); got != "utelegram:100 done, e1 new, e1 new" {
		t.Errorf("inbox %q", got)
	}
	if diff := cmp.Diff([]string{"utelegram:100", "e1"}, s.hints); diff != "" {
		t.Errorf("hints (-want +got):\n%s", diff)
	}
	if !s.handle("e1") || s.handle("e1") {
		t.Error("the person's conversation did not take over")
	}
	if got := one[string](s, `SELECT key FROM button`); got != "e1" {
		t.Errorf("the button is for %q", got)
	}
	_, ok, err := s.store.Records(today(), wib()).Invite(t.Context(), inv[0].Token, s.clock.now())
	if ok || err != nil {
		t.Errorf("the invitation can be used again: %v %v", ok, err)
	}
}

func TestLateKeyIsFoundAnew(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "")
	s.receive(s.text("100", "a"))
	if err := s.store.BindAddress(t.Context(), s.clock.now(), id, telegram("100")); err != nil {
		t.Fatal(err)
	}
	s.receive(s.text("100", "b"))
	s.handle("utelegram:100")
	got := s.does(conversations.Outcome{})
	s.handle(keyOf(id))
	if got.Msg.Text != "a" || got.Person == nil {
		t.Errorf("first %+v", got.Msg)
	}
}

func TestRebindMovesThePersonAndWhatWaits(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	s.enqueue(say("waits", id, conversations.KindAsk))
	inv, err := s.store.InvitePerson(t.Context(), s.clock.now(), "N0", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	link := conversations.Outcome{
		Link: &conversations.Link{Invite: hashOf(inv.Token), Employee: id, Chat: telegram("900")},
		Say:  []conversations.Say{say("moved", id, conversations.KindNotice)},
	}
	if i, ok, err := s.store.Records(today(), wib()).Invite(t.Context(), inv.Token, s.clock.now()); !ok || !i.Linked || err != nil {
		t.Errorf("invite %+v %v %v", i, ok, err)
	}
	s.does(link)
	s.receive(s.text("900", "x"))
	s.handle("utelegram:900")
	if got := one[string](s, `SELECT string_agg(chat_id || ' ' || state, ', ' ORDER BY id) FROM address`); got != "100 closed, 900 live" {
		t.Errorf("addresses %q", got)
	}
	where := map[string]string{}
	for _, c := range s.claim() {
		where[c.Msg.Text] = c.Msg.To.ID
	}
	if diff := cmp.Diff(map[string]string{"waits": "900", "moved": "100"}, where); diff != "" {
		t.Errorf("what waited moves, the notice goes to the old chat (-want +got):\n%s", diff)
	}
	// The same invitation a second time changes nothing.
	s.receive(s.text("901", "x"))
	if _, err := s.turns.Handle(t.Context(), "utelegram:901"); err == nil || !strings.Contains(err.Error(), ErrInviteGone.Error()) {
		t.Errorf("second use: %v", err)
	}
	if err := s.store.BindAddress(t.Context(), s.clock.now(), s.person("Budi", ""), telegram("900")); !errors.Is(err, ErrChatTaken) {
		t.Errorf("bind another's chat: %v", err)
	}
}

func TestInvitesExpireAndReplaceEachOther(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.person("Sri", "")
	s.person("Budi", "200")
	now := s.clock.now()
	first, err := s.store.CreateInvites(t.Context(), now, "Dinas Kominfo", time.Hour)
	if err != nil || len(first) != 1 {
		t.Fatalf("invites %v %v", first, err)
	}
	second, err := s.store.CreateInvites(t.Context(), now, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	group, err := s.store.CreateGroupInvite(t.Context(), now, "Dinas Kominfo", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	r := s.store.Records(today(), wib())
	for name, c := range map[string]struct {
		token string
		at    time.Time
		want  bool
	}{
		"replaced": {first[0].Token, now, false}, "valid": {second[0].Token, now, true}, "forged": {"x", now, false},
		"expired": {second[0].Token, now.Add(time.Hour), false}, "group": {group.Token, now, true},
	} {
		if _, ok, err := r.Invite(t.Context(), c.token, c.at); ok != c.want || err != nil {
			t.Errorf("%s: %v %v", name, ok, err)
		}
	}
	if _, err := s.store.CreateGroupInvite(t.Context(), now, "Dinas X", time.Hour); !errors.Is(err, ErrUnknown) {
		t.Errorf("unknown OPD: %v", err)
	}
	un, err := s.store.Unreached(t.Context())
	if err != nil || len(un) != 1 || un[0].Why != "never" {
		t.Errorf("unreached %+v %v", un, err)
	}
}

func TestGroupsAndNetworkNews(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	id := s.person("Sri", "100")
	inv, err := s.store.CreateGroupInvite(t.Context(), s.clock.now(), "Dinas Kominfo", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	m := s.text("-300", "/start")
	m.Group = true
	s.does(conversations.Outcome{Link: &conversations.Link{Invite: hashOf(inv.Token), Chat: m.From}})
	s.receive(m)
	s.handle("utelegram:-300")
	moved := s.text("-300", "")
	moved.Group, moved.Kind, moved.MovedTo = true, bot.KindMoved, "-1300"
	s.does(conversations.Outcome{Ignored: true})
	s.receive(moved)
	s.handle("utelegram:-300")
	if got := one[string](s, `SELECT g.chat_id || ' ' || o.name FROM opd_group g JOIN opd o ON o.id = g.opd_id`); got != "-1300 Dinas Kominfo" {
		t.Errorf("group %q", got)
	}
	for _, c := range []struct{ kind, want string }{{string(bot.KindBlocked), "blocked"}, {string(bot.KindBack), "live"}} {
		s.does(conversations.Outcome{Reach: bot.Kind(c.kind), SetLang: "en"})
		s.receive(s.text("100", ""))
		s.handle(keyOf(id))
		if got := one[string](s, `SELECT state FROM address`); got != c.want {
			t.Errorf("%s: %s", c.kind, got)
		}
	}
	if got := one[string](s, `SELECT lang FROM employee`); got != "en" {
		t.Errorf("language %s", got)
	}
}
