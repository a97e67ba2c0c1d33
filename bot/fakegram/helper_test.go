package fakegram

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const testToken = "12345:TEST"

// clock is a clock that stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// network is a server on a port with its own clock.
type network struct {
	*Server
	clock *clock
	url   string
}

func newNetwork(t *testing.T, change ...func(*Config)) *network {
	t.Helper()
	n := &network{clock: newClock()}
	cfg := Config{Token: testToken, BotUsername: "kinerja_bot", BotName: "Kinerja", Now: n.clock.now, Limits: NoLimits()}
	for _, f := range change {
		f(&cfg)
	}
	n.Server = New(cfg)
	web := httptest.NewServer(n.Server)
	n.url = web.URL
	t.Cleanup(func() { n.Close(); web.CloseClientConnections(); web.Close() })
	return n
}

// answer is what the Bot API answers.
type answer struct {
	Status      int             `json:"-"`
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

func (n *network) do(t *testing.T, req *http.Request) (answer, error) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{Status: resp.StatusCode}
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("answer %q: %v", body, err)
	}
	return a, nil
}

// call posts JSON.
func (n *network) call(t *testing.T, method, params string) answer {
	t.Helper()
	a, err := n.try(t.Context(), t, method, params)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return a
}

func (n *network) try(ctx context.Context, t *testing.T, method, params string) (answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.url+"/bot"+testToken+"/"+method, strings.NewReader(params))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return n.do(t, req)
}

func (n *network) form(t *testing.T, method string, form url.Values) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.url+"/bot"+testToken+"/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := n.do(t, req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// updates reads the waiting updates without waiting and checks each against
// the table.
func (n *network) updates(t *testing.T, params string) []map[string]any {
	t.Helper()
	a := n.call(t, "getUpdates", params)
	if !a.OK {
		t.Fatalf("getUpdates: %s", a.Description)
	}
	var raws []json.RawMessage
	if err := json.Unmarshal(a.Result, &raws); err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]any, len(raws))
	for i, raw := range raws {
		if err := Check("Update", raw); err != nil {
			t.Errorf("update against the table: %v\n%s", err, raw)
		}
		if err := json.Unmarshal(raw, &out[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func (n *network) noViolations(t *testing.T) {
	t.Helper()
	for _, v := range n.Violations() {
		t.Errorf("violation: %s: %s", v.Method, v.Description)
	}
}

// must is for acts of a person that cannot fail in the test's story.
func must(t *testing.T) func(Sent, error) Sent {
	t.Helper()
	return func(s Sent, err error) Sent {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func testPNG(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	img.SetGray(0, 0, color.Gray{Y: 200})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jsonInto(data []byte, v any) error { return json.Unmarshal(data, v) }
