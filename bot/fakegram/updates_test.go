package fakegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func id(u map[string]any) int64 { return int64(u["update_id"].(float64)) }

func TestUnconfirmedUpdatesComeAgain(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	var sent []Sent
	for i := range 3 {
		sent = append(sent, must(t)(p.Send(fmt.Sprint("pesan ", i))))
	}
	for range 2 {
		if got := n.updates(t, `{"limit":2}`); len(got) != 2 || id(got[0]) != sent[0].UpdateID {
			t.Fatalf("updates = %v", got)
		}
	}
	if n.Pending() != 3 || n.Confirmed(sent[0].UpdateID) || p.Seen()[0].Ticks != 1 {
		t.Errorf("reading confirmed something: %d pending", n.Pending())
	}
	if got := n.updates(t, fmt.Sprintf(`{"offset":%d}`, sent[1].UpdateID+1)); len(got) != 1 || id(got[0]) != sent[2].UpdateID {
		t.Errorf("updates = %v", got)
	}
	if n.Pending() != 1 || !n.Confirmed(sent[1].UpdateID) || n.Confirmed(sent[2].UpdateID) {
		t.Errorf("%d pending, want 1", n.Pending())
	}
	if seen := p.Seen(); seen[1].Ticks != 2 || seen[2].Ticks != 1 {
		t.Errorf("ticks = %d, %d", seen[1].Ticks, seen[2].Ticks)
	}
	if n.Confirmed(sent[2].UpdateID+1) || n.Confirmed(1) {
		t.Error("an update that never was is confirmed")
	}
}

func TestNegativeOffsetKeepsTheLast(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	for i := range 5 {
		must(t)(p.Send(fmt.Sprint(i)))
	}
	if got := n.updates(t, `{"offset":-2}`); len(got) != 2 || n.Pending() != 2 {
		t.Errorf("%d updates, %d pending, want 2 and 2", len(got), n.Pending())
	}
	if got := n.updates(t, `{"offset":-99}`); len(got) != 2 {
		t.Errorf("%d updates, want 2", len(got))
	}
}

func TestRedeliverKeepsTheID(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	first := must(t)(p.Send("satu"))
	second := must(t)(p.Send("dua"))
	next := fmt.Sprintf(`{"offset":%d}`, second.UpdateID+1)
	n.updates(t, next)
	if err := n.Redeliver(first.UpdateID); err != nil {
		t.Fatal(err)
	}
	if n.Confirmed(first.UpdateID) || n.Pending() != 1 {
		t.Error("a redelivered update waits again")
	}
	if got := n.updates(t, next); len(got) != 1 || id(got[0]) != first.UpdateID {
		t.Errorf("updates = %v, want the first again, whatever the offset", got)
	}
	if got := n.updates(t, next); len(got) != 0 || !n.Confirmed(first.UpdateID) {
		t.Errorf("updates = %v, want none", got)
	}
	if err := n.Redeliver(1); !errors.Is(err, ErrNoUpdate) {
		t.Errorf("Redeliver(1) = %v", err)
	}
}

func TestAllowedUpdatesAndJump(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	n.updates(t, `{"allowed_updates":["message"]}`)
	if sent := p.Block(); sent.UpdateID != 0 {
		t.Errorf("my_chat_member was queued: %+v", sent)
	}
	p.Unblock()
	n.SkipUpdateIDs(900_000_000)
	if sent := must(t)(p.Send("halo")); sent.UpdateID != 900_000_000 {
		t.Errorf("update id = %d", sent.UpdateID)
	}
	if n.Confirmed(800_000_000) {
		t.Error("an id that was skipped is confirmed")
	}
}

func TestLongPollWaitsAndWakes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		s := New(Config{Token: testToken, Now: time.Now})
		defer s.Close()
		bot := &http.Client{Transport: InProcess(s)}
		poll := func() string {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://x/bot"+testToken+"/getUpdates?timeout=30", nil)
			resp, err := bot.Do(req)
			if err != nil {
				t.Error(err)
				return ""
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			return string(body)
		}
		if got := poll(); got != `{"ok":true,"result":[]}` || time.Since(start) != 30*time.Second {
			t.Errorf("quiet poll = %s after %v", got, time.Since(start))
		}
		time.AfterFunc(8*time.Second, func() { _, _ = s.Person(7, "Siti", "628111").Send("halo") })
		if got := poll(); len(got) < 100 || time.Since(start) != 38*time.Second {
			t.Errorf("poll = %s after %v, want the message after 38s", got, time.Since(start))
		}
	})
}

func TestSecondPollEndsTheFirst(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	first := make(chan answer, 1)
	go func() {
		a, _ := n.try(t.Context(), t, "getUpdates", `{"timeout":50}`)
		first <- a
	}()
	n.awaitPoller(t)
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() {
		_, err := n.try(ctx, t, "getUpdates", `{"timeout":50}`)
		second <- err
	}()
	if a := <-first; a.Code != 409 || a.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
		t.Errorf("first poll = %+v", a)
	}
	cancel()
	if err := <-second; !errors.Is(err, context.Canceled) {
		t.Errorf("second poll = %v", err)
	}
	n.call(t, "setWebhook", `{"url":"http://127.0.0.1:1/"}`)
	if a := n.call(t, "getUpdates", `{}`); a.Code != 409 {
		t.Errorf("poll beside a webhook = %+v", a)
	}
	n.noViolations(t)
}

