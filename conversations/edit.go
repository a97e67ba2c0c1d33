package conversations

import (
	"slices"
	"strconv"

	"ekinerja/conversations/parse"
)

// chooseItem lets the person pick the activity to change; a single one needs no
// picking.
func (t *turn) chooseItem() error {
	s := &t.out.Session
	if len(s.Items) == 1 {
		return t.pick(0)
	}
	m := t.say.Say("pilih_kegiatan", nil)
	for i, it := range s.Items {
		label := strconv.Itoa(i+1) + ". " + Clip(it.Description, 16)
		m.Buttons = append(m.Buttons, []Choice{{Label: label, Action: ActPick, Args: Args{Day: s.Day, Item: s.place(i)}}})
	}
	m.Buttons = append(m.Buttons, []Choice{{Label: t.say.Text("tombol_kembali", nil), Action: ActBack, Args: Args{Day: s.Day}}})
	if s.Stage == StageIdle {
		s.Stage = StageConfirm // the list is of this draft
	}
	t.reply(m, About{Day: s.Day, Question: string(StageConfirm)})
	return nil
}

// pick asks for one activity anew.
func (t *turn) pick(i int) error {
	s := &t.out.Session
	if i < 0 || i >= len(s.Items) {
		return t.summary()
	}
	s.Stage, s.Item = StageEdit, i
	m := t.say.Say("tulis_ulang", Data{"No": i + 1, "Kegiatan": t.line(s.Items[i]).Text})
	m.Buttons = [][]Choice{{
		{Label: t.say.Text("tombol_hapus", nil), Action: ActDrop, Args: Args{Day: s.Day, Item: s.place(i)}},
		{Label: t.say.Text("tombol_kembali", nil), Action: ActBack, Args: Args{Day: s.Day}},
	}}
	t.reply(m, About{Day: s.Day, Question: string(StageEdit), Item: s.place(i)})
	return nil
}

// answerEdit changes the picked activity: what was written anew replaces, what
// was not mentioned stays. Further lines are further activities.
func (t *turn) answerEdit(text string, r parse.Reading) error {
	s := &t.out.Session
	i := s.Item
	switch {
	case i >= len(s.Items) || r.Intent == parse.Send || r.Intent == parse.Add:
		s.Stage = StageConfirm
		return t.activities(text, r)
	case r.Intent == parse.Skip || r.Intent == parse.None || r.Intent == parse.No:
		return t.summary()
	case r.Intent == parse.Correction && t.correct(r.From, r.To):
	case len(r.Items) > 0:
		s.Items[i] = merge(s.Items[i], r.Items[0])
		s.Origins[i] = ""
		s.settle(i, parse.FieldDescription, parse.FieldQuantity, parse.FieldUnit, parse.FieldMinutes, parse.FieldTime)
		t.doubtsOf(i, r)
		t.add(beyondFirst(r))
	default:
		t.reply(t.say.Say("belum_paham_rinci", Data{"Kegiatan": Clip(s.Items[i].Description, 80)}),
			About{Day: s.Day, Question: string(StageEdit), Item: s.place(i)})
		return nil
	}
	t.said(StageEdit, i, text)
	return t.advance()
}

// beyondFirst is what was read of the lines after the first.
func beyondFirst(r parse.Reading) parse.Reading {
	out := parse.Reading{Items: r.Items[1:]}
	for _, d := range r.Ask {
		if d.Item > 0 {
			d.Item--
			out.Ask = append(out.Ask, d)
		}
	}
	return out
}

// doubtsOf takes over what the new words left unsure, but not what the old
// activity already had.
func (t *turn) doubtsOf(i int, r parse.Reading) {
	s := &t.out.Session
	it := s.Items[i]
	for _, d := range r.Ask {
		if d.Item != 0 {
			continue
		}
		known := (d.Field == parse.FieldQuantity && it.Quantity.Known()) ||
			(d.Field == parse.FieldMinutes && it.Minutes > 0) ||
			(d.Field == parse.FieldDescription && it.Description != "")
		if d.Reason == parse.Missing && known {
			continue
		}
		d.Item = i
		s.Doubts = append(s.Doubts, d)
	}
}

func merge(old, fresh parse.Item) parse.Item {
	if fresh.Description != "" {
		old.Description = fresh.Description
	}
	if fresh.Quantity.Known() {
		old.Quantity, old.Unit, old.More = fresh.Quantity, fresh.Unit, fresh.More
	}
	if fresh.Minutes > 0 {
		old.Minutes, old.Start, old.End = fresh.Minutes, fresh.Start, fresh.End
	}
	if fresh.Obstacle != "" {
		old.Obstacle = fresh.Obstacle
	}
	old.Source = fresh.Source
	return old
}

