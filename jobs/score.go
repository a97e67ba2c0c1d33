package jobs

import (
	"time"

	"ekinerja/roster"
	"ekinerja/scoring"
)

// Scorer makes scores of what is stored: for the jobs, and for whoever asks why.
type Scorer struct {
	Rubrics []scoring.Rubric
	Attend  AttendPolicy
	Loc     *time.Location // of the city
}

// Scorer is the one of these jobs.
func (d Deps) Scorer() Scorer {
	return Scorer{Rubrics: d.Rubrics, Attend: d.Policy.Attend, Loc: d.Loc}
}

// Record scores a person's days as they are known now, by the rubric that was in
// force on the first day, so that no rule reaches back; it gives that rubric too. The
// error wraps [scoring.ErrNoRubric] when there is none.
func (s Scorer) Record(p PersonWeek, w Week, now time.Time) (scoring.Record, scoring.Rubric, error) {
	rubric, err := scoring.RubricOn(s.Rubrics, w.First)
	if err != nil {
		return scoring.Record{}, rubric, err
	}
	return record(p, rubric, w, now), rubric, nil
}

// Attendance is what machines have recorded of a person's days, for [PersonWeek].
func (s Scorer) Attendance(seen Presence, w Week, now time.Time) *scoring.Attendance {
	return s.Attend.attendance(seen, w, now.In(s.Loc))
}

// MonthOf is the calendar month of a day.
func MonthOf(day roster.Day) Week {
	first := day.FirstOfMonth()
	last := first.Add(31)
	return Week{first, last.Add(-last.Date)}
}

// Month reports that the days are those of a calendar month.
func (w Week) Month() bool { return w.Last.Sub(w.First) > 6 }
