package adms_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/store"
	"ekinerja/store/storetest"
	"ekinerja/web/adms"
	"ekinerja/web/adms/fakedevice"
)

// hall is a receiver on a real database, with machines that can reach it.
type hall struct {
	t      *testing.T
	url    string
	db     *store.Store
	base   string
	now    atomic.Int64
	log    *bytes.Buffer
	broken atomic.Bool // keeping fails
	r      *adms.Receiver
}

func wib() *time.Location { return time.FixedZone("WIB", 7*3600) }

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, url: storetest.New(t), log: &bytes.Buffer{}}
	h.set(time.Date(2026, 11, 23, 7, 12, 30, 0, wib()))
	db, err := store.Open(t.Context(), store.Config{URL: h.url, MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	h.db = db
	punches := &store.Punches{Store: db, Now: h.clock}
	h.r = adms.New(adms.Config{
		Machines: db, Now: h.clock, Log: slog.New(slog.NewTextHandler(h.log, nil)),
		Keep: func(ctx context.Context, p store.Push) error {
			if h.broken.Load() {
				return errors.New("disk full")
			}
			return punches.Keep(ctx, p)
		},
	})
	srv := httptest.NewServer(h.r)
	t.Cleanup(srv.Close)
	h.base = srv.URL
	return h
}

func (h *hall) clock() time.Time   { return time.Unix(0, h.now.Load()) }
func (h *hall) set(at time.Time)   { h.now.Store(at.UnixNano()) }
func (h *hall) count() (n int64)   { h.t.Helper(); return h.must(h.db.CountPunches(h.t.Context())) }
func (h *hall) at(m int) time.Time { return time.Date(2026, 11, 23, 7, m, 0, 0, wib()) }

// post sends a body as any program could.
func (h *hall) post(path, body string) (*http.Response, error) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.base+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	return http.DefaultClient.Do(req)
}

func (h *hall) must(n int64, err error) int64 {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

// hang adds a machine and hangs it up.
func (h *hall) hang(serial string, d fakedevice.Dialect, lose func(int) bool) *fakedevice.Device {
	h.t.Helper()
	token, err := h.db.AddDevice(h.t.Context(), h.clock(), store.NewDevice{Serial: serial, Offset: 7 * time.Hour})
	if err != nil {
		h.t.Fatal(err)
	}
	h.set(h.clock().Add(2 * time.Second)) // the list of machines is read again
	return fakedevice.New(fakedevice.Config{
		Base: h.base + "/adms/" + token, Serial: serial, Zone: wib(), Dialect: d, Client: http.DefaultClient, LoseAnswer: lose,
	})
}

func TestEveryDialectIsUnderstood(t *testing.T) {
	t.Parallel()
	for i, d := range fakedevice.Dialects() {
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t)
			m := h.hang(fmt.Sprintf("SN%03d", i), d, func(n int) bool { return n%4 == 0 })
			for p := range 75 {
				m.Punch(fmt.Sprint(1000+p), h.at(p%12))
			}
			m.Enrol("1000", "Sri Wahyuni", "TEMPLATE")
			for range 100 {
				if err := m.Talk(t.Context()); err == nil && m.Waiting() == 0 {
					break
				}
			}
			if m.Waiting() > 0 || h.count() != 75 {
				t.Errorf("%d wait, %d of 75 kept", m.Waiting(), h.count())
			}
			m.Forget()
			if err := m.Talk(t.Context()); err != nil && !errors.Is(err, fakedevice.ErrLost) {
				t.Error(err)
			}
			if h.count() != 75 {
				t.Errorf("all again: %d of 75", h.count())
			}
			if v := m.Violations(); len(v) > 0 {
				t.Errorf("the machine refused: %q", v)
			}
		})
	}
}

