package conversations

import (
	"fmt"
	"strconv"
	"strings"

	"ekinerja/bot"
	"ekinerja/roster"
)

// answerPiece says in a line that a piece arrived, once for an album.
func (t *turn) answerPiece(p Evidence, count int) error {
	s := &t.out.Session
	day := t.out.Evidence.Day
	if t.collecting(s.Album) {
		a := *s.Album
		a.N++
		s.Album = &a
		t.out.Evidence.Amend = &Amended{Key: a.Key, Msg: t.pieceMessage(p, day, count)}
		return nil
	}
	s.Album = nil
	if p.Album != "" {
		s.Album = &Album{ID: p.Album, N: 1, Until: t.Now.Add(albumPause)}
	}
	question := "evidence"
	if len(s.Items) == 0 && s.Day == day {
		question = "activities"
	}
	t.reply(t.pieceMessage(p, day, count), About{Day: day, Question: question})
	if s.Album != nil {
		say := &t.out.Say[len(t.out.Say)-1]
		say.NotBefore, s.Album.Key = s.Album.Until, say.Key
	}
	return nil
}

// onceForAlbum holds the answer to a piece of an album back until the others are
// here; before is the album that was coming in. A further piece only says the
// waiting answer anew.
func (t *turn) onceForAlbum(before *Album) {
	last := len(t.out.Say) - 1
	if t.Msg.Album == "" || last < 0 {
		return
	}
	if t.collecting(before) {
		a := *before
		a.N++
		t.out.Session.Album = &a
		t.out.Evidence.Amend = &Amended{Key: a.Key, Msg: t.out.Say[last].Msg}
		t.out.Say = t.out.Say[:last]
		return
	}
	until := t.Now.Add(albumPause)
	t.out.Say[last].NotBefore = until
	t.out.Session.Album = &Album{ID: t.Msg.Album, Key: t.out.Say[last].Key, Until: until, N: 1}
}

// amendSummary renders the waiting summary anew, which counts the evidence.
func (t *turn) amendSummary() error {
	s := &t.out.Session
	if s.Stage != StageConfirm {
		return nil
	}
	if err := t.summary(); err != nil {
		return err
	}
	last := len(t.out.Say) - 1
	t.out.Evidence.Amend = &Amended{Key: s.Album.Key, Msg: t.out.Say[last].Msg}
	t.out.Say = t.out.Say[:last]
	return nil
}

// pieceMessage is the line, with what can be done about the piece.
func (t *turn) pieceMessage(p Evidence, day roster.Day, count int) Message {
	s := &t.out.Session
	n := 1
	if s.Album != nil {
		n = s.Album.N
	}
	open := s.Stage != StageIdle && s.Day == day
	id, activities := "bukti_diterima", len(s.Items)
	switch {
	case !open:
		w, _ := t.day(day)
		if activities = 0; w.Report != nil {
			activities = w.Report.Activities
		}
	case len(s.Items) == 0:
		id = "bukti_mulai"
	case s.Stage == StageConfirm:
		id = "bukti_diterima_kirim"
	default:
		id = "bukti_diterima_tunggu"
	}
	m := t.say.Say(id, Data{
		"Apa": t.say.pieces(p.Kind, n), "Nama": t.say.Vocative(*t.Person), "N": count, "Laporan": t.dayWords(day),
	})
	if open && s.Stage == StageConfirm && len(s.Doubts) == 0 {
		send := "tombol_kirim"
		if s.Resend {
			send = "tombol_kirim_perubahan"
		}
		m.Buttons = append(m.Buttons, []Choice{{Label: t.say.Text(send, nil), Action: ActSend, Args: Args{Day: day}}})
	}
	args, row := Args{Day: day, Value: refOf(p)}, []Choice(nil)
	if activities > 1 && len(p.Items) == 0 {
		row = append(row, Choice{Label: t.say.Text("tombol_bukti_untuk", nil), Action: ActEvidenceFor, Args: args})
	}
	m.Buttons = append(m.Buttons, append(row, Choice{Label: t.say.Text("tombol_hapus_bukti", nil), Action: ActEvidenceDrop, Args: args}))
	return m
}

// dayWords is "hari ini" or the date.
func (t *turn) dayWords(day roster.Day) string {
	if day == t.Today {
		return t.say.Text("bukti_hari_ini", nil)
	}
	return t.say.Day(day)
}

// pieces is "Foto" for one, "3 foto" for an album.
func (s Speaker) pieces(k bot.AttachmentKind, n int) string {
	if n > 1 {
		return strconv.Itoa(n) + " " + s.Text("bukti_jenis_"+string(k), nil)
	}
	return s.Text("bukti_satu_"+string(k), nil)
}

// evidenceLine tells how much evidence a draft or report has: "Bukti: 2 foto,
// 1 dokumen". Empty when it has none.
func (s Speaker) evidenceLine(all []Evidence) Message {
	var parts []string
	for _, k := range []bot.AttachmentKind{bot.Photo, bot.Document, bot.Location} {
		n := 0
		for _, p := range all {
			if p.Kind == k {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+s.Text("bukti_jenis_"+string(k), nil))
		}
	}
	if len(parts) == 0 {
		return Message{}
	}
	return s.Say("ringkasan_bukti", Data{"Bukti": strings.Join(parts, ", ")})
}

// LostReason is why a piece could not be kept.
type LostReason string

// The reasons that a person is told.
const (
	LostFetch LostReason = "fetch" // the network does not give it
	LostKind  LostReason = "kind"  // it is no picture or PDF that can be read
	LostSize  LostReason = "size"  // it is larger than we keep
)

// LostEvidence tells a person, once, that a piece could not be kept, and what
// can be sent instead. The report itself stands.
func (h *Handler) LostEvidence(p Person, e Evidence, day roster.Day, why LostReason) Say {
	s := h.Words.To(p)
	data := Data{"Apa": s.pieces(e.Kind, 1), "Nama": s.Vocative(p), "Tgl": s.Day(day)}
	id := "bukti_hilang_" + string(why)
	if e.Letter {
		id = "surat_hilang_" + string(why)
	}
	return Say{
		Key: fmt.Sprintf("evidence/%d/lost", e.Inbox), Kind: KindReply, Employee: p.ID,
		Msg: s.Say(id, data), About: About{Day: day, Question: "evidence"},
	}
}
