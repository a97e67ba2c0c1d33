package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// mostChoices is how many of a person's own choices are remembered.
const mostChoices = 200

// Plan is the person's plan of work as it counts on a day, with what the person
// chose for activities before. Most people have none, and then nothing more is read.
func (r *Records) Plan(ctx context.Context, id roster.EmployeeID, day roster.Day) (conversations.Plan, error) {
	rows, err := seenOf(ctx, r, id, func(q *db.Queries) ([]db.PlanOfRow, error) {
		return q.PlanOf(ctx, int64(id), day)
	})
	if err != nil {
		return conversations.Plan{}, fmt.Errorf("read plan: %w", err)
	}
	if len(rows) == 0 {
		return conversations.Plan{}, nil
	}
	var p conversations.Plan
	for _, i := range rows {
		p.Items = append(p.Items, roster.PlanItem{
			ID: i.ID, Code: i.Code, Text: i.Said, Indicator: i.Indicator, Target: i.Target, Unit: i.Unit,
			Period: roster.Period{Year: int(i.Year), Quarter: int(i.Quarter)},
		})
	}
	roster.SortPlan(p.Items)
	chosen, err := r.q.OwnPlanChoices(ctx, int64(id), mostChoices)
	if err != nil {
		return conversations.Plan{}, fmt.Errorf("read choices: %w", err)
	}
	for _, c := range chosen {
		was := roster.Chosen{Description: c.Description}
		if c.ItemID != nil {
			was.Item = *c.ItemID
		}
		p.Chosen = append(p.Chosen, was)
	}
	return p, nil
}

// Usuals are proposals for the person's report of a day.
func (r *Records) Usuals(ctx context.Context, id roster.EmployeeID, day roster.Day) ([]roster.Usual, error) {
	all, err := usualsOf(ctx, r.q, []int64{int64(id)}, []string{day.String()})
	return all[id], err
}

// usualsOf are the proposals of several people, each for a day of theirs.
func usualsOf(ctx context.Context, q *db.Queries, ids []int64, days []string) (map[roster.EmployeeID][]roster.Usual, error) {
	past, err := q.PastActivities(ctx, ids, days)
	if err != nil {
		return nil, fmt.Errorf("read past activities: %w", err)
	}
	bank, err := q.BankOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read activity banks: %w", err)
	}
	pasts, banks := map[int64][]roster.Past{}, map[int64][]roster.Standard{}
	for _, p := range past {
		pasts[p.EmployeeID] = append(pasts[p.EmployeeID], roster.Past{
			Day: p.Day, Description: p.Description, Unit: p.Unit, Minutes: int(p.Minutes),
		})
	}
	for _, b := range bank {
		banks[b.EmployeeID] = append(banks[b.EmployeeID], roster.Standard{Name: b.Name, Result: b.Result, Minutes: int(b.Minutes)})
	}
	out := make(map[roster.EmployeeID][]roster.Usual, len(ids))
	for _, id := range ids {
		out[roster.EmployeeID(id)] = roster.Usuals(pasts[id], banks[id])
	}
	return out, nil
}

// links notes what the activities of a sending serve. Those of an earlier sending
// go: they are kept with its version.
func (wr *writer) links(ctx context.Context, id int64, c *conversations.ReportChange) {
	q := db.New(wr)
	wr.any("clear links", q.ClearPlanLinks(ctx, id, c.Day))
	if len(c.Links) == 0 {
		return
	}
	arg := db.AddPlanLinksParams{EmployeeID: id, Day: c.Day}
	for i, l := range c.Links {
		arg.Positions = append(arg.Positions, int32(i))
		arg.Items = append(arg.Items, l.Item)
		arg.Chosen = append(arg.Chosen, string(l.By))
	}
	wr.any("keep links", q.AddPlanLinks(ctx, arg))
}

// Plans are the plans of all active people as they stand.
func (s *Store) Plans(ctx context.Context) ([]roster.PlanItem, error) {
	rows, err := s.q().AllPlanItems(ctx)
	if err != nil {
		return nil, fmt.Errorf("read plans: %w", err)
	}
	out := make([]roster.PlanItem, len(rows))
	for i, r := range rows {
		out[i] = roster.PlanItem{
			ID: r.ID, Number: r.Number, Code: r.Code, Text: r.Said, Indicator: r.Indicator, Target: r.Target, Unit: r.Unit,
			Period: roster.Period{Year: int(r.Year), Quarter: int(r.Quarter)},
		}
	}
	return out, nil
}