// drop removes an activity; the last one gone means the draft is empty again.
func (t *turn) drop(i int) error {
	s := &t.out.Session
	if i < 0 || i >= len(s.Items) {
		return t.summary()
	}
	s.without(i)
	s.SaidAt = t.at()
	if len(s.Items) == 0 {
		s.Stage = StageAdd
		t.keepDraft()
		t.reply(t.say.Say("draf_kosong", nil), About{Day: s.Day, Question: "activities"})
		return nil
	}
	return t.advance()
}

// correct replaces one number by another where the person's words point at
// exactly one place: "bukan 25 tapi 52".
func (t *turn) correct(from, to string) bool {
	s := &t.out.Session
	was, _ := parse.Quantity(from)
	now, ok := parse.Quantity(to)
	if !ok || len(s.Items) == 0 {
		return false
	}
	old, fresh := was.Quantity, now.Quantity
	var hits []func()
	for i := range s.Items {
		it := &s.Items[i]
		if old.Known() && it.Quantity.Equal(old) {
			hits = append(hits, func() { it.Quantity = fresh })
		}
		if old.Known() && it.Minutes > 0 && old.Equal(parse.Int(int64(it.Minutes))) {
			hits = append(hits, func() {
				it.Minutes, it.Start, it.End = int(fresh.Thousandths()/1000), "", ""
			})
		}
	}
	if len(hits) != 1 {
		return false
	}
	hits[0]()
	return true
}

// origin names the message in hand among all of the person's: numbers begin anew in
// each chat, and whoever changes telephones writes in another one. Empty when it has
// no number.
func (t *turn) origin() string {
	if t.Msg.MessageID == "" {
		return ""
	}
	return t.Msg.From.String() + "/" + t.Msg.MessageID
}

// edited handles Telegram's own edit of an earlier message: in a draft the
// activities read from it are read anew; a sent report is changed only by Ubah.
func (t *turn) edited() error {
	s := &t.out.Session
	i := slices.Index(s.Origins, t.origin())
	if s.Stage == StageIdle || i < 0 || t.origin() == "" {
		return t.editedLate()
	}
	r := parse.Read(t.Msg.Text)
	if len(r.Items) == 0 {
		return t.unclear()
	}
	for k, origin := range slices.Backward(s.Origins) {
		if origin == t.origin() {
			s.without(k)
		}
	}
	t.add(r)
	s.reread(t.origin())
	t.said(StageEdit, i, t.Msg.Text)
	return t.advance()
}

// editedLate offers to take the new words over as a change, when the report sent
// last was read from that message; else it says how a report is changed.
func (t *turn) editedLate() error {
	if f := t.out.Session.SentFrom; f != nil && t.origin() != "" && slices.Contains(f.Origins, t.origin()) {
		w, _ := t.day(f.Day)
		named := slices.DeleteFunc(parse.Read(t.Msg.Text).Items, func(i parse.Item) bool { return i.Description == "" })
		if w.Report != nil && w.Report.Submitted && len(named) > 0 && !t.out.Session.holds(f.Day) {
			m := Lines(t.say.Say("pesan_diubah_jadikan", Data{"Tgl": t.say.Day(f.Day)}), t.lines(named[:min(len(named), 5)]))
			m.Buttons = [][]Choice{
				{{Label: t.say.Text("tombol_jadikan", nil), Action: ActReread, Args: Args{Day: f.Day, Question: t.origin(), Value: t.Msg.Text}}},
				{{Label: t.say.Text("tombol_ubah_laporan", nil), Action: ActChange, Args: Args{Day: f.Day}}},
			}
			t.reply(m)
			return nil
		}
	}
	m := t.say.Say("pesan_diubah", nil)
	if w, ok := t.day(t.Today); ok && w.Report != nil && w.Report.Submitted {
		m = t.say.Say("pesan_diubah_terkirim", Data{"Tgl": t.say.Day(t.Today)})
		m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_ubah_laporan", nil), Action: ActChange, Args: Args{Day: t.Today}}}}
	}
	t.reply(m)
	return nil
}

// rereadSent reads the activities of an edited message anew in the change of a sent
// report, and shows the summary: nothing is sent before Kirim. When the report is
// another one meanwhile, or is being changed already, the person chooses by hand.
func (t *turn) rereadSent(a Args) error {
	s := &t.out.Session
	f, r := s.SentFrom, parse.Read(a.Value)
	if f == nil || f.Day != s.Day || !s.Resend || t.Session.holds(s.Day) || len(f.Origins) != len(s.Items) ||
		!slices.Contains(f.Origins, a.Question) || len(r.Items) == 0 {
		return t.chooseItem()
	}
	s.Origins = slices.Clone(f.Origins)
	for k, origin := range slices.Backward(f.Origins) {
		if origin == a.Question {
			s.without(k)
		}
	}
	kept := len(s.Items)
	t.add(r)
	for k := kept; k < len(s.Items); k++ {
		s.Origins[k] = a.Question // not the bubble that was tapped
	}
	s.reread(a.Question)
	s.SaidAt = t.at()
	return t.advance()
}
