package conversations

import (
	"fmt"
	"time"

	"ekinerja/conversations/sheet"
	"ekinerja/roster"
)

// Summons is what a draft of an invitation is made from.
type Summons struct {
	ID         int64
	To, Of     Person // the officer who gets it, and whom it is about
	Number     string // staff number
	Post, OPD  string
	Missed     []roster.Day
	Kind, Said string
	Letter     Speaker // the language of the letter
	Now        time.Time
}

// SummonsDraft is a letter for somebody of the personnel office, who decides. It
// leaves day, place and signature open, on purpose: nothing is sent by itself.
func (s Speaker) SummonsDraft(n Summons) (Message, error) {
	w := n.Letter
	said := w.Text("konsep_tanpa_penjelasan", nil)
	if n.Kind != "" {
		said = w.Text("konsep_penjelasan", Data{"Jenis": w.Text("jelas_"+n.Kind, nil), "Kata": Clip(n.Said, 600)})
	}
	pdf, err := sheet.PDF(sheet.Letter{
		Banner: w.Text("konsep_konsep", nil), Title: w.Text("konsep_judul", nil), Number: w.Text("konsep_nomor", nil),
		Address: w.Text("konsep_kepada", Data{"Nama": n.Of.Name, "NIP": n.Number, "Jabatan": n.Post, "OPD": n.OPD}),
		Paragraphs: []string{
			w.Text("konsep_isi", Data{"Count": len(n.Missed), "Hari": w.dayList(n.Missed)}),
			w.Text("konsep_catatan", nil), said, w.Text("konsep_undang", nil), w.Text("konsep_waktu", nil), w.Text("konsep_tutup", nil),
		},
		Signature: w.Text("konsep_tanda_tangan", nil),
		Foot:      w.Text("konsep_kaki", Data{"Tgl": w.Day(w.DayOf(n.Now)), "Pukul": w.Time(n.Now)}),
		At:        n.Now,
	})
	if err != nil {
		return Message{}, fmt.Errorf("prepare an invitation: %w", err)
	}
	m := s.Say("undangan_untuk_petugas", Data{"Sapa": s.Vocative(n.To), "Nama": ShortName(n.Of.Name), "Count": len(n.Missed)})
	m.File = &File{Name: fmt.Sprintf("konsep-undangan-%d.pdf", n.ID), Data: pdf}
	m.Buttons = s.closeRow(n.ID, true)
	return m, nil
}

// closeRow are the buttons with which the personnel office closes what it has: a
// draft by sending it or not, help by having helped.
func (s Speaker) closeRow(id int64, drafted bool) [][]Choice {
	b := func(label, how string) []Choice {
		return []Choice{{Label: s.Text(label, nil), Action: ActClose, Args: Args{Claim: id, Value: how}}}
	}
	if drafted {
		return [][]Choice{b("tombol_undangan_kirim", "summoned"), b("tombol_tanpa_undangan", "dropped")}
	}
	return [][]Choice{b("tombol_selesai_bantu", "dropped")}
}
