package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
)

// hall is a stage with two people, a machine that knows them, and their duties.
type hall struct {
	*stage
	sri, agus roster.EmployeeID
	device    Device
	punches   *Punches
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{stage: newStage(t)}
	h.sri, h.agus = h.person("Sri", "100"), h.person("Agus", "200")
	if _, err := h.store.AddDevice(t.Context(), h.clock.now(), NewDevice{Serial: "A1", Name: "Lobi", Offset: 7 * time.Hour}); err != nil {
		t.Fatal(err)
	}
	var err error
	if h.device, err = h.store.Device(t.Context(), "A1"); err != nil {
		t.Fatal(err)
	}
	from := roster.MustDay("2026-01-01")
	if _, err := h.store.PutPINs(t.Context(), h.clock.now(), []roster.PIN{{Employee: h.sri, PIN: "17", From: from}, {Employee: h.agus, PIN: "18", From: from}}); err != nil {
		t.Fatal(err)
	}
	h.punches = &Punches{Store: h.store, Now: h.clock.now}
	return h
}

func (h *hall) push(texts ...string) {
	h.t.Helper()
	p := Push{Device: h.device.ID, Zone: h.device.Zone}
	for _, x := range texts {
		pin, at, _ := strings.Cut(x, " ")
		when, err := time.ParseInLocation("2006-01-02 15.04", at, wib())
		if err != nil {
			h.t.Fatal(err)
		}
		p.Punches = append(p.Punches, roster.Punch{PIN: pin, At: when})
	}
	if err := h.punches.Keep(h.t.Context(), p); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) presences(first, last string) map[roster.EmployeeID]jobs.Presence {
	h.t.Helper()
	got, err := Jobs{h.store}.Presences(h.t.Context(), jobs.PresenceQuery{
		IDs: []roster.EmployeeID{h.sri, h.agus}, First: roster.MustDay(first), Last: roster.MustDay(last), Now: h.clock.now(),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return got
}

func TestPunchesAreKeptOnceWhoeverSendsThem(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { h.push("17 2026-11-23 07.12", "18 2026-11-23 07.13", "99 2026-11-23 07.14") })
	}
	all.Wait()
	if n, err := h.store.CountPunches(t.Context()); err != nil || n != 3 {
		t.Errorf("%d punches, %v", n, err)
	}
	fresh, err := h.store.ImportPunches(t.Context(), h.clock.now(), PunchBatch{
		Push:   Push{Device: h.device.ID, Zone: h.device.Zone, Punches: []roster.Punch{{PIN: "17", At: time.Date(2026, 11, 23, 7, 12, 0, 0, wib())}, {PIN: "17", At: time.Date(2026, 11, 23, 16, 3, 0, 0, wib())}}},
		Source: "A1_attlog.dat",
	})
	if err != nil || fresh != 1 {
		t.Errorf("a file after the push: %d new, %v", fresh, err)
	}
}

// TestOneBadPushTakesNoOtherWithIt: a push of a machine that is gone from the table
// fails alone.
func TestOneBadPushTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.punches.writers = pushWriters // nobody writes until both wait
	results := make(chan error, 2)
	for _, device := range []int64{h.device.ID, 4711} {
		go func() {
			results <- h.punches.Keep(t.Context(), Push{Device: device, Zone: wib(), Punches: []roster.Punch{{PIN: "17", At: monday()}}})
		}()
	}
	for waiting := 0; waiting < 2; {
		h.punches.mu.Lock()
		waiting = len(h.punches.waiting)
		h.punches.mu.Unlock()
	}
	go h.punches.write(context.WithoutCancel(t.Context()))
	bad := 0
	for range 2 {
		if err := <-results; err != nil {
			bad++
		}
	}
	if n, err := h.store.CountPunches(t.Context()); bad != 1 || n != 1 || err != nil {
		t.Errorf("%d failed, %d kept, %v", bad, n, err)
	}
}

func TestPINsChangeHands(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.push("17 2026-11-19 07.12", "17 2026-11-23 07.12")
	if _, err := h.store.PutPINs(t.Context(), h.clock.now(), []roster.PIN{{Employee: h.agus, PIN: "17", From: roster.MustDay("2026-11-20")}}); err != nil {
		t.Fatal(err)
	}
	got := h.presences("2026-11-16", "2026-11-29")
	if a, b := len(got[h.sri].Machine.Punches), len(got[h.agus].Machine.Punches); a != 1 || b != 1 {
		t.Errorf("Sri has %d, Agus %d", a, b)
	}
	// On one machine the number is somebody else's: there it wins.
	if _, err := h.store.PutPINs(t.Context(), h.clock.now(), []roster.PIN{{Employee: h.sri, PIN: "17", Device: "A1", From: roster.MustDay("2026-01-01")}}); err != nil {
		t.Fatal(err)
	}
	got = h.presences("2026-11-16", "2026-11-29")
	if a, b := len(got[h.sri].Machine.Punches), len(got[h.agus].Machine.Punches); a != 2 || b != 0 {
		t.Errorf("with a machine of her own: Sri has %d, Agus %d", a, b)
	}
	if n := one[int](h.stage, `SELECT count(*) FROM audit WHERE action = 'pin.import'`); n != 3 {
		t.Errorf("%d lines of the record", n)
	}
}

