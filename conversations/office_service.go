package conversations

import (
	"context"
	"strings"
	"time"
)

// serviceState tells an operator how the service is. Details are in the metrics.
func (t *turn) serviceState(ctx context.Context) error {
	s, found, err := t.rec.Service(ctx, t.Person.ID, t.Now)
	if err != nil || !found {
		return err
	}
	t.reply(t.say.ServiceState(s, t.Now))
	return nil
}

// channel is what was away, as people call it; a declared outage has its own name.
func (s Speaker) channel(name string) string {
	if declared, ok := strings.CutPrefix(name, "declared:"); ok {
		return Clip(declared, 40)
	}
	switch name {
	case "telegram", "postgres", "self":
		return s.Text("layanan_kanal_"+name, nil)
	default:
		return name
	}
}

// longWait is how long a message may wait before that is worth a word.
const longWait = 2 * time.Minute

// ServiceState is the answer to /layanan.
func (s Speaker) ServiceState(x ServiceState, now time.Time) Message {
	waits := func(n int, since time.Time) string {
		if n == 0 || now.Sub(since) < longWait {
			return ""
		}
		return s.Int(int(now.Sub(since).Minutes()))
	}
	parts := []Message{
		s.Say("layanan_judul", Data{"Waktu": s.DayTime(now)}),
		s.Say("layanan_keluar", Data{"Banyak": s.Int(x.Outbox), "Lama": waits(x.Outbox, x.OutboxSince), "Ragu": x.Unclear}),
		s.Say("layanan_masuk", Data{"Banyak": s.Int(x.Inbox), "Lama": waits(x.Inbox, x.InboxSince), "Tertahan": x.Quarantined}),
		s.Say("layanan_pegawai", Data{"Terhubung": s.Int(x.Reached), "Pegawai": s.Int(x.People)}),
	}
	if len(x.Outages) == 0 {
		parts = append(parts, s.Say("layanan_tanpa_gangguan", nil))
	}
	for _, o := range x.Outages {
		data := Data{"Apa": s.channel(o.Channel), "Mulai": s.ShortDay(s.DayOf(o.Started)) + " " + s.Time(o.Started), "Selesai": ""}
		if !o.Ended.IsZero() {
			data["Selesai"] = s.Time(o.Ended)
		}
		parts = append(parts, s.Say("layanan_gangguan", data))
	}
	return Lines(append(parts, s.Say("layanan_tutup", nil))...)
}
