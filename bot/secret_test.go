package bot_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"ekinerja/bot"
)

func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	const canary = "kunci-rahasia"
	s := bot.Secret(canary)
	holder := struct{ Token bot.Secret }{s}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", s, "holder", holder)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", s, "holder", holder)
	data, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	shown := log.String() + string(data) + fmt.Sprint(s, holder, &holder)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s"} {
		shown += fmt.Sprintf(verb+verb, s, holder)
	}
	hex := fmt.Sprintf("%x", canary)
	if strings.Contains(shown, canary) || strings.Contains(strings.ToLower(shown), hex) {
		t.Errorf("secret shown in %s", shown)
	}
	if !strings.Contains(shown, "***") {
		t.Errorf("nothing tells that there is a secret: %s", shown)
	}
	if s.Reveal() != canary {
		t.Error("Reveal does not give the secret")
	}
}
