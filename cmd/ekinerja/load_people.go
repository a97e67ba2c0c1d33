package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ekinerja/bot/fakegram"
)

// crowd is everybody who reports.
type crowd struct {
	people  []*loader
	running sync.WaitGroup
	cancel  context.CancelFunc
	on      atomic.Bool   // measured now
	asked   atomic.Int64  // people
	first   atomic.Int64  // people who have sent a report
	start   chan struct{} // closed when everybody has been asked
	all     chan struct{} // closed when everybody has sent a report
	wrong   chan error    // holds the first thing that nobody expected
}

func newCrowd(phones []*fakegram.Person) *crowd {
	c := &crowd{start: make(chan struct{}), all: make(chan struct{}), wrong: make(chan error, 1), cancel: func() {}}
	for _, p := range phones {
		c.people = append(c.people, &loader{crowd: c, phone: p})
	}
	return c
}

func (c *crowd) begin(ctx context.Context) {
	ctx, c.cancel = context.WithCancel(ctx)
	for _, p := range c.people {
		c.running.Go(func() { p.live(ctx) })
	}
}

// end returns when nobody writes any more.
func (c *crowd) end() {
	c.cancel()
	c.running.Wait()
}

func (c *crowd) record(on bool) { c.on.Store(on) }

// stuck says that somebody does not know how to go on.
func (c *crowd) stuck(err error) {
	select {
	case c.wrong <- err:
	default:
	}
}

// allBegan waits until everybody has been asked and has sent one report.
func (c *crowd) allBegan(ctx context.Context, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Minute) // a million duties are planned first
	defer cancel()
	select {
	case <-c.all:
		return nil
	case err := <-c.wrong:
		return err
	case <-ended:
		return errors.New("the service ended by itself")
	case <-ctx.Done():
		return fmt.Errorf("%d of %d people have sent a first report: %w", c.first.Load(), len(c.people), ctx.Err())
	}
}

// loader is somebody who answers at once whatever comes. What they do depends
// only on the buttons they see.
type loader struct {
	crowd *crowd
	phone *fakegram.Person

	reports   int
	second    bool // the report has a second activity
	corrected bool
	minutes   int // of the first activity
	wrong     string

	waits []time.Duration // of the measured messages
	sent  int             // reports within the measurement
}

// The two lengths of the first activity, in minutes, between which corrections go.
const (
	loadLength = 120
	loadOther  = 130
)

func (l *loader) live(ctx context.Context) {
	l.minutes = loadLength
	acted := time.Time{}
	// Answers go before questions: whoever began earlier would keep the questions
	// from the others for ever.
	if !l.beAsked(ctx) {
		return
	}
	for after := int64(0); ; {
		m, err := l.phone.Await(ctx, after, nil)
		if err != nil {
			return
		}
		after = m.ID
		if !acted.IsZero() && l.crowd.on.Load() {
			l.waits = append(l.waits, time.Since(acted))
		}
		acted = time.Now()
		if err := l.react(m); err != nil {
			l.wrong = err.Error()
			l.crowd.stuck(err)
			return
		}
	}
}

// beAsked waits until everybody has been asked.
func (l *loader) beAsked(ctx context.Context) bool {
	if _, err := l.phone.Await(ctx, 0, nil); err != nil {
		return false
	}
	if l.crowd.asked.Add(1) == int64(len(l.crowd.people)) {
		close(l.crowd.start)
	}
	select {
	case <-l.crowd.start:
		return true
	case <-ctx.Done():
		return false
	}
}

// react does what the newest bubble asks for.
func (l *loader) react(m fakegram.Message) error {
	switch {
	case has(m, "Kirim"):
		return l.confirm(m, "Kirim")
	case has(m, "Kirim perubahan"):
		return l.confirm(m, "Kirim perubahan")
	case has(m, "Tidak ada"):
		return l.tap(m, "Tidak ada")
	case has(m, "Ubah laporan"):
		l.received()
		if l.second {
			return l.tap(m, "Ubah laporan")
		}
		return l.say("Menyusun laporan mingguan")
	case has(m, "Tidak bekerja"):
		return l.say("Verifikasi berkas PBB")
	case has(m, "Hapus kegiatan ini"):
		l.second = false
		return l.tap(m, "Hapus kegiatan ini")
	case usualMinutes(m) != "" || m.Keyboard != nil && m.Keyboard.ForceReply:
		return l.figures()
	}
	return l.choose(m)
}

// figures answer the question about the activity just named.
func (l *loader) figures() error {
	if l.reports == 0 {
		return l.say(fmt.Sprintf("25 berkas, %d menit", loadLength))
	}
	l.second = true
	return l.say("3 berkas, 45 menit")
}

// confirm corrects the summary once, then sends it.
func (l *loader) confirm(m fakegram.Message, label string) error {
	if l.corrected {
		return l.tap(m, label)
	}
	l.corrected = true
	if l.second {
		return l.say("bukan 45 tapi 50")
	}
	was := l.minutes
	l.minutes = loadLength + loadOther - was
	return l.say(fmt.Sprintf("bukan %d tapi %d", was, l.minutes))
}

// received counts a receipt.
func (l *loader) received() {
	l.corrected = false
	l.reports++
	if l.crowd.on.Load() {
		l.sent++
	}
	if l.reports == 1 && l.crowd.first.Add(1) == int64(len(l.crowd.people)) {
		close(l.crowd.all)
	}
}

// choose picks the second activity from a list.
func (l *loader) choose(m fakegram.Message) error {
	for _, row := range m.Buttons {
		if i := slices.IndexFunc(row, func(b fakegram.Button) bool { return strings.HasPrefix(b.Text, "2. ") }); i >= 0 {
			return l.tap(m, row[i].Text)
		}
	}
	return fmt.Errorf("was told: %s", m.Text)
}

func (l *loader) say(text string) error {
	_, err := l.phone.Send(text)
	return err
}

func (l *loader) tap(m fakegram.Message, label string) error {
	_, err := l.phone.Tap(m.ID, label)
	return err
}

// figures are what the crowd saw; nobody may be running outside the measurement.
func (c *crowd) figures(took time.Duration) loadResult {
	c.end()
	var waits []time.Duration
	r := loadResult{Seconds: took.Seconds()}
	reports := 0
	for _, p := range c.people {
		waits = append(waits, p.waits...)
		reports += p.sent
		if p.wrong != "" {
			r.Lost++
			r.Wrong = p.wrong
		}
	}
	slices.Sort(waits)
	r.Messages = len(waits)
	r.In, r.Reports = float64(len(waits))/took.Seconds(), float64(reports)/took.Seconds()
	r.P50, r.P95, r.P99, r.Longest = milli(waits, 0.50), milli(waits, 0.95), milli(waits, 0.99), milli(waits, 1)
	return r
}

// milli is a quantile of sorted waits in milliseconds, 0 if there are none.
func milli(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := min(int(q*float64(len(sorted))), len(sorted)-1)
	return float64(sorted[i].Microseconds()) / 1000
}
