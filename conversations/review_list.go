package conversations

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"ekinerja/roster"
	"ekinerja/scoring"
)

// queuePage is how many reports a page of the list shows: a screen or two.
const queuePage = 20

// Waiting tells a superior how much waits; it asks for nothing at once.
func (s Speaker) Waiting(to Person, n int, oldest roster.Day, now time.Time) Message {
	m := s.Say("laporan_menunggu", Data{
		"Salam": s.Greeting(now), "Sapa": s.Vocative(to), "Count": n, "Sejak": s.ShortDay(oldest),
	})
	m.Buttons = [][]Choice{{
		{Label: s.Text("tombol_lihat_daftar", nil), Action: ActQueue},
		{Label: s.Text("tombol_satu_satu", nil), Action: ActReview},
	}}
	return m
}

// queueOf lists what waits and shows one report whole, chosen by chance: who
// approves all has at least read that one.
func (t *turn) queueOf(ctx context.Context, page int) error {
	waiting, err := t.rec.Unread(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		t.reply(t.say.Say("tidak_ada_menunggu", Data{"Sapa": t.say.Vocative(*t.Person)}))
		return nil
	}
	first := min(max(page, 0)*queuePage, (len(waiting)-1)/queuePage*queuePage)
	shown := waiting[first:min(first+queuePage, len(waiting))]
	rows := []Message{t.say.Say("daftar_menunggu", Data{"Count": len(waiting)})}
	newest := time.Time{}
	for i, u := range shown {
		rows = append(rows, Message{Text: strconv.Itoa(first+i+1) + ". " + t.unreadLine(u)})
	}
	for _, u := range waiting {
		if u.SentAt.After(newest) {
			newest = u.SentAt
		}
	}
	sample := shown[int(t.Inbox%int64(len(shown)))]
	body, err := t.reportOf(ctx, sample)
	if err != nil {
		return err
	}
	m := Join(Lines(rows...), t.say.Say("contoh_laporan", nil), body)
	m.Buttons = t.queueButtons(first, len(waiting), newest)
	t.reply(m)
	return nil
}

func (t *turn) queueButtons(first, all int, newest time.Time) [][]Choice {
	rows := [][]Choice{{{Label: t.say.Text("tombol_satu_satu", nil), Action: ActReview}}}
	if first+queuePage < all {
		return append(rows, []Choice{{
			Label: t.say.Text("tombol_halaman_berikut", nil), Action: ActQueue, Args: Args{Value: strconv.Itoa(first/queuePage + 1)},
		}})
	}
	return append(rows, []Choice{{
		Label: t.say.Text("tombol_setujui_semua", Data{"Count": all}), Action: ActMarkAll, Args: Args{Escalation: newest.UnixMicro()},
	}})
}

func (t *turn) unreadLine(u Unread) string {
	return t.say.Text("baris_menunggu", Data{
		"Nama": ShortName(u.Name), "Tgl": t.say.ShortDay(u.Day), "Count": u.Activities, "Menit": t.say.Int(u.Minutes), "Terlambat": u.Late,
	})
}

// reportOf is a waiting report whole: heading, activities, obstacle.
func (t *turn) reportOf(ctx context.Context, u Unread) (Message, error) {
	r, found, err := t.rec.Report(ctx, u.Employee, u.Day)
	if err != nil || !found {
		return Message{}, err
	}
	parts := []Message{t.say.Say("laporan_staf", Data{"Nama": ShortName(u.Name), "Tgl": t.say.Day(u.Day), "Terlambat": u.Late}), t.lines(r.Items)}
	if r.Obstacle != "" {
		parts = append(parts, t.say.Say("ringkasan_kendala", Data{"Kendala": Clip(r.Obstacle, 200)}))
	}
	if total := totalMinutes(r.Items); total > 0 && len(r.Items) > 1 {
		parts = append(parts, t.say.Say("ringkasan_total", Data{"Menit": t.say.Int(total)}))
	}
	return Lines(parts...), nil
}

// showUnread shows one report with everything that can be said of it.
func (t *turn) showUnread(ctx context.Context, u Unread) error {
	m, err := t.reportOf(ctx, u)
	if err != nil {
		return err
	}
	t.out.Own.Opened = &Opened{Employee: u.Employee, Day: u.Day}
	args := Args{Employee: u.Employee, Day: u.Day, Item: u.Version}
	grade := func(label string, g scoring.Suitability) Choice {
		a := args
		a.Value = string(g)
		return Choice{Label: t.say.Text(label, nil), Action: ActGrade, Args: a}
	}
	m.Buttons = [][]Choice{
		{grade("tombol_setujui_lapor", scoring.Sesuai)},
		{grade("nilai_cukup", scoring.Cukup), grade("nilai_kurang", scoring.Kurang), grade("nilai_tidak", scoring.Tidak)},
		{
			{Label: t.say.Text("tombol_kembalikan", nil), Action: ActReturn, Args: args},
			{Label: t.say.Text("tombol_lewati_laporan", nil), Action: ActPass, Args: args},
		},
	}
	t.reply(m)
	return nil
}

// nextUnread shows the report after one in the order of the list, or says that
// all are read.
func (t *turn) nextUnread(ctx context.Context, waiting []Unread, after Unread) error {
	from := 0
	for i, u := range waiting {
		if u.Employee == after.Employee && u.Day == after.Day {
			from = i + 1
		}
	}
	if from < len(waiting) {
		return t.showUnread(ctx, waiting[from])
	}
	left := len(waiting) - len(t.out.Marks)
	if left > 0 {
		m := t.say.Say("akhir_daftar", Data{"Count": left})
		m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_lihat_daftar", nil), Action: ActQueue}}}
		t.reply(m)
		return nil
	}
	t.reply(t.say.Say("semua_sudah_dibaca", Data{"Sapa": t.say.Vocative(*t.Person)}))
	return nil
}

// tellWriter tells the writer of a report what its superior did.
func (t *turn) tellWriter(ctx context.Context, u Unread, id string, data Data) error {
	p, found, err := t.rec.Colleague(ctx, u.Employee)
	if err != nil || !found {
		return err
	}
	say := t.h.Words.To(p)
	all := Data{"Sapa": say.Vocative(p), "Tgl": say.Day(u.Day), "Atasan": ShortName(t.Person.Name)}
	maps.Copy(all, data)
	m := say.Say(id, all)
	if id == "dikembalikan_atasan" {
		m.Buttons = [][]Choice{{{Label: say.Text("tombol_perbaiki", nil), Action: ActStart, Args: Args{Day: u.Day}}}}
	}
	t.queue(Say{
		Key: fmt.Sprintf("verdict/%d/%d/%s", t.Inbox, p.ID, u.Day), Kind: KindNotice, Employee: p.ID,
		Msg: m, About: About{Day: u.Day},
	})
	return nil
}
