package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"ekinerja/bot/fakegram"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

func TestDeclareAndList(t *testing.T) {
	t.Parallel()
	url := storetest.New(t)
	database := []string{"--database-url", url, "--data-dir", t.TempDir()}
	cmd := func(args ...string) (string, string, int) { return command(t, "", append(args, database...)...) }
	if out, errs, code := cmd("outage", "list"); code != 0 || out != "no outage is on the ledger\n" {
		t.Fatalf("empty ledger: %d %q %s", code, out, errs)
	}
	out, errs, code := cmd("outage", "declare", "--from", "2026-11-23 14.00", "--to", "2026-11-23 16:30", "--name", "bkn", "--note", "aplikasi BKN", "--by", "admin")
	if code != 0 || !strings.Contains(out, "outage 1 declared: 2026-11-23 14.00 to 2026-11-23 16.30") {
		t.Fatalf("declare: %d %q %s", code, out, errs)
	}
	out, _, _ = cmd("outage", "list")
	for _, want := range []string{"declared:bkn", "2026-11-23 16.30", "everybody", "not yet", "aplikasi BKN"} {
		if !strings.Contains(out, want) {
			t.Errorf("the list lacks %q:\n%s", want, out)
		}
	}
	_, errs, code = cmd("outage", "declare", "--from", "14.00", "--to", "15.00", "--note", "x", "--opd", "Dinas Rahasia")
	if code != 1 || !strings.Contains(errs, "Dinas Rahasia") {
		t.Errorf("an OPD that is not there: %d %s", code, errs)
	}
}

func TestDeclarationsThatAreWrong(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 17, 0, 0, 0, time.FixedZone("WIB", 7*60*60))
	right := outageDeclareCmd{From: "14.00", To: "16.30", Name: "bkn", Note: "aplikasi BKN"}
	o, err := right.outage(now)
	if err != nil || o.To.Sub(o.From) != 150*time.Minute || o.Channel != "declared:bkn" {
		t.Fatalf("%+v, %v", o, err)
	}
	for name, change := range map[string]func(*outageDeclareCmd){
		"no moment":         func(c *outageDeclareCmd) { c.From = "kemarin" },
		"no end":            func(c *outageDeclareCmd) { c.To = "25.00" },
		"backwards":         func(c *outageDeclareCmd) { c.To = "13.59" },
		"longer than ever":  func(c *outageDeclareCmd) { c.From = "2026-11-01 00.00" },
		"a name with blank": func(c *outageDeclareCmd) { c.Name = "BKN pusat" },
		"nothing to read":   func(c *outageDeclareCmd) { c.Note = " " },
	} {
		c := right
		change(&c)
		if _, err := c.outage(now); !errors.Is(err, errDeclare) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDemoKeepsThePromise presses "Telegram mati" as a visitor of the demo does,
// lets two hours pass, and looks at the phone.
func TestDemoKeepsThePromise(t *testing.T) {
	t.Parallel()
	s := &story{t: t, ctx: t.Context()}
	start := time.Date(2026, 11, 23, 15, 46, 0, 0, time.FixedZone("WIB", 7*60*60))
	s.begin(start)
	s.w.clock.SetSpeed(1)
	svc := &demoService{world: s.w}
	s.w.service = svc
	if err := svc.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = svc.Kill(t.Context()) })
	jump := func(after time.Duration) {
		t.Helper()
		if err := (&demoClock{world: s.w}).Jump(t.Context(), start.Add(after)); err != nil {
			t.Fatal(err)
		}
	}
	jump(time.Minute)
	mend := s.w.net.Inject(fakegram.Fault{Kind: fakegram.FaultDown})
	jump(2 * time.Hour)
	mend()
	notices := 0
	for minutes := 150; minutes <= 180 && notices == 0; minutes += 5 { // on a slow machine a jump ends before all has been sent
		jump(time.Duration(minutes) * time.Minute)
		for _, m := range s.w.actor("sri").phone.Seen() {
			if m.FromBot && strings.Contains(m.Text, "Mohon maaf, layanan kami terganggu Sen 23/11") && strings.Contains(m.Text, "diundur sampai") {
				notices++
			}
		}
	}
	if notices != 1 {
		t.Errorf("the phone shows %d notices: %+v", notices, s.w.actor("sri").phone.Seen())
	}
}

// TestWrongClockWritesNoOutage: a replica whose clock is wrong takes the others'
// heartbeat for what it is, and still notices when really nobody was there.
func TestWrongClockWritesNoOutage(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]time.Duration{"ahead": 10 * time.Minute, "behind": -10 * time.Minute, "right": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, err := store.Open(t.Context(), store.Config{URL: storetest.New(t), MaxConns: 2})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(db.Close)
			server := stoppedClock(time.Date(2026, 11, 23, 16, 0, 0, 0, time.FixedZone("WIB", 7*60*60)))
			replica := func(wrong time.Duration) *watch {
				ours := func() time.Time { return server.Now().Add(wrong) }
				return &watch{
					store: db, log: slog.New(slog.DiscardHandler), ask: func(ctx context.Context) error { return ctx.Err() }, now: ours,
					compare: clocks{
						machine: ours, ours: ours, server: func(context.Context) (time.Time, error) { return server.Now(), nil },
					}.skew,
					setRight: func(d time.Duration) { wrong += d },
				}
			}
			others := replica(0)
			others.look(t.Context())
			server.Set(server.Now().Add(30 * time.Second))
			replica(wrong).look(t.Context())
			server.Set(server.Now().Add(30 * time.Second))
			others.look(t.Context())
			replica(0).look(t.Context()) // one that starts after the wrong one
			if all, err := db.Outages(t.Context(), 10); err != nil || len(all) != 0 {
				t.Errorf("ledger: %+v, %v", all, err)
			}
			server.Set(server.Now().Add(time.Hour))
			replica(wrong).look(t.Context())
			all, err := db.Outages(t.Context(), 10)
			if err != nil || len(all) != 1 || all[0].Channel != store.ReachSelf || all[0].To.Sub(all[0].From).Round(time.Second) != time.Hour || !all[0].To.Round(time.Second).Equal(server.Now()) {
				t.Errorf("ledger after an hour: %+v, %v", all, err)
			}
		})
	}
}

// TestDatabaseAway: what cannot be written down at the time is remembered.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	url := storetest.New(t)
	clk := stoppedClock(time.Date(2026, 11, 23, 16, 0, 0, 0, time.FixedZone("WIB", 7*60*60)))
	open := func() *store.Store {
		db, err := store.Open(t.Context(), store.Config{URL: url, MaxConns: 2})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(db.Close)
		return db
	}
	w := &watch{store: open(), now: clk.Now, log: testLog(t), ask: func(ctx context.Context) error { return ctx.Err() }}
	look := func(after time.Duration) {
		clk.Set(clk.Now().Add(after))
		w.look(t.Context())
	}
	look(0)
	w.store.Close() // as if it were gone
	look(time.Minute)
	look(time.Minute)
	look(8 * time.Minute)
	w.store = open()
	look(time.Minute)
	look(time.Minute)
	all, err := w.store.Outages(t.Context(), 10)
	if err != nil || len(all) != 1 || all[0].Channel != store.ReachPostgres || all[0].To.Sub(all[0].From) != 11*time.Minute {
		t.Errorf("ledger: %+v, %v", all, err)
	}
}
