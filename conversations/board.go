package conversations

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"ekinerja/conversations/picture"
	"ekinerja/roster"
)

// SpeedBoard is how soon the reports of a month were read, office by office.
type SpeedBoard struct {
	To      Person
	Month   roster.Day // its first day
	Offices []OfficeSpeed
	Limit   int // working days within which a report is to be read
	Now     time.Time
}

// OfficeSpeed is one office: reports sent, read in time, and not read at all.
type OfficeSpeed struct {
	Name                 string
	Sent, InTime, Unread int
}

// SpeedBoard tells the personnel office about superiors' part. No person is named.
func (s Speaker) SpeedBoard(b SpeedBoard) (Message, error) {
	sent, in, unread := 0, 0, 0
	chart := picture.TeamChart{
		Title: s.Text("papan_verifikasi", Data{"Bulan": s.MonthOf(b.Month)}), Subtitle: s.Text("papan_sub", Data{"Hari": s.Int(b.Limit)}),
		Nothing: s.Text("gambar_kosong", nil), Count: "OPD",
	}
	for _, o := range b.Offices {
		sent, in, unread = sent+o.Sent, in+o.InTime, unread+o.Unread
		percent := o.InTime * 100 / max(1, o.Sent)
		chart.Rows = append(chart.Rows, picture.Row{Name: Clip(o.Name, 60), Value: float64(percent), Text: s.Int(percent) + "%", None: o.Sent == 0})
	}
	m := s.Say("papan_isi", Data{
		"Sapa": s.Vocative(b.To), "Bulan": s.MonthOf(b.Month), "Persen": s.Int(in * 100 / max(1, sent)), "Hari": s.Int(b.Limit),
		"Laporan": s.Int(sent), "Belum": s.Int(unread),
	})
	if sent == 0 {
		return s.Say("papan_kosong", Data{"Sapa": s.Vocative(b.To), "Bulan": s.MonthOf(b.Month)}), nil
	}
	photo, err := picture.Team(chart)
	if err != nil {
		return m, fmt.Errorf("draw board: %w", err)
	}
	m.Photo = photo
	return m, nil
}

// MonthOf is "November 2026".
func (s Speaker) MonthOf(d roster.Day) string { return s.Month(d.Month) + " " + strconv.Itoa(d.Year) }

// MonthList are people with many days without a report in a month.
type MonthList struct {
	To     Person
	Month  roster.Day
	People []ListedPerson
}

// ListedPerson is one of them.
type ListedPerson struct {
	Name, Number, Post, OPD, Superior string
	Missed                            int
}

// MonthList is a file for the personnel office: whom to talk to first. It says that
// nothing follows from it by itself.
func (s Speaker) MonthList(l MonthList) Message {
	m := s.Say("daftar_pembinaan", Data{"Sapa": s.Vocative(l.To), "Bulan": s.MonthOf(l.Month), "Count": len(l.People)})
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	rows := [][]string{{"nip", "nama", "jabatan", "opd", "atasan", "hari_tanpa_laporan"}}
	for _, p := range l.People {
		rows = append(rows, []string{p.Number, cell(p.Name), cell(p.Post), cell(p.OPD), cell(p.Superior), strconv.Itoa(p.Missed)})
	}
	_ = w.WriteAll(rows) // into memory
	m.File = &File{Name: fmt.Sprintf("perlu-pembinaan-%04d-%02d.csv", l.Month.Year, l.Month.Month), Data: out.Bytes()}
	return m
}

// cell keeps a text from being read as a formula by a spreadsheet.
func cell(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@') {
		return "'" + s
	}
	return s
}
