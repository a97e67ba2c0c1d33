package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

const (
	// pingEvery is how often somebody else hears that we are well, in real time.
	pingEvery = time.Minute
	// pingPatience bounds one ping and the look before it.
	pingPatience = 10 * time.Second
	// deafAfter is how long no update could have reached us before we are not well.
	deafAfter = 5 * time.Minute
	// pingSayEvery bounds how often the log tells that nobody hears us.
	pingSayEvery = time.Hour
)

// errDeaf says that updates do not reach us.
var errDeaf = errors.New("no update could reach us for five minutes")

// pinger is a dead man's switch: as long as the service can do its work it asks
// for an address of a watchdog elsewhere, which raises the alarm when that ends,
// also when this machine is gone.
type pinger struct {
	url  string
	http *http.Client
	// well proves that the service can do its work.
	well func(ctx context.Context) error
	log  *slog.Logger
	said time.Time // when the log was told last
}

func newPinger(address string, well func(context.Context) error, log *slog.Logger) *pinger {
	return &pinger{url: address, well: well, log: log, http: &http.Client{
		Timeout: pingPatience,
		// A redirect could lead anywhere, and a watchdog needs none.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// beat pings once, if all is well.
func (p *pinger) beat(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, pingPatience)
	defer cancel()
	err := p.well(ctx)
	if err == nil {
		err = p.ping(ctx)
	}
	if err == nil {
		p.said = time.Time{}
		return
	}
	if p.said.IsZero() || now.Sub(p.said) >= pingSayEvery {
		p.said = now
		p.log.Warn("watchdog not pinged", "error", err)
	}
}

func (p *pinger) ping(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		return errors.New("ping watchdog: unreadable address")
	}
	resp, err := p.http.Do(req)
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err // without the address, which is a secret
	}
	if err != nil {
		return fmt.Errorf("ping watchdog: %w", err)
	}
	_ = resp.Body.Close() // nothing in it matters
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("ping watchdog: status %d", resp.StatusCode)
	}
	return nil
}

// well proves that the service can store an answer and that updates reach it.
func (a *app) well(ctx context.Context) error {
	now := a.clock.Now()
	if now.Sub(a.heard.last()) > deafAfter {
		return errDeaf
	}
	if a.hook.wrong() == postedElsewhere {
		return errElsewhere
	}
	return a.store.Ready(ctx, now)
}

// pingAlways pings until ctx ends, if there is somebody to ping.
func (a *app) pingAlways(ctx context.Context) error {
	if a.s.PingURL == "" {
		return nil
	}
	p := newPinger(a.s.PingURL, a.well, a.log)
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			p.beat(ctx, time.Now())
		}
	}
}
