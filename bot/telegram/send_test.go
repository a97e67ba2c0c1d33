package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
)

// TestWhatAPersonSees sends every form of message through a strict network.
func TestWhatAPersonSees(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Membuat surat undangan rapat 😀 ", 300) // 9,600 units
	for name, c := range map[string]struct {
		msg  bot.MsgOut
		want []fakegram.Message
	}{
		"text with bold after an emoji": {
			bot.MsgOut{Text: "😀 Halo Ani <b>", Bold: []bot.Span{{Start: 5, End: 9}}},
			[]fakegram.Message{{Kind: "text", Text: "😀 Halo Ani <b>", Entities: []fakegram.Entity{{Type: "bold", Offset: 3, Length: 4}}}},
		},
		"buttons": {
			bot.MsgOut{Text: "Hadir?", Buttons: [][]bot.Button{{{Label: "Ya", Token: "y1"}, {Label: "Laman", URL: "https://example.org/"}}}},
			[]fakegram.Message{{Kind: "text", Text: "Hadir?", Buttons: [][]fakegram.Button{
				{{Text: "Ya", Data: "y1"}, {Text: "Laman", URL: "https://example.org/"}},
			}}},
		},
		"ask for a reply": {
			bot.MsgOut{Text: "Apa?", Reply: true, Placeholder: strings.Repeat("é", 70)},
			[]fakegram.Message{{Kind: "text", Text: "Apa?", Keyboard: &fakegram.Keyboard{ForceReply: true, Placeholder: strings.Repeat("é", 64)}}},
		},
		"ask for the contact": {
			bot.MsgOut{Text: "Nomor?", Keyboard: &bot.Keyboard{AskContact: "Bagikan nomor", Rows: [][]string{{"Batal"}}}},
			[]fakegram.Message{{Kind: "text", Text: "Nomor?", Keyboard: &fakegram.Keyboard{
				Rows: [][]fakegram.Key{{{Text: "Bagikan nomor", Contact: true}}, {{Text: "Batal"}}}, OneTime: true, Resize: true,
			}}},
		},
		"keyboard goes away": {
			bot.MsgOut{Text: "Sudah", Keyboard: &bot.Keyboard{Remove: true}},
			[]fakegram.Message{{Kind: "text", Text: "Sudah", Keyboard: &fakegram.Keyboard{Remove: true}}},
		},
		"photo": {
			bot.MsgOut{Text: "Skor Ani", Bold: []bot.Span{{Start: 0, End: 4}}, Photo: png(), Buttons: [][]bot.Button{{{Label: "Rinci", Token: "r"}}}},
			[]fakegram.Message{{
				Kind: "photo", Text: "Skor Ani", Entities: []fakegram.Entity{{Type: "bold", Length: 4}},
				Buttons: [][]fakegram.Button{{{Text: "Rinci", Data: "r"}}},
			}},
		},
		"photo with too long a caption": {
			bot.MsgOut{Text: strings.Repeat("a", 1025), Photo: png(), Buttons: [][]bot.Button{{{Label: "Rinci", Token: "r"}}}},
			[]fakegram.Message{
				{Kind: "photo"},
				{Kind: "text", Text: strings.Repeat("a", 1025), Buttons: [][]fakegram.Button{{{Text: "Rinci", Data: "r"}}}},
			},
		},
		"a long text, buttons below the last part": {
			bot.MsgOut{Text: long, Buttons: [][]bot.Button{{{Label: "Ya", Token: "y"}}}},
			longParts(long),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, a := network(t)
			p := srv.Person(501, "Ani", "")
			p.Open()
			c.msg.To = ani()
			id, err := a.Send(t.Context(), c.msg)
			if err != nil {
				t.Fatal(err)
			}
			seen := p.Seen()
			if last := seen[len(seen)-1]; id != fmt.Sprint(last.ID) {
				t.Errorf("id is %s, want the last message's: %d", id, last.ID)
			}
			if diff := cmp.Diff(c.want, strip(seen)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// strip leaves what we decide about a message.
func strip(seen []fakegram.Message) []fakegram.Message {
	out := make([]fakegram.Message, len(seen))
	for i, m := range seen {
		out[i] = fakegram.Message{Kind: m.Kind, Text: m.Text, Entities: m.Entities, Buttons: m.Buttons, Keyboard: m.Keyboard}
	}
	return out
}

func longParts(text string) []fakegram.Message {
	var out []fakegram.Message
	for _, p := range bot.Split(text, nil, maxText) {
		out = append(out, fakegram.Message{Kind: "text", Text: strings.TrimSpace(p.Text)})
	}
	out[len(out)-1].Buttons = [][]fakegram.Button{{{Text: "Ya", Data: "y"}}}
	return out
}

func TestLongTextKeepsEveryWord(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	p := srv.Person(501, "Ani", "")
	p.Open()
	var text strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&text, "kata%d😀\n", i)
	}
	if _, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Text: text.String()}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range p.Seen() {
		got = append(got, strings.Fields(m.Text)...)
	}
	if diff := cmp.Diff(strings.Fields(text.String()), got); diff != "" {
		t.Error(diff)
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	p := srv.Person(501, "Ani", "")
	p.Open()
	id, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Text: "1 dari 4", Buttons: [][]bot.Button{{{Label: "Ya", Token: "y"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second changes nothing and is a success all the same
		got, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Edit: id, Text: "2 dari 4", Bold: []bot.Span{{Start: 0, End: 1}}, Reply: true})
		if got != id || err != nil {
			t.Fatalf("Send = %q, %v; want %q", got, err, id)
		}
	}
	want := []fakegram.Message{{Kind: "text", Text: "2 dari 4", Entities: []fakegram.Entity{{Type: "bold", Length: 1}}}}
	if diff := cmp.Diff(want, strip(p.Seen())); diff != "" {
		t.Error(diff)
	}
	if _, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Edit: id, Text: strings.Repeat("x", 5000)}); err != nil {
		t.Fatal(err)
	}
	if got := p.Seen()[0].Text; bot.UTF16Len(got) != 4096 || !strings.HasSuffix(got, "…") {
		t.Errorf("a long edit has %d units", bot.UTF16Len(got))
	}
	_, err = a.Send(t.Context(), bot.MsgOut{To: ani(), Edit: "999", Text: "x"})
	if se := bot.OutcomeOf(err); se.Outcome != bot.Final {
		t.Errorf("edit of an unknown message is %s, want final", se.Outcome)
	}
}

