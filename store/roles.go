package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/conversations"
	"ekinerja/jobs"
	"ekinerja/roster"
	"ekinerja/store/db"
)

// Refusals of a role.
var (
	// ErrNoPlace: the roster has no such office or unit.
	ErrNoPlace = errors.New("no such office or unit on the roster")
	// ErrRoleHeld: the person has this role already.
	ErrRoleHeld = errors.New("the person has this role already")
	// ErrNoRole: the person does not have this role.
	ErrNoRole = errors.New("the person does not have this role")
)

// RoleHolders are the active people who hold a role on a day.
func (j Jobs) RoleHolders(ctx context.Context, day roster.Day) ([]jobs.RoleHolder, error) {
	return j.Store.RoleHolders(ctx, day)
}

// RoleHolders are the active people who hold a role on a day, with a live chat or not.
func (s *Store) RoleHolders(ctx context.Context, day roster.Day) ([]jobs.RoleHolder, error) {
	return roleHolders(ctx, s.q(), 0, day)
}

func roleHolders(ctx context.Context, q *db.Queries, id roster.EmployeeID, day roster.Day) ([]jobs.RoleHolder, error) {
	rows, err := q.RoleHolders(ctx, int64(id), day)
	if err != nil {
		return nil, fmt.Errorf("read roles: %w", err)
	}
	out := make([]jobs.RoleHolder, len(rows))
	for i, r := range rows {
		out[i] = jobs.RoleHolder{
			Grant: roster.Grant{
				Employee: roster.EmployeeID(r.EmployeeID), Role: roster.Role(r.Role), OPD: r.Opd, Unit: r.Unit, From: r.ValidFrom, To: r.LastDay,
			},
			Person: named(r.EmployeeID, r.Name, r.Sex, r.Lang), Live: r.Live,
		}
	}
	return out, nil
}

// UntoldRoles are those that began or ended by a day without their holder being told.
func (j Jobs) UntoldRoles(ctx context.Context, day roster.Day, limit int) ([]jobs.UntoldRole, error) {
	rows, err := j.Store.q().RolesUntold(ctx, day, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("find roles to tell: %w", err)
	}
	out := make([]jobs.UntoldRole, len(rows))
	for i, r := range rows {
		out[i] = jobs.UntoldRole{ID: r.ID, Ended: r.What == "ended", RoleHolder: jobs.RoleHolder{
			Grant: roster.Grant{
				Employee: roster.EmployeeID(r.EmployeeID), Role: roster.Role(r.Role), OPD: r.Opd, Unit: r.Unit, From: r.ValidFrom, To: r.LastDay,
			},
			Person: named(r.EmployeeID, r.Name, r.Sex, r.Lang), Live: true,
		}}
	}
	return out, nil
}

// TellRoles notes that holders are told and queues what they are told.
func (j Jobs) TellRoles(ctx context.Context, now time.Time, all []jobs.UntoldRole, say func(jobs.UntoldRole) conversations.Say) (told int, err error) {
	err = j.Store.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		var says []conversations.Say
		for _, u := range all {
			what := "given"
			if u.Ended {
				what = "ended"
			}
			n, err := q.MarkRoleTold(ctx, what, u.ID)
			if err != nil {
				return fmt.Errorf("note who was told of a role: %w", err)
			}
			if n > 0 {
				says = append(says, say(u))
			}
		}
		told = len(says)
		return enqueue(ctx, q, now, says)
	})
	return told, err
}

// RoleOrder is a role that is given or taken away, by whose word (a staff number,
// or the account at the desk). The person is named by number.
type RoleOrder struct {
	Number string
	roster.Grant
	By string
}

// GrantRole gives somebody a role; the jobs tell them. [ErrNobody], [ErrNoPlace],
// [ErrRoleHeld].
func (s *Store) GrantRole(ctx context.Context, now time.Time, o RoleOrder) error {
	return s.changeRole(ctx, now, "role.granted", o, func(q *db.Queries, at db.RolePlaceRow) error {
		n, err := q.GrantRole(ctx, db.GrantRoleParams{
			EmployeeID: at.EmployeeID, Role: string(o.Role), OpdID: at.OpdID, UnitID: at.UnitID,
			First: o.From, Past: dayAfter(o.To), GrantedBy: o.By, At: now,
		})
		if err == nil && n == 0 {
			err = ErrRoleHeld
		}
		return err
	})
}

// RevokeRole ends a role on a day, the first on which it no longer holds; without
// an office all roles of that name. [ErrNobody], [ErrNoPlace], [ErrNoRole].
func (s *Store) RevokeRole(ctx context.Context, now time.Time, o RoleOrder) error {
	return s.changeRole(ctx, now, "role.ended", o, func(q *db.Queries, at db.RolePlaceRow) error {
		n, err := q.EndRole(ctx, db.EndRoleParams{
			Day: o.From, EmployeeID: at.EmployeeID, Role: string(o.Role), OpdID: at.OpdID, UnitID: at.UnitID,
		})
		if err == nil && n == 0 {
			err = ErrNoRole
		}
		return err
	})
}

func (s *Store) changeRole(ctx context.Context, now time.Time, action string, o RoleOrder, do func(*db.Queries, db.RolePlaceRow) error) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		q := db.New(tx)
		at, err := q.RolePlace(ctx, db.RolePlaceParams{Number: o.Number, Opd: o.OPD, Unit: o.Unit})
		switch {
		case err != nil:
		case at.EmployeeID == 0:
			err = ErrNobody
		case o.OPD != "" && at.OpdID == 0, o.Unit != "" && at.UnitID == 0:
			err = ErrNoPlace
		default:
			err = do(q, at)
		}
		if err != nil {
			return fmt.Errorf("change role: %w", err)
		}
		detail, err := json.Marshal(map[string]any{"role": o.Role, "opd": at.OpdID, "unit": at.UnitID, "from": o.From, "to": o.To, "by": o.By})
		if err != nil {
			return fmt.Errorf("encode record: %w", err)
		}
		return wrapped("keep record", q.AddAudit(ctx, db.AddAuditParams{
			At: now, Actors: []string{"system"}, Actions: []string{action}, Subjects: []string{keyOf(roster.EmployeeID(at.EmployeeID))},
			Details: []json.RawMessage{detail},
		}))
	})
}

// RolesOf are the roles of a person today.
func (r *Records) RolesOf(ctx context.Context, id roster.EmployeeID) ([]roster.Grant, error) {
	holders, err := roleHolders(ctx, r.q, id, r.today)
	out := make([]roster.Grant, len(holders))
	for i, h := range holders {
		out[i] = h.Grant
	}
	return out, err
}
