package fakegram

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	for path, want := range map[string]int{
		"/bot12345:WRONG/getMe":            401,
		"/bot" + testToken + "/getMe":      200,
		"/bot" + testToken + "/getMeNot":   404,
		"/bot" + testToken:                 404,
		"/bot" + testToken + "/sendPoll":   404, // in the table, not simulated
		"/file/bot" + testToken + "/a.jpg": 404,
		"/file/bot12345:WRONG/a.jpg":       401,
		"/":                                404,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if path == "/bot"+testToken+"/sendPoll" {
			req.URL.RawQuery = url.Values{"chat_id": {"7"}, "question": {"?"}, "options": {`[{"text":"a"}]`}}.Encode()
		}
		a, err := n.do(t, req)
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != want || a.OK != (want == 200) || !a.OK && a.Code != want {
			t.Errorf("%s: %+v, want %d", path, a, want)
		}
	}
}

// TestBreaches sees every rule refuse, with Telegram's words where bots know them.
func TestBreaches(t *testing.T) {
	t.Parallel()
	keyboard := func(row string) string {
		return `{"chat_id":7,"text":"a","reply_markup":{"inline_keyboard":[[` + row + `]]}}`
	}
	wide := strings.TrimSuffix(strings.Repeat(`{"text":"a","callback_data":"b"},`, 9), ",")
	tall := `[` + strings.TrimSuffix(strings.Repeat(`[{"text":"a","callback_data":"b"}],`, 101), ",") + `]`
	cases := []struct{ name, method, params, want string }{
		{"no chat", "sendMessage", `{"text":"a"}`, "chat_id is empty"},
		{"no text", "sendMessage", `{"chat_id":7}`, "message text is empty"},
		{"only spaces", "sendMessage", `{"chat_id":7,"text":" \n\t "}`, "message text is empty"},
		{"long", "sendMessage", `{"chat_id":7,"text":"` + strings.Repeat("a", 4097) + `"}`, "message is too long"},
		{"long in UTF-16", "sendMessage", `{"chat_id":7,"text":"` + strings.Repeat("😀", 2049) + `"}`, "message is too long"},
		{"unknown field", "sendMessage", `{"chat_id":7,"text":"a","colour":"red"}`, `field "colour" is unknown`},
		{"wrong type", "sendMessage", `{"chat_id":7,"text":5}`, `field "text" must be of type String`},
		{"wrong bool", "sendMessage", `{"chat_id":7,"text":"a","disable_notification":"perhaps"}`, `must be of type Boolean`},
		{"fraction", "deleteMessage", `{"chat_id":7,"message_id":1.5}`, `must be of type Integer`},
		{"bad nested JSON", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":"{"}`, "can't parse reply_markup JSON object"},
		{"bad body", "sendMessage", `{"chat_id":`, "body can't be parsed"},
		{"body is a list", "sendMessage", `[]`, "object expected"},
		{"not UTF-8", "sendMessage", "{\"chat_id\":7,\"text\":\"\xff\"}", "UTF-8"},
		{"parse mode", "sendMessage", `{"chat_id":7,"text":"a","parse_mode":"HTML"}`, "parse_mode is not simulated"},

		{"button without text", "sendMessage", keyboard(`{"callback_data":"a"}`), `text" is required`},
		{"button with empty text", "sendMessage", keyboard(`{"text":" ","callback_data":"a"}`), "non-empty text"},
		{"button unknown field", "sendMessage", keyboard(`{"text":"a","callback":"a"}`), "unknown in InlineKeyboardButton"},
		{"button without action", "sendMessage", keyboard(`{"text":"a"}`), "exactly one action"},
		{"button with two", "sendMessage", keyboard(`{"text":"a","callback_data":"a","url":"https://a.id"}`), "exactly one action"},
		{"empty data", "sendMessage", keyboard(`{"text":"a","callback_data":""}`), "BUTTON_DATA_INVALID"},
		{"65 bytes of data", "sendMessage", keyboard(`{"text":"a","callback_data":"` + strings.Repeat("é", 32) + `a"}`), "BUTTON_DATA_INVALID"},
		{"bad URL", "sendMessage", keyboard(`{"text":"a","url":"javascript:1"}`), "URL"},
		{"bad style", "sendMessage", keyboard(`{"text":"a","callback_data":"a","style":"pink"}`), "style"},
		{"nine in a row", "sendMessage", keyboard(wide), "8 buttons"},
		{"101 buttons", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"inline_keyboard":` + tall + `}}`, "too long"},
		{"no rows", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"inline_keyboard":null}}`, "must be an Array"},
		{"no markup at all", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{}}`, "is required"},
		{"force_reply false", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"force_reply":false}}`, "force_reply must be true"},
		{"remove false", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"remove_keyboard":false}}`, "remove_keyboard must be true"},
		{"long placeholder", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"force_reply":true,"input_field_placeholder":"` + strings.Repeat("a", 65) + `"}}`, "1-64"},
		{"empty keyboard", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"keyboard":[]}}`, "1-300 buttons"},
		{"key without text", "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"keyboard":[[{"text":""}]]}}`, "non-empty text"},
		{"contact in a group", "sendMessage", `{"chat_id":-7,"text":"a","reply_markup":{"keyboard":[[{"text":"a","request_contact":true}]]}}`, "private chats only"},

		{"entity too far", "sendMessage", `{"chat_id":7,"text":"abc","entities":[{"type":"bold","offset":1,"length":3}]}`, "outside the text"},
		{"entity before", "sendMessage", `{"chat_id":7,"text":"abc","entities":[{"type":"bold","offset":-1,"length":1}]}`, "outside the text"},
		{"entity overflow", "sendMessage", `{"chat_id":7,"text":"abc","entities":[{"type":"bold","offset":9223372036854775807,"length":2}]}`, "outside the text"},
		{"empty entity", "sendMessage", `{"chat_id":7,"text":"abc","entities":[{"type":"bold","offset":0,"length":0}]}`, "outside the text"},
		{"entity cuts an emoji", "sendMessage", `{"chat_id":7,"text":"😀","entities":[{"type":"bold","offset":0,"length":1}]}`, "middle of a UTF-16 symbol"},
		{"unknown entity", "sendMessage", `{"chat_id":7,"text":"abc","entities":[{"type":"fat","offset":0,"length":1}]}`, "unknown"},
		{"link without URL", "sendMessage", `{"chat_id":7,"text":"abc","entities":[{"type":"text_link","offset":0,"length":1}]}`, "needs a URL"},
		{"entity without length", "sendMessage", `{"chat_id":7,"text":"abc","entities":[{"type":"bold","offset":0}]}`, `length" is required`},

		{"long caption", "editMessageCaption", `{"chat_id":7,"message_id":1,"caption":"` + strings.Repeat("a", 1025) + `"}`, "caption is too long"},
		{"edit without message", "editMessageText", `{"text":"a"}`, "message identifier is not specified"},
		{"edit to nothing", "editMessageText", `{"chat_id":7,"message_id":1}`, "message text is empty"},
		{"long toast", "answerCallbackQuery", `{"callback_query_id":"1","text":"` + strings.Repeat("a", 201) + `"}`, "MESSAGE_TOO_LONG"},
		{"odd action", "sendChatAction", `{"chat_id":7,"action":"sleeping"}`, "action"},
		{"upper-case command", "setMyCommands", `{"commands":[{"command":"Help","description":"a"}]}`, "BOT_COMMAND_INVALID"},
		{"silent command", "setMyCommands", `{"commands":[{"command":"help","description":""}]}`, "BOT_COMMAND_DESCRIPTION_INVALID"},
		{"101 commands", "setMyCommands", `{"commands":[` + strings.TrimSuffix(strings.Repeat(`{"command":"a","description":"b"},`, 101), ",") + `]}`, "100 commands"},
		{"photo by URL", "sendPhoto", `{"chat_id":7,"photo":"https://a.id/a.png"}`, "not simulated"},
		{"limit 0", "getUpdates", `{"limit":0}`, "limit"},
		{"limit 101", "getUpdates", `{"limit":101}`, "limit"},
		{"unknown update", "getUpdates", `{"allowed_updates":["news"]}`, "unknown kind"},
		{"webhook host", "setWebhook", `{"url":"ftp://a"}`, "bad webhook"},
		{"webhook secret", "setWebhook", `{"url":"https://a.id","secret_token":"a b"}`, "unallowed characters"},
		{"webhook connections", "setWebhook", `{"url":"https://a.id","max_connections":101}`, "max_connections"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			n.Person(7, "Siti", "628111").Open()
			a := n.call(t, c.method, c.params)
			if a.OK || a.Code != 400 || !strings.HasPrefix(a.Description, "Bad Request: ") || !strings.Contains(a.Description, c.want) {
				t.Errorf("answer = %+v, want 400 with %q", a, c.want)
			}
			if v := n.Violations(); len(v) != 1 || v[0].Method != c.method || v[0].Description != a.Description {
				t.Errorf("violations = %+v", v)
			}
			if len(n.Chat(7).Messages()) != 0 {
				t.Error("a refused message was delivered")
			}
		})
	}
}

