package conversations

import (
	"context"
	"fmt"
	"strconv"

	"ekinerja/roster"
)

// choice is a button that takes a step.
func (b Blocker) choice(label, step string) Choice {
	return Choice{Label: label, Action: ActBlocker, Args: Args{Question: step, Employee: b.Reporter.ID, Day: b.Day}}
}

// stepButtons are the holder's: first is "accept" or "done".
func stepButtons(say Speaker, b Blocker, first string) [][]Choice {
	do := func(label, step string) Choice { return b.choice(say.Text(label, nil), step) }
	if first == "accept" {
		return [][]Choice{{do("tombol_terima", "accept"), do("tombol_bukan_bagian", "not_ours")}}
	}
	return [][]Choice{{do("tombol_sudah_selesai", "done"), do("tombol_bukan_bagian", "not_ours")}}
}

// holderSays answers the holder, with what can be done next.
func (t *turn) holderSays(b Blocker, id string) {
	m := t.say.Say(id, Data{"Nama": ShortName(b.Reporter.Name), "Batas": t.say.Day(b.Due)})
	m.Buttons = stepButtons(t.say, b, "done")
	t.reply(m)
}

func (t *turn) tellHolder(b Blocker, to Person, id string, due roster.Day) {
	if to.ID == 0 {
		return
	}
	say := t.h.Words.To(to)
	m := say.Say(id, Data{"Sapa": say.Vocative(to), "Nama": ShortName(b.Reporter.Name), "Kendala": Clip(b.Said, 120), "Batas": say.Day(due)})
	if id == "bantuan_belum_penangan" {
		m.Buttons = stepButtons(say, b, "done")
	}
	t.tell(to, fmt.Sprintf("blocker/%d/%d/holder", b.ID, t.Inbox), m)
}

func (t *turn) tellReporter(b Blocker, id, by string, due roster.Day) {
	say := t.h.Words.To(b.Reporter)
	t.tell(b.Reporter, fmt.Sprintf("blocker/%d/%d", b.ID, t.Inbox)+"/reporter", say.Say(id, Data{
		"Sapa": say.Vocative(b.Reporter), "Nama": ShortName(by), "Kendala": Clip(b.Said, 120), "Batas": say.Day(due),
	}))
}

// askDone asks the reporter whether it is gone.
func (t *turn) askDone(b Blocker) {
	say := t.h.Words.To(b.Reporter)
	m := say.Say("bantuan_apakah_beres", Data{"Sapa": say.Vocative(b.Reporter), "Nama": ShortName(t.Person.Name), "Kendala": Clip(b.Said, 120)})
	do := func(label, step string) Choice { return b.choice(say.Text(label, nil), step) }
	m.Buttons = [][]Choice{{do("tombol_sudah_beres", "ok"), do("tombol_belum_beres", "not_yet")}}
	t.tell(b.Reporter, fmt.Sprintf("blocker/%d/%d/ask", b.ID, t.Inbox), m)
}

// blockers lists what the person has, and what the person waits for.
func (t *turn) blockers(ctx context.Context) error {
	all, err := t.rec.Blockers(ctx, t.Person.ID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		t.reply(t.say.Say("kendala_kosong", nil))
		return nil
	}
	parts := []Message{t.say.Say("kendala_judul", nil)}
	var rows [][]Choice
	for i, b := range all {
		parts = append(parts, t.blockerLine(i+1, b))
		switch step := map[BlockerState]string{BlockerOpen: "accept", BlockerAccepted: "done"}[b.State]; {
		case b.Holder.ID == t.Person.ID && step != "":
			label := map[string]string{"accept": "tombol_terima_nomor", "done": "tombol_selesai_nomor"}[step]
			rows = append(rows, []Choice{
				b.choice(t.say.Text(label, Data{"No": i + 1}), step),
				b.choice(t.say.Text("tombol_bukan_nomor", Data{"No": i + 1}), "not_ours"),
			})
		case b.Reporter.ID == t.Person.ID && b.State == BlockerDone:
			rows = append(rows, []Choice{
				b.choice(t.say.Text("tombol_beres_nomor", Data{"No": i + 1}), "ok"),
				b.choice(t.say.Text("tombol_belum_nomor", Data{"No": i + 1}), "not_yet"),
			})
		}
	}
	m := Lines(parts...)
	m.Buttons = rows
	t.reply(m)
	return nil
}

func (t *turn) blockerLine(no int, b Blocker) Message {
	k, _ := t.h.Help.kind(b.Kind)
	data := Data{
		"No": strconv.Itoa(no), "Nama": ShortName(b.Reporter.Name), "Jenis": t.say.kindOf(k), "Kendala": Clip(b.Said, 120),
		"Batas": t.say.ShortDay(b.Due), "Keadaan": t.say.Text("keadaan_"+string(b.State), nil),
	}
	if b.Reporter.ID == t.Person.ID {
		data["Nama"] = ""
	}
	return t.say.Say("kendala_baris", data)
}
