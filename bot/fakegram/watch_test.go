package fakegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWatchTellsWhatChanged(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	events, cancel := n.Watch()
	sent := must(t)(p.Send("halo"))
	n.call(t, "sendChatAction", `{"chat_id":7,"action":"typing"}`)
	n.call(t, "sendMessage", `{"chat_id":7,"text":"a","reply_markup":{"inline_keyboard":[[{"text":"b","callback_data":"c"}]]}}`)
	n.call(t, "editMessageText", `{"chat_id":7,"message_id":2,"text":"aa"}`)
	n.call(t, "deleteMessage", `{"chat_id":7,"message_id":2}`)
	n.updates(t, fmt.Sprintf(`{"offset":%d}`, sent.UpdateID+1))
	p.Block()
	cancel()
	cancel() // twice is harmless
	var kinds []EventKind
	for e := range events {
		if e.ChatID != 7 || e.Missed != 0 {
			t.Errorf("event = %+v", e)
		}
		kinds = append(kinds, e.Kind)
	}
	want := []EventKind{EventMessage, EventTyping, EventMessage, EventEdited, EventDeleted, EventConfirmed, EventChat}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestSlowWatcherMissesAndIsTold(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	events, cancel := n.Watch()
	defer cancel()
	for range watchBuffer + 10 {
		must(t)(p.Send("a"))
	}
	for range watchBuffer {
		<-events
	}
	must(t)(p.Send("b"))
	if e := <-events; e.Missed != 10 || e.Message.Text != "b" {
		t.Errorf("missed %d before %q, want 10 before b", e.Missed, e.Message.Text)
	}
	n.Close()
	if _, open := <-events; open {
		t.Error("Close left the watch open")
	}
	late, _ := n.Watch()
	if _, open := <-late; open {
		t.Error("a watch began after Close")
	}
}

func TestAwaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	n := newNetwork(t)
	p := n.Person(7, "Siti", "628111")
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := p.Await(ctx, 0, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v", err)
	}
	if n.Chat(99).Messages() != nil {
		t.Error("an unknown chat has messages")
	}
}

// TestCrowd lets many people write, tap and edit at once while a bot answers.
func TestCrowd(t *testing.T) {
	t.Parallel()
	s := New(Config{Token: testToken, Now: newClock().now, Limits: NoLimits(), KeepMessages: 10})
	t.Cleanup(s.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	idle := make(chan struct{})
	go func() { defer close(idle); echoBot(ctx, s) }()
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			p := s.Person(int64(i+1), "P", "628")
			for k := range 3 {
				sent, err := p.Send(fmt.Sprint("pesan ", k))
				if err != nil {
					t.Error(err)
				}
				if _, err := p.Await(ctx, sent.MessageID, nil); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	cancel()
	<-idle // the last call is logged after its message was seen
	if len(s.Violations()) != 0 || s.Counts()["sendMessage 200"] != 600 {
		t.Errorf("counts = %v, violations = %v", s.Counts(), s.Violations())
	}
}

// echoBot answers every message once, in process.
func echoBot(ctx context.Context, s *Server) {
	web := &http.Client{Transport: InProcess(s)}
	offset := int64(0)
	for ctx.Err() == nil {
		var got struct {
			Result []struct {
				ID      int64 `json:"update_id"`
				Message struct {
					Chat struct{ ID int64 } `json:"chat"`
				} `json:"message"`
			} `json:"result"`
		}
		if err := jsonInto(post(ctx, web, "getUpdates", fmt.Sprintf(`{"offset":%d,"timeout":10}`, offset)), &got); err != nil {
			continue
		}
		for _, u := range got.Result {
			post(ctx, web, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"ok"}`, u.Message.Chat.ID))
			offset = u.ID + 1
		}
	}
}

func post(ctx context.Context, web *http.Client, method, body string) []byte {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://x/bot"+testToken+"/"+method, strings.NewReader(body))
	if err != nil {
		return nil
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := web.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	return data
}

func BenchmarkSendMessage(b *testing.B) {
	s := New(Config{Token: testToken, Now: newClock().now, Limits: NoLimits(), KeepMessages: 10})
	defer s.Close()
	for i := range 2000 {
		s.Person(int64(i+1), "P", "628").Open()
	}
	web := &http.Client{Transport: InProcess(s)}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		i := 0
		for pb.Next() {
			i++
			post(b.Context(), web, "sendMessage", fmt.Sprintf(`{"chat_id":%d,"text":"Apa yang dikerjakan?","reply_markup":{"inline_keyboard":[[{"text":"Hadir","callback_data":"h:1"}]]}}`, i%2000+1))
		}
	})
}

func BenchmarkPersonSend(b *testing.B) {
	s := New(Config{Token: testToken, Now: newClock().now, KeepMessages: 10})
	defer s.Close()
	p := s.Person(1, "P", "628")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Send("rapat koordinasi"); err != nil {
			b.Fatal(err)
		}
	}
}