// awaitPoller returns once a getUpdates is running.
func (n *network) awaitPoller(t *testing.T) {
	t.Helper()
	for {
		n.queue.mu.RLock()
		running := n.queue.poller != nil
		n.queue.mu.RUnlock()
		if running {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("no poll began")
		}
	}
}

// hookLog is a bot's webhook that fails as told and logs the rest.
type hookLog struct {
	mu      sync.Mutex
	fail    int
	secrets []string
	got     []string
	more    chan struct{}
}

func (h *hookLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.secrets = append(h.secrets, r.Header.Get(secretHeader))
	if h.fail > 0 {
		h.fail--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	h.got = append(h.got, string(body))
	h.more <- struct{}{}
}

func TestWebhookRepeatsUntilTaken(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	h := &hookLog{fail: 2, more: make(chan struct{}, 100)}
	hook := httptest.NewServer(h)
	t.Cleanup(hook.Close)
	p := n.Person(7, "Siti", "628111")
	early := must(t)(p.Send("sebelum webhook"))
	n.call(t, "setWebhook", `{"url":"`+hook.URL+`","secret_token":"s-1","max_connections":2}`)
	late := must(t)(p.Send("sesudah"))
	<-h.more
	<-h.more
	events, cancel := n.Watch()
	defer cancel()
	for !n.Confirmed(late.UpdateID) {
		<-events
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, want := range []Sent{early, late} {
		if err := Check("Update", []byte(h.got[i])); err != nil {
			t.Error(err)
		}
		if prefix := fmt.Sprintf(`{"update_id":%d,`, want.UpdateID); h.got[i][:len(prefix)] != prefix {
			t.Errorf("update %d = %s", i, h.got[i])
		}
	}
	if len(h.secrets) != 4 || slices.ContainsFunc(h.secrets, func(s string) bool { return s != "s-1" }) {
		t.Errorf("secrets = %v, want 4 times s-1", h.secrets)
	}
	var info answer
	if info = n.call(t, "getWebhookInfo", `{}`); Check("WebhookInfo", info.Result) != nil {
		t.Errorf("info = %s", info.Result)
	}
	if n.Pending() != 0 {
		t.Errorf("%d pending", n.Pending())
	}
}

func TestWebhookKeepsAChatInOrderAndRunsChatsInParallel(t *testing.T) {
	t.Parallel()
	const people, each = 20, 10
	var mu sync.Mutex
	running, most := 0, 0
	last := map[string]int{}
	finished := make(chan struct{}, people*each)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var u struct {
			Message struct {
				Text string `json:"text"`
			} `json:"message"`
		}
		body, _ := io.ReadAll(r.Body)
		_ = jsonInto(body, &u)
		var who string
		var no int
		_, _ = fmt.Sscanf(u.Message.Text, "%s %d", &who, &no)
		mu.Lock()
		running++
		most = max(most, running)
		if last[who]+1 != no {
			t.Errorf("%s: %d came after %d", who, no, last[who])
		}
		last[who] = no
		mu.Unlock()
		_ = pause(r.Context(), time.Millisecond)
		mu.Lock()
		running--
		mu.Unlock()
		finished <- struct{}{}
	}))
	t.Cleanup(hook.Close)
	n := newNetwork(t)
	n.call(t, "setWebhook", `{"url":"`+hook.URL+`","max_connections":5}`)
	for no := 1; no <= each; no++ {
		for i := range people {
			p := n.Person(int64(100+i), fmt.Sprint("p", i), "628")
			must(t)(p.Send(fmt.Sprintf("p%d %d", i, no)))
		}
	}
	for range people * each {
		<-finished
	}
	if most > 5 || most < 2 {
		t.Errorf("%d posts at once, want 2 to 5", most)
	}
}

func TestDeleteWebhookGivesUpdatesBack(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	n.call(t, "setWebhook", `{"url":"http://127.0.0.1:1/"}`) // nobody listens there
	sent := must(t)(p.Send("halo"))
	n.call(t, "deleteWebhook", `{}`)
	if got := n.updates(t, `{}`); len(got) != 1 || id(got[0]) != sent.UpdateID {
		t.Errorf("updates = %v", got)
	}
	n.call(t, "deleteWebhook", `{"drop_pending_updates":true}`)
	if n.Pending() != 0 {
		t.Errorf("%d pending after dropping", n.Pending())
	}
}

func TestSetWebhookCanDropWhatWaits(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	must(t)(n.Person(7, "Siti", "628111").Send("lama"))
	n.call(t, "setWebhook", `{"url":"http://127.0.0.1:1/","drop_pending_updates":true}`)
	if n.Pending() != 0 {
		t.Errorf("%d pending after dropping", n.Pending())
	}
	n.call(t, "setWebhook", `{"url":""}`) // removes it
	if got := n.updates(t, `{}`); len(got) != 0 {
		t.Errorf("updates = %v", got)
	}
}
