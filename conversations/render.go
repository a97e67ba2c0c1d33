package conversations

import (
	"strconv"
	"strings"
	"time"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
)

// summary shows the draft as it would be sent, with the buttons to send, change,
// add to or throw away.
func (t *turn) summary() error {
	s := &t.out.Session
	s.Stage, s.Question, s.Item = StageConfirm, "", 0
	lines, err := t.draftLines()
	if err != nil {
		return err
	}
	parts := []Message{t.say.Say("ringkasan_judul", Data{"Tgl": t.say.Day(s.Day)}), lines}
	if s.Obstacle != "" {
		parts = append(parts, t.say.Say("ringkasan_kendala", Data{"Kendala": Clip(s.Obstacle, 200)}))
	}
	for _, q := range t.asks() {
		if v := s.Extra[q.Key]; v != "" && q.Own() {
			parts = append(parts, Message{Text: t.say.wording(q) + " " + Clip(t.say.Kept(q, v), 200)})
		}
	}
	if total := totalMinutes(s.Items); total > 0 && len(s.Items) > 1 {
		parts = append(parts, t.say.Say("ringkasan_total", Data{"Menit": t.say.Int(total)}))
	}
	if proof := t.say.evidenceLine(s.Evidence); proof.Text != "" {
		parts = append(parts, proof)
	}
	if note := t.dayNote(s); note.Text != "" {
		parts = append(parts, note)
	}
	m := Lines(parts...)
	m.Buttons = t.summaryButtons(s)
	t.reply(m, About{Day: s.Day, Question: string(StageConfirm)})
	return nil
}

func (t *turn) summaryButtons(s *Session) [][]Choice {
	day := Args{Day: s.Day}
	send := "tombol_kirim"
	if s.Resend {
		send = "tombol_kirim_perubahan"
	}
	rows := [][]Choice{
		{{Label: t.say.Text(send, nil), Action: ActSend, Args: day}},
		{
			{Label: t.say.Text("tombol_ubah", nil), Action: ActChange, Args: day},
			{Label: t.say.Text("tombol_tambah", nil), Action: ActAdd, Args: day},
			{Label: t.say.Text("tombol_batal", nil), Action: ActDiscard, Args: day},
		},
	}
	if s.Obstacle == "" {
		rows = append(rows, []Choice{{Label: t.say.Text("tombol_ada_kendala", nil), Action: ActObstacle, Args: day}})
	}
	if other := t.otherDay(s.Day); !other.IsZero() && !s.Resend {
		label := t.say.Text("tombol_untuk_hari", Data{"Tgl": t.say.ShortDay(other)})
		rows = append(rows, []Choice{{Label: label, Action: ActMove, Args: Args{Day: other}}})
	}
	return t.planRow(rows)
}

// dayNote says what the person should know about the day before sending.
func (t *turn) dayNote(s *Session) Message {
	w, known := t.day(s.Day)
	switch {
	case known && w.Duty.State == roster.NotDue:
		return t.say.Say("catatan_tidak_wajib", nil)
	case !s.Resend && t.isLate(s.Day, s.SaidAt): // of a change the first sending counts
		return t.say.Say("catatan_terlambat", Data{"Batas": t.say.Time(w.Times.Deadline)})
	}
	return Message{}
}

func totalMinutes(items []parse.Item) int {
	n := 0
	for _, it := range items {
		n += it.Minutes
	}
	return n
}

// lines is the numbered list of activities.
func (t *turn) lines(items []parse.Item) Message {
	rows := make([]Message, 0, len(items))
	for i, it := range items {
		row := t.line(it)
		if len(items) > 1 {
			row = prefixed(strconv.Itoa(i+1)+". ", row)
		}
		rows = append(rows, row)
	}
	return Lines(rows...)
}

func prefixed(prefix string, m Message) Message {
	out := Message{Text: prefix + m.Text}
	for _, s := range m.Bold {
		s.Start, s.End = s.Start+len(prefix), s.End+len(prefix)
		out.Bold = append(out.Bold, s)
	}
	return out
}

// line is one activity: "Verifikasi berkas PBB — 25 berkas, 120 menit".
func (t *turn) line(it parse.Item) Message {
	var facts []string
	if r := t.results(it); r != "" {
		facts = append(facts, r)
	}
	if d := t.duration(it); d != "" {
		facts = append(facts, d)
	}
	text := Clip(it.Description, 200)
	if len(facts) > 0 {
		text += " — " + strings.Join(facts, ", ")
	}
	return Message{Text: text}
}

func (t *turn) results(it parse.Item) string {
	if !it.Quantity.Known() {
		return ""
	}
	all := append([]parse.Result{{Quantity: it.Quantity, Unit: it.Unit}}, it.More...)
	words := make([]string, 0, len(all))
	for _, r := range all {
		n := t.say.Number(r.Quantity.String())
		if r.Unit == "rupiah" {
			words = append(words, "Rp"+n)
			continue
		}
		words = append(words, strings.TrimSpace(n+" "+r.Unit))
	}
	return strings.Join(words, ", ")
}

func (t *turn) duration(it parse.Item) string {
	if it.Minutes == 0 {
		return ""
	}
	minutes := t.say.Text("menit", Data{"Menit": t.say.Int(it.Minutes)})
	if it.Start == "" {
		return minutes
	}
	dot := func(s string) string { return strings.ReplaceAll(s, ":", ".") }
	return dot(it.Start) + "–" + dot(it.End) + " (" + minutes + ")"
}

// receiptCode is replaced by the report's code when the message is queued: the
// code is made by whoever stores the report. It is exactly as long as a code.
const receiptCode = "{{KODE}}"

// receipt confirms a sent report, with its time and its code.
func (t *turn) receipt(s Session, at time.Time, late bool) {
	data := Data{
		"Nama": t.say.Vocative(*t.Person), "Tgl": t.say.Day(s.Day), "Pukul": t.say.Time(at),
		"Atasan": ShortName(t.Person.Supervisor), "Kode": receiptCode,
		"Kegiatan": len(s.Items), "Menit": t.say.Int(totalMinutes(s.Items)),
	}
	id := "terkirim"
	switch {
	case s.Auto && (s.Stage == StageObstacle || s.Stage == StageExtra):
		id = "terkirim_otomatis_tanya"
	case s.Auto:
		id = "terkirim_otomatis"
	case s.Resend:
		id = "terkirim_perubahan"
	case late:
		id = "terkirim_terlambat"
	}
	to := t.say.Say("terkirim_atasan", data)
	if t.Person.Supervisor == "" {
		to = Message{}
	}
	m := Lines(t.say.Say(id, data), t.say.evidenceLine(s.Evidence), to, t.say.Say("kode_bukti", data))
	m.Buttons = [][]Choice{{{Label: t.say.Text("tombol_ubah_laporan", nil), Action: ActChange, Args: Args{Day: s.Day}}}}
	t.reply(t.helpOffer(s, m), About{Day: s.Day, Question: "receipt"})
}
