package roster

import "slices"

// Role is what somebody is besides a civil servant. Leading people is no role: it
// follows from the line of command of the day.
type Role string

// The roles, from the nearest to the widest.
const (
	OPDAdmin Role = "opd_admin" // looks after the staff data of an office
	HR       Role = "hr"        // the personnel office (BKPSDM)
	Leader   Role = "leader"    // Sekda, mayor: counts by exception, no names
	Operator Role = "operator"  // runs the service; sees no person at all
)

// Roles are all roles.
func Roles() []Role { return []Role{OPDAdmin, HR, Leader, Operator} }

// Known reports whether the role is one of the closed set.
func (r Role) Known() bool { return slices.Contains(Roles(), r) }

// Grant gives a person a role from..to, both days included; a zero To is open. An
// empty OPD is the whole city, an empty Unit the whole office.
type Grant struct {
	Employee  EmployeeID
	Role      Role
	OPD, Unit string
	From, To  Day
}

// Covers reports whether the role reaches people of that office and unit.
func (g Grant) Covers(opd, unit string) bool {
	return g.OPD == "" || (g.OPD == opd && (g.Unit == "" || g.Unit == unit))
}