func TestPresencesKnowWhichMachinesWorked(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.push("17 2026-11-20 07.12", "18 2026-11-23 07.05", "99 2026-11-23 07.06")
	got := h.presences("2026-11-23", "2026-11-23")
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 30, 0, 0, wib()) }
	sri := got[h.sri].Machine
	if !sri.Watched(at(23, 7)) || sri.Watched(at(23, 16)) {
		t.Errorf("her machine took others in the morning and nobody in the evening: %v", sri.Used)
	}
	h.exec(`UPDATE punch SET doubt = true WHERE pin = '99'`)
	if sri := h.presences("2026-11-23", "2026-11-23")[h.sri].Machine; sri.Watched(at(23, 7)) {
		t.Error("a clock that is wrong proves nothing")
	}
	if none := h.presences("2026-06-01", "2026-06-07"); len(none) != 0 {
		t.Errorf("half a year before: %v", none)
	}
}

// TestADayIsAskedAboutOnce: whoever runs the job, as often as they like.
func TestADayIsAskedAboutOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	day := roster.MustDay("2026-11-23")
	ask := []jobs.PresenceAsk{{Employee: h.sri, Day: day, What: roster.Seen, Punch: monday()}}
	say := []conversations.Say{{Key: "presence/x", Kind: conversations.KindNotice, Employee: h.sri, About: conversations.About{Day: day}, Msg: conversations.Message{Text: "?"}}}
	h.exec(`INSERT INTO duty (employee_id, day, state, reason, ask_at, deadline_at, late_until, computed_at)
		VALUES ($1, $2, 'due', 'workday', $3::timestamptz, $3::timestamptz + interval '5 hours', $3::timestamptz + interval '1 day', $3::timestamptz)`, h.sri, day, h.clock.now())
	for _, run := range []jobs.Run{{Job: "attend", Period: "a", Done: true}, {Job: "attend", Period: "a", Done: true}, {Job: "attend", Period: "b", Done: true}} {
		if _, err := (Jobs{h.store}).AskPresence(t.Context(), h.clock.now(), run, ask, say); err != nil {
			t.Fatal(err)
		}
	}
	if n := one[int](h.stage, `SELECT count(*) FROM presence_question`); n != 1 {
		t.Errorf("%d questions", n)
	}
	if n := one[int](h.stage, `SELECT count(*) FROM outbox WHERE key = 'presence/x'`); n != 1 {
		t.Errorf("%d messages", n)
	}
	if n := one[int](h.stage, `SELECT reminded FROM duty WHERE employee_id = $1`, h.sri); n != 1 {
		t.Errorf("the evening's reminder comes all the same: %d", n)
	}
	h.do("100", h.sri, conversations.Outcome{Presence: &conversations.PresenceAnswer{Day: day, Answer: "DL"}})
	if got := one[string](h.stage, `SELECT answer FROM presence_question`); got != "DL" {
		t.Errorf("answer %q", got)
	}
}

func TestDevices(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	first, err := h.store.AddDevice(t.Context(), h.clock.now(), NewDevice{Serial: "B2", Offset: 8 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.store.AddDevice(t.Context(), h.clock.now(), NewDevice{Serial: "B2", Offset: 8 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.store.Device(t.Context(), "B2")
	if err != nil || d.Admits(first) || !d.Admits(second) || d.Admits("") {
		t.Errorf("the newest secret alone is right: %v", err)
	}
	if kept := one[string](h.stage, `SELECT device::text FROM device WHERE serial = 'B2'`); strings.Contains(kept, second) {
		t.Error("the secret itself is kept")
	}
	if got := time.Date(2026, 11, 23, 7, 0, 0, 0, d.Zone).UTC().Hour(); got != 23 {
		t.Errorf("7 o'clock of UTC+8 is %d in UTC", got)
	}
	if err := h.store.RevokeDevice(t.Context(), h.clock.now(), "B2"); err != nil {
		t.Fatal(err)
	}
	if d, err = h.store.Device(t.Context(), "B2"); err != nil || d.Admits(second) {
		t.Errorf("revoked, and admitted: %v", err)
	}
	for _, err := range []error{h.store.RevokeDevice(t.Context(), h.clock.now(), "B2"), h.store.ResendDevice(t.Context(), "C3")} {
		if !errors.Is(err, ErrNoDevice) {
			t.Errorf("%v, want ErrNoDevice", err)
		}
	}
}
