// Package demo is the simulator page: phones in the browser, a clock to move,
// faults to cause, and the rows that the words became.
//
// It knows the simulated network and what its configuration hands it. It never
// knows the real service: what it shows is what the simulated people saw.
//
//	click ─▶ POST ─▶ fakegram, Clock or Service ─▶ (the service does its work)
//	                                                      │
//	page ◀─ fragment ◀─ GET ◀─ "chat sri changed" ◀─ /events ◀─ fakegram.Watch
//
// Every fragment is rendered here from what is true now, so a page that missed
// an event is right again after the next one.
package demo

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"ekinerja/bot/fakegram"
)

// Config is everything the page shows and steers. Group may be nil.
type Config struct {
	Net        *fakegram.Server
	Phones     []Phone // the first three are shown at first
	Group      *fakegram.Group
	GroupTitle string
	Clock      Clock
	Service    Service
	Panel      Panel
	// Evening lets people write after they were asked, for a superior's morning; nil
	// for a page without that button.
	Evening  func(ctx context.Context) error
	Location *time.Location
	Log      *slog.Logger
}

// Phone is one person of the cast.
type Phone struct {
	Key    string // in addresses: "sri"; a to z, 0 to 9, dashes
	Name   string
	Role   string // "Pemeriksa Pajak, Bapenda"
	Person *fakegram.Person
	Hints  []string // what a visitor may let them say
}

// Clock is the application's clock. Jump returns after the jobs on the way have run.
type Clock interface {
	Now() time.Time
	Speed() float64
	SetSpeed(x float64)
	Jump(ctx context.Context, to time.Time) error
}

// Service is the real service under the fault buttons.
type Service interface {
	Kill(ctx context.Context) error
	Start(ctx context.Context) error
	Running() bool
	FlushRedis(ctx context.Context) error
}

// Panel reads the structured rows of today.
type Panel interface {
	Rows(ctx context.Context, limit int) ([]Row, error)
}

// Row is one activity as it is stored.
type Row struct {
	Name                        string
	State                       string // "draf", "terkirim", "terlambat"
	Code                        string
	At                          time.Time
	Source                      string // the person's own words
	Description, Quantity, Unit string
	Minutes                     int // 0: not said
	Start, End                  string
	Obstacle                    string
	Plan                        string // "RHK 2", "tambahan", empty without a plan
}

// New makes the page. It is meant for this machine's own browser: it refuses
// requests by any other name than localhost, 127.0.0.1 and [::1], and those that
// come from other sites. It starts nothing; a page that is open holds one
// request to /events until it leaves or the network is closed.
func New(cfg Config) (http.Handler, error) {
	if cfg.Net == nil || cfg.Clock == nil || cfg.Service == nil || cfg.Panel == nil || cfg.Location == nil || cfg.Log == nil {
		return nil, errors.New("the page needs a network, a clock, a service, a panel, a location and a log")
	}
	lines, err := newLines(cfg)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, errors.New("the page needs at least one phone")
	}
	p := &page{cfg: cfg, lines: lines, faults: &faults{net: cfg.Net, service: cfg.Service}}
	return guarded(p.routes()), nil
}