func TestToast(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	p, in := srv.Person(501, "Ani", ""), &store{}
	p.Open()
	id, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Text: "Hadir?", Buttons: [][]bot.Button{{{Label: "Ya", Token: "y1"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Tap(1, "Ya"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.PollOnce(t.Context(), in, 0); err != nil {
		t.Fatal(err)
	}
	tap := in.in[0].Msg
	if tap.Kind != bot.KindTap || tap.Token != "y1" || tap.MessageID != id || tap.CallbackID == "" || !tap.At.Equal(morning) {
		t.Fatalf("tap is %+v", tap)
	}
	if _, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Callback: tap.CallbackID, Text: "Dicatat"}); err != nil {
		t.Fatal(err)
	}
	if toasts := p.Seen()[0].Toasts; len(toasts) != 1 || toasts[0].Text != "Dicatat" {
		t.Errorf("toasts are %+v", toasts)
	}
	srv.Inject(fakegram.Fault{Kind: fakegram.FaultCut, Method: "answerCallbackQuery"})
	_, err = a.Send(t.Context(), bot.MsgOut{To: ani(), Callback: tap.CallbackID})
	if se := bot.OutcomeOf(err); err == nil || se.Outcome != bot.Final {
		t.Errorf("a lost toast is %v, want final", err)
	}
}

// TestOutcomesOnTheNetwork sorts what the simulated network can do to a send.
func TestOutcomesOnTheNetwork(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault fakegram.Fault
		want  bot.SendError
	}{
		"502":         {fakegram.Fault{Kind: fakegram.FaultError}, bot.SendError{Outcome: bot.Retry, Code: 502}},
		"429":         {fakegram.Fault{Kind: fakegram.FaultTooMany, RetryAfter: 9 * time.Second}, bot.SendError{Outcome: bot.Throttled, Code: 429, RetryAfter: 9 * time.Second}},
		"cut":         {fakegram.Fault{Kind: fakegram.FaultCut}, bot.SendError{Outcome: bot.Unclear}},
		"down":        {fakegram.Fault{Kind: fakegram.FaultDown}, bot.SendError{Outcome: bot.Unclear}},
		"silent":      {fakegram.Fault{Kind: fakegram.FaultDelay, Delay: time.Hour}, bot.SendError{Outcome: bot.Unclear}},
		"blocked":     {fakegram.Fault{Kind: fakegram.FaultBlocked}, bot.SendError{Outcome: bot.Blocked, Code: 403}},
		"deactivated": {fakegram.Fault{Kind: fakegram.FaultDeactivated}, bot.SendError{Outcome: bot.Blocked, Code: 403}},
		"moved":       {fakegram.Fault{Kind: fakegram.FaultMigrated, MigrateTo: -100777}, bot.SendError{Outcome: bot.Moved, Code: 400, MovedTo: "-100777"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, a := network(t)
			a.timeout = 200 * time.Millisecond
			srv.Person(501, "Ani", "").Open()
			srv.Inject(c.fault)
			_, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Text: "x"})
			got := *bot.OutcomeOf(err)
			got.Err = nil
			if diff := cmp.Diff(c.want, got); diff != "" || err == nil {
				t.Errorf("%v: %s", err, diff)
			}
		})
	}
}

