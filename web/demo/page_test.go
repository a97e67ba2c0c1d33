package demo_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/web/demo"
)

func tell(t *testing.T, p *fakegram.Person, text string) {
	t.Helper()
	if _, err := p.Send(text); err != nil {
		t.Fatal(err)
	}
}

func last(all []fakegram.Message) fakegram.Message {
	if len(all) == 0 {
		return fakegram.Message{}
	}
	return all[len(all)-1]
}

func contains(t *testing.T, html string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(html, w) {
			t.Errorf("no %q in:\n%s", w, html)
		}
	}
}

func TestPageShowsThreePhonesTheGroupAndTheClock(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	html := s.get(t, "/")
	contains(t, html,
		`id="phone-sri"`, `id="phone-agus"`, `id="phone-bambang"`, `id="phone-grup"`, `id="panel"`, `id="clock"`,
		`id="clock-to-1530"`, `id="clock-plus-30"`, `id="clock-next-morning"`, `id="clock-friday"`,
		"Senin, 23 November 2026", "15.31", "WIB", "Pemeriksa Pajak, Bapenda", "Belum ada baris hari ini",
	)
	html = s.get(t, "/?tampil=bambang,nobody,bambang")
	contains(t, html, `id="phone-bambang"`)
	if strings.Contains(html, `id="phone-sri"`) || strings.Count(html, `id="phone-bambang"`) != 1 {
		t.Error("not only the phone that was asked for is shown, once")
	}
}

func TestActs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		path   string
		fields []string
		want   func(fakegram.Message) bool
	}{
		{"text", "send", []string{"text", "25 bks"}, func(m fakegram.Message) bool { return m.Text == "25 bks" && m.ReplyTo == 0 }},
		{"quote", "send", []string{"text", "25 bks", "reply_to", "1"}, func(m fakegram.Message) bool { return m.ReplyTo == 1 }},
		{"album", "album", nil, func(m fakegram.Message) bool { return m.Kind == "photo" && m.FileID != "" }},
		{"document", "document", nil, func(m fakegram.Message) bool { return m.Kind == "document" && m.FileID != "" }},
		{"photo", "photo", nil, func(m fakegram.Message) bool { return m.Kind == "photo" && m.FileID != "" }},
		{"sticker", "sticker", nil, func(m fakegram.Message) bool { return m.Kind == "sticker" }},
		{"voice", "voice", nil, func(m fakegram.Message) bool { return m.Kind == "voice" }},
		{"location", "location", nil, func(m fakegram.Message) bool { return m.Kind == "location" && m.Lat < -7 }},
		{"contact", "contact", nil, func(m fakegram.Message) bool { return m.Kind == "contact" && m.Phone == "628111" }},
		{"start", "start", nil, func(m fakegram.Message) bool { return m.Text == "/start" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			s.say(t, s.sri.ID, "Apa yang dikerjakan?", nil)
			if w := s.post("/phone/sri/"+c.path, c.fields...); w.Code != http.StatusNoContent {
				t.Fatalf("status %d: %s", w.Code, w.Body)
			}
			m := last(s.sri.Seen())
			if m.FromBot || !c.want(m) {
				t.Errorf("the phone shows %+v", m)
			}
			contains(t, s.get(t, "/phone/sri/screen"), `data-test="bubble-own"`, "is-"+m.Kind)
		})
	}
}

