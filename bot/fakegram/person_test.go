package fakegram

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// dig walks into a decoded update.
func dig(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[name]
		case []any:
			if len(x) == 0 {
				return nil
			}
			v = x[len(x)-1].(map[string]any)[name]
		default:
			return nil
		}
	}
	return v
}

// TestEveryActMakesAGoodUpdate checks every update against the table (in
// updates) and looks at what matters in it.
func TestEveryActMakesAGoodUpdate(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		act  func(n *network, p *Person) (Sent, error)
		want map[string]any
	}{
		"start":  {func(_ *network, p *Person) (Sent, error) { return p.Start("kode7") }, map[string]any{"message.text": "/start kode7", "message.entities.type": "bot_command", "message.entities.length": 6.0, "message.from.language_code": "id", "message.chat.type": "private"}},
		"text":   {func(_ *network, p *Person) (Sent, error) { return p.Send(" rapat 😀 /bantuan ") }, map[string]any{"message.text": "rapat 😀 /bantuan", "message.entities.offset": 9.0, "message.date": 1795420800.0}},
		"reply":  {func(_ *network, p *Person) (Sent, error) { return p.Reply(1, "ya") }, map[string]any{"message.reply_to_message.text": "Hadir?", "message.reply_to_message.from.is_bot": true, "message.reply_to_message.reply_markup.inline_keyboard": any(nil)}},
		"tap":    {func(_ *network, p *Person) (Sent, error) { return p.Tap(2, "Izin") }, map[string]any{"callback_query.data": "i:1", "callback_query.message.message_id": 2.0, "callback_query.from.id": 7.0}},
		"tap 0":  {func(_ *network, p *Person) (Sent, error) { return p.Tap(0, "h:1") }, map[string]any{"callback_query.data": "h:1", "callback_query.message.text": "Pilih"}},
		"forged": {func(_ *network, p *Person) (Sent, error) { return p.TapData(1, "palsu") }, map[string]any{"callback_query.data": "palsu", "callback_query.message.message_id": 1.0}},
		"tap on deleted": {func(n *network, p *Person) (Sent, error) {
			n.call(t, "deleteMessage", `{"chat_id":7,"message_id":1}`)
			return p.TapData(1, "x")
		}, map[string]any{"callback_query.message.date": 0.0, "callback_query.message.text": nil}},
		"own contact":   {func(_ *network, p *Person) (Sent, error) { return p.ShareContact(true, "", 0) }, map[string]any{"message.contact.phone_number": "628111", "message.contact.user_id": 7.0}},
		"other contact": {func(_ *network, p *Person) (Sent, error) { return p.ShareContact(false, "628999", 0) }, map[string]any{"message.contact.phone_number": "628999", "message.contact.user_id": nil}},
		"photo":         {func(_ *network, p *Person) (Sent, error) { return p.SendPhoto(testPNG(t, 40, 30), "bukti") }, map[string]any{"message.caption": "bukti", "message.photo.width": 40.0}},
		"document":      {func(_ *network, p *Person) (Sent, error) { return p.SendDocument("../a.pdf", []byte("%PDF-1.7"), "") }, map[string]any{"message.document.file_name": "a.pdf", "message.document.mime_type": "application/pdf", "message.document.file_size": 8.0}},
		"location":      {func(_ *network, p *Person) (Sent, error) { return p.SendLocation(-7.57, 110.83) }, map[string]any{"message.location.latitude": -7.57}},
		"sticker":       {func(_ *network, p *Person) (Sent, error) { return p.SendSticker("👍") }, map[string]any{"message.sticker.emoji": "👍"}},
		"voice":         {func(_ *network, p *Person) (Sent, error) { return p.SendVoice(4) }, map[string]any{"message.voice.duration": 4.0}},
		"block":         {func(_ *network, p *Person) (Sent, error) { return p.Block(), nil }, map[string]any{"my_chat_member.new_chat_member.status": "kicked", "my_chat_member.old_chat_member.status": "member", "my_chat_member.chat.id": 7.0}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			p := n.Person(7, "Siti", "628111")
			p.Open()
			n.call(t, "sendMessage", `{"chat_id":7,"text":"Hadir?"}`)
			n.call(t, "sendMessage", `{"chat_id":7,"text":"Pilih","reply_markup":{"inline_keyboard":[[{"text":"Hadir","callback_data":"h:1"},{"text":"Izin","callback_data":"i:1"}]]}}`)
			sent := must(t)(c.act(n, p))
			got := n.updates(t, `{}`)
			if len(got) != 1 || id(got[0]) != sent.UpdateID {
				t.Fatalf("updates = %v, sent %+v", got, sent)
			}
			for path, want := range c.want {
				if v := dig(got[0], path); v != want {
					t.Errorf("%s = %v, want %v", path, v, want)
				}
			}
		})
	}
}

