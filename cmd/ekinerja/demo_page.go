package main

import (
	"context"
	"strings"
	"time"

	"ekinerja/roster"
	"ekinerja/store"
	"ekinerja/web/demo"
)

// demoConfig is what the page shows: eight people, the first three at first.
func (w *world) demoConfig(svc *demoService) demo.Config {
	clk := &demoClock{world: w}
	cfg := demo.Config{
		Net: w.net, Group: w.group, GroupTitle: "Grup " + w.actors[0].employee.OPD,
		Clock: clk, Evening: clk.evening, Service: svc, Panel: panel{store: w.db, clock: w.clock, loc: w.settings.loc},
		Location: w.settings.loc, Log: w.log,
	}
	hints := map[string][]string{
		"sri":     {"Verifikasi SPTPD hotel dan restoran; 17 berkas; 08.15-12.00", "rapat koordinasi 2,5 jam", "sama seperti kemarin"},
		"agus":    {"rapat koordinasi", "25 bks 90 mnt", "melayani 21 permohonan jam 8 sampai 10"},
		"bambang": {"Memimpin rapat bidang; 1 kegiatan; 09.00-11.00", "/periksa", "/staf", "/wakilkan"},
		"putri":   {"Asuhan keperawatan bangsal Anggrek; 14 pasien; 21.30-05.00", "serah terima 30 mnt"},
		"dewi":    {"Melayani surat pengantar 21 permohonan 230 menit kendala: jaringan SIAK lambat", "saya sakit hari ini"},
		"kurnia":  {"/bahasa", "Drafted a policy brief; 1 dokumen; 120 menit"},
		"lurah":   {"Monitoring kerja bakti RW 07; 1 kegiatan; 08.00-11.00", "/riwayat"},
		"wati":    {"/status", "/bantuan"},
	}
	for _, key := range []string{"sri", "agus", "bambang", "putri", "dewi", "kurnia", "lurah", "wati"} {
		a := w.actor(key)
		cfg.Phones = append(cfg.Phones, demo.Phone{
			Key: key, Name: a.employee.Name, Role: a.employee.Post + ", " + a.employee.OPD,
			Person: a.phone, Hints: hints[key],
		})
	}
	return cfg
}

// demoClock is the application's clock under the page's buttons.
type demoClock struct{ world *world }

// Now implements [demo.Clock].
func (d *demoClock) Now() time.Time { return d.world.clock.Now() }

// Speed implements [demo.Clock].
func (d *demoClock) Speed() float64 { return d.world.clock.Speed() }

// SetSpeed implements [demo.Clock].
func (d *demoClock) SetSpeed(x float64) { d.world.clock.SetSpeed(x) }

// Jump goes to a time in steps, so that what is due on the way is done at its
// own time, and nobody reads in the morning what was meant for the evening. While
// the service is down the clock just goes.
func (d *demoClock) Jump(ctx context.Context, to time.Time) error {
	w := d.world
	for d.Now().Before(to) && ctx.Err() == nil {
		next := d.Now().Add(stepAt(d.Now().In(w.settings.loc).Hour()))
		if next.After(to) {
			next = to
		}
		w.clock.Set(next)
		select {
		case <-w.over: // the program ends in the middle of the jump
			return nil
		default:
		}
		if w.service.Running() {
			w.app.look(ctx)
			w.app.tick(ctx)
			w.rest(ctx)
		}
	}
	return ctx.Err()
}

// stepAt is a quarter of an hour by day and an hour by night, when nothing is due.
func stepAt(hour int) time.Duration {
	if hour >= 22 || hour < 5 {
		return time.Hour
	}
	return 15 * time.Minute
}

// restPatience bounds the wait for rest: a network that is down never rests.
const restPatience = 2 * time.Second

// rest waits, in real time, until nothing that could go now is on its way.
func (w *world) rest(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, restPatience)
	defer cancel()
	for ctx.Err() == nil {
		if quiet, err := w.quiet(ctx); err != nil || quiet {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (w *world) quiet(ctx context.Context) (bool, error) {
	m, err := w.db.Metrics(ctx, w.clock.Now())
	if err != nil || w.net.Pending() > 0 || m.InboxNew > 0 || m.Outbox["sending"] > 0 {
		return false, err
	}
	at, some, err := w.db.NextOutbox(ctx)
	return !some || at.After(w.clock.Now().Add(time.Second)), err
}

// panel adapts the store's rows to the page's.
type panel struct {
	store *store.Store
	clock *clock
	loc   *time.Location
}

// Rows implements [demo.Panel]: those of today.
func (p panel) Rows(ctx context.Context, limit int) ([]demo.Row, error) {
	today := roster.DayOf(p.clock.Now().In(p.loc))
	rows, err := p.store.Panel(ctx, today, limit)
	if err != nil {
		return nil, err
	}
	out := make([]demo.Row, len(rows))
	for i, r := range rows {
		out[i] = demo.Row{
			Name: r.Name, State: "draf", Code: r.Code, At: r.At, Source: r.Source, Description: r.Description,
			Quantity: r.Quantity, Unit: r.Unit, Minutes: r.Minutes, Start: clockText(r.Start), End: clockText(r.End), Obstacle: r.Obstacle,
		}
		switch {
		case r.Plan != "":
			out[i].Plan = "RHK " + r.Plan
		case r.Linked:
			out[i].Plan = "tambahan"
		}
		switch {
		case r.Submitted && r.Late:
			out[i].State = "terlambat"
		case r.Submitted:
			out[i].State = "terkirim"
		}
	}
	return out, nil
}

// clockText writes "08:15" as people here do: 08.15.
func clockText(s string) string { return strings.ReplaceAll(s, ":", ".") }
