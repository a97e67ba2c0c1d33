package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// CommandFacts are all that decides the line of command from a day on.
func (s *Store) CommandFacts(ctx context.Context, day roster.Day) (roster.CommandFacts, error) {
	f, _, err := commandFacts(ctx, s.q(), day)
	return f, err
}

// commandFacts also tells whose line can be decided, in the order of their ids:
// about whom nothing was ever said is left alone.
func commandFacts(ctx context.Context, q *db.Queries, day roster.Day) (roster.CommandFacts, []roster.EmployeeID, error) {
	f := roster.CommandFacts{Inactive: map[roster.EmployeeID]bool{}}
	fail := func(err error) (roster.CommandFacts, []roster.EmployeeID, error) {
		return f, nil, fmt.Errorf("read what decides the line: %w", err)
	}
	state, err := q.LineState(ctx)
	if err != nil {
		return fail(err)
	}
	f.PassLeave = int(state.PassLeave)
	links, err := q.SupervisorLinks(ctx, day)
	if err != nil {
		return fail(err)
	}
	for _, l := range links {
		f.Links = append(f.Links, roster.Line{
			Employee: roster.EmployeeID(l.EmployeeID), Supervisor: roster.EmployeeID(l.SupervisorID), From: l.ValidFrom, To: l.LastDay,
		})
	}
	if err := readPosts(ctx, q, day, &f); err != nil {
		return fail(err)
	}
	away, err := q.LeadersAway(ctx, day)
	if err != nil {
		return fail(err)
	}
	for _, a := range away {
		f.Absences = append(f.Absences, roster.Absence{
			Employee: roster.EmployeeID(a.EmployeeID), Kind: roster.AbsenceKind(a.Kind), From: a.FirstDay, To: a.LastDay, Confirmed: true,
		})
	}
	rows, err := q.EverybodyOnTheRoster(ctx)
	if err != nil {
		return fail(err)
	}
	var people []roster.EmployeeID
	for _, r := range rows {
		if r.Known {
			people = append(people, roster.EmployeeID(r.ID))
		}
		if !r.Active {
			f.Inactive[roster.EmployeeID(r.ID)] = true
		}
	}
	return f, people, nil
}

func readPosts(ctx context.Context, q *db.Queries, day roster.Day, f *roster.CommandFacts) error {
	posts, err := q.Posts(ctx)
	if err != nil {
		return err
	}
	for _, p := range posts {
		f.Posts = append(f.Posts, roster.Post{
			ID: roster.PostID(p.ID), Code: p.Code, Name: p.Name, OPD: p.Opd, Unit: p.Unit,
		})
	}
	above, err := q.SuperiorPosts(ctx, day)
	if err != nil {
		return err
	}
	for _, l := range above {
		f.Above = append(f.Above, roster.PostLink{
			Post: roster.PostID(l.PostID), Superior: roster.PostID(l.SuperiorID), From: l.ValidFrom, To: l.LastDay,
		})
	}
	assignments, err := q.Assignments(ctx, day)
	if err != nil {
		return err
	}
	for _, a := range assignments {
		f.Assignments = append(f.Assignments, roster.Assignment{
			Post: roster.PostID(a.PostID), Employee: roster.EmployeeID(a.EmployeeID), Kind: roster.Holding(a.Kind),
			From: a.ValidFrom, To: a.LastDay, Letter: a.Letter,
		})
	}
	return nil
}

// Relink decides the line of command anew, from day on, when a leader's leave or
// the policy has changed since it was last decided; passLeave as in
// [roster.CommandFacts]. It tells how many people are led otherwise than before.
func (s *Store) Relink(ctx context.Context, day roster.Day, passLeave int) (changed int, err error) {
	mark, err := lineFingerprint(ctx, s.q(), day)
	if err != nil {
		return 0, err
	}
	state, err := s.q().LineState(ctx)
	if err != nil {
		return 0, fmt.Errorf("read state of the line: %w", err)
	}
	if state.Fingerprint == mark && int(state.PassLeave) == passLeave {
		return 0, nil
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		if _, err := q.LockLine(ctx); err != nil {
			return fmt.Errorf("lock the line: %w", err)
		}
		if err := q.SetLineState(ctx, int32(passLeave), mark); err != nil {
			return fmt.Errorf("keep state of the line: %w", err)
		}
		changed, err = relink(ctx, q, day)
		return err
	})
	return changed, err
}

