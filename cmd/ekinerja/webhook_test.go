package main

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"ekinerja/bot/fakegram"
	"ekinerja/bot/telegram"
	"ekinerja/roster"
)

// TestForeignWebhookIsNoticed (C42): somebody with our token has the updates
// posted to themselves; the next look says so, and that all is well again when
// they come back to us.
func TestForeignWebhookIsNoticed(t *testing.T) {
	t.Parallel()
	c := newCity(t, 42, roster.At24(9, 0))
	var log overheard
	c.app.log, c.app.s.TelegramMode, c.app.s.PublicURL = slog.New(slog.NewTextHandler(&log, nil)), "webhook", "https://ours.example/"
	c.app.heard.note(c.clock.Now())
	thief, err := telegram.New(telegram.Config{
		Token: c.settings.token(), APIURL: c.settings.TelegramAPIURL, WebhookSecret: "a-secret-of-the-thief", Now: c.clock.Now,
		HTTP: &http.Client{Transport: fakegram.InProcess(c.net)},
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		url, wrong, says string
		well             error
	}{
		{"https://ours.example" + webhookPath, "", "", nil},
		{"https://thief.example/secret-path", postedElsewhere, "host=thief.example", errElsewhere},
		{"", postedElsewhere, `host=""`, errElsewhere},
		{"https://ours.example" + webhookPath, "", "", nil},
	} {
		if err := thief.SetWebhook(t.Context(), look.url, 1); err != nil {
			t.Fatal(err)
		}
		before := len(log.String())
		c.app.lookHook(t.Context())
		said := log.String()[before:]
		if got := c.app.hook.wrong(); got != look.wrong {
			t.Errorf("%q: %q, want %q", look.url, got, look.wrong)
		}
		if err := c.app.well(t.Context()); !errors.Is(err, look.well) {
			t.Errorf("%q: well is %v, want %v", look.url, err, look.well)
		}
		if (said == "") != (look.says == "") || !strings.Contains(said, look.says) || strings.Contains(said, "secret-path") {
			t.Errorf("%q: log %q", look.url, said)
		}
	}
}