// TestOutcomesOfAnswers sorts answers that the simulated network does not give.
func TestOutcomesOfAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		want   bot.SendError
	}{
		"chat not found":     {400, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, bot.SendError{Outcome: bot.Blocked, Code: 400}},
		"kicked from group":  {403, `{"ok":false,"error_code":403,"description":"Forbidden: bot was kicked from the supergroup chat"}`, bot.SendError{Outcome: bot.Blocked, Code: 403}},
		"too long":           {400, `{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}`, bot.SendError{Outcome: bot.Final, Code: 400}},
		"token revoked":      {401, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, bot.SendError{Outcome: bot.Throttled, Code: 401, RetryAfter: time.Minute}},
		"token unknown":      {404, `{"ok":false,"error_code":404,"description":"Not Found"}`, bot.SendError{Outcome: bot.Throttled, Code: 404, RetryAfter: time.Minute}},
		"429 without a time": {429, `{"ok":false,"error_code":429,"description":"x"}`, bot.SendError{Outcome: bot.Throttled, Code: 429, RetryAfter: 5 * time.Second}},
		"429 of a proxy":     {429, `slow down`, bot.SendError{Outcome: bot.Throttled, Code: 429, RetryAfter: 5 * time.Second}},
		"502 of a proxy":     {502, `<html>`, bot.SendError{Outcome: bot.Unclear, Code: 502}},
		"redirect":           {302, ``, bot.SendError{Outcome: bot.Unclear, Code: 302}},
		"200 of a stranger":  {200, `hello`, bot.SendError{Outcome: bot.Unclear, Code: 200}},
		"ok without sense":   {200, `{"ok":true,"result":7}`, bot.SendError{Outcome: bot.Unclear, Code: 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, log, _ := api(t, func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/elsewhere") {
					t.Error("redirect followed")
				}
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			_, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Text: "x"})
			got := *bot.OutcomeOf(err)
			got.Err = nil
			if diff := cmp.Diff(c.want, got); diff != "" || err == nil {
				t.Errorf("%v: %s", err, diff)
			}
			refused := c.status == 401 || c.status == 404
			if loud := strings.Contains(log.String(), "level=ERROR"); loud != refused || errors.Is(err, ErrToken) != refused {
				t.Errorf("token refused: loud %v, error %v, want %v", loud, err, refused)
			}
		})
	}
}