func TestQuotesAreOneLevelDeep(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	first := must(t)(p.Send("satu"))
	second := must(t)(p.Reply(first.MessageID, "dua"))
	must(t)(p.Reply(second.MessageID, "tiga"))
	third := n.updates(t, `{}`)[2]
	if dig(third, "message.reply_to_message.text") != "dua" || dig(third, "message.reply_to_message.reply_to_message") != nil {
		t.Errorf("third = %v", third)
	}
	if got := p.Seen()[2].ReplyTo; got != second.MessageID {
		t.Errorf("ReplyTo = %d", got)
	}
}

func TestEditedByThePerson(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	sent := must(t)(p.Send("rapat"))
	n.clock.add(time.Minute)
	edit := must(t)(p.EditMessage(sent.MessageID, "rapat koordinasi"))
	got := n.updates(t, `{}`)
	if len(got) != 2 || id(got[1]) != edit.UpdateID || dig(got[1], "edited_message.text") != "rapat koordinasi" ||
		dig(got[1], "edited_message.edit_date") != dig(got[0], "message.date").(float64)+60 {
		t.Errorf("updates = %v", got)
	}
	seen := p.Seen()
	if len(seen) != 1 || !seen[0].Edited || seen[0].Text != "rapat koordinasi" || seen[0].EditedAt.Sub(seen[0].At) != time.Minute {
		t.Errorf("seen = %+v", seen)
	}
}

func TestBlockedUntilStart(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	must(t)(p.Start(""))
	p.Block()
	if again := p.Block(); again != (Sent{}) {
		t.Errorf("blocked twice: %+v", again)
	}
	if a := n.call(t, "sendMessage", hello); a.Code != 403 || a.Description != "Forbidden: bot was blocked by the user" {
		t.Errorf("answer = %+v", a)
	}
	if _, err := p.Send("halo"); !errors.Is(err, ErrBlocking) {
		t.Errorf("Send = %v", err)
	}
	must(t)(p.Start(""))
	if a := n.call(t, "sendMessage", hello); !a.OK {
		t.Errorf("answer = %+v", a)
	}
	var kinds []string
	for _, u := range n.updates(t, `{}`) {
		for kind := range u {
			if kind != "update_id" {
				kinds = append(kinds, kind)
			}
		}
	}
	if diff := cmp.Diff([]string{"message", "my_chat_member", "my_chat_member", "message"}, kinds); diff != "" {
		t.Error(diff)
	}
	p.Deactivate()
	if a := n.call(t, "sendMessage", hello); a.Code != 403 || a.Description != "Forbidden: user is deactivated" {
		t.Errorf("answer = %+v", a)
	}
	if _, err := p.Send("halo"); !errors.Is(err, ErrClosed) {
		t.Errorf("Send = %v", err)
	}
}

