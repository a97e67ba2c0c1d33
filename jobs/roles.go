package jobs

import (
	"context"
	"fmt"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// RoleHolder is somebody with a role, and whether a message reaches them.
type RoleHolder struct {
	roster.Grant
	Person conversations.Person
	Live   bool
}

// UntoldRole is a role whose holder was not told that it began or ended.
type UntoldRole struct {
	ID int64
	RoleHolder
	Ended bool
}

// Roles are the rows of who looks after what.
type Roles interface {
	// RoleHolders are the active people who hold a role on a day.
	RoleHolders(ctx context.Context, day roster.Day) ([]RoleHolder, error)
	// UntoldRoles are those that began or ended by a day without a word, of people
	// with a chat.
	UntoldRoles(ctx context.Context, day roster.Day, limit int) ([]UntoldRole, error)
	// TellRoles notes that their holders are told and queues the messages, in one
	// transaction; what somebody else told is left out. It returns how many.
	TellRoles(ctx context.Context, now time.Time, all []UntoldRole, say func(UntoldRole) conversations.Say) (int, error)
}

// Offices are the rows of who is there, who leads and who looks after what.
type Offices interface {
	Lives
	Lines
	Roles
	Views
}

// Views are the rows of what is to come, and of what stands out.
type Views interface {
	Outlooks
	Exceptions
}

// Of are the holders of a role that reaches people of an office and unit.
func Of(all []RoleHolder, role roster.Role, opd, unit string) (out []RoleHolder) {
	for _, h := range all {
		if h.Role == role && h.Covers(opd, unit) {
			out = append(out, h)
		}
	}
	return out
}

// roles tells people which role they were given, and when it is over.
type roles struct{ Deps }

func (j roles) run(ctx context.Context, now time.Time) (Result, error) {
	var res Result
	if j.Policy.Quiet.Holds(now) {
		return res, nil
	}
	all, err := j.Store.UntoldRoles(ctx, today(now), chunk)
	if err != nil || len(all) == 0 {
		return res, err
	}
	n, err := j.Store.TellRoles(ctx, now, all, func(u UntoldRole) conversations.Say {
		what := "given"
		if u.Ended {
			what = "ended"
		}
		return conversations.Say{
			Key: fmt.Sprintf("role/%d/%s", u.ID, what), Kind: conversations.KindNotice, Employee: u.Person.ID,
			Msg: j.Words.To(u.Person).RoleNotice(u.Person, u.Grant, u.Ended),
		}
	})
	res.did("told", n)
	return res, err
}