// lineFingerprint tells one set of leaves from another.
func lineFingerprint(ctx context.Context, q *db.Queries, day roster.Day) (string, error) {
	away, err := q.LeadersAway(ctx, day)
	if err != nil {
		return "", fmt.Errorf("read leaves of leaders: %w", err)
	}
	if len(away) == 0 {
		return "", nil // as a new database has it
	}
	h := sha256.New()
	for _, a := range away {
		_, _ = fmt.Fprintln(h, a.ID, a.EmployeeID, a.Kind, a.FirstDay, a.LastDay) // a hash does not fail
	}
	return hex.EncodeToString(h.Sum(nil)[:12]), nil
}

// relink decides who leads whom from day on; before that day nothing changes.
// It tells how many people are led otherwise than was stored.
func relink(ctx context.Context, q *db.Queries, day roster.Day) (int, error) {
	if _, err := q.LockLine(ctx); err != nil {
		return 0, fmt.Errorf("lock the line: %w", err)
	}
	facts, people, err := commandFacts(ctx, q, day)
	if err != nil {
		return 0, err
	}
	rows, err := q.DecidedLines(ctx, day)
	if err != nil {
		return 0, fmt.Errorf("read the line: %w", err)
	}
	have, since := map[roster.EmployeeID][]roster.Line{}, map[roster.EmployeeID]roster.Day{}
	for _, r := range rows {
		l := roster.Line{Employee: roster.EmployeeID(r.EmployeeID), Supervisor: roster.EmployeeID(r.SupervisorID), From: r.ValidFrom, To: r.LastDay}
		if l.From.Before(day) {
			since[l.Employee], l.From = l.From, day
		}
		have[l.Employee] = append(have[l.Employee], l)
	}
	want := map[roster.EmployeeID][]roster.Line{}
	for _, l := range roster.NewCommand(facts).Lines(people, day) {
		want[l.Employee] = append(want[l.Employee], l)
	}
	changed := slices.DeleteFunc(slices.Clone(people), func(e roster.EmployeeID) bool { return slices.Equal(have[e], want[e]) })
	return len(changed), putLines(ctx, q, day, lineChange{changed, have, want, since})
}

// lineChange is who is led otherwise; since is when a line that is going on began.
type lineChange struct {
	people     []roster.EmployeeID
	have, want map[roster.EmployeeID][]roster.Line
	since      map[roster.EmployeeID]roster.Day
}

func putLines(ctx context.Context, q *db.Queries, day roster.Day, c lineChange) error {
	if len(c.people) == 0 {
		return nil
	}
	arg := db.DecideLinesParams{}
	ids := make([]int64, len(c.people))
	for i, e := range c.people {
		ids[i] = int64(e)
		for _, l := range c.want[e] {
			arg.Employees = append(arg.Employees, int64(l.Employee))
			arg.Supervisors = append(arg.Supervisors, int64(l.Supervisor))
			arg.Froms, arg.Tos = append(arg.Froms, l.From.String()), append(arg.Tos, dayAfter(l.To))
		}
	}
	if err := q.ForgetLines(ctx, ids, day); err != nil {
		return fmt.Errorf("replace the line: %w", err)
	}
	if err := q.EndLines(ctx, day, ids); err != nil {
		return fmt.Errorf("end the line: %w", err)
	}
	if err := q.DecideLines(ctx, arg); err != nil {
		return fmt.Errorf("decide the line: %w", err)
	}
	return nil
}

// dayAfter is the first day after a last one, empty for an open end.
func dayAfter(last roster.Day) string {
	if last.IsZero() {
		return ""
	}
	return last.Add(1).String()
}

// Line has the jobs decide the line of command.
func (j Jobs) Line(ctx context.Context, now time.Time, day roster.Day, passLeave int) (moved, relinked int, err error) {
	moved, err = j.Store.ApplyMutations(ctx, now, day)
	if err != nil {
		return moved, 0, err
	}
	relinked, err = j.Store.Relink(ctx, day, passLeave)
	return moved, relinked, err
}