// TestRefusals are answers that a careful bot can get: no violations.
func TestRefusals(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	n.Person(8, "Budi", "628112") // never started the bot
	own := must(t)(p.Send("saya"))
	n.call(t, "sendMessage", `{"chat_id":7,"text":"dua"}`)
	n.call(t, "sendMessage", `{"chat_id":7,"text":"tiga","reply_markup":{"force_reply":true}}`)
	cases := []struct {
		method, params string
		code           int
		want           string
	}{
		{"sendMessage", `{"chat_id":99,"text":"a"}`, 400, "Bad Request: chat not found"},
		{"sendMessage", `{"chat_id":"@solo","text":"a"}`, 400, "Bad Request: chat not found"},
		{"sendMessage", `{"chat_id":8,"text":"a"}`, 403, "Forbidden: bot can't initiate conversation with a user"},
		{"sendMessage", `{"chat_id":7,"text":"a","reply_parameters":{"message_id":99}}`, 400, "Bad Request: message to be replied not found"},
		{"editMessageText", `{"chat_id":7,"message_id":2,"text":" dua "}`, 400, "Bad Request: message is not modified"},
		{"editMessageText", `{"chat_id":7,"message_id":99,"text":"a"}`, 400, "Bad Request: message to edit not found"},
		{"editMessageText", fmt.Sprintf(`{"chat_id":7,"message_id":%d,"text":"a"}`, own.MessageID), 400, "Bad Request: message can't be edited"},
		{"editMessageText", `{"chat_id":7,"message_id":3,"text":"a"}`, 400, "Bad Request: message can't be edited"},
		{"editMessageCaption", `{"chat_id":7,"message_id":2,"caption":"a"}`, 400, "Bad Request: there is no caption in the message to edit"},
		{"deleteMessage", `{"chat_id":7,"message_id":99}`, 400, "Bad Request: message to delete not found"},
		{"answerCallbackQuery", `{"callback_query_id":"1"}`, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"getFile", `{"file_id":"x"}`, 400, "Bad Request: invalid file_id"},
		{"sendPhoto", `{"chat_id":7,"photo":"x"}`, 400, "Bad Request: wrong file identifier/HTTP URL specified"},
		{"getChat", `{"chat_id":99}`, 400, "Bad Request: chat not found"},
	}
	for _, c := range cases {
		if a := n.call(t, c.method, c.params); a.Code != c.code || !strings.HasPrefix(a.Description, c.want) {
			t.Errorf("%s %s: %d %q, want %q", c.method, c.params, a.Code, a.Description, c.want)
		}
	}
	if a := n.call(t, "sendMessage", `{"chat_id":7,"text":"a","reply_parameters":{"message_id":99,"allow_sending_without_reply":true}}`); !a.OK {
		t.Errorf("allow_sending_without_reply: %+v", a)
	}
	n.noViolations(t)
}