func TestActsThatAPhoneDoesNotOffer(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	p.Open()
	n.call(t, "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"Laman","url":"https://surakarta.go.id"}]]}}`)
	cases := map[string]struct {
		act  func() (Sent, error)
		want error
	}{
		"empty":         {func() (Sent, error) { return p.Send(" \n") }, ErrEmpty},
		"too long":      {func() (Sent, error) { return p.Send(strings.Repeat("😀", 2049)) }, ErrTooLong},
		"reply to none": {func() (Sent, error) { return p.Reply(99, "a") }, ErrNoMessage},
		"no button":     {func() (Sent, error) { return p.Tap(1, "Hadir") }, ErrNoButton},
		"a URL button":  {func() (Sent, error) { return p.Tap(1, "Laman") }, ErrNoButton},
		"edit of bot's": {func() (Sent, error) { return p.EditMessage(1, "b") }, ErrNotMine},
		"edit of none":  {func() (Sent, error) { return p.EditMessage(99, "b") }, ErrNoMessage},
	}
	for name, c := range cases {
		if _, err := c.act(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := p.SendPhoto([]byte("PNG"), ""); err == nil {
		t.Error("a picture that is none was sent")
	}
	if _, err := p.SendLocation(91, 0); err == nil {
		t.Error("a place beyond the pole was sent")
	}
	if n.Pending() != 0 || len(p.Seen()) != 1 {
		t.Errorf("%d pending, %d seen", n.Pending(), len(p.Seen()))
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	siti, budi := n.Person(7, "Siti", "628111"), n.Person(8, "Budi", "628112")
	g := n.Group(-55, "Bidang Umum")
	if a := n.call(t, "sendMessage", `{"chat_id":-55,"text":"a"}`); a.Description != "Forbidden: bot is not a member of the group chat" {
		t.Errorf("before joining: %+v", a)
	}
	must(t)(g.AddBot(siti))
	n.call(t, "sendMessage", `{"chat_id":-55,"text":"Skor","reply_markup":{"inline_keyboard":[[{"text":"Rinci","callback_data":"r"}]]}}`)
	heard := map[string]bool{}
	for _, text := range []string{"obrolan", "/skor", "/skor@kinerja_bot", "/skor@lain_bot", "hai @Kinerja_Bot"} {
		heard[text] = must(t)(g.Say(budi, text)).UpdateID != 0
	}
	want := map[string]bool{"obrolan": false, "/skor": true, "/skor@kinerja_bot": true, "/skor@lain_bot": false, "hai @Kinerja_Bot": true}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Error("privacy mode:", diff)
	}
	must(t)(g.Tap(budi, 2, "Rinci"))
	if must(t)(g.Reply(budi, 2, "terima kasih")).UpdateID == 0 {
		t.Error("a reply to the bot was not heard")
	}
	next, err := g.Migrate(siti, -1000000000055)
	if err != nil {
		t.Fatal(err)
	}
	if a := n.call(t, "sendMessage", `{"chat_id":-55,"text":"a"}`); a.Code != 400 || a.Parameters.MigrateTo != next.ID {
		t.Errorf("to the old id: %+v", a)
	}
	if a := n.call(t, "sendMessage", `{"chat_id":-1000000000055,"text":"a"}`); !a.OK {
		t.Errorf("to the new id: %+v", a)
	}
	must(t)(next.RemoveBot(siti))
	if a := n.call(t, "sendMessage", `{"chat_id":-1000000000055,"text":"a"}`); a.Description != "Forbidden: bot was kicked from the group chat" {
		t.Errorf("after removal: %+v", a)
	}
	updates := n.updates(t, `{}`) // each is checked against the table
	if got := dig(updates[0], "my_chat_member.new_chat_member.status"); got != "member" {
		t.Errorf("first update = %v", updates[0])
	}
	if got := dig(updates[1], "message.new_chat_members.username"); got != "kinerja_bot" {
		t.Errorf("second update = %v", updates[1])
	}
	n.noViolations(t)
}

func TestGroupWithoutPrivacyMode(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, func(c *Config) { c.ReadsGroups = true })
	siti := n.Person(7, "Siti", "628111")
	g := n.Group(-55, "Bidang Umum")
	must(t)(g.AddBot(siti))
	if must(t)(g.Say(siti, "obrolan")).UpdateID == 0 {
		t.Error("a talk was not heard")
	}
}

func TestKeepMessages(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, func(c *Config) { c.KeepMessages = 3 })
	p := n.Person(7, "Siti", "628111")
	for range 10 {
		must(t)(p.Send("a"))
	}
	if seen := p.Seen(); len(seen) != 3 || seen[0].ID != 8 {
		t.Errorf("kept %d from %d", len(seen), seen[0].ID)
	}
	if _, err := p.Reply(1, "b"); !errors.Is(err, ErrNoMessage) {
		t.Errorf("a reply to a forgotten message: %v", err)
	}
}

func TestPhotosHaveAThumbnailFirst(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	picture := testPNG(t, 200, 100)
	must(t)(p.SendPhoto(picture, ""))
	sizes := dig(n.updates(t, `{}`)[0], "message.photo").([]any)
	if len(sizes) != 2 || dig(sizes[0], "width") != 90.0 || dig(sizes[0], "height") != 45.0 || dig(sizes[1], "width") != 200.0 {
		t.Fatalf("sizes = %v", sizes)
	}
	thumb, _, _ := n.File(dig(sizes[0], "file_id").(string))
	full, _, _ := n.File(dig(sizes[1], "file_id").(string))
	if len(thumb) == 0 || !bytes.Equal(full, picture) || bytes.Equal(thumb, full) {
		t.Error("the files behind the sizes are not a thumbnail and the original")
	}
}

func TestFilesAreForgottenOldestFirst(t *testing.T) {
	t.Parallel()
	n := newNetwork(t, func(c *Config) { c.KeepFileBytes = 25 })
	p := n.Person(7, "Siti", "628111")
	for range 3 {
		must(t)(p.SendDocument("a.txt", []byte("0123456789"), ""))
	}
	var kept []bool
	for _, m := range p.Seen() {
		_, _, found := n.File(m.FileID)
		kept = append(kept, found)
	}
	if diff := cmp.Diff([]bool{false, true, true}, kept); diff != "" {
		t.Error(diff)
	}
}

func TestOldTapsAndOldMessages(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	p.Open()
	n.call(t, "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"b","callback_data":"c"}]]}}`)
	must(t)(p.Tap(1, "b"))
	query := dig(n.updates(t, `{}`)[0], "callback_query.id").(string)
	if a := n.call(t, "answerCallbackQuery", `{"callback_query_id":"`+query+`","text":"ok","show_alert":true}`); !a.OK {
		t.Errorf("answer = %+v", a)
	}
	if toasts := p.Seen()[0].Toasts; len(toasts) != 1 || !toasts[0].Alert || toasts[0].UserID != 7 {
		t.Errorf("toasts = %+v", toasts)
	}
	n.clock.add(16 * time.Minute)
	if a := n.call(t, "answerCallbackQuery", `{"callback_query_id":"`+query+`"}`); a.Code != 400 {
		t.Errorf("answer to an old tap = %+v", a)
	}
	n.clock.add(48 * time.Hour)
	if a := n.call(t, "deleteMessage", `{"chat_id":7,"message_id":1}`); a.Description != "Bad Request: message can't be deleted for everyone" {
		t.Errorf("delete after two days = %+v", a)
	}
}
