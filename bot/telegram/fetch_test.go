package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"ekinerja/bot"
)

func TestFetch(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	in, picture := &store{}, png()
	if _, err := srv.Person(501, "Ani", "").SendPhoto(picture, "bukti"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.PollOnce(t.Context(), in, 0); err != nil {
		t.Fatal(err)
	}
	m := in.in[0].Msg
	if m.Kind != bot.KindText || m.Text != "bukti" || len(m.Attachments) != 1 {
		t.Fatalf("taken in: %+v", m)
	}
	f, err := a.Fetch(t.Context(), m.Attachments[0].FileID)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, picture) {
		t.Errorf("%d bytes, %v; want the %d that were sent", len(got), err, len(picture))
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// TestFetchStaysOnItsPath: only the one address is ever asked, whatever path
// and answer come back.
func TestFetchStaysOnItsPath(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path   string
		size   int64
		status int
		body   int
	}{
		"up":                  {path: "photos/../../getMe"},
		"absolute":            {path: "/etc/passwd"},
		"another host":        {path: "x@127.0.0.1:6379/"},
		"a query":             {path: "photos/1.png?x=1"},
		"encoded":             {path: "photos/%2e%2e/1"},
		"a new line":          {path: "photos/1\n"},
		"too long":            {path: strings.Repeat("a", 201)},
		"empty":               {path: ""},
		"too large, told":     {path: "photos/1.png", size: 20_000_001},
		"too large, not told": {path: "photos/1.png", status: 200, body: 20_000_001},
		"a redirect":          {path: "photos/1.png", status: 302},
		"no file":             {path: "photos/1.png", status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, log, _ := api(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.HasSuffix(r.URL.Path, "/getFile"):
					path, _ := json.Marshal(c.path)
					fmt.Fprintf(w, `{"ok":true,"result":{"file_id":"f","file_unique_id":"u","file_size":%d,"file_path":%s}}`, c.size, path)
				case r.URL.Path == "/file/bot"+testToken+"/photos/1.png" && c.status != 0:
					w.Header().Set("Location", "/canary")
					w.WriteHeader(c.status)
					_, _ = w.Write(make([]byte, c.body))
				default:
					t.Errorf("asked for %s", strings.ReplaceAll(r.URL.Path, canary, ""))
				}
			})
			f, err := a.Fetch(t.Context(), "f")
			if err == nil {
				_, err = io.Copy(io.Discard, f)
				_ = f.Close()
			}
			if !errors.Is(err, ErrFile) || strings.Contains(fmt.Sprint(err, log), canary) {
				t.Errorf("error is %v, want ErrFile", err)
			}
		})
	}
}
