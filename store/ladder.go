package store

import (
	"context"
	"encoding/json"
	"fmt"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// climbed adds to silent people what the ladder has said of them before, and until
// when it rests.
func (j Jobs) climbed(ctx context.Context, silent []jobs.Silent, query jobs.SilentQuery) error {
	ids, at := make([]int64, len(silent)), make(map[int64]*jobs.Silent, len(silent))
	for i := range silent {
		ids[i], at[int64(silent[i].ID)] = int64(silent[i].ID), &silent[i]
	}
	q := j.Store.q()
	told, err := q.LadderTold(ctx, ids, query.Back)
	if err != nil {
		return fmt.Errorf("read steps of the ladder: %w", err)
	}
	for _, t := range told {
		s := at[t.EmployeeID]
		if s.Steps == nil {
			s.Steps = map[string]jobs.Told{}
		}
		s.Steps[t.Step] = jobs.Told{On: t.Sent, Newest: t.Newest}
	}
	rests, err := q.LadderRests(ctx, ids, roster.DayOf(query.Now))
	if err != nil {
		return fmt.Errorf("read acknowledgements: %w", err)
	}
	for _, r := range rests {
		at[r.EmployeeID].Rest = r.Until
	}
	return nil
}

// staffed adds where people work and who looks after what; who holds a role is
// among those whom a step may reach.
func (j Jobs) staffed(ctx context.Context, c *jobs.Command, today roster.Day) error {
	q := j.Store.q()
	places, err := q.LadderPlaces(ctx)
	if err != nil {
		return fmt.Errorf("read where people work: %w", err)
	}
	c.Places = make(map[roster.EmployeeID]jobs.Place, len(places))
	for _, p := range places {
		c.Places[roster.EmployeeID(p.ID)] = jobs.Place{OPD: p.Opd, Unit: p.Unit}
	}
	if c.Roles, err = j.RoleHolders(ctx, today); err != nil {
		return err
	}
	var ids []int64
	for _, h := range c.Roles {
		c.Heads[h.Person.ID], c.Live[h.Person.ID] = h.Person, h.Live
		ids = append(ids, int64(h.Person.ID))
	}
	away, err := q.AwayToday(ctx, ids, today)
	if err != nil {
		return fmt.Errorf("read who is away: %w", err)
	}
	for _, id := range away {
		c.Away[roster.EmployeeID(id)] = true
	}
	return nil
}

// OfficeWeeks are what came in of each office in a week.
func (j Jobs) OfficeWeeks(ctx context.Context, w jobs.Week) ([]jobs.OfficeWeek, error) {
	rows, err := j.Store.q().OfficeWeeks(ctx, w.Last, w.First)
	if err != nil {
		return nil, fmt.Errorf("read weeks of offices: %w", err)
	}
	out := make([]jobs.OfficeWeek, len(rows))
	for i, r := range rows {
		out[i] = jobs.OfficeWeek{OPD: r.Opd, Due: int(r.Due), In: int(r.Reports), Told: r.Told}
	}
	return out, nil
}

func notesOf(e jobs.Escalation) (json.RawMessage, error) {
	if len(e.Notes) == 0 {
		return json.RawMessage(`[]`), nil
	}
	raw, err := json.Marshal(e.Notes)
	if err != nil {
		return nil, fmt.Errorf("encode notes of a digest: %w", err)
	}
	return raw, nil
}

// laddered adds what the ladder knows of the members of a digest.
func (r *Records) laddered(ctx context.Context, viewer roster.EmployeeID, escalation int64, all []conversations.Silent) error {
	rows, err := r.q.LadderMembers(ctx, db.LadderMembersParams{Today: r.today, EscalationID: escalation, Viewer: int64(viewer)})
	if err != nil {
		return fmt.Errorf("read steps of a digest: %w", err)
	}
	at := make(map[roster.EmployeeID]db.LadderMembersRow, len(rows))
	for _, row := range rows {
		at[roster.EmployeeID(row.EmployeeID)] = row
	}
	for i := range all {
		row := at[all[i].Person.ID]
		all[i].AckDays, all[i].Contacted = int(row.AckDays), row.Contacted
	}
	return nil
}

// StillOver are those of the people whom viewer leads today or looks after.
func (r *Records) StillOver(ctx context.Context, viewer roster.EmployeeID, ids []roster.EmployeeID) (map[roster.EmployeeID]bool, error) {
	raw := make([]int64, len(ids))
	for i, id := range ids {
		raw[i] = int64(id)
	}
	rows, err := r.q.StillOver(ctx, db.StillOverParams{Ids: raw, Today: r.today, Viewer: int64(viewer)})
	if err != nil {
		return nil, fmt.Errorf("read whom somebody leads: %w", err)
	}
	out := make(map[roster.EmployeeID]bool, len(rows))
	for _, id := range rows {
		out[roster.EmployeeID(id)] = true
	}
	return out, nil
}

// contacted holds the ladder for people who were spoken to.
func (wr *writer) contacted(ctx context.Context, w *work, all []conversations.Contacted) {
	if w.turn.Person == nil {
		return
	}
	for _, c := range all {
		wr.any("note who was spoken to", db.New(wr).AddLadderAcks(ctx, db.AddLadderAcksParams{
			Until: c.Until, At: w.now, EscalationID: c.Escalation, EmployeeID: int64(c.Employee), Viewer: int64(w.turn.Person.ID),
		}))
	}
}