// ApplyPlans makes the plans what an import says, in one transaction. Rows only
// end and begin: what was reported before keeps the words that it served.
func (s *Store) ApplyPlans(ctx context.Context, now time.Time, today roster.Day, c roster.PlanChange) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		var ends []int64
		for _, it := range append(append([]roster.PlanItem{}, c.Before...), c.Ended...) {
			ends = append(ends, it.ID)
		}
		if err := q.EndPlanItems(ctx, today, ends); err != nil {
			return fmt.Errorf("end items: %w", err)
		}
		arg := db.AddPlanItemsParams{At: now}
		for _, it := range c.Added {
			addPlanItem(&arg, it, it.From(today, false))
		}
		for _, it := range c.Changed {
			addPlanItem(&arg, it, it.From(today, true))
		}
		if n, err := q.AddPlanItems(ctx, arg); err != nil {
			return fmt.Errorf("add items: %w", err)
		} else if int(n) != len(arg.Numbers) {
			return fmt.Errorf("add items: %d of %d people are unknown", len(arg.Numbers)-int(n), len(arg.Numbers))
		}
		return noteCounts(ctx, q, now, "plan.import", map[string]int{
			"added": len(c.Added), "changed": len(c.Changed), "ended": len(c.Ended),
		})
	})
}

func addPlanItem(arg *db.AddPlanItemsParams, it roster.PlanItem, from roster.Day) {
	arg.Numbers = append(arg.Numbers, it.Number)
	arg.Codes = append(arg.Codes, it.Code)
	arg.Said = append(arg.Said, it.Text)
	arg.Indicators = append(arg.Indicators, it.Indicator)
	arg.Targets = append(arg.Targets, it.Target)
	arg.Units = append(arg.Units, it.Unit)
	arg.Years = append(arg.Years, int32(it.Period.Year))
	arg.Quarters = append(arg.Quarters, int32(it.Period.Quarter))
	arg.Froms = append(arg.Froms, from.String())
}

// Bank is the activity bank of every office as it stands.
func (s *Store) Bank(ctx context.Context) ([]roster.Standard, error) {
	rows, err := s.q().AllBankActivities(ctx)
	if err != nil {
		return nil, fmt.Errorf("read activity banks: %w", err)
	}
	out := make([]roster.Standard, len(rows))
	for i, r := range rows {
		out[i] = roster.Standard{ID: r.ID, OPD: r.Opd, Unit: r.Unit, Name: r.Name, Result: r.Result, Minutes: int(r.Minutes)}
	}
	return out, nil
}

// ApplyBank makes the banks what an import says, in one transaction.
func (s *Store) ApplyBank(ctx context.Context, now time.Time, today roster.Day, c roster.BankChange) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		var ends []int64
		for _, e := range append(append([]roster.Standard{}, c.Before...), c.Ended...) {
			ends = append(ends, e.ID)
		}
		if err := q.EndBankActivities(ctx, today, ends); err != nil {
			return fmt.Errorf("end activities: %w", err)
		}
		arg := db.AddBankActivitiesParams{At: now, Day: today}
		for _, e := range append(append([]roster.Standard{}, c.Added...), c.Changed...) {
			arg.Opds = append(arg.Opds, e.OPD)
			arg.Units = append(arg.Units, e.Unit)
			arg.Names = append(arg.Names, e.Name)
			arg.Results = append(arg.Results, e.Result)
			arg.Minutes = append(arg.Minutes, int32(e.Minutes))
		}
		if n, err := q.AddBankActivities(ctx, arg); err != nil {
			return fmt.Errorf("add activities: %w", err)
		} else if int(n) != len(arg.Opds) {
			return fmt.Errorf("add activities: %d of %d have an office or unit that is unknown", len(arg.Opds)-int(n), len(arg.Opds))
		}
		return noteCounts(ctx, q, now, "bank.import", map[string]int{
			"added": len(c.Added), "changed": len(c.Changed), "ended": len(c.Ended),
		})
	})
}

// Places are every office and its units.
func (s *Store) Places(ctx context.Context) (roster.Places, error) {
	rows, err := s.q().Places(ctx)
	if err != nil {
		return nil, fmt.Errorf("read offices: %w", err)
	}
	out := roster.Places{}
	for _, r := range rows {
		if out[r.Opd] == nil {
			out[r.Opd] = map[string]bool{}
		}
		out[r.Opd][r.Unit] = true
	}
	return out, nil
}

// noteCounts keeps a line about an import in the record.
func noteCounts(ctx context.Context, q *db.Queries, now time.Time, action string, counts map[string]int) error {
	detail, err := json.Marshal(counts)
	if err != nil {
		return fmt.Errorf("encode record: %w", err)
	}
	if err := q.AddAudit(ctx, db.AddAuditParams{
		At: now, Actors: []string{"system"}, Actions: []string{action}, Subjects: []string{"roster"},
		Details: []json.RawMessage{detail},
	}); err != nil {
		return fmt.Errorf("keep record: %w", err)
	}
	return nil
}

// addUsuals puts proposals to those who have reported lately and have begun nothing.
func (j Jobs) addUsuals(ctx context.Context, people []jobs.Candidate) error {
	var ids []int64
	var days []string
	for _, p := range people {
		if p.Recent && !p.Draft && !p.Short {
			ids, days = append(ids, int64(p.Person.ID)), append(days, p.Day.String())
		}
	}
	if len(ids) == 0 {
		return nil
	}
	usuals, err := usualsOf(ctx, j.Store.q(), ids, days)
	for i, p := range people {
		if p.Recent && !p.Draft && !p.Short {
			people[i].Usual = usuals[p.Person.ID]
		}
	}
	return err
}