func TestEditOnlyTheNewestOwnText(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	tell(t, s.sri, "satu")
	tell(t, s.sri, "dua")
	html := s.get(t, "/phone/sri/screen")
	if strings.Count(html, "data-edit=") != 1 {
		t.Errorf("want one pencil, have:\n%s", html)
	}
	contains(t, html, `data-edit="2"`, `data-text="dua"`)
	if w := s.post("/phone/sri/send", "text", "dua puluh", "edit", "2"); w.Code != http.StatusNoContent {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	contains(t, s.get(t, "/phone/sri/screen"), "dua puluh", "diubah")
}

func TestTapsReachTheBot(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if _, err := s.group.AddBot(s.bambang); err != nil {
		t.Fatal(err)
	}
	key := map[string]any{"inline_keyboard": []any{[]any{
		map[string]any{"text": "Kirim", "callback_data": "tok:1"}, map[string]any{"text": "Panduan", "url": "https://surakarta.go.id/"},
	}}}
	s.say(t, s.sri.ID, "Ringkasan", map[string]any{"reply_markup": key})
	s.say(t, groupID, "Rekap", map[string]any{"reply_markup": key})
	contains(t, s.get(t, "/phone/sri/screen"), "Kirim", "tok:1", `href="https://surakarta.go.id/"`)
	before := s.net.Pending()
	if w := s.post("/phone/sri/tap", "message", "1", "data", "tok:1"); w.Code != http.StatusNoContent {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	group := last(s.group.Chat().Messages())
	if w := s.post("/phone/grup/tap", "message", "2", "data", "tok:1", "from", "agus"); w.Code != http.StatusNoContent {
		t.Fatalf("group %+v: status %d: %s", group, w.Code, w.Body)
	}
	if got := s.net.Pending() - before; got != 2 {
		t.Errorf("%d taps wait for the bot, want 2", got)
	}
}

func TestGroupSpeaksAsSomebody(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if w := s.post("/phone/grup/send", "text", "Siap", "from", "agus"); w.Code != http.StatusNoContent {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if m := last(s.group.Chat().Messages()); m.FromID != s.agus.ID || m.Text != "Siap" {
		t.Errorf("the group shows %+v", m)
	}
	for _, from := range []string{"", "nobody", "grup"} {
		if w := s.post("/phone/grup/send", "text", "Siap", "from", from); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("from %q: status %d", from, w.Code)
		}
	}
}

func TestBlocking(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.post("/phone/sri/block")
	contains(t, s.get(t, "/phone/sri"), "Buka blokir bot", "Bot diblokir")
	if w := s.post("/phone/sri/send", "text", "halo"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "diblokir") {
		t.Errorf("writing to a blocked bot: status %d: %s", w.Code, w.Body)
	}
	s.post("/phone/sri/unblock")
	if w := s.post("/phone/sri/send", "text", "halo"); w.Code != http.StatusNoContent {
		t.Errorf("after unblocking: status %d: %s", w.Code, w.Body)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for _, c := range []struct {
		path   string
		fields []string
		want   int
	}{
		{"/phone/nobody/send", []string{"text", "halo"}, http.StatusNotFound},
		{"/phone/sri/fly", nil, http.StatusNotFound},
		{"/phone/grup/photo", []string{"from", "sri"}, http.StatusNotFound},
		{"/phone/sri/send", []string{"text", "  "}, http.StatusUnprocessableEntity},
		{"/phone/sri/send", []string{"text", strings.Repeat("a", 4097)}, http.StatusUnprocessableEntity},
		{"/phone/sri/send", []string{"text", "halo", "reply_to", "99"}, http.StatusUnprocessableEntity},
		{"/phone/sri/send", []string{"text", strings.Repeat("a", 70<<10)}, http.StatusUnprocessableEntity},
		{"/phone/sri/tap", []string{"message", "7", "data", "x"}, http.StatusUnprocessableEntity},
		{"/clock/yesterday", nil, http.StatusNotFound},
		{"/clock/speed", []string{"x", "-1"}, http.StatusUnprocessableEntity},
		{"/clock/speed", []string{"x", "NaN"}, http.StatusUnprocessableEntity},
		{"/clock/speed", []string{"x", "601"}, http.StatusUnprocessableEntity},
		{"/fault/fire", nil, http.StatusNotFound},
	} {
		if w := s.post(c.path, c.fields...); w.Code != c.want {
			t.Errorf("POST %s %.30q: status %d, want %d", c.path, c.fields, w.Code, c.want)
		}
	}
	if n := len(s.sri.Seen()); n != 0 {
		t.Errorf("refused acts left %d bubbles", n)
	}
}

func TestOnlyThisMachinesOwnBrowser(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	for host, want := range map[string]int{
		"localhost:8080": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "localhost": 200, "[::1]": 200,
		"evil.example:8080": 403, "127.0.0.1.evil.example": 403, "localhost.evil.example:80": 403, "10.0.0.7:8080": 403,
	} {
		if w := s.request(http.MethodGet, "/", nil, map[string]string{"Host": host}); w.Code != want {
			t.Errorf("host %s: status %d, want %d", host, w.Code, want)
		}
	}
	for _, head := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"},
	} {
		if w := s.request(http.MethodPost, "/fault/service", url.Values{}, head); w.Code != http.StatusForbidden {
			t.Errorf("from another site %v: status %d", head, w.Code)
		}
	}
	if !s.service.Running() {
		t.Error("another site killed the service")
	}
}

func TestWithoutScriptsTheFormsWork(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	w := s.request(http.MethodPost, "/phone/sri/send", url.Values{"text": {"halo"}}, map[string]string{"Sec-Fetch-Site": "same-origin"})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
		t.Errorf("status %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	if s.post("/clock/speed", "x", "600"); s.clock.Speed() != 600 {
		t.Errorf("speed %g", s.clock.Speed())
	}
	if w := s.post("/clock/plus-30"); w.Code != http.StatusNoContent {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	contains(t, s.get(t, "/"), "16.01")
	s.clock.fail = errors.New("the database is away")
	if w := s.post("/clock/plus-30"); w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "database") {
		t.Errorf("a failed jump: status %d: %s", w.Code, w.Body)
	}
}

func TestOneJumpAtATime(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.clock.wait = make(chan struct{})
	first := make(chan int)
	go func() { first <- s.post("/clock/friday").Code }()
	<-s.clock.wait // the first is on its way
	if w := s.post("/clock/plus-30"); w.Code != http.StatusConflict {
		t.Errorf("the second jump: status %d", w.Code)
	}
	s.clock.wait <- struct{}{}
	if code := <-first; code != http.StatusNoContent {
		t.Errorf("the first jump: status %d", code)
	}
	want := time.Date(2026, time.November, 27, 16, 5, 0, 0, s.clock.Now().Location())
	if !s.clock.Now().Equal(want) {
		t.Errorf("the clock shows %s, want %s", s.clock.Now(), want)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	contains(t, s.get(t, "/faults"), "Matikan Telegram", "Matikan layanan", "terisi", "siap")

	s.post("/fault/telegram")
	tell(t, s.sri, "masih sampai?")
	contains(t, s.get(t, "/faults"), "Hidupkan Telegram", "mati · 1 menunggu")
	s.post("/fault/telegram")
	s.say(t, s.sri.ID, "Sudah sampai.", nil) // the network carries again

	s.post("/fault/429")
	contains(t, s.get(t, "/faults"), "menunggu kiriman berikutnya")
	s.refused(t, s.sri.ID)
	s.say(t, s.sri.ID, "Sekali saja.", nil)
	contains(t, s.get(t, "/faults"), "siap")

	s.post("/fault/redis")
	s.post("/fault/redis")
	contains(t, s.get(t, "/faults"), "sudah dikosongkan 2×")

	s.post("/fault/service")
	if s.service.Running() {
		t.Error("the service runs after it was killed")
	}
	contains(t, s.get(t, "/faults"), "Hidupkan layanan")
	s.post("/fault/service")
	if !s.service.Running() {
		t.Error("the service does not run after it was started")
	}
	s.service.fail = errors.New("no postgres")
	if w := s.post("/fault/service"); w.Code != http.StatusInternalServerError {
		t.Errorf("a kill that fails: status %d", w.Code)
	}
}

func TestPanel(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	all := rows(s.clock.Now())
	slices.Reverse(all)
	all[0].Source = `<img src=x onerror=alert(1)>`
	s.panel.set(all...)
	html := s.get(t, "/panel")
	contains(t, html, "4 kegiatan, 3 sudah terkirim", "08.15–12.00", "LH-7Q2K", "terlambat", "&lt;img src=x")
	if strings.Contains(html, "<img") || strings.Count(html, `class="newest"`) != 1 {
		t.Errorf("hostile words came through, or not one newest row:\n%s", html)
	}
	s.panel.fail = errors.New("no connection to 10.0.0.7")
	html = s.get(t, "/panel")
	contains(t, html, "Postgres belum menjawab")
	if strings.Contains(html, "10.0.0.7") {
		t.Error("the page tells a host's name")
	}
}

func TestHostileWordsStayWords(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	const bad = `<script>alert(1)</script>"'><b>`
	tell(t, s.sri, bad)
	if _, err := s.sri.Reply(1, bad); err != nil {
		t.Fatal(err)
	}
	s.say(t, s.sri.ID, bad, map[string]any{
		"entities":     []any{map[string]any{"type": "bold", "offset": 0, "length": 8}},
		"reply_markup": map[string]any{"inline_keyboard": []any{[]any{map[string]any{"text": bad, "callback_data": `"}<script>`}}}},
	})
	html := s.get(t, "/phone/sri/screen")
	for _, never := range []string{"<script", "<b>"} {
		if strings.Contains(strings.ReplaceAll(html, "<b>Sri Wahyuni</b>", ""), never) {
			t.Errorf("%s came through:\n%s", never, html)
		}
	}
	contains(t, html, `<span class="bold">&lt;script&gt;</span>`)
}

func TestFilesArePicturesOrDownloads(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.post("/phone/sri/photo")
	w := s.request(http.MethodGet, "/file/"+last(s.sri.Seen()).FileID, nil, nil)
	if w.Header().Get("Content-Type") != "image/png" || w.Body.Len() == 0 {
		t.Errorf("a photo: %v", w.Header())
	}
	if _, err := s.sri.SendDocument("x.html", []byte("<html><script>alert(1)</script>"), ""); err != nil {
		t.Fatal(err)
	}
	w = s.request(http.MethodGet, "/file/"+last(s.sri.Seen()).FileID, nil, nil)
	if w.Header().Get("Content-Type") != "application/octet-stream" || w.Header().Get("Content-Disposition") != "attachment" {
		t.Errorf("a page as a document: %v", w.Header())
	}
	if w := s.request(http.MethodGet, "/file/none", nil, nil); w.Code != http.StatusNotFound {
		t.Errorf("no file: status %d", w.Code)
	}
}

func TestNewWantsEverything(t *testing.T) {
	t.Parallel()
	if _, err := demo.New(demo.Config{}); err == nil {
		t.Error("a page without anything was made")
	}
}
