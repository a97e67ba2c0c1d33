package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// loadCmd measures the whole service under load: real processes, a real
// Postgres that waits for its disk, HTTP over TCP; only the network's other end
// is simulated.
//
// Every simulated person answers as soon as an answer has come (a closed loop),
// five messages a report: an activity, the figures that are asked for, "no
// obstacle", a correction, and the button that sends. Then the activity is taken
// out again, also with five messages, so that a report does not grow for ever.
//
// The limits of the network are off on both sides: with them nothing but
// Telegram's 30 messages a second would be measured.
type loadCmd struct {
	People   []int         `default:"500" help:"People who report at the same time; several numbers are measured one after the other, each on a fresh database."`
	Others   int           `help:"More people in the database who never write."`
	Seconds  int           `default:"60" help:"Length of one measurement, after everybody has begun."`
	Settle   time.Duration `default:"3s" help:"How long everybody reports before the measurement begins."`
	Mode     string        `enum:"webhook,poll" default:"webhook" help:"How updates come: webhook or poll."`
	Database string        `name:"database-url" help:"An empty Postgres database; empty starts a private one, with fsync, in a temporary directory."`
	Redis    string        `name:"redis-url" help:"A Redis; empty starts redis-server where there is one, else the service keeps live state itself."`
	JSON     string        `name:"json" help:"Also write the figures to this file, as JSON."`
	Pprof    string        `name:"pprof" help:"Write a CPU profile of the service to this file."`
}

// loadDay is when the simulated people live: a working Monday in the afternoon,
// when everybody has been asked.
const loadDay = "2026-11-23T16:05:00+07:00"

// Run measures once for each number of people and prints a table.
func (c loadCmd) Run(ctx context.Context, io streams) error {
	var all []loadResult
	for _, n := range c.People {
		if n < 1 {
			return wrong("--people", fmt.Sprint(n), "numbers from 1 on")
		}
		r, err := c.measure(ctx, n, io)
		if err != nil {
			return fmt.Errorf("measure %d people: %w", n, err)
		}
		all = append(all, r)
		if _, err := fmt.Fprintln(io.err, r.line()); err != nil {
			return err
		}
	}
	if c.JSON != "" {
		data, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			return fmt.Errorf("encode figures: %w", err)
		}
		if err := os.WriteFile(c.JSON, append(data, '\n'), 0o644); err != nil {
			return fmt.Errorf("write figures: %w", err)
		}
	}
	_, err := fmt.Fprint(io.out, loadTable(all))
	return err
}

// measure sets everything up, lets people report, and takes all down again.
func (c loadCmd) measure(ctx context.Context, people int, io streams) (r loadResult, err error) {
	// Whatever hangs, a measurement ends.
	ctx, cancel := context.WithTimeout(ctx, time.Duration(c.Seconds)*time.Second+c.Settle+30*time.Minute)
	defer cancel()
	b, err := c.open(ctx, people, io)
	if err != nil {
		return r, err
	}
	defer b.close()
	crowd := newCrowd(b.phones)
	defer crowd.end()
	crowd.begin(ctx)
	if err := crowd.allBegan(ctx, b.service.ended); err != nil {
		return r, err
	}
	if err := b.pass(ctx, c.Settle); err != nil {
		return r, err
	}
	before, counts, start := b.usage(), b.network.Counts(), time.Now()
	crowd.record(true)
	if err := b.pass(ctx, time.Duration(c.Seconds)*time.Second); err != nil {
		return r, err
	}
	crowd.record(false)
	took, after, later := time.Since(start), b.usage(), b.network.Counts()
	r = crowd.figures(took)
	r.People, r.InDatabase, r.Mode, r.Machine = people, people+c.Others, c.Mode, machine()
	for method, n := range later {
		if strings.HasPrefix(method, "send") || strings.HasPrefix(method, "edit") {
			r.Out += float64(n-counts[method]) / took.Seconds()
		}
	}
	r.charge(before, after)
	r.PeakMB = b.peak
	r.Violations = len(b.network.Violations())
	return r, nil
}
