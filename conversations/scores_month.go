package conversations

import (
	"context"
	"slices"
	"strings"
	"time"

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
	// Running: the month is not over; these are the figures until today.
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
// a name ("bulan", "bulan lalu", "oktober", "bulan oktober", "2026-10").
func (t *turn) monthIn(arg string) (roster.Day, bool) {
	this := t.Today.FirstOfMonth()
	words := strings.Fields(arg)
	asked := slices.Contains([]string{"bulan", "month", "bulanan"}, words[0])
	if asked {
		words = words[1:]
	}
	if len(words) == 1 {
		m := this
		for range 12 {
			if strings.EqualFold(words[0], t.say.Month(m.Month)) {
				return m, true
			}
			m = m.Add(-1).FirstOfMonth()
		}
		if day, err := time.Parse("2006-01", words[0]); err == nil {
			return roster.DayOf(day), true
		}
	}
	if strings.Contains(arg, "lalu") || strings.Contains(arg, "last") {
		return this.Add(-1).FirstOfMonth(), asked
	}
	return this, asked
}

func (t *turn) monthButton(day roster.Day) Choice {
	return Choice{
		Label: Clip(t.say.Text("tombol_nilai_bulan", Data{"Bulan": t.say.Month(day.Month)}), 20), Action: ActScore,
		Args: Args{Day: day.FirstOfMonth(), Value: "month"},
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
	days := score.Record.Result.Worst()
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
	x, in := score.Record.Result.On(day)
	if !found || !in {
		t.reply(t.say.Say("nilai_hari_tidak_ada", Data{"Tgl": t.say.Day(day)}))
		return nil
	}
	m := t.say.DayScore(score, x)
	m.Buttons = [][]Choice{{t.monthButton(day)}}
	t.reply(m)
	return nil
}
