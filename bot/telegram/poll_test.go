package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ekinerja/bot"
	"ekinerja/bot/fakegram"
)

// TestNothingIsConfirmedBeforeItIsStored is promise one: what the inbox refuses
// stays at Telegram.
func TestNothingIsConfirmedBeforeItIsStored(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	p := srv.Person(501, "Ani", "")
	for _, text := range []string{"satu", "dua", "tiga"} {
		if _, err := p.Send(text); err != nil {
			t.Fatal(err)
		}
	}
	in, heard := &store{refuse: 2}, 0
	a.cfg.Heard = func() { heard++ }
	for range 2 {
		if _, err := a.PollOnce(t.Context(), in, 0); !errors.Is(err, errNoDatabase) {
			t.Fatalf("error is %v, want the inbox's", err)
		}
		if n := srv.Pending(); n != 3 {
			t.Fatalf("%d updates wait at Telegram after a refused batch, want 3", n)
		}
	}
	n, err := a.PollOnce(t.Context(), in, 0)
	if n != 3 || err != nil {
		t.Fatalf("PollOnce = %d, %v; want 3", n, err)
	}
	if n := srv.Pending(); n != 3 {
		t.Errorf("%d updates wait, want 3: nothing is confirmed before the next call", n)
	}
	if n, err = a.PollOnce(t.Context(), in, 0); n != 0 || err != nil {
		t.Errorf("PollOnce = %d, %v; want 0", n, err)
	}
	if n := srv.Pending(); n != 0 {
		t.Errorf("%d updates wait after the confirmation, want 0", n)
	}
	if heard != 2 {
		t.Errorf("%d polls were heard of, want the one that was taken in and the empty one", heard)
	}
	if diff := cmp.Diff([]string{"satu", "dua", "tiga"}, in.texts()); diff != "" {
		t.Error(diff)
	}
}

// TestUpdatesNumberedAnew: after a quiet week the numbers may be lower than before.
func TestUpdatesNumberedAnew(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	p, in := srv.Person(501, "Ani", ""), &store{}
	srv.SkipUpdateIDs(900_000)
	for i, text := range []string{"lama", "baru"} {
		if i == 1 {
			srv.SkipUpdateIDs(17)
		}
		if _, err := p.Send(text); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second call is the empty one
			if _, err := a.PollOnce(t.Context(), in, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff([]string{"lama", "baru"}, in.texts()); diff != "" {
		t.Error(diff)
	}
}

func TestPollGoesOnUntilItIsStopped(t *testing.T) {
	t.Parallel()
	srv, a := network(t)
	events, stop := srv.Watch()
	defer stop()
	if _, err := srv.Person(501, "Ani", "").Send("halo"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	in := &store{refuse: 3}
	ended := make(chan error, 1)
	go func() { ended <- a.Poll(ctx, in) }()
	for e := range events {
		if e.Kind == fakegram.EventConfirmed {
			break
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"halo"}, in.texts()); diff != "" {
		t.Error(diff)
	}
}

func TestPollRests(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	ctx, cancel := context.WithCancel(t.Context())
	a, log, rests := api(t, func(w http.ResponseWriter, r *http.Request) {
		n := calls.Add(1)
		switch {
		case strings.HasSuffix(r.URL.Path, "/deleteWebhook") && n < 3: // twice down
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprint(w, `{"ok":false,"error_code":502,"description":"Bad Gateway"}`)
		case strings.HasSuffix(r.URL.Path, "/deleteWebhook"):
			fmt.Fprint(w, `{"ok":true,"result":true}`)
		case n < 7:
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, `{"ok":false,"error_code":409,"description":"Conflict: terminated by other getUpdates request"}`)
		case n < 14:
			fmt.Fprint(w, `<html>`)
		case n == 14:
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":77}}`)
		default:
			cancel()
			fmt.Fprint(w, `{"ok":true,"result":[]}`)
		}
	})
	if err := a.Poll(ctx, &store{}); err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, d := range *rests {
		got = append(got, int(d/time.Second))
	}
	if diff := cmp.Diff([]int{1, 2, 30, 30, 30, 1, 2, 4, 8, 16, 30, 30, 77}, got); diff != "" {
		t.Error(diff)
	}
	if n := strings.Count(log.String(), "level=ERROR"); n != 1 {
		t.Errorf("conflict told %d times within a minute, want once", n)
	}
}

func TestConflictIsNamed(t *testing.T) {
	t.Parallel()
	a, _, _ := api(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusConflict)
		fmt.Fprint(w, `{"ok":false,"error_code":409,"description":"Conflict"}`)
	})
	if _, err := a.PollOnce(t.Context(), &store{}, 0); !errors.Is(err, ErrConflict) {
		t.Errorf("error is %v, want ErrConflict", err)
	}
}

// TestBrokenUpdateDoesNotStopTheOthers: it is kept raw, and confirmed.
func TestBrokenUpdateDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	var asked []string
	a, _, _ := api(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, bodyOf(r))
		if len(asked) > 1 {
			fmt.Fprint(w, `{"ok":true,"result":[]}`)
			return
		}
		fmt.Fprint(w, `{"ok":true,"result":[
			{"update_id":41,"message":{"message_id":"seven"}},
			{"update_id":42,"message":{"message_id":7,"date":1795424400,"chat":{"id":501,"type":"private"},"text":"hai"}}]}`)
	})
	in := &store{}
	for range 3 {
		if _, err := a.PollOnce(t.Context(), in, 50*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	if len(in.in) != 2 || in.in[0].Msg.Odd != "undecodable" || in.in[0].Msg.Kind != bot.KindOther || in.in[1].Msg.Text != "hai" {
		t.Errorf("taken in: %+v", in.in)
	}
	if want := `{"update_id":41,"message":{"message_id":"seven"}}`; string(in.in[0].Raw) != want {
		t.Errorf("raw bytes are %s", in.in[0].Raw)
	}
	// The third call has no offset: the second, empty, answer confirmed everything.
	want := []string{
		`{"limit":100,"timeout":50,"allowed_updates":["message","edited_message","callback_query","my_chat_member"]}`,
		`{"offset":43,"limit":100,"timeout":50,"allowed_updates":["message","edited_message","callback_query","my_chat_member"]}`,
		`{"limit":100,"timeout":50,"allowed_updates":["message","edited_message","callback_query","my_chat_member"]}`,
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
}
