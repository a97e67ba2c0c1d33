package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// ErrLeaveMoved: an absence was changed between comparing and importing.
var ErrLeaveMoved = errors.New("somebody changed an absence meanwhile; compare the file again")

// Absences are what is kept of these people's absences on the days first to last,
// with what their superiors have refused.
func (s *Store) Absences(ctx context.Context, people []roster.EmployeeID, first, last roster.Day) ([]roster.StoredAbsence, error) {
	arg := db.AbsencesOfPeopleParams{First: first, Last: last}
	for _, e := range people {
		arg.Ids = append(arg.Ids, int64(e))
	}
	rows, err := s.q().AbsencesOfPeople(ctx, arg)
	if err != nil {
		return nil, fmt.Errorf("read absences: %w", err)
	}
	out := make([]roster.StoredAbsence, len(rows))
	for i, a := range rows {
		out[i] = roster.StoredAbsence{
			ID: a.ID, Waiting: a.State == "claimed", Refused: a.State == "refused", BySuperior: roster.EmployeeID(decider(a)),
			Absence: roster.Absence{
				Employee: roster.EmployeeID(a.EmployeeID), Kind: roster.AbsenceKind(a.Kind), From: a.FirstDay, To: a.LastDay,
				Confirmed: a.State == "confirmed", Basis: a.Letter,
			},
		}
	}
	return out, nil
}

// decider is the superior who has settled an absence in the chat, or marked it.
func decider(a db.AbsencesOfPeopleRow) int64 {
	switch {
	case a.State == "claimed":
		return 0
	case a.DecidedBy == 0 && a.Source == "supervisor":
		return a.NotedBy
	}
	return a.DecidedBy
}

// ImportLeave makes true what a leave file says, all in one transaction: claims of
// its days are settled, the duties decided anew as by [Turns.Redecide] (nobody
// loses by it), and each person whose own word or days it touches is told, once.
// What waited for a superior waits no more.
func (t *Turns) ImportLeave(ctx context.Context, changes []roster.LeaveChange, words *conversations.Words) (told int, err error) {
	err = t.Store.inTx(ctx, func(tx pgx.Tx) error {
		told = 0
		q := db.New(tx)
		for _, c := range changes {
			n, err := t.importLeave(ctx, q, c, words)
			if err != nil {
				return err
			}
			told += n
		}
		return noteRoster(ctx, q, t.Now(), "absence.import", map[string]any{"rows": len(changes)})
	})
	if err == nil && told > 0 && t.Wake != nil {
		t.Wake()
	}
	return told, err
}

func (t *Turns) importLeave(ctx context.Context, q *db.Queries, c roster.LeaveChange, words *conversations.Words) (told int, err error) {
	if err := t.putLeave(ctx, q, c); err != nil {
		return 0, fmt.Errorf("import line %d: %w", c.Line, err)
	}
	now, days := t.Now(), leaveSpan(c)
	changes, err := t.decide(ctx, q, c.Employee, days, decision{now: now, gently: true})
	if err != nil {
		return 0, err
	}
	detail, err := json.Marshal(leaveRecord{
		Why: "leave file", Verdict: c.Verdict, Kind: c.Kind, From: c.From, To: c.To, Letter: c.Basis,
		Into: c.Into, Dropped: c.Dropped, Against: c.Against, Days: changes,
	})
	if err != nil {
		return 0, fmt.Errorf("encode record: %w", err)
	}
	if err := noteDuty(ctx, q, now, note{"system", c.Employee, detail}); err != nil {
		return 0, err
	}
	if c.Into == nil && c.Against == nil {
		return t.tellFree(ctx, q, c.Employee, changes, words)
	}
	return t.tellLeave(ctx, q, c, words)
}

// leaveRecord is what the record keeps of a row: what it says and what was before.
type leaveRecord struct {
	Why     string                 `json:"why"`
	Verdict roster.LeaveVerdict    `json:"verdict"`
	Kind    roster.AbsenceKind     `json:"kind"`
	From    roster.Day             `json:"from"`
	To      roster.Day             `json:"to"`
	Letter  string                 `json:"letter,omitempty"`
	Into    *roster.StoredAbsence  `json:"was,omitempty"`
	Dropped []roster.StoredAbsence `json:"dropped,omitempty"`
	Against *roster.StoredAbsence  `json:"against,omitempty"`
	Days    []dutyChange           `json:"days"`
}

// leaveSpan is every day that a change can touch.
func leaveSpan(c roster.LeaveChange) span {
	days := span{c.From, c.To}
	was := c.Dropped
	if c.Into != nil {
		was = append(slices.Clip(was), *c.Into)
	}
	for _, s := range was {
		if s.From.Before(days.from) {
			days.from = s.From
		}
		if s.To.After(days.to) {
			days.to = s.To
		}
	}
	return days
}

func (t *Turns) putLeave(ctx context.Context, q *db.Queries, c roster.LeaveChange) error {
	now := t.Now()
	for _, s := range c.Dropped {
		if err := q.KeepRestOfClaim(ctx, db.KeepRestOfClaimParams{FirstDay: c.From, LastDay: c.To, ID: s.ID}); err != nil {
			return fmt.Errorf("keep other days of a claim: %w", err)
		}
		n, err := q.DropForFile(ctx, db.DropForFileParams{At: now, Decision: "data cuti", ID: s.ID, Was: stateOf(s)})
		if err != nil || n == 0 {
			return moved("drop an absence", err)
		}
	}
	if c.Into == nil {
		return wrapped("add an absence", q.AddFileAbsence(ctx, db.AddFileAbsenceParams{
			EmployeeID: int64(c.Employee), FirstDay: c.From, LastDay: c.To, Kind: string(c.Kind), At: now, Letter: c.Basis,
		}))
	}
	if err := q.KeepRestOfClaim(ctx, db.KeepRestOfClaimParams{FirstDay: c.From, LastDay: c.To, ID: c.Into.ID}); err != nil {
		return fmt.Errorf("keep other days of a claim: %w", err)
	}
	n, err := q.SettleByFile(ctx, db.SettleByFileParams{
		FirstDay: c.From, LastDay: c.To, Kind: string(c.Kind), Letter: c.Basis, At: now,
		ID: c.Into.ID, Was: stateOf(*c.Into), WasFirst: c.Into.From, WasLast: c.Into.To,
	})
	if err != nil || n == 0 {
		return moved("settle an absence", err)
	}
	return nil
}

func moved(what string, err error) error {
	if err == nil {
		err = ErrLeaveMoved
	}
	return fmt.Errorf("%s: %w", what, err)
}

func stateOf(s roster.StoredAbsence) string {
	if s.Waiting {
		return "claimed"
	}
	return "confirmed"
}

// tellLeave tells the person what became of their own word.
func (t *Turns) tellLeave(ctx context.Context, q *db.Queries, c roster.LeaveChange, words *conversations.Words) (int, error) {
	now := t.Now()
	rows, err := q.People(ctx, roster.DayOf(now.In(t.Loc)), []int64{int64(c.Employee)})
	if err != nil || len(rows) == 0 {
		return 0, wrapped("read person", err)
	}
	p := personOf(rows[0])
	return 1, enqueue(ctx, q, now, []conversations.Say{{
		Key:  fmt.Sprintf("leavefile/%d/%s/%s/%s", c.Employee, c.From, c.To, c.Kind),
		Kind: conversations.KindNotice, Employee: c.Employee,
		Msg: words.To(p).FiledLeave(p, c.Absence, c.Verdict == roster.LeaveConfirms),
	}})
}
