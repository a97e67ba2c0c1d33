package conversations

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// personnel shows the personnel office how the day stands and what waits for it.
func (t *turn) personnel(ctx context.Context) error {
	staff, err := t.rec.OfficeStaff(ctx, t.Person.ID, roster.HR)
	if err != nil {
		return err
	}
	days, err := t.rec.OfficeDays(ctx, t.Person.ID, roster.HR, t.Today, t.Today)
	if err != nil {
		return err
	}
	open, err := t.rec.OfficeOpen(ctx, t.Person.ID, roster.HR)
	if err != nil {
		return err
	}
	data := Data{"Tgl": t.say.Day(t.Today), "OPD": len(staff)}
	var people, reached int
	for _, s := range staff {
		people, reached = people+s.People, reached+s.Reached
	}
	var due, sent int
	for _, d := range days {
		due, sent = due+d.Due, sent+d.Sent
	}
	data["Pegawai"], data["Terhubung"], data["Wajib"], data["Sudah"] = t.say.Int(people), t.say.Int(reached), t.say.Int(due), t.say.Int(sent)
	parts := []Message{t.say.Say("sdm_judul", data), t.say.Say("sdm_hari_ini", data)}
	waits := t.openLines(open)
	if len(waits) == 0 {
		waits = []Message{t.say.Say("sdm_tidak_ada", nil)}
	}
	m := Lines(append(append(parts, waits...), t.say.Say("sdm_buka", nil))...)
	show := func(label, what string) Choice {
		return Choice{Label: t.say.Text(label, nil), Action: ActOffice, Args: Args{Value: what}}
	}
	m.Buttons = [][]Choice{
		{show("tombol_per_opd", officeRates), show("tombol_verifikasi", officeReading)},
		{show("tombol_klarifikasi", officeCases), show("tombol_kendala_lama", officeBlockers)},
	}
	t.reply(m)
	return nil
}

// openLines are what waits, of each kind one line over all offices.
func (t *turn) openLines(open []OfficeOpen) (parts []Message) {
	for _, what := range []OpenWhat{OpenDrafted, OpenCare, OpenContest, OpenUnread, OpenBlocker} {
		n, since := 0, roster.Day{}
		for _, o := range open {
			if o.What != what {
				continue
			}
			if n += o.N; since.IsZero() || o.Since.Before(since) {
				since = o.Since
			}
		}
		if n > 0 {
			parts = append(parts, t.say.Say("menunggu_"+string(what), Data{"Banyak": t.say.Int(n), "Sejak": t.say.ShortDay(since)}))
		}
	}
	return parts
}

// mostRates are the offices that a list shows.
const mostRates = 12

// officeRates shows offices side by side, those with the most to do first.
func (t *turn) officeRates(ctx context.Context) error {
	days, err := t.rec.OfficeDays(ctx, t.Person.ID, roster.HR, t.Today, t.Today)
	if err != nil {
		return err
	}
	staff, err := t.rec.OfficeStaff(ctx, t.Person.ID, roster.HR)
	if err != nil {
		return err
	}
	reached := map[string]OfficeStaff{}
	for _, s := range staff {
		reached[s.OPD] = s
	}
	slices.SortStableFunc(days, func(a, b OfficeDay) int { return cmp.Compare(b.Due-b.Sent, a.Due-a.Sent) })
	parts := []Message{t.say.Say("per_opd_judul", Data{"Tgl": t.say.Day(t.Today)})}
	for _, d := range days[:min(len(days), mostRates)] {
		s := reached[d.OPD]
		parts = append(parts, t.say.Say("per_opd_baris", Data{
			"OPD": Clip(d.OPD, 40), "Sudah": t.say.Int(d.Sent), "Wajib": t.say.Int(d.Due), "Terhubung": t.say.Int(s.Reached), "Pegawai": t.say.Int(s.People),
		}))
	}
	if more := len(days) - mostRates; more > 0 {
		parts = append(parts, t.say.Say("siap_opd_lain", Data{"Banyak": t.say.Int(more)}))
	}
	t.reply(Lines(parts...))
	return nil
}

