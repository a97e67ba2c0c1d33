package telegram

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"ekinerja/bot"
)

// sent is a date of the recorded payloads: 2026-11-23 08:00 UTC.
const sentAt = "1795420800"

func TestReceive(t *testing.T) {
	t.Parallel()
	const ani = `"from":{"id":501,"is_bot":false,"first_name":"Ani","language_code":"id"},"chat":{"id":501,"type":"private"}`
	const head = `"message_id":7,"date":` + sentAt + `,` + ani
	base := bot.MsgIn{
		From: bot.Address{Network: bot.Telegram, ID: "501"}, Sender: "501", ExternalID: "m:501:7", MessageID: "7",
		At: morning, Language: "id",
	}
	with := func(change func(*bot.MsgIn)) bot.MsgIn {
		m := base
		change(&m)
		return m
	}
	for name, c := range map[string]struct {
		update string
		want   bot.MsgIn
	}{
		"text": {
			`"message":{` + head + `,"text":"Rapat"}`,
			with(func(m *bot.MsgIn) { m.Kind, m.Text = bot.KindText, "Rapat" }),
		},
		"a quoted question": {
			`"message":{` + head + `,"text":"2","reply_to_message":{"message_id":6,"date":1,"chat":{"id":501,"type":"private"}}}`,
			with(func(m *bot.MsgIn) { m.Kind, m.Text, m.Quoted = bot.KindText, "2", "6" }),
		},
		"a forward of a kind nobody knows yet": {
			`"message":{` + head + `,"text":"x","forward_origin":{"type":"hologram","date":1}}`,
			with(func(m *bot.MsgIn) { m.Kind, m.Text = bot.KindText, "x" }),
		},
		"nul, broken surrogate, decomposed": {
			`"message":{` + head + `,"text":"a\u0000b\ud800 e\u0301"}`,
			with(func(m *bot.MsgIn) { m.Kind, m.Text = bot.KindText, "ab\uFFFD é" }),
		},
		"photo alone, the largest": {
			`"message":{` + head + `,"photo":[{"file_id":"s","width":90,"height":60,"file_size":9},{"file_id":"l","width":1280,"height":960,"file_size":99},{"file_id":"m","width":320,"height":240}]}`,
			with(func(m *bot.MsgIn) {
				m.Kind, m.Attachments = bot.KindMedia, []bot.Attachment{{Kind: bot.Photo, FileID: "l", Size: 99}}
			}),
		},
		"photo with words": {
			`"message":{` + head + `,"caption":"Upacara","photo":[{"file_id":"s","width":9,"height":9}]}`,
			with(func(m *bot.MsgIn) {
				m.Kind, m.Text, m.Attachments = bot.KindText, "Upacara", []bot.Attachment{{Kind: bot.Photo, FileID: "s"}}
			}),
		},
		"document": {
			`"message":{` + head + `,"document":{"file_id":"d","file_name":"SK\u0000.pdf","mime_type":"application/pdf","file_size":5}}`,
			with(func(m *bot.MsgIn) {
				m.Kind = bot.KindMedia
				m.Attachments = []bot.Attachment{{Kind: bot.Document, FileID: "d", Name: "SK.pdf", MIME: "application/pdf", Size: 5}}
			}),
		},
		"location": {
			`"message":{` + head + `,"location":{"latitude":-7.56657391,"longitude":110.8316519}}`,
			with(func(m *bot.MsgIn) {
				m.Kind, m.Attachments = bot.KindMedia, []bot.Attachment{{Kind: bot.Location, Lat: -7.5666, Lon: 110.8317}}
			}),
		},
		"the own contact": {
			`"message":{` + head + `,"contact":{"phone_number":"+62811","first_name":"Ani","user_id":501}}`,
			with(func(m *bot.MsgIn) { m.Kind, m.Contact = bot.KindContact, &bot.Contact{UserID: "501", Phone: "+62811"} }),
		},
		"the contact of somebody without an account": {
			`"message":{` + head + `,"contact":{"phone_number":"0811","first_name":"Budi"}}`,
			with(func(m *bot.MsgIn) { m.Kind, m.Contact = bot.KindContact, &bot.Contact{Phone: "0811"} }),
		},
		"sticker": {
			`"message":{` + head + `,"sticker":{"file_id":"s"}}`,
			with(func(m *bot.MsgIn) { m.Kind, m.Odd = bot.KindOther, "sticker" }),
		},
		"animation, which is also a document": {
			`"message":{` + head + `,"animation":{},"document":{"file_id":"d"},"caption":"lucu"}`,
			with(func(m *bot.MsgIn) {
				m.Kind, m.Odd, m.Text = bot.KindOther, "animation", "lucu"
				m.Attachments = []bot.Attachment{{Kind: bot.Document, FileID: "d"}}
			}),
		},
		"something new": {
			`"message":{` + head + `,"hologram":{}}`,
			with(func(m *bot.MsgIn) { m.Kind, m.Odd = bot.KindOther, "unknown" }),
		},
		"edit": {
			`"edited_message":{` + head + `,"edit_date":1795420860,"text":"Rapat dinas"}`,
			with(func(m *bot.MsgIn) {
				m.Kind, m.Text, m.ExternalID, m.At = bot.KindEdit, "Rapat dinas", "e:501:7:1795420860", morning.Add(time.Minute)
			}),
		},
		"edit to a sticker": {
			`"edited_message":{` + head + `,"edit_date":1795420860,"sticker":{"file_id":"s"}}`,
			with(func(m *bot.MsgIn) {
				m.Kind, m.Odd, m.ExternalID, m.At = bot.KindEdit, "sticker", "e:501:7:1795420860", morning.Add(time.Minute)
			}),
		},
		"group": {
			`"message":{"message_id":8,"date":` + sentAt + `,"from":{"id":501},"chat":{"id":-1009,"type":"supergroup"},"text":"ok"}`,
			bot.MsgIn{
				From: bot.Address{Network: bot.Telegram, ID: "-1009"}, Sender: "501", Group: true, ExternalID: "m:-1009:8",
				MessageID: "8", At: morning, Kind: bot.KindText, Text: "ok",
			},
		},
		"group moved": {
			`"message":{"message_id":8,"date":` + sentAt + `,"chat":{"id":-9,"type":"group"},"migrate_to_chat_id":-1009}`,
			bot.MsgIn{
				From: bot.Address{Network: bot.Telegram, ID: "-9"}, Group: true, ExternalID: "m:-9:8", MessageID: "8",
				At: morning, Kind: bot.KindMoved, MovedTo: "-1009",
			},
		},
		"tap": {
			`"callback_query":{"id":"4242","from":{"id":501,"language_code":"id"},"data":"y1","message":{"message_id":6,"date":5,"chat":{"id":501,"type":"private"}}}`,
			bot.MsgIn{
				From: base.From, Sender: "501", ExternalID: "c:4242", MessageID: "6", At: morning, Kind: bot.KindTap,
				Token: "y1", CallbackID: "4242", Language: "id",
			},
		},
		"tap on a message too old to be shown": {
			`"callback_query":{"id":"4243","from":{"id":502},"data":"y1","message":{"message_id":6,"date":0,"chat":{"id":-1009,"type":"supergroup"}}}`,
			bot.MsgIn{
				From: bot.Address{Network: bot.Telegram, ID: "-1009"}, Sender: "502", Group: true, ExternalID: "c:4243", MessageID: "6",
				At: morning, Kind: bot.KindTap, Token: "y1", CallbackID: "4243",
			},
		},
		"blocked": {
			`"my_chat_member":{"chat":{"id":501,"type":"private"},"from":{"id":501},"date":` + sentAt + `,"old_chat_member":{"status":"member"},"new_chat_member":{"status":"kicked","until_date":0}}`,
			bot.MsgIn{From: base.From, Sender: "501", ExternalID: "s:501:" + sentAt + ":kicked", At: morning, Kind: bot.KindBlocked},
		},
		"back": {
			`"my_chat_member":{"chat":{"id":501,"type":"private"},"from":{"id":501},"date":` + sentAt + `,"new_chat_member":{"status":"member"}}`,
			bot.MsgIn{From: base.From, Sender: "501", ExternalID: "s:501:" + sentAt + ":member", At: morning, Kind: bot.KindBack},
		},
		"member of a group": {
			`"my_chat_member":{"chat":{"id":-9,"type":"group"},"from":{"id":501},"date":` + sentAt + `,"new_chat_member":{"status":"kicked"}}`,
			bot.MsgIn{
				From: bot.Address{Network: bot.Telegram, ID: "-9"}, Sender: "501", Group: true, ExternalID: "s:-9:" + sentAt + ":kicked",
				At: morning, Kind: bot.KindOther, Odd: "member",
			},
		},
		"an update of a kind we did not ask for": {
			`"poll":{"id":"1"}`,
			bot.MsgIn{From: bot.Address{Network: bot.Telegram}, ExternalID: "u:77", At: morning, Kind: bot.KindOther, Odd: "unknown"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := `{"update_id":77,` + c.update + `}`
			in, id := quietAdapter(t).receive([]byte(raw))
			if diff := cmp.Diff(c.want, in.Msg); diff != "" || id != 77 {
				t.Errorf("update %d: %s", id, diff)
			}
			if string(in.Raw) != raw {
				t.Errorf("raw bytes changed: %s", in.Raw)
			}
		})
	}
}

