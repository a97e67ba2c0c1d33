package conversations_test

import (
	"context"
	"time"

	"ekinerja/conversations"
	"ekinerja/roster"
)

// offices are those of holders of roles; nobody has one here unless a test says so.
type offices struct{ roles []roster.Grant }

func (o *offices) RolesOf(context.Context, roster.EmployeeID) ([]roster.Grant, error) {
	return o.roles, nil
}

func (o *offices) Service(context.Context, roster.EmployeeID, time.Time) (conversations.ServiceState, bool, error) {
	return conversations.ServiceState{}, false, nil
}

func (o *offices) OfficeDays(context.Context, roster.EmployeeID, roster.Role, roster.Day, roster.Day) ([]conversations.OfficeDay, error) {
	return nil, nil
}

func (o *offices) OfficeStaff(context.Context, roster.EmployeeID, roster.Role) ([]conversations.OfficeStaff, error) {
	return nil, nil
}

func (o *offices) OfficePeople(context.Context, roster.EmployeeID, roster.Day) ([]conversations.OfficePerson, error) {
	return nil, nil
}

func (o *offices) OfficeOpen(context.Context, roster.EmployeeID, roster.Role) ([]conversations.OfficeOpen, error) {
	return nil, nil
}

func (o *offices) OfficeCases(context.Context, roster.EmployeeID) ([]conversations.OfficeCase, error) {
	return nil, nil
}

func (o *offices) OfficeBlockers(context.Context, roster.EmployeeID) ([]conversations.OfficeBlocker, error) {
	return nil, nil
}

func (o *offices) NumberedInCare(context.Context, roster.EmployeeID, string) (conversations.Person, bool, error) {
	return conversations.Person{}, false, nil
}