// officeReading shows where reports were not read in time. No superior is named: that
// is for their own superior, who has been told.
func (t *turn) officeReading(ctx context.Context) error {
	open, err := t.rec.OfficeOpen(ctx, t.Person.ID, roster.HR)
	if err != nil {
		return err
	}
	open = slices.DeleteFunc(open, func(o OfficeOpen) bool { return o.What != OpenUnread })
	if len(open) == 0 {
		t.reply(t.say.Say("verifikasi_aman", Data{"Hari": t.h.Offices.ReadWithin}))
		return nil
	}
	parts := []Message{t.say.Say("verifikasi_judul", Data{"Hari": t.h.Offices.ReadWithin})}
	for _, o := range open[:min(len(open), mostRates)] {
		parts = append(parts, t.say.Say("verifikasi_baris", Data{"OPD": Clip(o.OPD, 40), "Banyak": t.say.Int(o.N), "Sejak": t.say.ShortDay(o.Since)}))
	}
	t.reply(Lines(append(parts, t.say.Say("verifikasi_tutup", nil))...))
	return nil
}

// officeBlockers lists the oldest obstacles.
func (t *turn) officeBlockers(ctx context.Context) error {
	all, err := t.rec.OfficeBlockers(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		t.reply(t.say.Say("kendala_lama_kosong", nil))
		return nil
	}
	parts := []Message{t.say.Say("kendala_lama_judul", nil)}
	for _, b := range all {
		parts = append(parts, t.say.Say("kendala_lama_baris", Data{
			"OPD": Clip(b.OPD, 40), "Kendala": Clip(b.Said, 80), "Pemegang": ShortName(b.Holder), "Batas": t.say.ShortDay(b.Due),
			"Lewat": b.Due.Before(t.Today),
		}))
	}
	t.reply(Lines(parts...))
	return nil
}

// officeCases lists the missing reports that the personnel office decides about, one
// message each, with the same buttons as when they came.
func (t *turn) officeCases(ctx context.Context) error {
	all, err := t.rec.OfficeCases(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		t.reply(t.say.Say("klarifikasi_kosong", nil))
		return nil
	}
	for _, c := range all[:min(len(all), 5)] {
		m := t.say.Say("klarifikasi_"+string(c.What), Data{"Nama": ShortName(c.Name), "OPD": Clip(c.OPD, 60), "Sejak": t.say.ShortDay(c.Since)})
		m.Buttons = t.say.closeRow(c.ID, c.What == OpenDrafted)
		t.reply(m)
	}
	return nil
}

// openReport shows one report of somebody in care to the personnel office. Why is
// recorded, and its writer can read it (/bukti).
func (t *turn) openReport(ctx context.Context, arg string) error {
	number, rest, _ := strings.Cut(arg, ";")
	date, reason, _ := strings.Cut(rest, ";")
	reason = Clip(strings.Join(strings.Fields(parse.Clean(reason)), " "), 200)
	day, ok := parse.ReadDates(strings.TrimSpace(date), t.Today)
	if !ok || day.From != day.To || strings.TrimSpace(number) == "" || len([]rune(reason)) < leastReason {
		t.reply(t.say.Say("buka_cara", nil))
		return nil
	}
	p, found, err := t.rec.NumberedInCare(ctx, t.Person.ID, strings.Join(strings.Fields(number), ""))
	if err != nil {
		return err
	}
	var rep Report
	if found {
		if rep, found, err = t.rec.Report(ctx, p.ID, day.From); err != nil {
			return err
		}
	}
	if !found || !rep.Head.Submitted {
		t.reply(t.say.Say("buka_tidak_ada", Data{"Tgl": t.say.Day(day.From)}))
		return nil
	}
	t.out.Own.Opened = &Opened{Employee: p.ID, Day: day.From, Reason: reason}
	t.out.Audit = append(t.out.Audit, Audit{
		Actor: t.actor(), Action: "report.opened", Subject: fmt.Sprintf("employee:%d %s", p.ID, day.From), Why: reason,
	})
	t.reply(Lines(t.openedLines(p, rep)...))
	return nil
}

// leastReason are the letters that a reason has at least.
const leastReason = 5

func (t *turn) openedLines(p Person, rep Report) []Message {
	parts := []Message{t.say.Say("staf_laporan", Data{"Nama": ShortName(p.Name), "Tgl": t.say.Day(rep.Day)}), t.lines(rep.Items)}
	if rep.Obstacle != "" {
		parts = append(parts, t.say.Say("ringkasan_kendala", Data{"Kendala": Clip(rep.Obstacle, 200)}))
	}
	return append(parts, t.say.Say("kode_bukti", Data{"Kode": rep.Head.Code}), t.say.Say("buka_tercatat", nil))
}
