package main

import (
	"context"
	"slices"

	"ekinerja/bot/fakegram"
)

// evening is what Bambang's staff write after they were asked, so that he has all that
// a superior decides in the morning: reports to read, days away to confirm, and the
// silence of those whom nobody lets write.
func evening() [][2]string {
	return [][2]string{
		{"eko", "Mengarsipkan berkas pajak hotel; 40 berkas; 300 menit"},
		{"fitri", "Verifikasi SPTPD restoran; 12 berkas; 195 menit"},
		{"gunawan", "Melayani permohonan keringanan PBB; 9 permohonan; 240 menit kendala: antrean di loket"},
		{"hesti", "/sakit"},
	}
}

// evening lets people write and press what they are offered, as they would.
func (d *demoClock) evening(ctx context.Context) error {
	w := d.world
	for _, line := range evening() {
		a := w.actor(line[0])
		if _, err := a.phone.Send(line[1]); err != nil {
			return err
		}
		w.rest(ctx)
		m, ok := newestWith(a.phone, "Kirim")
		if !ok {
			continue // what was said needs no more
		}
		if _, err := a.phone.Tap(m, "Kirim"); err != nil {
			return err
		}
		w.rest(ctx)
	}
	return ctx.Err()
}

// newestWith is the newest message with a button of that name, if it is the last one.
func newestWith(p *fakegram.Person, label string) (int64, bool) {
	m, ok := p.Last()
	if !ok || !slices.ContainsFunc(m.Buttons, func(row []fakegram.Button) bool {
		return slices.ContainsFunc(row, func(b fakegram.Button) bool { return b.Text == label })
	}) {
		return 0, false
	}
	return m.ID, true
}