func TestPhotosAreDecoded(t *testing.T) {
	t.Parallel()
	good := testPNG(t, 40, 30)
	cases := map[string]struct {
		data []byte
		want string
	}{
		"text":    {[]byte("PNG"), "IMAGE_PROCESS_FAILED"},
		"torn":    {good[:len(good)-20], "IMAGE_PROCESS_FAILED"},
		"thin":    {testPNG(t, 2100, 100), "PHOTO_INVALID_DIMENSIONS"},
		"too big": {append(bytes.Clone(good), make([]byte, 10<<20)...), "too big"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNetwork(t)
			n.Person(7, "Siti", "628111").Open()
			if a := n.upload(t, "sendPhoto", "photo", c.data); a.Code != 400 || !strings.Contains(a.Description, c.want) {
				t.Errorf("answer = %+v, want %q", a, c.want)
			}
			if len(n.Violations()) != 1 {
				t.Errorf("violations = %+v", n.Violations())
			}
		})
	}
	n := newNetwork(t)
	n.Person(7, "Siti", "628111").Open()
	if a := n.upload(t, "sendPhoto", "photo", good); !a.OK {
		t.Errorf("good photo: %+v", a)
	}
	if a := n.upload(t, "sendPhoto", "picture", good); a.OK || !strings.Contains(a.Description, `file "picture" is unknown`) {
		t.Errorf("odd part: %+v", a)
	}
}