func TestNobodyThereIsSurelyNotSent(t *testing.T) {
	t.Parallel()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	for name, url := range map[string]string{
		"connection refused": "http://" + addr,
		"no such host":       "http://name.invalid",
		"no tls there":       strings.Replace(plain.URL, "http:", "https:", 1),
	} {
		a, _, _ := adapterAt(t, url)
		_, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Text: "x"})
		if se := bot.OutcomeOf(err); se.Outcome != bot.Retry || se.Code != 0 {
			t.Errorf("%s: %v, want retry", name, err)
		}
	}
}

// TestHalfSentIsUnclear: when a later part fails the whole must not be sent again.
func TestHalfSentIsUnclear(t *testing.T) {
	t.Parallel()
	n := 0
	a, _, _ := api(t, func(w http.ResponseWriter, _ *http.Request) {
		if n++; n == 1 {
			fmt.Fprint(w, `{"ok":true,"result":{"message_id":1}}`)
			return
		}
		fmt.Fprint(w, `{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":3}}`)
	})
	_, err := a.Send(t.Context(), bot.MsgOut{To: ani(), Text: strings.Repeat("x ", 3000)})
	if se := bot.OutcomeOf(err); se.Outcome != bot.Unclear || se.RetryAfter != 3*time.Second {
		t.Errorf("%v, want unclear with the network's wish for rest", err)
	}
}

// TestBadMessagesAreRefusedHere: no call is made for them.
func TestBadMessagesAreRefusedHere(t *testing.T) {
	t.Parallel()
	a, _, _ := api(t, func(http.ResponseWriter, *http.Request) { t.Error("called") })
	for name, m := range map[string]bot.MsgOut{
		"not a chat":        {To: bot.Address{Network: bot.Telegram, ID: "ani"}},
		"another network":   {To: bot.Address{Network: bot.WhatsApp, ID: "501"}},
		"token too long":    {To: ani(), Buttons: [][]bot.Button{{{Label: "x", Token: strings.Repeat("é", 33)}}}},
		"button of nothing": {To: ani(), Buttons: [][]bot.Button{{{Label: "x"}}}},
		"bad edit":          {To: ani(), Edit: "last"},
	} {
		_, err := a.Send(t.Context(), m)
		if se := bot.OutcomeOf(err); err == nil || se.Outcome != bot.Final {
			t.Errorf("%s: %v, want final", name, err)
		}
	}
}

// TestNoParseMode looks at the very bytes of a call.
func TestNoParseMode(t *testing.T) {
	t.Parallel()
	var got map[string]any
	a, _, _ := api(t, func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		fmt.Fprint(w, `{"ok":true,"result":{"message_id":1}}`)
	})
	if _, err := a.Send(t.Context(), bot.MsgOut{To: bot.Address{Network: bot.Telegram, ID: "-9"}, Text: "*x*", Reply: true}); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"chat_id": -9.0, "text": "*x*", "link_preview_options": map[string]any{"is_disabled": true},
		"reply_markup": map[string]any{"force_reply": true, "selective": true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMeAndCommands(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	if name, err := a.Me(t.Context()); name != "kinerja_bot" || err != nil {
		t.Errorf("Me = %q, %v", name, err)
	}
	if err := a.SetCommands(t.Context(), "", []bot.Command{{Name: "bantuan", Description: "Cara memakai"}}); err != nil {
		t.Fatal(err)
	}
	if menu := srv.Menu("all_private_chats"); len(menu) != 1 || menu[0].Name != "bantuan" {
		t.Errorf("the menu of private chats is %+v", menu)
	}
	if menu := srv.Menu("default"); len(menu) != 0 {
		t.Errorf("groups have a menu: %+v", menu)
	}
}
