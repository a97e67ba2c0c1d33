package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/scoring"
	"ekinerja/store/db"
)

// Month is the person's score of the month of a day with all that explains it: the
// stored one, else what would be stored now. False when nothing is known of it, or no
// rubric was in force.
func (r *Records) Month(ctx context.Context, id roster.EmployeeID, day roster.Day) (conversations.MonthScore, bool, error) {
	w := jobs.MonthOf(day)
	m := conversations.MonthScore{First: w.First, Last: w.Last}
	raw, err := r.q.MonthScore(ctx, int64(id), w.First)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		m.Running = true
		known, err := r.running(ctx, id, w, &m.Record)
		if err != nil || !known {
			return m, false, err
		}
	case err != nil:
		return m, false, fmt.Errorf("read month: %w", err)
	default:
		if err := json.Unmarshal(raw, &m.Record); err != nil {
			return m, false, fmt.Errorf("read month: %w", err)
		}
	}
	if i := slices.IndexFunc(r.scorer.Rubrics, m.Record.By); i >= 0 {
		m.Rubric = r.scorer.Rubrics[i]
	}
	m.Codes, err = r.codes(ctx, id, m.Record.Result)
	return m, true, err
}

// running scores the days as they are known now.
func (r *Records) running(ctx context.Context, id roster.EmployeeID, w jobs.Week, into *scoring.Record) (bool, error) {
	people, err := personDays(ctx, r.q, []int64{int64(id)}, w)
	if err != nil || len(people) == 0 {
		return false, err
	}
	seen, err := presences(ctx, r.q, jobs.PresenceQuery{IDs: []roster.EmployeeID{id}, First: w.First, Last: w.Last, Now: r.now})
	if err != nil {
		return false, err
	}
	people[0].Days = slices.DeleteFunc(people[0].Days, func(d jobs.DayRow) bool { return d.Duty.Day.After(r.today) })
	if x, ok := seen[id]; ok {
		people[0].Attendance = r.scorer.Attendance(x, w, r.now)
	}
	*into, err = r.scorer.Record(people[0], w, r.now.In(r.loc))
	if errors.Is(err, scoring.ErrNoRubric) {
		return false, nil
	}
	return err == nil, err
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

// Booked hands each stored score of whole periods ("week" or "month") between two
// days to each, those of a person one after the other. It changes nothing, and holds
// a chunk at a time.
func (s *Store) Booked(ctx context.Context, period string, from, to roster.Day, each func(Booked)) error {
	at := db.BookedScoresParams{Period: period, FromDay: from, ToDay: to, FirstDay: roster.MustDay("0001-01-01"), Most: bookedChunk}
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
