package conversations

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"ekinerja/conversations/parse"
	"ekinerja/roster"
	"ekinerja/scoring"
)

// ActScore shows a score: of Day, or of its month when Value is "month".
const ActScore Action = "score"

// MonthScore is a month's score with what its explanation needs.
type MonthScore struct {
	First, Last roster.Day
	Record      scoring.Record
	Rubric      scoring.Rubric   // the one that made it
	Codes       map[int64]string // receipts of the reports in it
	// Running: nothing is stored yet; these are the figures of now.
	Running bool
}

// Results are a person's own scores.
type Results interface {
	// Scores are the newest weekly results, newest first.
	Scores(ctx context.Context, id roster.EmployeeID, limit int) ([]WeekScore, error)
	// Month is the score of the month of a day; false when nothing is known of it.
	Month(ctx context.Context, id roster.EmployeeID, day roster.Day) (MonthScore, bool, error)
}

// listed are how many days an explanation names; the others it counts.
const listed = 5

// commandScores shows the newest weeks, a month ("bulan", "bulan lalu", "oktober"), or
// a day ("kemarin", "12/11").
func (t *turn) commandScores(ctx context.Context, arg string) error {
	arg = strings.ToLower(strings.TrimSpace(arg))
	if arg != "" {
		if month, ok := t.monthIn(arg); ok {
			return t.monthScore(ctx, month)
		}
		if d, ok := parse.ReadDates(arg, t.Today); ok {
			return t.dayScore(ctx, d.From)
		}
	}
	weeks, err := t.rec.Scores(ctx, t.Person.ID, 4)
	if err != nil {
		return err
	}
	m := t.say.Say("nilai_kosong", nil)
	if len(weeks) > 0 {
		m = t.say.Scores(weeks)
	}
	m.Buttons = append(m.Buttons, []Choice{t.monthButton(t.Today)})
	t.reply(m)
	return nil
}

// tappedScore is commandScores by a button.
func (t *turn) tappedScore(ctx context.Context, a Args) error {
	if a.Value == "month" {
		return t.monthScore(ctx, a.Day)
	}
	return t.dayScore(ctx, a.Day)
}

// monthIn is the month that somebody means: this one, the last one, or the newest of
// a name.
func (t *turn) monthIn(arg string) (roster.Day, bool) {
	first := t.Today.Add(1 - t.Today.Date)
	words := strings.Fields(arg)
	switch words[0] {
	case "bulan", "month", "bulanan":
		if strings.Contains(arg, "lalu") || strings.Contains(arg, "last") {
			first = first.Add(-1)
		}
		return first.Add(1 - first.Date), true
	}
	for back := range 12 {
		m := first.Add(-28 * back)
		m = m.Add(1 - m.Date)
		if len(words) == 1 && strings.EqualFold(words[0], t.say.Month(m.Month)) {
			return m, true
		}
	}
	if day, err := time.Parse("2006-01", words[0]); err == nil && len(words) == 1 {
		return roster.DayOf(day), true
	}
	return first, false
}

func (t *turn) monthButton(day roster.Day) Choice {
	return Choice{
		Label: Clip(t.say.Text("tombol_nilai_bulan", Data{"Bulan": t.say.Month(day.Month)}), 20), Action: ActScore,
		Args: Args{Day: day.Add(1 - day.Date), Value: "month"},
	}
}

func (t *turn) monthScore(ctx context.Context, day roster.Day) error {
	score, found, err := t.rec.Month(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	if !found {
		t.reply(t.say.Say("nilai_bulan_tidak_ada", Data{"Bulan": t.say.Month(day.Month), "Tahun": day.Year}))
		return nil
	}
	m := t.say.MonthScore(score)
	m.Buttons = append(m.Buttons, t.dayButtons(score)...)
	t.reply(m)
	return nil
}

// dayButtons lead to the days on which most was lost.
func (t *turn) dayButtons(score MonthScore) (rows [][]Choice) {
	days := lossesOf(score.Record.Result)
	for i, x := range days[:min(listed, len(days))] {
		if i%3 == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], Choice{Label: t.say.ShortDay(x.Day), Action: ActScore, Args: Args{Day: x.Day}})
	}
	return rows
}

func (t *turn) dayScore(ctx context.Context, day roster.Day) error {
	score, found, err := t.rec.Month(ctx, t.Person.ID, day)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(score.Record.Result.Terms, func(x scoring.Term) bool { return x.Day == day })
	if !found || i < 0 {
		t.reply(t.say.Say("nilai_hari_tidak_ada", Data{"Tgl": t.say.Day(day)}))
		return nil
	}
	m := t.say.DayScore(score, day)
	m.Buttons = [][]Choice{{t.monthButton(day)}}
	t.reply(m)
	return nil
}

// lossesOf are the days that lost points, the most first, and of two the earlier.
func lossesOf(r scoring.Result) []scoring.Term {
	var out []scoring.Term
	for _, x := range r.Terms {
		if len(x.Losses) > 0 {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b scoring.Term) int { return lostOn(b).Cmp(lostOn(a)) })
	return out
}

func lostOn(x scoring.Term) decimal.Decimal {
	sum := decimal.Zero
	for _, l := range x.Losses {
		sum = sum.Add(l.Points)
	}
	return sum
}

