package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"ekinerja/store"
	"ekinerja/web"
	"ekinerja/web/adms"
	"ekinerja/web/adms/fakedevice"
)

// attendanceMeasureCmd lets simulated machines of all dialects push to a receiver
// over TCP, spread over a span, and counts what arrived. The database is its own, a
// private one with fsync unless an empty one is named.
type attendanceMeasureCmd struct {
	config
	Devices int           `default:"1000" help:"Machines."`
	Punches int           `default:"100" help:"Punches of each."`
	Within  time.Duration `default:"1m" help:"The span in which they happen."`
	Lost    int           `default:"50" help:"Every so many answers one is lost, and sent again; 0 loses none."`
}

// errPunchesLost says that a measurement found less than was sent, or more.
var errPunchesLost = errors.New("punches were lost or doubled")

// Run measures once and prints a line of figures.
func (c attendanceMeasureCmd) Run(ctx context.Context, io streams) error {
	if c.Devices < 1 || c.Punches < 1 || c.Within <= 0 {
		return fmt.Errorf("%w: want at least one machine, one punch and a span", errDevice)
	}
	if c.DatabaseURL == "" {
		dir, err := os.MkdirTemp("", "ekinerja-measure-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }() // what is left is in the temporary directory
		c.DataDir = dir
	}
	s, err := c.check()
	if err != nil {
		return err
	}
	db, err := s.openDatabase(ctx, newLog(io.err, slog.LevelWarn), nil)
	if err != nil {
		return err
	}
	defer db.Close()
	return c.measure(ctx, db.Store, io)
}

func (c attendanceMeasureCmd) measure(ctx context.Context, db *store.Store, io streams) error {
	clk := newClock(0)
	keep := &store.Punches{Store: db, Now: clk.Now}
	took := newTimings()
	receiver := adms.New(adms.Config{Machines: db, Keep: took.timed(keep.Keep), Now: clk.Now, Log: newLog(io.err, slog.LevelError)})
	base, stop, err := listenForMeasure(ctx, receiver)
	if err != nil {
		return err
	}
	defer stop()
	machines, err := c.hangUp(ctx, db, base)
	if err != nil {
		return err
	}
	start := clk.Now()
	if err := c.push(ctx, machines, clk); err != nil {
		return err
	}
	span := clk.Now().Sub(start)
	kept, err := db.CountPunches(ctx)
	if err != nil {
		return err
	}
	return c.tell(io, measured{machines, kept, span, took})
}

func listenForMeasure(ctx context.Context, h http.Handler) (base string, stop func(), err error) {
	var l net.ListenConfig
	ln, err := l.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := web.NewServer("", h)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(ln) // it ends with Close
	}()
	return "http://" + ln.Addr().String(), func() { _ = srv.Close(); <-done }, nil
}

// hangUp adds the machines and gives them their dialects in turn.
func (c attendanceMeasureCmd) hangUp(ctx context.Context, db *store.Store, base string) ([]*fakedevice.Device, error) {
	dialects, zone := fakedevice.Dialects(), time.FixedZone("WIB", 7*3600)
	client := &http.Client{Transport: &http.Transport{MaxIdleConns: c.Devices, MaxIdleConnsPerHost: c.Devices}, Timeout: time.Minute}
	out := make([]*fakedevice.Device, c.Devices)
	for i := range out {
		serial := fmt.Sprintf("MEASURE%05d", i)
		token, err := db.AddDevice(ctx, time.Now(), store.NewDevice{Serial: serial, Offset: 7 * time.Hour})
		if err != nil {
			return nil, err
		}
		out[i] = fakedevice.New(fakedevice.Config{
			Base: base + "/adms/" + token, Serial: serial, Zone: zone, Dialect: dialects[i%len(dialects)], Client: client,
			LoseAnswer: func(n int) bool { return c.Lost > 0 && (n+i)%c.Lost == 0 },
		})
	}
	return out, nil
}

// push lets every machine record and talk, evenly over the span, until all of it
// was answered.
func (c attendanceMeasureCmd) push(ctx context.Context, machines []*fakedevice.Device, clk *clock) error {
	const rounds = 20 // a machine sends what came in within some seconds
	g, ctx := errgroup.WithContext(ctx)
	pause := c.Within / rounds
	for i, m := range machines {
		g.Go(func() error {
			rest := time.Duration(i) * pause / time.Duration(len(machines))
			for done := 0; done < c.Punches || m.Waiting() > 0; {
				if err := clk.Sleep(ctx, rest); err != nil {
					return err
				}
				rest = pause
				for n := 0; n < (c.Punches+rounds-1)/rounds && done < c.Punches; n++ {
					// Another second each: one person cannot stand there twice in one.
					m.Punch(fmt.Sprint(1000+done), clk.Now().Add(-time.Duration(done)*time.Second))
					done++
				}
				if err := m.Talk(ctx); err != nil && ctx.Err() != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// measured are the figures of a measurement.
type measured struct {
	machines []*fakedevice.Device
	kept     int64
	span     time.Duration
	took     *timings
}

func (c attendanceMeasureCmd) tell(io streams, m measured) error {
	violations := 0
	for _, x := range m.machines {
		violations += len(x.Violations())
	}
	want := int64(c.Devices * c.Punches)
	_, err := fmt.Fprintf(io.out, "%d machines, %d punches each, in %s: %d of %d kept, %d pushes, answered in %s (median), %s (99 %%), %s (slowest), %d wrong answers\n",
		c.Devices, c.Punches, m.span.Round(time.Second/10), m.kept, want, m.took.count(), m.took.part(50), m.took.part(99), m.took.part(100), violations)
	if err == nil && (m.kept != want || violations > 0) {
		err = errPunchesLost
	}
	return err
}

// timings are how long pushes took from the last byte read to the commit.
type timings struct {
	mu  sync.Mutex
	all []time.Duration
}

func newTimings() *timings { return &timings{} }

func (t *timings) timed(keep func(context.Context, store.Push) error) func(context.Context, store.Push) error {
	return func(ctx context.Context, p store.Push) error {
		start := time.Now()
		err := keep(ctx, p)
		t.mu.Lock()
		defer t.mu.Unlock()
		t.all = append(t.all, time.Since(start))
		return err
	}
}

func (t *timings) count() int { return len(t.all) }

// part is the time within which so many percent were answered.
func (t *timings) part(percent int) string {
	if len(t.all) == 0 {
		return "–"
	}
	slices.Sort(t.all)
	return strings.TrimSpace(t.all[(len(t.all)-1)*percent/100].Round(time.Millisecond / 10).String())
}
