package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store/db"
)

// Month is the person's score of the month of a day with all that explains it, as it
// is known now: months are not stored. False when nothing is known of it, or no rubric
// was in force. In a turn it is the viewer's own.
func (r *Records) Month(ctx context.Context, id roster.EmployeeID, day roster.Day) (conversations.MonthScore, bool, error) {
	if err := r.own(id); err != nil {
		return conversations.MonthScore{}, false, err
	}
	w := jobs.MonthOf(day)
	m := conversations.MonthScore{First: w.First, Last: w.Last, Running: !r.today.After(w.Last)}
	p, known, err := r.month(ctx, id, w)
	if err != nil || !known {
		return m, false, err
	}
	m.Record, m.Rubric, err = r.scorer.Record(p, w, r.now.In(r.loc))
	if errors.Is(err, scoring.ErrNoRubric) {
		return m, false, nil
	}
	if err != nil {
		return m, false, err
	}
	m.Codes, err = r.codes(ctx, id, m.Record.Result)
	return m, true, err
}

// month is a person's days of a month until today, with their attendance.
func (r *Records) month(ctx context.Context, id roster.EmployeeID, w jobs.Week) (p jobs.PersonWeek, known bool, err error) {
	people, err := personDays(ctx, r.q, []int64{int64(id)}, w)
	if err != nil || len(people) == 0 {
		return p, false, err
	}
	seen, err := presences(ctx, r.q, jobs.PresenceQuery{IDs: []roster.EmployeeID{id}, First: w.First, Last: w.Last, Now: r.now})
	if err != nil {
		return p, false, err
	}
	p = people[0]
	p.Days = slices.DeleteFunc(p.Days, func(d jobs.DayRow) bool { return d.Duty.Day.After(r.today) })
	if x, ok := seen[id]; ok {
		p.Attendance = r.scorer.Attendance(x, w, r.now)
	}
	return p, true, nil
}

// codes are the receipts of the reports in a score.
func (r *Records) codes(ctx context.Context, id roster.EmployeeID, res scoring.Result) (map[int64]string, error) {
	var ids []int64
	for _, t := range res.Terms {
		if t.Report != 0 {
			ids = append(ids, t.Report)
		}
	}
	rows, err := r.q.ReportCodes(ctx, int64(id), ids)
	if err != nil {
		return nil, fmt.Errorf("read receipts: %w", err)
	}
	out := make(map[int64]string, len(rows))
	for _, row := range rows {
		out[row.ID] = row.Code
	}
	return out, nil
}

// Explaining reads scores outside any turn, as they are known at now.
func (s *Store) Explaining(now time.Time, scorer jobs.Scorer) *Records {
	return &Records{q: s.q(), loc: scorer.Loc, today: roster.DayOf(now.In(scorer.Loc)), scorer: scorer, now: now}
}

// Booked is a stored score and whose it is.
type Booked struct {
	Employee          roster.EmployeeID
	Number, Name, OPD string
	Record            scoring.Record
}

// bookedChunk is how many scores are read at a time.
const bookedChunk = 1000

// Booked hands each stored score of whole weeks between two days to each, those of a
// person one after the other. It changes nothing, and holds a chunk at a time.
func (s *Store) Booked(ctx context.Context, from, to roster.Day, each func(Booked)) error {
	at := db.BookedScoresParams{FromDay: from, ToDay: to, FirstDay: roster.MustDay("0001-01-01"), Most: bookedChunk}
	for {
		rows, err := s.q().BookedScores(ctx, at)
		if err != nil {
			return fmt.Errorf("read stored scores: %w", err)
		}
		for _, row := range rows {
			b := Booked{Employee: roster.EmployeeID(row.EmployeeID), Number: row.Number, Name: row.Name, OPD: row.Opd}
			if err := json.Unmarshal(row.Record, &b.Record); err != nil {
				return fmt.Errorf("read stored score: %w", err)
			}
			each(b)
		}
		if len(rows) < bookedChunk {
			return nil
		}
		last := rows[len(rows)-1]
		at.EmployeeID, at.FirstDay = last.EmployeeID, last.FirstDay
	}
}
