package conversations

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ekinerja/roster"
	"ekinerja/scoring"
)

// MonthScore explains a month: the sum in words, where points were lost, and what was
// left out.
func (s Speaker) MonthScore(m MonthScore) Message {
	r := m.Record.Result
	data := Data{"Bulan": s.Month(m.First.Month), "Tahun": m.First.Year, "Skor": s.points(r.Score), "Sementara": m.Running}
	if r.Empty {
		return s.Say("nilai_bulan_kosong", data)
	}
	data["Lapor"], data["Wajib"], data["Tepat"], data["Menit"] = r.OnTime+r.Late, r.DueDays, r.OnTime, s.Int(r.Minutes)
	head := Lines(s.Say("nilai_bulan_judul", data), s.Say("nilai_bulan_angka", data))
	parts := []Message{head, Lines(s.sum(m)...)}
	if lost := s.lost(m); len(lost) > 0 {
		parts = append(parts, Lines(lost...))
	}
	return Join(append(parts, Lines(s.leftOut(m)...))...)
}

// sum is the arithmetic in words.
func (s Speaker) sum(m MonthScore) []Message {
	r := m.Record.Result
	parts := strings.Join(s.parts(r, m.Rubric.Weights), ", ")
	lines := []Message{s.Say("nilai_bulan_kinerja", Data{"P": s.points(r.P), "Bagian": parts})}
	switch {
	case !r.Attendance:
		return append(lines, s.Say("nilai_bulan_tanpa_presensi", nil))
	case r.D == nil: // attendance is in the minutes already
		return lines
	}
	return append(lines, s.Say("nilai_bulan_presensi", Data{
		"P": s.points(r.P), "D": s.points(*r.D), "Skor": s.points(r.Score),
		"BobotP": s.points(m.Rubric.Index.P.Shift(2)), "BobotD": s.points(m.Rubric.Index.D.Shift(2)),
	}))
}

// parts are what P was made from: the means of the parts that have a weight, and what
// was given.
func (s Speaker) parts(r scoring.Result, weights scoring.Weights) []string {
	var out []string
	part := func(id string, got, of decimal.Decimal) {
		if of.IsPositive() {
			out = append(out, s.Text(id, Data{"Dapat": s.points(got), "Dari": s.points(of)}))
		}
	}
	earned := r.Earned()
	part("nilai_bagian_menit", earned.Minutes, weights.Minutes)
	part("nilai_bagian_tepat", earned.Punctual, weights.Punctual)
	part("nilai_bagian_sesuai", earned.Suitability, weights.Suitability)
	for _, g := range r.Given {
		out = append(out, s.Text("nilai_bagian_lain", Data{"Nama": g.Code, "Dapat": s.points(g.Points), "Dari": s.points(g.Of), "Dianggap": g.Assumed, "Penuh": g.Points.Equal(g.Of)}))
	}
	return out
}

// lost names the days on which most was lost, each with its report.
func (s Speaker) lost(m MonthScore) []Message {
	days := m.Record.Result.Worst()
	var lines []Message
	if len(days) > 0 {
		lines = append(lines, s.Say("nilai_bulan_hilang", nil))
	}
	for _, x := range days[:min(listed, len(days))] {
		why := make([]string, len(x.Losses))
		for i, l := range x.Losses {
			why[i] = s.Text("nilai_sebab_"+string(l.Reason), nil)
		}
		lines = append(lines, s.Say("nilai_bulan_hari", Data{
			"Tgl": s.ShortDay(x.Day), "Poin": s.points(x.Lost()), "Sebab": strings.Join(why, ", "), "Kode": m.Codes[x.Report],
		}))
	}
	if more := len(days) - listed; more > 0 {
		lines = append(lines, s.Say("nilai_bulan_hari_lain", Data{"Count": more}))
	}
	ds := slices.Clone(m.Record.Result.Deductions)
	if len(ds) == 0 {
		return lines
	}
	slices.SortStableFunc(ds, func(a, b scoring.Deduction) int { return b.Percent.Cmp(a.Percent) })
	var classes []string
	for _, d := range ds[:min(listed, len(ds))] {
		classes = append(classes, s.deducted(d))
	}
	return append(lines, s.Say("nilai_bulan_disiplin", Data{"Kelas": strings.Join(classes, "; "), "Lain": max(0, len(ds)-listed)}))
}

