package conversations

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"ekinerja/roster"
	"ekinerja/scoring"
)

// queuePage is how many reports a page of the list shows: a screen or two.
const queuePage = 12

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

// queueOf lists what waits, with a sample shown whole: who approves all has at
// least read that much. A short list has a line for each report; a long one, a
// line for each that stands out and the names of the others.
func (t *turn) queueOf(ctx context.Context, page int) error {
	waiting, err := t.rec.Unread(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		t.reply(t.say.Say("tidak_ada_menunggu", Data{"Sapa": t.say.Vocative(*t.Person)}))
		return nil
	}
	beside, err := t.rec.Beside(ctx, rowsOf(waiting))
	if err != nil {
		return err
	}
	list, first, shown := t.queueLines(waiting, beside, page)
	m := list
	if first == 0 {
		sample := sampleOf(waiting, t.Today, t.h.Review.sample(len(waiting)))
		for _, u := range sample {
			body, err := t.reportOf(ctx, u, beside[u.Report])
			if err != nil {
				return err
			}
			m = Join(m, body)
			t.lead().Sampled = append(t.out.Lead.Sampled, Sampled{Report: u.Report, Version: u.Version})
		}
	}
	m.Buttons = t.queueButtons(first, shown, waiting)
	t.reply(m)
	return nil
}

func rowsOf(all []Unread) []int64 {
	rows := make([]int64, len(all))
	for i, u := range all {
		rows[i] = u.Report
	}
	return rows
}

// queueLines are the lines of a page: where it begins in the list of reports that
// have a line of their own, and how many of those there are.
func (t *turn) queueLines(waiting []Unread, beside map[int64]ReportBeside, page int) (m Message, first, lines int) {
	own, rest := waiting, []Unread(nil)
	if len(waiting) > queuePage {
		own, rest = standOut(waiting, beside)
	}
	rows := []Message{t.say.Say("daftar_menunggu", Data{"Count": len(waiting)})}
	if len(own) > 0 {
		first = min(max(page, 0)*queuePage, (len(own)-1)/queuePage*queuePage)
		for i, u := range own[first:min(first+queuePage, len(own))] {
			rows = append(rows, Message{Text: strconv.Itoa(first+i+1) + ". " + t.unreadLine(u) + t.marksOf(u, beside[u.Report])})
		}
	}
	m = Lines(rows...)
	if len(rest) > 0 && first == 0 {
		m = Join(m, t.plainOnes(rest))
	}
	if first == 0 {
		id := "contoh_laporan"
		if t.h.Review.sample(len(waiting)) > 1 {
			id = "contoh_beberapa_laporan"
		}
		m = Join(m, t.say.Say(id, Data{"Count": t.h.Review.sample(len(waiting))}))
	}
	return m, first, len(own)
}

// plainOnes names the writers of reports in which nothing stands out, day by day.
func (t *turn) plainOnes(all []Unread) Message {
	rows := []Message{t.say.Say("daftar_biasa", Data{"Count": len(all)})}
	for len(all) > 0 {
		day, names := all[0].Day, []string(nil)
		for len(all) > 0 && all[0].Day == day {
			names, all = append(names, ShortName(all[0].Name)), all[1:]
		}
		rows = append(rows, t.say.Say("daftar_biasa_hari", Data{"Tgl": t.say.ShortDay(day), "Nama": Clip(strings.Join(names, ", "), 1200)}))
	}
	return Lines(rows...)
}

func (t *turn) queueButtons(first, lines int, waiting []Unread) [][]Choice {
	rows := [][]Choice{{{Label: t.say.Text("tombol_satu_satu", nil), Action: ActReview}}}
	if first+queuePage < lines {
		return append(rows, []Choice{{
			Label: t.say.Text("tombol_halaman_berikut", nil), Action: ActQueue, Args: Args{Value: strconv.Itoa(first/queuePage + 1)},
		}})
	}
	newest := time.Time{}
	for _, u := range waiting {
		if u.SentAt.After(newest) {
			newest = u.SentAt
		}
	}
	return append(rows, []Choice{{
		Label: t.say.Text("tombol_setujui_semua", Data{"Count": len(waiting)}), Action: ActMarkAll, Args: Args{Escalation: newest.UnixMicro()},
	}})
}

func (t *turn) unreadLine(u Unread) string {
	return t.say.Text("baris_menunggu", Data{
		"Nama": ShortName(u.Name), "Tgl": t.say.ShortDay(u.Day), "Count": u.Activities, "Menit": t.say.Int(u.Minutes), "Terlambat": u.Late,
	})
}

// reportOf is a waiting report whole: heading, activities with what of the plan
// they serve, obstacle, evidence, and what a reader may want to ask about.
func (t *turn) reportOf(ctx context.Context, u Unread, b ReportBeside) (Message, error) {
	r, found, err := t.rec.Report(ctx, u.Employee, u.Day)
	if err != nil || !found {
		return Message{}, err
	}
	served, err := t.rec.Served(ctx, u.Employee, u.Day)
	if err != nil {
		return Message{}, err
	}
	parts := []Message{
		t.say.Say("laporan_staf", Data{"Nama": ShortName(u.Name), "Tgl": t.say.Day(u.Day), "Terlambat": u.Late, "Untuk": ShortName(u.For)}),
		t.servedLines(r.Items, served),
	}
	if r.Obstacle != "" {
		parts = append(parts, t.say.Say("ringkasan_kendala", Data{"Kendala": Clip(r.Obstacle, 200)}))
	}
	if total := totalMinutes(r.Items); total > 0 && len(r.Items) > 1 {
		parts = append(parts, t.say.Say("ringkasan_total", Data{"Menit": t.say.Int(total)}))
	}
	return Lines(append(parts, t.remarks(u, r, served, b)...)...), nil
}

// showUnread shows one report with everything that can be said of it.
func (t *turn) showUnread(ctx context.Context, u Unread) error {
	beside, err := t.rec.Beside(ctx, []int64{u.Report})
	if err != nil {
		return err
	}
	m, err := t.reportOf(ctx, u, beside[u.Report])
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
	if n := len(beside[u.Report].Pieces); n > 0 {
		see := Choice{Label: t.say.Text("tombol_lihat_bukti", Data{"Count": n}), Action: ActProof, Args: args}
		m.Buttons = append(m.Buttons, []Choice{see})
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
	all := Data{"Sapa": say.Vocative(p), "Tgl": say.Day(u.Day), "Atasan": t.inTheName(say, u.For)}
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
