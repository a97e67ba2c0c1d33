package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/web"
	"ekinerja/web/demo"
)

const (
	token   = "4242:test"
	groupID = -1001720001
)

// scene is a page over a real simulated network, with a clock and a service
// that only note what was asked of them.
type scene struct {
	net                *fakegram.Server
	sri, agus, bambang *fakegram.Person
	group              *fakegram.Group
	clock              *fakeClock
	service            *fakeService
	panel              *fakePanel
	page               http.Handler
	url                string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	loc := time.FixedZone("WIB", 7*60*60)
	s := &scene{
		clock:   &fakeClock{now: time.Date(2026, time.November, 23, 15, 31, 0, 0, loc), speed: 1},
		service: &fakeService{running: true}, panel: &fakePanel{},
	}
	s.net = fakegram.New(fakegram.Config{
		Token: token, BotUsername: "ekinerja_bot", BotName: "Laporan Harian Solo", Now: s.clock.Now, Limits: fakegram.NoLimits(),
	})
	t.Cleanup(s.net.Close)
	s.sri = s.net.Person(101, "Sri Wahyuni", "628111")
	s.agus = s.net.Person(102, "Agus Prasetyo", "628112")
	s.bambang = s.net.Person(103, "Bambang", "628113")
	s.group = s.net.Group(groupID, "Badan Pendapatan Daerah")
	for _, p := range []*fakegram.Person{s.sri, s.agus, s.bambang} {
		p.Open()
	}
	page, err := demo.New(demo.Config{
		Net: s.net, Group: s.group, GroupTitle: "Grup Badan Pendapatan Daerah", Clock: s.clock, Service: s.service,
		Panel: s.panel, Location: loc, Log: slog.New(slog.DiscardHandler), Phones: []demo.Phone{
			{Key: "sri", Name: "Sri Wahyuni, S.E.", Role: "Pemeriksa Pajak, Bapenda", Person: s.sri, Hints: []string{"Verifikasi SPTPD hotel; 17 berkas; 08.15-12.00", "rapat koordinasi 2,5 jam"}},
			{Key: "agus", Name: "Agus Prasetyo", Role: "Juru Pungut, Bapenda", Person: s.agus, Hints: []string{"25 bks 90 mnt"}},
			{Key: "bambang", Name: "Bambang Suryanto, M.Si.", Role: "Kepala Bidang Penagihan, Bapenda", Person: s.bambang, Hints: []string{"/status"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.page = page
	srv := httptest.NewServer(web.NewServer("", page).Handler)
	t.Cleanup(srv.Close)
	t.Cleanup(s.net.Close) // first, or open pages would hold the server
	s.url = srv.URL
	return s
}

// call is the bot calling the network, which must carry it out.
func (s *scene) call(t *testing.T, method string, params map[string]any) {
	t.Helper()
	if status := s.try(t, method, params); status != http.StatusOK {
		t.Fatalf("%s: status %d", method, status)
	}
}

// refused is a message that the network refuses with 429.
func (s *scene) refused(t *testing.T, chat int64) {
	t.Helper()
	if status := s.try(t, "sendMessage", map[string]any{"chat_id": chat, "text": "Sekali saja."}); status != http.StatusTooManyRequests {
		t.Fatalf("status %d, want 429", status)
	}
}

func (s *scene) try(t *testing.T, method string, params map[string]any) int {
	t.Helper()
	body, err := json.Marshal(params)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://fakegram.invalid/bot"+token+"/"+method, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Transport: fakegram.InProcess(s.net)}).Do(req)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// say is a message of the bot; more are further parameters.
func (s *scene) say(t *testing.T, chat int64, text string, more map[string]any) {
	t.Helper()
	params := map[string]any{"chat_id": chat, "text": text}
	maps.Copy(params, more)
	s.call(t, "sendMessage", params)
}

// request asks the page as a browser on this machine would.
func (s *scene) request(method, target string, form url.Values, head map[string]string) *httptest.ResponseRecorder {
	req := httptest.NewRequestWithContext(context.Background(), method, "http://localhost"+target, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, v := range head {
		req.Header.Set(k, v)
	}
	if host := head["Host"]; host != "" {
		req.Host = host
	}
	w := httptest.NewRecorder()
	s.page.ServeHTTP(w, req)
	return w
}

func (s *scene) get(t *testing.T, target string) string {
	t.Helper()
	w := s.request(http.MethodGet, target, nil, nil)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: status %d: %s", target, w.Code, w.Body)
	}
	return w.Body.String()
}

// post clicks; fields are names and values in turn.
func (s *scene) post(target string, fields ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return s.request(http.MethodPost, target, form, map[string]string{"HX-Request": "true", "Sec-Fetch-Site": "same-origin"})
}

type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	speed float64
	fail  error
	wait  chan struct{} // Jump waits for it, if there is one
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

func (c *fakeClock) SetSpeed(x float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.speed = x
}

func (c *fakeClock) Jump(_ context.Context, to time.Time) error {
	if c.wait != nil {
		c.wait <- struct{}{} // here
		<-c.wait
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail == nil {
		c.now = to
	}
	return c.fail
}

type fakeService struct {
	mu      sync.Mutex
	running bool
	flushes int
	fail    error
}

func (f *fakeService) Kill(context.Context) error  { return f.set(false) }
func (f *fakeService) Start(context.Context) error { return f.set(true) }

func (f *fakeService) set(running bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		return f.fail
	}
	f.running = running
	return nil
}

func (f *fakeService) Running() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.running
}

func (f *fakeService) FlushRedis(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.flushes++
	return f.fail
}

type fakePanel struct {
	mu   sync.Mutex
	rows []demo.Row
	fail error
}

func (f *fakePanel) Rows(_ context.Context, limit int) ([]demo.Row, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.rows) > limit {
		return nil, fmt.Errorf("%d rows for a limit of %d", len(f.rows), limit)
	}
	return f.rows, f.fail
}

func (f *fakePanel) set(rows ...demo.Row) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows = rows
}
