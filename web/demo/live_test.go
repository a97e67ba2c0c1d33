package demo_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"ekinerja/web/demo"
)

// listener follows /events as a page does.
type listener struct {
	t      *testing.T
	events chan string // "chat {\"key\":\"sri\"}"
	closed chan struct{}
}

func (s *scene) listen(t *testing.T) *listener {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %q", got)
	}
	l := &listener{t: t, events: make(chan string, 1000), closed: make(chan struct{})}
	go func() {
		defer close(l.closed)
		defer close(l.events)
		name := ""
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			if after, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = after
			}
			if after, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				l.events <- name + " " + after
			}
		}
	}()
	l.await(`clock {"date":"Senin, 23 November 2026","time":"15.31","zone":"WIB","speed":1}`) // it watches now
	return l
}

func (l *listener) await(want string) {
	l.t.Helper()
	var others []string
	for e := range l.events {
		if e == want {
			return
		}
		if !strings.HasPrefix(e, "clock ") {
			others = append(others, e)
		}
	}
	l.t.Fatalf("the stream ended without %s; it had %q", want, others)
}

func TestEvents(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	l := s.listen(t)
	tell(t, s.sri, "halo")
	l.await(`chat {"key":"sri"}`)
	s.say(t, s.agus.ID, "Sugeng sonten", nil)
	l.await(`chat {"key":"agus"}`)
	s.call(t, "sendChatAction", map[string]any{"chat_id": s.sri.ID, "action": "typing"})
	l.await(`typing {"key":"sri"}`)
	s.post("/phone/agus/block")
	l.await(`phone {"key":"agus"}`)
	s.post("/fault/telegram")
	l.await(`faults {}`)
	s.panel.set(demo.Row{Name: "Sri", At: s.clock.Now()})
	l.await(`panel {}`)
	s.post("/clock/plus-30")
	l.await(`clock {"date":"Senin, 23 November 2026","time":"16.01","zone":"WIB","speed":1}`)
	if _, err := s.group.Say(s.bambang, "Siap"); err != nil {
		t.Fatal(err)
	}
	l.await(`chat {"key":"grup"}`)
	s.net.Close()
	<-l.closed // the page's request ends with the network
}