// TestNothingOfABodyIsKept: a machine that sends fingers, faces, photos and names
// leaves nothing of them, in no table and in no line of the log.
func TestNothingOfABodyIsKept(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	const template = "TUpBQUFBQkFBQUFBQUFBQUE"
	m := h.hang("SN001", fakedevice.Dialects()[1], nil)
	m.Punch("17", h.at(5))
	m.Enrol("17", "Rahasia Sekali", template)
	if err := m.Talk(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.AddDevice(t.Context(), h.clock(), store.NewDevice{Serial: "OPEN1", Offset: 7 * time.Hour, Open: true}); err != nil {
		t.Fatal(err)
	}
	h.set(h.clock().Add(2 * time.Second))
	odd, err := h.post("/iclock/cdata?SN=OPEN1&table=ATTLOG", "FP PIN=17\tTMP="+template)
	if err != nil {
		t.Fatal(err)
	}
	_ = odd.Body.Close()
	if odd.StatusCode != http.StatusOK {
		t.Fatalf("templates where records belong: %d", odd.StatusCode)
	}
	tables := storetest.Rows(t, h.url, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	if len(tables) < 30 {
		t.Fatalf("only %d tables", len(tables))
	}
	for _, name := range tables {
		for _, row := range storetest.Rows(t, h.url, `SELECT x::text FROM "`+name[0]+`" x`) {
			for _, secret := range []string{template, "Rahasia", "TMP", "BIODATA"} {
				if strings.Contains(row[0], secret) {
					t.Errorf("table %s has %s: %s", name[0], secret, row[0])
				}
			}
		}
	}
	if text := h.log.String(); strings.Contains(text, template) || strings.Contains(text, "Rahasia") {
		t.Errorf("the log has it: %s", text)
	}
	if h.count() != 1 {
		t.Errorf("%d punches", h.count())
	}
}

func TestOnlyListedMachinesMaySend(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	token, err := h.db.AddDevice(t.Context(), h.clock(), store.NewDevice{Serial: "SN1", Offset: 7 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.AddDevice(t.Context(), h.clock(), store.NewDevice{Serial: "OPEN1", Offset: 7 * time.Hour, Open: true}); err != nil {
		t.Fatal(err)
	}
	post := func(path string) (int, string) {
		t.Helper()
		res, err := h.post(path, "1\t2026-11-23 07:12:05\t0\n")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body)
	}
	for name, c := range map[string]struct {
		path string
		want int
	}{
		"its secret":              {"/adms/" + token + "/iclock/cdata?SN=SN1&table=ATTLOG", 200},
		"another secret":          {"/adms/" + token[1:] + "A/iclock/cdata?SN=SN1&table=ATTLOG", 403},
		"no secret":               {"/iclock/cdata?SN=SN1&table=ATTLOG", 403},
		"nobody's number":         {"/adms/" + token + "/iclock/cdata?SN=SN2&table=ATTLOG", 403},
		"no number":               {"/adms/" + token + "/iclock/cdata?table=ATTLOG", 403},
		"open, without a secret":  {"/iclock/cdata.aspx?SN=OPEN1&table=attlog", 200},
		"open, with another's":    {"/adms/" + token + "/iclock/cdata?SN=OPEN1&table=ATTLOG", 403},
		"a path of no machine":    {"/adms/" + token + "/iclock/shell?SN=SN1", 404},
		"somewhere else entirely": {"/metrics", 404},
	} {
		if got, body := post(c.path); got != c.want || got == 403 && body != "forbidden" {
			t.Errorf("%s: %d %q, want %d", name, got, body, c.want)
		}
	}
	if err := h.db.RevokeDevice(t.Context(), h.clock(), "SN1"); err != nil {
		t.Fatal(err)
	}
	h.set(h.clock().Add(time.Minute))
	if got, _ := post("/adms/" + token + "/iclock/cdata?SN=SN1&table=ATTLOG"); got != 403 {
		t.Errorf("a revoked machine: %d", got)
	}
	if !strings.Contains(h.log.String(), "serial=SN2") {
		t.Errorf("whoever hangs SN2 up should find it in the log: %s", h.log)
	}
}

func TestOKOnlyAfterTheCommit(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	m := h.hang("SN1", fakedevice.Dialects()[0], nil)
	m.Punch("1", h.at(5))
	h.broken.Store(true)
	if err := m.Talk(t.Context()); err == nil || m.Waiting() != 1 || h.count() != 0 {
		t.Fatalf("not kept, and the machine heard OK: %v, %d wait", err, m.Waiting())
	}
	h.broken.Store(false)
	if err := m.Talk(t.Context()); err != nil || m.Waiting() != 0 || h.count() != 1 {
		t.Errorf("later: %v, %d wait, %d kept", err, m.Waiting(), h.count())
	}
	if text := h.log.String(); !strings.Contains(text, "not kept") {
		t.Errorf("the operator should see it: %s", text)
	}
}

func TestAWrongClockIsFlagged(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	m := h.hang("SN1", fakedevice.Dialects()[0], nil)
	m.SetClock(26 * time.Hour)
	m.Punch("1", h.at(12))
	if err := m.Talk(t.Context()); err != nil {
		t.Fatal(err)
	}
	d, err := h.db.Device(t.Context(), "SN1")
	if err != nil || !d.Skew.Wrong() || d.Skew.Off < 25*time.Hour {
		t.Errorf("%+v, %v", d.Skew, err)
	}
	if got := storetest.Rows(t, h.url, "SELECT doubt FROM punch"); len(got) != 1 || got[0][0] != "t" {
		t.Errorf("punches: %v", got)
	}
	m.SetClock(0)
	h.set(h.at(20))
	m.Punch("2", h.at(20))
	if err := m.Talk(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d, err = h.db.Device(t.Context(), "SN1"); err != nil || d.Skew.Wrong() {
		t.Errorf("set right: %+v, %v", d.Skew, err)
	}
}

func TestAMachineIsAskedForEverythingAgain(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	m := h.hang("SN1", fakedevice.Dialects()[3], nil)
	for p := range 40 {
		m.Punch(fmt.Sprint(100+p), h.at(5))
	}
	if err := m.Talk(t.Context()); err != nil {
		t.Fatal(err)
	}
	storetest.Rows(t, h.url, "DELETE FROM punch") // a restore of an older state, say
	if err := h.db.ResendDevice(t.Context(), "SN1"); err != nil {
		t.Fatal(err)
	}
	h.set(h.clock().Add(time.Minute))
	m.Forget()
	if err := m.Talk(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d, err := h.db.Device(t.Context(), "SN1"); err != nil || d.Resend || d.Stamp != "40" || h.count() != 40 {
		t.Errorf("%+v, %v, %d kept", d, err, h.count())
	}
	if err := h.r.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d, _ := h.db.Device(t.Context(), "SN1"); d.LastSeen.IsZero() {
		t.Error("when it was heard is not noted")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	if _, err := h.db.AddDevice(t.Context(), h.clock(), store.NewDevice{Serial: "SN1", Offset: 7 * time.Hour, Open: true}); err != nil {
		t.Fatal(err)
	}
	post := func(table string, size int) int {
		t.Helper()
		res, err := h.post("/iclock/cdata?SN=SN1&table="+table, strings.Repeat("x", size))
		if err != nil {
			return 0 // closed while we were still sending
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	if got := post("ATTLOG", 3<<20); got != http.StatusRequestEntityTooLarge && got != 0 {
		t.Errorf("3 MB of records: %d", got)
	}
	if got := post("BIODATA", 3<<20); got != http.StatusOK {
		t.Errorf("3 MB of templates are read and dropped: %d", got)
	}
	if got := post("ATTLOG", 100); got != http.StatusOK {
		t.Errorf("a push without a single record: %d", got)
	}
}

// TestNoteAfterAPunch: with the policy's note on, whoever is recorded hears of it
// once, and only when it is fresh.
func TestNoteAfterAPunch(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	storetest.Rows(t, h.url, `INSERT INTO opd (name) VALUES ('Bapenda')`)
	storetest.Rows(t, h.url, `INSERT INTO unit (opd_id, name) SELECT id, 'Pajak' FROM opd`)
	storetest.Rows(t, h.url, `INSERT INTO employee (number, name, kind, unit_id, created_at) SELECT '198001012005011001', 'Sri Wahyuni', 'PNS', id, '2026-01-01Z' FROM unit`)
	storetest.Rows(t, h.url, `INSERT INTO address (employee_id, network, chat_id, state, bound_at) SELECT id, 'telegram', '7', 'live', '2026-01-01Z' FROM employee`)
	storetest.Rows(t, h.url, `INSERT INTO pin (employee_id, pin, valid_from) SELECT id, '17', '2026-01-01' FROM employee`)
	if _, err := h.db.AddDevice(t.Context(), h.clock(), store.NewDevice{Serial: "SN1", Offset: 7 * time.Hour, Open: true}); err != nil {
		t.Fatal(err)
	}
	keep := &store.Punches{Store: h.db, Now: h.clock, Note: func(p conversations.Person, at time.Time, first bool) conversations.Say {
		return conversations.Say{Msg: conversations.Message{Text: fmt.Sprintf("%s %s %v", p.Name, at.In(wib()).Format("15.04"), first)}}
	}}
	r := adms.New(adms.Config{Machines: h.db, Keep: keep.Keep, Now: h.clock, Log: slog.New(slog.DiscardHandler)})
	for _, body := range []string{"17\t2026-11-23 07:12:05\n", "17\t2026-11-23 07:12:05\n", "17\t2026-11-23 05:00:00\n99\t2026-11-23 07:12:06\n"} {
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/iclock/cdata?SN=SN1&table=ATTLOG", strings.NewReader(body)))
		if w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
	}
	got := storetest.Rows(t, h.url, "SELECT body->>'text' FROM outbox")
	if len(got) != 1 || got[0][0] != "Sri Wahyuni 07.12 true" {
		t.Errorf("notes: %v", got)
	}
}
