package whatsapp_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"ekinerja/bot"
	"ekinerja/bot/fakewa"
	"ekinerja/bot/whatsapp"
	"ekinerja/store"
	"ekinerja/store/storetest"
)

const patience = time.Minute

// rig is an adapter on a database of its own, in a network of its own.
type rig struct {
	*whatsapp.Adapter

	t     *testing.T
	net   *fakewa.Server
	own   *fakewa.Phone // of the number that the adapter is linked to
	inbox *inbox
	log   *logged
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, inbox: &inbox{came: make(chan struct{}, 1000)}, log: &logged{}}
	var err error
	if r.net, err = fakewa.New(fakewa.Config{Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.net.Close)
	r.own = r.person("6281100000001")
	st, err := store.Open(t.Context(), store.Config{URL: storetest.New(t), MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	db := st.WhatsApp()
	t.Cleanup(func() { _ = db.Close() })
	r.Adapter = r.adapter(db)
	return r
}

func (r *rig) adapter(db *sql.DB) *whatsapp.Adapter {
	r.t.Helper()
	a, err := whatsapp.New(r.t.Context(), whatsapp.Config{
		DB: db, Carrier: r.net.Transport(), Now: time.Now, Choose: "Balas dengan angkanya:", Sleep: short,
	}, slog.New(slog.NewTextHandler(r.log, nil)))
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

// twin is another process with the same device.
func (r *rig) twin() *whatsapp.Adapter { return r.adapter(r.Sessions()) }

// short rests a hundredth of the time: an adapter's rests are meant for networks.
func short(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(min(d/100, time.Second))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// connected is a rig whose device is linked and online until the test ends.
func connected(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.link()
	r.run()
	if err := r.net.Online(t.Context(), r.own); err != nil {
		t.Fatal(err)
	}
	r.until("connected", func() bool { return r.Health().State == whatsapp.Connected })
	return r
}

func (r *rig) link() {
	r.t.Helper()
	db := r.Sessions()
	if err := r.own.Link(r.t.Context(), db); err != nil {
		r.t.Fatal(err)
	}
}

// run holds the connection; it has ended when the test has.
func (r *rig) run() {
	ctx, cancel := context.WithCancel(r.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = r.Run(ctx, r.inbox)
	}()
	r.t.Cleanup(func() { cancel(); <-done })
}

func (r *rig) person(number string) *fakewa.Phone {
	r.t.Helper()
	p, err := r.net.Register(number, "Orang "+number[len(number)-3:])
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// until looks again and again; only a broken test waits long.
func (r *rig) until(what string, holds func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			r.t.Fatalf("waited in vain: %s (now %+v)\n%s", what, r.Health(), r.log)
		}
	}
}

func (r *rig) say(p *fakewa.Phone, words string) string {
	r.t.Helper()
	id, err := p.Say(r.own, words)
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r *rig) calm() {
	r.t.Helper()
	if v := r.net.Violations(); len(v) > 0 {
		r.t.Errorf("violations: %q", v)
	}
}

// inbox keeps messages, and fails as told.
type inbox struct {
	mu    sync.Mutex
	got   []bot.MsgIn
	tries int
	fail  int  // calls that still fail
	panic bool // once
	came  chan struct{}
}

var errAway = errors.New("the database is away")

func (i *inbox) Receive(_ context.Context, _ string, in []bot.Received) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.tries++
	if i.panic {
		i.panic = false
		panic("halo") // quotes a message
	}
	if i.fail > 0 {
		i.fail--
		return errAway
	}
	for _, r := range in {
		i.got = append(i.got, r.Msg)
		i.came <- struct{}{}
	}
	return nil
}

func (i *inbox) all() []bot.MsgIn {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]bot.MsgIn(nil), i.got...)
}

// next waits for the newest message.
func (r *rig) next() bot.MsgIn {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	select {
	case <-r.inbox.came:
	case <-ctx.Done():
		r.t.Fatalf("no message came\n%s", r.log)
	}
	all := r.inbox.all()
	return all[len(all)-1]
}

// logged is a log that can be read while it is written.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
