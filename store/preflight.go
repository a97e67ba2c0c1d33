package store

import (
	"context"
	"fmt"

	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Outlook are active people as they are on a day that is still to come.
func (j Jobs) Outlook(ctx context.Context, day roster.Day, after roster.EmployeeID, limit int) ([]jobs.Ahead, error) {
	q := j.Store.q()
	rows, err := q.Outlook(ctx, db.OutlookParams{Day: day, After: int64(after), Most: int32(limit)})
	if err != nil || len(rows) == 0 {
		return nil, wrapped("read who is there on a day", err)
	}
	out, ids, at := make([]jobs.Ahead, len(rows)), make([]int64, len(rows)), make(map[int64]*jobs.Ahead, len(rows))
	for i, r := range rows {
		id := roster.EmployeeID(r.ID)
		out[i] = jobs.Ahead{
			Facts: jobs.Facts{Employee: id, Pattern: roster.Pattern(r.Pattern)},
			Name:  r.Name, OPD: r.Opd, Live: r.Live, Superior: roster.EmployeeID(r.Superior), SuperiorActive: r.SuperiorActive,
		}
		if r.Starts != nil && r.Ends != nil && r.Label != nil {
			out[i].Shift = &roster.Shift{Employee: id, Day: day, Start: roster.Clock(*r.Starts), End: roster.Clock(*r.Ends), Name: *r.Label}
		}
		ids[i], at[r.ID] = r.ID, &out[i]
	}
	absences, err := q.AbsencesOn(ctx, ids, day)
	if err != nil {
		return nil, fmt.Errorf("read absences: %w", err)
	}
	for _, a := range absences {
		p := at[a.EmployeeID]
		p.Absences = append(p.Absences, roster.Absence{
			Employee: p.Employee, Kind: roster.AbsenceKind(a.Kind), From: a.FirstDay, To: a.LastDay, Confirmed: a.State == "confirmed",
		})
	}
	return out, nil
}
