package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"ekinerja/roster"
	"ekinerja/store/db"
)

// Invite is a new invitation. Token is shown once, here; the database keeps its
// hash. For a group's invitation Employee is zero.
type Invite struct {
	Employee roster.Employee // ID, Number, Name, OPD and Unit
	OPD      string
	Token    string
}

// ErrUnknown: nobody and nothing of that name is on the roster.
var ErrUnknown = errors.New("not on the roster")

// CreateInvites makes an invitation, good for ttl, for everybody active who has
// no chat, of one OPD or, with an empty one, of all. Older invitations of these
// people that nobody has used are void from now on.
func (s *Store) CreateInvites(ctx context.Context, now time.Time, opd string, ttl time.Duration) ([]Invite, error) {
	rows, err := s.q().Invitable(ctx, opd)
	if err != nil {
		return nil, fmt.Errorf("find people to invite: %w", err)
	}
	return s.putInvites(ctx, now, rows, ttl)
}

// InvitePerson makes an invitation for one person by number, also for somebody
// who has a chat: using it moves them to another one. [ErrUnknown] when there is none.
func (s *Store) InvitePerson(ctx context.Context, now time.Time, number string, ttl time.Duration) (Invite, error) {
	row, err := s.q().InvitablePerson(ctx, number)
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrUnknown
	}
	if err != nil {
		return Invite{}, fmt.Errorf("find person to invite: %w", err)
	}
	invites, err := s.putInvites(ctx, now, []db.InvitableRow{db.InvitableRow(row)}, ttl)
	if err != nil {
		return Invite{}, err
	}
	return invites[0], nil
}

func (s *Store) putInvites(ctx context.Context, now time.Time, rows []db.InvitableRow, ttl time.Duration) ([]Invite, error) {
	arg := db.PutInvitesParams{At: now, ExpiresAt: now.Add(ttl)}
	out := make([]Invite, len(rows))
	for i, r := range rows {
		e := roster.Employee{ID: roster.EmployeeID(r.ID), Number: r.Number, Name: r.Name, OPD: r.Opd, Unit: r.Unit}
		out[i] = Invite{Employee: e, OPD: r.Opd, Token: secret()}
		arg.Employees = append(arg.Employees, r.ID)
		arg.Hashes = append(arg.Hashes, hashOf(out[i].Token))
	}
	if err := s.q().PutInvites(ctx, arg); err != nil {
		return nil, fmt.Errorf("store invitations: %w", err)
	}
	return out, nil
}

// CreateGroupInvite makes the invitation that links a group to an OPD.
// [ErrUnknown] when there is no such OPD.
func (s *Store) CreateGroupInvite(ctx context.Context, now time.Time, opd string, ttl time.Duration) (Invite, error) {
	inv := Invite{OPD: opd, Token: secret()}
	n, err := s.q().PutGroupInvite(ctx, db.PutGroupInviteParams{
		TokenHash: hashOf(inv.Token), At: now, ExpiresAt: now.Add(ttl), Opd: opd,
	})
	if err == nil && n == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return Invite{}, fmt.Errorf("store invitation of a group: %w", err)
	}
	return inv, nil
}

// Unreached is somebody whom no message reaches. Why is "never" (not linked
// yet), "blocked" (blocked us) or "closed" (the chat is given up).
type Unreached struct {
	Employee roster.Employee // ID, Number, Name, OPD and Unit
	Why      string
}

// Unreached are the active people whom no message reaches, by OPD, unit and name.
func (s *Store) Unreached(ctx context.Context) ([]Unreached, error) {
	rows, err := s.q().Unreached(ctx)
	if err != nil {
		return nil, fmt.Errorf("find unreached people: %w", err)
	}
	out := make([]Unreached, len(rows))
	for i, r := range rows {
		out[i] = Unreached{
			Employee: roster.Employee{ID: roster.EmployeeID(r.ID), Number: r.Number, Name: r.Name, OPD: r.Opd, Unit: r.Unit},
			Why:      r.Why,
		}
	}
	return out, nil
}