// upload posts multipart for chat 7.
func (n *network) upload(t *testing.T, method, field string, data []byte) answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(field, "skor.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteField("chat_id", "7"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.url+"/bot"+testToken+"/"+method, &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	a, err := n.do(t, req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestEveryEncoding sends the same call in all four ways.
func TestEveryEncoding(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	p.Open()
	form := url.Values{
		"chat_id": {"7"}, "text": {"  ya  "}, "disable_notification": {"True"},
		"entities":     {`[{"type":"bold","offset":2,"length":2}]`},
		"reply_markup": {`{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`},
	}
	n.form(t, "sendMessage", form)
	n.call(t, "sendMessage", `{"chat_id":"7","text":"  ya  ","disable_notification":true,"entities":[{"type":"bold","offset":2,"length":2}],
		"reply_markup":"{\"inline_keyboard\":[[{\"text\":\"a\",\"callback_data\":\"b\"}]]}"}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.url+"/bot"+testToken+"/sendMessage?"+form.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.do(t, req); err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		if err := w.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	_ = w.Close()
	req, err = http.NewRequestWithContext(t.Context(), http.MethodPost, n.url+"/bot"+testToken+"/sendMessage", &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	if _, err := n.do(t, req); err != nil {
		t.Fatal(err)
	}
	n.noViolations(t)
	seen := p.Seen()
	if len(seen) != 4 {
		t.Fatalf("%d messages arrived, want 4", len(seen))
	}
	for _, m := range seen {
		if m.Text != "ya" || len(m.Entities) != 1 || m.Entities[0] != (Entity{Type: "bold", Offset: 0, Length: 2}) ||
			len(m.Buttons) != 1 || m.Buttons[0][0] != (Button{Text: "a", Data: "b"}) {
			t.Errorf("message = %+v", m)
		}
	}
}

func TestAnswersMatchTheTable(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	doc := must(t)(p.SendDocument("a.pdf", []byte("%PDF-1.7"), "isi"))
	m, _ := p.Chat().Message(doc.MessageID)
	for _, c := range []struct{ method, params, kind string }{
		{"getMe", `{}`, "User"},
		{"getChat", `{"chat_id":7}`, "ChatFullInfo"},
		{"getWebhookInfo", `{}`, "WebhookInfo"},
		{"getFile", `{"file_id":"` + m.FileID + `"}`, "File"},
		{"sendMessage", `{"chat_id":7,"text":"a","reply_parameters":{"message_id":1},"reply_markup":{"inline_keyboard":[[{"text":"a","url":"https://surakarta.go.id"}]]}}`, "Message"},
		{"sendDocument", `{"chat_id":7,"document":"` + m.FileID + `","caption":"b"}`, "Message"},
		{"editMessageCaption", `{"chat_id":7,"message_id":3,"caption":"c"}`, "Message"},
		{"editMessageReplyMarkup", `{"chat_id":7,"message_id":2}`, "Message"},
	} {
		a := n.call(t, c.method, c.params)
		if !a.OK {
			t.Errorf("%s: %s", c.method, a.Description)
		} else if err := Check(c.kind, a.Result); err != nil {
			t.Errorf("%s: %v", c.method, err)
		}
	}
	for method, params := range map[string]string{
		"sendChatAction": `{"chat_id":7,"action":"typing"}`, "deleteWebhook": `{}`,
		"setMyCommands": `{"commands":[{"command":"bantuan","description":"Cara memakai"}]}`, "deleteMessage": `{"chat_id":7,"message_id":2}`,
	} {
		if a := n.call(t, method, params); string(a.Result) != "true" {
			t.Errorf("%s: %+v", method, a)
		}
	}
	if got := n.call(t, "getMyCommands", `{}`); string(got.Result) != `[{"command":"bantuan","description":"Cara memakai"}]` {
		t.Errorf("getMyCommands = %s", got.Result)
	}
	if c := n.Menu("default"); len(c) != 1 || c[0].Name != "bantuan" {
		t.Errorf("Menu = %+v", c)
	}
	n.noViolations(t)
}

func TestCheckRefusesHostileNesting(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"type":"bold","text":`, 40) + "5" + strings.Repeat("}", 40)
	if err := Check("RichText", []byte(deep)); err == nil {
		t.Error("a number is not a rich text, however deep")
	}
	if err := Check("Nonsense", []byte("{}")); err == nil {
		t.Error("an unknown type passed")
	}
}

func FuzzDecodeRequest(f *testing.F) {
	for _, seed := range [][2]string{
		{"application/json", `{"chat_id":7,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`},
		{"application/x-www-form-urlencoded", "chat_id=7&text=a&entities=%5B%7B%22type%22%3A%22bold%22%2C%22offset%22%3A0%2C%22length%22%3A1%7D%5D"},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n7\r\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na\r\n--x--\r\n"},
		{"multipart/form-data; boundary=x", ""},
		{"multipart/form-data", ""},
		{"", "a=%zz"},
		{"application/json", "null"},
	} {
		f.Add(seed[0], seed[1])
	}
	s := New(Config{Token: testToken, Now: newClock().now, Limits: NoLimits(), KeepMessages: 8})
	s.Person(7, "Siti", "628111").Open()
	web := &http.Client{Transport: InProcess(s)}
	f.Fuzz(func(t *testing.T, contentType, body string) {
		for _, method := range []string{"sendMessage", "sendPhoto", "editMessageText", "setMyCommands"} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x/bot"+testToken+"/"+method, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", contentType)
			resp, err := web.Do(req)
			if err != nil {
				return // net/http itself refuses this header
			}
			_ = resp.Body.Close()
			if resp.StatusCode >= 500 {
				t.Errorf("%s answered %s", method, strconv.Itoa(resp.StatusCode))
			}
		}
	})
}