func TestUndecodable(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for raw, wantID := range map[string]int64{
		``: 0, `nonsense`: 0, `[]`: 0, `{"update_id":"x"}`: 0,
		`{"update_id":5,"message":7}`: 5, `{"update_id":6,"callback_query":{"id":6}}`: 6,
	} {
		in, id := quietAdapter(t).receive([]byte(raw))
		if id != wantID || in.Msg.Kind != bot.KindOther || in.Msg.Odd != "undecodable" || string(in.Raw) != raw {
			t.Errorf("%s: id %d, %+v", raw, id, in.Msg)
		}
		if names[in.Msg.ExternalID] || in.Msg.ExternalID == "" {
			t.Errorf("%s: name %q is not its own", raw, in.Msg.ExternalID)
		}
		names[in.Msg.ExternalID] = true
	}
}

func quietAdapter(t *testing.T) *Adapter {
	t.Helper()
	a, err := New(Config{Token: testToken, Now: func() time.Time { return morning }}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// FuzzReceive: no bytes stop us, and what we give the database it can take.
func FuzzReceive(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"message_id":7,"date":1,"chat":{"id":5,"type":"private"},"text":"a\u0000\ud83d"}}`))
	f.Add([]byte(`{"update_id":1,"edited_message":{"contact":{"phone_number":"\u0000"}}}`))
	f.Add([]byte(`{"update_id":1,"callback_query":{"id":"7","data":"\u0000x","message":null}}`))
	f.Add([]byte(`{"update_id":1,"my_chat_member":{"new_chat_member":{"status":"\u0000"}}}`))
	a, err := New(Config{Token: testToken, Now: func() time.Time { return morning }}, slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		in, _ := a.receive(raw)
		if in.Msg.ExternalID == "" || in.Msg.Kind == "" || in.Msg.From.Network != bot.Telegram {
			t.Errorf("incomplete: %+v", in.Msg)
		}
		if !norm.NFC.IsNormalString(in.Msg.Text) {
			t.Errorf("text is not composed: %q", in.Msg.Text)
		}
		all, err := json.Marshal(in.Msg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{in.Msg.Text, in.Msg.Token, in.Msg.ExternalID, in.Msg.CallbackID, in.Msg.Language} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Errorf("a database would refuse %q", s)
			}
		}
		if strings.Contains(string(all), `\u0000`) && !strings.Contains(string(all), `\\u0000`) {
			t.Errorf("NUL left in %s", all)
		}
	})
}