// MonthScore explains a month: the sum in words, where points were lost, and what was
// left out.
func (s Speaker) MonthScore(m MonthScore) Message {
	r := m.Record.Result
	data := Data{"Bulan": s.Month(m.First.Month), "Tahun": m.First.Year, "Skor": s.points(r.Score), "Sementara": m.Running}
	if r.Empty {
		return s.Say("nilai_bulan_kosong", data)
	}
	data["Lapor"], data["Wajib"], data["Tepat"], data["Menit"] = r.OnTime+r.Late, r.DueDays, r.OnTime, s.Int(r.Minutes)
	parts := []Message{
		Lines(s.Say("nilai_bulan_judul", data), s.Say("nilai_bulan_angka", data)),
		Lines(s.sum(m)...),
	}
	if lost := s.lost(m); len(lost) > 0 {
		parts = append(parts, Lines(lost...))
	}
	return Join(append(parts, Lines(s.leftOut(m)...))...)
}

// sum is the arithmetic in words.
func (s Speaker) sum(m MonthScore) []Message {
	r, w := m.Record.Result, m.Rubric.Weights
	var minutes, punctual, suitable decimal.Decimal
	for _, t := range r.Terms {
		minutes, punctual, suitable = minutes.Add(t.Minutes), punctual.Add(t.Punctual), suitable.Add(t.Suitability)
	}
	n := decimal.NewFromInt(int64(max(1, r.DueDays+r.Credited)))
	minutes = minutes.DivRound(n, 6)
	if r.Over != nil {
		minutes = minutes.Sub(*r.Over)
	}
	var parts []string
	part := func(id string, got, of decimal.Decimal) {
		if of.IsPositive() {
			parts = append(parts, s.Text(id, Data{"Dapat": s.points(got), "Dari": s.points(of)}))
		}
	}
	part("nilai_bagian_menit", minutes, w.Minutes)
	part("nilai_bagian_tepat", punctual.DivRound(n, 6), w.Punctual)
	part("nilai_bagian_sesuai", suitable.DivRound(n, 6), w.Suitability)
	for _, g := range r.Given {
		parts = append(parts, s.Text("nilai_bagian_lain", Data{"Nama": g.Code, "Dapat": s.points(g.Points), "Dari": s.points(g.Of), "Dianggap": g.Assumed}))
	}
	lines := []Message{s.Say("nilai_bulan_kinerja", Data{"P": s.points(r.P), "Bagian": strings.Join(parts, ", ")})}
	if r.D == nil {
		return append(lines, s.Say("nilai_bulan_tanpa_presensi", nil))
	}
	return append(lines, s.Say("nilai_bulan_presensi", Data{
		"P": s.points(r.P), "D": s.points(*r.D), "Skor": s.points(r.Score),
		"BobotP": s.points(m.Rubric.Index.P.Shift(2)), "BobotD": s.points(m.Rubric.Index.D.Shift(2)),
	}))
}

// lost names the days on which most was lost, each with its report.
func (s Speaker) lost(m MonthScore) []Message {
	days := lossesOf(m.Record.Result)
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
			"Tgl": s.ShortDay(x.Day), "Poin": s.points(lostOn(x)), "Sebab": strings.Join(why, ", "), "Kode": m.Codes[x.Report],
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
	credited := 0
	for _, x := range m.Record.Result.Terms {
		if x.Credited {
			credited++
		} else {
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
	if credited > 0 {
		lines = append(lines, s.Say("nilai_bulan_dihitung", Data{"Count": credited}))
	}
	return append(lines, s.Say("nilai_bulan_aturan", Data{"Aturan": m.Record.Rubric + " " + m.Record.Version}))
}

// DayScore explains one day of a month: each part with what it was made from, or why
// the day is left out.
func (s Speaker) DayScore(m MonthScore, day roster.Day) Message {
	i := slices.IndexFunc(m.Record.Result.Terms, func(x scoring.Term) bool { return x.Day == day })
	x := m.Record.Result.Terms[i]
	lines := []Message{s.dayHead(m, x)}
	if x.Removed == "" && x.Mark != scoring.Missing {
		lines = append(lines, s.dayParts(m, x)...)
	}
	if code := m.Codes[x.Report]; code != "" {
		lines = append(lines, s.Say("nilai_hari_laporan", Data{"Kode": code}))
	}
	for _, d := range m.Record.Result.Deductions {
		if d.Day == day {
			lines = append(lines, s.Say("nilai_hari_presensi", Data{"Kelas": strings.Join(d.Codes, ", "), "Poin": s.points(d.Percent)}))
		}
	}
	return Lines(lines...)
}

func (s Speaker) dayHead(m MonthScore, x scoring.Term) Message {
	w := m.Rubric.Weights
	data := Data{"Tgl": s.Day(x.Day), "Poin": s.points(x.Points), "Dari": s.points(decimal.Sum(w.Minutes, w.Punctual, w.Suitability))}
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
	e := entryOf(m.Record, x)
	w := m.Rubric.Weights
	var lines []Message
	part := func(id string, got, of decimal.Decimal, data Data) {
		if !of.IsPositive() {
			return
		}
		data["Dapat"], data["Dari"] = s.points(got), s.points(of)
		lines = append(lines, s.Say(id, data))
	}
	part("nilai_hari_menit", x.Minutes, w.Minutes, Data{"Menit": s.Int(e.Minutes), "Sasaran": s.Int(m.Rubric.Target), "Lebih": x.Over})
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

// entryOf is the input of a term.
func entryOf(rec scoring.Record, x scoring.Term) scoring.Entry {
	for _, e := range rec.Inputs {
		if e.Day == x.Day && e.Report == x.Report {
			return e
		}
	}
	return scoring.Entry{Day: x.Day}
}