// deducted is "Sen 23/11 TL1 (−0,5)".
func (s Speaker) deducted(d scoring.Deduction) string {
	return fmt.Sprintf("%s %s (−%s)", s.ShortDay(d.Day), strings.Join(d.Codes, ", "), s.points(d.Percent))
}

// leftOut counts the days that do not count, and names the rule.
func (s Speaker) leftOut(m MonthScore) []Message {
	count := map[scoring.Reason]int{}
	for _, x := range m.Record.Result.Terms {
		if !x.Credited {
			count[x.Removed]++
		}
	}
	var out []string
	for _, r := range []scoring.Reason{scoring.Excused, scoring.Forgiven, scoring.StillOpen} {
		if count[r] > 0 {
			out = append(out, s.Text("nilai_luar_"+string(r), Data{"Count": count[r]}))
		}
	}
	var lines []Message
	if len(out) > 0 {
		lines = append(lines, s.Say("nilai_bulan_luar", Data{"Hari": strings.Join(out, ", ")}))
	}
	if credited := m.Record.Result.Credited; credited > 0 {
		lines = append(lines, s.Say("nilai_bulan_dihitung", Data{"Count": credited}))
	}
	return append(lines, s.Say("nilai_bulan_aturan", Data{"Aturan": m.Record.Rubric + " " + m.Record.Version}))
}

// DayScore explains one day of a month: each part with what it was made from, or why
// the day is left out.
func (s Speaker) DayScore(m MonthScore, x scoring.Term) Message {
	lines := []Message{s.dayHead(m, x)}
	if x.Removed == "" && x.Mark != scoring.Missing {
		lines = append(lines, s.dayParts(m, x)...)
	}
	if code := m.Codes[x.Report]; code != "" {
		lines = append(lines, s.Say("nilai_hari_laporan", Data{"Kode": code}))
	}
	for _, d := range m.Record.Result.Deductions {
		if d.Day == x.Day {
			lines = append(lines, s.Say("nilai_hari_presensi", Data{"Kelas": strings.Join(d.Codes, ", "), "Poin": s.points(d.Percent)}))
		}
	}
	return Lines(lines...)
}

func (s Speaker) dayHead(m MonthScore, x scoring.Term) Message {
	data := Data{"Tgl": s.Day(x.Day), "Poin": s.points(x.Points), "Dari": s.points(m.Rubric.Weights.Sum())}
	switch {
	case x.Credited:
		return s.Say("nilai_hari_dihitung", data)
	case x.Removed == scoring.NotDue, x.Removed == scoring.Excused:
		data["Alasan"] = s.Text("alasan_"+cmp.Or(x.Why, string(roster.ReasonLeave)), nil)
		return s.Say("nilai_hari_luar", data)
	case x.Removed == scoring.Forgiven:
		return s.Say("nilai_hari_dimaafkan", data)
	case x.Removed != "":
		return s.Say("nilai_hari_terbuka", data)
	case x.Mark == scoring.Missing:
		return s.Say("nilai_hari_kosong", data)
	}
	return s.Say("nilai_hari_judul", data)
}

// dayParts are the parts of a day that have a weight.
func (s Speaker) dayParts(m MonthScore, x scoring.Term) []Message {
	e := m.Record.Entry(x)
	w := m.Rubric.Weights
	var lines []Message
	part := func(id string, got, of decimal.Decimal, data Data) {
		if !of.IsPositive() {
			return
		}
		data["Dapat"], data["Dari"] = s.points(got), s.points(of)
		lines = append(lines, s.Say(id, data))
	}
	part("nilai_hari_menit", x.Minutes, w.Minutes, Data{"Menit": s.Int(e.Minutes), "Sasaran": s.Int(m.Rubric.DayTarget(m.Record)), "Lebih": x.Over})
	part("nilai_hari_tepat", x.Punctual, w.Punctual, Data{"Terlambat": x.Mark == scoring.Late})
	part("nilai_hari_sesuai", x.Suitability, w.Suitability, Data{"Kata": s.judged(e)})
	return lines
}

// judged says what the superior has said of the report.
func (s Speaker) judged(e scoring.Entry) string {
	switch e.Suitability {
	case scoring.Sesuai, scoring.Cukup, scoring.Kurang, scoring.Tidak:
		return s.Text("nilai_kata_dinilai", Data{"Nilai": strings.ToLower(s.Text("nilai_"+string(e.Suitability), nil))})
	case scoring.Lapsed:
		return s.Text("nilai_kata_lewat", nil)
	case scoring.Unreviewed:
	}
	return s.Text("nilai_kata_belum", nil)
}
