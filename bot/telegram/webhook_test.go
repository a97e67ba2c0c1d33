package telegram

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
)

const aniSays = `{"update_id":9,"message":{"message_id":7,"date":1,"chat":{"id":501,"type":"private"},"text":"hai"}}`

func TestWebhookAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, secret, body string
		refuse               int
		status, stored       int
	}{
		"taken":                         {"POST", testSecret, aniSays, 0, 200, 1},
		"no secret":                     {"POST", "", aniSays, 0, 401, 0},
		"wrong secret":                  {"POST", testSecret + "x", aniSays, 0, 401, 0},
		"prefix of the secret":          {"POST", testSecret[:8], aniSays, 0, 401, 0},
		"only posts":                    {"GET", testSecret, aniSays, 0, 405, 0},
		"database away":                 {"POST", testSecret, aniSays, 1, 503, 0},
		"unreadable, kept all the same": {"POST", testSecret, `{"update`, 0, 200, 1},
		"a megabyte and one":            {"POST", testSecret, strings.Repeat(" ", 1<<20) + "1", 0, 413, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, log, _ := adapterAt(t, "http://name.invalid")
			in := &store{refuse: c.refuse}
			h, err := a.Handler(in)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequestWithContext(t.Context(), c.method, "/telegram", strings.NewReader(c.body))
			if c.secret != "" {
				r.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != c.status || len(in.in) != c.stored {
				t.Errorf("status %d with %d stored, want %d with %d", w.Code, len(in.in), c.status, c.stored)
			}
			if out := log.String() + w.Body.String(); strings.Contains(out, "canary") || strings.Contains(out, "hai") {
				t.Errorf("secret or text shown: %s", out)
			}
		})
	}
}

// TestWebhookOnTheNetwork: a database that comes back gets what was posted meanwhile.
func TestWebhookOnTheNetwork(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	in := &store{refuse: 1}
	h, err := a.Handler(in)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(h)
	defer web.Close()
	events, stop := srv.Watch()
	defer stop()
	if err := a.SetWebhook(t.Context(), web.URL+"/telegram", 5); err != nil {
		t.Fatal(err)
	}
	if _, err := srv.Person(501, "Ani", "").Send("halo"); err != nil {
		t.Fatal(err)
	}
	for e := range events {
		if e.Kind == fakegram.EventConfirmed {
			break
		}
	}
	if diff := cmp.Diff([]string{"halo"}, in.texts()); diff != "" || in.calls != 2 {
		t.Errorf("%d tries, %s", in.calls, diff)
	}
}

// TestWebhookInfo: where updates go, and why the last post failed.
func TestWebhookInfo(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	if got, err := a.Webhook(t.Context()); err != nil || got != (WebhookInfo{}) {
		t.Errorf("before there was one: %+v %v", got, err)
	}
	if err := a.SetWebhook(t.Context(), web.URL+"/telegram", 5); err != nil {
		t.Fatal(err)
	}
	if _, err := srv.Person(501, "Ani", "").Send("halo"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; <-time.After(5 * time.Millisecond) {
		got, err := a.Webhook(t.Context())
		if err != nil || got.URL != web.URL+"/telegram" || got.Waiting != 1 || time.Now().After(deadline) {
			t.Fatalf("%+v %v", got, err)
		}
		if got.LastError != "" && !got.LastErrorAt.IsZero() {
			return
		}
	}
}

func TestWebhookNeedsASecret(t *testing.T) {
	t.Parallel()
	a := quietAdapter(t)
	if _, err := a.Handler(&store{}); !errors.Is(err, ErrNoSecret) {
		t.Errorf("Handler: %v, want ErrNoSecret", err)
	}
	if err := a.SetWebhook(t.Context(), "https://example.org/", 1); !errors.Is(err, ErrNoSecret) {
		t.Errorf("SetWebhook: %v, want ErrNoSecret", err)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return morning }
	for name, cfg := range map[string]Config{
		"no token":         {Now: now},
		"not a token":      {Token: "canary", Now: now},
		"a token and more": {Token: testToken + "/../x", Now: now},
		"no clock":         {Token: testToken},
		"weak secret":      {Token: testToken, WebhookSecret: "canary", Now: now},
		"odd secret":       {Token: testToken, WebhookSecret: "canary canary canary", Now: now},
	} {
		_, err := New(cfg, slog.New(slog.DiscardHandler))
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTokenIsNeverShown makes every call fail in every way and reads all errors and logs.
func TestTokenIsNeverShown(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *http.Request) { // a proxy that shows the address
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"ok":false,"error_code":400,"description":"cannot get ` + r.URL.Path + `"}`))
	}
	cut := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	garbage := func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.URL.Path)) }
	result := func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`{"ok":true,"result":"` + r.URL.Path + `"}`))
	}
	adapters := map[string]*Adapter{}
	logs := map[string]*logBook{}
	for name, answer := range map[string]http.HandlerFunc{"echo": echo, "cut": cut, "garbage": garbage, "result": result} {
		adapters[name], logs[name], _ = api(t, answer)
	}
	adapters["nobody"], logs["nobody"], _ = adapterAt(t, "http://127.0.0.1:1")
	adapters["bad url"], logs["bad url"], _ = adapterAt(t, "http://%zz")
	adapters["bad scheme"], logs["bad scheme"], _ = adapterAt(t, "nothttp://x")
	for name, a := range adapters {
		for call, err := range everyCall(t, a) {
			if err == nil {
				t.Errorf("%s: %s did not fail", name, call)
				continue
			}
			for ; err != nil; err = errors.Unwrap(err) {
				if strings.Contains(err.Error(), canary) {
					t.Errorf("%s: %s shows the token: %v", name, call, err)
				}
			}
		}
		if strings.Contains(logs[name].String(), canary) {
			t.Errorf("%s: log shows the token: %s", name, logs[name])
		}
	}
}

// everyCall is the error of each thing that the adapter does on the network.
func everyCall(t *testing.T, a *Adapter) map[string]error {
	t.Helper()
	ctx := t.Context()
	errs := map[string]error{}
	_, errs["me"] = a.Me(ctx)
	_, errs["poll"] = a.PollOnce(ctx, &store{}, 0)
	_, errs["send"] = a.Send(ctx, bot.MsgOut{To: ani(), Text: "x"})
	_, errs["photo"] = a.Send(ctx, bot.MsgOut{To: ani(), Photo: png()})
	a.pollFailed(errs["poll"], 0)
	return errs
}
