package conversations

import (
	"context"
	"slices"
	"time"

	"ekinerja/roster"
)

// ActOffice shows what a holder of a role asked for: Value names it, Day is the day.
const ActOffice Action = "office"

// ActExplainOffice asks the head of the office Value for an explanation, in the name
// of a leader. Once a day is enough for an office.
const ActExplainOffice Action = "explain_office"

// Overseers is what holders of roles may see. Each method takes the viewer and shows
// what a role of theirs reaches today; nothing to whoever has none.
type Overseers interface {
	// RolesOf are the roles of a person today.
	RolesOf(ctx context.Context, id roster.EmployeeID) ([]roster.Grant, error)
	// Service is how the service is, for an operator; false for everybody else.
	Service(ctx context.Context, viewer roster.EmployeeID, now time.Time) (ServiceState, bool, error)
	Offices
	Cases
}

// Offices are offices in figures, without names, and for their administrators with.
type Offices interface {
	// OfficeDays are the days from first to last, summed up by office.
	OfficeDays(ctx context.Context, viewer roster.EmployeeID, role roster.Role, first, last roster.Day) ([]OfficeDay, error)
	// OfficeStaff is how many people the offices have.
	OfficeStaff(ctx context.Context, viewer roster.EmployeeID, role roster.Role) ([]OfficeStaff, error)
	// OfficePeople are the people of the viewer's offices on a day, for administrators.
	OfficePeople(ctx context.Context, viewer roster.EmployeeID, day roster.Day) ([]OfficePerson, error)
	// OfficeOpen is what waits for a decision.
	OfficeOpen(ctx context.Context, viewer roster.EmployeeID, role roster.Role) ([]OfficeOpen, error)
}

// Cases are what waits for the personnel office, with names.
type Cases interface {
	// OfficeCases are missing reports that wait for its decision, at most ten.
	OfficeCases(ctx context.Context, viewer roster.EmployeeID) ([]OfficeCase, error)
	// OfficeBlockers are the oldest obstacles that are open, at most ten.
	OfficeBlockers(ctx context.Context, viewer roster.EmployeeID) ([]OfficeBlocker, error)
	// NumberedInCare is who has a staff number among the people in the viewer's care.
	NumberedInCare(ctx context.Context, viewer roster.EmployeeID, number string) (Person, bool, error)
}

// OfficeDay is what came in of an office on some days. Due, Sent, Late and Away are
// people's days; Answered and Missing only of what people were asked for and could
// answer.
type OfficeDay struct {
	OPD                                      string
	Due, Sent, Late, Away, Answered, Missing int
}

// Percent is the share of what people were asked for that came in.
func (o OfficeDay) Percent() int { return o.Answered * 100 / max(1, o.Answered+o.Missing) }

// OfficeStaff is how many people an office has, and how many of them have a chat.
type OfficeStaff struct {
	OPD             string
	People, Reached int
}

// OfficePerson is one person's day as their administrator sees it.
type OfficePerson struct {
	Name, Unit, OPD string
	Live            bool // has a chat
	State           roster.State
	Reason          roster.Reason
	Sent            bool
}

// OpenWhat is what waits for a decision.
type OpenWhat string

// What may wait.
const (
	OpenUnread  OpenWhat = "unread"  // reports that were not read in time
	OpenCare    OpenWhat = "care"    // people who asked for help
	OpenDrafted OpenWhat = "drafted" // drafts of an invitation
	OpenContest OpenWhat = "contest" // words against what was noted
	OpenBlocker OpenWhat = "blocker" // obstacles whose day is over
)

// OfficeOpen is how much of one kind waits in an office, and since when.
type OfficeOpen struct {
	What  OpenWhat
	OPD   string
	N     int
	Since roster.Day
}

// OfficeCase is one person whose missing reports wait for the personnel office.
type OfficeCase struct {
	ID        int64
	Name, OPD string
	What      OpenWhat // OpenCare or OpenDrafted
	Since     roster.Day
}

// OfficeBlocker is one open obstacle.
type OfficeBlocker struct {
	Kind, Said, OPD, Reporter, Holder string
	Due                               roster.Day
	MadeAt                            time.Time
}

// ServiceState is how the service is.
type ServiceState struct {
	Outbox, Unclear, Inbox, Quarantined int
	OutboxSince, InboxSince             time.Time // of the oldest that waits; now when none does
	People, Reached                     int
	Outages                             []OutageSeen // of the last day
}

// OutageSeen is an outage; a zero Ended is one that still runs.
type OutageSeen struct {
	Channel        string
	Started, Ended time.Time
}

// roleCommands are those of holders of roles. To everybody else there are no such
// commands.
func roleCommands() []Command {
	of := func(role roster.Role, run func(*turn, context.Context, string) error) func(*turn, context.Context, string) error {
		return func(t *turn, ctx context.Context, arg string) error {
			has, err := t.holds(ctx, role)
			if err == nil && !has {
				t.unknownCommand()
			}
			if err != nil || !has {
				return err
			}
			return run(t, ctx, arg)
		}
	}
	const why = "for holders of the role, who are told of it with the role"
	return []Command{
		{Name: "unit", Unlisted: why, run: of(roster.OPDAdmin, (*turn).unitDay)},
		{Name: "sdm", Unlisted: why, run: of(roster.HR, plain((*turn).personnel))},
		{Name: "buka", Unlisted: why, run: of(roster.HR, (*turn).openReport)},
		{Name: "pimpinan", Unlisted: why, run: of(roster.Leader, plain((*turn).leaderNews))},
		{Name: "layanan", Unlisted: why, run: of(roster.Operator, plain((*turn).serviceState))},
	}
}

// holds tells whether the person has a role today.
func (t *turn) holds(ctx context.Context, role roster.Role) (bool, error) {
	roles, err := t.rec.RolesOf(ctx, t.Person.ID)
	return slices.ContainsFunc(roles, func(g roster.Grant) bool { return g.Role == role }), err
}

// tappedOffice handles the buttons of holders of roles. Each tap is checked again: a
// role may have ended since.
func (t *turn) tappedOffice(ctx context.Context, action Action, a Args) (bool, error) {
	if action != ActOffice && action != ActExplainOffice {
		return false, nil
	}
	role := roster.HR
	switch {
	case action == ActExplainOffice:
		role = roster.Leader
	case a.Value == officeList || a.Value == officeDay:
		role = roster.OPDAdmin
	}
	if has, err := t.holds(ctx, role); err != nil || !has {
		t.out.Toast = t.say.Text("toast_tidak_berlaku", nil)
		return true, err
	}
	if action == ActExplainOffice {
		return true, t.askOffice(ctx, a.Value)
	}
	switch a.Value {
	case officeList:
		return true, t.unitList(ctx, a.Day)
	case officeDay:
		return true, t.unitOn(ctx, a.Day)
	case officeRates:
		return true, t.officeRates(ctx)
	case officeReading:
		return true, t.officeReading(ctx)
	case officeBlockers:
		return true, t.officeBlockers(ctx)
	default:
		return true, t.officeCases(ctx)
	}
}

// What the buttons of holders of roles show.
const (
	officeList     = "list"     // everybody of the office, as a file
	officeDay      = "day"      // the office on a day
	officeRates    = "rates"    // office by office
	officeReading  = "reading"  // reports that were not read in time
	officeBlockers = "blockers" // the oldest obstacles
	officeCases    = "cases"    // missing reports to decide about
)
